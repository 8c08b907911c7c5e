// One record of every type, with every field that it can have.
#pragma once

#include <string>
#include <vector>

#include "controller/journal/record.hpp"

namespace pianissimo::test {

struct Sample {
  std::string type;  ///< the journal's word for it
  journal::Record record;
};

const std::vector<Sample>& samples();
const journal::Record& sample_of(std::string_view type);

}  // namespace pianissimo::test
