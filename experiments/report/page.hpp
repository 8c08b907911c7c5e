// How the page is put together.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace pianissimo::report {

/// Replaces each {{name}} by what `value` says; what it gives is not looked at again.
std::string fill_in(std::string_view form,
                    const std::function<std::string(std::string_view)>& value);

/// JSON for inside a <script> element: no "</script>" and no "<!--" can come of it.
std::string script_safe(std::string json);

}  // namespace pianissimo::report
