#include "controller/service/http_page.hpp"

#include <array>
#ifdef PIANISSIMO_PAGE
#include "controller/service/http_page_bytes.hpp"
#endif

namespace pianissimo::service {

#ifdef PIANISSIMO_PAGE
bool has_live_page() { return true; }

const HttpAsset* http_asset(HttpPage page) {
  static const std::array<HttpAsset, 3> assets{
      {{"text/html; charset=utf-8", page_bytes::html},
       {"text/javascript; charset=utf-8", page_bytes::script},
       {"text/css; charset=utf-8", page_bytes::style}}};
  switch (page) {
    case HttpPage::page:
      return &assets[0];
    case HttpPage::script:
      return &assets[1];
    case HttpPage::style:
      return &assets[2];
    default:
      return nullptr;
  }
}
#else
bool has_live_page() { return false; }

const HttpAsset* http_asset(HttpPage) { return nullptr; }
#endif

}  // namespace pianissimo::service
