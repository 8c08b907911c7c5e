#!/bin/sh
# What the text of the project must be, whatever it says. Fails with every place that is not so; ends with 77
# where the program that looks is not installed.
#
#   text.sh ROOT format      C++ is as .clang-format has it
#   text.sh ROOT shell       shellcheck finds nothing in the shell scripts
#   text.sh ROOT spelling    codespell finds no slip; .codespellrc names the words that it does not know
set -eu
cd "$1"
[ -d controller/service ] || { echo "$1 is not the project"; exit 2; }

needs() {
  command -v "$1" > /dev/null || { echo "$1 is not installed"; exit 77; }
}

# files FIND-TEST...: those that fit, but for what builds leave.
files() {
  find . \( -path ./build -o -path ./out -o -path ./.git -o -path ./.cache \) -prune -o \
    -type f \( "$@" \) -print
}

case $2 in
  format)
    needs clang-format
    files -name '*.[ch]pp' | xargs clang-format --dry-run -Werror
    ;;
  shell)
    needs shellcheck
    files -name '*.sh' -o -path ./dev -o -path ./.ci/run -o -name guest_init -o -name pre-commit |
      xargs shellcheck -x -S warning
    ;;
  spelling)
    needs codespell
    files -name '*.md' -o -name '*.[ch]pp' -o -name '*.[ch]' -o -name '*.sh' -o -name '*.py' \
      -o -name '*.yaml' -o -name '*.js' -o -name '*.R' -o -name CMakeLists.txt -o -path ./dev |
      grep -v -e '^./tests/fuzz/corpus/' | xargs codespell --config .codespellrc
    ;;
  *)
    echo "$2 is not one of format, shell, spelling"
    exit 2
    ;;
esac
