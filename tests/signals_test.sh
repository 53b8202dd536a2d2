#!/bin/sh
# SPDX-License-Identifier: ISC
# The launcher of ns-pidlab: signals, stop and continue, terminals, its death.
# shellcheck disable=SC2016,SC2086,SC2094 # for other shells; lists of words; FIFOs
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

signals=$BUILD/helpers/signals
pty=$BUILD/helpers/pty

# start COMMAND [ARG]...: in the background; sets launcher, and waits for its line "ready".
# What it says next is read from descriptor 5, with next.
start() {
	mkfifo pipe
	"$@" >pipe 2>err &
	launcher=$!
	exec 5<pipe
	next
	assertEquals "first line of $*; stderr: $(cat err)" ready "$line"
}

next() {
	line=
	read -r line <&5
}

# Waits for the launcher: sets rc.
finish() {
	rc=0 out='' err=''
	wait "$launcher" || rc=$?
	launcher=
}

tear_down() {
	[ -z "${launcher-}" ] || kill -KILL "$launcher" 2>/dev/null
	[ -z "${launcher-}" ] || wait "$launcher" 2>/dev/null
	launcher=
	exec 5<&-
}

state() {
	sed -n 's/^State:[[:space:]]*\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null
}

state_is() {
	[ "$(state "$1")" = "$2" ]
}

state_is_not() {
	[ "$(state "$1")" != "$2" ]
}

has_ended() {
	state_is "$1" Z || ! [ -e "/proc/$1" ]
}

children() {
	cat "/proc/$1/task/$1/children"
}

# The launcher's child, and with -i that one's child.
has_children() {
	command=$(children "$1")
	[ -n "$command" ]
}

find_command() {
	eventually has_children "$launcher"
	command=${command% }
	[ "${1-}" != -i ] || eventually has_children "$command"
	command=${command% }
}

test_status_of_command_comes_through() {
	n=0
	while [ $n -le 255 ]; do
		run $ns ns-pidlab sh -c "exit $n"
		assert_rc $n
		n=$((n + 1))
	done
	for n in 0 1 2 77 124 125 126 127 128 129 137 254 255; do
		run $ns ns-pidlab -i sh -c "exit $n"
		assert_rc $n
	done
}

test_dies_of_the_signal_that_killed_command() {
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 24 25 26 27 29 30 31 34 50 64; do
		run "$signals" status $ns ns-pidlab -i "$signals" raise $n
		assertEquals "signal $n" "$out"
		assertEquals '' "$err"
	done
	run $ns ns-pidlab -i "$signals" raise 15
	assert_rc 143
}

test_kill_of_pid_1_shows_as_kill() {
	start "$signals" status $ns ns-pidlab --pid-file=pid "$signals" catch
	eventually test -s pid
	kill -KILL "$(cat pid)"
	next
	assertEquals 'signal 9' "$line"
}

test_no_core_of_the_launcher() {
	(
		# shellcheck disable=SC3045 # dash, busybox and bash have it
		ulimit -c "$(ulimit -H -c)"
		"$signals" status $ns ns-pidlab -i "$signals" raise 6 >out
	)
	assertEquals 'signal 6' "$(cat out)"
}

test_a_launcher_that_is_pid_1_exits_with_128_and_the_signal() {
	run "$signals" status $ns ns-pidlab ns-pidlab -i "$signals" raise 15
	assertEquals 'exit 143' "$out"
}

check_forwards() {
	start $ns ns-pidlab "$@" "$signals" catch
	for n in 1 2 3 6 10 12 13 14 15 18 20 21 22 23 24 25 26 27 28 29 30 35 50 64; do
		kill -$n "$launcher"
		next
		assertEquals "signal $n code 0 value 0" "$line" || return 0
	done
	for n in 10 35 64; do
		"$signals" queue "$launcher" $n 4711
		next
		assertEquals "signal $n code -1 value 4711" "$line"
	done
	kill -KILL "$launcher"
	finish
	assert_rc 137
}

test_forwards_signals_with_their_values() {
	check_forwards
}

test_init_forwards_signals_with_their_values() {
	check_forwards -i
}

# A sigset_t of musl has no place for 32 to 34: its own threads use them.
test_the_first_real_time_signal_of_glibc_is_no_exception() {
	for option in '' -i; do
		start $ns ns-pidlab $option sh -c "trap 'echo signal 34' 34
			echo ready
			while :; do read -r line; done <>endless"
		kill -34 "$launcher"
		next
		assertEquals 'signal 34' "$line"
		tear_down
		rm pipe
	done
	run "$signals" set -b 34 $ns ns-pidlab -i grep SigBlk /proc/self/status
	assertEquals 'SigBlk:	0000000200000000' "$out"
}

