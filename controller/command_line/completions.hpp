// What shells complete, from a program's declaration.
#pragma once

#include <string>

#include "controller/command_line/options.hpp"

namespace pianissimo::command_line {

/// Each needs nothing but its shell. Where no list is known, files are completed.
std::string bash_completion(const CommandText& program);
std::string zsh_completion(const CommandText& program);
std::string fish_completion(const CommandText& program);

}  // namespace pianissimo::command_line
