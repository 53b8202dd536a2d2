#!/bin/sh
# SPDX-License-Identifier: ISC
# Each system call that a tool makes on its way to COMMAND fails, one at a time: helpers/walk-faults.sh
# shellcheck disable=SC2016 # the inner shells' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	mkdir source target other state
	echo a >source/a
	: >file
	mkfifo fifo end
	printf 'source\ttarget\nfile\tnew/a/file\nsource\tnew/dir\tnosuid\n' >list
	walker=$TOP/tests/helpers/walk-faults.sh
	# short: each folder of it is a call
	short=$BUILD:$BUILD/helpers:/usr/bin:/bin
	# namespaces around it all, where what must not change can be seen
	around="$ns ns-uts -n outer -d outer ns-ipc ns-net ns-bindmount -p shared $work $work"
	fresh='' filter='' cgroup=''
	export walker fresh filter
}

tear_down() {
	[ -z "$work" ] || assertEquals 'mounts outside' '' "$(grep -F "$work" /proc/self/mountinfo)"
	[ -z "$cgroup" ] || rmdir "$cgroup"
	cgroup=''
}

# no_inject: whether we may not answer the calls of a process here.
no_inject() {
	sanitized && return
	run "$BUILD/helpers/inject" state/log - true
	[ "$rc" -ne 0 ] || return 1
	skip "$err"
}

# inside SCRIPT [ARG]...: runs it there; what it prints is the walker's.
inside() {
	script=$1
	shift
	run $around env PATH="$short" sh -c "cd '$work' && $script" sh "$@"
	assertEquals "$*: $err" 0 "$rc"
	assertEquals "$*" '' "$(printf '%s\n' "$out" | sed '$d')"
	last=$(tail -n 1 out)
	case $last in [1-9]*' faults') ;; *) fail "no faults of $*: $last" ;; esac
}

# walk COMMAND...: the outcome of each fault is as it must be.
walk() {
	inside 'exec sh "$walker" "$@"' "$@"
}

# walk_target COMMAND...: the same; $target is a process with all namespaces of its own but net and user.
walk_target() {
	inside 'target=$(ns-ipc ns-cgroup ns-time ns-pidlab -d ns-uts -n there ns-bindmount source target \
			sh -c "read -r x <end") && export target && sh "$walker" "$@"; : >end' "$@"
}

NAMES='cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname'
MOUNTS='sed "s/^[0-9]* [0-9]* [^ ]* //; s/:[0-9]*//g" /proc/self/mountinfo; ls target; [ ! -w target ] || echo w'
START='echo $$; cat /proc/1/comm; grep Sig[BIC] /proc/self/status'

test_ns_uts() {
	no_inject && return
	walk ns-uts -n box -d zone sh -c "$NAMES"
	walk ns-uts -n box -s
	walk ns-user ns-uts -n box ns-uts -k -d zone sh -c "$NAMES"
	fresh=ns-uts
	walk ns-uts -k -n box -d zone sh -c "$NAMES"
	walk ns-uts -k -n box -d zone
}

test_ns_user() {
	no_inject && return
	check='id -u; id -g; cat /proc/self/uid_map /proc/self/gid_map; grep Cap /proc/self/status'
	around=''
	for option in -r -c -cK "-u 0:$(id -u):1" "-u 7:$(id -u):1 -g 8:$(id -g):1"; do
		# shellcheck disable=SC2086 # words
		walk ns-user $option sh -c "$check"
	done
	case $NS_TEST_MODE in root) walk ns-user -u 0:5:1 -g 0:6:1 -u 1:7:2 sh -c "$check" ;; esac
	# by the helpers, which say that they did it
	mkdir bin
	for name in newuidmap newgidmap; do
		printf '#!/bin/sh\n' >bin/$name
		chmod +x bin/$name
	done
	short=$work/bin:$short
	case $NS_TEST_MODE in root) around='setpriv --bounding-set -all --inh-caps -all' ;; esac
	walk ns-user -u 5:1000:2 -g 5:1000:2 sh -c "$check"
}

test_ns_bindmount() {
	no_inject && return
	walk ns-bindmount source target sh -c "$MOUNTS"
	walk ns-bindmount -r -R -p private source target sh -c "$MOUNTS"
	walk ns-bindmount -c -f list sh -c "$MOUNTS; find new"
	walk ns-bindmount -c -i . source new/x sh -c "$MOUNTS; find new"
}

test_ns_bindmount_that_others_see() {
	no_inject && return
	fresh='ns-bindmount -p shared other other'
	walk ns-bindmount -p unchanged source target sh -c "$MOUNTS"
	walk ns-bindmount -k source target
}

