#include "experiments/report/pdf.hpp"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

namespace pianissimo::report {
namespace {

constexpr int unavailable = 69;
constexpr int cannot_create = 73;
constexpr const char* program = "rsvg-convert";

PdfError failed(const std::filesystem::path& file, const std::string& why) {
  return {cannot_create, file.string() + ": cannot be written: " + why};
}

// The drawing as a file without a name, to be read from its beginning.
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

// mkstemp() makes files for their owner alone.
void permit_as_usual(const std::string& file) {
  const mode_t mask = umask(0);
  umask(mask);
  chmod(file.c_str(), 0666 & ~mask);
}

}  // namespace

std::optional<PdfError> write_pdf(const std::string& svg, const std::filesystem::path& file) {
  const File input = file_of(svg);
  if (!input) return failed(file, std::strerror(errno));
  std::string beside = file.string() + ".XXXXXX";
  const int made = mkstemp(beside.data());
  if (made < 0) return failed(file, std::strerror(errno));
  close(made);
  std::string output = "--output=" + beside;
  std::string name = program;
  std::string format = "--format=pdf";
  std::array<char*, 4> arguments{name.data(), format.data(), output.data(), nullptr};

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(input.get()), STDIN_FILENO);
  pid_t child = 0;
  const int error = posix_spawnp(&child, program, &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  std::error_code ignored;
  if (error != 0) std::filesystem::remove(beside, ignored);
  if (error == ENOENT) {
    return PdfError{unavailable, std::string{"PDF needs "} + program +
                                     ", which is not there: install the package librsvg2-bin"};
  }
  if (error != 0) return PdfError{unavailable, std::string{program} + ": " + std::strerror(error)};
  const int status = exit_status_of(child);
  std::error_code renamed;
  const bool is_marked =
      status == 0 && (std::ofstream{beside, std::ios::binary | std::ios::app} << pdf_mark).flush();
  if (is_marked) permit_as_usual(beside);
  if (is_marked) std::filesystem::rename(beside, file, renamed);
  if (is_marked && !renamed) return std::nullopt;
  std::filesystem::remove(beside, ignored);
  return failed(file, is_marked ? renamed.message() : std::string{program} + " failed");
}

}  // namespace pianissimo::report
