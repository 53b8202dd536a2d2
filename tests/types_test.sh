#!/bin/sh
# SPDX-License-Identifier: ISC
# All types of namespaces: joined by PID and by file; all tools in one line.
# shellcheck disable=SC2016,SC2046,SC2086 # for inner shells; lists of words
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	mkfifo ready
	mkdir t source
	: >source/a
}

tear_down() {
	if [ -n "${holder-}" ]; then
		kill -KILL "$holder" 2>/dev/null
		wait "$holder" 2>/dev/null
		holder=
	fi
}

# The chain that makes a namespace of this type without forking.
chain_of() {
	case $1 in
	mnt) echo ns-tmpfs t ;;
	*) echo ns-$1 ;;
	esac
}

# The option of ns-join.
option_of() {
	case $1 in
	mnt) echo mount ;;
	*) echo "$1" ;;
	esac
}

# Starts a process in a new namespace of that type, which waits for the FIFO hold; sets its PID.
hold_of() {
	mkfifo hold
	$ns $(chain_of $1) sh -c 'echo $$ >ready; read -r x <hold' &
	holder=$!
	read -r pid <ready
}

test_join_by_pid_and_by_file() {
	for type in uts ipc net cgroup time mnt; do
		hold_of $type
		option=$(option_of $type)
		join=ns-join
		[ -z "$ns" ] || join="ns-join -U"
		run $join -t "$pid" --"$option" readlink /proc/self/ns/$type
		assert_rc 0
		assertEquals "$type by PID: $err" "$(readlink "/proc/$pid/ns/$type")" "$out"
		assertNotEquals "$type" "$(readlink "/proc/self/ns/$type")" "$out"
		run $join -t "$pid" --"$option=/proc/$pid/ns/$type" readlink /proc/self/ns/$type
		assert_rc 0
		assertEquals "$type by file: $err" "$(readlink "/proc/$pid/ns/$type")" "$out"
		# nothing else has changed
		for other in uts ipc net cgroup mnt; do
			[ $other != $type ] || continue
			run $join -t "$pid" --"$option" readlink /proc/self/ns/$other
			assertEquals "$other" "$(readlink "/proc/self/ns/$other")" "$out"
		done
		echo >hold
		wait $holder
		holder=
		rm hold
	done
}

test_join_by_letter() {
	hold_of ipc
	join=ns-join
	[ -z "$ns" ] || join="ns-join -U"
	run $join -t "$pid" -i readlink /proc/self/ns/ipc
	assertEquals "$(readlink "/proc/$pid/ns/ipc")" "$out"
	echo >hold
	wait $holder
	rm hold
	for letter in n:net C:cgroup T:time; do
		hold_of ${letter#*:}
		run $join -t "$pid" -${letter%:*} readlink "/proc/self/ns/${letter#*:}"
		assertEquals "$(readlink "/proc/$pid/ns/${letter#*:}")" "$out"
		echo >hold
		wait $holder
		rm hold
	done
	holder=
}

test_join_a_user_namespace_by_pid_and_by_file() {
	mkfifo hold
	ns-user sh -c 'echo $$ >ready; read -r x <hold' &
	holder=$!
	read -r pid <ready
	run ns-join -t "$pid" -U readlink /proc/self/ns/user
	assert_rc 0
	assertEquals "$(readlink "/proc/$pid/ns/user")" "$out"
	run ns-join --user="/proc/$pid/ns/user" sh -c 'readlink /proc/self/ns/user; id -u'
	assert_rc 0
	assertEquals "$(readlink "/proc/$pid/ns/user")
0" "$out"
	echo >hold
	wait $holder
	holder=
}

test_join_all_of_them_at_once() {
	mkfifo hold
	$ns ns-ipc ns-net ns-cgroup ns-time ns-uts -n box ns-tmpfs t sh -c 'echo $$ >ready; read -r x <hold' &
	holder=$!
	read -r pid <ready
	run ns-join -t "$pid" -a sh -c 'for t in cgroup ipc mnt net time user uts; do readlink /proc/self/ns/$t; done'
	assert_rc 0
	assertEquals "$(for t in cgroup ipc mnt net time user uts; do readlink "/proc/$pid/ns/$t"; done)" "$out"
	run ns-join -t "$pid" -a cat /proc/sys/kernel/hostname
	assertEquals box "$out"
	echo >hold
	wait $holder
	holder=
}

test_all_the_tools_in_one_line() {
	cp -R "$BUILD/rootfs" root
	mkdir -p root/mnt root/proc root/tmp
	for type in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$type; done >outer
	# the new root may have nothing but sh and ls
	run ns-user ns-ipc ns-net ns-cgroup ns-time -b 80000000 ns-uts -n box ns-pidlab ns-join \
		--uts=/proc/self/ns/uts ns-tmpfs -o size=1m root/tmp ns-bindmount -r source root/mnt \
		ns-pivot -P root /bin/sh -c '
			read -r name </proc/sys/kernel/hostname; read -r uptime _ </proc/uptime
			read -r cgroup </proc/self/cgroup
			while read -r interface _; do interfaces="$interfaces $interface"; done </proc/net/dev
			echo $name $$ ${uptime%.*} ${cgroup##*:} ${interfaces##*face}; ls /mnt
			: >/tmp/x && ls /tmp; (: >/mnt/x) 2>/tmp/x || echo read-only; ls -l /proc/self/ns/'
	assert_rc 0
	assertEquals '' "$err"
	assertEquals 'box 1 UPTIME / lo:
a
x
read-only' "$(head -n 4 out | sed 's/ 8[0-9]\{7\} / UPTIME /; s,\(lo:\).*,\1,')"
	sed -n 's/.* -> //p' out | sort -u >inner
	assertEquals 'of the outer ones' '' "$(grep -Fx -f outer inner)"
	assertEquals 'different ones' 8 "$(wc -l <inner | tr -d ' ')"
}

test_ns_show_sees_all_types_of_a_chain() {
	mkfifo hold
	$ns ns-ipc ns-net ns-cgroup ns-time ns-uts -n box ns-tmpfs t sh -c 'echo $$ >ready; read -r x <hold' &
	holder=$!
	read -r pid <ready
	run ns-show -n "$pid"
	for type in cgroup ipc mnt net time uts; do
		inode=$(readlink "/proc/$pid/ns/$type" | tr -cd 0-9)
		assertTrue "$type $inode in: $out" "awk '{ print \$1, \$2 }' out | grep -qx '$inode $type'"
	done
	echo >hold
	wait $holder
	holder=
}

test_ready_means_the_whole_chain() {
	run $ns ns-pidlab -d ns-ipc ns-net ns-cgroup ns-time -m 5 ns-tmpfs t ns-uts -n q sleep 1000
	assert_rc 0
	holder=$out
	assertEquals sleep "$(cat "/proc/$holder/comm")"
	kill -KILL "$holder"
	eventually gone "$holder"
	for wrong in 'ns-ipc -Z' 'ns-net -Z' 'ns-cgroup -j none' 'ns-time -m x' 'ns-tmpfs none' 'ns-user -u x'; do
		run $ns ns-pidlab -d $wrong sleep 1000
		assert_rc 125
		assertEquals "$wrong" '' "$out"
	done
	holder=
}

# shellcheck source=/dev/null
. "$SHUNIT2"
