#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-uts
# shellcheck disable=SC2016 # the inner shells' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	tab=$(printf '\t')
	before=$(cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname)
	name64=$(printf '%064d' 0 | tr 0 a)
}

tear_down() {
	assertEquals 'names outside' "$before" \
		"$(cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname)"
}

unprivileged() {
	case $NS_TEST_MODE in
	root) setpriv --bounding-set -sys_admin "$@" ;;
	*) "$@" ;;
	esac
}

# assert_names HOST DOMAIN: the last run was that of -s, and said these.
assert_names() {
	assert_rc 0
	assertEquals "hostname$tab$1
nisdomain$tab$2" "$out"
}

test_sets_both_names_inside_only() {
	run $ns ns-uts -n new-hostname -d new-domainname ns-uts -s
	assert_names new-hostname new-domainname
	run $ns ns-uts --hostname=new-hostname --domainname=new-domainname ns-uts --show
	assert_names new-hostname new-domainname
	run $ns ns-uts -n h -d d cat /proc/sys/kernel/hostname /proc/sys/kernel/domainname
	assertEquals 'h
d' "$out"
}

test_sets_one_name_and_leaves_the_other() {
	domain=$(cat /proc/sys/kernel/domainname)
	run $ns ns-uts -n only -s
	assert_names only "$domain"
	run $ns ns-uts -d only -s
	assert_names "$(cat /proc/sys/kernel/hostname)" only
}

test_show_alone_needs_no_privilege_and_changes_nothing() {
	run ns-uts -s
	assert_names "$(cat /proc/sys/kernel/hostname)" "$(cat /proc/sys/kernel/domainname)"
}

test_show_after_setting_is_of_the_new_namespace() {
	run $ns ns-uts -n shown -d zone -s
	assert_names shown zone
}

test_a_new_namespace_without_names_is_a_copy() {
	run $ns ns-uts readlink /proc/self/ns/uts
	assert_rc 0
	assert_has "$out" 'uts:['
	assertNotEquals "$(readlink /proc/self/ns/uts)" "$out"
	run $ns ns-uts -n outer -d zone ns-uts ns-uts -s
	assert_names outer zone
}

test_keep_acts_in_the_current_namespace() {
	run $ns ns-uts -n one -d two sh -c '
		before=$(readlink /proc/self/ns/uts)
		ns-uts -k -n three && ns-uts --keep --domainname=four || echo failed
		[ "$(ns-uts -k readlink /proc/self/ns/uts)" = "$before" ] || echo other
		ns-uts -s'
	assert_names three four
	assertEquals '' "$err"
}

test_keep_with_command_runs_it() {
	run $ns ns-uts -n one ns-uts -k -n two sh -c 'cat /proc/sys/kernel/hostname; exit 3'
	assert_rc 3
	assertEquals two "$out"
}

test_keep_leaves_the_names_as_they_were_when_command_does_not_start() {
	run $ns ns-uts -n one -d two sh -c '
		ns-uts -k -n three -d four ./no-such-command; echo $?
		ns-uts -k -n three . ; echo $?
		ns-uts -s'
	assert_rc 0
	assertEquals "127
126
hostname${tab}one
nisdomain${tab}two" "$out"
	run ns-uts -k -x ./no-such-command
	assert_rc 127
	assert_has_not "$err" 'sethostname('
	assert_has_not "$err" 'setdomainname('
}

test_keep_without_anything_succeeds_silently() {
	run ns-uts -k
	assert_rc 0
	assertEquals '' "$out$err"
}

test_keep_and_show_together() {
	run $ns ns-uts -n one -d two ns-uts -k -n three -s
	assert_names three two
}

test_names_of_one_and_of_64_bytes() {
	run $ns ns-uts -n "$name64" -d "$name64" -s
	assert_names "$name64" "$name64"
	run $ns ns-uts -n a -d b -s
	assert_names a b
}

test_names_with_odd_but_allowed_bytes() {
	odd=$(printf 'a b/\303\251\\\047.\200')
	run $ns ns-uts -n "$odd" -s
	assert_rc 0
	assert_line "$out" "hostname$tab$odd"
}

test_the_last_name_counts() {
	run $ns ns-uts -n one -n two -d three -d four -s
	assert_names two four
}

test_refuses_empty_names() {
	assert_usage "host name is empty: ''" ns-uts -n ''
	assert_usage "host name is empty: ''" ns-uts --hostname= true
	assert_usage "NIS domain name is empty: ''" ns-uts -d ''
	assert_usage "NIS domain name is empty: ''" ns-uts --domainname= true
}

test_refuses_names_of_65_bytes() {
	assert_usage "host name is longer than 64 bytes: '${name64}b'" ns-uts -n "${name64}b"
	assert_usage "NIS domain name is longer than 64 bytes: '${name64}b'" \
		ns-uts -d "${name64}b"
	assert_usage "longer than 64 bytes" ns-uts -n "$(printf '%0100000d' 0)"
}

test_refuses_control_characters() {
	assert_usage "host name has a control character: 'a\\012b'" ns-uts -n 'a
b'
	assert_usage "NIS domain name has a control character: 'a\\011'" ns-uts -d "a$tab"
	assert_usage "'\\177'" ns-uts -n "$(printf '\177')"
	assert_usage "'\\001'" ns-uts -d "$(printf '\001')"
	assert_usage "'\\033[1m'" ns-uts -n "$(printf '\033[1m')"
}

test_a_bad_second_name_leaves_the_first_unset() {
	run $ns ns-uts -n was -d was sh -c 'ns-uts -k -n new -d ""; echo $?; ns-uts -s'
	assertEquals "125
hostname${tab}was
nisdomain${tab}was" "$out"
}

test_usage_mistakes() {
	assert_usage "--show takes no COMMAND: 'true'" ns-uts -s true
	assert_usage "option '-n' requires an argument" ns-uts -n
	assert_usage "option '--domainname' requires an argument" ns-uts --domainname
	assert_usage "unknown option '-q'" ns-uts -q
	assert_usage "unknown option '--no-such'" ns-uts --no-such
	assert_usage "option '--keep' does not take an argument: '--keep=1'" ns-uts --keep=1
}

test_without_privilege_the_hint_says_what_is_missing() {
	run unprivileged ns-uts -n x true
	assert_rc 125
	assertEquals "ns-uts: cannot make a new uts namespace: Operation not permitted
ns-uts: hint: CAP_SYS_ADMIN is missing in the current user namespace: run it as root, or under ns-user" \
		"$err"
}

test_keep_in_a_foreign_namespace_names_the_name_and_the_cause() {
	run ns-user ns-uts -k -n x true
	assert_rc 125
	assertEquals "ns-uts: cannot set host name to 'x': Operation not permitted
ns-uts: hint: the current UTS namespace belongs to a parent user namespace: leave out -k for one of your own" \
		"$err"
	run ns-user ns-uts -k -d 'y z'
	assert_rc 125
	assert_has "$err" "ns-uts: cannot set NIS domain name to 'y z': Operation not permitted"
}

test_the_limit_is_named() {
	run ns-user sh -c 'echo 0 >/proc/sys/user/max_uts_namespaces; ns-uts true'
	assert_rc 125
	assertEquals "ns-uts: cannot make a new uts namespace: No space left on device
ns-uts: hint: the limit user.max_uts_namespaces is 0" "$err"
	run ns-user sh -c 'echo 1 >/proc/sys/user/max_uts_namespaces; ns-uts ns-uts true'
	assert_rc 125
	assert_has "$err" 'hint: no disk is full: the limit user.max_uts_namespaces is reached'
}

# shellcheck source=/dev/null
. "$SHUNIT2"
