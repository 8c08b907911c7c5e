#!/bin/bash
# The operator's commands from outside: what they print and the exit codes that the README promises.
# usage: commands_test.sh PIANISSIMO SOURCE_DIR
set -u
pianissimo=$1 source_dir=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
failures=0

# expect CODE PATTERN COMMAND...: the exit code (a regular expression), and a line of the output (of both streams).
expect() {
  local code=$1 pattern=$2 output status=0
  shift 2
  output=$("$@" 2>&1 </dev/null) || status=$?
  if [[ ! "$status" =~ ^$code$ ]] || ! grep -q -- "$pattern" <<<"$output"; then
    failures=$((failures + 1))
    printf 'FAILED: %s\n  exit code %s, expected %s\n  output, expected to have "%s":\n%s\n' \
      "$*" "$status" "$code" "$pattern" "$output"
  fi
}

# expect_not PATTERN COMMAND...: no line of the output has it.
expect_not() {
  local pattern=$1 output
  shift
  output=$("$@" 2>&1 </dev/null)
  if grep -q -- "$pattern" <<<"$output"; then
    failures=$((failures + 1))
    printf 'FAILED: %s\n  output, expected not to have "%s":\n%s\n' "$*" "$pattern" "$output"
  fi
}

expect 0 'check-config' "$pianissimo" --help
for asked in --version -version version -v -V; do
  expect 0 '^pianissimo [0-9]*\.[0-9]*\.[0-9]*$' "$pianissimo" "$asked"
  expect 0 '^features: [+-]bpf$' "$pianissimo" "$asked"
done
expect 64 "'stat' is no command of pianissimo (did you mean 'status'?): run, " "$pianissimo" stat
expect 64 "(did you mean '--dry-run'?)" "$pianissimo" run --dryrun
expect 64 'subcommand is required' "$pianissimo"
expect 64 'not expected' "$pianissimo" run --loudly
expect 0 'json-schema.org/draft-07' "$pianissimo" schema
expect 0 'pianissimo.yaml: ok' "$pianissimo" check-config "$source_dir/config/pianissimo.yaml"
expect 66 'No such file' "$pianissimo" check-config "$directory/none.yaml"
expect 66 'No such file' "$pianissimo" run -c "$directory/none.yaml"

# What comes from outside does nothing to a terminal: escapes, and what turns the order of the text.
evil=$'a\e[2J\xe2\x80\xaeb'
while read -r arguments; do
  # shellcheck disable=SC2086 # words
  expect_not $'\e\\|\xe2\x80\xae' "$pianissimo" $arguments
  # shellcheck disable=SC2086
  expect '[67][0-9]' 'a?\[2J?b' "$pianissimo" $arguments
done <<END
run $evil
run --$evil
run -c /none/$evil
check-config /none/$evil
status --state-dir /none/$evil
restore --state-dir /dev/null/$evil
END

printf 'box:\n  flor_dbm: 3\n' >"$directory/bad.yaml"
expect 78 "bad.yaml:2:3: box.flor_dbm: unknown key (did you mean 'floor_dbm'?)" \
  "$pianissimo" check-config "$directory/bad.yaml"
expect 78 'unknown key' "$pianissimo" run -c "$directory/bad.yaml"

# As JSON, whatever is wrong.
expect 78 '^{"file":".*bad.yaml","is_valid":false,"errors":\[{"line":2,"column":3,"key":"box.flor_dbm","message":"unknown key .*"}\]}$' \
  "$pianissimo" check-config --json "$directory/bad.yaml"
expect 66 '"is_valid":false,"errors":\[{"line":null,"column":null,"key":"","message":"No such file' \
  "$pianissimo" check-config --json "$directory/none.yaml"
expect 0 '^{"file":".*","is_valid":true,"errors":\[\]}$' \
  "$pianissimo" check-config --json "$source_dir/config/pianissimo.yaml"

# Away from this machine's devices, if that may be: a daemon may be counting there.
alone=(unshare -n)
"${alone[@]}" true 2>/dev/null || alone=(unshare -rn)
"${alone[@]}" true 2>/dev/null || alone=(env)
expect 0 'nothing to put back' "${alone[@]}" "$pianissimo" restore --state-dir "$directory/state"
expect 0 '^{"exit_status":0,"interfaces":\[\],"filters":\[\]}$' \
  "${alone[@]}" "$pianissimo" restore --json --state-dir "$directory/state"
