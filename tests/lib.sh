# SPDX-License-Identifier: ISC
# Sourced first by every tests/NAME_test.sh; shunit2 ('. "$SHUNIT2"') comes last there.
# shellcheck shell=sh disable=SC2034 # what is set here is for the tests
#
# Set by tests/run: NS_TEST_MODE (root or user), TOP (the tree), BUILD (the tools
# and build/rootfs), SHUNIT2.  The tools are first in PATH.

: "${NS_TEST_MODE:?run this through tests/run}" "${TOP:?}" "${BUILD:?}" "${SHUNIT2:?}"

# What a chain starts with so that it may make namespaces: nothing as root.
case $NS_TEST_MODE in
root) ns= ;;
*) ns=ns-user ;;
esac

# run COMMAND [ARG]...: sets rc, out and err (files of the same names are in $work).
run() {
	rc=0
	"$@" >"$work/out" 2>"$work/err" || rc=$?
	out=$(cat "$work/out") err=$(cat "$work/err")
	case $err in # AddressSanitizer's own, where there is no /proc
	*'WARNING: reading executable name failed'* | *'WARNING: ASan is ignoring requested'*)
		sed -i -E '/^==[0-9]+==WARNING: (reading executable name failed|ASan is ignoring requested)/d
			/^False positive error reports may follow$/d
			/^For details see https:.*sanitizers/d' "$work/err"
		err=$(cat "$work/err")
		;;
	esac
}

# is_before VERSION: whether the kernel is older than that.
is_before() {
	kernel=$(uname -r)
	[ "$(printf '%s\n' "$1" "${kernel%%[!0-9.]*}" | sort -V | head -n 1)" != "$1" ]
}

# before VERSION: 'before 5.12 && return' in a test of what older kernels do not have.
before() {
	is_before "$1" && skip "Linux before $1"
}

# sanitized: 'sanitized && return' in a test that cannot work with sanitizers (SANITIZED=yes).
sanitized() {
	[ -n "${SANITIZED-}" ] && skip 'the sanitizers make system calls of their own'
}

# The status of the last run; its messages when it is another one.
assert_rc() {
	assertEquals "status; stderr: $err; stdout: $out" "$1" "$rc"
}

# assert_line TEXT LINE: one line of TEXT is LINE.
assert_line() {
	printf '%s\n' "$1" | grep -Fxq -- "$2"
	assertEquals "no line '$2' in: $1" 0 $?
}

# assert_has TEXT PART: TEXT contains PART, which is not empty.
assert_has() {
	case $2 in '') fail 'assert_has: empty needle' ;; esac
	case $1 in
	*"$2"*) assertTrue 0 ;;
	*) fail "no '$2' in: $1" ;;
	esac
}

assert_has_not() {
	case $1 in
	*"$2"*) fail "'$2' in: $1" ;;
	*) assertTrue 0 ;;
	esac
}

# assert_usage WORD COMMAND [ARG]...: a usage mistake: 125, one line that names WORD, the pointer
# to --help, nothing on stdout.
assert_usage() {
	word=$1
	shift
	run "$@"
	assert_rc 125
	assertEquals "stdout of $*" '' "$out"
	assertEquals "lines of: $err" 2 "$(printf '%s\n' "$err" | wc -l | tr -d ' ')"
	assert_has "$(printf '%s\n' "$err" | head -n 1)" "$word"
	assertEquals "Try '$1 --help' for more information." "$(printf '%s\n' "$err" | tail -n 1)"
}

# eventually COMMAND [ARG]...: repeats it until it succeeds, at most 10 seconds.
eventually() {
	deadline=$(($(date +%s) + 10))
	until "$@"; do
		[ "$(date +%s)" -lt "$deadline" ] || return 1
	done
}

# gone PID: no such process, not even a zombie.
gone() {
	! [ -e "/proc/$1" ]
}

# skip REASON: 'skip "no veth" && return' in a test that cannot run here.  tests/run counts it.
skip() {
	printf 'SKIP %s: %s\n' "${_shunit_test_:-${0##*/}}" "$1" >&3
	assertTrue 0
}

# A folder for each test, removed behind it; tests that make something else use it, too.
setUp() {
	work=$(mktemp -d "${TMPDIR:-/tmp}/ns-test.XXXXXX")
	cd "$work" || exit 1
	asserted=${__shunit_assertsTotal-}
	if command -v set_up >/dev/null; then set_up; fi
}

tearDown() {
	# a test that asserts nothing passes with shunit2; it counts them in a variable of its own
	[ -z "$work" ] || [ "$asserted" != "${__shunit_assertsTotal-}" ] || fail 'nothing was asserted'
	if command -v tear_down >/dev/null; then tear_down; fi
	cd / || exit 1
	[ -z "${work-}" ] || rm -rf "$work"
	work=
}
