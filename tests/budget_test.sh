#!/bin/sh
# SPDX-License-Identifier: ISC
# How many system calls a tool makes on its common path, from main() to COMMAND and to its end: a
# number that grows must be seen.  What libc does to allocate memory is not counted, nor what is done
# with the descriptors from 10 on that whoever runs this has left open.
# shellcheck disable=SC2086,SC3045 # lists of words; ulimit
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	mkdir s t root root/bin root/proc
	cp "$BUILD/rootfs/bin/busybox" root/bin 2>/dev/null && ln -s busybox root/bin/true
	yes 's	t' | head -n 100 >list
}

# calls COMMAND [ARG]...: sets number.  The first call of main() looks at descriptor 0.
calls() {
	run $ns strace -f -qq -o log "$@" </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
	assert_rc 0
	# What a program does before main(), and what COMMAND does, is not ours.
	number=$(awk '
		{ call = $2; sub(/\(.*/, "", call) }
		/fcntl\(0, F_GETFD\)/ { outside[$1] = 0 }
		!outside[$1] && !/\([0-9][0-9]+[,)]/ && call ~ /^[a-z]/ && call !~ /^(brk|mmap|munmap|madvise|getrandom|exit_group)$/ { count++ }
		call ~ /^execve/ { outside[$1] = 1 }
		END { print count - 1 }' log)
}

check() {
	most=$1
	shift
	calls "$@"
	assertTrue "$*: $number calls, the budget is $most" "[ $number -gt 0 ] && [ $number -le $most ]"
}

test_each_tool_keeps_its_budget() {
	sanitized && return
	command -v strace >/dev/null || { skip 'no strace' && return; }
	check 6 ns-uts -n x true
	check 5 ns-ipc true
	check 5 ns-cgroup true
	check 13 ns-time -m 5 true
	check 10 ns-net true
	check 19 ns-user true
	check 20 ns-uts ns-join --uts=/proc/self/ns/uts true
	check 9 ns-bindmount s t true
	check 311 ns-bindmount -f list true
	check 16 ns-tmpfs t true
	check 40 ns-pivot root true
	check 29 ns-pidlab true
	check 66 ns-pidlab -i true
}

. "$SHUNIT2"
