// Manual pages (man(7)) from declarations.
#pragma once

#include <string>
#include <string_view>

#include "controller/command_line/options.hpp"

namespace pianissimo::command_line {

/// Section 1. `version`: "0.1.0"; `see_also`: other pages, "pianissimo-lab(1)".
std::string manual_page(const CommandText& program, std::string_view version,
                        const std::vector<std::string>& see_also);

/// pianissimo.yaml(5), from the table of parameters.
std::string configuration_page(std::string_view version);

}  // namespace pianissimo::command_line
