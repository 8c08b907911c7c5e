#!/bin/bash
# pages_test.sh PROGRAM FOLDER: the manual pages and completions that were made when the program was
# built, as their readers take them.
set -u
program=$1 folder=$2
name=$(basename "$program")
failed=0
fail() { printf 'FAILED: %s\n' "$*"; failed=1; }

# Readers without a word of complaint.
for page in "$folder"/*.[15]; do
  said=$(groff -man -ww -Tutf8 "$page" 2>&1 >/dev/null) || fail "groff: status $?"
  [ -z "$said" ] || fail "groff on $page: $said"
  if command -v man >/dev/null; then
    said=$(MANWIDTH=80 man -l --warnings "$page" 2>&1 >/dev/null)
    [ -z "$said" ] || fail "man on $page: $said"
  fi
  if command -v mandoc >/dev/null; then
    # The date is missing on purpose: the same source gives the same page.
    said=$(mandoc -T lint -W warning "$page" | grep -v 'missing date')
    [ -z "$said" ] || fail "mandoc on $page: $said"
  fi
done
bash -n "$folder/$name.bash" || fail "bash -n"
! command -v zsh >/dev/null || zsh -n "$folder/_$name" || fail "zsh -n"
! command -v fish >/dev/null || fish -n "$folder/$name.fish" || fail "fish -n"

# complete WORD...: what bash offers for the last of the words.
# shellcheck source=/dev/null
. "$folder/$name.bash"
complete_words() {
  COMP_WORDS=("$name" "$@") COMP_CWORD=$#
  COMPREPLY=()
  "_${name//-/_}"
}
# offers WANTED WORD...
offers() {
  local wanted=$1
  shift
  complete_words "$@"
  [[ " ${COMPREPLY[*]} " == *" $wanted "* ]] || fail "'$*' is not completed to $wanted: ${COMPREPLY[*]}"
}
# offers_only WANTED WORD...
offers_only() {
  local wanted=$1
  shift
  complete_words "$@"
  [ "${COMPREPLY[*]}" = "$wanted" ] || fail "'$*' is completed to '${COMPREPLY[*]}', not '$wanted'"
}

# Every option and command of --help, of every command, is on the page and is completed.
text=$(tr -d '\\' <"$folder/$name.1" | sed 's/f[BIR]//g')
visit() {
  local help option command
  help=$("$program" "$@" --help) || fail "$* --help"
  for option in $(grep -oE '^  (-[A-Za-z],)*--?[a-zA-Z][-a-zA-Z,]*' <<<"$help" | tr ',' ' '); do
    grep -qE -- "(^|[ ,])${option}([ ,]|\$)" <<<"$text" || fail "$* $option is not in the page"
    offers "$option" "$@" "$option"
    grep -qE -- " -(l|s) ${option##*-}|-l ${option#--}" "$folder/$name.fish" || fail "$option: not in fish"
    grep -qF -- "'$option:" "$folder/_$name" || fail "$option: not in zsh"
  done
  for command in $(sed -n '/^Subcommands:/,/^$/s/^  \([a-z][-a-z]*\).*/\1/p' <<<"$help"); do
    grep -qxF ".SS ${*:+$* }$command" <<<"$text" || fail "$* $command is not in the page"
    offers "$command" "$@" "${command:0:2}"
    visit "$@" "$command"
  done
}
visit

case $name in
  pianissimo)
    offers_only 'status' sta
    offers_only '--dry-run' run --dr
    offers_only '' run -c x
    ;;
  pianissimo-lab)
    offers_only 'orca' import o
    offers_only 'door' simulate doo
    offers_only 'parf' simulate door --policy pa
    offers_only 'anchor,parf' evaluate --policies anchor,pa
    offers_only 'parf' evaluate --policies = pa
    offers_only '' replay x.jsonl
    ;;
esac
[ "$failed" -eq 0 ] && echo 'every option is where it is looked for'
exit "$failed"
