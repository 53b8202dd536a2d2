#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-pidlab: what COMMAND sees, its init, its reports, its messages.
# shellcheck disable=SC2016,SC2086,SC2094 # for other shells; lists of words; FIFOs
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

signals=$BUILD/helpers/signals
pty=$BUILD/helpers/pty

test_command_is_pid_1() {
	run $ns ns-pidlab sh -c 'echo $$ $PPID; cat /proc/1/comm; echo /proc/[0-9]*'
	assert_rc 0
	assertEquals '1 0
sh
/proc/1' "$out"
	assertEquals '' "$err"
}

test_without_a_command_a_shell() {
	printf '#!/bin/sh\necho mine $$ $#\n' >shell
	chmod +x shell
	run env SHELL="$PWD/shell" $ns ns-pidlab
	assertEquals 'mine 1 0' "$out"
	run env SHELL="$PWD/shell" $ns ns-pidlab -i --
	assertEquals 'mine 2 0' "$out"
	for shell in SHELL= --unset=SHELL; do
		echo 'echo $$ $0' | env "$shell" $ns ns-pidlab >out
		assertEquals '1 /bin/sh' "$(cat out)"
	done
}

test_options_end_at_the_first_operand() {
	run $ns ns-pidlab echo -i --no-proc -- -x
	assertEquals '-i --no-proc -- -x' "$out"
	run $ns ns-pidlab -- echo -- -x
	assertEquals '-- -x' "$out"
	run $ns ns-pidlab -irs -- sh -c 'echo $$'
	assertEquals 2 "$out"
	run $ns ns-pidlab --init --report --setsid sh -c 'echo $$'
	assertEquals 2 "$out"
}

test_mistakes_in_usage() {
	assert_usage "'--nosuch'" ns-pidlab --nosuch
	assert_usage "'-q'" ns-pidlab -q true
	assert_usage "'--init=1'" ns-pidlab --init=1 true
	assert_usage "'--pid-file'" ns-pidlab --pid-file
	assert_usage "'--pidfile'" ns-pidlab --pidfile x
}

test_a_private_proc() {
	run $ns ns-pidlab sh -c 'tail -n 1 /proc/self/mountinfo | cut -d " " -f 5,6,9'
	assertEquals '/proc rw,nosuid,nodev,noexec,relatime proc' "$out"
	mounts=$(wc -l </proc/self/mountinfo)
	run $ns ns-pidlab --no-proc sh -c 'wc -l </proc/self/mountinfo'
	assertEquals "$mounts" "$out"
	# the outer one has our PID, and none that is theirs
	run $ns ns-pidlab --no-proc cat "/proc/$$/comm"
	assertEquals "$(cat /proc/$$/comm)" "$out"
	run $ns ns-pidlab cat "/proc/$$/comm"
	assert_rc 1
	assertEquals "$mounts" "$(wc -l </proc/self/mountinfo)"
}

test_a_new_mount_namespace_in_any_case() {
	for option in '' -i --no-proc '-i --no-proc'; do
		run $ns ns-pidlab $option sh -c 'readlink /proc/1/ns/mnt; readlink /proc/self/ns/mnt
			readlink /proc/$$/ns/mnt'
		assert_has_not "$out" "$(readlink /proc/self/ns/mnt)
$(readlink /proc/self/ns/mnt)"
		run $ns ns-pidlab $option sh -c 'mkdir dir; mount -t tmpfs none dir && touch dir/file'
		assert_rc 0
		assertEquals '' "$(ls dir)"
		rmdir dir
	done
}

test_mounts_do_not_get_out() {
	mkdir dir
	run $ns unshare --mount --propagation shared sh -c '
		grep -c shared: /proc/self/mountinfo
		ns-pidlab sh -c "grep -c shared: /proc/self/mountinfo
			grep -c master: /proc/self/mountinfo; mount -t tmpfs none dir; touch dir/file"
		ls dir'
	assert_rc 0
	set -- $out
	assertTrue "nothing was shared: $out" "[ $1 -gt 0 ]"
	assertEquals 0 "$2"
	assertTrue "nothing comes in: $out" "[ $3 -gt 0 ]"
	assertEquals 'mounts get out' 3 $#
}

