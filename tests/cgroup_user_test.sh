#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-cgroup: what a user may not join
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

test_without_write_access_the_hint_says_so() {
	joined=
	awk '/ - cgroup2? / { print $5 }' /proc/self/mountinfo >mounts
	while read -r dir <&8; do
		[ -e "$dir/cgroup.procs" ] || continue
		[ ! -w "$dir/cgroup.procs" ] || continue
		joined=$dir
		for prefix in '' ns-user; do
			run $prefix ns-cgroup -j "$dir" true
			assert_rc 125
			assertEquals "ns-cgroup: cannot join the cgroup '$dir': Permission denied
ns-cgroup: hint: write access is needed to its cgroup.procs, and with cgroup v2 to that of the nearest common parent, too" \
				"$err"
		done
	done 8<mounts
	[ -n "$joined" ] || skip 'no cgroup file system that is not ours'
}

# shellcheck source=/dev/null
. "$SHUNIT2"
