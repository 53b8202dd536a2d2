#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-join without privilege.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	mkfifo pid
	ns-user ns-pidlab --pid-file=pid ns-uts -n box sleep 1000 &
	launcher=$!
	read -r target <pid
}

tear_down() {
	[ -z "${launcher-}" ] || kill -KILL "$launcher"
	[ -z "${launcher-}" ] || wait "$launcher" 2>/dev/null
	launcher=
}

test_joins_a_sandbox_of_one_s_own() {
	run ns-join -t "$target" -U -u -p sh -c 'id -u; cat /proc/sys/kernel/hostname; echo $$'
	assert_rc 0
	assertEquals '0
box' "$(echo "$out" | head -n 2)"
	run ns-join -t "$target" -a sh -c 'id -u; cat /proc/sys/kernel/hostname; cat /proc/1/comm'
	assert_rc 0
	assertEquals '0
box
sleep' "$out"
}

test_missing_privilege_is_said() {
	run ns-join -t "$target" -u touch ran
	assert_rc 125
	assert_has "$err" 'Operation not permitted'
	assert_has "$err" 'ns-join: hint: CAP_SYS_ADMIN is missing in the current user namespace'
	assert_has "$err" '(-U)'
	run ns-join -t "$target" -U --uts=/proc/self/ns/uts touch ran
	assert_rc 125
	assertEquals 'a file is not of the process' \
		'ns-join: cannot join the uts namespace: Operation not permitted' "$(echo "$err" | head -n 1)"
	assertFalse 'COMMAND ran' '[ -e ran ]'
}

test_processes_of_others() {
	run ns-join -t 1 -u touch ran
	assert_rc 125
	assertEquals 'ns-join: cannot open the uts namespace of process 1: Permission denied' \
		"$(echo "$err" | head -n 1)"
	assert_has "$err" 'ns-join: hint: process 1 belongs to another user'
	assertFalse 'COMMAND ran' '[ -e ran ]'
}

# shellcheck source=/dev/null
. "$SHUNIT2"
