// The files of assets/, of controller/drawing and uPlot's, embedded by the build.
#pragma once

#include <string_view>

namespace pianissimo::report::assets {

extern const std::string_view page_html;
extern const std::string_view drawing_css;
extern const std::string_view page_css;
extern const std::string_view dom_js;
extern const std::string_view marks_js;
extern const std::string_view panels_js;
extern const std::string_view panels_of_a_run_js;
extern const std::string_view runs_js;
extern const std::string_view page_js;
extern const std::string_view uplot_js;
extern const std::string_view uplot_css;
extern const std::string_view uplot_license;

}  // namespace pianissimo::report::assets
