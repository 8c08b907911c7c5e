#include "controller/service/recorder.hpp"

namespace pianissimo::service {

Recorder::Recorder(const Time& time, const JournalConfig& config, journal::Header header)
    : time_{time},
      writer_{{.path = config.path, .budget_bytes = config.budget_bytes},
              line(time.now(), std::move(header)),
              [this](std::uint64_t lines) { return line(time_.now(), journal::Lost{lines}); }} {}

void Recorder::record(const Event& event) { append(time_of(event), event); }

void Recorder::record(const Decision& decision) { append(decision.at, decision); }

void Recorder::note(std::string text) { append(time_.now(), journal::Note{std::move(text)}); }

void Recorder::append(Instant at, decltype(journal::Record::what) what) {
  begun_ = true;
  writer_.append(line(at, std::move(what)));
}

void Recorder::set_header(journal::Header header) {
  const std::string text = line(time_.now(), std::move(header));
  // The first file begins with it anyway.
  if (begun_) writer_.append(text);
  writer_.set_header(text);
}

std::string Recorder::line(Instant at, decltype(journal::Record::what) what) const {
  return to_line(journal::Record{at, time_.wall_ms(), std::move(what)});
}

}  // namespace pianissimo::service
