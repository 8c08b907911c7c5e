#include "controller/command_line/manual.hpp"

#include <fstream>
#include <stdexcept>

#include "controller/command_line/completions.hpp"
#include "controller/command_line/manual_page.hpp"

namespace pianissimo::command_line {

void write_text(const std::string& path, const std::string& text) {
  std::ofstream out{path, std::ios::binary};
  out << text << std::flush;
  if (!out) throw std::runtime_error{path + ": cannot be written"};
}

void write_manual(const CommandText& program, std::string_view version,
                  const std::vector<std::string>& see_also, const std::string& folder) {
  const std::string& name = program.name;
  write_text(folder + "/" + name + ".1", manual_page(program, version, see_also));
  write_text(folder + "/" + name + ".bash", bash_completion(program));
  write_text(folder + "/_" + name, zsh_completion(program));
  write_text(folder + "/" + name + ".fish", fish_completion(program));
}

}  // namespace pianissimo::command_line