expect 69 'status.json: pianissimo does not run' "$pianissimo" status --state-dir "$directory/state"
echo '{}' >"$directory/state/status.json"
# As a daemon says that it runs: its number, and when it began (proc(5), field 22).
says_that_it_runs() {
  echo "$1 $(sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20)" >"$directory/state/pid"
}
expect 69 'does not run any more' "$pianissimo" status --state-dir "$directory/state"
echo "$$ 1" >"$directory/state/pid"
expect 69 'does not run any more' "$pianissimo" status --state-dir "$directory/state"
says_that_it_runs $$
expect 65 'not a status of this version' "$pianissimo" status --state-dir "$directory/state"
expect 0 '^{}' "$pianissimo" status --json --state-dir "$directory/state"
# One who asks takes no lock that another needs.
exec 9>"$directory/state/lock"
flock -n 9
expect 0 '^{}' "$pianissimo" status --json --state-dir "$directory/state"
exec 9>&-
printf '{"version":"\\u001b[2J","pid":1,"t_ns":0,"policy":"anchor","dry_run":false,"interfaces":[],"not_driven":[]}' \
  >"$directory/state/status.json"
expect 0 'pianissimo ?\[2J, pid 1' "$pianissimo" status --state-dir "$directory/state"
expect 0 'THE DAEMON HANGS' "$pianissimo" status --state-dir "$directory/state"
# What is not old is no sign that the daemon hangs. It is of an hour to come, so that a machine that is
# slow makes it no older.
soon_ns=$(awk '{ printf "%d000000000", $1 + 3600 }' /proc/uptime)
printf '{"version":"1","pid":1,"t_ns":%s,"policy":"anchor","dry_run":false,"interfaces":[%s],"not_driven":[]}' \
  "$soon_ns" '{"name":"wlan0","power_dbm":7,"found_dbm":20,"channel_maximum_dbm":23,"frequency_mhz":5180,
  "width_mhz":80,"mode":"station","others_set":{"words":"iw\u001b (pid 812) set 5 dBm","t_ns":0},"traffic_source":"bpf","traffic_how":"XDP","why":"A reason.","stations":[
  {"station":"02:00:00:00:00:0a","expected_bps":58260000,"load":"light","utilisation_percent":25},
  {"station":"02:00:00:00:00:0b"}]}' >"$directory/state/status.json"
expect 0 'wlan0: station mode, 7 dBm (found 20, channel maximum 23), 5180 MHz, 80 MHz wide' \
  "$pianissimo" status --state-dir "$directory/state"
expect 0 '^  [0-9]* s ago iw? (pid 812) set 5 dBm$' "$pianissimo" status --state-dir "$directory/state"
expect 0 '^  A reason\.' "$pianissimo" status --state-dir "$directory/state"
expect 0 '^  02:00:00:00:00:0a  58\.3 Mbit/s expected  light (25 %)$' \
  "$pianissimo" status --state-dir "$directory/state"
expect 0 '^  02:00:00:00:00:0b$' "$pianissimo" status --state-dir "$directory/state"
printf '{"version":"1","pid":1,"t_ns":%s,"policy":"anchor","mode":"recommend","dry_run":false,"ceiling_file_trouble":"/c:1: 0 is none",
  "interfaces":[],"not_driven":[]}' "$soon_ns" >"$directory/state/status.json"
expect 0 'policy anchor, recommends, as of' "$pianissimo" status --state-dir "$directory/state"
expect 0 '^/c:1: 0 is none$' "$pianissimo" status --state-dir "$directory/state"
printf '{"version":"1","pid":1,"t_ns":%s,"policy":"anchor","dry_run":false,"interfaces":[%s],"not_driven":[],"mitigation":[
  {"frequency_mhz":5260,"width_mhz":80,"day":"2026-11-30","mean_db":4.25,"covered_s":5400}]}' \
  "$soon_ns" '{"name":"wlan0","reverts":[{"level_dbm":9,"until_t_ns":'$((soon_ns + 3000000000000))'}],
  "power_dbm":7,"found_dbm":20,"channel_maximum_dbm":23,"frequency_mhz":5260,"width_mhz":80,"mode":"AP","others_set":null,"traffic_source":"bpf","traffic_how":"XDP","why":null,"stations":[],
  "air":{"dfs":true,"dfs_state":null,"dfs_since_s":null,"no_ir":false,"indoor_only":true,"density_dbm_per_mhz":5,
  "sent_width_mhz":80,"width_limit_dbm":24.03,"has_he":true,"has_spatial_reuse":false,"station_mode":false,
  "beacon":null}}' >"$directory/state/status.json"
