#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-net
# shellcheck disable=SC2016 # for inner shells
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	PATH=$BUILD/helpers:$PATH
	export PATH
}

tear_down() {
	PATH=${PATH#"$BUILD/helpers:"}
}

test_makes_a_new_network_namespace_only() {
	for type in cgroup ipc mnt pid uts; do
		run $ns ns-net readlink /proc/self/ns/$type
		assertEquals "$(readlink /proc/self/ns/$type)" "$out"
	done
	run $ns ns-net readlink /proc/self/ns/net
	assert_rc 0
	assert_has "$out" 'net:['
	assertNotEquals "$(readlink /proc/self/ns/net)" "$out"
}

test_loopback_is_up_and_answers_and_is_alone() {
	run $ns ns-net loopback
	assert_rc 0
	assertEquals 'lo
answers' "$out"
	# without it neither is so: what the test relies on
	run $ns unshare -n loopback
	assertEquals '' "$out"
}

test_no_route_leads_out() {
	run $ns ns-net cat /proc/net/route
	assert_rc 0
	assertEquals 'routes' 1 "$(wc -l <out | tr -d ' ')"
}

test_abstract_sockets_are_apart() {
	run $ns ns-net cat /proc/net/unix
	assert_rc 0
	assertEquals 'sockets' 1 "$(wc -l <out | tr -d ' ')"
}

test_keep_acts_in_the_current_namespace() {
	for option in -k --keep; do
		run $ns unshare -n sh -c '
			before=$(readlink /proc/self/ns/net)
			ns-net $1; echo $?; loopback
			[ "$(readlink /proc/self/ns/net)" = "$before" ] || echo other
			ns-net $1 sh -c "readlink /proc/self/ns/net; exit 7" >inner; echo $?
			[ "$(cat inner)" = "$before" ] || echo other' sh $option
		assert_rc 0
		assertEquals '0
lo
answers
7' "$out"
		assertEquals '' "$err"
	done
}

test_keep_is_undone_when_command_cannot_be_run() {
	run $ns unshare -n sh -c 'ns-net -k /no/such; echo $?; loopback; ns-net -k ""; echo $?; loopback'
	assertEquals '127
127' "$out"
	assertEquals 'nothing but that' 2 "$(grep -c 'ns-net: cannot run' err)"
	# 127.0.0.1 has gone, too
	run $ns unshare -n sh -c 'ns-net -k /no/such; cat /proc/net/fib_trie; ns-net -k; loopback'
	assertEquals 'lo
answers' "$out"
	# what was up before stays up
	run $ns ns-net sh -c 'ns-net -k nosuch; loopback'
	assertEquals 'lo
answers' "$out"
}

test_keep_in_a_foreign_namespace_says_what_is_missing() {
	run ns-user ns-net -k true
	assert_rc 125
	assertEquals 'ns-net: cannot bring the loopback interface up: Operation not permitted
ns-net: hint: CAP_NET_ADMIN is missing in the user namespace that owns this network namespace: leave out -k for one of your own' \
		"$err"
}

test_explain_says_the_calls() {
	run $ns ns-net -x true
	assert_rc 0
	assertEquals 'ns-net: unshare(CLONE_NEWNET) = 0
ns-net: ioctl(FD, SIOCSIFFLAGS, {ifr_name="lo", ifr_flags=IFF_UP|IFF_LOOPBACK}) = 0' \
		"$(grep -v execve err | sed 's/  *# .*//; s/([0-9][0-9]*/(FD/')"
	assert_has "$err" '# ip link set lo up'
	run $ns ns-net ns-net -k -x
	assert_rc 0
	assert_has "$err" 'ifr_flags=IFF_UP|IFF_LOOPBACK|IFF_RUNNING}) = 0'
	run ns-user ns-net -k -x
	assert_has "$err" ' = -1 EPERM'
}

test_the_limit_is_named() {
	run ns-user sh -c 'echo 0 >/proc/sys/user/max_net_namespaces; ns-net true'
	assert_rc 125
	assertEquals 'ns-net: cannot make a new net namespace: No space left on device
ns-net: hint: the limit user.max_net_namespaces is 0' "$err"
}

test_usage_mistakes() {
	assert_usage "unknown option '-Z'" ns-net -Z
	assert_usage "option '--keep' does not take an argument: '--keep=1'" ns-net --keep=1
}

# shellcheck source=/dev/null
. "$SHUNIT2"
