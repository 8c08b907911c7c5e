// Exit codes: sysexits(3). systemd knows them by name.
#pragma once

namespace pianissimo::service {

enum class ExitStatus : int {
  ok = 0,
  usage = 64,          ///< EX_USAGE: command line
  bad_data = 65,       ///< EX_DATAERR: a journal or state file that cannot be understood
  no_input = 66,       ///< EX_NOINPUT: a file that cannot be read
  unavailable = 69,    ///< EX_UNAVAILABLE: no nl80211, no such interface, or another one runs
  cannot_create = 73,  ///< EX_CANTCREAT: the power found cannot be saved
  not_permitted = 77,  ///< EX_NOPERM: needs CAP_NET_ADMIN
  bad_config = 78,     ///< EX_CONFIG
};

}  // namespace pianissimo::service
