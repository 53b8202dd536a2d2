#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-lab and its experiments
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

EXPERIMENTS='mount pivot uts pid' # those that are looked into here
ALL="$EXPERIMENTS ipc join propagation user net cgroup time sandbox"

set_up() {
	mkdir tmp
	export TMPDIR="$work/tmp" NS_LAB_MARK="$work"
	unset NS_LAB_DATA NS_LAB_ROOTFS NS_LAB_WITHOUT NS_EXPLAIN
}

tear_down() {
	unset TMPDIR NS_LAB_MARK
	[ -z "${lab-}" ] || kill -KILL "$lab" 2>/dev/null
	lab=
}

# What an experiment must leave as it was.
state() {
	cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname /proc/self/mountinfo
}

# Nothing that we have not made is in the folder for temporary files, and no process runs.
assert_nothing_left() {
	assertEquals 'temporary files' '' "$(ls -A tmp)"
	run env -u NS_LAB_MARK sh -c "grep -lzs '^NS_LAB_MARK=$work\$' /proc/[0-9]*/environ"
	assertEquals 'processes' '' "$(printf '%s\n' "$out" | grep -v "^/proc/$$/")"
}

# A copy of the experiments that can be changed, in $work/data.
copy_data() {
	cp -R "$TOP/data" data
	chmod -R u+w data
	export NS_LAB_DATA="$work/data" NS_LAB_ROOTFS="$BUILD/rootfs"
}

forget_data() {
	unset NS_LAB_DATA NS_LAB_ROOTFS
}

# part TEXT FROM: the lines behind the line FROM, to the next heading.
part() {
	printf '%s\n' "$1" | awk -v from="$2" '/^===/ { on = 0 } on; $0 == from { on = 1 }'
}

test_list_names_the_experiments_and_says_what_they_show() {
	run ns-lab list
	assert_rc 0
	assertEquals '' "$err"
	assertEquals "$ALL" "$(printf '%s\n' "$out" | sed 's/ .*//' | tr '\n' ' ' | sed 's/ $//')"
	assertEquals 'lines with a text' 12 "$(printf '%s\n' "$out" | grep -c '^[a-z]*  *[A-Za-z].* ')"
	run ns-lab list x
	assert_rc 125
}

test_help_and_version_are_printed() {
	for option in -h --help --he; do
		run ns-lab $option
		assert_rc 0
		assertEquals '' "$err"
		assertEquals 'Usage: ns-lab [OPTION]... list' "$(head -n 1 out)"
		assertEquals 'long lines' '' "$(grep -E '^.{80}' out)"
	done
	for option in -V --version --vers; do
		run ns-lab $option
		assert_rc 0
		assertEquals "$(ns-uts --version | sed s/ns-uts/ns-lab/)" "$out"
	done
	# the version of the checkout's own copy
	assert_line "$(cat "$TOP/cmd/ns-lab")" "VERSION=$(sed -n 's/^VERSION = //p' "$TOP/Makefile")"
}

test_usage_mistakes_name_the_word() {
	assert_usage 'missing operand: list, run or claims' ns-lab
	assert_usage 'missing operand: list, run or claims' ns-lab -x --
	assert_usage "unknown operand 'claim': list, run or claims" ns-lab claim
	assert_usage "unknown operand '': list, run or claims" ns-lab ''
	assert_usage "list takes no operand: 'x'" ns-lab list x
	assert_usage "ns-lab: unknown experiment 'x'" ns-lab run x
	assert_usage "ns-lab: unknown experiment ''" ns-lab run ''
	assert_usage "unknown experiment 'mount pivot'" ns-lab run 'mount pivot'
	assert_usage "unknown experiment '--help'" ns-lab run --help
	assert_usage "unknown experiment '\\047\\134\\012\\303\\251~ '" ns-lab run "'\\
é~ "
	assert_usage "unknown option '-y'" ns-lab -xy list
	assert_usage "unknown option '--nothing'" ns-lab --nothing
	assert_usage "unknown option '--listing'" ns-lab --listing list
	assert_usage "option '--help' does not take an argument: '--he=1'" ns-lab --he=1
}

