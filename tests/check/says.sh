#!/bin/sh
# What programs tell a person goes through config/say.hpp, which makes text from outside printable.
# Fails with every line that writes to standard error past it.
#
#   says.sh ROOT
set -eu
cd "$1"
[ -d controller/service ] || { echo "$1 is not the project"; exit 2; }

# Progress has no text but its own, and must stay in its line.
past=$(grep -rnE --include='*.[ch]pp' --exclude=long_run.cpp \
  'std::cerr|(fprintf|fmt::print)\(stderr|puts\([^;]*stderr|perror\(' \
  controller/service experiments/lab experiments/sim || true)
[ -z "$past" ] && exit 0
echo 'text on its way to a terminal that is not made printable: use say() of config/say.hpp'
echo "$past"
exit 1
