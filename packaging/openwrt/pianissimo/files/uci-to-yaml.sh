#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: uci-to-yaml FILE
# Writes the UCI settings of pianissimo as its YAML, if they are good. If not, FILE stays as it is,
# and the log says which option of which section is wrong. Exit codes are those of `pianissimo`.
set -u
PATH=$PATH:/usr/sbin
yaml=$1
new=$yaml.new
folder=${0%/*}
[ -e "$folder/uci-to-yaml.awk" ] || folder=/usr/libexec/pianissimo
umask 077

say() {
	logger -s -t pianissimo -p daemon.err "$1"
}

uci -q show pianissimo >"$new.uci" || {
	say "/etc/config/pianissimo cannot be read"
	rm -f "$new.uci"
	exit 66
}
awk -f "$folder/uci-to-yaml.awk" "$new.uci" >"$new" 2>"$new.said"
status=$?
if [ "$status" -eq 0 ]; then
	pianissimo check-config "$new" >/dev/null 2>"$new.said"
	status=$?
fi

if [ "$status" -eq 0 ]; then
	mv "$new" "$yaml"
else
	# FILE:LINE:COLUMN: KEY: what is wrong. The line ends with the option that it was made from.
	while IFS= read -r said; do
		place=${said#"$new":}
		line=${place%%:*} where=
		case $line in
		'' | *[!0-9]*) ;;
		*) where=$(sed -n "${line}s/.*  # //p" "$new") ;;
		esac
		if [ -n "$where" ]; then
			key=$(printf '%s' "${where#pianissimo.}" | sed 's/^main\.//; s/__/./g')
			place=${place#*:}
			place=${place#*: }
			said="$where: ${place#"$key: "}"
		fi
		say "$said"
	done <"$new.said"
	if [ -s "$yaml" ]; then
		say "/etc/config/pianissimo has errors: what was in force before stays"
	else
		say "/etc/config/pianissimo has errors: pianissimo is not started"
	fi
	[ "$status" -ge 64 ] || status=78
fi
rm -f "$new" "$new.uci" "$new.said"
exit "$status"