test_init_is_pid_1_and_command_its_child() {
	run $ns ns-pidlab -i sh -c 'echo $$ $PPID; cat /proc/1/comm; echo /proc/[0-9]*'
	assert_rc 0
	assertEquals '2 1
ns-pidlab
/proc/1 /proc/2' "$out"
}

test_init_shows_an_empty_root() {
	run $ns ns-pidlab -i sh -c 'ls -a /proc/1/root/ /proc/1/cwd/ /proc/1/root/.. /proc/1/cwd/..
		: >/proc/1/root/file'
	assertEquals '/proc/1/cwd/:
.
..

/proc/1/cwd/..:
.
..

/proc/1/root/:
.
..

/proc/1/root/..:
.
..' "$out"
	assert_has "$err" 'Read-only file system'
	run $ns ns-pidlab -i cut -d ' ' -f 4,5,9 /proc/1/mountinfo
	assertEquals '/ / tmpfs' "$out"
}

test_join_of_init_shows_nothing() {
	run $ns ns-pidlab -i ns-join -t 1 -m /bin/sh -c 'echo out'
	assert_rc 127
	assertEquals '' "$out"
	assert_has "$err" "ns-join: cannot run '/bin/sh': No such file or directory"
	assert_has "$err" 'ns-join: hint: the new root is empty'
	# with the PID namespace's own root it would be the whole of it
	run $ns ns-pidlab sh -c 'sleep 0; ns-join -t 1 -m true; echo $?'
	assertEquals 0 "$out"
}

