#include "experiments/report/page.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <stdexcept>

#include "experiments/report/assets.hpp"
#include "experiments/report/drawings.hpp"
#include "experiments/report/figure_table.hpp"
#include "experiments/report/json_text.hpp"
#include "experiments/report/report.hpp"
#include "experiments/report/run_json.hpp"
#include "experiments/report/svg.hpp"

namespace pianissimo::report {
namespace {

namespace json = boost::json;

json::value text_of(const FigureRow& row, const RunFigures& figures) {
  Figure figure = row.of(figures);
  if (!figure) return nullptr;
  return json::value(number_text(row.scale * *figure, row.decimals));
}

// The same rows as in the terminal.
json::array table_of(const Report& report) {
  json::array table;
  for (const FigureRow& row : figure_rows()) {
    json::array cells;
    for (const JudgedRun& judged : report.runs) cells.push_back(text_of(row, judged.figures));
    if (report.baseline) cells.push_back(text_of(row, report.baseline->figures));
    table.push_back(json::object{{"key", row.key},
                                 {"name", row.name},
                                 {"unit", row.unit},
                                 {"meaning", row.meaning},
                                 {"cells", std::move(cells)}});
  }
  return table;
}

std::string page_data(const Report& report) {
  json::object data;
  json::array runs;
  for (const JudgedRun& judged : report.runs) runs.push_back(run_series(judged));
  data["runs"] = std::move(runs);
  data["baseline"] = report.baseline ? json::value(run_description(report.baseline->run)) : nullptr;
  if (report.baseline) data["baseline"].as_object()["headline"] = report.baseline->headline;
  data["table"] = table_of(report);
  data["whole_share"] = whole_share;
  data["reasons"] = reasons_object();
  return json_text(data, Layout::compact);
}

// The page's script puts each where it belongs.
std::string drawing_elements(const Report& report) {
  std::string text;
  for (const Drawing& drawing : drawings_of(report)) {
    text += fmt::format(R"(<figure class="drawing" data-kind="{}" data-run="{}" data-station="{}">)"
                        "{}<figcaption>{}</figcaption></figure>\n",
                        to_string(drawing.kind), drawing.run ? std::to_string(*drawing.run) : "",
                        drawing.station ? to_string(*drawing.station) : "", drawing.svg,
                        markup_escaped(drawing.caption));
  }
  return text;
}

std::string title_of(const Report& report) {
  const Run& first = report.runs.front().run;
  std::string title = first.name;
  if (!first.info.scenario.empty()) title += ", " + first.info.scenario;
  if (report.runs.size() > 1) title += " and others";
  return title + " - Pianissimo";
}

// A comment may not hold "--".
std::string comment_safe(std::string_view text) {
  std::string safe{text};
  for (std::size_t at = safe.find("--"); at != safe.npos; at = safe.find("--")) {
    safe.replace(at, 2, "-");
  }
  return safe;
}

}  // namespace

std::string fill_in(std::string_view form,
                    const std::function<std::string(std::string_view)>& value) {
  std::string out;
  for (;;) {
    const std::size_t open = form.find("{{");
    out += form.substr(0, open);
    if (open == form.npos) return out;
    const std::size_t close = form.find("}}", open);
    if (close == form.npos) throw std::logic_error{"{{ without }}"};
    out += value(form.substr(open + 2, close - open - 2));
    form.remove_prefix(close + 2);
  }
}

std::string script_safe(std::string json) {
  // Outside of strings JSON has no '<'.
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string page_text(const Report& report) {
  return fill_in(assets::page_html, [&](std::string_view name) -> std::string {
    if (name == "title") return markup_escaped(title_of(report));
    if (name == "data") return script_safe(page_data(report));
    if (name == "drawings") return drawing_elements(report);
    if (name == "drawing_css") return std::string{assets::drawing_css};
    if (name == "page_css") return std::string{assets::page_css};
    if (name == "dom_js") return std::string{assets::dom_js};
    if (name == "marks_js") return std::string{assets::marks_js};
    if (name == "panels_js") return std::string{assets::panels_js};
    if (name == "panels_of_a_run_js") return std::string{assets::panels_of_a_run_js};
    if (name == "runs_js") return std::string{assets::runs_js};
    if (name == "page_js") return std::string{assets::page_js};
    if (name == "uplot_js") return std::string{assets::uplot_js};
    if (name == "uplot_css") return std::string{assets::uplot_css};
    if (name == "uplot_license") return comment_safe(assets::uplot_license);
    throw std::logic_error{"page.html asks for what there is not: " + std::string{name}};
  });
}

}  // namespace pianissimo::report
