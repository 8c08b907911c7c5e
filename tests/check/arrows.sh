#!/bin/sh
# Who may include whom. Fails with every include that no rule allows, and with every source file
# that no rule is for.
#
#   arrows.sh ROOT
set -eu
cd "$1"
[ -d controller/core ] || { echo "$1 is not the project"; exit 2; }

# The standard library without clocks, threads, streams and files, as far as headers can tell;
# purity.sh holds what they cannot (<chrono> has its clocks beside its durations).
pure='(algorithm|array|bit|cassert|charconv|chrono|cmath|compare|concepts|cstddef|cstdint|deque'
pure=$pure'|functional|initializer_list|iterator|limits|map|memory|numbers|numeric|optional|ranges'
pure=$pure'|set|span|stdexcept|string|string_view|tuple|type_traits|unordered_map|unordered_set'
pure=$pure'|utility|variant|vector)$'
std='[a-z_0-9]+$'
posix='([a-z_0-9]+\.h|(arpa|net|netinet|sys)/[a-z_]+\.h)$'
lab='controller/(core|policy|journal|command_line|drawing)/|config/|experiments/'
programs='boost/|fmt/|CLI/'
netlink='(netlink/|linux/(netlink|genetlink|rtnetlink|nl80211|if|if_link|if_arp)\.h$)'

# Files (a regular expression on the path), and what they may include. The first that fits holds.
# Quoted includes are from the root of the project.
rules() {
  cat <<EOF
controller/core/          controller/core/|$pure
controller/policy/        controller/(core|policy)/|$pure
controller/journal/(file|writer|privacy_key)\.  controller/(core|journal)/|linux/magic\.h$|$std|$posix
controller/journal/pseudonym\.  controller/(core|journal)/|nettle/|$pure
controller/journal/       controller/(core|journal)/|boost/json/|$pure
controller/drawing/       controller/(core|drawing)/|$pure
controller/command_line/   controller/command_line/|config/|CLI/|$std
controller/service/       (controller|nl80211|bpf|config)/|$programs|spdlog/|$std|$posix
nl80211/                  controller/core/|nl80211/|boost/(asio|system)/|$netlink|$std|$posix
bpf/                      controller/core/|bpf/|linux/|boost/system/|fmt/|$std|$posix
config/                   controller/core/|controller/policy/[a-z_]+\.hpp$|config/|yaml-cpp/|arpa/inet\.h$|$std
experiments/recorded/     controller/(core|policy)/|experiments/(recorded|evaluate|policies|sim)/|$programs|$std
experiments/              $lab|bpf/|linux/|$programs|yaml-cpp/|$netlink|$std|$posix
EOF
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for folder in controller nl80211 bpf config experiments; do
  [ -d "$folder" ] || continue
  find "$folder" -type f \( -name '*.[ch]' -o -name '*.[ch]pp' \)
done | sort > "$work/files"

# "file:line:included", for every include of every file.
xargs grep -nHE '^[[:space:]]*#[[:space:]]*include' /dev/null < "$work/files" |
  sed -E 's/^([^:]*:[0-9]+:)[^<"]*[<"]([^>"]*).*/\1\2/' > "$work/includes" || true

: > "$work/bad"
rules > "$work/rules"
while read -r files allowed; do
  grep -E "^$files" "$work/includes" | grep -vE "^[^:]*:[0-9]+:($allowed)" >> "$work/bad" || true
  for list in files includes; do
    grep -vE "^$files" "$work/$list" > "$work/rest" || true
    mv "$work/rest" "$work/$list"
  done
done < "$work/rules"

status=0
if [ -s "$work/bad" ]; then
  echo "includes against the arrows (file:line:included):"
  cat "$work/bad"
  status=1
fi
if [ -s "$work/files" ]; then
  echo "no rule says what these may include:"
  cat "$work/files"
  status=1
fi
exit $status
