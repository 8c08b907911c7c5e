#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# usage: test.sh PACKAGE VERSION
# The feed's CI runs it in a container without a radio, once a package is installed there.

case "$1" in
pianissimo-full | pianissimo-http | pianissimo-mini)
	for asked in --version -version version -v -V; do
		pianissimo "$asked" | grep -Fx "pianissimo $2" || exit 1
	done
	case "$1" in
	pianissimo-full) pianissimo --version | grep -F +bpf || exit 1 ;;
	*) pianissimo --version | grep -F -e -bpf || exit 1 ;;
	esac
	;;
esac