test_a_wrong_name_among_others_runs_nothing() {
	assert_usage "'x'" ns-lab run uts x pid
}

test_output_that_cannot_be_written_is_a_failure() {
	for words in --help --version list 'run uts' 'run mount pid'; do
		rc=0
		# shellcheck disable=SC2086 # words
		ns-lab $words >/dev/full 2>err || rc=$?
		out='' err=$(cat err)
		assert_rc 125
		assert_has "$err" 'cannot write to standard output'
	done
	assert_nothing_left
}

test_a_reader_that_goes_away_ends_it() {
	# its status counts, so not in a pipe
	mkfifo output
	head -n 1 <output >first &
	rc=0
	ns-lab run >output 2>err || rc=$?
	out='' err=$(cat err)
	wait $!
	assertTrue "status $rc" "[ $rc = 0 ] || [ $rc = 141 ]"
	assertEquals '' "$err"
	assertEquals '=== new mount namespace process ===' "$(cat first)"
	assert_nothing_left
}

test_all_run_with_the_utilities_of_busybox() {
	busybox=$BUILD/rootfs/bin/busybox
	[ -x "$busybox" ] || { skip 'no static busybox' && return; }
	mkdir busybox
	for applet in $("$busybox" --list); do ln -s "$busybox" "busybox/$applet"; done
	run timeout 60 env PATH="$work/busybox:$PATH" ns-lab run
	assert_rc 0
	assertEquals 12 "$(grep -c ': as expected: ' out)"
	assert_nothing_left
}

test_the_folder_for_temporary_files_may_be_in_dev_shm() {
	[ -w /dev/shm ] || { skip 'no /dev/shm' && return; }
	folder=$(mktemp -d /dev/shm/ns-test.XXXXXX)
	run env TMPDIR="$folder" ns-lab run mount ipc
	assert_rc 0
	assertEquals "$err" '' "$(ls -A "$folder")"
	run env TMPDIR="$folder" ns-lab claims OV-11
	assert_rc 0
	assertEquals '' "$err"
	rmdir "$folder"
}

test_any_umask_will_do() {
	for mask in 077 777; do
		run sh -c 'umask "$0"; exec ns-lab run mount pivot' $mask
		assert_rc 0
		assert_nothing_left
	done
}

test_mount_shows_the_bind_inside_only() {
	run ns-lab run mount
	assert_rc 0
	assertEquals '' "$err"
	inside=$(part "$out" '=== new mount namespace process ===')
	outside=$(part "$out" '=== old namespace process ===')
	commands='+ ls data/binding/target
+ readlink /proc/self/ns/mnt
+ grep data/binding/target /proc/self/mounts
+ grep data/binding/target /proc/self/mountinfo
+ grep data/binding/target /proc/self/mountstats'
	assertEquals "$commands" "$(printf '%s\n' "$inside" | grep '^+')"
	assertEquals "$commands" "$(printf '%s\n' "$outside" | grep '^+')"
	inside=$(printf '%s\n' "$inside" | grep -v '^+')
	assertEquals a "$(printf '%s\n' "$inside" | head -n 1)"
	assertEquals 'lines of mounts' 3 "$(printf '%s\n' "$inside" | grep -c "$work/tmp/.*/data/binding/target")"
	# nothing but the namespace, which is another one, and the verdict
	outside=$(printf '%s\n' "$outside" | grep -v -e '^+' -e '^mount: as expected: ')
	assertEquals "answers outside: $outside" 1 "$(printf '%s\n' "$outside" | wc -l)"
	assert_has "$outside" 'mnt:['
	assert_has "$inside" 'mnt:['
	assert_has_not "$inside" "$outside"
	assert_has "$(tail -n 1 out)" 'mount: as expected: '
}

