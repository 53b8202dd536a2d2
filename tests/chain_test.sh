#!/bin/sh
# SPDX-License-Identifier: ISC
# The tools together, and with others.
# shellcheck disable=SC2016 # the inner shells' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

# root: a writable copy of the root that the build makes, with what a chain needs in it.
set_up() {
	tab=$(printf '\t')
	if [ -d "$BUILD/rootfs" ]; then
		cp -RP "$BUILD/rootfs" root
	else
		mkdir -p root/bin
		cp "$(command -v busybox)" root/bin
		for name in ls sh; do ln -s busybox root/bin/$name; done
	fi
	chmod -R u+w root
	mkdir -p root/mnt root/proc root/tmp
	if [ -e root/bin/busybox ]; then
		ln -s busybox root/bin/cat
	else
		cp "$(command -v cat)" root/bin/cat # with the libraries of the others
	fi
	mkdir source target
	echo a >source/a
	# as root with and without ns-user
	case $NS_TEST_MODE in
	root) users="env ns-user" ;;
	*) users=ns-user ;;
	esac
	export work
}

tear_down() {
	[ -z "$work" ] || assertEquals 'mounts outside' '' "$(grep -F "$work" /proc/self/mountinfo)"
}

# --- chains ---

test_the_chain_of_all_five() {
	for user in $users; do
		run sh -c 'cd "$TOP" && exec "$@"' sh \
			"$user" ns-pidlab ns-uts -n box ns-bindmount data/binding/source "$work/root/mnt" \
			ns-pivot -P "$work/root" /bin/sh -c \
			'cat /proc/sys/kernel/hostname; ls /mnt; echo $$'
		assert_rc 0
		assertEquals 'box
a
1' "$out"
		assertEquals '' "$err"
	done
	assertEquals '' "$(ls root/mnt)"
}

test_the_order_of_the_chain_is_free_but_for_the_ends() {
	uts='ns-uts -n box -d zone' bind='ns-bindmount source root/mnt' pid=ns-pidlab
	for user in $users; do
		for order in "$pid $uts $bind" "$pid $bind $uts" "$uts $pid $bind" "$uts $bind $pid" \
			"$bind $uts $pid" "$bind $pid $uts"; do
			# shellcheck disable=SC2086 # words
			run $user $order ns-pivot -P root /bin/sh -c \
				'cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname; ls /mnt /..; echo $$'
			assert_rc 0
			assertEquals "$order" "box
zone
/..:
$(ls root)

/mnt:
a
1" "$(printf '%s\n' "$out")"
			assertEquals '' "$err"
		done
	done
}

test_ns_user_in_the_middle_of_the_chain() {
	run $ns ns-pidlab ns-uts -n outer ns-user ns-uts -n box ns-bindmount source root/mnt \
		ns-pivot root /bin/sh -c 'ls /mnt; echo $$'
	assert_rc 0
	assertEquals 'a
1' "$out"
	run $ns ns-uts -n outer ns-user sh -c 'ns-uts -k -n inner; ns-uts -s'
	assert_rc 0
	assert_line "$out" "hostname${tab}outer"
	assert_has "$err" 'belongs to a parent user namespace'
}

