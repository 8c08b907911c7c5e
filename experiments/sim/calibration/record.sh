#!/bin/bash
# record.sh [NAME[-N]...]: records how the kernel's own Minstrel-HT answers steps and visits, in the
# virtual testbed, into tests/data/step-curves. Half an hour for all, on a machine that does
# nothing else; with what is built already. A recording is the daemon's journal (every reading, every
# power that the kernel accepted), of which only the changes are kept.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=$(cd "$here/../../.." && pwd)
lab=${PIANISSIMO_LAB:-$repository/build/release/experiments/lab/pianissimo-lab}
names=(steps-aggregates-90 steps-aggregates-80 steps-aggregates-80-2 steps-single-90 steps-single-80
  visits-aggregates-90 visits-single-90)
[ $# -eq 0 ] || names=("$@")

for name in "${names[@]}"; do
  IFS=- read -r kind frames path_loss _ <<<"$name" # -N: of the N-th boot
  out=$repository/out/calibration/$name
  options=()
  [ "$frames" = aggregates ] || options+=(--no-aggregates)
  [ "$kind" = steps ] || options+=(--seconds 160)
  "$repository/experiments/testbed/run.sh" "${options[@]}" -c "$here/$kind.yaml" --out "$out" \
    "$here/$path_loss-db.yaml"
  "$lab" export --csv "$out/csv" "$out"/journal.jsonl*
  recording=$repository/tests/data/step-curves/$name.csv
  {
    echo "t_ms,what,value"
    {
      # Before 0 is what stood when the daemon came.
      awk -F, 'NR > 1 && $8 == "accepted" { printf "%.2f,power_dbm,%s\n", 1000 * $2, $7 }' \
        "$out/csv/power.csv"
      awk -F, 'NR > 1 && $6 != "" && $6 != last { printf "%.2f,expected_mbps,%.3f\n", 1000 * $2, $6 / 1e6 }
               { last = $6 }' "$out/csv/stations.csv"
    } | sort -t, -k1,1n
  } >"$recording.part"
  mv "$recording.part" "$recording"
done
