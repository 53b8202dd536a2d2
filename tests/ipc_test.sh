#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-ipc
# shellcheck disable=SC2016 # for inner shells
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	PATH=$BUILD/helpers:$PATH
	export PATH
	queue=ns-test-$$
}

tear_down() {
	PATH=${PATH#"$BUILD/helpers:"}
}

# The lines of /proc/sysvipc, without the headings.
system_v() {
	tail -qn +2 /proc/sysvipc/msg /proc/sysvipc/sem /proc/sysvipc/shm
}

test_makes_a_new_ipc_namespace_only() {
	for type in cgroup mnt net pid uts user; do
		[ "$type:$ns" != user:ns-user ] || continue
		run $ns ns-ipc readlink /proc/self/ns/$type
		assertEquals "$(readlink /proc/self/ns/$type)" "$out"
	done
	run $ns ns-ipc readlink /proc/self/ns/ipc
	assert_rc 0
	assert_has "$out" 'ipc:['
	assertNotEquals "$(readlink /proc/self/ns/ipc)" "$out"
}

test_system_v_objects_are_seen_inside_only() {
	system_v >before
	mkfifo ready go
	$ns ns-ipc sh -c 'ipcmk -Q; ipcmk -S 1; ipcmk -M 4096; wc -l /proc/sysvipc/???; echo >ready; read -r x <go' >out &
	read -r _ <ready
	assertEquals 'each heading and one line' 3 "$(grep -Ec ' *2 .*(msg|sem|shm)' out)"
	assertEquals 'outside' "$(cat before)" "$(system_v)"
	$ns ns-ipc ns-ipc sh -c 'wc -l /proc/sysvipc/???' >other
	assertEquals 'in another one' 3 "$(grep -Ec ' *1 .*(msg|sem|shm)' other)"
	echo >go
	wait $!
}

test_posix_queues_are_seen_inside_only() {
	run $ns ns-ipc sh -c 'mq make $1 && mq open $1 && echo opened' sh "$queue"
	assert_rc 0
	assertEquals opened "$out"
	run mq open "$queue"
	assert_rc 1
	run $ns ns-ipc sh -c 'mq make $1 && ns-ipc mq open $1' sh "$queue"
	assert_rc 1
	assertEquals 'mq: No such file or directory' "$err"
}

test_a_second_namespace_begins_empty() {
	run $ns ns-ipc sh -c 'ipcmk -Q >/dev/null; ns-ipc tail -n +2 /proc/sysvipc/msg'
	assert_rc 0
	assertEquals '' "$out"
}

# A machine may lack /dev/mqueue: these take a /dev of their own.
test_mqueue_mounts_the_queues() {
	for option in -q --mqueue; do
		run $ns ns-ipc ns-tmpfs /dev sh -c '
			mkdir /dev/mqueue && mq make $1-outer
			ns-ipc $2 sh -c "mq make $1 && ls /dev/mqueue; grep -c /dev/mqueue /proc/self/mountinfo"
			ls /dev/mqueue; grep -c /dev/mqueue /proc/self/mountinfo' sh "$queue" $option
		assertEquals '' "$err"
		assertEquals "$queue
1
0" "$out"
		run $ns ns-ipc ns-tmpfs /dev sh -c 'mkdir /dev/mqueue; ns-ipc -q ls /dev/mqueue'
		assert_rc 0
		assertEquals '' "$out"
	done
}

test_mqueue_mount_is_nosuid_nodev_noexec() {
	run $ns ns-tmpfs /dev sh -c 'mkdir /dev/mqueue; ns-ipc -q grep /dev/mqueue /proc/self/mounts'
	assert_rc 0
	assert_has "$out" 'mqueue /dev/mqueue mqueue rw,nosuid,nodev,noexec,'
}

test_without_the_directory_the_hint_says_so() {
	run $ns ns-tmpfs /dev ns-ipc -q true
	assert_rc 125
	assertEquals "ns-ipc: cannot mount mqueue on '/dev/mqueue': No such file or directory
ns-ipc: hint: make that directory: mkdir /dev/mqueue" "$err"
}

test_explain_says_the_calls() {
	run $ns ns-tmpfs /dev sh -c 'mkdir /dev/mqueue; ns-ipc -x -q true'
	assert_rc 0
	assertEquals 'ns-ipc: unshare(CLONE_NEWIPC) = 0
ns-ipc: unshare(CLONE_NEWNS) = 0
ns-ipc: mount(NULL, "/", NULL, MS_REC|MS_SLAVE, NULL) = 0
ns-ipc: mount("mqueue", "/dev/mqueue", "mqueue", MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL) = 0' \
		"$(grep -v execve err | sed 's/  *# .*//')"
	assert_has "$err" '# unshare --ipc'
	assert_has "$err" '# mount -t mqueue mqueue /dev/mqueue'
}

test_the_limit_is_named() {
	run ns-user sh -c 'echo 0 >/proc/sys/user/max_ipc_namespaces; ns-ipc true'
	assert_rc 125
	assertEquals 'ns-ipc: cannot make a new ipc namespace: No space left on device
ns-ipc: hint: the limit user.max_ipc_namespaces is 0' "$err"
}

test_usage_mistakes() {
	assert_usage "unknown option '-Z'" ns-ipc -Z
	assert_usage "option '--mqueue' does not take an argument: '--mqueue=1'" ns-ipc --mqueue=1
}

# shellcheck source=/dev/null
. "$SHUNIT2"
