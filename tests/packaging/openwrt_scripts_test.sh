#!/bin/bash
# The scripts of the OpenWrt package, under dash and under busybox as a router has it. `uci`, `logger`
# and rc.common are stand-ins (fakes/); `pianissimo` is the real one.
# usage: openwrt_scripts_test.sh PIANISSIMO SOURCE_DIR
set -u
for program in shellcheck busybox dash; do
  command -v "$program" >/dev/null || { echo "skipped: there is no $program"; exit 77; }
done
pianissimo=$1 source_dir=$2
files=$source_dir/packaging/openwrt/pianissimo/files
fakes=$source_dir/tests/packaging/fakes
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
log=$directory/log
failures=0
export FAKE_UCI=$directory/uci FAKE_YAML=$directory/pianissimo.yaml
export FAKE_SHIM=$files/uci-to-yaml.sh FAKE_PROG=$pianissimo FAKE_STATE=$directory/state

failed() {
  failures=$((failures + 1))
  printf 'FAILED: %s\n' "$*"
}

# has FILE LINE: the file has that line. says MESSAGE: the log has it.
has() { grep -qxF -- "$2" "$1" || { failed "$shell: expected: $2"; sed 's/^/  | /' "$1"; }; }
says() { grep -qF -- "pianissimo: $1" "$log" || { failed "$shell: expected: $1"; sed 's/^/  | /' "$log"; }; }

# Programs as a router has them: first the stand-ins, then pianissimo, then busybox's or the system's.
mkdir "$directory/bin" "$directory/busybox"
ln -s "$pianissimo" "$directory/bin/pianissimo"
for applet in awk sed mv rm cat sleep; do ln -s "$(command -v busybox)" "$directory/busybox/$applet"; done

# convert: what is in FAKE_UCI, by the shim; its exit code is `status`.
convert() {
  status=0
  PATH=$fakes:$directory/bin:$tools $shell "$files/uci-to-yaml.sh" "$FAKE_YAML" 2>"$log" || status=$?
}

# "config box 'box'" and so on, as `uci show` prints it.
shown() {
  awk '$1 == "config" { gsub(/\047/, "", $3); s = $3; print "pianissimo." s "=" $2 }
    $1 == "option" { print "pianissimo." s "." $2 "=" $3 }' "$1"
}

good_settings() {
  shown "$files/pianissimo.config" >"$FAKE_UCI"
  cat >>"$FAKE_UCI" <<'END'
pianissimo.main.interfaces='phy0-ap0' 'phy1-ap0'
pianissimo.anchor__retry=settings
pianissimo.anchor__retry.first_ms='30000'
pianissimo.anchor=settings
pianissimo.anchor.keep='0.95'
END
  sed -i "/interfaces='auto'/d" "$FAKE_UCI"
}

test_conversion() {
  shown "$files/pianissimo.config" >"$FAKE_UCI"
  rm -f "$FAKE_YAML"
  convert
  [ "$status" -eq 0 ] || failed "$shell: the installed settings: exit code $status"
  has "$FAKE_YAML" 'interfaces: "auto"  # pianissimo.main.interfaces'

  good_settings
  convert
  [ "$status" -eq 0 ] || failed "$shell: good settings: exit code $status"
  has "$FAKE_YAML" 'interfaces: ["phy0-ap0", "phy1-ap0"]  # pianissimo.main.interfaces'
  has "$FAKE_YAML" '  keep: 0.95  # pianissimo.anchor.keep'
  has "$FAKE_YAML" '    first_ms: 30000  # pianissimo.anchor__retry.first_ms'
  [ "$(stat -c %a "$FAKE_YAML")" = 600 ] || failed "$shell: others may read the file"

  # One interface is a list, too.
  sed -i "s/^pianissimo.main.interfaces=.*/pianissimo.main.interfaces='wlan0'/" "$FAKE_UCI"
  convert
  has "$FAKE_YAML" 'interfaces: ["wlan0"]  # pianissimo.main.interfaces'
}

# refused LINE MESSAGE: settings with LINE more are refused with that message, and what was in force
# stays.
refused() {
  good_settings
  printf '%s\n' "$1" >>"$FAKE_UCI"
  convert
  [ "$status" -eq 78 ] || failed "$shell: $1: exit code $status"
  says "$2"
  says '/etc/config/pianissimo has errors: what was in force before stays'
  cmp -s "$FAKE_YAML" "$directory/before" || failed "$shell: $1: the file has changed"
}