test_ns_bindmount_with_options_that_others_see() {
	no_inject && return
	before 5.12 && return # it needs mount_setattr(2)
	fresh='ns-bindmount -p shared other other'
	walk ns-bindmount -o nosuid,noexec -p unchanged source target sh -c "$MOUNTS"
	walk ns-bindmount -p unchanged -f list -c sh -c "$MOUNTS; find new"
	walk ns-bindmount -k -c -r -f list sh -c "$MOUNTS; find new"
}

test_ns_tmpfs() {
	no_inject && return
	walk ns-tmpfs -o size=1m,mode=700 target sh -c "$MOUNTS"
	fresh='ns-bindmount -p shared other other'
	walk ns-tmpfs -p unchanged -o noexec target sh -c "$MOUNTS"
	walk ns-tmpfs -k target sh -c "$MOUNTS"
	walk ns-tmpfs -k target
	# in a directory that a mount lies over its path leads elsewhere
	run $ns ns-bindmount -p private "$work" "$work" sh -c 'grep -c tmpfs /proc/self/mountinfo
		ns-tmpfs -k target /no/such
		grep -c tmpfs /proc/self/mountinfo'
	assertEquals "ns-tmpfs: cannot run '/no/such': No such file or directory" "$err"
	assertEquals "${out%%[!0-9]*}" "${out##*[!0-9]}"
}

test_ns_pivot() {
	no_inject && return
	walk ns-pivot -r -C "$work" / sh -c "pwd; $MOUNTS"
	walk ns-pivot -o "$work/new/old" / sh -c "cd $work; $MOUNTS; ls new/old"
}

test_ns_pivot_with_proc() {
	no_inject && return
	walk ns-pidlab ns-pivot -P / sh -c "ls -d /proc/[0-9]*; cd $work; $MOUNTS"
}

test_ns_pidlab() {
	no_inject && return
	walk ns-pidlab sh -c "$START"
	walk ns-pidlab --no-proc -s sh -c 'echo $$'
	walk ns-pidlab -i -r --no-proc sh -c 'echo $$'
	walk ns-pidlab -i sh -c "$START"
}

test_ns_pidlab_when_ready() {
	no_inject && return
	walk ns-pidlab --pid-file=new-pid sh -c "$START"
	walk ns-pidlab -i --pid-file=new-pid ns-uts -n box sh -c "$START; $NAMES"
	inside 'exec sh "$walker" "$@" 9<>fifo' ns-pidlab --pid-file=fifo sh -c "$START"
	# its output goes to /dev/null
	filter='s/^[0-9][0-9]*$/PID/'
	walk ns-pidlab -d ns-uts -n box sh -c '[ "$(cat /proc/sys/kernel/hostname)" = box ] || echo other >&2'
	walk ns-pidlab -d -i sh -c 'set -- /proc/[0-9]*; [ $# = 2 ] || echo other >&2'
}

test_ns_join() {
	no_inject && return
	walk ns-join --uts=/proc/self/ns/uts sh -c "$NAMES"
	check="$NAMES; id -u; id -g; pwd; ls target"
	walk_target sh -c 'exec ns-join -t $target -a -w sh -c "$1"' sh "$MOUNTS; $check"
	become='' # setgroups(2) is denied to a user there
	case $NS_TEST_MODE in root) become='-S 0 -G 0' ;; esac
	walk_target sh -c 'exec ns-join -t $target -m -u -i -C $2 -e -r -w sh -c "$1"' sh "$check" "$become"
	filter='s/^[0-9][0-9]*$/PID/'
	walk_target sh -c 'exec ns-join -t $target -a -d sh -c "$1"' sh \
		'[ "$(cat /proc/sys/kernel/hostname)" = there ] || echo other >&2'
}

test_ns_join_as_who_gains_privilege() {
	no_inject && return
	around=''
	target=$(ns-user ns-pidlab -d ns-uts -n there sh -c 'read -r x <end')
	export target
	walk ns-join -t "$target" -a sh -c "$NAMES; id -u; id -g; grep -c . /proc/self/mountinfo"
	: >end
}

test_ns_ipc() {
	no_inject && return
	walk ns-ipc cat /proc/sysvipc/shm
	[ ! -d /dev/mqueue ] || walk ns-ipc -q ls /dev/mqueue
}

test_ns_net() {
	no_inject && return
	walk ns-net cat /proc/net/fib_trie
	fresh='unshare -n'
	walk ns-net -k cat /proc/net/fib_trie
	walk ns-net -k
}

test_ns_time() {
	no_inject && return
	walk ns-time -m 1000 -b 1000.5 cat /proc/self/timens_offsets
}

