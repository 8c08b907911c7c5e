// SVG to PDF, by librsvg's program: small, well kept, and in every distribution.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace pianissimo::report {

/// A comment at the end of every PDF that write_pdf() makes: by it they are known.
inline constexpr std::string_view pdf_mark = "% A drawing of pianissimo-lab report\n";

struct PdfError {
  /// sysexits(3): EX_UNAVAILABLE (the program is not there) or EX_CANTCREAT.
  int exit_status;
  std::string message;
};

/// Writes `file`, as a whole or not at all. Nothing on success.
std::optional<PdfError> write_pdf(const std::string& svg, const std::filesystem::path& file);

}  // namespace pianissimo::report
