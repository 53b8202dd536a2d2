#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-pivot
# shellcheck disable=SC2016 # the inner shells' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

# The new root has no more than sh and ls for sure: the scripts run there use the shell alone.
set_up() {
	if [ -d "$BUILD/rootfs" ]; then
		cp -RP "$BUILD/rootfs" root
	else
		mkdir -p root/bin
		cp "$(command -v busybox)" root/bin
		for name in ls sh; do ln -s busybox root/bin/$name; done
	fi
	chmod -R u+w root
	mkdir -p root/proc root/tmp root/dir
	echo here >root/mark
	echo outside >outside
	names=$(ls root)
	export work
	SHELL=/bin/sh
	found_path=$PATH
	PATH=$PATH:/bin # the new root's
	export SHELL PATH
}

tear_down() {
	PATH=$found_path
	[ -z "$work" ] || assertEquals 'mounts outside' '' "$(grep -F "$work" /proc/self/mountinfo)"
}

unprivileged() {
	case $NS_TEST_MODE in
	root) setpriv --bounding-set -sys_admin "$@" ;;
	*) "$@" ;;
	esac
}

# --- the switch ---

test_the_new_root_is_the_root() {
	run $ns ns-pivot root ls /
	assert_rc 0
	assertEquals "$names" "$out"
	assertEquals '' "$err"
	run $ns ns-pivot "$work/root" sh -c 'read -r x </mark; echo "$x"; [ ! -e "$1" ]' sh "$work"
	assert_rc 0
	assertEquals here "$out"
}

test_nothing_is_above_the_new_root() {
	run $ns ns-pivot root ls /.. /../.. ../../..
	assert_rc 0
	for path in /.. /../.. ../../..; do
		assert_has "$out" "$path:
$names"
	done
	assert_has_not "$out" usr
}

test_command_starts_in_the_new_root() {
	run $ns ns-pivot root sh -c 'pwd; /bin/ls; /bin/ls ..'
	assert_rc 0
	assertEquals "/
$names
$names" "$out"
	# from a directory of the new root, of the old, of none
	for directory in root/dir / "$work"; do
		run sh -c 'cd "$1" && shift && exec "$@"' sh "$directory" \
			$ns ns-pivot "$work/root" sh -c 'pwd -P; /bin/ls ..'
		assertEquals "/
$names" "$out"
	done
}

# held [OPTION]... ROOT: runs a shell there and shows its mountinfo, as seen from outside.
held() {
	mkfifo ready end
	# shellcheck disable=SC2086 # several words
	$ns ns-pivot "$@" sh -c 'echo ready; read -r x' <end >ready &
	exec 3>end
	read -r _ <ready && cat "/proc/$!/mountinfo"
	[ "$(readlink "/proc/$!/ns/mnt")" != "$(readlink /proc/self/ns/mnt)" ] || echo same
	echo >&3
	exec 3>&-
	wait $!
	rm ready end
}

test_only_the_mounts_of_the_new_root_are_left() {
	run held root
	assert_rc 0
	assertEquals / "$(awk '{ print $5 }' out)"
}

test_mounts_below_the_new_root_come_along() {
	mkdir sub
	: >sub/deep
	run $ns ns-bindmount sub root/dir ns-pivot root ls /dir
	assert_rc 0
	assertEquals deep "$out"
	ns="$ns ns-bindmount sub root/dir" run held root
	assertEquals '/
/dir' "$(awk '{ print $5 }' out)"
}

test_new_roots_of_many_names() {
	ln -s root link
	mv root "ro ot$(printf '\t\n\\\303\050')"
	ln -s ro* link2
	for name in ./ro* "$work"/ro*/ link link2/dir/..; do
		ln -sfn ro* link
		run $ns ns-pivot "$name" ls /
		assert_rc 0
		assertEquals "$names" "$out"
	done
	run sh -c 'cd -P link && exec "$@"' sh $ns ns-pivot . ls /
	assert_rc 0
	assertEquals "$names" "$out"
}

test_the_root_itself_and_twice() {
	run $ns ns-pivot / sh -c 'cat "$1/outside"' sh "$work"
	assert_rc 0
	assertEquals outside "$out"
	run $ns ns-pivot / ns-pivot "$work/root" ls /..
	assert_rc 0
	assertEquals "$names" "$out"
}