test_pivot_shows_the_new_root_only() {
	run ns-lab run pivot
	assert_rc 0
	assertEquals '' "$err"
	new='=== new mount namespace process'
	here=$(LC_ALL=C ls /)
	root=$(LC_ALL=C ls "$BUILD/rootfs")
	assertEquals "+ export PATH=/bin
+ ls /
$root
+ ls /bin
$(LC_ALL=C ls "$BUILD/rootfs/bin")
+ ls /..
$root" "$(part "$out" "$new ===")"
	assertEquals "+ ls /proc/1/root/
+ ls /proc/self/fd/9/" "$(part "$out" "$new, with a /proc ===" | grep -v '^ls: ')"
	assertEquals "+ ls /
$root
+ ls /.oldrootfs
$here" "$(part "$out" "$new, with the old root kept ===")"
	assertEquals "+ ls /
$here" "$(part "$out" '=== old namespace process ===' | grep -v '^pivot: ')"
	assert_has "$root" README
	assert_has "$(tail -n 1 out)" 'pivot: as expected: '
}

test_uts_shows_the_new_names_inside_only() {
	run ns-lab run uts
	assert_rc 0
	assertEquals '' "$err"
	inside=$(part "$out" '=== new uts namespace process ===' | grep -v '^+')
	assertEquals 'new-hostname
new-domainname' "$inside"
	outside=$(part "$out" '=== old namespace process ===' | grep -v -e '^+' -e '^uts: ')
	assertEquals "$(cat /proc/sys/kernel/hostname)" "$(printf '%s\n' "$outside" | head -n 1)"
	assert_has_not "$outside" new-domainname
	assert_has "$(tail -n 1 out)" 'uts: as expected: '
}

# A folder of links to what the experiments run but without the programs named.
without_programs() {
	mkdir -p path
	for program in awk cat chmod cp grep head hostname id ls mkdir mkfifo mktemp od ps \
		readlink rm rmdir sed sh sleep tr; do
		found=$(command -v $program) || continue
		case " $* " in
		*" $program "*) ;;
		*) ln -s "$found" path/ ;;
		esac
	done
}

test_uts_does_without_hostname() {
	without_programs hostname
	run env PATH="$work/path" "$BUILD/ns-lab" run uts
	assert_rc 0
	assert_line "$out" '+ cat /proc/sys/kernel/domainname'
	assert_line "$out" new-domainname
	assertEquals "$(cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname)" \
		"$(part "$out" '=== old namespace process ===' | grep -v -e '^+' -e '^uts: ')"
}

# The table, as e shows it: a NAME=INSIDE/PARENT,OUTSIDE/PARENT word each.
processes_of() {
	printf '%s\n' "$1" | awk '
		/PID inside/ { on = 1; next }
		/^[+]/ { on = 0 }
		on { print $1 "=" $2 "/" $3 "," $4 "/" $5 }'
}

