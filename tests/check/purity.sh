#!/bin/sh
# What the core and the policies may call: memory, maths, containers and the C++ runtime. Fails
# with every other undefined symbol of the archives: a clock, a thread, a file, a random device.
# Each addition to the list is a decision.
#
#   purity.sh ARCHIVE...
set -eu
nm=${NM:-nm}

ours='pianissimo::(anchor::)?([A-Z][A-Za-z]*::)?~?[A-Za-z_]+[0-9]*(\[abi:cxx11\])?\('
ours=$ours'|(vtable|typeinfo|typeinfo name) for pianissimo::[A-Z]'
language='operator (new|delete)|__cxa_|__gxx_personality|_Unwind_|__dso_handle|std::terminate'
language=$language'|(vtable|typeinfo) for (__cxxabiv1::|std::exception$|std::bad_)|std::exception::'
language=$language'|__stack_chk_|_GLOBAL_OFFSET_TABLE_|DW\.'
memory='(mem(cpy|move|set|cmp|chr)|strlen|__mem(cpy|move|set)_chk)$'
containers='std::__throw_|std::_Rb_tree_|std::__detail::_(Prime_rehash|List_node)|std::_Hash_bytes'
containers=$containers'|std::(__cxx11::basic_string|allocator)<'
# What IEEE 754 fixes to the last bit. exp, log and pow differ from processor to processor: elementary.hpp has ours.
maths='(std::)?(sqrt|fmod|l?l?round|floor|ceil|ldexp|frexp)f?(\(.*)?$'
sanitizers='__(asan|ubsan|tsan|lsan|sanitizer|gcov|llvm)_'

allowed="$ours|$language|$memory|$containers|$maths|$sanitizers"

status=0
for archive; do
  "$nm" -C -u "$archive" > /dev/null || exit 2
  called=$("$nm" -C -u "$archive" | sed -nE 's/^ *[Uwv] //p' | sort -u)
  if [ -z "$called" ]; then
    echo "$archive calls nothing at all: is it not an archive of objects?"
    exit 2
  fi
  bad=$(echo "$called" | grep -vE "^($allowed)" || true)
  if [ -n "$bad" ]; then
    echo "$archive is not pure, it calls:"
    echo "$bad"
    status=1
  fi
done
exit $status