test_never_in_the_namespace_of_the_caller() {
	run $ns ns-bindmount -p shared "$work" "$work" sh -c '
		cat /proc/self/mountinfo >before
		ns-pivot root sh -c "read -r x </mark; echo \$x" || echo failed
		cat outside /proc/self/mountinfo >after'
	assert_rc 0
	assertEquals here "$out"
	assertEquals "outside
$(cat before)" "$(cat after)"
}

test_a_shared_parent_is_no_obstacle_and_sees_nothing() {
	run $ns ns-bindmount -p shared root root sh -c '
		mkfifo ready end
		ns-pivot root sh -c "echo ready; read -r x" <end >ready &
		exec 3>end
		read -r x <ready
		cat /proc/self/mountinfo >during
		echo >&3
		wait $! || echo failed
		cat /proc/self/mountinfo >after
		grep -q "$work/root .*shared:" after || echo not shared'
	assert_rc 0
	assertEquals '' "$out"
	assertEquals "$(cat after)" "$(cat during)"
}

test_the_status_of_command() {
	run $ns ns-pivot root sh -c 'exit 37'
	assert_rc 37
}

# --- the old root ---

test_put_old_keeps_the_old_root_there() {
	mkdir root/old
	for option in '-o /old' '-o old' '--put-old=/old' '-oold/'; do
		# shellcheck disable=SC2086 # words
		run $ns ns-pivot $option root sh -c '
			read -r x <"/old$1/outside"; echo "$x"; ls /..' sh "$work"
		assert_rc 0
		assertEquals "outside
$(ls root)" "$out"
	done
	run held -o /old root
	assertEquals / "$(awk '{ print $5 }' out | sort | head -n 1)"
	assert_line "$(awk '{ print $5 }' out)" /old
}

test_put_old_is_made_if_missing_and_stays() {
	run $ns ns-pivot -o /a/b/c root sh -c 'read -r x <"/a/b/c$1/outside"; echo "$x"' sh "$work"
	assert_rc 0
	assertEquals outside "$out"
	assertTrue '[ -d root/a/b/c ]'
	assertEquals '' "$(ls root/a/b/c)"
}

test_put_old_is_removed_again_on_failure() {
	mkdir root/there
	run $ns ns-pivot -o /there/a/b root no-such-command
	assert_rc 127
	assertEquals '' "$(ls root/there)"
	run $ns ns-pivot -o /a/b -C /no/such root ls
	assert_rc 125
	run $ns ns-pivot -o /a/b root /mark
	assert_rc 126
	rmdir root/proc
	run $ns ns-pivot -o /a/b -P root ls
	assert_rc 125
	mkdir root/proc
	rmdir root/there
	assertEquals "$names" "$(ls root)"
	mkdir root/there
	run $ns ns-pivot -o /there root no-such-command
	assert_rc 127
	assertTrue '[ -d root/there ]'
}

test_put_old_stays_in_the_new_root() {
	mkdir elsewhere root/elsewhere
	ln -s "$work/elsewhere" root/absolute
	ln -s /elsewhere root/inside
	run $ns ns-pivot -o /inside root sh -c 'read -r x <"/elsewhere$1/outside"; echo "$x"' sh "$work"
	assert_rc 0
	assertEquals outside "$out"
	run $ns ns-pivot -o /absolute/new root ls /
	assertEquals '' "$(ls elsewhere)"
}

test_put_old_that_cannot_be() {
	for word in / . .. /.. '' ./ ../..; do
		assert_usage "--put-old must be below the new root: '$word'" \
			ns-pivot -o "$word" root ls
	done
	run $ns ns-pivot -o /mark root ls
	assert_rc 125
	assertEquals "ns-pivot: cannot put the old root at '/mark' of the new one: Not a directory" "$err"
	run $ns ns-pivot -o /mark/x root ls
	assert_rc 125
	assert_has "$err" "cannot put the old root at '/mark/x' of the new one: Not a directory"
	ln -s / root/link
	run $ns ns-pivot -o link root ls
	assert_rc 125
	assert_has "$err" "hint: '/link' of the new root leads to that root itself"
}

# --- /proc ---

