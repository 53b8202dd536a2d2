#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-lab claims: every claim on this kernel, and that each can fail
# shellcheck disable=SC2013,SC2016 # words in lines; for the checks
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	mkdir tmp
	export TMPDIR="$work/tmp"
	unset NS_LAB_DATA NS_LAB_ROOTFS NS_LAB_WITHOUT NS_EXPLAIN
}

tear_down() {
	unset TMPDIR NS_LAB_DATA
}

# The IDs in the order of the sections.
ids() {
	for section in $(sed -n "s/^CLAIMS='\(.*\)'/\1/p" "$TOP/cmd/ns-lab"); do
		sed -nE 's/^# ([A-Z]+-[0-9]+) (holds|refuted|skipped): .*/\1/p' "$TOP/data/lab/claims/$section"
	done
}

# state: what no check may change.
state() {
	cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname /proc/self/mountinfo \
		/proc/sysvipc/*
	ls /sys/class/net
}

# sections CLAIM...: a copy of the data with one section, made of these.
sections() {
	mkdir -p data/lab/claims
	cp "$TOP/data/lab/lib.sh" data/lab
	cp "$TOP/data/lab/claims/run" "$TOP/data/lab/claims/read" data/lab/claims
	for section in overview mount pivot uts pid later; do : >data/lab/claims/$section; done
	printf '%s\n' "$@" >data/lab/claims/uts
	export NS_LAB_DATA="$work/data"
}

test_every_claim_is_as_on_record() {
	before=$(state)
	run ns-lab claims
	assert_rc 0
	assertEquals '' "$err"
	assertEquals "$(ids)" "$(sed '$d' out | cut -d ' ' -f 2)"
	assertEquals '' "$(sed '$d' out | grep -vE '^(holds|refuted|skipped) [A-Z]+-[0-9]+ [^ ].*[^ ]$')"
	count() {
		grep -c "^$1 " out
	}
	assertEquals "$(count holds) hold, $(count refuted) refuted, 0 differ, $(count skipped) skipped" \
		"$(tail -n 1 out)"
	assertEquals "$before" "$(state)"
	assertEquals '' "$(ls -A tmp)"
	# what is skipped as root is skipped on record, which says why
	if [ "$NS_TEST_MODE" = root ]; then
		for id in $(sed -n 's/^skipped \([^ ]*\) .*/\1/p' out); do
			assertEquals "$id" 1 "$(cat "$TOP"/data/lab/claims/* | grep -c "^# $id skipped: ")"
		done
	fi
	assertEquals 'no reason' '' "$(grep '^skipped ' out | grep -v '(.*)$')"
}

test_every_claim_differs_in_its_wrong_world() {
	run env NS_LAB_WITHOUT=truth ns-lab claims
	assert_rc 1
	assertEquals '' "$err"
	assertEquals "$(ids)" "$(sed '$d' out | cut -d ' ' -f 2)"
	assertEquals '' "$(sed '$d' out | grep -v '^differs .*(record: [a-z]*, observed: [a-z]*)$' | grep -v ^skipped)"
	[ "$NS_TEST_MODE" != root ] || assertEquals "$(cd "$TOP/data/lab/claims" && cat ./* |
		grep -cE '^# [A-Z]+-[0-9]+ skipped: ')" "$(grep -c ^skipped out)"
}

