// Metrics, status and events over HTTP: behind the service's Publisher port.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "controller/service/ports.hpp"

namespace pianissimo::service {

class HttpListener;

/// One thread with the daemon's loop: everything that a client can make it do is short, bounded, or
/// waits its turn.
class HttpServer final : public Publisher {
 public:
  HttpServer(boost::asio::io_context& io, Time& time) : io_{io}, time_{time} {}
  ~HttpServer() override { end(); }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void begin(const HttpConfig& config, Source source, Say say) override;
  void tell(const Decision& decision, const std::string& whose) override;
  void end() override;

 private:
  boost::asio::io_context& io_;
  Time& time_;
  HttpConfig config_;
  std::shared_ptr<HttpListener> listener_;  ///< null: nobody is listened to
};

}  // namespace pianissimo::service
