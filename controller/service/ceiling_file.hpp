// The highest power that another controller (EasyMesh, RRM) allows, as it writes it into a file.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "controller/core/units.hpp"

namespace pianissimo::service {

struct Ceilings {
  std::optional<Dbm> all;            ///< of every interface
  std::map<std::string, Dbm> alone;  ///< of the ones that are named
  friend bool operator==(const Ceilings&, const Ceilings&) = default;
};

/// Reads "17\n" or lines "wlan0 17", 1..36 dBm; a fraction is cut off. Empty lines and what follows
/// a '#' count for nothing, but something has to be there, and the last line has to be whole: it
/// ends with a newline. Else "PATH:LINE: what is wrong", in printable words.
std::variant<Ceilings, std::string> parse_ceilings(std::string_view text, const std::string& path);

class CeilingFile {
 public:
  /// Looks at the file anew; an empty path is none. What there is to tell, once as long as it stays
  /// so; nullopt: nothing is new.
  std::optional<std::string> look(const std::string& path);

  /// The limit in force at an interface: that of the last good file. 0, less or nothing never is.
  std::optional<Dbm> at(const std::string& interface) const;
  /// What is wrong with the file as it is now; empty: nothing.
  const std::string& trouble() const { return trouble_; }

 private:
  std::string path_;
  Ceilings ceilings_;
  bool was_there_ = false;
  std::string trouble_;
};

}  // namespace pianissimo::service
