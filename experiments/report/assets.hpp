// The files of assets/ and uPlot's, embedded by embed.cmake.
#pragma once

#include <string_view>

namespace pianissimo::report::assets {

extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view dom_js;
extern const std::string_view marks_js;
extern const std::string_view charts_js;
extern const std::string_view runs_js;
extern const std::string_view page_js;
extern const std::string_view uplot_js;
extern const std::string_view uplot_css;
extern const std::string_view uplot_license;

}  // namespace pianissimo::report::assets
