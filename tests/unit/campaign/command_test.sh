#!/bin/sh
# command_test.sh PIANISSIMO-LAB: exit codes, messages and files of the subcommand campaign, as far as
# no machine is needed. tests/vm/campaign.sh has the machines.
set -u
lab=$1
# shellcheck source=tests/unit/command.sh
. "$(dirname "$0")/../command.sh"

# Nobody listens on port 1 of this machine.
printf 'Host nowhere\n  HostName 127.0.0.1\n  Port 1\n' >"$dir/ssh_config"
cat >"$dir/two.yaml" <<'YAML'
description: Two laws at two places.
ssh_config: ssh_config
seconds: 10
repetitions: 2
laws: [fixed-max, rate-7]
traffic: {protocol: tcp}
places:
  - {name: table, sentence: On the table.}
  - {name: hall, sentence: In the hall.}
access_points:
  - name: attic
    ssh: nowhere
    interface: wlan0
    stations: [{name: laptop, ssh: nowhere, address: 192.168.1.20}]
YAML

expect 64 'no campaign' campaign
expect 66 'no such campaign' campaign "$dir/none.yaml"
says err 'none.yaml: cannot be read'
sed 's/seconds: 10/seconds: ten/' "$dir/two.yaml" >"$dir/bad.yaml"
expect 65 'a bad one' campaign "$dir/bad.yaml"
says err "$dir/bad.yaml:3:10: seconds: expected a number"
expect 64 'a seed that is none' campaign "$dir/two.yaml" --seed -1
expect 64 'no such place' campaign "$dir/two.yaml" --place cellar
says err 'there is no cellar'

expect 0 'a dry run' campaign "$dir/two.yaml" --dry-run --out "$dir/dry"
says out '8 runs, about '
says out 'place hall: In the hall.'
says out 'access point attic: ssh nowhere, wlan0'
says out "the daemon's configuration for rate-7, at bit rate 7:"
says out 'hall/attic/002-fixed-max'
[ ! -e "$dir/dry" ] || { echo 'a dry run has made a folder' && failed=1; }
grep '^[a-z]*/attic/' "$dir/out" >"$dir/order"
expect 0 'the same seed' campaign "$dir/two.yaml" --dry-run --seed 1
grep '^[a-z]*/attic/' "$dir/out" | cmp - "$dir/order" || failed=1
expect 0 'one place' campaign "$dir/two.yaml" --dry-run --place hall
says out '4 runs, about '

expect 64 'nobody to carry the stations' campaign "$dir/two.yaml" --out "$dir/results" </dev/null
says err 'name the place where they are with --place'
expect 69 'a machine that is not there' campaign "$dir/two.yaml" --out "$dir/results" --place hall --patience 1
says err 'nowhere: not reached, trying again: '
says err 'nowhere: not reached for 1 s: '
expect 0 'nothing was begun, so nothing is to be put back' campaign "$dir/two.yaml" --out "$dir/results" --only-restore

mkdir "$dir/mine"
printf 'my only copy' >"$dir/mine/notes"
expect 65 "somebody else's folder" campaign "$dir/two.yaml" --out "$dir/mine" --place hall
says err 'left alone: no campaign was here'
printf 'my only copy' >"$dir/mine/state.json"
expect 65 "somebody else's file" campaign "$dir/two.yaml" --out "$dir/mine" --place hall
says err 'state.json: left alone'
mkdir "$dir/other"
cat >"$dir/other/state.json" <<'JSON'
{
  "pianissimo_campaign": 1,
  "plan": "seed 2",
  "token": "0123456789abcdef",
  "found": {"attic": "20.00"},
  "runs": {}
}
JSON
expect 65 'the folder of another campaign' campaign "$dir/two.yaml" --out "$dir/other" --place hall
says err 'another campaign is here'
plan=$("$lab" campaign "$dir/two.yaml" --dry-run | sed -n 2p)
sed -i "s|\"seed 2\"|\"$plan\"|" "$dir/other/state.json"
expect 69 'an access point that is not there cannot be put back' campaign "$dir/two.yaml" --out "$dir/other" --only-restore
says err 'attic: not reached; what runs there ends at its time and puts the power back'
exit "$failed"
