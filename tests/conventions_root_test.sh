#!/bin/sh
# SPDX-License-Identifier: ISC
# What every tool promises: what only root can test.
# shellcheck disable=SC2016 # the inner shells' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

TOOLS= # all that are compiled
for tool in "$BUILD"/ns-*; do
	case $tool in */ns-lab) ;; *) TOOLS="$TOOLS ${tool##*/}" ;; esac
done
# The user and group 54321.
as_user='setpriv --reuid 54321 --regid 54321 --clear-groups'

set_up() {
	chmod 755 "$work"
}

# refused TOOL: the copy of that name refuses to run, whatever it is asked.
refused() {
	for option in '' --help --version; do
		# shellcheck disable=SC2086 # words
		run $as_user "$work/$1" $option
		assert_rc 125
		assertEquals '' "$out"
		assertEquals "$1: refusing to run set-user-ID, set-group-ID or with file capabilities" \
			"$err"
	done
}

test_a_set_uid_copy_is_refused() {
	for tool in $TOOLS; do
		cp "$BUILD/$tool" .
		chmod 4755 "$tool"
		refused "$tool"
		# root itself gains nothing by it
		run "./$tool" --version
		assert_rc 0
		chmod 755 "$tool"
		run $as_user "./$tool" --version
		assert_rc 0
	done
}

test_a_set_gid_copy_is_refused() {
	for tool in $TOOLS; do
		cp "$BUILD/$tool" .
		chmod 2755 "$tool"
		refused "$tool"
	done
}

test_a_copy_with_file_capabilities_is_refused() {
	for tool in $TOOLS; do
		cp "$BUILD/$tool" .
		"$BUILD/helpers/odd-file" capable "$tool"
		refused "$tool"
	done
}

test_a_set_uid_command_keeps_its_privilege() {
	cp "$(command -v id)" .
	chmod 4755 id
	run $as_user "$work/id" -u
	assertEquals 0 "$out"
	cp "$BUILD/ns-uts" .
	run $as_user ./ns-uts -k ./id -u
	assert_rc 0
	assertEquals 0 "$out"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
