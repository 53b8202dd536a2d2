#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-cgroup
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

test_makes_a_new_cgroup_namespace_only() {
	for type in ipc mnt net pid uts; do
		run $ns ns-cgroup readlink /proc/self/ns/$type
		assertEquals "$(readlink /proc/self/ns/$type)" "$out"
	done
	run $ns ns-cgroup readlink /proc/self/ns/cgroup
	assert_rc 0
	assert_has "$out" 'cgroup:['
	assertNotEquals "$(readlink /proc/self/ns/cgroup)" "$out"
}

test_our_cgroup_is_the_root_of_each_hierarchy() {
	run $ns ns-cgroup cat /proc/self/cgroup
	assert_rc 0
	assertEquals / "$(cut -d : -f 3 out | sort -u)"
	assertEquals 'hierarchies' "$(wc -l </proc/self/cgroup)" "$(wc -l <out)"
}

test_refuses_what_is_no_cgroup_and_writes_nothing() {
	mkdir plain
	echo before >plain/cgroup.procs
	for option in "-j plain" "--join=plain" "-j $work/plain"; do
		# shellcheck disable=SC2086 # words
		run $ns ns-cgroup $option echo ran
		assert_rc 125
		assertEquals '' "$out"
		assert_has "$err" "plain': it is not on a cgroup file system"
		assertEquals 1 "$(wc -l <err | tr -d ' ')"
	done
	assertEquals before "$(cat plain/cgroup.procs)"
	run $ns ns-cgroup -j none true
	assert_rc 125
	assertEquals "ns-cgroup: cannot join the cgroup 'none': No such file or directory" "$err"
	run $ns ns-cgroup -j '' true
	assert_rc 125
	assertEquals "ns-cgroup: cannot join the cgroup '': No such file or directory" "$err"
	run $ns ns-cgroup -j plain/cgroup.procs true
	assert_rc 125
	assertEquals "ns-cgroup: cannot join the cgroup 'plain/cgroup.procs': Not a directory" "$err"
}

test_a_fifo_does_not_stop_it() {
	mkdir plain
	mkfifo plain/cgroup.procs
	run timeout 10 ns-cgroup -j plain true
	assert_rc 125
}

test_explain_says_the_call() {
	run $ns ns-cgroup -x true
	assert_rc 0
	assertEquals 'ns-cgroup: unshare(CLONE_NEWCGROUP) = 0' \
		"$(grep -v execve err | sed 's/  *# .*//')"
	assert_has "$err" '# unshare --cgroup'
}

test_a_bad_directory_is_found_before_anything_happens() {
	run ns-cgroup -x -j none true
	assert_rc 125
	assert_has_not "$err" unshare
}

test_the_limit_is_named() {
	run ns-user sh -c 'echo 0 >/proc/sys/user/max_cgroup_namespaces; ns-cgroup true'
	assert_rc 125
	assertEquals 'ns-cgroup: cannot make a new cgroup namespace: No space left on device
ns-cgroup: hint: the limit user.max_cgroup_namespaces is 0' "$err"
}

test_usage_mistakes() {
	assert_usage "option '-j' requires an argument" ns-cgroup -j
	assert_usage "option '--join' requires an argument" ns-cgroup --join
	assert_usage "unknown option '-Z'" ns-cgroup -Z
}

# shellcheck source=/dev/null
. "$SHUNIT2"
