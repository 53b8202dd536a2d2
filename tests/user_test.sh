#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-user
# shellcheck disable=SC2016 # the inner shells' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	uid=$(id -u) gid=$(id -g)
}

# assert_map INNER OUTER: a line of the map of the last run, whose columns are padded.
assert_map() {
	assertEquals "$1 $2 1" "$(printf '%s\n' "$out" | awk '{ $1 = $1 } 1' | sed -n "$3p")"
}

test_maps_the_user_to_root_by_default() {
	for option in '' -r --map-root; do
		run ns-user $option sh -c 'id -u; id -g; id -ru; id -rg'
		assert_rc 0
		assertEquals '0
0
0
0' "$out"
		run ns-user $option cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups
		assert_map 0 "$uid" 1
		assert_map 0 "$gid" 2
		assertEquals deny "$(sed -n 3p "$work/out")"
		assertEquals '' "$err"
	done
}

test_map_current_keeps_the_ids() {
	for option in -c --map-current; do
		run ns-user $option sh -c 'id -u; id -g'
		assert_rc 0
		assertEquals "$uid
$gid" "$out"
		run ns-user $option cat /proc/self/uid_map /proc/self/gid_map
		assert_map "$uid" "$uid" 1
		assert_map "$gid" "$gid" 2
	done
}

test_makes_a_new_user_namespace_only() {
	for type in cgroup ipc mnt net pid uts; do
		run ns-user readlink /proc/self/ns/$type
		assertEquals "$(readlink /proc/self/ns/$type)" "$out"
	done
	run ns-user readlink /proc/self/ns/user
	assert_rc 0
	assertNotEquals "$(readlink /proc/self/ns/user)" "$out"
}

test_has_all_capabilities_inside() {
	run ns-user grep CapEff /proc/self/status
	assert_rc 0
	run ns-user ns-uts -n inside cat /proc/sys/kernel/hostname
	assertEquals inside "$out"
}

test_files_belong_to_the_user_outside() {
	run ns-user sh -c ': >made; stat -c %u:%g made'
	assertEquals 0:0 "$out"
	assertEquals "$uid:$gid" "$(stat -c %u:%g made)"
}

test_nests() {
	run ns-user ns-user -c ns-user -r sh -c 'id -u; cat /proc/self/uid_map'
	assert_rc 0
	assertEquals 0 "$(head -n 1 out)"
}

test_the_nesting_limit_is_named() {
	set -- ns-user true
	i=0
	while [ $((i += 1)) -le 33 ]; do set -- ns-user "$@"; done
	run "$@"
	assert_rc 125
	assert_has "$err" 'ns-user: cannot make a new user namespace: '
	assert_has "$err" 'or namespaces are nested 32 deep'
}

test_the_limit_is_named() {
	run ns-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; ns-user true'
	assert_rc 125
	assertEquals "ns-user: cannot make a new user namespace: No space left on device
ns-user: hint: the limit user.max_user_namespaces is 0" "$err"
}

test_the_options_exclude_each_other() {
	for pair in '-r -c' '-c -r' '--map-root --map-current' '-a -r' '-c --auto' '-r -u 0:1:1' \
		'-g 0:1:1 -a' '--uid-map=0:1:1 -c'; do
		# shellcheck disable=SC2086 # words
		assert_usage 'exclude each other' ns-user $pair true
	done
	run ns-user -r -r id -u
	assert_rc 0
	assertEquals 0 "$out"
}

test_maps_of_our_own_ids() {
	for options in "-u 5:$uid:1 -g 7:$gid:1" "--uid-map=5:$uid:1 --gid-map=7:$gid:1"; do
		# shellcheck disable=SC2086 # words
		run ns-user $options sh -c 'id -u; id -g'
		assert_rc 0
		assertEquals '5
7' "$out"
	done
	run ns-user -u "4294967294:$uid:1" sh -c 'id -u; id -g'
	assert_rc 0
	assertEquals '4294967294
0' "$out"
}

test_maps_that_are_wrong() {
	for map in '' 0 0:1 0:1:2:3 0,1,2; do
		assert_usage "UID map is not INNER:OUTER:COUNT: '$map'" ns-user -u "$map" true
		assert_usage "GID map is not INNER:OUTER:COUNT: '$map'" ns-user -g "$map" true
	done
	for map in x:1:1 -1:1:1 0:1:0 0:1:x 0::1 ' 0:1:1' 0:1:1x 4294967295:1:1 0:99999999999999999999:1; do
		assert_usage "'" ns-user -u "$map" true
	done
	assert_usage "UID map goes beyond 4294967294: '4294967294:1:2'" ns-user -u 4294967294:1:2 true
	assert_usage "GID map goes beyond 4294967294: '1:4294967290:9'" ns-user -g 1:4294967290:9 true
	assert_usage "UID map overlaps an earlier range: '5:99:1'" ns-user -u 0:1:10 -u 5:99:1 true
	assert_usage "UID map overlaps an earlier range: '50:5:1'" ns-user -u 0:1:10 -u 50:5:1 true
}

test_keep_caps_of_who_is_not_root_inside() {
	run ns-user -u "5:$uid:1" -g "5:$gid:1" grep CapEff /proc/self/status
	assertEquals "CapEff:$(printf '\t')0000000000000000" "$out"
	for option in -K --keep-caps; do
		run ns-user $option -u "5:$uid:1" -g "5:$gid:1" ns-uts -n kept cat \
			/proc/sys/kernel/hostname
		assert_rc 0
		assertEquals kept "$out"
	done
}

test_usage_mistakes() {
	assert_usage "unknown option '-Z'" ns-user -Z
	assert_usage "unknown option '--no-such'" ns-user --no-such
	assert_usage "option '--map-root' does not take an argument: '--map-root=1'" \
		ns-user --map-root=1
}

test_in_a_chroot_the_hint_says_so() {
	mkdir c c/host
	for name in bin lib lib32 lib64 usr; do ln -s "host/$name" c/$name; done
	# the kernel refuses it for the process' root, whatever it may do
	run $ns ns-bindmount -R / c/host chroot c "/host$BUILD/ns-user" true
	assert_rc 125
	assert_has "$err" 'ns-user: cannot make a new user namespace: Operation not permitted'
	assert_has "$err" 'ns-user: hint: the root directory is no mount point (a chroot)'
}

test_without_proc_the_hint_says_what_is_needed() {
	mkdir p
	run $ns ns-bindmount p /proc ns-user true
	assert_rc 125
	assert_has "$err" "ns-user: cannot write to '/proc/self/uid_map': No such file or directory"
	assert_has "$err" 'hint: a mounted /proc is needed to map users'
}

# shellcheck source=/dev/null
test_who_is_not_mapped_is_told_so() {
	run unshare --user ns-user echo ran
	assert_rc 125
	assertEquals '' "$out"
	assertEquals "ns-user: cannot make a new user namespace: Operation not permitted
ns-user: hint: the user ID or the group ID is not mapped in the current user namespace: who makes \
a user namespace must be" "$err"
}

. "$SHUNIT2"
