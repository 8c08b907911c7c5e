// What every subcommand does with an input that is bad or a file that cannot be written.
#pragma once

#include "config/say.hpp"
#include "experiments/lab/output_file.hpp"
#include "experiments/report/input.hpp"

namespace pianissimo::lab {

/// Runs a subcommand; what it throws is said, and its exit status given.
template <class Run>
int guarded(Run run) {
  try {
    return run();
  } catch (const report::InputError& error) {
    say(stderr, error.what());
    return error.exit_status();
  } catch (const OutputError& error) {
    say(stderr, error.what());
    return error.exit_status();
  }
}

}  // namespace pianissimo::lab
