#include "controller/service/recorder.hpp"

namespace pianissimo::service {

Recorder::Recorder(const Time& time, const JournalConfig& config, journal::Header header,
                   std::shared_ptr<journal::Pseudonyms> names)
    : time_{time},
      names_{std::move(names)},
      writer_{{.path = config.path, .budget_bytes = config.budget_bytes},
              hidden_line(time.now(), std::move(header)),
              // On the writer's thread, and without an address in it.
              [this](std::uint64_t lines) { return line(time_.now(), journal::Lost{lines}); }} {}

void Recorder::record(const Event& event) { append(time_of(event), event); }

void Recorder::record(const Decision& decision) { append(decision.at, decision); }

void Recorder::note(std::string text) { append(time_.now(), journal::Note{std::move(text)}); }

void Recorder::append(Instant at, decltype(journal::Record::what) what) {
  begun_ = true;
  writer_.append(hidden_line(at, std::move(what)));
}

void Recorder::set_header(journal::Header header) {
  const std::string text = hidden_line(time_.now(), std::move(header));
  // The first file begins with it anyway.
  if (begun_) writer_.append(text);
  writer_.set_header(text);
}

std::string Recorder::hidden_line(Instant at, decltype(journal::Record::what) what) const {
  journal::Record record{at, time_.wall_ms(), std::move(what)};
  if (names_) names_->hide(record);
  return to_line(record);
}

std::string Recorder::line(Instant at, decltype(journal::Record::what) what) const {
  return to_line(journal::Record{at, time_.wall_ms(), std::move(what)});
}

}  // namespace pianissimo::service