# shellcheck disable=SC2154 # what eval sets
assert_pid_is_as_recorded() {
	assert_rc 0
	assertEquals '' "$err"
	table=$(processes_of "$out")
	assertEquals 'main a b c d e' "$(printf '%s\n' "$table" | sed 's/=.*//' | tr '\n' ' ' | sed 's/ $//')"
	for row in $table; do
		outer=${row#*,}
		eval "${row%%=*}=${outer%/*}" # main=, a=, ... the PIDs outside
	done
	assert_line "$table" "main=-/-,$main/1"
	assert_line "$table" "b=2/0,$b/1"
	assert_line "$table" "d=5/1,$d/$a"
	assert_line "$table" "e=-/-,$e/$main"
	# the tools in between are children of main
	launcher=$(printf '%s\n' "$table" | sed -n "s,^a=1/0\\,$a/,,p")
	joiner=$(printf '%s\n' "$table" | sed -n "s,^c=3/0\\,$c/,,p")
	outside=$(part "$out" '=== old namespace process ===')
	assertEquals "$main" "$(printf '%s\n' "$outside" | awk -v p="$launcher" '$1 == p { print $2; exit }')"
	assertEquals "$main" "$(printf '%s\n' "$outside" | awk -v p="$joiner" '$1 == p { print $2; exit }')"
	# the deaths, once each and in this order
	assertEquals "*** pid $c exit by 9 signal
*** pid $a exit by 9 signal
*** pid $e exit with status 0" "$(printf '%s\n' "$out" | grep '^\*\*\*')"
	# a, b, c and d are in the first table outside and not in the second
	before=${outside%%+ kill -9 "$a"*} after=${outside##*+ kill -9 "$a"}
	assertEquals "sleeps before" 4 "$(printf '%s\n' "$before" | grep -c ' sleep infinity *$' |
		awk '{ print $1 - '"$(printf '%s\n' "$before" | grep -c 'ns-join.* sleep infinity *$')"' }')"
	assertEquals "sleeps after" 0 "$(printf '%s\n' "$after" | grep -c 'sleep infinity')"
	# inside: the same processes before and after kill -9 1
	inside=$(part "$out" '=== new pid namespace process ===')
	assert_line "$inside" '+ kill -9 1'
	assert_line "$inside" '+ exec sleep infinity'
	assert_line "$inside" '/proc/1 /proc/2 /proc/3 /proc/5 /proc/6'
	for pid in 1 2 3 5; do
		assertEquals "times that $pid is there" 2 \
			"$(printf '%s\n' "$inside" | awk -v p=$pid '$1 == p && $2 ~ /^[0-9]+$/' | wc -l)"
	done
	assert_has "$(tail -n 1 out)" 'pid: as expected: '
}

test_pid_shows_both_pids_and_parents_of_all_five() {
	run ns-lab run pid
	assert_pid_is_as_recorded
}

test_pid_waits_until_d_is_the_program_that_it_becomes() {
	mkdir slow # but only d, whose parent is visible
	printf '#!/bin/sh\ni=0\nwhile [ $PPID != 0 ] && [ $((i += 1)) -lt 20000 ]; do :; done\nexec %s "$@"\n' \
		"$(command -v sleep)" >slow/sleep
	chmod +x slow/sleep
	run env PATH="$work/slow:$PATH" ns-lab run pid
	assert_rc 0
	assertEquals '' "$(part "$out" '=== new pid namespace process ===' | grep '^ *[0-9]* *1 .*slow/sleep')"
}

test_pid_does_without_ps() {
	without_programs ps
	run env PATH="$work/path" "$BUILD/ns-lab" run pid
	assert_pid_is_as_recorded
	assert_line "$out" '+ read_processes'
}

test_each_experiment_fails_without_its_isolation() {
	before=$(state)
	for name in $ALL; do
		run env NS_LAB_WITHOUT=isolation ns-lab run "$name"
		assert_rc 1
		assert_has "$(tail -n 1 out)" "$name: NOT as expected: "
		assertEquals 'expected' '' "$(grep "^$name: as expected" out)"
	done
	assertEquals "$before" "$(state)"
	assert_nothing_left
}

test_mount_needs_its_mounts_to_be_shared_to_fail() {
	# that of the tests may be private: then it is the namespace around it that shares
	run env NS_LAB_WITHOUT=isolation ns-lab run mount
	assert_rc 1
	outside=$(part "$out" '=== old namespace process ===')
	assert_line "$outside" a
	assert_has "$outside" ' shared:'
}

test_all_run_in_order_and_leave_nothing() {
	before=$(state)
	run ns-lab run
	assert_rc 0
	assertEquals '' "$err"
	assertEquals "$ALL" \
		"$(sed -n 's/^\([a-z]*\): as expected: .*/\1/p' out | tr '\n' ' ' | sed 's/ $//')"
	assertEquals "$before" "$(state)"
	assert_nothing_left
	run ns-lab run uts mount uts
	assert_rc 0
	assertEquals 'uts mount uts' \
		"$(sed -n 's/^\([a-z]*\): as expected: .*/\1/p' out | tr '\n' ' ' | sed 's/ $//')"
}

# What may differ from run to run: the folder, the numbers of namespaces and mounts, PIDs outside.
same() {
	sed 's/ns-lab\.[A-Za-z0-9]*/FOLDER/g; s/mnt:\[[0-9]*/mnt:[/; s/\(shared\|master\):[0-9]*/\1/
		s/^[0-9]* [0-9]* \([0-9]*:[0-9]*\) /\1 /
		s/\(pid\|kill -9\) [0-9][0-9]*/\1 N/
		s/^\(main\|[a-e]\)  *\([-0-9]*\)  *\([-0-9]*\)  *[0-9]*  *[0-9]*/\1 \2 \3/
		/=== old namespace/,$ { s/^ *[0-9]*  *[0-9]* //; s/ e [0-9 ]*$/ e/; s/ -t [0-9]*/ -t N/; }'
}

test_ten_runs_are_the_same() {
	# shellcheck disable=SC2086 # words
	ns-lab run $EXPERIMENTS 2>&1 | same >first
	for n in 2 3 4 5 6 7 8 9 10; do
		# shellcheck disable=SC2086 # words
		ns-lab run $EXPERIMENTS 2>&1 | same >other
		assertEquals "run $n" '' "$(diff first other)"
	done
	assertEquals 4 "$(grep -c ': as expected: ' first)"
	assert_nothing_left
}

test_it_runs_from_any_folder() {
	mkdir 'a folder'
	cd 'a folder' || return
	run ns-lab run
	assert_rc 0
	cd / || return
	run ns-lab run mount
	assert_rc 0
	run "$BUILD/ns-lab" run uts
	assert_rc 0
	# one that is not there any more
	mkdir "$work/gone"
	cd "$work/gone" || return
	rmdir "$work/gone"
	run ns-lab run mount pid
	assert_rc 0
	cd "$work" || return
}

test_a_relative_folder_for_temporary_files_will_do() {
	mkdir 'tmp/of us'
	TMPDIR='tmp/of us' run ns-lab run
	assert_rc 0
	rmdir 'tmp/of us'
	TMPDIR=nowhere run ns-lab run uts
	assert_rc 125
	assert_has "$err" "ns-lab: cannot make a folder in 'nowhere'"
}

test_the_checkout_runs_and_finds_what_is_built() {
	run env PATH=/usr/bin:/bin "$TOP/cmd/ns-lab" run
	if [ "$BUILD" = "$TOP/build" ]; then
		assert_rc 0
	else
		assertTrue "status $rc" "[ $rc = 0 ] || [ $rc = 125 ]" # there may be no build there
	fi
	cd "$TOP" || return
	run env PATH=/usr/bin:/bin cmd/ns-lab list
	assert_rc 0
	cd "$work" || return
}

# A tree as it is installed.
install_here() {
	mkdir -p 'in stalled/bin' 'in stalled/share/ns-tools'
	cp "$BUILD"/ns-* 'in stalled/bin'
	cp -R "$TOP/data/." 'in stalled/share/ns-tools'
	cp -RP "$BUILD/rootfs" 'in stalled/share/ns-tools/rootfs'
	chmod -R a-w 'in stalled/share'
}

test_it_runs_installed() {
	install_here
	run env PATH=/usr/bin:/bin "$work/in stalled/bin/ns-lab" run
	assert_rc 0
	assertEquals 12 "$(grep -c ': as expected: ' out)"
	cd 'in stalled/bin' || return
	run env PATH=/usr/bin:/bin ./ns-lab run mount pivot
	assert_rc 0
	cd "$work" || return
	assert_nothing_left
	chmod -R u+w 'in stalled'
}

test_it_runs_through_a_symbolic_link() {
	install_here
	mkdir links
	ln -s '../in stalled/bin/ns-lab' links/lab
	ln -s lab links/again
	run env PATH=/usr/bin:/bin links/again run
	assert_rc 0
	run env PATH="$work/links:/usr/bin:/bin" again run pid
	assert_rc 0
	chmod -R u+w 'in stalled'
}

test_tools_data_and_root_are_looked_for() {
	cp "$BUILD/ns-lab" .
	run env PATH=/usr/bin:/bin ./ns-lab run
	assert_rc 125
	assert_has "$err" "ns-lab: cannot find the experiments: no folder 'lab' in "
	copy_data
	run env PATH=/usr/bin:/bin ./ns-lab run
	assert_rc 125
	assertEquals "ns-lab: cannot find 'ns-bindmount'" "$err"
	run ./ns-lab run # in PATH
	assert_rc 0
	NS_LAB_DATA=nowhere run ns-lab list
	assert_rc 125
	assert_has "$err" "'nowhere'"
	NS_LAB_ROOTFS=nowhere run ns-lab run uts pivot mount
	assert_rc 125
	assert_has "$err" 'ns-lab: pivot: there is no root file system'
	assert_has "$err" 'ns-lab: could not run pivot'
	assertEquals 'the others run' 2 "$(grep -c ': as expected: ' out)"
	forget_data
	assert_nothing_left
}

test_not_as_expected_counts_more_than_could_not_run() {
	copy_data
	NS_LAB_ROOTFS=nowhere NS_LAB_WITHOUT=isolation run ns-lab run pivot uts
	assert_rc 1
	NS_LAB_ROOTFS=nowhere NS_LAB_WITHOUT=isolation run ns-lab run uts pivot
	assert_rc 1
	forget_data
}

test_explain_says_the_calls_of_the_experiment_only() {
	for words in '-x run uts' '--explain run uts' '-x -- run uts'; do
		# shellcheck disable=SC2086 # words
		run ns-lab $words
		assert_rc 0
		assert_has "$err" 'ns-uts: sethostname("new-hostname", 12) = 0'
		assert_has_not "$err" ns-pidlab
		assert_has "$(tail -n 1 out)" 'uts: as expected: '
	done
	NS_EXPLAIN=1 run ns-lab run uts
	assert_has "$err" 'ns-uts: sethostname("new-hostname", 12) = 0'
	assert_has_not "$err" ns-pidlab
	NS_EXPLAIN=1 run ns-lab run
	assert_rc 0
	assert_has "$err" 'ns-pivot: pivot_root(".", ".") = 0'
	assert_has "$err" 'ns-join: setns('
	assert_has "$err" 'ns-bindmount: move_mount('
	assertEquals 12 "$(grep -c ': as expected: ' out)"
}

test_what_the_caller_ignores_does_not_matter() {
	run sh -c 'trap "" INT TERM HUP PIPE CHLD; exec ns-lab run'
	assert_rc 0
	run sh -c 'exec ns-lab run <&-'
	assert_rc 0
	run env -i TMPDIR="$TMPDIR" "$BUILD/ns-lab" run
	assert_rc 0
	run env CDPATH=/ ENV=/nosuch PS4=x POSIXLY_CORRECT=1 ns-lab run
	assert_rc 0
	assert_nothing_left
}

test_an_experiment_whose_tool_fails_could_not_run() {
	copy_data
	sed -i 's/^start_inside ns-uts/start_inside ns-uts -n ""/' data/lab/uts
	sed -i 's/^start_inside ns-bindmount/start_inside ns-bindmount -o nothing/' data/lab/mount
	sed -i 's/-r --pid-file/-r -y --pid-file/' data/lab/pid
	for name in uts mount pid; do
		run ns-lab run $name
		assert_rc 125
		assert_has "$err" "ns-lab: could not run $name"
		assert_has "$err" ' --help'
		assert_has_not "$out" expected
	done
	cp "$TOP/data/lab/pid" data/lab/pid
	sed -i 's/^ns-join -t/ns-join -y -t/' data/lab/pid
	run ns-lab run pid
	assert_rc 125
	assert_has "$err" 'ns-lab: pid: c has not started'
	assert_has "$err" "ns-join: unknown option '-y'"
	cp "$TOP/data/lab/pid" data/lab/pid
	sed -i 's/^run_e() {/&\n\texit 3/' data/lab/pid
	run ns-lab run pid
	assert_rc 125
	assert_has "$err" 'ns-lab: pid: e has ended early'
	forget_data
	assert_nothing_left
}

test_an_experiment_that_sees_something_else_says_so() {
	copy_data
	sed -i 's/-d new-domainname/-d other/' data/lab/uts
	echo b >data/binding/source/b
	sed -i 's/ns-join -t "$a" -m -p -d/ns-join -t $$ -m -d/' data/lab/pid
	sed -i 's/rootfs .bin.sh -c/-o .oldrootfs &/' data/lab/pivot
	for name in $EXPERIMENTS; do
		run ns-lab run "$name"
		assert_rc 1
		assert_has "$(tail -n 1 out)" "$name: NOT as expected: "
	done
	forget_data
}

# Starts ns-lab with an experiment that stops at a known point: a program that it calls, in
# $stopper, says so and waits for ever.  Sets $lab, when it is there.
start_and_stop() {
	case $1 in
	mount | uts) stopper='readlink' ;;
	pivot) stopper='ls' ;;
	pid) stopper='ps' ;;
	esac
	rm -rf stop
	mkdir stop
	[ -p reached ] || mkfifo reached never
	# readlink -f is ns-lab's own
	cat >"stop/$stopper" <<-END
		#!/bin/sh
		[ "\$1" != -f ] || exec env PATH="$PATH" readlink "\$@"
		echo here >$work/reached
		read -r never <$work/never
	END
	chmod +x "stop/$stopper"
	# shellcheck disable=SC2016 # for that shell
	sh -c 'echo $$ >lab.pid
		exec env --default-signal PATH="$0:$PATH" setsid ns-lab run "$@" >out 2>err' \
		"$work/stop" "$1" uts 8>reached & # 8: what is read ends with it
	read -r here <reached
	lab=$(cat lab.pid)
	assertEquals "$1 has been stopped" here "$here"
}

