#!/bin/bash
# In the guest: an access point without traffic, to which tick_bench adds its stations.
set -uo pipefail
# shellcheck source=tests/vm/lib.sh
. "$(dirname "$0")/../vm/lib.sh"
mkdir -p "$testbed_state"
station_count=0
radios_up no && regulatory_domain US && access_point_up || exit 1
"$PIANISSIMO_TICK_BENCH" "$ap_interface" 300 | tee "$VM_SHARE/tick.json"
exit "${PIPESTATUS[0]}"
