#!/bin/sh
# install_test.sh CMAKE BUILD: what `cmake --install` leaves, and that it works where it
# is.
set -u
cmake=$1 build=$2
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
failed=0
"$cmake" --install "$build" --prefix "$dir/usr" >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
cd "$dir/usr" || exit 1
for file in sbin/pianissimo bin/pianissimo-lab etc/pianissimo/pianissimo.yaml \
  share/man/man1/pianissimo.1 share/man/man1/pianissimo-lab.1 share/man/man5/pianissimo.yaml.5 \
  share/bash-completion/completions/pianissimo share/bash-completion/completions/pianissimo-lab \
  share/zsh/vendor-completions/_pianissimo share/zsh/vendor-completions/_pianissimo-lab \
  share/fish/vendor_completions.d/pianissimo.fish share/fish/vendor_completions.d/pianissimo-lab.fish \
  share/pianissimo/pianissimo.schema.json; do
  [ -s "$file" ] || { echo "not installed: $file"; failed=1; }
done
sbin/pianissimo check-config etc/pianissimo/pianissimo.yaml || failed=1
sbin/pianissimo schema | cmp - share/pianissimo/pianissimo.schema.json || failed=1
bin/pianissimo-lab simulate --list | grep -q '^door ' || failed=1
exit "$failed"
