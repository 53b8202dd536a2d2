#!/bin/sh
# SPDX-License-Identifier: ISC
# Where the kernel is older, or a container's seccomp filter answers newer calls with an error.
# shellcheck disable=SC2016,SC2086 # the inner shells' own; lists of words
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	mkdir source source/sub target root root/proc state
	echo a >source/a
	: >file
	: >other
	printf 'source\ttarget\tnosuid\nfile\tother\n' >list
	printf 'source\ttarget\nnone\tother\n' >bad
	mkfifo end
	without=$BUILD/helpers/without
	# a mount that others share, and mounts below what is bound
	around="$ns ns-uts -n outer ns-bindmount -p shared $work $work ns-tmpfs -p shared $work/source/sub"
	export work without
}

tear_down() {
	[ -z "$work" ] || assertEquals 'mounts outside' '' "$(grep -F "$work" /proc/self/mountinfo)"
}

no_filter() {
	run "$without" clone3=ENOSYS true
	[ "$rc" -ne 0 ] || return 1
	skip "$err"
}

# filters CALL...: each with each error, all of them, and those that came with Linux 5.2 and later.
filters() {
	for error in ENOSYS EPERM; do
		all=''
		for call; do
			echo "$call=$error"
			all=$all,$call=$error
		done
		echo "${all#,}"
		case " $* " in *' open_tree '*) echo "open_tree=$error,move_mount=$error,mount_setattr=$error" ;; esac
	done
}

# same COMMAND...: without any of the calls status, output and messages are what they are with them.
ALL='clone3 open_tree move_mount mount_setattr openat2 pidfd_open close_range'
same() {
	run $around sh -c 'cd "$work" && exec "$@"' sh "$@"
	expected="$rc
$out
$err"
	# a filter may come before all of it, or when there are namespaces already
	for filter in $(filters ${calls-$ALL}); do
		run $around sh -c 'cd "$work" && exec "$without" "$@"' sh "$filter" "$@"
		assertEquals "without $filter: $*" "$expected" "$rc
$out
$err"
	done
}

# refused MESSAGE HINT FILTER COMMAND...: so it is, COMMAND does not run, and nothing is left.
refused() {
	message=$1 hint=$2 filter=$3
	shift 3
	run $around sh -c 'cd "$work" && cat /proc/self/mountinfo >state/before && find . -path ./state -prune -o -print >state/files
		"$without" "$@"
		status=$?
		cat /proc/self/mountinfo | cmp - state/before && find . -path ./state -prune -o -print | cmp - state/files
		exit $status' sh "$filter" "$@"
	assert_rc 125
	assertEquals "without $filter: $*" '' "$out"
	assertEquals "$message" "$(head -n 1 err)"
	assertEquals "hint without $filter: $*" "$hint" "$(sed 1d err)"
}

# The mounts, by point, options and propagation; what can be written to.  Not those that others cover.
LOOK='sed "s/^[0-9]* [0-9]* [^ ]* //; s/:[0-9]*//g" /proc/self/mountinfo | grep -e "^/ / " -e "$work"
	for where in source target target/sub other; do
		{ : >$where/new || : >>$where; } 2>/dev/null && echo "$where: written to"
		rm -f $where/new
	done'

test_binds() {
	no_filter && return
	same ns-bindmount source target sh -c "$LOOK"
	same ns-bindmount -R source target sh -c "$LOOK"
	same ns-bindmount -c source new/target sh -c "$LOOK; ls new/target; umount new/target; rm -r new"
	same ns-bindmount file other sh -c "$LOOK"
	same ns-bindmount -f list sh -c "$LOOK"
	same ns-bindmount source none true
	same ns-bindmount none target true
	# ENOTDIR or EINVAL
	for filter in $(filters $ALL); do
		run "$without" $filter $around ns-bindmount "$work/file" "$work/target" true
		assert_rc 125
		assert_line "$err" "ns-bindmount: hint: '$work/target' is a directory and '$work/file' is not: both must be, or neither"
	done
}

test_read_only_binds_are_read_only() {
	no_filter && return
	same ns-bindmount -r source target sh -c "$LOOK"
	assert_has_not "$out" 'target: written to'
	same ns-bindmount -r -R source target sh -c "$LOOK"
	assert_has_not "$out" 'target/sub: written to'
	assert_has "$out" 'source: written to'
	same ns-bindmount -r file other sh -c "$LOOK"
	assert_has_not "$out" 'other: written to'
}

test_attributes_need_a_proc() {
	no_filter && return
	for tool in 'ns-bindmount -r source target' 'ns-pivot -r .'; do
		run "$without" mount_setattr=ENOSYS $ns ns-tmpfs /proc $tool echo ran
		assert_rc 125
		assertEquals '' "$out"
		assert_has "$err" 'cannot set the attributes of'
		assert_has "$err" "hint: without mount_setattr(2), Linux 5.12, this needs a proc(5) on '/proc'"
	done
}

