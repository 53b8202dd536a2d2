#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-user: what only root can test.
# shellcheck disable=SC2016 # the inner shells' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

# maps COMMAND...: runs it with cat of both maps; sets out to them, blanks squeezed.
maps() {
	run "$@" cat /proc/self/uid_map /proc/self/gid_map
	out=$(printf '%s\n' "$out" | tr -s ' ' | sed 's/^ //')
}

test_maps_of_many_ranges() {
	maps ns-user -u 0:100000:1000 -u 5000:0:1 -g 0:200000:65536 -g 70000:0:3
	assert_rc 0
	assertEquals '0 100000 1000
5000 0 1
0 200000 65536
70000 0 3' "$out"
}

test_root_becomes_the_root_of_the_map() {
	run ns-user -u 0:100000:1000 -g 0:100000:1000 sh -c 'id -u; id -g; : >made'
	assertTrue 'nobody there may write here' '[ ! -e made ]'
	assertEquals '0
0' "$out"
	chmod 777 .
	run ns-user -u 0:100000:1000 -g 0:100001:1000 sh -c ': >made'
	assert_rc 0
	assertEquals 100000:100001 "$(stat -c %u:%g made)"
}

test_auto_maps_what_root_is_granted() {
	mkdir etc
	cp /etc/passwd /etc/group etc
	echo root:300000:65536 >etc/subuid
	echo 0:400000:70000 >etc/subgid
	for option in -a --auto; do
		maps ns-bindmount etc /etc ns-user $option
		assert_rc 0
		assertEquals '0 0 1
1 300000 65536
0 0 1
1 400000 70000' "$out"
	done
	printf 'x\nroot:a:b\nroot:0:5\nother:1:2\n' >etc/subuid
	run ns-bindmount etc /etc ns-user -a true
	assert_rc 125
	assertEquals "ns-user: no subordinate UIDs for user 'root' in '/etc/subuid'
ns-user: hint: root can grant some: usermod --add-subuids 100000-165535 root" "$err"
}

test_ids_that_are_not_mapped_outside() {
	run ns-user -u 0:0:1 ns-user -u 0:5:1 true
	assert_rc 125
	assert_has "$err" 'ns-user: cannot write to '
	assert_has "$err" 'ns-user: hint: the map has IDs that are not mapped in our own user namespace'
}

# shellcheck source=/dev/null
. "$SHUNIT2"
