#!/bin/sh
# SPDX-License-Identifier: ISC
# The experiments of ns-lab beyond the article's four
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

EXPERIMENTS='ipc join propagation user net cgroup time sandbox'

set_up() {
	mkdir tmp
	export TMPDIR="$work/tmp" NS_LAB_MARK="$work"
	unset NS_LAB_DATA NS_LAB_ROOTFS NS_LAB_WITHOUT NS_EXPLAIN
}

tear_down() {
	unset TMPDIR NS_LAB_MARK
}

# What an experiment must leave as it was: names, mounts, interfaces, System V objects, cgroups.
state() {
	cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname /proc/self/mountinfo \
		/proc/sysvipc/msg /proc/sysvipc/sem /proc/self/cgroup
	sed 's/:.*//' /proc/net/dev
	wc -l </proc/sysvipc/shm
}

assert_nothing_left() {
	assertEquals 'temporary files' '' "$(ls -A tmp)"
	run env -u NS_LAB_MARK sh -c "grep -lzs '^NS_LAB_MARK=$work\$' /proc/[0-9]*/environ"
	assertEquals 'processes' '' "$(printf '%s\n' "$out" | grep -v "^/proc/$$/")"
}

# part FROM: the lines of $out behind the heading FROM, to the next one, or the verdict.
part() {
	printf '%s\n' "$out" | awk -v from="=== $1 ===" '
		/^===/ || /^[a-z]*: (NOT )?as expected: / { on = 0 } on; $0 == from { on = 1; n++ } END { exit !n }'
	assertEquals "heading '$1'" 0 $?
}

# lab NAME: runs it, and it is as expected.
lab() {
	run ns-lab run "$1"
	assert_rc 0
	assertEquals '' "$err"
	assert_has "$(tail -n 1 out)" "$1: as expected: "
}

# after TEXT COMMAND: the answer to the command
after() {
	printf '%s\n' "$1" | awk -v command="+ $2" '/^[+] / { on = 0 } on; $0 == command { on = 1 }'
}

# A folder of links to what every system has.
minimal_path() {
	mkdir -p path
	for program in awk cat chmod cp cut date grep head id ln ls mkdir mkfifo mktemp od readlink rm \
		rmdir sed sh sleep sort stat touch tr; do
		ln -s "$(command -v $program)" path/
	done
	ln -s "$(command -v chown)" path/
}

test_ipc_shows_what_is_made_inside_there_only() {
	before=$(state)
	lab ipc
	inside=$(part 'new ipc namespace process') outside=$(part 'old namespace process')
	if grep -q 'mqueue$' /proc/filesystems; then
		assertEquals made-inside "$(after "$inside" 'ls /dev/mqueue')"
		assertEquals made-outside "$(after "$outside" 'ls /dev/mqueue')"
	fi
	if command -v ipcmk >/dev/null; then
		assertEquals 3 "$(printf '%s\n' "$inside" | grep -c ' id: 0$')"
		assertEquals 3 "$(printf '%s\n' "$inside" | grep -c '^0x')"
	fi
	assertEquals 0 "$(printf '%s\n' "$outside" | grep -c '^0x')"
	assertEquals "$before" "$(state)"
}

test_join_enters_all_eight_and_goes_back_by_a_descriptor() {
	lab join
	assertEquals 8 "$(part 'the two sides' | grep -c ' different$')"
	inside=$(part 'process that has joined')
	assertEquals 8 "$(printf '%s\n' "$inside" | grep -c ' same$')"
	assertEquals sandbox "$(after "$inside" 'cat /proc/sys/kernel/hostname')"
	assertEquals made-inside "$(after "$inside" 'ls tmp')"
	outside=$(part 'old namespace process')
	assertEquals '' "$(after "$outside" 'ls tmp')"
	name=$(cat /proc/sys/kernel/hostname)
	assertEquals "$name" "$(after "$outside" 'cat /proc/sys/kernel/hostname')"
	back=$(part 'process that has joined all but the user namespace, and goes back')
	assertEquals "sandbox
$name" "$(after "$back" 'cat /proc/sys/kernel/hostname')"
	assert_has "$(part 'process that has joined all, and goes back')" 'Operation not permitted'
}