test_init_keeps_no_descriptor_that_leads_out() {
	exec 9</ 8</proc/self/ns/mnt
	run $ns ns-pidlab -i sh -c 'readlink /proc/1/fd/*; ls /proc/$$/fd'
	exec 9<&- 8<&-
	for line in $(echo "$out" | grep -v '^[0-9]'); do
		case $line in
		/dev/null | anon_inode:* | pipe:* | socket:* | "$work"/*) : ;;
		*) fail "leads out: $line" ;;
		esac
	done
	assert_line "$out" 9
	assert_line "$out" 8
	for fd in 0 1 2; do
		run $ns ns-pidlab -i sh -c "ls -a /proc/1/fd/$fd/" </
		assert_has_not "$out" bin
	done
}

test_init_reaps_every_orphan() {
	run timeout 60 $ns ns-pidlab -i sh -c '
		n=0
		while [ $((n += 1)) -le 1000 ]; do (true &); done
		until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do :; done'
	assert_rc 0
}

test_report() {
	run $ns ns-pidlab -r --pid-file=pid sh -c 'exit 3'
	assert_rc 3
	assertEquals "*** pid $(cat pid) exit with status 3" "$err"
	run "$signals" status $ns ns-pidlab -r --pid-file=pid sh -c 'kill -9 1; exec "$0" -c "exit 0"' sh
	assertEquals "*** pid $(cat pid) exit with status 0" "$err"
	run $ns ns-pidlab -i -r sh -c 'exit 3'
	assert_rc 3
	assertEquals '*** pid 2 exit with status 3' "$err"
	run "$signals" status $ns ns-pidlab --init --report sh -c 'kill -9 $$'
	assertEquals 'signal 9' "$out"
	assertEquals '*** pid 2 exit by 9 signal' "$err"
	run $ns ns-pidlab -i sh -c 'exit 3'
	assertEquals '' "$err"
}

test_report_of_a_killed_pid_1() {
	mkfifo fifo
	"$signals" status $ns ns-pidlab -r --pid-file=fifo sleep 1000 >out 2>err &
	read -r pid <fifo
	kill -KILL "$pid"
	wait $!
	assertEquals 'signal 9' "$(cat out)"
	assertEquals "*** pid $pid exit by 9 signal" "$(cat err)"
}

test_init_reaps_ten_thousand_orphans() {
	# the last of them may still be on its way when all have been made
	run $ns ns-pidlab -i sh -c '"$0" 10000 || exit
		until [ "$(cat /proc/1/task/1/children)" = "$$ " ]; do [ $((n += 1)) -lt 1000 ] || exit; done
		echo none is left' "$BUILD/helpers/orphans"
	assert_rc 0
	assertEquals 'none is left' "$out"
}

test_status_when_command_and_an_orphan_end_together() {
	for n in $(seq 1000); do
		rc=0
		$ns ns-pidlab -i sh -c '(:) & exit 7' 2>err || rc=$?
		if [ $rc != 7 ] || [ -s err ]; then break; fi
	done
	assertEquals "run $n: $(cat err)" 7 $rc
}

test_report_of_orphans() {
	mkfifo go
	run $ns ns-pidlab -i -r sh -c '
		(sh -c "read -r line <go; exit 8" & echo $! >pid)
		echo >go
		while [ -e "/proc/$(cat pid)" ]; do :; done
		exit 7'
	assert_rc 7
	assert_line "$err" "*** pid $(cat pid) exit with status 8"
	assert_line "$err" '*** pid 2 exit with status 7'
	assertEquals 'two deaths' 2 "$(echo "$err" | wc -l | tr -d ' ')"
	# the launcher's: what our shell has started before it became the launcher
	run sh -c "(read -r line <go; exit 5) & echo \$! >pid
		exec $ns ns-pidlab -r sh -c 'echo >go; until grep -q \"status 5\" err; do :; done'"
	assert_line "$err" "*** pid $(cat pid) exit with status 5"
}

test_a_session_of_its_own() {
	run $ns ns-pidlab -s cut -d ' ' -f 1,5,6 /proc/self/stat
	assertEquals '1 1 1' "$out"
	run $ns ns-pidlab -i -s cut -d ' ' -f 1,5,6 /proc/self/stat
	assertEquals '2 2 2' "$out"
	run $ns ns-pidlab cut -d ' ' -f 1,5,6 /proc/self/stat
	assertEquals '1 0 0' "$out"
	for option in '' -i; do
		run "$pty" -- $ns ns-pidlab $option sh -c ': </dev/tty && echo terminal'
		assert_line "$out" terminal
		run "$pty" -- $ns ns-pidlab --setsid $option sh -c '(: </dev/tty) || echo none'
		assert_line "$out" none
		# a group of our own: without -s it would reach our shell
		run setsid sh -c "trap 'echo reached' 15
			$ns ns-pidlab -s $option sh -c \"trap '' 15; kill -15 0; exit 4\"; echo \$?"
		assertEquals 4 "$out"
	done
	run setsid sh -c "trap 'echo reached' 15
		$ns ns-pidlab sh -c \"trap '' 15; kill -15 0; exit 4\"; echo \$?"
	assert_has "$out" reached
}

test_command_that_cannot_be_run() {
	echo 'echo hello' >script
	mkdir directory
	for option in '' -i; do
		run $ns ns-pidlab $option ./nosuch
		assert_rc 127
		assertEquals "ns-pidlab: cannot run './nosuch': No such file or directory" "$err"
		run $ns ns-pidlab $option ./directory
		assert_rc 126
		assertEquals "ns-pidlab: cannot run './directory': Permission denied
ns-pidlab: hint: './directory' is a directory" "$err"
		run $ns ns-pidlab $option ./script
		assert_rc 126
		assert_has "$err" 'ns-pidlab: hint: '
		chmod 755 script
		run $ns ns-pidlab $option ./script
		assert_rc 126
		assert_has "$err" 'ns-pidlab: hint: a script needs a first line'
		chmod 644 script
	done
}

test_nothing_is_run_when_the_set_up_fails() {
	for option in '' -i; do
		run ns-user sh -c "echo 0 >/proc/sys/user/max_pid_namespaces
			exec ns-pidlab $option touch ran"
		assert_rc 125
		assertEquals 'ns-pidlab: cannot start a process in a new PID namespace: No space left on device
ns-pidlab: hint: the limit user.max_pid_namespaces is 0' "$err"
		assertFalse '[ -e ran ]'
	done
	run ns-user sh -c 'echo 1 >/proc/sys/user/max_mnt_namespaces
		exec ns-pidlab -i touch ran'
	assert_rc 125
	assert_has "$err" 'user.max_mnt_namespaces'
	assertFalse '[ -e ran ]'
}

test_nested_too_deep() {
	set -- true
	n=0
	while [ $((n += 1)) -le 33 ]; do set -- ns-pidlab "$@"; done
	run $ns "$@"
	assert_rc 125
	assertEquals 'ns-pidlab: cannot start a process in a new PID namespace: No space left on device' \
		"$(echo "$err" | head -n 1)"
	assert_has "$err" 'nested 32 deep'
}

test_closed_descriptors() {
	for option in '' -i --pid-file=pid; do
		for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
			rm -f fds
			run sh -c "exec $ns ns-pidlab $option sh -c 'ls /proc/\$\$/fd >fds; exit 7' $closed"
			assert_rc 7
			rm -f expected
			run sh -c "exec sh -c 'ls /proc/\$\$/fd >expected; exit 7' $closed"
			assertEquals "$option $closed" "$(cat expected)" "$(cat fds)"
			run sh -c "exec $ns ns-pidlab $option ./nosuch $closed"
			assert_rc 127
		done
	done
	rc=0
	ns-pidlab --help >&- 2>err || rc=$?
	out='' err=$(cat err)
	assert_rc 125
	assert_has "$err" 'ns-pidlab: cannot write to standard output'
}

# The calls that are said, without what differs from one run to the next.
said() {
	sed -n 's/[ 	]*#.*//; s/= [1-9][0-9]*$/= N/; s/^ns-pidlab: //p' err
}