test_with_an_init() {
	run $ns ns-uts -n box ns-pidlab -i ns-bindmount source root/mnt ns-pivot -P root \
		/bin/sh -c 'echo $$; ls /mnt; echo /proc/1/root/*'
	assert_rc 0
	assertEquals '2
a
/proc/1/root/*' "$out"
}

test_each_tool_twice() {
	run $ns ns-uts -n a ns-uts -n b ns-uts -s
	assertEquals "hostname${tab}b" "$(head -n 1 out)"
	run $ns ns-pidlab ns-pidlab sh -c 'echo $$; ls -d /proc/[0-9]*'
	assertEquals '1
/proc/1' "$(printf '%s\n' "$out" | grep -v /proc/2)"
	run $ns ns-pidlab -i ns-pidlab -i sh -c 'echo $$'
	assertEquals 2 "$out"
	mkdir third
	run $ns ns-bindmount source target ns-bindmount target third ls third
	assertEquals a "$out"
	run $ns ns-pivot / ns-pivot / ns-pivot "$work/root" ls /..
	assertEquals "$(ls root)" "$out"
	run ns-user ns-user ns-uts -n deep ns-uts -s
	assertEquals "hostname${tab}deep" "$(head -n 1 out)"
}

test_a_long_chain() {
	set -- sh -c 'echo end; exit 5'
	for _ in $(seq 200); do set -- ns-uts -k "$@"; done
	run "$@"
	assert_rc 5
	assertEquals end "$out"
}

test_the_status_passes_the_whole_chain() {
	for status in 0 1 125 126 127 128 255; do
		run $ns ns-pidlab -i ns-uts ns-bindmount source target ns-pivot / sh -c "exit $status"
		assert_rc $status
		run $ns ns-pidlab ns-uts ns-bindmount source target ns-pivot / sh -c "exit $status"
		assert_rc $status
	done
	run $ns ns-uts ns-pidlab -i ns-bindmount source target sh -c 'kill -KILL $$'
	assert_rc 137
}

test_a_tool_that_fails_ends_the_chain() {
	run $ns ns-pidlab ns-uts -n '' ns-bindmount source target sh -c ': >ran'
	assert_rc 125
	assertEquals 'ns-uts:' "$(sed 's/ .*//;q' err)"
	run $ns ns-pidlab -i ns-uts ns-bindmount source nowhere ns-pivot root sh -c ': >ran'
	assert_rc 125
	assertEquals 'ns-bindmount:' "$(sed 's/ .*//;q' err)"
	run $ns ns-uts ns-pidlab ns-pivot nowhere sh -c ': >ran'
	assert_rc 125
	run $ns ns-uts ns-pidlab --no-such ns-pivot root sh -c ': >ran'
	assert_rc 125
	run env PATH="$BUILD:/bin" $ns ns-uts ns-nosuch sh -c ': >ran'
	assert_rc 127
	assertEquals "ns-uts: cannot run 'ns-nosuch': No such file or directory" "$err"
	assertTrue '[ ! -e ran ]'
}

test_ns_pivot_before_another_tool_says_what_to_do() {
	run $ns ns-pivot root ns-uts -n box ls /
	assert_rc 127
	assert_has "$err" 'ns-pivot: hint: the tools are not in the new root: put what switches the root last'
}

test_with_other_programs_between() {
	run $ns ns-uts -n box env A=b nice ns-bindmount source target env sh -c \
		'cat /proc/sys/kernel/hostname target/a; echo $A'
	assert_rc 0
	assertEquals 'box
a
b' "$out"
}

test_joining_a_chain_from_outside() {
	mkfifo pid root/end
	$ns ns-pidlab --pid-file=pid ns-uts -n box ns-bindmount source root/mnt \
		ns-pivot -P root sh -c 'read -r x </end; exit 4' &
	read -r first <pid
	# the root of the target has ls; its namespaces are the chain's, user namespace too
	run ns-join -t "$first" -a ls /.. /mnt
	assert_rc 0
	assertEquals "/..:
$(ls root)

/mnt:
a" "$out"
	run ns-join -t "$first" -U -u ns-uts -s
	case $NS_TEST_MODE in root) run ns-join -t "$first" -u ns-uts -s ;; esac
	assert_rc 0
	assertEquals "hostname${tab}box" "$(head -n 1 out)"
	: >root/end
	wait $!
	assertEquals 4 $?
}

test_a_detached_chain_is_ready_when_its_pid_is_printed() {
	mkfifo root/end
	first=$($ns ns-pidlab -d ns-uts -n quick ns-bindmount source root/mnt \
		ns-pivot -P root sh -c 'read -r x </end')
	assertEquals 0 $?
	run ns-join -t "$first" -a cat /proc/sys/kernel/hostname /mnt/a
	assertEquals 'quick
a' "$out"
	: >root/end
	assertTrue 'it ends' "eventually gone $first"
}

test_a_detached_chain_that_fails_says_so() {
	run $ns ns-pidlab -d ns-uts -n x ns-bindmount source nowhere sleep 9
	assert_rc 125
	assertEquals '' "$out"
	run $ns ns-pidlab -d ns-uts -n x ns-pivot root no-such-command
	assert_rc 127
	assertEquals '' "$out"
}

