#!/bin/bash
# run.sh [--no-aggregates] [--seconds N] [-c CONFIG]... [--bit-rate RATE]... [--out DIR]
#        [--label NAME] SCENARIO
# Runs the daemon on the virtual testbed. SCENARIO is a name in scenarios/ or a YAML file.
#   --no-aggregates  Debian's own hwsim module: every frame is sent alone
#   --seconds N      measure for N seconds instead of the scenario's duration
#   -c CONFIG        the daemon's configuration (default: anchor.yaml beside this script). Several:
#                    one run after the other on the same channel, in the same boot
#   --bit-rate RATE  one more run: full power, and instead of Minstrel-HT's choice one bit rate:
#                    slowest, MCS (of both streams), MCSxSTREAMS; called rate-RATE
#   --out DIR        where the results go (default: out/testbed/SCENARIO); of several runs into
#                    a folder in it for each configuration, named like its file
#   --label NAME     a name for a single run, in run.json (default: the configuration's)
# Binaries: $PIANISSIMO_BIN (default build/release/controller/service/pianissimo) and
# $PIANISSIMO_MEDIUM (default build/release/experiments/testbed/pianissimo-medium).
set -euo pipefail
# shellcheck source=experiments/testbed/vm/common.sh
. "$(dirname "$0")/vm/common.sh"

usage() {
  sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
}

aggregates=yes seconds='' configs=() bit_rates=() out='' label='' scenario=''
while [ $# -gt 0 ]; do
  case $1 in
    --no-aggregates) aggregates=no; shift ;;
    --seconds) seconds=${2:?}; shift 2 ;;
    -c) configs+=("${2:?}"); shift 2 ;;
    --bit-rate) bit_rates+=("${2:?}"); shift 2 ;;
    --out) out=${2:?}; shift 2 ;;
    --label) label=${2:?}; shift 2 ;;
    -*) usage ;;
    *) [ -z "$scenario" ] || usage; scenario=$1; shift ;;
  esac
done
[ -n "$scenario" ] || usage

repository=$(cd "$testbed_dir/../.." && pwd)
build=$repository/build/release
PIANISSIMO_BIN=${PIANISSIMO_BIN:-$build/controller/service/pianissimo}
PIANISSIMO_MEDIUM=${PIANISSIMO_MEDIUM:-$build/experiments/testbed/pianissimo-medium}
for binary in "$PIANISSIMO_BIN" "$PIANISSIMO_MEDIUM"; do
  [ -x "$binary" ] || die "no program '$binary': build first"
