#!/bin/sh
# SPDX-License-Identifier: ISC
# What is not there, or not what it should be: descriptors, processes, memory, /proc, files.
# shellcheck disable=SC2016,SC2086,SC3045 # for other shells; lists of words; ulimit
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	mkdir source target root
	mkfifo fifo
	: >file
	printf 'source\ttarget\n' >list
	look='cat /proc/self/mountinfo; find . ! -name out ! -name err ! -name state'
	sh -c "$look" >state
}

tear_down() {
	[ -z "$work" ] || assertEquals 'what is left' "$(cat state)" "$(sh -c "$look")"
}

# The tools, each with what it needs.
each_tool() {
	printf '%s\n' 'ns-uts -n box' 'ns-bindmount source target' 'ns-bindmount -r -i . source target' \
		'ns-bindmount -f list' 'ns-tmpfs target' 'ns-pivot -r /' 'ns-pidlab' 'ns-pidlab -i' \
		'ns-pidlab --pid-file=pid' 'ns-join --uts=/proc/self/ns/uts' 'ns-ipc' \
		'ns-net' 'ns-cgroup' 'ns-time -b 1' 'ns-user'
}

# assert_refused TOOL: 125, one message and its hints.
assert_refused() {
	assertEquals "$*: status; stderr: $err" 125 "$rc"
	assertEquals "$*: $err" "${1%% *}: " "$(sed -n "1s/^\(${1%% *}: \)[^ ].*/\1/p" err)"
	assertEquals "$*" '' "$(sed 1d err | grep -v "^${1%% *}: hint: ")"
	assertEquals "$*" '' "$out"
}

# Else the limit is one on the loader.
not_static() {
	! (ulimit -v 1000 && exec ns-uts --version) >/dev/null 2>&1 && skip 'the tools are not static'
}

test_without_a_descriptor_to_open() {
	sanitized && return
	not_static && return
	each_tool >tools
	while read -r tool; do
		run $ns ns-uts sh -c 'ulimit -n 3; exec "$@"' sh $tool /no/such 3>&- 4>&- <file
		case $rc:$tool in
		127:ns-uts* | 127:ns-ipc | 127:ns-cgroup | 127:ns-bindmount\ source* | 127:ns-tmpfs*) ;;
		*) assert_refused "$tool" ;;
		esac
	done <tools
	rm tools
	run sh -c 'ulimit -n 3; exec ns-show' 3>&- 4>&-
	assertEquals "ns-show: cannot list '/proc': $(strerror_of "$err")" "$err"
	assert_rc 125
}

# What the C library calls EMFILE.
strerror_of() {
	case $1 in *'Too many open files') echo 'Too many open files' ;; *) echo 'No file descriptors available' ;; esac
}

# From a size on each has memory to start; with little more it says so, or does without; never half.
test_without_memory() {
	sanitized && return
	not_static && return
	each_tool >tools
	while read -r tool; do
		starts=no
		kb=140
		while [ $((kb += 12)) -lt 400 ]; do
			run $ns ns-uts sh -c 'ulimit -v "$1"; shift; exec "$@"' sh $kb $tool /no/such
			case $starts:$rc in
			no:139) continue ;; # execve(2) of it has failed too late
			*:127) ;;
			*) assert_refused "$tool" ;;
			esac
			starts=yes
		done
		assertEquals "$tool: at last" yes:127 $starts:$rc
	done <tools
	rm tools
}

test_without_proc() {
	each_tool >tools
	remounts='no such'
	! is_before 5.12 || remounts=' -r '
	while read -r tool; do
		run $ns ns-tmpfs /proc $tool /no/such
		case $tool in
		ns-user | ns-time* | ns-join\ --uts* | ns-pidlab* | *"$remounts"*)
			case $rc in 127) ;; *) assert_refused "$tool" ;; esac
			;;
		*) assertEquals "$tool; stderr: $err" 127 $rc ;;
		esac
	done <tools
	rm tools
	run $ns ns-tmpfs /proc ns-show
	assert_rc 125
	assertEquals "ns-show: no proc(5) is mounted on '/proc'" "$err"
	# what is to be unmounted inside is not looked for outside
	mkdir -p root/target
	run $ns ns-tmpfs /proc ns-tmpfs target sh -c ': >target/ours
		ns-bindmount -k -i root source target /no/such
		ls target'
	assertEquals ours "$out"
	assert_line "$err" "ns-bindmount: cannot unmount 'target': No such file or directory"
	rm -r root/target
}

test_what_is_no_file() {
	for words in 'ns-join --uts=fifo' 'ns-join --uts=/dev/zero' 'ns-join --uts=source' 'ns-cgroup -j fifo' \
		'ns-bindmount -f source' 'ns-pivot fifo' 'ns-tmpfs fifo' 'ns-bindmount fifo target' \
		'ns-pidlab --pid-file=source' 'ns-pivot /dev/null' 'ns-join --root=fifo -u/proc/self/ns/uts'; do
		run timeout 20 $ns $words echo ran
		assert_refused "$words"
	done
	for name in fifo /dev/zero source file; do
		run timeout 20 ns-show $name
		assert_rc 125
		assertEquals "ns-show: '$name' is no namespace" "$err"
	done
	run timeout 20 $ns ns-uts -n x ./fifo
	assert_rc 126
}

test_lists_without_an_end() {
	sanitized && return
	for option in '' -0; do
		run $ns sh -c 'ulimit -v 100000; exec ns-bindmount "$@"' sh $option -f /dev/zero echo ran
		assert_rc 125
		assertEquals '' "$out"
		assert_has "$err" "ns-bindmount: cannot read '/dev/zero': "
	done
	# a line that is too long for any name
	yes source | head -n 100000 | tr -d '\n' >long
	printf '\ttarget\n' >>long
	run $ns ns-bindmount -f long echo ran
	rm long
	assert_rc 125
	assertEquals '' "$out"
	assert_has "$err" 'ame too long'
}

test_names_as_long_as_they_can_be() {
	name=$(printf '%0255d' 0)
	mkdir "$name" "$name/$name"
	run $ns ns-bindmount source "$name/$name" ns-pidlab --pid-file="pid-$(printf '%0251d' 0)" true
	rm "pid-$(printf '%0251d' 0)"
	assert_rc 0
	run $ns ns-bindmount -c source "target/0$name" true
	assert_rc 125
	assert_has "$err" 'ame too long'
	run $ns ns-pivot "0$name" true
	assert_rc 125
	rmdir "$name/$name" "$name"
}

test_a_limit_on_processes_is_named() {
	case $NS_TEST_MODE in root) # who it does not hold for
		run prlimit --nproc=1 ns-pidlab true
		assert_rc 0
		return
		;;
	esac
	for tool in ns-pidlab 'ns-pidlab -i' 'ns-pidlab -d'; do
		run prlimit --nproc=1 ns-user $tool echo ran
		assert_rc 125
		assertEquals '' "$out"
		assert_line "$err" 'ns-pidlab: hint: a limit on processes is reached: RLIMIT_NPROC, a cgroup'"'s pids.max or kernel.pid_max"
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