test_real_time_signals_queue_up() {
	start $ns ns-pidlab "$signals" catch
	for n in 1 2 3 4 5; do "$signals" queue "$launcher" 40 $n; done
	for n in 1 2 3 4 5; do
		next
		assertEquals "signal 40 code -1 value $n" "$line"
	done
}

# Without a handler PID 1 gets none of these: the launcher ends the namespace.
check_default_ends() {
	for n in 1 2 3 6 10 12 13 14 15 16 24 25 26 27 29 30 35 64; do
		start "$signals" status $ns "$signals" set -d 2 -d 3 \
			ns-pidlab --pid-file=pid "$@" "$signals" catch 42
		# COMMAND may run before its PID is written
		eventually test -s pid
		pid=$(cat pid)
		kill -$n "$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$pid/status")"
		next
		assertEquals "signal $n" "$line"
		finish
		assertEquals '' "$(cat err)"
		assertTrue "PID 1 lives after signal $n" "gone $pid"
		rm pipe pid
	done
}

test_signal_without_a_handler_ends_pid_1() {
	check_default_ends
}

test_signal_without_a_handler_ends_command_under_init() {
	check_default_ends -i
}

test_forwards_signals_through_a_launcher_below() {
	for options in '' --pid-file=pid; do
		start $ns ns-pidlab $options ns-uts ns-pidlab "$signals" catch
		kill -TERM "$launcher"
		next
		assertEquals "ns-pidlab $options" 'signal 15 code 0 value 0' "$line"
		kill -KILL "$launcher"
		finish
		assert_rc 137
		rm -f pipe pid
	done
}

test_handlers_are_not_looked_up_in_another_proc() {
	# where COMMAND's number, 2, is the one of sleep
	start $ns ns-pidlab sh -c 'sleep 1000 & exec ns-pidlab --no-proc ns-pidlab --no-proc "$0" catch' "$signals"
	kill -TERM "$launcher"
	next
	assertEquals 'signal 15 code 0 value 0' "$line"
	kill -KILL "$launcher"
	finish
	assert_rc 137
}

check_default_ignored() {
	start $ns ns-pidlab "$@" "$signals" catch 42
	for n in 17 18 23 28; do kill -$n "$launcher"; done
	kill -42 "$launcher"
	next
	assertEquals 'signal 42 code 0 value 0' "$line"
	rm pipe
	tear_down
}

test_signals_that_are_ignored_by_default_do_nothing() {
	check_default_ignored
	check_default_ignored -i
}

check_not_emulated() {
	start $ns "$signals" set -i 15 ns-pidlab "$@" "$signals" catch 42
	kill -15 "$launcher"
	kill -42 "$launcher"
	next
	assertEquals 'ignored; signal 42 code 0 value 0' "ignored; $line"
	rm pipe
	tear_down
	start $ns "$signals" set -b 15 ns-pidlab "$@" "$signals" catch 42
	kill -15 "$launcher"
	kill -42 "$launcher"
	next
	assertEquals 'blocked; signal 42 code 0 value 0' "blocked; $line"
	find_command "$@"
	assertEquals 0000000000004000 \
		"$(sed -n 's/^ShdPnd:[[:space:]]*//p' "/proc/$command/status")"
	rm pipe
	tear_down
}

test_ignored_and_blocked_signals_stay_so() {
	check_not_emulated
	check_not_emulated -i
}

test_mask_and_dispositions_are_handed_on_exactly() {
	set -- "$signals" set -b 2 -b 10 -b 17 -b 40 -b 64 -i 1 -i 13 -i 17 -i 20 -i 22 -i 35 -d 3
	set -- "$@" env
	show='grep -E ^(SigPnd|ShdPnd|SigBlk|SigIgn|SigCgt): /proc/self/status'
	run "$@" $show
	expected=$out
	assert_has "$expected" 'SigBlk:	8000008000010202'
	for tool in ns-pidlab 'ns-pidlab -i' 'ns-pidlab -s -r' 'ns-pidlab --pid-file=pid' \
		'ns-pidlab -i ns-uts -n x' 'ns-pidlab ns-pidlab'; do
		run "$@" $ns $tool $show
		assert_rc 0
		assertEquals "$tool" "$expected" "$out"
	done
	# without any of them
	set -- "$signals" set -d 1 -d 2 -d 3 -d 13 -d 17
	run "$@" $show
	expected=$out
	run "$@" $ns ns-pidlab -i ns-pidlab $show
	assertEquals "$expected" "$out"
}

test_an_ignored_sigchld_does_no_harm() {
	for option in '' -i; do
		run $ns "$signals" set -i 17 ns-pidlab $option sh -c 'exit 5'
		assert_rc 5
		run "$signals" status $ns "$signals" set -i 17 -b 17 ns-pidlab -i "$signals" raise 15
		assertEquals 'signal 15' "$out"
	done
}

