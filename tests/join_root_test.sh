#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-join: what only root can try.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	launchers=
	mkfifo never
}

tear_down() {
	for pid in $launchers; do
		kill -KILL "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	launchers=
}

start_target() {
	rm -f pid # the launcher before may not have closed it yet
	mkfifo pid
	"$@" &
	launchers="$launchers $!"
	read -r target <pid
}

test_takes_ids() {
	start_target ns-pidlab --pid-file=pid sleep 1000
	run ns-join -t "$target" -m -p --setuid=54321 --setgid=54322 sh -c 'id -u; id -g; id -G'
	assert_rc 0
	assertEquals '54321
54322
54322' "$out"
	run ns-join -t "$target" -m -p -S 54321 sh -c 'id -u; id -g'
	assertEquals '54321
0' "$out"
	run ns-join -t "$target" -m -p -G 54321 sh -c 'id -u; id -g; id -G'
	assertEquals '0
54321
54321' "$out"
}

test_joins_a_user_s_sandbox_as_its_root() {
	chmod 711 .
	mkfifo ready
	chmod 666 ready
	mkdir tools
	cp "$BUILD/ns-user" "$BUILD/ns-pidlab" tools
	setpriv --reuid 54321 --regid 54321 --clear-groups tools/ns-user tools/ns-pidlab \
		sh -c 'echo >ready; exec sleep 1000' &
	launchers=$!
	read -r _ <ready
	target=$(tr -d ' ' <"/proc/$!/task/$!/children")
	run setpriv --groups 5,6,7 ns-join -t "$target" -a \
		sh -c 'id -u; id -g; sed -n "s/^Groups:[[:space:]]*//p" /proc/self/status; echo $$'
	assert_rc 0
	assertEquals 0 "$(echo "$out" | sed -n 1p)"
	assertEquals 0 "$(echo "$out" | sed -n 2p)"
	assertEquals 'groups of ours' '' "$(echo "$out" | sed -n 3p)"
	[ "$(echo "$out" | sed -n 4p)" -lt 20 ]
	assertTrue "an outer PID: $out" $?
	# its files are seen as the user's
	run ns-join -t "$target" -a touch "$PWD/tools/file"
	assertNotEquals 0 $rc
}

test_joins_files_that_a_user_s_sandbox_does_not_own() {
	start_target ns-pidlab --pid-file=pid ns-net ns-uts -n ours sleep 1000
	ours=$target
	chmod 711 .
	mkdir tools
	cp "$BUILD/ns-user" "$BUILD/ns-pidlab" "$BUILD/ns-uts" tools
	target=$(setpriv --reuid 54321 --regid 54321 --clear-groups env PATH="$PWD/tools:$PATH" \
		ns-user ns-pidlab -d ns-uts -n theirs sleep 1000)
	launchers="$launchers $target"
	for options in "-U -u" "-U -i --uts=/proc/$target/ns/uts" "--user=/proc/$target/ns/user -u" -a; do
		# shellcheck disable=SC2086 # words
		run ns-join -t "$target" $options --net="/proc/$ours/ns/net" \
			sh -c 'readlink /proc/self/ns/net; uname -n; id -u'
		assert_rc 0
		assertEquals "$options" "$(readlink "/proc/$ours/ns/net")
theirs
0" "$out"
	done
}

waits() { # at the FIFO: the tool has become a sealed copy and joined
	[ -n "$(tr -d ' ' <"/proc/$1/task/$1/children")" ]
} 2>/dev/null

test_root_runs_from_a_sealed_copy() {
	start_target ns-pidlab --pid-file=pid sleep 1000
	plain=$target
	# root in there may be ours with a user namespace, too
	start_target ns-user ns-pidlab --pid-file=pid sleep 1000
	for options in "$plain -p -m" "$plain -a" "$plain -U -p -m" "$target -U -p -m" "$target -a"; do
		# shellcheck disable=SC2086 # words
		ns-join -t $options sh -c "read -r line <'$PWD/never'" &
		launchers="$launchers $!"
		eventually waits $! || fail "$options: it does not start"
		exe=$(readlink "/proc/$!/exe")
		case $exe in /memfd:*) assertTrue 0 ;; *) fail "$options: not a copy: $exe" ;; esac
		assertEquals ns-join "$(cat "/proc/$!/comm")"
		if (echo >>"/proc/$!/exe") 2>/dev/null; then fail "$options: it can be written to"; fi
	done
	# not needed where nothing in there can see it
	rm pid
	mkfifo pid
	ns-join --uts=/proc/self/ns/uts --pid-file="$PWD/pid" sh -c "read -r line <'$PWD/never'" &
	launchers="$launchers $!"
	read -r _ <pid
	assertEquals "$BUILD/ns-join" "$(readlink "/proc/$!/exe")"
}

test_who_owns_the_program_runs_from_a_sealed_copy() {
	chmod 711 .
	mkdir his ours
	cp "$BUILD/ns-join" "$BUILD/ns-user" "$BUILD/ns-pidlab" his
	chown -R 54321 his
	cp "$BUILD/ns-join" ours
	mkfifo -m 666 pid
	user='setpriv --reuid 54321 --regid 54321 --clear-groups'
	target=$($user his/ns-user his/ns-pidlab -d sleep 1000)
	launchers="$launchers $target"
	for program in his/ns-join ours/ns-join; do
		$user "$program" -t "$target" -U -p --pid-file="$PWD/pid" sleep 1000 &
		launchers="$launchers $!"
		read -r _ <pid
		case $program:$(readlink "/proc/$!/exe") in
		his/*:/memfd:* | ours/*:"$PWD/ours/ns-join") assertTrue 0 ;;
		*) fail "$program runs as $(readlink "/proc/$!/exe")" ;;
		esac
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
