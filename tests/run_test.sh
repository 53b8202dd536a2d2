#!/bin/sh
# SPDX-License-Identifier: ISC
# tests/run itself: that it cannot be fooled.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	mkdir -p tree/tests tree/build/tools/bin
	cp "$TOP/tests/run" "$TOP/tests/lib.sh" tree/tests
	cp "$SHUNIT2" tree/build/tools/bin
	chmod 755 .
}

# with FILE LINE...: a file of tests.  T_ at the beginning of a line stands for the word that
# shunit2 looks for, or it would find it here.
with() {
	name=$1
	shift
	{
		echo '. "${0%/*}/lib.sh"'
		printf '%s\n' "$@" | sed 's/^T_/test_/'
		echo '. "$SHUNIT2"'
	} >"tree/tests/$name"
}

runner() {
	run env -u NS_TEST_MODE -u LOGS -u TOP -u BUILD TMPDIR="$work" "$@" sh "${tree:-tree}/tests/run"
	last=$(printf '%s\n' "$out" | tail -n 1)
}

# assert_fails_with WHAT [ARG]...: the runner fails, and says WHAT.
assert_fails_with() {
	what=$1
	shift
	runner "$@"
	assert_rc 1
	assert_has "$out" "$what"
	assert_has_not "$last" ' 0 failed'
}

# as_root N M: N as root, where all runs twice, else M.
as_root() {
	if [ "$NS_TEST_MODE" = root ]; then echo "$1"; else echo "$2"; fi
}

test_counts_what_passes_and_what_is_skipped() {
	with a_test.sh 'T_a() { assertTrue 0; }' 'T_b() { skip "no b" && return; }'
	runner
	assert_rc 0
	assertEquals "$(as_root '2 passed, 0 failed, 2 skipped' '1 passed, 0 failed, 1 skipped')" "$last"
	assert_has "$out" 'SKIP test_b: no b'
}

test_a_test_that_hangs_fails_the_run() {
	mkfifo -m 666 hang
	with a_test.sh 'T_a() { sh -c "read -r x <$hang"; assertTrue 0; }'
	assert_fails_with 'left behind: ns-test.' hang="$work/hang" NS_TEST_LIMIT=1 timeout 60
	: <>hang # ends those that are left
}

test_runs_in_a_folder_of_any_name() {
	with a_test.sh 'T_a() { assertTrue 0; }'
	mv tree 'a "tree" of mine'
	tree='a "tree" of mine' runner
	assert_rc 0
}

test_a_failing_test_fails_the_run() {
	with a_test.sh 'T_a() { assertTrue 1; }' 'T_b() { assertTrue 0; }'
	assert_fails_with '1 of 2 tests failed'
}

test_a_test_that_asserts_nothing_fails() {
	with a_test.sh 'T_a() { true; }' 'T_b() { assertTrue 0; }'
	assert_fails_with '1 of 2 tests failed'
	assert_has "$out" 'nothing was asserted'
}

test_an_assertion_in_a_subshell_counts() {
	with a_test.sh 'T_a() { (assertTrue 1); assertTrue 0; }'
	assert_fails_with '1 of 1 tests failed'
}

test_a_file_that_ends_early_fails() {
	with a_test.sh 'T_a() { assertTrue 0; }' 'exit 0'
	assert_fails_with 'ran 0 tests, defined are 1'
}

test_a_test_that_exits_fails() {
	with a_test.sh 'T_a() { exit 0; }' 'T_b() { assertTrue 0; }'
	assert_fails_with 'FAIL'
}

test_a_file_without_tests_fails() {
	with a_test.sh 'a() { assertTrue 0; }'
	assert_fails_with 'defined are 0'
}

test_two_tests_of_the_same_name_fail() {
	with a_test.sh 'T_a() { assertTrue 1; }' 'T_a() { assertTrue 0; }'
	assert_fails_with 'ran 2 tests, defined are 1'
}

test_a_forged_result_fails() {
	with a_test.sh 'T_a() { assertTrue 0; }' 'echo; echo "Ran 1 test."; echo; echo OK'
	assert_fails_with 'FAIL'
}

test_a_runner_that_dies_fails() {
	with a_test.sh 'T_a() { kill -9 $(cut -d " " -f 4 /proc/$PPID/stat); }'
	assert_fails_with 'a: no result'
}

test_a_process_left_behind_fails() {
	# it ends with the file that it waits for
	with a_test.sh 'T_a() { tail -f --pid='$$' /dev/null >/dev/null 2>&1 3>&1 & echo $! >>'"$work/left"'; assertTrue 0; }'
	runner
	xargs kill <left 2>/dev/null
	assert_rc 1
	assert_has "$out" 'left behind: tail -f'
}

test_a_file_left_behind_fails() {
	with a_test.sh 'T_a() { : >"$TMPDIR/odd"; assertTrue 0; }'
	assert_fails_with 'left behind: odd'
}

test_no_tests_at_all_fail() {
	assert_fails_with 'no test'
}

test_the_environment_does_not_fool_it() {
	with a_test.sh 'T_a() { assertTrue 1; }'
	mkdir logs
	runner LOGS="$work/logs" NS_TEST_MODE=user NS_TEST_MARK=x
	assert_rc 1
}

test_what_fails_for_the_user_only_fails_the_run() {
	with a_test.sh 'T_a() { assertEquals '"$(as_root root other)"' $NS_TEST_MODE; }'
	assert_fails_with 'FAIL user a: 1 of 1 tests failed'
}

# shellcheck source=/dev/null
. "$SHUNIT2"
