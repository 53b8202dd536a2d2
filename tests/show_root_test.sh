#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-show: what only root can test.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

as_user='setpriv --reuid 54321 --regid 54321 --clear-groups'

set_up() {
	chmod 755 "$work"
	cp "$BUILD/ns-show" "$BUILD/helpers/holder" .
	{
		echo "as_user='$as_user'"
		cat <<-'END'
			same() {
				[ "$2" = "$3" ] || printf '%s: expected:\n%s\nbut was:\n%s\n' "$1" "$2" "$3"
			}
			mkfifo hold
			exec 8<>hold
			n=0
			# start COMMAND [ARG]...: in the background, sets pid; it says a line when it is ready
			start() {
				n=$((n + 1))
				mkfifo said.$n
				"$@" <hold >said.$n 8>&- &
				pid=$!
				read -r line <said.$n
			}
		END
	} >prelude
}

# inside <<SCRIPT: runs it in a PID namespace of its own; it says what is wrong.
inside() {
	{
		cat prelude -
		echo 'echo done'
	} >script
	run ns-pidlab -i sh -u script
	assertEquals 'done' "$out"
	assertEquals '' "$err"
	assert_rc 0
}

test_a_user_is_told_how_many_processes_he_cannot_see() {
	inside <<-'END'
		for options in '' -f -T -J -p /proc/self/ns/net; do
			$as_user ./ns-show $options >list 2>said
			same "status with $options" 0 $?
			# the init and this shell; ns-show itself can be read
			same "with $options" 'ns-show: 2 processes could not be read' "$(cat said)"
		done
		start ./holder children time
		start ./holder thread uts
		$as_user ./ns-show -f >list 2>said
		same more 'ns-show: 4 processes could not be read' "$(cat said)"
		./ns-show >list 2>said
		same root '' "$(cat said)"
	END
}

test_a_user_sees_what_is_his() {
	inside <<-'END'
		start $as_user ./holder name x
		$as_user ./ns-show -n -t net >list 2>said
		same net "$(readlink /proc/$$/ns/net | tr -dc 0-9) net 2 $pid - $(readlink /proc/$$/ns/user | tr -dc 0-9) 54321 [x]" \
			"$(awk '{ $1 = $1 } 1' list)"
		$as_user ./ns-show -n -p >list 2>said
		same processes 2 "$(wc -l <list)"
		start $as_user ns-user ./holder name x
		$as_user ./ns-show -n $pid >list 2>said
		same 'of his user namespace' "user 1 $pid 54321" \
			"$(awk -v ns="$(readlink /proc/$pid/ns/user | tr -dc 0-9)" '$1 == ns { print $2, $3, $4, $7 }' list)"
	END
}

test_one_process_that_cannot_be_read() {
	inside <<-'END'
		for options in "$$" "-c $$ $$"; do
			$as_user ./ns-show $options >list 2>said
			same "status with $options" 125 $?
			same "with $options" \
				"ns-show: cannot look at the namespaces of process $$: Permission denied" \
				"$(cat list said)"
		done
		$as_user ./ns-show -p $$ >list 2>said
		same 'status with -p' 125 $?
		same 'with -p' "ns-show: cannot open '/proc/$$/ns/pid': Permission denied" "$(cat list said)"
		# this shell becomes that user's: only the init is left
		exec $as_user sh -c '
			said=$(./ns-show 2>&1 >/dev/null)
			[ "$said" = "ns-show: 1 process could not be read" ] || echo "$said"
			echo done'
	END
}

test_kernel_threads() {
	# not seen from inside a container
	if [ "$(cat /proc/2/comm 2>/dev/null)" = kthreadd ]; then
		run ns-show -n -p 2
		assert_rc 0
		assertEquals '2 0 root [kthreadd]' "$(awk '{ $1 = $1 } $1 == 2' out)"
		run ns-show -J -t uts 2
		assert_has "$out" '"command":"'
	fi
	assertTrue 0
}

# shellcheck source=/dev/null
. "$SHUNIT2"
