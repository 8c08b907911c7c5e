#include "controller/service/http_server.hpp"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "controller/core/sentence.hpp"
#include "controller/drawing/mark_look.hpp"
#include "controller/service/http_listener.hpp"

namespace pianissimo::service {

namespace json = boost::json;

void HttpServer::begin(const HttpConfig& config, Source source, Say say) {
  if (listener_ && config == config_) return;
  end();
  config_ = config;
  const auto at = parse_endpoint(config.listen);
  if (!at) return;
  listener_ = std::make_shared<HttpListener>(io_, time_, *at, std::move(source), std::move(say));
  listener_->begin();
}

void HttpServer::tell(const Decision& decision, const std::string& whose) {
  if (!listener_) return;
  const Mark mark = mark_of(decision.reason);
  const drawing::MarkLook look = drawing::look_of(decision.reason);
  const json::object told{{"t_ns", decision.at.time_since_epoch().count()},
                          {"wall_ms", time_.wall_ms()},
                          {"knob", whose},
                          {"from_dbm", decision.from.value()},
                          {"to_dbm", decision.to.value()},
                          {"reason", to_string(decision.reason)},
                          {"sentence", sentence(decision)},
                          {"look",
                           {{"shape", drawing::to_string(look.shape)},
                            {"tone", look.tone},
                            {"key", look.name},
                            {"visit", drawing::visit_part(mark)}}}};
  // Visits would soon fill what is kept.
  const bool is_kept = !drawing::is_of_a_visit(mark);
  listener_->tell(fmt::format("event: decision\ndata: {}\n\n", json::serialize(told)), is_kept);
}

void HttpServer::end() {
  if (listener_) listener_->close();
  listener_.reset();
}

}  // namespace pianissimo::service