test_proc_as_the_first_process() {
	for option in -P --proc; do
		run $ns ns-pidlab ns-pivot $option root sh -c '
			echo $$ /proc/[0-9]*
			while read -r id parent device root point options rest; do
				echo "$point ${options%,relatime}"
			done </proc/self/mountinfo'
		assert_rc 0
		assertEquals '1 /proc/1
/ rw
/proc rw,nosuid,nodev,noexec' "$out"
	done
}

test_proc_under_the_init_of_ns_pidlab() {
	run $ns ns-pidlab -i ns-pivot -P root sh -c 'echo $$ /proc/[0-9]*; echo /proc/1/root/*; ls -a /proc/1/root/ /proc/1/cwd/; echo /proc/1/fd/*'
	assert_rc 0
	assert_line "$out" '2 /proc/1 /proc/2'
	assert_line "$out" '/proc/1/root/*'
	assert_has_not "$out" usr
	assert_has_not "$out" mark
}

test_no_process_of_proc_leads_to_the_old_root() {
	for init in '' -i; do
		run $ns ns-pidlab $init ns-pivot -P root sh -c '
			for p in /proc/[0-9]*; do [ ! -e "$p/root$1" ] && [ ! -e "$p/cwd$1" ] || echo "$p"; done
			for f in /proc/[0-9]*/fd/*; do [ ! -e "$f/mark" ] && [ ! -e "$f/usr" ] || echo "$f"; done' \
			sh "$work"
		assert_rc 0
		assertEquals '' "$out"
	done
}

test_proc_is_refused_where_it_would_lead_back() {
	hint="make ns-pivot the first process there, or the one that the init starts: 'ns-pidlab ns-pivot -P ...' or 'ns-pidlab -i ns-pivot -P ...'"
	# PID 1 is a shell in the old root; so is the parent under the init
	for init in '' -i; do
		run $ns ns-pidlab $init sh -c 'ns-pivot -P root ls /; echo $?; [ -e outside ]'
		assert_rc 0
		assertEquals 125 "$out"
		assert_has "$err" 'ns-pivot: cannot have a /proc: process '
		assert_has "$err" "ns-pivot: hint: $hint"
	done
	# the first process, but not the only one
	run $ns ns-pidlab sh -c 'mkfifo f; (: >f) & exec ns-pivot -P root ls /'
	assert_rc 125
	assert_has "$err" ' of this PID namespace is in another root, which its /proc/'
}

test_proc_is_refused_in_the_pid_namespace_of_the_caller() {
	run $ns ns-pivot -P root ls /
	assert_rc 125
	assertEquals '' "$out"
	assert_has "$err" 'ns-pivot: hint: '
	assert_has "$err" 'ns-pidlab '
}

test_proc_needs_a_directory_of_that_name() {
	rmdir root/proc
	run $ns ns-pidlab ns-pivot -P root ls
	assert_rc 125
	assertEquals "ns-pivot: cannot mount proc on '/proc' of the new root: No such file or directory
ns-pivot: hint: --proc needs a directory of that name there" "$err"
	: >root/proc
	run $ns ns-pidlab ns-pivot -P root ls
	assert_rc 125
	assert_has "$err" "cannot mount proc on '/proc' of the new root: Not a directory"
	rm root/proc
	for target in /dir "$work" ../..; do
		ln -sfn "$target" root/proc
		run $ns ns-pidlab ns-pivot -P root ls
		assert_rc 125
		assert_has "$err" "cannot mount proc on '/proc' of the new root: "
	done
}

# --- read-only ---

test_read_only_but_for_proc() {
	mkdir sub
	for option in -r --read-only; do
		run $ns ns-bindmount sub root/dir ns-pidlab ns-pivot $option -P root sh -c '
			(: >/new) && echo wrote /
			(: >/dir/new) && echo wrote /dir
			(echo name >/proc/self/comm) || echo no proc
			while read -r id parent device root point options rest; do
				echo "$point ${options%%,*}"
			done </proc/self/mountinfo'
		assert_rc 0
		assertEquals '/ ro
/dir ro
/proc rw' "$out"
	done
	assertEquals "$names" "$(ls root)"
	run $ns ns-pivot root sh -c ': >/new'
	assert_rc 0
	assertTrue '[ -e root/new ]'
}

test_read_only_with_put_old_made() {
	run $ns ns-pivot -r -o /made root sh -c '
		(: >/new) && echo wrote
		read -r x <"/made$1/outside"; echo "$x"' sh "$work"
	assert_rc 0
	assertEquals outside "$out"
	run $ns ns-pivot -r -o /made2/a root no-such-command
	assert_rc 127
	assertTrue '[ ! -e root/made2 ]'
}

# --- working directory ---

test_chdir_is_of_the_new_root() {
	for option in '-C /dir' '-C dir' '--chdir=/dir' '-Cdir/../dir/'; do
		# shellcheck disable=SC2086 # two words
		run $ns ns-pivot $option root sh -c pwd
		assert_rc 0
		assertEquals /dir "$out"
	done
	ln -s "../../../dir" root/link
	run $ns ns-pivot -C link root sh -c 'pwd -P'
	assertEquals /dir "$out"
}

test_chdir_that_cannot_be() {
	for name in /nowhere "$work" /mark; do
		run $ns ns-pivot -C "$name" root ls
		assert_rc 125
		assertEquals '' "$out"
		assert_has "$err" "ns-pivot: cannot change to '$name' in the new root: "
	done
	assert_usage "--chdir is empty: ''" ns-pivot -C '' root ls
}

# --- descriptors ---

# Says which of the descriptors 3 to 9 are open.
open_ones='for n in 3 4 5 6 7 8 9; do eval "(: <&$n)" && echo $n; done; :'

test_descriptors_that_lead_back_are_closed() {
	# shellcheck disable=SC2094
	run $ns ns-pivot root sh -c "$open_ones" 3</ 4</proc/self/ns/mnt 5</proc/self/ns/user \
		6</proc/self/fd 7<root 8</proc/self/ns/pid
	assert_rc 0
	assertEquals '' "$out"
	for kind in pidfd path file; do
		run "$BUILD/helpers/hold" $kind 9 $ns ns-pivot root sh -c "$open_ones"
		assert_rc 0
		assertEquals "$kind" '' "$out"
	done
	run $ns ns-bindmount root root "$BUILD/helpers/hold" tree 9 ns-pivot root sh -c "$open_ones"
	assert_rc 0
	assertEquals '' "$out"
}

test_a_descriptor_of_a_high_number_is_closed() {
	run "$BUILD/helpers/hold" path 250 $ns ns-pidlab ns-pivot -P root sh -c 'ls /proc/self/fd'
	assert_rc 0
	assert_has_not "$out" 250
	run sh -c 'ulimit -n 512; exec "$@"' sh \
		"$BUILD/helpers/hold" path 500 $ns ns-pidlab ns-pivot -P root sh -c 'ls /proc/self/fd'
	assert_has_not "$out" 500
}

test_files_pipes_and_sockets_pass() {
	mkfifo fifo
	# shellcheck disable=SC2094
	run $ns ns-pivot root sh -c "$open_ones; read -r x <&3; echo \"\$x\"; echo back >&4" \
		3<outside 4>back 5<>fifo 6</dev/null 7</proc/self/status
	assert_rc 0
	assertEquals '3
4
5
6
7
outside' "$out"
	assertEquals back "$(cat back)"
	run "$BUILD/helpers/hold" socket 9 $ns ns-pivot root sh -c "$open_ones"
	assertEquals 9 "$out"
	out=$(echo in | $ns ns-pivot root sh -c 'read -r x; echo "$x out"')
	assertEquals 'in out' "$out"
}

test_as_0_1_or_2_they_are_refused() {
	run $ns ns-pivot root ls </
	assert_rc 125
	assertEquals "ns-pivot: descriptor 0 is a directory: it would lead back to the old root
ns-pivot: hint: redirect it to or from something else, /dev/null for example" "$err"
	run $ns ns-pivot root ls </proc/self/ns/mnt
	assert_rc 125
	assert_has "$err" 'descriptor 0 is a namespace'
	rc=0
	$ns ns-pivot root ls 2>err 1</ || rc=$?
	assertEquals 125 $rc
	assert_has "$(cat err)" 'descriptor 1 is a directory'
	rc=0
	$ns ns-pivot root sh -c 'echo ran >/tmp/ran' 2</ || rc=$?
	assertEquals 125 $rc
	assertTrue '[ ! -e root/tmp/ran ]'
	run "$BUILD/helpers/hold" pidfd 0 $ns ns-pivot root ls
	assert_rc 125
	assert_has "$err" 'descriptor 0 is a process (pidfd)'
	run "$BUILD/helpers/hold" path 0 $ns ns-pivot root ls
	assert_rc 125
	assert_has "$err" 'descriptor 0 is a directory'
	run "$BUILD/helpers/hold" file 0 $ns ns-pivot root ls
	assert_rc 125
	assert_has "$err" 'descriptor 0 is a path (O_PATH)'
	run $ns ns-bindmount root root "$BUILD/helpers/hold" tree 0 ns-pivot root ls
	assert_rc 125
	assert_has "$err" 'descriptor 0 is a '
}

test_closed_0_1_and_2_are_fine_and_stay_closed() {
	say_open='open=; for n in 0 1 2; do eval "(: 9<&$n)" && open=$open$n; done; echo "$open" >/tmp/open'
	$ns ns-pivot root sh -c "$say_open" <&- 2>>noise
	assertEquals 0 $?
	assertEquals 12 "$(cat root/tmp/open)"
	$ns ns-pivot root sh -c "$say_open" >&- 2>>noise
	assertEquals 0 $?
	assertEquals 02 "$(cat root/tmp/open)"
	$ns ns-pivot root sh -c "$say_open" 2>&-
	assertEquals 0 $?
	assertEquals 01 "$(cat root/tmp/open)"
	$ns ns-pivot root sh -c "$say_open" <&- >&- 2>&-
	assertEquals 0 $?
	assertEquals '' "$(cat root/tmp/open)"
}

test_with_put_old_descriptors_are_left_alone() {
	run $ns ns-pivot -o /old root sh -c "$open_ones" 3</ 4</proc/self/ns/mnt </
	assert_rc 0
	assertEquals '3
4' "$out"
}

# --- COMMAND ---

test_command_is_looked_up_in_the_new_root() {
	printf '#!/bin/sh\necho found "$1"\n' >root/bin/only-there
	chmod 755 root/bin/only-there
	run $ns ns-pivot root only-there x
	assert_rc 0
	assertEquals 'found x' "$out"
	mkdir bin
	cp root/bin/only-there bin/only-here
	PATH=$work/bin:$PATH
	run $ns ns-pivot root only-here
	assert_rc 127
	assertEquals "ns-pivot: cannot run 'only-here': No such file or directory" \
		"$(head -n 1 err)"
	assert_has "$err" "ns-pivot: hint: in the new root it is in no directory of PATH, '$work/bin:"
}

test_a_tool_of_ours_is_not_there_and_the_hint_says_so() {
	run $ns ns-pivot root ns-uts true
	assert_rc 127
	assertEquals "ns-pivot: cannot run 'ns-uts': No such file or directory
ns-pivot: hint: the tools are not in the new root: put what switches the root last in the chain" \
		"$err"
}

test_a_program_whose_interpreter_is_missing_in_the_new_root() {
	"$BUILD/helpers/odd-file" interpreter root/bin/odd
	run $ns ns-pivot root odd
	assert_rc 127
	assertEquals "ns-pivot: cannot run 'odd': No such file or directory
ns-pivot: hint: '/bin/odd' is there, but its interpreter '/no/such/loader' is not" "$err"
	printf '#!/usr/bin/env perl\n' >root/bin/odd
	run $ns ns-pivot root /bin/odd
	assert_rc 127
	assert_has "$err" "hint: '/bin/odd' is there, but its interpreter '/usr/bin/env' is not"
}

test_without_command_a_shell() {
	printf '#!/bin/sh\necho mine\n' >root/bin/mine
	chmod 755 root/bin/mine
	echo 'echo $0 $#; ls /' >script
	for SHELL in /bin/sh '' /no/such/shell "$work/root/bin/mine" /mark; do
		run $ns ns-pivot root <script
		assert_rc 0
		assertEquals "/bin/sh 0
$names" "$out"
	done
	SHELL=/bin/mine
	run $ns ns-pivot root <script
	assertEquals mine "$out"
	unset SHELL
	run $ns ns-pivot root <script
	assert_line "$out" '/bin/sh 0'
}

# --- what goes wrong ---

test_usage_mistakes() {
	assert_usage 'missing NEWROOT' ns-pivot
	assert_usage 'missing NEWROOT' ns-pivot -P -r
	assert_usage "unknown option '-Z'" ns-pivot -Z root
	assert_usage "unknown option '--no-such'" ns-pivot --no-such root
	assert_usage "ambiguous option '--p'" ns-pivot --p root
	for option in o C; do
		assert_usage "option '-$option' requires an argument" ns-pivot -$option
	done
	for option in put-old chdir; do
		assert_usage "option '--$option' requires an argument" ns-pivot --$option
	done
	for option in proc read-only; do
		assert_usage "option '--$option' does not take an argument: '--$option=x'" \
			ns-pivot --$option=x root
	done
}

test_new_roots_that_cannot_be() {
	run $ns ns-pivot nowhere ls
	assert_rc 125
	assertEquals "ns-pivot: cannot use 'nowhere' as the root: No such file or directory" "$err"
	run $ns ns-pivot '' ls
	assert_rc 125
	assertEquals "ns-pivot: cannot use '' as the root: No such file or directory" "$err"
	run $ns ns-pivot outside ls
	assert_rc 125
	assertEquals "ns-pivot: cannot use 'outside' as the root: Not a directory" "$err"
	run $ns ns-pivot "a$(printf '\t')b" ls
	assert_has "$err" "cannot use 'a\\011b' as the root"
}

test_without_privilege_the_hint_says_what_is_missing() {
	run unprivileged ns-pivot root ls
	assert_rc 125
	assertEquals "ns-pivot: cannot make a new mount namespace: Operation not permitted
ns-pivot: hint: CAP_SYS_ADMIN is missing in the current user namespace: run it as root, or under ns-user" \
		"$err"
}

test_the_limit_is_named() {
	run ns-user sh -c 'echo 0 >/proc/sys/user/max_mnt_namespaces; ns-pivot root ls'
	assert_rc 125
	assertEquals "ns-pivot: cannot make a new mount namespace: No space left on device
ns-pivot: hint: the limit user.max_mnt_namespaces is 0" "$err"
}

test_in_a_chroot_the_hint_says_so() {
	mkdir c c/host
	mv root c/root
	for name in bin lib lib32 lib64 usr; do ln -s "host/$name" c/$name; done
	run $ns ns-bindmount -R / c/host chroot c "/host$BUILD/ns-pivot" root ls
	assert_rc 125
	assert_has "$err" 'hint: the root directory is no mount point (a chroot)'
}

test_in_a_chroot_on_a_shared_mount_the_hint_says_so() {
	mkdir c c/host
	mv root c/root
	for name in bin lib lib32 lib64 usr; do ln -s "host/$name" c/$name; done
	run $ns ns-bindmount -p shared c c sh -c '
		exec ns-bindmount -p unchanged -R / c/host chroot c "/host$BUILD/ns-pivot" root ls'
	assert_rc 125
	assert_has "$err" 'hint: the mount that holds the current root is shared'
	run $ns ns-bindmount -p shared c c sh -c '
		exec ns-bindmount -p unchanged -R / c/host \
			ns-pivot c "/host$BUILD/ns-pivot" root ls README'
	assert_rc 0
	assertEquals README "$out"
}

test_a_lazily_unmounted_directory() {
	run $ns ns-bindmount root root sh -c '
		cd root && umount -l "$work/root" && exec ns-pivot . ls /'
	assert_rc 125
	assert_has "$err" "'.'"
	assert_has "$err" 'ns-pivot: hint: '
	assert_has_not "$err" '--recursive takes'
}

test_a_new_root_with_locked_mounts() {
	mkdir sub
	: >sub/deep
	run $ns ns-bindmount sub root/dir ns-user ns-pivot root ls /dir
	assert_rc 0
	assertEquals deep "$out"
}

test_a_failure_leaves_nothing() {
	for words in 'root no-such-command' '-C /nowhere root ls' '-o /mark root ls' 'nowhere ls'; do
		run $ns ns-bindmount -p shared "$work" "$work" sh -c '
			cat /proc/self/mountinfo >before
			ns-pivot '"$words"' 2>/dev/null && echo succeeded
			cat /proc/self/mountinfo >after'
		assertEquals '' "$out"
		assertEquals "$(cat before)" "$(cat after)"
	done
	assertEquals "$names" "$(ls root)"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
