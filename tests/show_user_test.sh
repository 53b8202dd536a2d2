#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-show: what an ordinary user sees of the machine.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

# Those of a user who may not look at PID 1.
restricted() {
	! readlink /proc/1/ns/net >/dev/null 2>&1
}

test_shows_what_it_may_and_says_how_much_it_may_not() {
	run ns-show
	assert_rc 0
	assertEquals 'NS TYPE NPROCS PID PARENT OWNER USER COMMAND' "$(sed 's/  */ /g; q' out)"
	for type in cgroup ipc mnt net pid uts user; do
		assertEquals "lines of our $type" 1 "$(grep -c "^$(readlink /proc/$$/ns/$type | tr -dc 0-9) " out)"
	done
	if restricted; then
		assertTrue "stderr: $err" "grep -Eqx 'ns-show: ([2-9]|[1-9][0-9]+) processes could not be read|ns-show: 1 process could not be read' err"
		assertEquals 'lines of stderr' 1 "$(wc -l <err)"
		assertEquals 'of others only' '' "$(awk 'NR > 1 && $4 == 1' out)"
	fi
}

test_a_process_of_another_is_an_error() {
	restricted || { skip 'PID 1 can be looked at' && return; }
	run ns-show 1
	assert_rc 125
	assertEquals '' "$out"
	assertEquals 'ns-show: cannot look at the namespaces of process 1: Permission denied' "$err"
	run ns-show -c $$ 1
	assert_rc 125
	assertEquals '' "$out"
	assertEquals 'ns-show: cannot look at the namespaces of process 1: Permission denied' "$err"
}

test_compares_its_own() {
	run ns-show -c $$ $$
	assert_rc 0
	assertEquals '' "$err"
	run ns-user sh -c "ns-show -n -t user,net -c \$\$ $$"
	assert_rc 125 # one's parent user namespace cannot be looked into
	run ns-user sh -c "ns-show -n -c \$\$ \$\$"
	assert_rc 0
}

# shellcheck source=/dev/null
. "$SHUNIT2"
