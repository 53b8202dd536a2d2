#!/bin/sh
# SPDX-License-Identifier: ISC
# When COMMAND runs, the whole chain set up: --pid-file and --detach of ns-pidlab.
# shellcheck disable=SC2016,SC2086,SC2094 # for other shells; lists of words; FIFOs
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

signals=$BUILD/helpers/signals

tear_down() {
	exec 6>&- 8<&-
	for pid in ${background-}; do
		kill -KILL $pid 2>/dev/null
		wait $pid 2>/dev/null
	done
	background=
}

# What is started behind this holds descriptor 6 of a FIFO open.
watch() {
	mkfifo open
	exec 7<>open
	exec 8<open 6>open 7>&-
}

# All that was started behind watch is dead: the FIFO ends.
assert_all_dead() {
	exec 6>&-
	timeout 10 cat <&8 >/dev/null
	assertEquals 'something lives on' 0 $?
	exec 8<&-
	rm -f open
}

child() {
	tr -d ' ' <"/proc/$1/task/$1/children"
}

# Runs the tool with --detach; PID 1 of the namespace is in pid and ends with the test.
detach() {
	run "$@"
	assert_rc 0
	pid=$out
	background="${background-} $pid"
	case $pid in '' | *[!0-9]*) fail "no PID: '$pid'" && return 1 ;; esac
}

test_pid_file_holds_the_pid_of_pid_1() {
	mkfifo fifo
	for option in '' -i; do
		$ns ns-pidlab --pid-file=fifo $option sleep 1000 &
		background=$!
		read -r pid <fifo
		assertEquals "$(child $background)" "$pid"
		assertEquals 'NSpid:	1' "$(sed -n '/^NSpid/s/	.*	/	/p' "/proc/$pid/status")"
		tear_down
	done
}

test_pid_file_is_one_line() {
	for option in '' -i; do
		run $ns ns-pidlab --pid-file=pid $option true
		assert_rc 0
		assertEquals 1 "$(wc -l <pid | tr -d ' ')"
		assertEquals '' "$(tr -d '0-9\n' <pid)"
		rm pid
	done
	# what was in it goes
	seq 1000 >pid
	run $ns ns-pidlab --pid-file=pid true
	assertEquals 1 "$(wc -l <pid | tr -d ' ')"
}

test_pid_file_has_the_pid_that_the_caller_sees() {
	run $ns ns-pidlab -i sh -c 'ns-pidlab --pid-file=pid true; cat pid'
	assert_rc 0
	[ "$out" -lt 20 ]
	assertTrue "an outer PID: $out" $?
}

test_pid_file_on_a_fifo() {
	mkfifo fifo
	cat fifo >got &
	run $ns ns-pidlab --pid-file=fifo true
	assert_rc 0
	wait $!
	assertEquals 1 "$(wc -l <got | tr -d ' ')"
	assertEquals '' "$(tr -d '0-9\n' <got)"
}

runs_tool() {
	[ "$(readlink "/proc/$1/exe")" = "$BUILD/ns-pidlab" ]
}

test_pid_file_on_a_fifo_waits_for_a_reader() {
	mkfifo fifo
	$ns ns-pidlab --pid-file=fifo touch ran &
	background=$!
	# nobody reads: nothing runs, and a signal ends it (not our shell, which it was at first)
	eventually runs_tool $background || fail 'it does not start'
	kill -TERM $background
	rc=0 err='' out=''
	wait $background || rc=$?
	background=
	assert_rc 143
	assertFalse 'COMMAND ran' '[ -e ran ]'
	assertTrue '[ -p fifo ]'
}