test_ns_cgroup() {
	no_inject && return
	walk ns-cgroup cat /proc/self/cgroup
	case $NS_TEST_MODE in root) ;; *) return ;; esac
	cgroup=$(awk '/ - cgroup2? / && $6 ~ /^rw/ { print $5; exit }' /proc/self/mountinfo)
	[ -n "$cgroup" ] || { skip 'no cgroup file system to write to is mounted' && return; }
	cgroup=$cgroup/${work##*/}
	mkdir "$cgroup" 2>/dev/null || {
		cgroup=
		skip 'no cgroup can be made' && return
	}
	walk ns-cgroup -j "$cgroup" sh -c 'grep -cx $$ "$0"' "$cgroup/cgroup.procs"
}

# missing CALL...: from here on they are.
missing() {
	around="$around $BUILD/helpers/without $(printf '%s=ENOSYS,' "$@" | sed 's/,$//')"
}

test_where_mount_setattr_is_missing() {
	no_inject && return
	missing mount_setattr
	walk ns-bindmount -r -R -p private source target sh -c "$MOUNTS"
	walk ns-bindmount -c -f list sh -c "$MOUNTS; find new"
	walk ns-pivot -r -C "$work" / sh -c "pwd; $MOUNTS"
}

test_where_open_tree_is_missing_and_others_see() {
	no_inject && return
	fresh='ns-bindmount -p shared other other'
	missing open_tree
	walk ns-bindmount -k source target
	walk ns-bindmount -k -c -i . source new/x sh -c "$MOUNTS; find new"
}

test_where_newer_calls_are_missing() {
	no_inject && return
	missing clone3 open_tree move_mount mount_setattr openat2 pidfd_open close_range
	walk ns-bindmount -r -R -p private source target sh -c "$MOUNTS"
	walk ns-bindmount -c -f list sh -c "$MOUNTS; find new"
	walk ns-tmpfs -o size=1m,mode=700 target sh -c "$MOUNTS"
	walk ns-pivot -r -C "$work" / sh -c "pwd; $MOUNTS"
	walk ns-pidlab ns-uts -n box sh -c "$START"
	walk ns-pidlab -i sh -c "$START"
	walk_target sh -c 'exec ns-join -t $target -a -w sh -c "$1"' sh "$MOUNTS; $NAMES; ls target"
}

test_ns_show() {
	no_inject && return
	around="$around ns-pidlab"
	filter='s/[0-9][0-9]*/N/g; s/  */ /g; s/--*//g; s/inject state.*/inject/'
	walk ns-show -t pid,uts
	walk ns-show -T -t user,mnt
	walk ns-show -J -t net 1
	walk ns-show -p
	walk ns-show -c 1 1
	walk ns-show /proc/self/ns/uts
}

# walk_kills LAUNCHER...: it is killed at each call that it and its children make, where COMMAND ends
# at once, and where it would not end (at those that are made before it is waited for).
walk_kills() {
	inside 'inject state/all - "$@" sh -c : || echo fails
		total=0
		for command in "sh -c :" "sleep 1000"; do
			awk -v command="$command" "
				\$3 == \"read\" && \$NF == \"poll\" && command ~ /sleep/ { waits[\$1] = 1 }
				!waits[\$1]" state/all >state/calls
			while read -r process tool call n rest <&8; do
				rm -f new-pid
				inject state/log "$process:$call:$n=KILL" "$@" $command </dev/null
				# what is made when COMMAND ends, and how often, is not always the same
				case $command:$(cat state/log) in
				*:injected | "sh -c ::") ;;
				*) echo "$process:$call:$n $tool, $command: $(cat state/log)" ;;
				esac
				total=$((total + 1))
			done 8<state/calls
		done 2>/dev/null
		echo "$total faults"' "$@"
}

test_nothing_is_left_when_the_launcher_is_killed_at_any_call() {
	no_inject && return
	walk_kills ns-pidlab
	walk_kills ns-pidlab -i
	walk_kills ns-pidlab -s --pid-file=new-pid ns-uts -n x
	walk_kills ns-pidlab -i ns-pidlab -i
	walk_kills ns-pidlab -i setpriv --reuid 0
	[ -n "$ns" ] || walk_kills ns-join --pid=/proc/self/ns/pid
}

test_chains() {
	no_inject && return
	walk ns-user ns-pidlab -i ns-uts -n box ns-bindmount -r source target ns-pivot -P / \
		sh -c "$START; $NAMES; cd $work; $MOUNTS"
}

test_explained() {
	no_inject && return
	NS_EXPLAIN=1
	export NS_EXPLAIN
	walk ns-user ns-pidlab -i ns-uts -n box sh -c "$START; $NAMES"
	unset NS_EXPLAIN
}

# shellcheck source=/dev/null
. "$SHUNIT2"