test_targets_whose_names_lead_below() {
	no_filter && return
	for where in . "$work/target/." ../target ..; do
		same sh -c 'cd target && ns-bindmount -r ../source "$1" sh -c "$2"' sh "$where" "cd $work; $LOOK"
		assert_has_not "$out" "$where: written to"
	done
}

test_options_of_binds() {
	no_filter && return
	same ns-bindmount -o nosuid,nodev,noexec source target sh -c "$LOOK"
	same ns-bindmount -R -o nosuid,noexec,nosymfollow source target sh -c "$LOOK"
	same ns-bindmount -R -o noatime source target sh -c "$LOOK"
	# what the source has stays, and may not be taken away in a user namespace
	same ns-user ns-bindmount -r source/sub target sh -c "$LOOK"
	assert_has "$out" 'target ro,nosuid,nodev'
	same ns-user ns-bindmount -R -o noexec source target sh -c "$LOOK"
}

test_propagation_of_binds() {
	no_filter && return
	for propagation in private slave shared; do
		same ns-bindmount -p $propagation -r source target sh -c "$LOOK"
	done
	same ns-bindmount -p unchanged source target sh -c "$LOOK; umount target"
}

test_binds_are_all_or_nothing() {
	no_filter && return
	for words in '-f bad' '-k -f bad' '-k -c -f bad' '-p unchanged -f bad'; do
		same sh -c 'cat /proc/self/mountinfo >state/before
			ns-bindmount $1 echo ran; echo $?
			cmp state/before /proc/self/mountinfo' sh "$words"
	done
}

test_a_tree_that_cannot_be_told_is_refused() {
	no_filter && return
	refused "ns-bindmount: cannot set the attributes of 'source': Function not implemented" '' \
		mount_setattr=ENOSYS,statx=0 ns-bindmount -r -R source target echo ran
}

test_kept_binds() {
	no_filter && return
	same ns-bindmount -p private other other sh -c "ns-bindmount -k source target; $LOOK"
	# a remount later on would let others write meanwhile
	for filter in $(filters mount_setattr) $(filters open_tree) $(filters move_mount) \
		$(filters open_tree move_mount mount_setattr); do
		for words in '-k -r' '-k -o noexec' '-p unchanged -r' '-k -r -c'; do
			target=target
			case $words in *-c) target=new/target ;; esac
			run $around sh -c 'cd "$work" && cat /proc/self/mountinfo >state/before
				filter=$1
				shift
				"$without" "$filter" ns-bindmount "$@" echo ran
				echo $?
				cmp state/before /proc/self/mountinfo
				[ ! -e new ]' sh "$filter" $words source $target
			assertEquals "without $filter: $words: $err" 125 "$out"
			assert_has "$err" 'ns-bindmount: cannot '
			case $filter in move_mount=*) continue ;; esac # of which there is no kernel
			assert_has "$err" ' here not there or refused; a remount later on would let others write meanwhile: use a new namespace'
		done
	done
}

test_inside_is_refused() {
	no_filter && return
	calls='clone3 open_tree move_mount mount_setattr pidfd_open close_range'
	same ns-bindmount -r -i root source proc sh -c "$LOOK"
	same ns-bindmount -c -i root source mnt sh -c "$LOOK; umount root/mnt; rmdir root/mnt"
	unset calls
	for words in 'source proc' '-c source mnt'; do
		refused "ns-bindmount: cannot bind 'source' on '${words##* }': Function not implemented" \
			'ns-bindmount: hint: --inside needs openat2(2), Linux 5.6' \
			openat2=ENOSYS ns-bindmount -i root $words echo ran
		refused "ns-bindmount: cannot bind 'source' on '${words##* }': Operation not permitted" \
			"ns-bindmount: hint: CAP_SYS_ADMIN is there, but a security module, a container's seccomp filter or an owner in a parent user namespace refuses" \
			openat2=EPERM ns-bindmount -i root $words echo ran
	done
}

test_pivot() {
	no_filter && return
	for words in / '-r /' "-C $work /"; do
		same ns-pivot $words sh -c "cd $work; $LOOK; ls -d /.."
	done
	same ns-pidlab ns-pivot -P -r / sh -c "cd $work; $LOOK; ls -d /proc/[0-9]*"
	calls='clone3 open_tree move_mount mount_setattr pidfd_open close_range'
	same ns-pivot -r -o $work/root / sh -c "cd $work; $LOOK; ls root$work"
	unset calls
	refused "ns-pivot: cannot put the old root at '/proc' of the new one: Function not implemented" \
		'ns-pivot: hint: --put-old needs openat2(2), Linux 5.6' \
		openat2=ENOSYS ns-pivot -o proc root echo ran
	refused "ns-pivot: cannot put the old root at '/proc' of the new one: Operation not permitted" '' \
		openat2=EPERM ns-pivot -o proc root echo ran
}