test_pid_file_on_a_fifo_is_closed_unwritten_on_failure() {
	mkfifo fifo
	for command in "./nosuch 127" "/ 126" "ns-uts -n -s ./nosuch 127" 'ns-uts --nosuch 125'; do
		cat fifo >got &
		run $ns ns-pidlab --pid-file=fifo ${command% *}
		assert_rc ${command##* }
		wait $!
		assertEquals "$command" '' "$(cat got)"
	done
	assertTrue '[ -p fifo ]'
}

test_pid_file_that_was_made_is_removed_on_failure() {
	for option in '' -i -d '-d -i'; do
		for command in "./nosuch 127" "/ 126" "ns-uts -n q ./nosuch 127" 'ns-uts --nosuch 125' \
			'ns-pidlab --pid-file=inner ./nosuch 127'; do
			run $ns ns-pidlab --pid-file=pid $option ${command% *}
			assert_rc ${command##* }
			assertFalse "left: $option $command" '[ -e pid ]'
			assertFalse "left: $option $command" '[ -e inner ]'
		done
	done
}

test_pid_file_that_was_there_is_kept_on_failure() {
	echo mine >pid
	for option in '' -i -d '-d -i'; do
		for command in "./nosuch 127" "/ 126" "ns-uts -n q ./nosuch 127" 'ns-uts --nosuch 125'; do
			run $ns ns-pidlab --pid-file=pid $option ${command% *}
			assert_rc ${command##* }
			assertEquals "$option $command" mine "$(cat pid)"
		done
	done
}

test_pid_file_that_cannot_be_opened() {
	run $ns ns-pidlab --pid-file=. touch ran
	assert_rc 125
	assertEquals "ns-pidlab: cannot open '.': Is a directory" "$err"
	run $ns ns-pidlab --pid-file=no/pid touch ran
	assert_rc 125
	assertEquals "ns-pidlab: cannot open 'no/pid': No such file or directory" "$err"
	assertFalse 'COMMAND ran' '[ -e ran ]'
	assert_usage --pid-file ns-pidlab --pid-file
}

test_pid_file_that_cannot_be_written() {
	watch
	for option in '' -i -d; do
		run $ns ns-pidlab --pid-file=/dev/full $option sleep 1000
		assert_rc 125
		assertEquals "ns-pidlab: cannot write the PID to '/dev/full': No space left on device" \
			"$err"
		assertEquals '' "$out"
	done
	assert_all_dead
}

test_pid_file_is_there_once_the_chain_is_set_up() {
	mkfifo fifo
	$ns ns-pidlab --pid-file=fifo ns-uts -n set-up sleep 1000 &
	background=$!
	read -r pid <fifo
	run nsenter -t "$pid" ${ns:+-U --preserve-credentials} -u cat /proc/sys/kernel/hostname
	assertEquals set-up "$out"
	assertEquals sleep "$(basename "$(readlink "/proc/$pid/exe")")"
}

test_detach_prints_the_pid_and_returns() {
	for option in '' -i; do
		detach $ns ns-pidlab -d $option sleep 1000
		assertEquals 'NSpid:	1' "$(sed -n '/^NSpid/s/	.*	/	/p' "/proc/$pid/status")"
		[ -n "$option" ] || assertEquals sleep "$(basename "$(readlink "/proc/$pid/exe")")"
		assertEquals '' "$err"
		tear_down
	done
}

test_detach_returns_when_command_runs() {
	n=0
	while [ $((n += 1)) -le 20 ]; do
		detach $ns ns-pidlab -d ns-uts -n q sleep 1000
		assertEquals sleep "$(basename "$(readlink "/proc/$pid/exe")")" || return 0
		tear_down
	done
}

test_detached_command_lives_on() {
	for option in '' -i; do
		mkfifo question answer
		detach $ns ns-pidlab -d $option sh -c 'read -r line <question; echo $line >answer'
		echo hello >question
		read -r line <answer
		assertEquals hello "$line"
		rm question answer
	done
}

test_detached_init_ends_with_command() {
	watch
	mkfifo question
	detach $ns ns-pidlab -d -i sh -c '(setsid sleep 1000 &); read -r line <question'
	echo hello >question
	assert_all_dead
}

test_detached_command_has_no_input_and_output_but_messages() {
	detach $ns ns-pidlab -d sleep 1000
	assertEquals /dev/null "$(readlink "/proc/$pid/fd/0")"
	assertEquals /dev/null "$(readlink "/proc/$pid/fd/1")"
	assertEquals "$PWD/err" "$(readlink "/proc/$pid/fd/2")"
	# else $(...) would wait for it
	tear_down
	for option in '' -i; do
		run timeout 10 sh -c "$ns ns-pidlab -d $option sleep 1000 | cat"
		assert_rc 0
		assertEquals '' "$(echo "$out" | tr -d 0-9)"
		background=$out
		tear_down
	done
}

test_detach_with_the_chain_set_up() {
	detach $ns ns-pidlab -d ns-uts -n set-up sleep 1000
	run ns-join -t $pid ${ns:+-U} -u cat /proc/sys/kernel/hostname
	assert_rc 0
	assertEquals set-up "$out"
	run nsenter -t $pid ${ns:+-U --preserve-credentials} -u cat /proc/sys/kernel/hostname
	assertEquals set-up "$out"
}

test_detach_with_the_root_switched() {
	cp -R "$BUILD/rootfs" root
	mkdir -p root/proc
	mkfifo root/never
	detach $ns ns-pidlab -d ns-uts -n q ns-pivot -P root /bin/sh -c 'read -r line </never'
	assertEquals "$(ls root)" "$(ls "/proc/$pid/root/")"
}

test_detach_fails_as_the_chain_does() {
	watch
	for option in '' -i; do
		for command in './nosuch 127' '/ 126' 'ns-uts --nosuch 125' 'ns-uts -n q ./nosuch 127' \
			'ns-uts -n q / 126' 'ns-uts -n q ns-uts -n r ns-uts -d 125' \
			'ns-join -u/proc/self/ns/ipc true 125' 'ns-pidlab ./nosuch 127' \
			'ns-pidlab -i ns-uts -n q ./nosuch 127' 'ns-pidlab --pid-file=. true 125' \
			'ns-pidlab ns-pidlab -i / 126'; do
			run $ns ns-pidlab -d $option ${command% *}
			assert_rc ${command##* }
			assertEquals "$option $command" '' "$out"
			assert_has "$err" ': '
		done
	done
	assert_all_dead
}

test_detach_fails_when_the_pid_cannot_be_printed() {
	watch
	for option in '' -i; do
		rc=0
		$ns ns-pidlab -d $option sleep 1000 >/dev/full 2>err || rc=$?
		out='' err=$(cat err)
		assert_rc 125
		assertEquals 'ns-pidlab: cannot write the PID to standard output: No space left on device' \
			"$err"
		rc=0
		$ns ns-pidlab -d $option sleep 1000 >&- 2>err || rc=$?
		assert_rc 125
	done
	assert_all_dead
}

# A chain whose last tool waits: nobody reads the FIFO.
start_waiting() {
	"$signals" status $ns ns-pidlab $option ns-pidlab --pid-file=fifo sleep 1000 >out 2>err &
	status=$!
	background=$status
	eventually inner_runs || fail 'the inner tool does not run'
}

# Sets first, the launcher, and second, the tool that waits.
inner_runs() {
	first=$(child $status) && second=$(child "$first") || return 1
	case $option in *-i*) second=$(child "$second") ;; esac
	[ -n "$second" ] && tr '\0' ' ' <"/proc/$second/cmdline" |
		grep -q '^ns-pidlab --pid-file=fifo'
} 2>/dev/null

test_a_tool_of_the_chain_that_is_killed() {
	for option in -d '-d -i' --pid-file=pid '-i --pid-file=pid'; do
		watch
		mkfifo fifo
		start_waiting
		kill -KILL "$second"
		wait $status
		background=
		assertEquals "with $option: $(cat err)" 'signal 9' "$(cat out)"
		assertFalse 'the file is left' '[ -e pid ]'
		assert_all_dead
		rm fifo
	done
}

test_a_launcher_that_is_ended_before_the_chain_is_ready() {
	for option in -d '-d -i' --pid-file=pid; do
		watch
		mkfifo fifo
		start_waiting
		kill -TERM "$first"
		wait $status
		background=
		assertEquals "with $option: $(cat err)" 'signal 15' "$(cat out)"
		assertFalse 'the file is left' '[ -e pid ]'
		assert_all_dead
		rm fifo
	done
}

test_foreign_wrappers_count_as_ready() {
	detach $ns ns-pidlab -d env ns-uts -n q ./nosuch
	detach $ns ns-pidlab -d sh -c 'exit 3'
	run $ns ns-pidlab --pid-file=pid sh -c 'ns-uts -n q nosuch; exit 3'
	assert_rc 3
	assertTrue '[ -s pid ]'
}

test_nested_launchers() {
	mkfifo outer inner
	for option in '' -i; do
		$ns ns-pidlab $option --pid-file=outer \
			ns-uts -n a ns-pidlab $option --pid-file=inner ns-uts -n b sleep 1000 &
		background=$!
		exec 8<outer # it waits for that
		read -r pid <inner
		read -r first <&8
		assertEquals "$(child $background)" "$first"
		assertTrue "an outer PID: $pid" "[ $pid -lt 20 ]"
		run nsenter -t "$first" ${ns:+-U --preserve-credentials} -u cat /proc/sys/kernel/hostname
		[ -n "$option" ] || assertEquals a "$out"
		tear_down
	done
	detach $ns ns-pidlab -d ns-pidlab ns-pidlab -i sleep 1000
}

test_a_forged_ns_ready_is_not_believed() {
	: >file
	exec 7>file
	mkfifo fifo
	exec 8<>fifo
	file=$(stat -c %d:%i file) fifo=$(stat -c %d:%i fifo)
	for forged in x '' 1 7 7: 7:: 7:::: 7:0:0:0 "7:$file:0" "8:$file:0" "7:$fifo:0" "0:$file:0" \
		"-8:$fifo:0" "8:$fifo" "8:$fifo:" "8:$fifo:0:" "8:$fifo:0 " " 8:$fifo:0" "+8:$fifo:0" \
		"0x8:$fifo:0" "99:$fifo:0" "4294967304:$fifo:0" "18446744073709551624:$fifo:0" \
		"$(printf '%s:' 99999999999999999999 99999999999999999999 99999999999999999999)0"; do
		run env NS_READY="$forged" $ns ns-uts -n q env
		assert_rc 0
		assert_has_not "$out" NS_READY
		run env NS_READY="$forged" ns-uts --nosuch
		assert_rc 125
		run env NS_READY="$forged" $ns ns-pidlab -d ./nosuch
		assert_rc 127
		run env NS_READY="$forged" $ns ns-pidlab -i env
		assert_rc 0
		assert_has_not "$out" NS_READY
	done
	assertEquals 'the file' '' "$(cat file)"
	echo end >&8
	read -r line <&8
	assertEquals 'the pipe' end "$line"
	exec 7>&-
}

test_command_sees_nothing_of_it() {
	for tools in 'ns-pidlab --pid-file=pid' 'ns-pidlab --pid-file=pid -i' \
		'ns-pidlab --pid-file=pid ns-uts -n q' 'ns-pidlab --pid-file=pid -i ns-uts -n q' \
		'ns-pidlab --pid-file=pid ns-pidlab -i ns-uts -n q'; do
		run sh -c 'env | grep -v "^_="; ls /proc/$$/fd'
		expected=$out
		run $ns $tools sh -c 'env | grep -v "^_="; ls /proc/$$/fd'
		assert_rc 0
		assertEquals "$tools" "$expected" "$out"
	done
	# detached, it has no output
	mkfifo answer
	detach $ns ns-pidlab -d ns-uts -n q sh -c 'env >answer'
	assert_has_not "$(cat answer)" NS_READY
}

test_a_launcher_that_is_gone_wants_no_command() {
	mkfifo fifo
	exec 7<>fifo
	exec 6>fifo 7>&-
	run env NS_READY="6:$(stat -c %d:%i fifo):0" $ns ns-uts -n q touch ran
	assert_rc 125
	assertFalse 'COMMAND ran' '[ -e ran ]'
}

test_a_tool_that_executes_nothing_is_ready_when_it_is_done() {
	for tool in 'ns-uts -s' 'ns-show -n'; do
		run $ns ns-pidlab -d $tool
		assert_rc 0
		assertTrue "no PID of $tool: '$out'" "[ '$out' -gt 1 ]"
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
