// The key of this installation's pseudonyms, on disk.
#pragma once

#include <optional>
#include <string>

#include "controller/journal/pseudonym.hpp"

namespace pianissimo::journal {

/// 32 random bytes (getrandom(2)). Throws std::system_error if the kernel has none.
PrivacyKey fresh_key();

struct KeyFound {
  PrivacyKey key{};
  /// Why it is not the one of the file, but one for this run only; empty: it is.
  std::string trouble;
};

/// The key in the file, which is made at first use: 32 random bytes (getrandom(2)), mode 0600, and
/// the folders above it. What cannot be read or made, or what others can read, is not used: then
/// there is a key for this run only. Throws std::system_error if the kernel has no random bytes.
KeyFound privacy_key(const std::string& path);

struct PseudonymsFound {
  Pseudonyms names;
  std::string trouble;  ///< as of KeyFound
};

/// Pseudonyms with the key in the file; numbers, which nobody shall make again, with a fresh one.
PseudonymsFound pseudonyms(StationIds ids, const std::string& key_file);

/// Whether what is written to `path` stays in memory: on tmpfs or ramfs (statfs(2)). Of a file that
/// is not there yet, the folder above decides. Not of a pipe: its reader may be anywhere.
bool is_in_ram(const std::string& path);
/// The same of an open file; true of a terminal, which shows and forgets.
bool is_in_ram(int descriptor);

}  // namespace pianissimo::journal