test_propagation_is_as_in_the_table() {
	lab propagation
	table=$(part both | tr -s ' ')
	assert_line "$table" 'shared yes yes yes'
	assert_line "$table" 'slave no yes yes'
	assert_line "$table" 'private no no yes'
	if command -v mount >/dev/null; then
		assert_line "$table" 'unbindable no no no'
		assert_has "$(part 'new mount namespace process, unbindable')" ' unbindable - '
	fi
	assert_has "$(part 'new mount namespace process, shared')" ' shared:'
	assert_has "$(part 'new mount namespace process, slave')" ' master:'
	assertEquals a "$(after "$(part 'new mount namespace process, slave')" 'ls slave/outside')"
	assertEquals '' "$(after "$(part 'old namespace process, slave')" 'ls slave/inside')"
}

test_user_is_root_inside_and_nobody_in_particular_outside() {
	lab user
	inside=$(part 'new user namespace process') outside=$(part 'old namespace process')
	assertEquals 0 "$(after "$inside" 'id -u')"
	assertEquals 1000 "$(after "$outside" 'id -u')"
	assertEquals ' 0 1000 1' "$(after "$inside" 'cat /proc/self/uid_map' | tr -s ' ')"
	assertEquals '0 0 made-inside' "$(after "$inside" 'stat -c %u %g %n made-inside')"
	assertEquals '1000 1000 made-inside' "$(after "$outside" 'stat -c %u %g %n made-inside')"
	assert_line "$inside" new-hostname
	assert_has "$(after "$inside" 'chown 1:1 made-inside')" 'Invalid argument'
	assert_has "$outside" 'CapEff:	0000000000000000'
}

test_net_has_loopback_only_and_a_cable() {
	before=$(state)
	lab net
	inside=$(part 'new net namespace process') outside=$(part 'old namespace process')
	interfaces='sed -n s/^ *\\([^ :]*\\):.*/\\1/p /proc/net/dev'
	assert_line "$(after "$inside" "$interfaces")" lo
	assertEquals "$(sed -n 's/^ *\([^ :]*\):.*/\1/p' /proc/net/dev)" "$(after "$outside" "$interfaces")"
	assert_has "$inside" '127.0.0.1'
	if command -v bash >/dev/null; then
		assert_has "$inside" 'Connection refused'
		down=$(part 'new net namespace process, with loopback down at first')
		assert_has "${down%%+ ns-net*}" 'Network is unreachable'
		assert_has "${down#*+ ns-net}" 'Connection refused'
	fi
	assertEquals "$before" "$(state)"
}

test_net_lays_a_cable_to_a_second_namespace() {
	PATH=$PATH:/usr/sbin:/sbin command -v ip >/dev/null || { skip 'no ip' && return; }
	lab net
	cable=$(part 'both new net namespaces')
	assert_line "$cable" cable0
	assert_line "$cable" cable1
	assert_has "$(tail -n 1 out)" 'the other end of a cable: answers'
}

test_cgroup_is_the_root_inside_and_nothing_has_moved() {
	before=$(state)
	lab cgroup
	inside=$(part 'new cgroup namespace process') outside=$(part 'old namespace process')
	assertEquals / "$(after "$inside" 'cat /proc/self/cgroup' | cut -d: -f3 | sort -u)"
	assertEquals "$(cat /proc/self/cgroup)" "$(after "$outside" 'cat /proc/self/cgroup')"
	assertEquals "$before" "$(state)"
}

test_time_moves_the_uptime_and_not_the_wall_clock() {
	lab time
	inside=$(after "$(part 'new time namespace process')" 'cat /proc/uptime')
	outside=$(after "$(part 'old namespace process')" 'cat /proc/uptime')
	moved=$((${inside%%.*} - ${outside%%.*}))
	assertTrue "moved by $moved" "[ $moved -le 1000000 ] && [ $moved -gt 999980 ]"
	assert_has "$(tail -n 1 out)" 'the wall clock is the same'
}

test_sandbox_is_apart_in_every_way() {
	lab sandbox
	inside=$(part 'process in the sandbox') outside=$(part 'old namespace process')
	assertEquals 8 "$(part 'the two sides' | grep -c ' different$')"
	devices=$(for device in full null random tty urandom zero; do
		[ ! -c /dev/$device ] || echo $device
	done)
	assertEquals "$devices" "$(after "$inside" 'ls /dev')"
	assertEquals made-inside "$(after "$inside" 'ls /tmp')"
	assert_has "$inside" 'Read-only file system'
	assert_has "$inside" 'No space left on device'
	assertEquals sandbox "$(after "$inside" 'cat /proc/sys/kernel/hostname')"
	assertEquals "$(cat /proc/sys/kernel/hostname)" "$(after "$outside" 'cat /proc/sys/kernel/hostname')"
	assert_has "$(part 'time of one run')" 'ns-tools: '
	assert_nothing_left
}

