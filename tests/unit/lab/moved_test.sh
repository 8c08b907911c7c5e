#!/bin/sh
# moved_test.sh PIANISSIMO-LAB SOURCE_DIR: the program alone, in a folder of another name, on a machine
# where the source tree is not there. Without the right to hide that: that the program does not name it.
set -u
lab=$1 source=$2
. "$source/tests/unit/command.sh"

# A sanitizer names source files, and types by their place in them (file.cpp:46:16): the program does
# not open them.
named=$(grep -aoE "$source/experiments/(scenarios|train|report)[^[:cntrl:]]*" "$lab" | grep -vE '\.[ch]pp(:|$)')
[ -z "$named" ] || { echo "the program names the source tree: $named"; failed=1; }
mkdir "$dir/elsewhere" && cp "$lab" "$dir/elsewhere/" && cd "$dir/elsewhere" || exit 1
cat >"$dir/away.sh" <<'AWAY'
# away.sh SOURCE WORD...: the words as a command, where SOURCE is an empty folder.
source=$1
shift
mount -t tmpfs tmpfs "$source" || exit 99
exec "$@"
AWAY
cp "$(basename "$lab")" "$dir/program"
away() { unshare -m sh "$dir/away.sh" "$source" "$dir/program" "$@"; }
unshare -m sh "$dir/away.sh" "$source" true 2>/dev/null || away() { "$dir/program" "$@"; }

lab=away
expect 0 'the list' simulate --list
says out 'door '
expect 0 'a scenario by its name' simulate door -o run
says out 'door: '
expect 0 'a report' report run -o page.html --svg drawings
says elsewhere/page.html 'uPlot'
expect 0 'the figures' evaluate --scenarios door --policies fixed-max --seeds 1 --no-gap
says out '| fixed-max |'
expect 0 'a sweep' sweep --grid descend.keep=0.9 --scenarios door -o rows
expect 0 'a replay' replay run/journal.jsonl
if command -v Rscript >/dev/null && Rscript -e 'library(rpart)' 2>/dev/null; then
  expect 0 'a classifier' train --test door --seeds 1 -o trained
  says elsewhere/trained/fit.R rpart
fi

# What is a path is a file; what is a name is the program's own.
mkdir door
expect 66 'a file that is not there' simulate ./door.yaml --bare
says err './door.yaml: cannot be read'
expect 0 'a folder has its name' simulate door --bare
printf 'description: My own door.\nduration_s: 5\nstations: [{path_loss: {steps: [[0, 60]]}}]\n' >door.yaml
expect 0 'a file by its ending' simulate door.yaml --bare
says out 'My own door.'
expect 66 'a slip' simulate dor
says err "'dor' is neither a file nor a scenario (did you mean 'door'?). Scenarios: ack-signal, "
expect 66 'a slip among others' evaluate --scenarios door walk-bye --seeds 1
says err "(did you mean 'walk-by'?)"
expect 64 'no scenario' simulate
says err 'SCENARIO is required'
expect 64 'a slip in a law' evaluate --policies parff
says err "'parff' is no law (did you mean 'parf'?): "
expect 78 'a slip in a simulated law' simulate door --policy parff --bare
says err "(did you mean 'parf'?)"
expect 64 'a slip in an option' evaluate --polices parf
says err "'--polices' is no option of pianissimo-lab evaluate (did you mean '--policies'?)"
exit "$failed"