test_numbers_have_no_gap() {
	for section in OV:36 MNT:36 PIV:24 UTS:29 PID:73 X:8; do
		assertEquals "$(seq -f "${section%:*}-%02g" "${section#*:}")" "$(ids | grep "^${section%:*}-")"
	done
	assertEquals 206 "$(ids | wc -l | tr -d ' ')"
}

test_an_id_or_a_prefix_selects() {
	run ns-lab claims OV-12
	assert_rc 0
	assertEquals 2 "$(wc -l <out | tr -d ' ')"
	assert_has "$out" 'refuted OV-12 the flag of a PID namespace is CLONE_NEWNET: it is CLONE_NEWPID'
	assert_line "$out" '0 hold, 1 refuted, 0 differ, 0 skipped'
	run ns-lab claims UTS-02 OV-1 UTS-01
	assert_rc 0
	assertEquals "$(ids | grep -E '^OV-1|^UTS-0[12]$')" "$(sed '$d' out | cut -d ' ' -f 2)"
	for word in OV-99 ov-12 '' OV-12x '*' 'OV-12 OV-13' -; do
		assert_usage "unknown claim '$word'" ns-lab claims OV-12 "$word"
	done
}

test_tap() {
	run ns-lab claims --tap OV-12 OV-22 UTS-01
	assert_rc 0
	assertEquals 1..3 "$(head -n 1 out)"
	assertEquals 'ok 1 - OV-12
ok 2 - OV-22
ok 3 - UTS-01' "$(sed 1d out | cut -d ' ' -f 1-4)"
	assertEquals ok "$(sed -n 's/ .* # SKIP$//p' out)"
	sections '# UTS-01 holds: no' 'UTS_01() {' 'expect false' '}'
	run ns-lab --tap claims -v
	assert_rc 1
	assertEquals '1..1
# NOT so: false
not ok 1 - UTS-01 no (record: holds, observed: refuted)' "$out"
}

test_verbose_shows_commands_calls_and_answers() {
	for option in -v --verbose --verb; do
		run ns-lab $option claims UTS-01
		assert_rc 0
		assert_has "$out" '+ ns-uts '
		assert_has "$out" 'ns-uts: unshare(CLONE_NEWUTS) = 0'
		assert_has "$out" 'so: '
	done
}

test_verbose_shows_words_as_a_shell_reads_them() {
	sections '# UTS-01 holds: it is so' 'UTS_01() {' "run sh -c 'echo \"\$0it'\\''s\"' '' [ ]" \
		"expect same \"\$out so\" \"it's so\"" '}'
	run ns-lab claims -v
	assert_rc 0
	assertEquals "+ sh -c 'echo \"\$0it'\\''s\"' '' [ ]
it's
so: same 'it'\\''s so' 'it'\\''s so'" "$(head -n 3 out)"
	sections '# UTS-01 holds: it is so' 'UTS_01() {' 'run ns-uts -n name uname -n' 'expect true' '}'
	run ns-lab claims -v
	assertEquals '+ ns-uts
ns-uts: unshare(CLONE_NEWUTS)
ns-uts: sethostname("name",
ns-uts: execve("
name' "$(head -n 5 out | sed -E 's/^(\+ ns-uts|ns-uts: unshare\(CLONE_NEWUTS\)|ns-uts: sethostname\("name",|ns-uts: execve\(").*/\1/')"
}

test_output_that_cannot_be_written_is_said_once() {
	for option in '' --tap -v; do
		rc=0
		# shellcheck disable=SC2086 # an option or none
		ns-lab claims $option UTS-01 >/dev/full 2>err || rc=$?
		assertEquals 125 $rc
		assertEquals 'ns-lab: cannot write to standard output' "$(grep -v '^ns-uts: ' err)"
	done
}

test_a_shell_says_nothing_of_who_is_killed_in_a_check() {
	command -v bash >/dev/null || { skip 'no bash' && return; }
	mkdir bash && ln -s "$(command -v bash)" bash/sh
	sections '# UTS-01 holds: it is so' 'UTS_01() {' 'run sh -c '"'kill -9 \$\$'" 'expect same "$status" 137' '}'
	run env PATH="$work/bash:$PATH" ns-lab claims
	assert_rc 0
	assertEquals '' "$err"
}

test_all_work_with_the_utilities_of_busybox() {
	busybox=$BUILD/rootfs/bin/busybox
	[ -x "$busybox" ] || { skip 'no static busybox' && return; }
	mkdir busybox
	for applet in $("$busybox" --list); do ln -s "$busybox" "busybox/$applet"; done
	run env PATH="$work/busybox:$PATH" ns-lab claims
	assertEquals '' "$err"
	assertEquals "$(ids)" "$(sed '$d' out | cut -d ' ' -f 2)"
	assertEquals '' "$(grep ^differs out)"
}

test_without_busybox_a_check_that_needs_it_is_skipped() {
	mkdir -p rootfs/bin
	run env NS_LAB_ROOTFS="$work/rootfs" ns-lab claims OV-09 OV-17 MNT-04 PID-11 PIV-19 X-03
	assertEquals 6 "$(grep -c '^skipped .*(there is no static busybox)$' out)"
}

test_an_interrupted_check_leaves_no_cgroup() {
	mkfifo made never
	sections '# UTS-01 holds: it is so' 'UTS_01() {' ". $work/data/lab/claims/overview" \
		'make_cgroup || cgroup=none' "echo \"\${cgroup##*/}\" >$work/made" "read -r _ <>$work/never" \
		'expect true' '}'
	cp "$TOP/data/lab/claims/overview" data/lab/claims
	ns-lab claims UTS-01 >out 2>err &
	lab=$!
	read -r name <made
	kill "$lab"
	wait "$lab"
	assertEquals 143 $?
	[ "$name" != none ] || [ "$NS_TEST_MODE" = root ] || return 0 # only root makes one
	[ "$name" != none ] || { skip 'no cgroups of version 2' && return; }
	mkdir tree
	run unshare -m sh -c 'mount -t cgroup2 none tree && find tree -name "$0"' "$name"
	assert_rc 0
	assertEquals '' "$out"
}

test_a_result_that_is_not_on_record_fails() {
	sections '# UTS-01 refuted: it is so: it is not' 'UTS_01() {' 'article true' 'expect false' '}' \
		'# UTS-02 refuted: it is so: it is not' 'UTS_02() {' 'article false' 'expect false' '}' \
		'# UTS-03 refuted: it is so: it is not' 'UTS_03() {' 'article false' 'expect true' '}' \
		'# UTS-04 holds: it is so,' '# as a whole' 'UTS_04() {' 'expect true' 'expect false' '}'
	run ns-lab claims
	assert_rc 1
	assertEquals 'differs UTS-01 it is so: it is not (record: refuted, observed: holds)
differs UTS-02 it is so: it is not (record: refuted, observed: neither)
refuted UTS-03 it is so: it is not
differs UTS-04 it is so, as a whole (record: holds, observed: refuted)
0 hold, 1 refuted, 3 differ, 0 skipped' "$out"
}

test_a_check_that_is_passed_over_fails_as_root_only() {
	sections '# UTS-01 holds: it is so' 'UTS_01() {' 'cannot "no reason"' '}'
	run ns-lab claims
	case $NS_TEST_MODE in
	root) assert_rc 1 ;;
	*) assert_rc 0 ;;
	esac
	assert_line "$out" 'skipped UTS-01 it is so (no reason)'
	sections '# UTS-01 holds: it is so' '# before 99.0: skipped' 'UTS_01() {' 'cannot "no reason"' '}'
	run ns-lab claims
	assert_rc 0
}

test_an_older_kernel_has_a_record_of_its_own() {
	sections '# UTS-01 holds: it is so' '# before 99.1: refuted' 'UTS_01() {' 'expect false' '}' \
		'# UTS-02 holds: it is so' '# before 2.6: refuted' 'UTS_02() {' 'expect true' '}'
	run ns-lab claims
	assert_rc 0
	assertEquals 'refuted UTS-01 it is so
holds UTS-02 it is so' "$(head -n 2 out)"
}

test_a_check_that_does_not_run_is_said() {
	sections '# UTS-01 holds: it is so' 'UTS_01() {' ':' '}' \
		'# UTS-02 holds: it is so' \
		'# UTS-03 holds: it is so' 'UTS_03() {' 'exit 125' '}'
	run ns-lab claims
	assert_rc 125
	assertEquals '0 hold, 0 refuted, 0 differ, 0 skipped' "$out"
	for id in UTS-01 UTS-02 UTS-03; do assert_line "$err" "ns-lab: could not check $id"; done
	assert_line "$err" 'ns-lab: UTS-01: the check expects nothing'
	assert_line "$err" 'ns-lab: UTS-02: there is no such check'
	assertEquals '' "$(ls -A tmp)"
}

test_nothing_gets_out_of_a_check() {
	sections '# UTS-01 holds: it is so' 'UTS_01() {' 'ns-uts -k -n got-out' \
		'ns-bindmount -k / .' 'sleep 1000 &' 'kill -TERM 0' 'kill -TERM -1' 'expect true' '}'
	before=$(state)
	run ns-lab claims
	assertEquals "$before" "$(state)"
	assertEquals '' "$(ls -A tmp)"
	assert_line "$err" 'ns-lab: could not check UTS-01'
}

test_the_manual_page_has_them_all() {
	page=$BUILD/man/ns-tools-claims.7
	assertEquals "$(ids)" "$(sed -n 's/^\.It \([A-Z]*-[0-9]*\) Pq Em [a-z]*$/\1/p' "$page")"
	sentence=$(cd "$TOP/data/lab/claims" && awk -f read -v ids=OV-12 overview | cut -f 5)
	assert_line "$(cat "$page")" "$sentence"
	command -v mandoc >/dev/null || { skip 'no mandoc' && return; }
	run mandoc -T lint -W warning "$page"
	assert_rc 0
}

. "$SHUNIT2"
