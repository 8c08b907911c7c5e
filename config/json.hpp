// Writing JSON, as little of it as is needed here.
#pragma once

#include <string>
#include <string_view>

#include "config/parameters.hpp"

namespace pianissimo {

/// A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD, control characters (DEL
/// and C1 too) are escaped.
void append_json(std::string& out, std::string_view text);
void append_json(std::string& out, const Value& value);

}  // namespace pianissimo
