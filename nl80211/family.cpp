#include "nl80211/family.hpp"

#include <linux/genetlink.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <cerrno>
#include <map>
#include <optional>
#include <span>

namespace pianissimo::nl80211 {
namespace {

using Numbers = std::map<std::string, int, std::less<>>;

Numbers numbers_of(const Attributes& groups) {
  Numbers numbers;
  groups.for_each([&](const Attribute& group) {
    const Attributes fields{group.payload};
    const auto name = fields.text(CTRL_ATTR_MCAST_GRP_NAME);
    const auto number = fields.get<std::uint32_t>(CTRL_ATTR_MCAST_GRP_ID);
    if (name && number) numbers.emplace(*name, static_cast<int>(*number));
  });
  return numbers;
}

Request find_family(std::string name) {
  Request request{CTRL_CMD_GETFAMILY, NLM_F_ACK, {}};
  name.push_back('\0');
  return request.put(CTRL_ATTR_FAMILY_NAME, std::as_bytes(std::span{name}));
}

}  // namespace

asio::awaitable<Result<Family>> resolve(CommandSocket& control, std::string family,
                                        std::vector<std::string> groups) {
  std::optional<std::uint16_t> id;
  Numbers numbers;
  const Conversation::Take take = [&](const GenericMessage& message) -> boost::system::error_code {
    id = message.attributes.get<std::uint16_t>(CTRL_ATTR_FAMILY_ID);
    const auto all = message.attributes.nested(CTRL_ATTR_MCAST_GROUPS);
    if (all) numbers = numbers_of(*all);
    return {};
  };
  const auto answered = co_await control.request(find_family(std::move(family)), take);
  if (!answered) {
    const bool is_unknown = answered.error().code == boost::system::errc::no_such_file_or_directory;
    co_return is_unknown ? Error{Errc::no_family} : answered.error();
  }
  if (!id) co_return Error{Errc::malformed};
  Family found{*id, {}};
  for (const std::string& group : groups) {
    const auto number = numbers.find(group);
    if (number == numbers.end()) co_return Error::from_errno(ENOENT);
    found.groups.push_back(number->second);
  }
  co_return found;
}

Result<Family> resolve(const std::string& family, const std::vector<std::string>& groups) {
  asio::io_context io{1};
  auto socket = NetlinkSocket::open(io.get_executor(), NETLINK_GENERIC);
  if (!socket) return socket.error();
  CommandSocket control{std::move(*socket), GENL_ID_CTRL};
  auto found = asio::co_spawn(io, resolve(control, family, groups), asio::use_future);
  io.run();
  return found.get();
}

}  // namespace pianissimo::nl80211