# with_target SCRIPT [ARG]...: $target has all namespaces of its own but user.
with_target() {
	script=$1
	shift
	run $around sh -c 'cd "$work"
		target=$(ns-net ns-ipc ns-cgroup ns-time ns-pidlab -d ns-uts -n there ns-tmpfs target sh -c "read -r x <end")
		export target
		eval "$script"
		: >end' sh "$@"
}

test_joins() {
	no_filter && return
	export script
	for words in '-t $target -a' '-t $target -m -u -p' '-t $target -u --net=/proc/$target/ns/net' \
		'--uts=/proc/$target/ns/uts' '-t $target -i -C -T -S 0 -G 0' '-t $target -a -d' '-t $target -a -e -w -r'; do
		case $words:$NS_TEST_MODE in *-S*:user) continue ;; esac # setgroups(2) is denied
		with_target "for filter in $(filters pidfd_open close_range clone3 | tr '\n' ' ') 0; do
				set -- \"\$without\" \$filter
				[ \$filter != 0 ] || set --
				\"\$@\" ns-join $words sh -c '
					for type in mnt uts ipc net pid cgroup time; do
						readlink \"/proc/self/ns/\$type\" || :
					done
					cat /proc/sys/kernel/hostname; id -u; id -g; pwd; ls target' 2>&1 |
					sed 's/^[0-9][0-9]*\$/N/; s/^/'\$filter' /'
			done"
		expected=$(sed -n 's/^0 //p' out)
		assertNotEquals "$words" '' "$expected"
		for filter in $(filters pidfd_open close_range clone3); do
			assertEquals "without $filter: ns-join $words" "$expected" "$(sed -n "s/^$filter //p" out)"
		done
	done
}

# As of a kernel before 6.1, when our children go to a time namespace that we are not in.
test_starts_a_child_that_may_not_share_memory() {
	no_filter && return
	sanitized && return
	shares=0x100 # CLONE_VM
	run "$without" clone:$shares=EINVAL $ns ns-pidlab sh -c 'echo $$; exit 7'
	assert_rc 7
	assertEquals 1 "$out"
	assertEquals '' "$err"
	run "$without" clone:$shares=EPERM $ns ns-pidlab echo ran
	assert_rc 125
	assertEquals '' "$out"
	assert_has "$err" 'ns-pidlab: cannot start a process in a new PID namespace: Operation not permitted'
}

test_joins_without_setns_of_a_pidfd() {
	no_filter && return
	run "$BUILD/helpers/inject" log - true
	[ "$rc" -eq 0 ] || { skip "$err" && return; }
	export script
	for error in EINVAL ENOSYS EPERM; do
		with_target "\"\$BUILD/helpers/inject\" log 0:setns:1=$error ns-join -t \$target -m -u -p -i -n sh -c '
			cat /proc/sys/kernel/hostname; pwd'; cat log"
		assertEquals "$error: $err" "there
/
injected" "$out"
	done
}

test_joins_of_who_gains_privilege() {
	no_filter && return
	target=$(ns-user ns-pidlab -d ns-uts -n there sh -c 'read -r x <end')
	run ns-join -t "$target" -a sh -c 'cat /proc/sys/kernel/hostname; id -u'
	assert_rc 0
	expected=$out
	for filter in $(filters pidfd_open); do
		run "$without" $filter ns-join -t "$target" -a sh -c 'cat /proc/sys/kernel/hostname; id -u'
		assert_rc 0
		assertEquals "$expected" "$out"
	done
	: >end
}

test_who_is_not_there_cannot_be_joined() {
	no_filter && return
	sh -c 'echo $$' >pid
	for filter in $(filters pidfd_open); do
		run "$without" $filter ns-join -t "$(cat pid)" -u echo ran
		assert_rc 125
		assertEquals "ns-join: cannot join process $(cat pid): No such process" "$err"
	done
}

test_init_closes_descriptors() {
	no_filter && return
	for filter in $(filters close_range) $(filters $ALL); do
		run "$without" $filter $ns ns-pidlab -i sh -c 'readlink /proc/1/fd/* | sed "s/:\[[0-9]*\]//" | sort' 8</ 9<file
		assert_rc 0
		assertEquals "without $filter" 'anon_inode:[signalfd]
pipe
pipe
pipe
socket' "$out"
	done
}

test_everything_is_refused_in_front_of_a_chain() {
	no_filter && return
	for filter in $(filters $ALL); do
		run "$without" $filter $ns ns-pidlab -i ns-uts -n box ns-bindmount -r -R source target \
			ns-pivot -P / sh -c "echo \$\$; cat /proc/sys/kernel/hostname; : >$work/target/new"
		assertNotEquals "without $filter" 0 $rc
		assertEquals "without $filter: $err" '2
box' "$out"
		assert_has "$err" 'Read-only'
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
