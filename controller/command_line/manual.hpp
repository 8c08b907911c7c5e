// The files that a program's declaration gives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/command_line/options.hpp"

namespace pianissimo::command_line {

/// NAME.1, NAME.bash, _NAME (zsh) and NAME.fish into a folder that is there. Throws
/// std::runtime_error for a file that cannot be written.
void write_manual(const CommandText& program, std::string_view version,
                  const std::vector<std::string>& see_also, const std::string& folder);

void write_text(const std::string& path, const std::string& text);

}  // namespace pianissimo::command_line
