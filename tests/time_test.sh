#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-time
# shellcheck disable=SC2016 # for inner shells
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	PATH=$BUILD/helpers:$PATH
	export PATH
}

tear_down() {
	PATH=${PATH#"$BUILD/helpers:"}
}

# assert_offsets MONOTONIC BOOTTIME OPTION...: in seconds; the wall clock stays.
assert_offsets() {
	clocks >before
	m=$1 b=$2
	shift 2
	run $ns ns-time "$@" clocks
	assert_rc 0
	# up to 20 seconds are allowed to have passed meanwhile
	assertEquals "$* moves by" "$m $b 0" "$(paste before out | awk '
		BEGIN { m = ARGV[1]; b = ARGV[2]; ARGC = 1 }
		{ want = NR == 1 ? m : NR == 2 ? b : 0; by = ($2 - $1) / 100 - want
			if (by < -0.02 || by > 20) want = "off:" by
			line = line (NR > 1 ? " " : "") want }
		END { print line }' "$m" "$b")"
}

# assert_file MONOTONIC BOOTTIME OPTION...: what the kernel has: seconds and nanoseconds each.
assert_file() {
	want="monotonic $1
boottime $2"
	shift 2
	run $ns ns-time "$@" cat /proc/self/timens_offsets
	assert_rc 0
	assertEquals "$*" "$want" "$(awk '{ $1 = $1 } 1' out)"
}

test_moves_the_clocks() {
	assert_offsets 1000 2000 -m 1000 -b 2000
	assert_offsets 0 86400 --boottime=86400
	assert_offsets 500 0 --monotonic=500
	assert_offsets 0 0
}

test_negative_and_fraction() {
	assert_offsets 1000.5 0 -m 1000.5
	run $ns ns-time -b 100000 ns-time -b 5.25 sh -c 'cut -d . -f 1 /proc/uptime'
	assert_rc 0
	for word in 0 -0 0.0 -0.0 00; do assert_file '0 0' '0 0' -m $word; done
	assert_file '1 0' '2 500000000' -m 1 -b 2.5
	assert_file '0 1' '0 999999999' -m 0.000000001 -b 0.9999999999
	assert_file '-1 500000000' '-2 750000000' -m -0.5 -b -1.25
	assert_file '-1 0' '-1 999999999' -m -1 -b -0.000000001
	assert_file '0 100000000' '10 10000000' -m 0.1 -b 0010.01
	assert_offsets -1 -0.5 -m -1 -b -0.5
}

test_the_last_offset_counts() {
	assert_file '7 0' '9 0' -m 5 -b 8 -m 7 -b 9
}

test_uptime_moves_too() {
	run $ns ns-time -b 5000000 cut -d . -f 1 /proc/uptime
	assert_rc 0
	assertTrue "uptime $out" "[ $out -gt 5000000 ]"
}

test_moves_itself_and_never_forks() {
	run $ns sh -c 'echo $$; exec ns-time -m 5 sh -c "echo \$\$
		readlink /proc/self/ns/time /proc/self/ns/time_for_children /proc/\$\$/ns/time"'
	assert_rc 0
	assertEquals 'PID' "$(sed -n 1p out)" "$(sed -n 2p out)"
	assertEquals 'both' "$(sed -n 3p out)" "$(sed -n 4p out)"
	assertEquals 'child' "$(sed -n 3p out)" "$(sed -n 5p out)"
	assert_has "$out" 'time:['
	assertNotEquals "$(readlink /proc/self/ns/time)" "$(sed -n 3p out)"
}

test_makes_a_new_time_namespace_only() {
	for type in cgroup ipc mnt net pid uts; do
		run $ns ns-time readlink /proc/self/ns/$type
		assertEquals "$(readlink /proc/self/ns/$type)" "$out"
	done
}

test_offsets_of_a_nested_one_are_the_machines_too() {
	run $ns ns-time -m 100 -b 7 ns-time -m 50 cat /proc/self/timens_offsets
	assert_rc 0
	assertEquals 'monotonic 50 0
boottime 7 0' "$(awk '{ $1 = $1 } 1' out)"
}

test_out_of_range_is_explained() {
	for option in '-m -99999999999' '-b -99999999999' '-m 9999999999' '-b 5000000000'; do
		# shellcheck disable=SC2086 # two words
		run $ns ns-time $option echo ran
		assert_rc 125
		assertEquals '' "$out"
		assert_has "$err" "clock by '${option#* }': "
		assert_line "$err" 'ns-time: hint: the clock would be before 0, or beyond 146 years'
	done
	run $ns ns-time -m -99999999999 true
	assert_has "$err" 'ns-time: cannot move the monotonic clock by '
	run $ns ns-time -b -99999999999 true
	assert_has "$err" 'ns-time: cannot move the boottime clock by '
}

test_refuses_what_is_no_offset() {
	for bad in '' - . 1. .5 -.5 +5 ' 5' '5 ' 5s 1.2.3 --5 1e3 0x10 5,5 1.-5; do
		assert_usage "offset is not [-]SECONDS[.FRACTION]: '$bad'" ns-time -m "$bad"
		assert_usage "offset is not [-]SECONDS[.FRACTION]: '$bad'" ns-time --boottime="$bad"
	done
	for bad in 99999999999999 -18446744073709551617 "$(printf '9%.0s' $(seq 100))"; do
		assert_usage "offset is too large: '$bad'" ns-time -m "$bad"
	done
	assert_usage "option '-m' requires an argument" ns-time -m
	assert_usage "unknown option '-Z'" ns-time -Z
}

test_a_bad_second_offset_is_found_before_anything_happens() {
	run ns-time -x -m 5 -b x true
	assert_rc 125
	assert_has_not "$err" unshare
}

test_without_proc_the_hint_says_what_is_needed() {
	mkdir p
	run $ns ns-bindmount p /proc ns-time -m 5 true
	assert_rc 125
	assertEquals "ns-time: cannot move the monotonic clock by '5': No such file or directory
ns-time: hint: a mounted /proc is needed" "$err"
	run $ns ns-bindmount p /proc ns-time true
	assert_rc 125
	assertEquals "ns-time: cannot open '/proc/self/ns/time_for_children': No such file or directory
ns-time: hint: a mounted /proc is needed" "$err"
}

test_without_the_capability_the_hint_says_which() {
	# capabilities of a user namespace go with the bounding set, too
	run $ns setpriv --bounding-set -sys_time ns-time -m 5 true
	assert_rc 125
	assertEquals "ns-time: cannot move the monotonic clock by '5': Operation not permitted
ns-time: hint: CAP_SYS_TIME is missing in the current user namespace: run it as root, or under ns-user" "$err"
}

test_explain_says_the_calls() {
	run $ns ns-time -x -m 5 -b -0.5 true
	assert_rc 0
	assertEquals 'ns-time: unshare(CLONE_NEWTIME) = 0
ns-time: write(FD</proc/self/timens_offsets>, "monotonic 5 0\012", 14) = 14
ns-time: write(FD</proc/self/timens_offsets>, "boottime -1 500000000\012", 22) = 22
ns-time: setns(FD, CLONE_NEWTIME) = 0' "$(grep -v execve err | sed 's/  *# .*//; s/([0-9][0-9]*/(FD/')"
	assert_has "$err" '# unshare --time --monotonic 5'
}

test_the_limit_is_named() {
	run ns-user sh -c 'echo 0 >/proc/sys/user/max_time_namespaces; ns-time true'
	assert_rc 125
	assertEquals 'ns-time: cannot make a new time namespace: No space left on device
ns-time: hint: the limit user.max_time_namespaces is 0' "$err"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