check_stop() {
	start $ns ns-pidlab "$@" "$signals" catch 42
	find_command "$@"
	for n in 1 2 3; do
		kill -STOP "$command"
		eventually state_is $launcher T || fail 'not so: the launcher stops'
		kill -CONT "$launcher"
		eventually state_is_not $command T || fail 'not so: command goes on'
		eventually state_is_not $launcher T || fail 'not so: the launcher goes on'
	done
	kill -42 "$launcher"
	next
	assertEquals 'signal 42 code 0 value 0' "$line"
	rm pipe
	tear_down
}

test_stops_and_continues_with_command() {
	check_stop
	check_stop -i
}

test_a_stop_that_is_over_does_not_stop_the_launcher() {
	for option in '' -i; do
		start $ns ns-pidlab $option "$signals" catch 42
		find_command $option
		kill -STOP "$launcher"
		eventually state_is "$launcher" T || fail 'the launcher does not stop'
		kill -STOP "$command"
		eventually state_is "$command" T || fail 'COMMAND does not stop'
		# what the launcher is told now, it reads when it is over
		kill -CONT "$command"
		eventually state_is_not "$command" T || fail 'COMMAND does not go on'
		child=$(children "$launcher")
		kill -KILL "$command"
		eventually has_ended "${child% }" || fail 'its child does not end'
		kill -CONT "$launcher"
		eventually has_ended "$launcher" || fail "the launcher with '$option': $(state "$launcher")"
		kill -CONT "$launcher"
		finish
		assert_rc 137
		rm pipe
	done
}

test_orphaned_group_is_continued_at_once() {
	# nobody could continue it: SIGTSTP does not stop such a group
	start setsid $ns ns-pidlab "$signals" catch 18 42
	kill -TSTP "$launcher"
	next
	assertEquals 'signal 18' "${line%% code*}"
	kill -42 "$launcher"
	next
	assertEquals 'signal 42 code 0 value 0' "$line"
}

test_interrupt_key_ends_command() {
	run "$pty" see=ready 'type=^C' -- $ns ns-pidlab "$signals" catch 42
	assert_rc 0
	assert_line "$out" '[signal 2]'
	run "$pty" see=ready 'type=^C' -- $ns ns-pidlab -i "$signals" catch 42
	assert_line "$out" '[signal 2]'
	run "$pty" see=ready 'type=^\' -- $ns ns-pidlab "$signals" catch 42
	assert_line "$out" '[signal 3]'
	run "$pty" 'type=^C' -- $ns ns-pidlab sleep 100
	assert_line "$out" '[signal 2]'
}

test_interrupt_key_shows_as_130_in_a_shell() {
	run "$pty" see=ready 'type=^C' -- \
		bash -c "trap 'echo int' INT; $ns ns-pidlab '$signals' catch 42; echo status \$?"
	assert_line "$out" 'status 130'
}

test_keys_reach_command_once() {
	for option in '' -i; do
		run "$pty" see=ready 'type=^C' 'see=signal 2 ' 'type=^\' 'see=signal 3 ' 'type=^Z' \
			'see=signal 20 ' kill=9 -- $ns ns-pidlab $option "$signals" catch 2 3 20
		assert_rc 0
		assertEquals "ready
signal 2 code 128 value 0
signal 3 code 128 value 0
signal 20 code 128 value 0
[signal 9]" "$out"
	done
}

test_keys_reach_a_command_with_a_session_of_its_own() {
	for option in '' -i; do
		run "$pty" see=ready 'type=^C' 'see=signal 2 ' kill=9 -- \
			$ns ns-pidlab -s $option "$signals" catch 2
		assertEquals "ready
signal 2 code 0 value 0
[signal 9]" "$out"
	done
}

test_suspend_key_and_foreground() {
	for option in '' -i; do
		run "$pty" see=ready 'type=^Z' stop bg fg 'type=^C' -- \
			$ns ns-pidlab $option "$signals" catch 42
		assert_rc 0
		assertEquals "ready
[stopped by 20]
[signal 2]" "$out"
	done
}

test_command_reads_the_terminal_after_a_stop() {
	for option in '' -i; do
		run "$pty" 'type=one^J' see=one 'type=^Z' stop fg 'type=two^J' see=two 'type=^D' -- \
			$ns ns-pidlab $option cat
		assert_rc 0
		assertEquals "one
[stopped by 20]
two
[exit 0]" "$out"
	done
}

test_hangup_ends_command() {
	for option in '' -i; do
		run "$pty" see=ready hangup -- $ns ns-pidlab $option "$signals" catch 42
		assert_rc 0
		assertEquals "ready
[signal 1]" "$out"
	done
}

