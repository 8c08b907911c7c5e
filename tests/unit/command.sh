# shellcheck shell=sh disable=SC2154,SC2034 # lab is given, failed is read by those that source this
# Sourced by the tests of pianissimo-lab's subcommands, with the program's path in $lab: a folder
# $dir for them, and what a command must answer. A test ends with `exit $failed`.
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0

# expect STATUS WHAT ARGUMENT...: what the command says is in $dir/out and $dir/err.
expect() {
  wanted=$1 what=$2
  shift 2
  "$lab" "$@" >"$dir/out" 2>"$dir/err"
  status=$?
  [ "$status" -eq "$wanted" ] && return
  echo "$what: status $status, not $wanted"
  cat "$dir/err"
  failed=1
}

# says FILE TEXT
says() {
  grep -qF -- "$2" "$dir/$1" && return
  echo "'$2' is not in $1:"
  cat "$dir/$1"
  failed=1
}

# leaves FILE WHAT ARGUMENT...: the command would write FILE, finds somebody else's there, and leaves
# it as it is.
leaves() {
  theirs=$1
  shift
  mkdir -p "$(dirname "$theirs")"
  printf 'my only copy' >"$theirs"
  expect 65 "$@"
  says err 'left alone'
  [ "$(cat "$theirs")" = 'my only copy' ] && rm "$theirs" && return
  echo "$1: somebody else's file is not what it was"
  failed=1
}