done
PIANISSIMO_BIN=$(realpath "$PIANISSIMO_BIN")
PIANISSIMO_MEDIUM=$(realpath "$PIANISSIMO_MEDIUM")
[ $((${#configs[@]} + ${#bit_rates[@]})) -gt 0 ] || configs=("$testbed_dir/anchor.yaml")
[ -z "$label" ] || [ $((${#configs[@]} + ${#bit_rates[@]})) -eq 1 ] || die "--label: of a single run only"
runs=() labels=()
for config in "${configs[@]}"; do
  [ -r "$config" ] || die "no configuration '$config'"
  name=${label:-$(basename "$config" .yaml)}
  [[ $name =~ ^[A-Za-z0-9._\ -]+$ ]] || die "--label: letters, digits and ._- only"
  [[ " ${labels[*]-} " != *" $name "* ]] || die "two configurations are called '$name'"
  labels+=("$name") runs+=("$name=auto=$(realpath "$config")")
done
for rate in "${bit_rates[@]}"; do
  [[ $rate =~ ^(slowest|[0-9](x[12])?)$ ]] ||
    die "--bit-rate: slowest, MCS or MCSxSTREAMS (0..9, 1..2), not '$rate'"
  name=${label:-rate-$rate}
  [[ " ${labels[*]-} " != *" $name "* ]] || die "two runs are called '$name'"
  labels+=("$name") runs+=("$name=$rate=$(realpath "$testbed_dir/fixed-max.yaml")")
done

if [ ! -e "$scenario" ]; then
  known=$(cd "$testbed_dir/scenarios" && echo *.yaml)
  [ -e "$testbed_dir/scenarios/$scenario.yaml" ] ||
    die "no scenario '$scenario'; there are: ${known//.yaml/}"
  scenario=$testbed_dir/scenarios/$scenario.yaml
fi
scenario=$(realpath "$scenario")
description=$("$PIANISSIMO_MEDIUM" describe "$scenario") || exit 1
value() { sed -n "s/^$1=//p" <<<"$description"; }
duration=${seconds:-$(value duration_s)}
[[ $duration =~ ^[1-9][0-9]*$ ]] || die "--seconds: a whole number, not '$duration'"

out=${out:-$repository/out/testbed/$(value name)}
mkdir -p "$out"
out=$(cd "$out" && pwd)
# Only what a run leaves, so that an old result never passes for a new one.
folders=("$out")
[ ${#labels[@]} -eq 1 ] || folders=("${labels[@]/#/$out/}")
# And only where a run was: what has such a name elsewhere is somebody else's.
readonly mark=.pianissimo-testbed
for folder in "${folders[@]}"; do
  left=()
  for file in "$folder"/{journal.jsonl*,truth.csv,daemon.log,hostapd.log,medium.log,traffic.json,run.json,iperf*.json}; do
    [ ! -e "$file" ] || left+=("$file")
  done
  if [ ${#left[@]} -gt 0 ]; then
    [ -e "$folder/$mark" ] || grep -qs '"accelerator": "\(kvm\|tcg\)"' "$folder/run.json" ||
      (die "${left[0]}: left alone: no run of the testbed was here; name another with --out") || exit 65
    rm -f "${left[@]}"
  fi
  mkdir -p "$folder"
  touch "$folder/$mark"
done

[ "$aggregates" = no ] || bash "$testbed_dir/vm.sh" module >/dev/null
information=$(bash "$testbed_dir/vm.sh" information)
PIANISSIMO_KERNEL_PACKAGE=$(sed -n 's/^kernel_package=//p' <<<"$information")
PIANISSIMO_ACCELERATOR=$(sed -n 's/^accelerator=//p' <<<"$information")
export PIANISSIMO_BIN PIANISSIMO_MEDIUM PIANISSIMO_KERNEL_PACKAGE PIANISSIMO_ACCELERATOR

# One line that changes on a terminal, a line every ten seconds elsewhere.
show_progress() {
  local line last=-10 on_terminal=no text said='' name=${labels[0]}
  [ ! -t 1 ] || on_terminal=yes
  while IFS= read -r line; do
    case $line in
      '@progress label '*)
        name=${line#@progress label } last=-10 said=''
        continue
        ;;
      '@progress stage '*)
        text=${line#@progress stage }
        if [ "$on_terminal" = no ]; then
          text=${text%%,*} # the rest changes every second
          [ "$text" != "$said" ] || continue
          said=$text
        fi
        ;;
      '@progress run '*)
        read -r _ _ elapsed total status <<<"$line"
        text="$elapsed/$total s, $status"
        if [ "$on_terminal" = no ]; then
          [ $((elapsed - last)) -ge 10 ] || [ "$elapsed" = "$total" ] || continue
          last=$elapsed
        fi
        ;;
      *)
        [ "$on_terminal" = no ] || printf '\r\033[K'
        printf '%s\n' "$line"
        continue
        ;;
    esac
    if [ "$on_terminal" = yes ]; then
      printf '\r\033[K%s: %.100s' "$name" "$text"
    else
      printf '%s: %s\n' "$name" "$text"
    fi
  done
  [ "$on_terminal" = no ] || printf '\n'
}

# Bring-up and warm-up have limits of their own; this one is for a machine that hangs.
timeout=$((${#runs[@]} * (duration + $(value warm_up_s) + 10) + 240))
status=0
bash "$testbed_dir/vm.sh" run --share "$out" --timeout "$timeout" \
  "$testbed_dir/guest/scenario_job.sh" "$scenario" "$aggregates" "$duration" "${runs[@]}" |
  show_progress || status=$?
[ "$status" -eq 0 ] || die "the run failed (status $status); its logs are in $out"
say "results are in $out"