test_the_time_is_not_judged() {
	# a bubblewrap that fails, and a clock that knows no nanoseconds
	mkdir bin
	printf '#!/bin/sh\nexit 1\n' >bin/bwrap
	chmod +x bin/bwrap
	PATH="$work/bin:$PATH" lab sandbox
	assert_line "$out" 'bubblewrap: unknown: it fails'
	printf '#!/bin/sh\necho 1N\n' >bin/date
	chmod +x bin/date
	PATH="$work/bin:$PATH" lab sandbox
	assert_line "$out" 'ns-tools: unknown'
}

test_a_minimal_system_will_do() {
	minimal_path
	for name in $EXPERIMENTS; do
		run env PATH="$work/path" "$BUILD/ns-lab" run "$name"
		assert_rc 0
		assertEquals "$name" '' "$err"
		assert_has "$(tail -n 1 out)" "$name: as expected: "
		case $name in
		ipc) assert_line "$out" '+ cat /proc/sysvipc/msg' ;;
		net) assert_has_not "$out" '+ bash' ;;
		propagation) assert_has_not "$out" unbindable ;;
		esac
	done
}

test_explained_calls_do_not_change_what_is_seen() {
	for name in $EXPERIMENTS; do
		run ns-lab -x run "$name"
		assert_rc 0
		assert_has "$err" ' = 0'
		assert_has "$(tail -n 1 out)" "$name: as expected: "
	done
}

test_a_tool_that_fails_makes_none_as_expected() {
	# a private copy of the tools, each without effect
	mkdir tools
	cp "$BUILD"/ns-* tools/
	export NS_LAB_DATA="$TOP/data" NS_LAB_ROOTFS="$BUILD/rootfs"
	for tool in ipc:ipc join:join net:net cgroup:cgroup time:time tmpfs:sandbox show:join; do
		mv "tools/ns-${tool%:*}" tools/kept
		printf '#!/bin/sh\nexit 125\n' >"tools/ns-${tool%:*}"
		chmod +x "tools/ns-${tool%:*}"
		run timeout 20 tools/ns-lab run "${tool#*:}"
		assertTrue "$tool: status $rc" "[ $rc = 1 ] || [ $rc = 125 ]"
		assert_has_not "$out" ': as expected'
		mv tools/kept "tools/ns-${tool%:*}"
	done
	unset NS_LAB_DATA NS_LAB_ROOTFS
	assert_nothing_left
}

test_a_signal_ends_each_and_leaves_nothing() {
	before=$(state)
	mkdir bin
	mkfifo reached never
	cat >bin/readlink <<-END
		#!/bin/sh
		[ "\$1" != -f ] || exec env PATH="$PATH" readlink "\$@"
		echo here >$work/reached
		read -r never <$work/never
	END
	chmod +x bin/readlink
	for name in ipc join user net cgroup time; do
		env PATH="$work/bin:$PATH" ns-lab run "$name" >out 2>err 8<>reached &
		lab=$!
		read -r here <reached
		kill -TERM "$lab"
		rc=0
		wait "$lab" || rc=$?
		out=$here err=$(cat err)
		assert_rc 143
		assert_nothing_left
	done
	assertEquals "$before" "$(state)"
}

test_the_messages_are_in_the_manual() {
	sed "s/\\\\(aq/'/g" "$TOP/man/ns-lab.1" >manual
	for name in $EXPERIMENTS; do
		sed -n "s/.*could_not ['\"]\(.*\)['\"]\$/\1/p" "$TOP/data/lab/$name" >messages
		while IFS= read -r text <&8; do
			assert_line "$(cat manual)" ".It $name: $text"
		done 8<messages
		assertEquals "$name in the manual" 1 "$(grep -c "^\.It Cm $name\$" manual)"
		assert_has "$(ns-lab list)" "$(sed -n "s/^# $name: //p" "$TOP/data/lab/$name")"
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
