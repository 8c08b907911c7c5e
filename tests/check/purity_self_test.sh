#!/bin/sh
# Plants one impure call after the other in a copy of each archive and sees purity.sh fail.
#
#   purity_self_test.sh ARCHIVE...
set -eu
here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
planted=0
failed=0

plant() {  # plant NAME SYMBOL: the planted call, from stdin, is found by this name
  { cat; } > "$copy/$1.cpp"
  "${CXX:-c++}" -std=c++20 -O2 -c "$copy/$1.cpp" -o "$copy/$1.o"
  for archive in $archives; do
    planted=$((planted + 1))
    cp "$archive" "$copy/planted.a"
    "${AR:-ar}" q "$copy/planted.a" "$copy/$1.o"
    if said=$(sh "$here/purity.sh" "$copy/planted.a") || ! echo "$said" | grep -q "$2"; then
      echo "not found: $1 in $archive"
      failed=$((failed + 1))
    fi
  done
}

archives=$*
plant steady_clock 'steady_clock::now' <<'EOF'
#include <chrono>
auto planted() { return std::chrono::steady_clock::now(); }
EOF
plant system_clock 'system_clock::now' <<'EOF'
#include <chrono>
auto planted() { return std::chrono::system_clock::now(); }
EOF
plant time '^time' <<'EOF'
#include <ctime>
auto planted() { return std::time(nullptr); }
EOF
plant sleep 'sleep' <<'EOF'
#include <chrono>
#include <thread>
void planted() { std::this_thread::sleep_for(std::chrono::seconds{1}); }
EOF
plant mutex 'pthread_mutex_lock' <<'EOF'
#include <mutex>
void planted(std::mutex& mutex) { mutex.lock(); }
EOF
plant thread 'std::thread' <<'EOF'
#include <thread>
void planted() { std::thread{[] {}}.detach(); }
EOF
plant random_device 'random_device' <<'EOF'
#include <random>
auto planted() { return std::random_device{}(); }
EOF
plant rand '^rand' <<'EOF'
#include <cstdlib>
auto planted() { return std::rand(); }
EOF
plant cout 'std::cout' <<'EOF'
#include <iostream>
void planted() { std::cout << "here"; }
EOF
plant stringstream 'basic_.*stringstream' <<'EOF'
#include <sstream>
auto planted(int i) { std::ostringstream text; text << i; return text.str(); }
EOF
plant printf 'printf' <<'EOF'
#include <cstdio>
void planted(int i) { std::printf("%d", i); }
EOF
plant open '^open' <<'EOF'
#include <fcntl.h>
auto planted() { return ::open("/dev/null", O_RDONLY); }
EOF
plant getenv 'getenv' <<'EOF'
#include <cstdlib>
auto planted() { return std::getenv("HOME"); }
EOF
plant exp '^exp' <<'EOF'
#include <cmath>
auto planted(double x) { return std::exp(x); }
EOF
plant journal 'pianissimo::journal::' <<'EOF'
namespace pianissimo::journal { void write(int); }
void planted() { pianissimo::journal::write(1); }
EOF

echo "$planted violations planted, $failed not found"
[ "$failed" -eq 0 ]