expect 0 '^  DFS: required$' "$pianissimo" status --state-dir "$directory/state"
expect 0 '^  a change hurt: nothing goes below 9 dBm for 1[01][0-9] min more$' "$pianissimo" status --state-dir "$directory/state"
expect 0 '^  use: indoors only$' "$pianissimo" status --state-dir "$directory/state"
expect 0 '^  power per MHz: 5 dBm/MHz at most: 24.03 dBm in 80 MHz$' \
  "$pianissimo" status --state-dir "$directory/state"
expect 0 '^  power constraint: not visible' "$pianissimo" status --state-dir "$directory/state"
expect 0 '^  2026-11-30  5260 MHz, 80 MHz wide: 4.25 dB over 1.5 h$' \
  "$pianissimo" status --state-dir "$directory/state"
expect_not 'HANGS' "$pianissimo" status --state-dir "$directory/state"
expect_not 'no interface to drive' "$pianissimo" status --state-dir "$directory/state"
if [ "$(id -u)" -eq 0 ]; then
  chmod 755 "$directory" && chmod 640 "$directory/state/status.json"
  chmod 644 "$directory/state/pid"
  nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  cp "$pianissimo" "$directory/pianissimo" && chmod 755 "$directory/pianissimo"
  expect 77 'pianissimo runs (pid' "${nobody[@]}" "$directory/pianissimo" status \
    --state-dir "$directory/state"
  echo "$$ 1" >"$directory/state/pid"
  expect 69 'does not run any more' "${nobody[@]}" "$directory/pianissimo" status \
    --state-dir "$directory/state"
fi
rm -f "$directory/state/pid"

# Of a daemon that is not there nothing can be asked.
for asked in hold resume 'ceiling 12' approve 'approve --list' reload explain 'journal export' 'status --watch'; do
  # shellcheck disable=SC2086 # words
  expect 69 'pianissimo does not run' "$pianissimo" $asked --state-dir "$directory/state"
done
expect 64 'DBM' "$pianissimo" ceiling 37
expect 64 'DBM' "$pianissimo" ceiling 1.5
expect 64 'for' "$pianissimo" hold --for 8d
expect 64 'withdraw' "$pianissimo" approve --list --withdraw
expect 64 'last' "$pianissimo" explain --last 101
expect 0 'resume' "$pianissimo" --help

# The journal takes no other file's place.
journal_at() { echo "journal: {path: $1}" >"$directory/journal.yaml"; }
journal_is() {
  journal_at "$3"
  expect "$1" "$2" "$pianissimo" check-config "$directory/journal.yaml" --state-dir "$directory/state"
}
journal_is 78 'no journal: it would be moved away' /etc/passwd
for name in found.json status.json lock pid control found.json.new; do
  journal_is 78 'is a file of the daemon' "$directory/state/$name"
done
ln -s "$directory/state" "$directory/link"
journal_is 78 'is a file of the daemon' "$directory/link/found.json"
journal_is 78 'is a link' "$directory/link"
journal_is 78 'is no regular file' /dev/full
echo 'precious' >"$directory/journal.jsonl.2"
journal_is 78 "journal.jsonl.2 is there and is no journal" "$directory/journal.jsonl"
rm "$directory/journal.jsonl.2"
journal_is 78 'is a folder' "$directory/state"
if [ "$(id -u)" -eq 0 ]; then
  : >"$directory/theirs.jsonl" && chown 65534 "$directory/theirs.jsonl"
  journal_is 78 'belongs to another user' "$directory/theirs.jsonl"
fi
mkfifo "$directory/pipe"
journal_is 0 ok "$directory/pipe"
echo '{"t_ns":0,"wall_ms":0,"type":"header"}' >"$directory/journal.jsonl"
journal_is 0 ok "$directory/journal.jsonl"
expect 78 'would be moved away' "$pianissimo" run -c <(echo 'journal: {path: /etc/passwd}')
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
expect 69 '^{"exit_status":69,"interfaces":\[\],"filters":\[\]}$' \
  "$pianissimo" restore --json --state-dir "$directory/state"
expect 69 'another pianissimo is running' "$pianissimo" restore --state-dir "$directory/state"
exec 9>&-

if [ ! -e /sys/class/ieee80211 ]; then
  expect 69 'no nl80211' "$pianissimo" run -c "$source_dir/config/pianissimo.yaml" \
    --state-dir "$directory/state"
  expect 69 'no nl80211' "$pianissimo" probe
fi

[ "$failures" -eq 0 ] && echo "all as promised"
exit $((failures > 0))
