#include "experiments/lab/report_command.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>

#include "config/say.hpp"
#include "controller/command_line/parse.hpp"
#include "experiments/lab/guarded.hpp"
#include "experiments/lab/json_result.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/lab/station_options.hpp"
#include "experiments/lab/testbed_truth.hpp"
#include "experiments/report/drawings.hpp"
#include "experiments/report/pdf.hpp"
#include "experiments/report/report.hpp"

namespace pianissimo::lab {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> runs;
  std::vector<std::string> compared;
  std::string baseline;
  std::string page;
  std::string summary;
  std::string json;
  std::string svg;
  std::string pdf;
  StationOptions stations;
};

// no-color.org: set and not empty.
bool wants_colours() {
  const char* const no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

constexpr Signature page{"a page of pianissimo-lab report",
                         "<!doctype html>",
                         {R"(<meta name="generator" content="pianissimo-lab report">)"}};
constexpr Signature summary{"a summary of pianissimo-lab report",
                            "{\n  \"saved_db\": ",
                            {"\n  \"saved_confirmed_db\": ", "\n  \"retained\": "}};
constexpr Signature drawing_svg{
    "a drawing of pianissimo-lab report",
    R"(<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 )",
    {"font-family=\"system-ui, Helvetica, Arial, 'DejaVu Sans'"}};
constexpr Signature drawing_pdf{"a drawing of pianissimo-lab report", "%PDF-", {report::pdf_mark}};

void write_file(const fs::path& path, const std::string& text, const Signature& signature) {
  OutputFile file{path, signature};
  file.stream() << text;
  file.commit();
}

// One file for each drawing; both folders may be the same.
int write_drawings(const report::Report& made, const Options& options) {
  if (!options.svg.empty()) make_folder(options.svg);
  if (!options.pdf.empty()) make_folder(options.pdf);
  for (const report::Drawing& drawing : report::drawings_of(made)) {
    const std::string name = report::file_name(drawing, made);
    if (!options.svg.empty()) {
      write_file(fs::path{options.svg} / (name + ".svg"), drawing.svg, drawing_svg);
    }
    if (options.pdf.empty()) continue;
    const fs::path pdf = fs::path{options.pdf} / (name + ".pdf");
    require_ours(pdf, drawing_pdf);
    const auto made_pdf = report::pdf_of(drawing.svg);
    if (const auto* const error = std::get_if<report::PdfError>(&made_pdf)) {
      say(stderr, pdf.string() + ": " + error->message);
      return error->exit_status;
    }
    write_file(pdf, std::get<std::string>(made_pdf), drawing_pdf);
  }
  return EXIT_SUCCESS;
}

int run_report(const Options& options) {
  report::StationNames names = station_names(options.stations);
  std::vector<report::Run> runs;
  for (const auto& paths : {options.runs, options.compared}) {
    for (const std::string& path : paths) runs.push_back(report::load_run(path, &names));
  }
  std::optional<report::Run> baseline;
  if (!options.baseline.empty()) baseline = report::load_run(options.baseline, &names);
  say_trouble(names);
  for (report::Run& run : runs) add_capacities(run, baseline ? &*baseline : nullptr);
  const report::Report made = report::make_report(std::move(runs), std::move(baseline));

  if (!options.page.empty()) write_file(options.page, report::page_text(made), page);
  if (!options.summary.empty()) {
    write_file(options.summary, report::summary_text(made), summary);
  }
  const bool is_json_on_output = options.json == "-";
  if (!options.json.empty() && !is_json_on_output) {
    write_file(options.json, report::summary_text(made), summary);
  }
  if (!options.svg.empty() || !options.pdf.empty()) {
    const int status = write_drawings(made, options);
    if (status != EXIT_SUCCESS) return status;
  }
  std::cout << (is_json_on_output ? report::summary_text(made)
                                  : report::terminal_text(made, wants_colours()));
  return EXIT_SUCCESS;
}

}  // namespace

void add_report(CLI::App& lab, int& status) {
  const auto options = std::make_shared<Options>();
  CLI::App* const command =
      lab.add_subcommand("report", "Print the figures of runs, and make a page of them");
  command
      ->add_option(
          "RUN", options->runs,
          "A run's directory as testbed and simulator leave it, or a journal (its newest file)")
      ->required();
  command->add_option("--compare", options->compared, "More runs to stand beside the first")
      ->take_all();
  command->add_option("-o,--output", options->page,
                      "The page, one HTML file that needs nothing else");
  command->add_option("--summary", options->summary, "The figures as JSON, beside the table");
  add_json(*command, options->json, "The figures");
  command->add_option("--baseline", options->baseline,
                      "The same scenario at full power: what the runs are judged against");
  command->add_option("--svg", options->svg, "Folder for the drawings, one SVG file each");
  command->add_option("--pdf", options->pdf,
                      "Folder for the same as PDF; needs rsvg-convert (package librsvg2-bin)");
  add_station_options(*command, options->stations);
  command_line::end(
      *command,
      {"pianissimo-lab report out/walk                     # a table of one run",
       "pianissimo-lab report out/a --compare out/b --baseline out/full -o page.html"},
      "Exit status: 0; 64 wrong usage; 65 bad data, or a file that is not of "
      "our making where one shall be written; 66 no such input; 69 rsvg-convert is not "
      "there; 73 cannot write.");
  command->callback([options, &status] { status = guarded([&] { return run_report(*options); }); });
}

}  // namespace pianissimo::lab
