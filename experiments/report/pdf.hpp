// SVG to PDF, by librsvg's program: small, well kept, and in every distribution.
#pragma once

#include <string>
#include <string_view>
#include <variant>

namespace pianissimo::report {

/// A comment at the end of every PDF that pdf_of() makes: by it they are known.
inline constexpr std::string_view pdf_mark = "% A drawing of pianissimo-lab report\n";

struct PdfError {
  /// sysexits(3): EX_UNAVAILABLE (the program is not there), or EX_CANTCREAT.
  int exit_status;
  std::string message;
};

/// The same drawing as the bytes of a PDF.
std::variant<std::string, PdfError> pdf_of(const std::string& svg);

}  // namespace pianissimo::report
