#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-pidlab: what only root can try.
# shellcheck disable=SC2094 # a FIFO
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

test_what_covers_proc_is_named() {
	run unshare --mount sh -c 'mount --bind /dev/null /proc/timer_list &&
		exec ns-user ns-pidlab touch ran'
	assert_rc 125
	assertEquals "ns-pidlab: cannot mount proc on '/proc': Operation not permitted" \
		"$(echo "$err" | head -n 1)"
	assert_has "$err" "ns-pidlab: hint: '/proc/timer_list' covers a part of /proc"
	assertFalse 'COMMAND ran' '[ -e ran ]'
	run unshare --mount sh -c 'mount --bind /dev/null /proc/timer_list &&
		exec ns-user ns-pidlab --no-proc true'
	assert_rc 0
}

test_killed_launcher_of_a_command_with_other_credentials() {
	# PR_SET_PDEATHSIG does not survive that: the init sees it
	mkfifo open ready
	exec 7<>open
	exec 8<open 6>open 7>&-
	ns-pidlab -i setpriv --reuid 54321 --regid 54321 --clear-groups \
		sh -c 'echo ready; exec sleep 1000' >ready &
	read -r line <ready
	assertEquals ready "$line"
	exec 6>&-
	kill -KILL $!
	wait $! 2>/dev/null
	timeout 10 cat <&8 >/dev/null
	assertEquals 'something lives on' 0 $?
	exec 8<&-
}

# shellcheck source=/dev/null
. "$SHUNIT2"
