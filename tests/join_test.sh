#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-join
# shellcheck disable=SC2016,SC2086,SC2094 # for other shells; lists of words; FIFOs
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

signals=$BUILD/helpers/signals
pty=$BUILD/helpers/pty
user=${ns:+-U} # what an ordinary user joins with the rest
types='cgroup ipc mnt net pid time user uts'

set_up() {
	launchers=
	mkfifo pid never
}

tear_down() {
	exec 5<&-
	for pid in $launchers; do
		kill -CONT $pid 2>/dev/null
		kill -KILL $pid 2>/dev/null
		wait $pid 2>/dev/null
	done
	launchers=
}

# start_target COMMAND [ARG]...: COMMAND is PID 1 of a namespace; its PID is in target then.
start_target() {
	$ns ns-pidlab --pid-file=pid "$@" &
	launcher=$!
	launchers="$launchers $launcher"
	read -r target <pid
}

# A target with all that can be new; it is ready when it has written to the FIFO.
start_box() {
	mkfifo ready
	start_target unshare --uts --ipc --net --cgroup sh -c 'echo >ready; exec sleep 1000'
	read -r line <ready
	rm ready
}

is_zombie() {
	grep -q '^State:.*Z' "/proc/$1/status"
}

namespace() {
	readlink "/proc/$1/ns/$2"
}

# join_detached OPTION...: what it started is in joined.
join_detached() {
	run ns-join "$@" -d sleep 1000
	assert_rc 0
	joined=$out
	case $joined in '' | *[!0-9]*) fail "no PID: '$joined'" && joined=self ;; esac
	[ "$joined" = self ] || launchers="$launchers $joined"
}

# assert_joined TYPE...: of these types what was joined is the target's, of others ours.
assert_joined() {
	for type in $types; do
		case " $* " in
		*" $type "*) assertEquals "$type of $*" "$(namespace "$target" $type)" "$(namespace "$joined" $type)" ;;
		*) assertEquals "$type but $*" "$(namespace self $type)" "$(namespace "$joined" $type)" ;;
		esac
	done
}

