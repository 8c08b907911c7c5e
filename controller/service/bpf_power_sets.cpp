#include "controller/service/bpf_power_sets.hpp"

#include <fcntl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <system_error>

#include "nl80211/driver.hpp"

namespace pianissimo::service {
namespace {

namespace asio = boost::asio;

// Whoever sets powers in a loop: each look takes what there is, and the last of them counts.
constexpr std::size_t most_told = 1000;

}  // namespace

BpfPowerSets::BpfPowerSets(asio::io_context& io, const Time& time)
    : time_{time}, descriptor_{io}, changed_{io, asio::steady_timer::time_point::max()} {}

std::optional<std::string> BpfPowerSets::listen() {
  if (sets_) return std::nullopt;
  auto sets = bpf::PowerSets::attach();
  if (!sets) return sets.error().message;
  // libbpf closes its descriptor and so does Asio.
  const int descriptor = ::fcntl(sets->descriptor(), F_DUPFD_CLOEXEC, 3);
  if (descriptor < 0) return std::generic_category().message(errno);
  descriptor_.assign(descriptor);
  sets_ = std::move(*sets);
  wait();
  return std::nullopt;
}

void BpfPowerSets::ignore() {
  if (!sets_) return;
  descriptor_.close();
  sets_.reset();
  told_.clear();
}

Awaitable<std::optional<PowerSet>> BpfPowerSets::next() {
  while (told_.empty() && !is_closed_) {
    co_await changed_.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  if (is_closed_) co_return std::nullopt;
  PowerSet set = std::move(told_.front());
  told_.pop_front();
  co_return set;
}

void BpfPowerSets::close() {
  is_closed_ = true;
  ignore();
  changed_.cancel();
}

void BpfPowerSets::wait() {
  descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                         [this](const boost::system::error_code& error) {
                           if (error) return;  // closed
                           take();
                           wait();
                         });
}

void BpfPowerSets::take() {
  for (bpf::PowerSet& set : sets_->take()) {
    // A radio that is not in this network namespace is nobody's here.
    const auto wiphy = nl80211::wiphy_index(set.wiphy);
    if (!wiphy) continue;
    const bool has_level = set.setting != bpf::PowerSet::Setting::automatic;
    if (told_.size() == most_told) told_.pop_front();
    told_.push_back({.at = time_.now(),
                     .wiphy = *wiphy,
                     .by = {std::move(set.comm), set.process},
                     .level = has_level ? std::optional{set.level} : std::nullopt});
  }
  if (!told_.empty()) changed_.cancel();
}

}  // namespace pianissimo::service