test_many_chains_at_once() {
	for i in $(seq 20); do
		$ns ns-pidlab ns-uts -n "box$i" ns-bindmount source root/mnt ns-pivot -P root \
			sh -c 'cat /proc/sys/kernel/hostname; ls /mnt; echo $$' >"out$i" 2>&1 &
	done
	wait
	for i in $(seq 20); do
		assertEquals "box$i
a
1" "$(cat "out$i")"
	done
}

# --- pipelines ---

test_find_feeds_a_null_list() {
	mkdir from to
	for name in one 'two words' "$(printf 'tab\there')" "$(printf 'new\nline')"; do
		echo "$name" >"from/$name"
		: >"to/$name"
	done
	out=$(cd from && find . -type f -print0 |
		sed -z 's:^\./\(.*\):\1\x00../to/\1:' |
		$ns ns-bindmount -0 -r -f - sh -c 'cat ../to/*' | sort)
	assertEquals 'here
line
new
one
tab
two words' "$(printf '%s\n' "$out" | tr '\t' '\n' | sort)"
	assertEquals '' "$(cat to/*)"
}

test_find_feeds_a_null_list_with_create() {
	mkdir from to
	seq 300 | while read -r i; do echo "$i" >"from/$i"; done
	find from -type f -printf '%p\0to/%f\0' |
		$ns ns-bindmount -0 -c -f - sh -c 'cat to/*' | sort -n >got
	assertEquals "$(seq 300)" "$(cat got)"
	assertEquals 300 "$(find to -type f | grep -c .)"
}

test_awk_feeds_a_list_and_the_output_goes_on() {
	out=$(echo 'source target' | awk '{ print $1 "\t" $2 "\tro" }' |
		$ns ns-bindmount -f - ls target | tr a b)
	assertEquals b "$out"
}

test_input_and_output_stream_through_a_chain() {
	seq 100000 >numbers
	seq 100000 | $ns ns-pidlab -i ns-uts -n x ns-bindmount source target cat | cmp - numbers
	assertEquals 0 $?
	out=$(ns-uts -s | cut -f 1 | tr '\n' ' ')
	assertEquals 'hostname nisdomain ' "$out"
	tar -cf - source | $ns ns-pivot root sh -c 'cat' | tar -tf - >list
	assertEquals 'source/
source/a' "$(cat list)"
}

test_a_closed_pipe_ends_a_chain() {
	mkfifo status
	for chain in ns-uts 'ns-pidlab -i' 'ns-bindmount source target'; do
		# shellcheck disable=SC2086 # words
		(
			$ns $chain yes 2>/dev/null
			echo $? >status
		) | head -n 1 >got &
		read -r rc <status
		wait
		assertEquals "$chain" 141 "$rc"
		assertEquals y "$(cat got)"
	done
}

test_xargs_runs_chains() {
	out=$(seq 3 | xargs -I '{}' $ns ns-uts -n 'host{}' cat /proc/sys/kernel/hostname)
	assertEquals 'host1
host2
host3' "$out"
}

test_in_scripts_that_end_at_an_error() {
	run sh -ec '
		if $1 ns-uts sh -c "exit 1"; then echo no; else echo "command: $?"; fi
		if ns-uts -n "" true 2>/dev/null; then echo no; else echo "tool: $?"; fi
		$1 ns-uts false || echo or
		$1 ns-uts true && echo and
		$1 ns-uts false
		echo not reached' sh "$ns"
	assert_rc 1
	assertEquals 'command: 1
tool: 125
or
and' "$out"
}

test_a_signal_reaches_command_through_a_chain() {
	mkfifo ready
	$ns ns-uts ns-bindmount source target ns-pidlab ns-uts sh -c \
		'trap "echo caught >caught; exit 9" TERM; echo >ready; while :; do read -r x <ready; done' 2>noise &
	read -r _ <ready
	kill $!
	# the shell's own read ends when it is interrupted, or is opened once more
	wait $!
	assertEquals 9 $?
	assertEquals caught "$(cat caught)"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
