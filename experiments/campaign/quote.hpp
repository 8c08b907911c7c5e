// Words on their way through a shell on another machine.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace pianissimo::campaign {

/// The words as a POSIX shell reads them back, each in single quotes: whatever stands in a word, it
/// stays one word and nothing in it is obeyed. Words are free of NUL.
std::string quoted(std::span<const std::string> words);

/// A name that is safe as a folder, as a label and in a shell: 1..32 letters, digits and ._-, the
/// first one a letter or a digit.
bool is_name(std::string_view text);

/// What ssh(1) takes as its destination, USER@HOST or HOST (a name of its configuration), and never
/// for an option.
bool is_ssh_destination(std::string_view text);

/// An interface's name as Linux takes it, of letters, digits and ._- alone.
bool is_interface(std::string_view text);

/// An IPv4 address in four decimal numbers.
bool is_address(std::string_view text);

}  // namespace pianissimo::campaign
