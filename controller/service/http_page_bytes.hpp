// The files of page/, packed and embedded by the build.
#pragma once

#include <string_view>

namespace pianissimo::service::page_bytes {

extern const std::string_view html;
extern const std::string_view script;
extern const std::string_view style;

}  // namespace pianissimo::service::page_bytes