test_joins_each_type_by_pid() {
	start_box
	for pair in u:uts i:ipc n:net C:cgroup m:mnt p:pid; do
		type=${pair#*:}
		assertNotEquals "$type is new" "$(namespace self $type)" "$(namespace "$target" $type)"
		join_detached -t "$target" $user -${pair%:*}
		assert_joined $type ${ns:+user}
	done
	for pair in uts:uts ipc:ipc net:net cgroup:cgroup mount:mnt pid:pid; do
		join_detached --target="$target" $user --${pair%:*}
		assert_joined ${pair#*:} ${ns:+user}
	done
	join_detached -t "$target" $user -m -u -i -n -p -C
	assert_joined mnt uts ipc net pid cgroup ${ns:+user}
}

test_joins_each_type_by_file() {
	start_box
	of=/proc/$target/ns
	for pair in u:uts i:ipc n:net C:cgroup m:mnt p:pid; do
		join_detached ${ns:+-U$of/user} "-${pair%:*}$of/${pair#*:}"
		assert_joined ${pair#*:} ${ns:+user}
	done
	for pair in uts:uts ipc:ipc net:net cgroup:cgroup mount:mnt pid:pid; do
		join_detached ${ns:+--user=$of/user} "--${pair%:*}=$of/${pair#*:}"
		assert_joined ${pair#*:} ${ns:+user}
	done
	# pid_for_children is a file, too
	join_detached ${ns:+-U$of/user} "-p$of/pid_for_children"
	assert_joined pid ${ns:+user}
}

test_joins_a_user_namespace() {
	mkfifo ready
	ns-user sh -c 'echo $$ >ready; exec sleep 1000' &
	launchers=$!
	read -r target <ready
	for option in -U --user -U/proc/$target/ns/user --user=/proc/$target/ns/user; do
		case $option in */*) join_detached $option ;; *) join_detached -t "$target" $option ;; esac
		assert_joined user
	done
	run ns-join -t "$target" -U sh -c 'id -u; id -g'
	assertEquals '0
0' "$out"
}

test_joins_a_time_namespace() {
	mkfifo ready
	$ns unshare --time --boottime 1000000 --fork sh -c 'readlink /proc/self >/dev/null
		echo >ready; exec sleep 1000' &
	launchers=$!
	read -r line <ready
	target=$(tr -d ' ' <"/proc/$launchers/task/$launchers/children")
	launchers="$launchers $target"
	for option in "-t $target -T" "-t $target --time" "-T/proc/$target/ns/time" \
		"--time=/proc/$target/ns/time"; do
		case $option in -t*) join_detached $option $user ;; *) join_detached $option ${ns:+-U/proc/$target/ns/user} ;; esac
		assert_joined time ${ns:+user}
	done
}

test_a_file_overrides_the_target() {
	start_box
	first=$target
	start_target ns-uts -n other sleep 1000
	run ns-join -t "$first" $user -i "-u/proc/$target/ns/uts" true
	if [ -z "$ns" ]; then
		join_detached -t "$first" -i -n "-u/proc/$target/ns/uts"
		assertEquals "$(namespace "$target" uts)" "$(namespace "$joined" uts)"
		assertEquals "$(namespace "$first" ipc)" "$(namespace "$joined" ipc)"
		assertEquals "$(namespace "$first" net)" "$(namespace "$joined" net)"
	else
		# it belongs to another user namespace
		assert_rc 125
	fi
}

test_all_takes_what_is_not_ours() {
	start_box
	for option in -a --all; do
		join_detached -t "$target" $option
		assert_joined cgroup ipc mnt net pid uts ${ns:+user}
	done
	$ns ns-pidlab --pid-file=pid ns-uts -n box sleep 1000 &
	launchers="$launchers $!"
	read -r target <pid
	join_detached -t "$target" -a
	assert_joined mnt pid uts ${ns:+user}
	# nothing is left to join
	run ns-join -t $$ -a sh -c 'echo here; pwd'
	assert_rc 0
	assertEquals "here
$PWD" "$out"
	run ns-join -t $$ -U id -u
	assertEquals "$(id -u)" "$out"
}

test_join_of_a_launcher_is_said() {
	start_box
	for options in -p "$user -m -p -u" -a; do
		[ "$ns$options" = ns-user-a ] && continue # the user namespace is another one
		run ns-join -t "$launcher" $options pwd
		assert_rc 125
		assertEquals "$options" "ns-join: cannot join process $launcher: its PID namespace is ours already
ns-join: hint: its child $target is in a PID namespace of its own: --target=$target" "$err"
	done
	# what else it has may be taken all the same
	run ns-join -t "$launcher" -w pwd
	assertEquals "$PWD" "$out"
	# who has children in ours, too, is no launcher: the sandbox is its first child, or its second
	for init in '' -i; do
		run $ns ns-pidlab $init sh -c 'ns-pidlab -d sleep 1000 >/dev/null
			sleep 1000 & ns-join -t 1 -p echo here'
		assert_rc 0
		assertEquals "$init" here "$out"
	done
}

test_all_are_those_that_the_kernel_has() {
	cat >hide <<'END'
target=$(ns-pidlab -d ns-uts -n box sleep 1000)
for pid in $target $1; do
	mkdir "$pid"
	for type in cgroup ipc mnt net pid user uts; do
		ln -s "/proc/$pid/task/$pid/ns/$type" "$pid"
	done
	mount --bind "$pid" "/proc/$pid/ns"
done
exec ns-join -t "$target" -a uname -n
END
	# no time namespaces are to be seen
	run $ns ns-pidlab sh ./hide 1
	assert_rc 0
	assertEquals box "$out"
	# only the target's is not
	rm -r [0-9]*
	run $ns ns-pidlab sh ./hide
	assert_rc 125
	assert_has "$err" 'ns-join: cannot open the time namespace of process '
}

test_says_what_needs_proc() {
	for options in -w -e; do
		run $ns ns-tmpfs /proc ns-join -t $$ $options touch ran
		assert_rc 125
		assertEquals "$options" "ns-join: cannot look at process $$: no /proc is mounted here" "$err"
	done
}

test_missing_privilege_is_said_without_proc() {
	run ns-user ns-tmpfs /proc ns-join -t $$ -u touch ran
	assert_rc 125
	assertEquals "ns-join: cannot join the namespaces of process $$: Operation not permitted" \
		"$(echo "$err" | head -n 1)"
	assertFalse 'COMMAND ran' '[ -e ran ]'
}

test_a_proc_of_another_pid_namespace_is_said() {
	for options in -u -w '-m -p'; do
		run $ns ns-pidlab --no-proc ns-join -t 1 $options touch ran
		assert_rc 125
		assertEquals "$options" 'ns-join: cannot join process 1: /proc is of another PID namespace than ours' \
			"$(echo "$err" | head -n 1)"
	done
	run $ns ns-pidlab ns-join -t 1 -w pwd
	assertEquals "$PWD" "$out"
}

test_takes_the_pid_namespace_of_children() {
	mkfifo ready
	$ns unshare --pid sh -c 'sleep 1000 & echo >ready; wait' &
	launchers=$!
	read -r line <ready
	assertEquals "$(namespace self pid)" "$(namespace "$launchers" pid)"
	target=$launchers
	run ns-join -t "$target" $user -p sh -c 'echo $$; kill -KILL 1 && echo no'
	[ "${out%%
*}" -lt 20 ]
	assertTrue "an outer PID: $out" $?
	join_detached -t "$target" $user -p
	assertEquals "$(namespace "$target" pid_for_children)" "$(namespace "$joined" pid)"
	kill -KILL "$(tr -d ' ' <"/proc/$target/task/$target/children")"
}

test_mistakes_in_usage() {
	assert_usage --target=$$ ns-join -t $$
	assert_usage 'without a type' ns-join --target=$$ true
	assert_usage 'nothing to join' ns-join
	assert_usage 'nothing to join' ns-join true
	for option in -a -u --uts -r -w -e '-u/proc/self/ns/uts -i'; do
		assert_usage --target ns-join $option true
	done
	for bad in '' x 1x ' 1' +1 -1 0 99999999999 99999999999999999999 1.0 0x1; do
		assert_usage "'$bad'" ns-join -t "$bad" -u true
		[ "$bad" != 0 ] || continue
		assert_usage "'$bad'" ns-join -t $$ -u -S "$bad" true
		assert_usage "'$bad'" ns-join -t $$ -u --setgid="$bad" true
	done
	assert_usage "'4294967295'" ns-join -t $$ -u -S 4294967295 true
	assert_usage "'-q'" ns-join -q
	assert_usage "'--nosuch'" ns-join --nosuch
	assert_usage "'-t'" ns-join -t
	assert_usage "'--target'" ns-join --target
	assert_usage --no-fork ns-join -t $$ -p -F -d true
	assert_usage --pid-file ns-join -t $$ -p --no-fork --pid-file=x true
	assertFalse '[ -e x ]'
}

test_files_that_are_no_such_namespace() {
	run ns-join -u/etc/passwd true
	assert_rc 125
	assertEquals "ns-join: '/etc/passwd' is no namespace" "$err"
	for file in /dev/null . never; do
		run ns-join --uts=$file true
		assert_rc 125
		assertEquals "ns-join: '$file' is no namespace" "$err"
	done
	run ns-join -u/proc/self/ns/net true
	assert_rc 125
	assertEquals "ns-join: '/proc/self/ns/net' is a net namespace, not a uts namespace" "$err"
	run ns-join -p/proc/self/ns/mnt true
	assertEquals "ns-join: '/proc/self/ns/mnt' is a mount namespace, not a pid namespace" "$err"
	run ns-join -unosuch true
	assert_rc 125
	assertEquals "ns-join: cannot open 'nosuch': No such file or directory" "$err"
	run ns-join -u "-w$PWD/nosuch" -t $$ true
	assert_rc 125
	assertEquals "ns-join: cannot open '$PWD/nosuch': No such file or directory" "$err"
	run ns-join -u -r/dev/null -t $$ true
	assert_rc 125
	assertEquals "ns-join: cannot open '/dev/null': Not a directory" "$err"
}

test_processes_that_cannot_be_joined() {
	mkfifo ready
	"$BUILD/helpers/thread" <never >ready &
	launchers=$!
	exec 6>never
	read -r thread <ready
	run ns-join -t "$thread" -u true
	assert_rc 125
	assertEquals "ns-join: cannot join process $thread: it is a thread of process $launchers" "$err"
	exec 6>&-
	wait "$launchers" # it has the FIFO open
	mkfifo go
	sh -c 'read -r _ <go & echo $!; exec sleep 1000' >ready &
	launchers=$!
	read -r zombie <ready
	eventually grep -q sleep "/proc/$launchers/comm" # which does not wait for it
	echo >go
	eventually is_zombie "$zombie" || fail 'no zombie'
	run ns-join -t "$zombie" -u true
	assert_rc 125
	assertEquals "ns-join: cannot join process $zombie: it has exited and is a zombie" "$err"
	sh -c 'exit 0' &
	missing=$!
	wait $missing
	run ns-join -t "$missing" -u true
	assert_rc 125
	assertEquals "ns-join: cannot join process $missing: No such process" "$err"
	if [ "$(cat /proc/2/comm)" = kthreadd ]; then
		run ns-join -t 2 -u true
		assert_rc 125
		assertEquals 'ns-join: cannot join process 2: it is a kernel thread' "$err"
	fi
}

test_a_dead_pid_namespace_is_said_in_words() {
	start_box
	exec 9<"/proc/$target/ns/pid" 8<"/proc/$target/ns/user"
	kill -STOP $launchers
	kill -KILL "$target"
	eventually is_zombie "$target" || fail 'no zombie'
	run ns-join -t "$target" $user -p true
	assert_rc 125
	assertEquals "ns-join: cannot join process $target: it has exited and is a zombie" "$err"
	tear_down
	run ns-join ${ns:+-U/proc/self/fd/8} -p/proc/self/fd/9 touch ran
	exec 9<&- 8<&-
	assert_rc 125
	assert_has "$err" 'ns-join: cannot start a process in that PID namespace: '
	assert_line "$err" \
		'ns-join: hint: PID 1 of that namespace has exited: nothing can start in it any more'
	# the same of the children of an unshare(2)d process
	mkfifo ready
	$ns unshare --pid sh -c 'sh -c "exit 0"; echo >ready; read -r line <never' &
	launchers=$!
	read -r line <ready
	run ns-join -t $launchers $user -p touch ran
	assert_rc 125
	assert_has "$err" 'PID 1 of that namespace has exited'
	assertFalse 'COMMAND ran' '[ -e ran ]'
}

test_a_pid_namespace_is_joined_from_above() {
	exec 9</proc/self/ns/pid
	run $ns ns-pidlab ns-join -p/proc/self/fd/9 true
	exec 9<&-
	assert_rc 125
	[ -n "$ns" ] || assertEquals 'ns-join: cannot join the pid namespace: Invalid argument
ns-join: hint: a PID namespace can be joined only from itself or from above' "$err"
}

# A copy of build/rootfs with a FIFO that a process of the target waits for.
make_root() {
	cp -R "$BUILD/rootfs" root
	mkdir -p root/proc root/inner
	mkfifo root/never root/ready
}

test_takes_the_root_of_the_target() {
	make_root
	expected=$(ls root)
	# a pivot_root(2), and a chroot(2)
	for change in 'ns-pivot -P root' 'chroot root'; do
		start_target $change /bin/sh -c 'cd /inner; echo >/ready; read -r line </never'
		read -r line <root/ready
		run env PATH=/bin "$BUILD/ns-join" -t "$target" $user -m ls /
		assert_rc 0
		assertEquals "$change" "$expected" "$(echo "$out" | sort)"
		run env PATH=/bin "$BUILD/ns-join" -t "$target" -a sh -c 'ls /..; pwd'
		assertEquals "$change" "$expected
/" "$out"
		run env PATH=/bin "$BUILD/ns-join" -t "$target" -a --wd sh -c pwd
		assertEquals /inner "$out"
	done
	run env PATH=/bin "$BUILD/ns-join" -t "$target" $user -p -r ls /
	assertEquals "$expected" "$(echo "$out" | sort)"
}

test_takes_a_root_and_a_directory() {
	make_root
	start_box
	run env PATH=/bin "$BUILD/ns-join" -t "$target" $user -u "-r$PWD/root" ls /
	[ -n "$ns" ] || assert_rc 0
	assertEquals "$(ls root)" "$(echo "$out" | sort)"
	run ns-join -t "$target" $user -u "-w$PWD/root" pwd
	assertEquals "$PWD/root" "$out"
	run ns-join -t "$target" $user -u "--wd=$PWD/root" pwd
	assertEquals "$PWD/root" "$out"
	run ns-join -t "$target" $user -u pwd
	assertEquals "$PWD" "$out"
	run ns-join -t "$target" $user -m pwd
	assertEquals / "$out"
	run ns-join -t "$target" $user -m -w pwd
	assertEquals "$PWD" "$out"
}

test_takes_the_environment() {
	start_target env -i FOO=bar "PATH=$PATH" sleep 1000
	eventually has_environment
	for option in -e --env; do
		run ns-join -t "$target" $user -m $option env
		assert_rc 0
		assertEquals "FOO=bar
PATH=$PATH" "$(echo "$out" | sort)"
	done
	run env FOO=ours ns-join -t "$target" $user -m sh -c 'echo $FOO'
	assertEquals ours "$out"
	# COMMAND is looked for in the target's PATH
	tear_down
	start_target env -i PATH=/nosuch "$(command -v sleep)" 1000
	eventually has_environment
	run ns-join -t "$target" $user -m -e env
	assert_rc 127
	tear_down
	start_target env -i "$(command -v sleep)" 1000
	eventually has_environment
	run ns-join -t "$target" $user -m -e env
	assert_rc 0
	assertEquals '' "$out"
	mkfifo answer
	run ns-join -t "$target" $user -m -e -d "$(command -v sh)" -c "env >'$PWD/answer'" &
	pid=$!
	out=$(cat answer)
	wait $pid
	assert_has_not "$out" NS_READY
}

has_environment() {
	! tr '\0' '\n' <"/proc/$target/environ" | grep -q '^NS_\|^TOP='
}

test_becomes_root_of_a_user_namespace() {
	ns-user ns-pidlab --pid-file=pid sleep 1000 &
	launchers=$!
	read -r target <pid
	run ns-join -t "$target" -a sh -c 'id -u; id -g; echo $$'
	assert_rc 0
	assertEquals '0
0' "$(echo "$out" | head -n 2)"
	run ns-join -t "$target" -U -p -S 0 -G 0 id -u
	assertEquals 0 "$out"
	for option in '-S 5' --setuid=5; do
		run ns-join -t "$target" -U $option touch ran
		assert_rc 125
		assertEquals 'ns-join: cannot become user 5: Invalid argument' \
			"$(echo "$err" | head -n 1)"
	done
	for option in '-G 5' --setgid=5; do
		run ns-join -t "$target" -U $option touch ran
		assert_rc 125
		assertEquals 'ns-join: cannot become group 5: Invalid argument' \
			"$(echo "$err" | head -n 1)"
	done
	assertFalse '[ -e ran ]'
	tear_down
	mkfifo ready
	ns-user --map-current sh -c 'echo >ready; exec sleep 1000' &
	launchers=$!
	read -r line <ready
	run ns-join -t $launchers -U id -u
	assertEquals "$(id -u)" "$out"
}

test_no_fork() {
	start_box
	for option in -F --no-fork; do
		run ns-join -t "$target" $user -p $option sh -c 'echo $$; sh -c "echo \$\$"'
		assert_rc 0
		assertTrue "not outside: $out" "[ $(echo "$out" | sed -n 1p) -gt 20 ]"
		assertTrue "not inside: $out" "[ $(echo "$out" | sed -n 2p) -lt 20 ]"
	done
	# with no PID namespace there is none either
	mkfifo ready
	ns-join -t "$target" $user -u sh -c 'echo $$ >ready; read -r line <never' &
	launchers="$launchers $!"
	read -r line <ready
	assertEquals $! "$line"
}

test_statuses() {
	start_box
	for options in "-t $target $user -u" "-t $target $user -p" "-t $target -a"; do
		for n in 0 1 2 77 125 126 127 128 137 255; do
			run ns-join $options sh -c "exit $n"
			assert_rc $n
			assertEquals '' "$err"
		done
		run ns-join $options ./nosuch
		assert_rc 127
		assertEquals "ns-join: cannot run './nosuch': No such file or directory" \
			"$(echo "$err" | head -n 1)"
		run ns-join $options /
		assert_rc 126
		for n in 1 2 6 9 11 15 35; do
			run "$signals" status ns-join $options "$signals" raise $n
			assertEquals "signal $n" "$out"
		done
	done
	run ns-join -t "$target" $user -p "$signals" raise 15
	assert_rc 143
}

test_a_shell_without_a_command() {
	make_root
	start_target ns-pivot -P root /bin/sh -c 'read -r line </never'
	for shell in "$PWD/nosuch" '' "$BUILD/ns-uts"; do
		echo 'echo $0' | SHELL=$shell PATH=$PATH ns-join -t "$target" -a >out
		assertEquals "$shell" /bin/sh "$(cat out)"
	done
	printf '#!/bin/sh\necho mine\n' >shell
	chmod +x shell
	start_box
	run env SHELL="$PWD/shell" ns-join -t "$target" $user -u
	assertEquals mine "$out"
}

test_forwards_signals() {
	start_box
	mkfifo lines
	ns-join -t "$target" $user -p "$signals" catch >lines &
	launchers="$launchers $!"
	joiner=$!
	exec 5<lines
	read -r line <&5
	for n in 1 2 10 12 15 18 20 28 35 64; do
		kill -$n $joiner
		read -r line <&5
		assertEquals "signal $n code 0 value 0" "$line"
	done
	"$signals" queue $joiner 40 99
	read -r line <&5
	assertEquals 'signal 40 code -1 value 99' "$line"
}

test_keys() {
	start_box
	run "$pty" see=ready 'type=^Z' stop fg 'type=^C' -- \
		ns-join -t "$target" $user -p "$signals" catch 42
	assertEquals "ready
[stopped by 20]
[signal 2]" "$out"
}

test_mask_and_dispositions_are_handed_on_exactly() {
	start_box
	set -- "$signals" set -b 2 -b 17 -b 40 -i 1 -i 13 -i 17 -i 35 -d 3 env
	show='grep -E ^(SigBlk|SigIgn|SigCgt|ShdPnd): /proc/self/status'
	run "$@" $show
	expected=$out
	for options in "-t $target $user -u" "-t $target -a"; do
		run "$@" ns-join $options $show
		assertEquals "$expected" "$out"
	done
}

is_dead() {
	! [ -e "/proc/$1" ] || is_zombie "$1"
}

test_command_dies_with_ns_join() {
	start_box
	mkfifo lines
	ns-join -t "$target" $user -p --pid-file=lines sleep 1000 &
	joiner=$!
	read -r joined <lines
	launchers="$launchers $joined"
	assertEquals "$joined" "$(tr -d ' ' <"/proc/$joiner/task/$joiner/children")"
	kill -KILL $joiner
	wait $joiner 2>/dev/null
	eventually is_dead "$joined" || fail 'COMMAND lives on'
}

test_detach() {
	start_box
	for options in "-t $target $user -p" "-t $target $user -u" "-t $target -a"; do
		join_detached $options
		assertEquals sleep "$(basename "$(readlink "/proc/$joined/exe")")"
		parent=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$joined/status")
		assertNotEquals 'adopted' "$$" "$parent"
		assertNotEquals 'adopted' ns-join "$(cat "/proc/$parent/comm")"
		assertEquals /dev/null "$(readlink "/proc/$joined/fd/0")"
		assertEquals /dev/null "$(readlink "/proc/$joined/fd/1")"
	done
	for command in './nosuch 127' '/ 126' 'ns-uts --nosuch 125' 'ns-uts -n q ./nosuch 127'; do
		run ns-join -t "$target" -a --detach ${command% *}
		assert_rc ${command##* }
		assertEquals '' "$out"
	done
	run ns-join -t "$target" -a --pid-file=file ./nosuch
	assert_rc 127
	assertFalse 'the file is left' '[ -e file ]'
	run ns-join -t "$target" $user -p --pid-file=file true
	assert_rc 0
	assertTrue '[ -s file ]'
}

test_detach_with_the_chain_set_up() {
	start_box
	run ns-join -t "$target" $user -p -d ns-uts -n deeper sleep 1000
	launchers="$launchers $out"
	run ns-join -t "$out" $user -u cat /proc/sys/kernel/hostname
	assertEquals deeper "$out"
}

test_closed_descriptors() {
	start_box
	for options in "-t $target $user -u" "-t $target $user -p"; do
		for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
			rm -f fds expected
			run sh -c "exec sh -c 'ls /proc/\$\$/fd >expected; exit 7' $closed"
			run sh -c "exec ns-join $options sh -c 'ls /proc/self/fd/.. >/dev/null; cd /proc/self/fd && \
				for fd in 0 1 2; do [ ! -e \$fd ] || echo \$fd; done >'$PWD/fds'; exit 7' $closed"
			assert_rc 7
			run sh -c "exec ns-join $options ./nosuch $closed"
			assert_rc 127
		done
	done
}

test_explain() {
	start_box
	run ns-join -x -t "$target" -a true
	assert_rc 0
	assertEquals 'setns clone execve' "$(echo "$err" | sed -n 's/^ns-join: \(setns\|clone\|execve\)(.*/\1/p' |
		tr '\n' ' ' | sed 's/ $//')"
	assert_has "$err" 'CLONE_NEWPID'
	assert_has "$err" '# nsenter --target'
	run ns-join -x ${ns:+-U/proc/$target/ns/user} "-u/proc/$target/ns/uts" true
	assert_has "$err" "CLONE_NEWUTS) = 0"
	assert_has "$err" "# nsenter --uts=/proc/$target/ns/uts"
}

# The child of joiner is in the PID namespace and waits; sets child.
waits_inside() {
	child=$(tr -d ' ' <"/proc/$joiner/task/$joiner/children") && [ -n "$child" ] &&
		grep -q '^State:.*S' "/proc/$child/status" &&
		grep -q '^NSpid:.*	.*	' "/proc/$child/status"
} 2>/dev/null

is_sleep() {
	[ "$(basename "$(readlink "/proc/$child/exe")")" = sleep ]
}

test_nothing_inside_may_look_into_it() {
	mkfifo question answer stderr
	ns-user ns-pidlab --pid-file=pid sh -c 'echo >answer
		while read -r p <question; do
			{ readlink "/proc/$p/exe" || echo denied; } >answer
		done' &
	launchers=$!
	read -r target <pid
	read -r line <answer
	# it waits just before the execve(2): the pipe is too small for the words that say it
	name=$(printf '%0200d' 0 | sed 's/0/\o377/g')
	long=$PWD/$name/$name/$name/$name/$name/$name
	mkdir -p "$long"
	ln -s "$(command -v sleep)" "$long/sleep"
	exec 7<>stderr
	head -c $((16 * $(getconf PAGESIZE) - 4096)) /dev/zero >&7
	ns-join -x -t "$target" -a "$long/sleep" 1000 2>stderr &
	joiner=$!
	launchers="$launchers $!"
	eventually waits_inside || fail 'nothing is inside'
	pid=$(sed -n 's/^NSpid:.*	//p' "/proc/$child/status")
	echo "$pid" >question
	read -r line <answer
	assertEquals 'half in' denied "$line"
	dd of=/dev/null bs=65536 iflag=nonblock <&7 2>/dev/null
	eventually is_sleep || fail 'COMMAND does not run'
	exec 7>&-
	# then it is one of them
	echo "$pid" >question
	read -r line <answer
	assertEquals 'all in' sleep "$(basename "$line")"
}

# Before each call that it makes once it has looked for the process, that one ends, and another has its PID.
test_a_pid_that_is_used_again_is_not_joined() {
	sanitized && return
	inject=$BUILD/helpers/inject without=$BUILD/helpers/without
	run "$without" pidfd_open=ENOSYS "$inject" log - true
	[ "$rc" -eq 0 ] || { skip "$err" && return; }
	cat >start <<'END'
ns-uts -n "$1" sleep 1000 &
until [ "$(cat "/proc/$!/comm")" = sleep ]; do :; done
echo $! >pid-of-$1
END
	cat >again <<'END'
read -r old <pid-of-old
kill -KILL "$old"
while [ -e "/proc/$old" ]; do :; done
until echo $((old - 1)) >/proc/sys/kernel/ns_last_pid && . ./start && [ $! = "$old" ]; do
	kill -KILL $!
	wait $! || :
done
END
	cat >walk <<'END'
sh ./start old
read -r pid <pid-of-old
"$@" "$inject" calls - ns-join -t "$pid" $options cat /proc/sys/kernel/hostname >first
kill -KILL "$pid"
echo "at first $(cat first)"
# open(2) of a directory: of /proc/PID
awk 'looked { print $1 ":" $3 ":" $4 }
	$3 == "pidfd_open" || ($3 == "open" && $6 ~ /[13579bdf]....$/) { looked = 1 }' calls >faults
while read -r fault <&3; do
	sh ./start old
	read -r pid <pid-of-old
	export INJECT_RUN="set -- new; . ./again"
	"$@" "$inject" log "$fault=RUN" ns-join -t "$pid" $options cat /proc/sys/kernel/hostname >got 2>err
	echo "$? $(cat got) $(cat log) $(head -n 1 err)" >>results
	[ "$(cat log pid-of-new)" = "injected
$pid" ] || echo "$fault: not so: $(cat log pid-of-new)"
	kill -KILL "$pid"
done 3<faults
END
	export inject options
	for options in -u '-u -F' '-a -w -r' '-m -u -e'; do
		for around in '' pidfd_open=ENOSYS; do
			# a C library that makes openat(2) calls only does not say of what
			[ -z "$around" ] || grep -q ' ns-join open ' calls || continue
			: >results
			run $ns ns-pidlab -i sh ./walk ${around:+"$without" $around}
			assertEquals "$options; $around: $err" 'at first old' "$out"
			assertEquals "$options; $around" '' "$(grep -Ev '^(0 old|125 ) injected ' results)"
			assert_has "$(cat results)" 125
		done
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
