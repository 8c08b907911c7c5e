// The live page: files that never change, compressed in the program.
#pragma once

#include <string_view>

#include "controller/service/http_request.hpp"

namespace pianissimo::service {

struct HttpAsset {
  std::string_view type;  ///< its media type
  std::string_view gzip;  ///< as it is sent
};

/// Whether this program was built with the page.
bool has_live_page();

/// A file of the live page; null: this is none, or the program was built without.
const HttpAsset* http_asset(HttpPage page);

/// Header fields for these files: what the page may load, and that nobody may put it into a frame.
/// No script but its own, and no markup from what it shows, could ever run.
inline constexpr std::string_view asset_fields =
    "Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n"
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'\r\n"
    "Referrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n";

}  // namespace pianissimo::service