test_explain_says_the_calls_in_their_order() {
	run $ns ns-pidlab -x sh -c 'exit 0'
	assert_rc 0
	expected='clone(child_stack=NULL, flags=CLONE_NEWNS|CLONE_NEWPID|SIGCHLD) = N
mount(NULL, "/", NULL, MS_REC|MS_SLAVE, NULL) = 0
mount("proc", "/proc", "proc", MS_NOSUID|MS_NODEV|MS_NOEXEC, NULL) = 0
execve("'$(command -v sh)'", ...)'
	assertEquals "$expected" "$(said)"
	assert_has "$err" '# unshare --pid --fork --mount'
	assert_has "$err" '# mount -t proc proc /proc'
	NS_EXPLAIN=1 run $ns ns-pidlab --no-proc sh -c 'exit 0'
	unset NS_EXPLAIN
	assertEquals "$(echo "$expected" | sed 3d)" "$(said)"
	run $ns ns-pidlab --explain -i sh -c 'exit 0'
	assertEquals "$(echo "$expected" | sed '$d')
clone(child_stack=NULL, flags=SIGCHLD) = N
unshare(CLONE_NEWNS) = 0
mount(\"tmpfs\", \"/\", \"tmpfs\", MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC, \"size=4k,nr_inodes=2,mode=555\") = 0
chdir(\"/..\") = 0
pivot_root(\".\", \".\") = 0
umount2(\".\", MNT_DETACH) = 0
chdir(\"/\") = 0
execve(\"$(command -v sh)\", ...)" "$(said)"
	run ns-user sh -c 'echo 0 >/proc/sys/user/max_pid_namespaces; exec ns-pidlab -x true'
	assertEquals 'clone(child_stack=NULL, flags=CLONE_NEWNS|CLONE_NEWPID|SIGCHLD) = -1 ENOSPC' \
		"$(said | head -n 1)"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
