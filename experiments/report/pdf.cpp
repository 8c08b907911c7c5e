#include "experiments/report/pdf.hpp"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace pianissimo::report {
namespace {

constexpr int unavailable = 69;
constexpr int cannot_create = 73;
constexpr const char* program = "rsvg-convert";

PdfError failed(const std::string& why) { return {cannot_create, "cannot be written: " + why}; }

// The text as a file without a name, to be read from its beginning.
using File = std::unique_ptr<FILE, int (*)(FILE*)>;
File file_of(const std::string& text) {
  File file{tmpfile(), &fclose};
  if (!file) return file;
  const bool written = fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  if (!written || fflush(file.get()) != 0) file.reset();
  if (file) rewind(file.get());
  return file;
}

int exit_status_of(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// All of what was written to the file.
std::string text_of(FILE* file) {
  std::string text;
  std::array<char, 65'536> piece{};
  rewind(file);
  for (;;) {
    const std::size_t count = fread(piece.data(), 1, piece.size(), file);
    if (count == 0) return text;
    text.append(piece.data(), count);
  }
}

}  // namespace

std::variant<std::string, PdfError> pdf_of(const std::string& svg) {
  const File input = file_of(svg);
  const File output = file_of("");
  if (!input || !output) return failed(std::strerror(errno));
  std::string name = program;
  std::string format = "--format=pdf";
  std::array<char*, 3> arguments{name.data(), format.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(input.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(output.get()), STDOUT_FILENO);
  pid_t child = 0;
  const int error = posix_spawnp(&child, program, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT) {
    return PdfError{unavailable, std::string{"PDF needs "} + program +
                                     ", which is not there: install the package librsvg2-bin"};
  }
  if (error != 0) return PdfError{unavailable, std::string{program} + ": " + std::strerror(error)};
  if (exit_status_of(child) != 0) return failed(std::string{program} + " failed");
  return text_of(output.get()).append(pdf_mark);
}

}  // namespace pianissimo::report