test_bad_values() {
  cp "$FAKE_YAML" "$directory/before"
  refused "pianissimo.traffic=settings
pianissimo.traffic.active_bytes='0'" 'pianissimo.traffic.active_bytes: '
  refused "pianissimo.anchor__retry.frist_ms='5'" \
    "pianissimo.anchor__retry.frist_ms: unknown key (did you mean 'first_ms'?)"
  refused "pianissimo.ancor=settings
pianissimo.ancor.keep='1'" 'pianissimo.ancor: unknown key'
  refused "pianissimo.main.interval_ms='0x10'" 'pianissimo.main.interval_ms: '
  refused "pianissimo.main.power_path='it'\\''s'" 'pianissimo.main.power_path: '
  # Nothing of a value becomes YAML.
  refused 'pianissimo.main.power_path='\''auto"'\' 'pianissimo.main.power_path: has a quotation mark'
  refused "pianissimo.main.power_path='auto\\'" 'pianissimo.main.power_path: has a quotation mark'
  refused "pianissimo.main.power_path='auto
dry_run: true'" 'pianissimo: a value has a line break'
  refused "pianissimo.main.power_path='auto, dry_run: true'" 'pianissimo.main.power_path: '
  refused "pianissimo.@settings[9]=settings
pianissimo.@settings[9].keep='1'" 'pianissimo.@settings[9]: a section needs a name of small letters'
  refused 'pianissimo.main.power_path=auto' 'pianissimo.main.power_path: cannot be read'

  rm -f "$FAKE_YAML"
  convert
  says '/etc/config/pianissimo has errors: pianissimo is not started'
  [ ! -e "$FAKE_YAML" ] || failed "$shell: bad settings left a file"
  rm "$FAKE_UCI"
  convert
  [ "$status" -eq 66 ] || failed "$shell: no settings at all: exit code $status"
}

# What procd is told, in $directory/told.
init() {
  PATH=$fakes:$directory/bin:$tools $shell "$fakes/rc.common" "$files/pianissimo.init" "$1" \
    >"$directory/told" 2>"$log"
}

test_init() {
  good_settings
  rm -f "$FAKE_YAML"
  init start_service
  [ ! -s "$directory/told" ] || failed "$shell: started though it is not enabled"

  sed -i "s/enabled='0'/enabled='1'/" "$FAKE_UCI"
  init start_service
  has "$directory/told" "set_param command $pianissimo run --config $FAKE_YAML --state-dir $FAKE_STATE"
  has "$directory/told" "set_param file $FAKE_YAML"
  has "$directory/told" 'set_param reload_signal HUP'
  has "$directory/told" 'set_param respawn 3600 5 5'

  # With bad settings the last good ones serve on, and without any nothing is started.
  echo "pianissimo.main.policy='loud'" >>"$FAKE_UCI"
  init start_service
  has "$directory/told" "set_param file $FAKE_YAML"
  rm "$FAKE_YAML"
  init start_service
  [ ! -s "$directory/told" ] || failed "$shell: started with bad settings"

  init service_triggers
  has "$directory/told" 'add_reload_trigger pianissimo'
  # A note that nobody can understand: the stop says so, and how to try again.
  mkdir -p "$FAKE_STATE"
  echo nonsense >"$FAKE_STATE/found.json"
  init service_stopped
  says 'the power found is not back; run: '
  rm "$FAKE_STATE/found.json"
  init service_stopped
  [ ! -s "$log" ] || failed "$shell: a stop says something though all is well"
}

# The feed's CI knows the package's name and version alone.
test_versions() {
  local version name
  version=$(sed -n 's/^PKG_VERSION:=//p' "$files/../Makefile")
  name='pianissimo-http'
  [[ $("$pianissimo" --version) != *+bpf* ]] || name='pianissimo-full'
  PATH=$directory/bin:$tools $shell "$files/../test.sh" "$name" "$version" >/dev/null ||
    failed "$shell: test.sh fails for $name $version"
  ! PATH=$directory/bin:$tools $shell "$files/../test.sh" "$name" 9.9.9 >/dev/null ||
    failed "$shell: test.sh takes any version"
}

# It opens no socket, so it asks no radio.
test_version_asks_nobody() {
  if command -v strace >/dev/null && strace -o "$directory/calls" -f -e trace=network true 2>/dev/null; then
    for asked in --version -version version -v -V; do
      strace -o "$directory/calls" -f -e trace=network "$pianissimo" "$asked" >/dev/null
      ! grep -q '^[0-9]* *socket' "$directory/calls" || failed "$asked opens a socket"
    done
  fi
}

shellcheck -s dash "$files"/*.sh "$files/../test.sh" "$fakes/uci" "$fakes/logger" ||
  failed 'shellcheck'
# rc.common's functions may have local variables, as busybox's shell knows them.
shellcheck -s dash -e SC1008 "$files/pianissimo.init" "$files/pianissimo.hotplug" || failed 'shellcheck'

for shell in dash 'busybox sh'; do
  tools=$PATH
  [ "$shell" = dash ] || tools=$directory/busybox:$PATH
  test_conversion
  test_bad_values
  test_init
  test_versions
done
test_version_asks_nobody
printf '%d failures\n' "$failures"
[ "$failures" -eq 0 ]
