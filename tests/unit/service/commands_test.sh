#!/bin/bash
# The operator's commands from outside: what they print and the exit codes that the README promises.
# usage: commands_test.sh PIANISSIMO SOURCE_DIR
set -u
pianissimo=$1 source_dir=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
failures=0

# expect CODE PATTERN COMMAND...: the exit code, and a line of the output (of both streams).
expect() {
  local code=$1 pattern=$2 output status=0
  shift 2
  output=$("$@" 2>&1 </dev/null) || status=$?
  if [ "$status" -ne "$code" ] || ! grep -q -- "$pattern" <<<"$output"; then
    failures=$((failures + 1))
    printf 'FAILED: %s\n  exit code %s, expected %s\n  output, expected to have "%s":\n%s\n' \
      "$*" "$status" "$code" "$pattern" "$output"
  fi
}

expect 0 'check-config' "$pianissimo" --help
expect 0 '^[0-9]*\.[0-9]*\.[0-9]*$' "$pianissimo" --version
expect 64 'subcommand is required' "$pianissimo"
expect 64 'not expected' "$pianissimo" run --loudly
expect 0 'json-schema.org/draft-07' "$pianissimo" schema
expect 0 'pianissimo.yaml: ok' "$pianissimo" check-config "$source_dir/config/pianissimo.yaml"
expect 66 'No such file' "$pianissimo" check-config "$directory/none.yaml"
expect 66 'No such file' "$pianissimo" run -c "$directory/none.yaml"

printf 'box:\n  flor_dbm: 3\n' >"$directory/bad.yaml"
expect 78 "bad.yaml:2:3: box.flor_dbm: unknown key (did you mean 'floor_dbm'?)" \
  "$pianissimo" check-config "$directory/bad.yaml"
expect 78 'unknown key' "$pianissimo" run -c "$directory/bad.yaml"

# Away from this machine's devices, if that may be: a daemon may be counting there.
alone=(unshare -n)
"${alone[@]}" true 2>/dev/null || alone=(unshare -rn)
"${alone[@]}" true 2>/dev/null || alone=(env)
expect 0 'nothing to put back' "${alone[@]}" "$pianissimo" restore --state-dir "$directory/state"
expect 69 'status.json: pianissimo does not run' "$pianissimo" status --state-dir "$directory/state"
echo '{}' >"$directory/state/status.json"
expect 69 'does not run any more' "$pianissimo" status --state-dir "$directory/state"
exec 9>"$directory/state/lock"
flock -n 9
expect 65 'not a status of this version' "$pianissimo" status --state-dir "$directory/state"
expect 0 '^{}' "$pianissimo" status --json --state-dir "$directory/state"
exec 9>&-
printf '{"wlan0": 20}\n' >"$directory/state/found.json"
expect 65 'found.json:1:11: wlan0: needs path' "$pianissimo" restore --state-dir "$directory/state"
rm "$directory/state/found.json"
mkfifo "$directory/state/found.json"
expect 65 'found.json: is no regular file' "${alone[@]}" timeout 10 "$pianissimo" restore \
  --state-dir "$directory/state"
rm "$directory/state/found.json"
mkdir -m 777 "$directory/open"
expect 73 'others may write to it' "$pianissimo" restore --state-dir "$directory/open"

# The power of an instance that runs is its own.
exec 9>"$directory/state/lock"
flock 9
expect 69 'another pianissimo is running' "$pianissimo" restore --state-dir "$directory/state"
exec 9>&-

if [ ! -e /sys/class/ieee80211 ]; then
  expect 69 'no nl80211' "$pianissimo" run -c "$source_dir/config/pianissimo.yaml" \
    --state-dir "$directory/state"
  expect 69 'no nl80211' "$pianissimo" probe
fi

[ "$failures" -eq 0 ] && echo "all as promised"
exit $((failures > 0))