# The kernel tells the leader alone.
test_hangup_ends_command_of_the_session_s_leader() {
	mkfifo endless
	for option in '' -i -s '-i -s'; do
		run "$pty" leader see=ready hangup -- $ns ns-pidlab $option "$signals" catch 42
		assert_rc 0
		assertEquals "with '$option'" "ready
[signal 1]" "$out"
		run "$pty" leader see=ready hangup -- $ns ns-pidlab $option \
			sh -c 'trap "exit 7" HUP; echo ready; while :; do read -r line; done <>endless'
		assertEquals "with '$option'" "ready
[exit 7]" "$out"
	done
}

test_window_change_reaches_command_once() {
	for option in '' -i -s '-i -s'; do
		run "$pty" see=ready resize 'see=signal 28 ' 'type=^C' 'see=signal 2 ' kill=9 -- \
			$ns ns-pidlab $option "$signals" catch 2 28
		assert_rc 0
		assertEquals "with '$option'" "ready
signal 28
signal 2
[signal 9]" "$(printf '%s\n' "$out" | sed 's/ code.*//')"
	done
}

test_a_timer_that_was_set_before_reaches_command() {
	for option in '' -i -s; do
		start "$signals" set -b 14 -t 10 $ns ns-pidlab $option "$signals" catch 42
		find_command "$option"
		eventually grep -q '^ShdPnd:.*2000$' "/proc/$command/status"
		assertEquals "with '$option'" 0 $?
		rm pipe
		tear_down
	done
}

test_a_report_that_nobody_reads_does_no_harm() {
	mkfifo pipe
	: <pipe &
	exec 5>pipe
	wait $!
	rc=0
	# when the second is gone, init has seen what came of its report of the first
	"$signals" set -d 13 $ns ns-pidlab -i -r sh -c 'for n in 1 2; do
			orphan=$(: >/dev/null & echo $!)
			while [ -e "/proc/$orphan" ]; do :; done
		done
		exit 3' 2>&5 || rc=$?
	assertEquals 3 $rc
}

test_terminal_is_given_back() {
	# a shell with jobs of its own takes it; killed, it cannot give it back
	for option in '' -i; do
		run "$pty" see=ready kill=9 -- "$signals" foreground $ns ns-pidlab $option \
			"$signals" foreground sh -c 'echo ready; read -r line; exit 8'
		assert_rc 0
		assertEquals "ready
[signal 9]
[terminal lost]" "$out"
		run "$pty" see=ready 'type=^J' -- \
			$ns ns-pidlab $option "$signals" foreground sh -c 'echo ready; read -r line; exit 8'
		assert_rc 0
		assertEquals "ready
[exit 8]" "$out"
	done
}

test_interrupt_key_stops_a_loop_of_the_shell() {
	for shell in sh bash; do
		for option in '' -i; do
			run "$pty" see=ready 'type=^C' -- $shell -c "for n in 1 2 3; do
				$ns ns-pidlab $option '$signals' catch 42; echo again; done"
			assert_rc 0
			assertEquals "ready
[signal 2]" "$out"
		done
	done
}

test_kill_of_the_launcher_ends_everything() {
	for option in '' -i '-i -s' '-i -r'; do
		mkfifo open
		exec 7<>open
		exec 6>open 7>&-
		start $ns ns-pidlab $option sh -c "(setsid sleep 1000 >/dev/null &)
			trap '' 1 2 15
			sleep 1000 >/dev/null &
			'$signals' catch 42"
		exec 8<open 6>&-
		kill -KILL "$launcher"
		finish
		assert_rc 137
		timeout 10 cat <&8 >/dev/null
		assertEquals "something lives on with '$option'" 0 $?
		exec 8<&-
		rm pipe open
	done
}

test_kill_of_the_launcher_has_no_race() {
	mkfifo open
	exec 7<>open
	exec 8<open 6>open 7>&-
	n=0
	while [ $n -lt 100 ]; do
		$ns ns-pidlab sleep 1000 &
		first=$!
		$ns ns-pidlab -i sleep 1000 &
		kill -KILL $first $!
		wait $first $! 2>/dev/null
		n=$((n + 1))
	done
	exec 6>&-
	timeout 10 cat <&8 >/dev/null
	assertEquals 'something lives on' 0 $?
	exec 8<&-
}

test_nothing_inside_outlives_command() {
	mkfifo open
	for option in '' -i; do
		exec 7<>open
		exec 8<open 6>open 7>&-
		run $ns ns-pidlab $option sh -c "(setsid '$signals' set -i 1 -i 15 sleep 1000 &)
			exit 4"
		assert_rc 4
		exec 6>&-
		# it is dead when the launcher returns: no waiting here
		timeout 10 cat <&8 >/dev/null
		assertEquals 'something lives on' 0 $?
		exec 8<&-
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
