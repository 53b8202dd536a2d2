#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-pidlab without privilege.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

test_missing_privilege_is_said() {
	for option in '' -i -d; do
		run ns-pidlab $option touch ran
		assert_rc 125
		assertEquals 'ns-pidlab: cannot start a process in a new PID namespace: Operation not permitted' \
			"$(echo "$err" | head -n 1)"
		assert_has "$err" 'ns-pidlab: hint: CAP_SYS_ADMIN is missing in the current user namespace'
		assert_has "$err" 'ns-user'
		assertFalse 'COMMAND ran' '[ -e ran ]'
	done
}

test_a_pid_file_is_not_left_without_privilege() {
	run ns-pidlab --pid-file=pid true
	assert_rc 125
	assertFalse '[ -e pid ]'
}

# shellcheck source=/dev/null
. "$SHUNIT2"
