// JSON as text that a person can read too: Boost.JSON writes 3.6 as 3.6E0.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

namespace pianissimo::report {

enum class Layout { compact, indented };

/// Numbers in their shortest form; what is not finite is null.
std::string json_text(const boost::json::value& value, Layout layout);

/// null when absent; else with at most so many decimals.
boost::json::value rounded(std::optional<double> value, int decimals);

}  // namespace pianissimo::report