has_ended() {
	! grep -Eqs '^State:[[:space:]]*[^Z]' "/proc/$lab/status"
}

# interrupt SIGNAL WHOM: and what becomes of ns-lab then.
interrupt() {
	kill -s "$1" -- "$2"
	eventually has_ended || kill -KILL "$lab"
	rc=0
	wait $! || rc=$?
	out=$(cat out) err=$(cat err)
	lab=
}

test_a_signal_ends_it_and_leaves_nothing() {
	before=$(state)
	for name in $EXPERIMENTS; do
		for signal in INT:130 TERM:143 HUP:129; do
			start_and_stop "$name"
			interrupt "${signal%:*}" "$lab"
			assert_rc "${signal#*:}"
			assert_nothing_left
		done
	done
	assertEquals "$before" "$(state)"
}

test_ctrl_c_ends_it_and_leaves_nothing() {
	before=$(state)
	for name in $EXPERIMENTS; do
		start_and_stop "$name"
		interrupt INT "-$lab" # the terminal sends it to the whole group
		assert_rc 130
		assert_nothing_left
	done
	start_and_stop pid
	interrupt QUIT "-$lab"
	assert_rc 131
	assert_nothing_left
	assertEquals "$before" "$(state)"
}

# A comment '.\" $ COMMAND' before an .It of DIAGNOSTICS prints that message.
test_commands_of_diagnostics_print_their_messages() {
	ln -s "$BUILD" build
	cp -R "$TOP/data" data
	sed -n '/^\.Sh DIAGNOSTICS/,/^\.Sh SEE/{ s/^\.\\" \$ //p; s/^\.It //p; }' "$TOP/man/ns-lab.1" |
		sed "s/\\\\(aq/'/g" >lines
	ran=0
	while IFS= read -r line <&8; do
		case $line in *ns-lab\ * | ns-lab) command=$line && continue ;; esac
		[ -n "$command" ] || continue # no command makes this happen
		run sh -c "$command"
		assert_rc 125
		assert_line "$err" "ns-lab: $line"
		command=
		ran=$((ran + 1))
	done 8<lines
	assertEquals 'commands' "$(grep -c '^\.\\" \$' "$TOP/man/ns-lab.1")" $ran
	assertTrue "$ran commands" "[ $ran -gt 10 ]"
	rm build
}

test_the_experiments_messages_are_in_the_manual() {
	sed "s/\\\\(aq/'/g" "$TOP/man/ns-lab.1" >manual
	for name in $EXPERIMENTS; do
		sed -n "s/.*could_not ['\"]\(.*\)['\"]\$/\1/p" "$TOP/data/lab/$name" >messages
		while IFS= read -r text <&8; do
			assert_line "$(cat manual)" ".It $name: $text"
		done 8<messages
	done
	assertEquals 'those of pid' 4 "$(wc -l <messages)"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
