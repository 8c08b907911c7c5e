// Stamps what happens and hands it to the journal's writer.
#pragma once

#include <memory>

#include "config/config.hpp"
#include "controller/journal/pseudonym.hpp"
#include "controller/journal/record.hpp"
#include "controller/journal/writer.hpp"
#include "controller/service/ports.hpp"

namespace pianissimo::service {

class Recorder {
 public:
  /// `names`: what stands for stations; null: their addresses.
  Recorder(const Time& time, const JournalConfig& config, journal::Header header,
           std::shared_ptr<journal::Pseudonyms> names = nullptr);

  void record(const Event& event);
  void record(const Decision& decision);
  void note(std::string text);
  /// From here on the journal is about this: said now and at the top of every file to come.
  void set_header(journal::Header header);

  std::uint64_t written() const { return writer_.written(); }
  std::uint64_t lost() const { return writer_.lost(); }
  std::string trouble() const { return writer_.trouble(); }

 private:
  void append(Instant at, decltype(journal::Record::what) what);
  std::string line(Instant at, decltype(journal::Record::what) what) const;
  std::string hidden_line(Instant at, decltype(journal::Record::what) what) const;

  const Time& time_;
  std::shared_ptr<journal::Pseudonyms> names_;
  bool begun_ = false;
  journal::Writer writer_;
};

}  // namespace pianissimo::service
