#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-user: what needs root to be set up: subordinate IDs, maps of others, sysctls
# shellcheck disable=SC2016,SC2046,SC2086 # for inner shells; lists of words
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

ID=7654 # of a user that we make up, in a namespace of his own

set_up() {
	chmod 755 "$work"
	cp "$BUILD/ns-user" "$BUILD/ns-uts" "$BUILD/ns-bindmount" .
	mkdir home
	chown $ID:$ID home
	cp /etc/passwd /etc/group .
	echo "wanda:x:$ID:$ID::/:/bin/sh" >>passwd
	echo "wanda:x:$ID:" >>group
	echo "wanda:200000:65536" >subuid
	echo "wanda:300000:65536" >subgid
	have_helpers=yes
	for helper in newuidmap newgidmap; do
		# those that were brought for the tests have no set-user-ID bit
		[ -x /usr/bin/$helper ] || { cp "$(command -v $helper)" . && chmod 4755 $helper; } ||
			have_helpers=
	done
	[ -e /etc/subuid ] && [ -e /etc/subgid ] || have_helpers=
}

# as_wanda COMMAND...: as that user, who has what subuid and subgid say.
as_wanda() {
	printf '%s\t%s\n' "$work/passwd" /etc/passwd "$work/group" /etc/group \
		"$work/subuid" /etc/subuid "$work/subgid" /etc/subgid >list
	ns-bindmount -f list setpriv --reuid $ID --regid $ID --clear-groups \
		env -C "$work/home" PATH="$work:/usr/bin:/bin" "$@"
}

needs_helpers() {
	[ -n "$have_helpers" ] || { skip 'no newuidmap (package uidmap), or no /etc/subuid' && return 1; }
}

test_auto_maps_the_subordinate_ids() {
	needs_helpers || return 0
	for option in -a --auto; do
		run as_wanda ns-user $option sh -c 'id -u; id -g; cat /proc/self/?id_map /proc/self/setgroups'
		assert_rc 0
		assertEquals '' "$err"
		assertEquals "0
0
0 $ID 1
1 300000 65536
0 $ID 1
1 200000 65536
allow" "$(awk '{ $1 = $1 } 1' out)"
	done
}

test_auto_gives_files_to_subordinate_users() {
	needs_helpers || return 0
	run as_wanda ns-user -a sh -c ': >made; chown 5:6 made; stat -c %u:%g made'
	assert_rc 0
	assertEquals 5:6 "$out"
	assertEquals 200004:300005 "$(stat -c %u:%g home/made)"
	run as_wanda ns-user -a setpriv --reuid 33 --regid 33 --groups 1,2,3 id -G
	assert_rc 0
	assertEquals '33 1 2 3' "$out"
}

test_auto_goes_by_name_and_by_number_and_skips_what_is_odd() {
	needs_helpers || return 0
	cat >subuid <<-END
		# wanda:1:2
		wandatoo:500000:10
		other:600000:10
		wanda:x:10
		wanda:1x:10
		wanda:1:99999999999
		wanda:700000:
		wanda
		$ID:800000:20
		wanda:900000:30
	END
	run as_wanda ns-user -a cat /proc/self/uid_map
	assert_rc 0
	assertEquals "0 $ID 1
1 800000 20" "$(awk '{ $1 = $1 } 1' out)"
	: >passwd
	run as_wanda ns-user -a -x true
	assert_rc 125 # no GIDs for a number
	assert_has "$err" "ns-user: no subordinate GIDs for user '$ID' in '/etc/subgid'"
}

test_auto_without_an_entry_says_which_is_missing() {
	needs_helpers || return 0
	for file in subuid subgid; do
		mv $file kept
		echo 'someone:100000:65536' >$file
		run as_wanda ns-user -a -x echo ran
		assert_rc 125
		assertEquals '' "$out"
		[ $file = subuid ] && noun=UID letter=u || noun=GID letter=g
		assertEquals "ns-user: no subordinate ${noun}s for user 'wanda' in '/etc/$file'
ns-user: hint: root can grant some: usermod --add-sub${letter}ids 100000-165535 wanda" "$err"
		mv kept $file
	done
}

test_auto_without_the_helper_says_so() {
	needs_helpers || return 0
	mkdir few
	for name in echo cat; do ln -s "$(command -v $name)" few; done
	run as_wanda env PATH="$work/few" "$work/ns-user" -a echo ran
	assert_rc 125
	assertEquals '' "$out"
	assertEquals "ns-user: cannot run 'newuidmap': No such file or directory
ns-user: hint: it comes with the package uidmap" "$err"
}

test_auto_where_nobody_gains_privileges_says_so() {
	needs_helpers || return 0
	run as_wanda setpriv --no-new-privs ns-user -a echo ran
	assert_rc 125
	assertEquals '' "$out"
	assert_line "$err" "ns-user: 'newuidmap' refused the UID map"
	assert_line "$err" "ns-user: hint: no_new_privs is set, so that it gains no privilege"
}

test_auto_with_sigchld_ignored() {
	needs_helpers || return 0
	for how in '-i 17' '-b 17'; do
		cp "$BUILD/helpers/signals" .
		run as_wanda "$work/signals" set $how ns-user -a grep -cE '^ +1 ' /proc/self/uid_map
		assert_rc 0
		assertEquals 1 "$out"
	done
}

test_auto_explains_the_maps_it_got() {
	needs_helpers || return 0
	run as_wanda ns-user -a -x true
	assert_rc 0
	assertEquals "ns-user: unshare(CLONE_NEWUSER) = 0
ns-user: /proc/self/uid_map: 0 $ID 1
ns-user: /proc/self/uid_map: 1 200000 65536
ns-user: /proc/self/gid_map: 0 $ID 1
ns-user: /proc/self/gid_map: 1 300000 65536" "$(grep -v execve err | sed 's/  *#.*//')"
}

test_auto_then_a_chain() {
	needs_helpers || return 0
	run as_wanda ns-user -a ns-uts -n box cat /proc/sys/kernel/hostname
	assert_rc 0
	assertEquals box "$out"
}

test_a_user_maps_what_is_granted_only() {
	needs_helpers || return 0
	run as_wanda ns-user -u "0:$ID:1" -u 1:200000:5 -g "0:$ID:1" -g 1:300000:5 sh -c 'id -u; cat /proc/self/uid_map'
	assert_rc 0
	assertEquals "0
0 $ID 1
1 200000 5" "$(awk '{ $1 = $1 } 1' out)"
	# who is nobody in it becomes its root
	run as_wanda ns-user -u 0:200000:5 -g 0:300000:5 sh -c 'id -u; id -g; id -G'
	assert_rc 0
	assertEquals '0
0
0' "$out"
	run as_wanda ns-user -u 0:199999:5 echo ran
	assert_rc 125
	assertEquals '' "$out"
	assert_line "$err" "ns-user: 'newuidmap' refused the UID map"
	run as_wanda ns-user -u "0:$ID:1" -g 0:299999:5 echo ran
	assert_rc 125
	assert_line "$err" "ns-user: 'newgidmap' refused the GID map"
}

# --- root maps anything ---

test_root_writes_maps_from_outside() {
	run ns-user -x -u 0:0:1 -u 1:100000:10 -g 0:0:1 -g 1:100000:10 sh -c \
		'cat /proc/self/?id_map /proc/self/setgroups; setpriv --reuid 3 --regid 3 --groups 4,5 id -G'
	assert_rc 0
	assertEquals '0 0 1
1 100000 10
0 0 1
1 100000 10
allow
3 4 5' "$(awk '{ $1 = $1 } 1' out)"
	assertEquals 'unshare
write
write' "$(sed -n 's/^ns-user: \([a-z]*\)(.*) = .*/\1/p' err)"
	assertEquals 4 "$(grep -c '^ns-user: /proc/self/.id_map: ' err)"
}

test_root_of_the_namespace_when_unmapped() {
	run ns-user -u 0:100000:10 -g 0:100000:10 sh -c 'id -u; id -g; id -G; grep CapEff /proc/self/status'
	assert_rc 0
	assertEquals '0
0
0' "$(head -n 3 out)"
	assert_has_not "$out" 0000000000000000
	# nobody stays nobody where there is no root
	run ns-user -u 5:100000:10 -g 5:100000:10 sh -c 'id -u; id -g'
	assertEquals "$(cat /proc/sys/kernel/overflowuid)
$(cat /proc/sys/kernel/overflowgid)" "$out"
}

test_340_ranges_are_taken() {
	set -- $(awk 'BEGIN { for (i = 0; i < 340; i++) printf "-u %d:%d:1 -g %d:%d:1 ", i, i, i, i + 400 }')
	run ns-user -x "$@" sh -c 'wc -l </proc/self/uid_map; wc -l </proc/self/gid_map; tail -n 1 /proc/self/gid_map'
	assert_rc 0
	assertEquals '340
340
339 739 1' "$(awk '{ $1 = $1 } 1' out)"
	assertEquals 'said' 680 "$(grep -c '^ns-user: /proc/self/.id_map: ' err)"
}

test_in_a_pid_namespace_with_the_outer_proc() {
	run ns-pidlab --no-proc ns-user -u 0:0:5 -g 0:0:5 sh -c 'echo $$; cat /proc/self/uid_map'
	assert_rc 0
	assertEquals '1
0 0 5' "$(awk '{ $1 = $1 } 1' out)"
}

test_root_cannot_map_what_is_not_mapped_here() {
	run ns-user -u 0:0:10 -g 0:0:10 ns-user -u 0:5:6 -g 0:5:5 true
	assert_rc 125
	assert_has "$err" '/uid_map'"'"': Operation not permitted'
	assert_line "$err" 'ns-user: hint: the map has IDs that are not mapped in our own user namespace, or are not ours, or user 0 without CAP_SETFCAP'
	run ns-user -u 0:0:10 -g 0:0:10 ns-user -u 0:5:5 -g 0:5:5 cat /proc/self/uid_map
	assert_rc 0
	assertEquals '0 5 5' "$(awk '{ $1 = $1 } 1' out)"
}

# --- the sysctls that say no, in a /proc/sys/kernel of our own ---

# with_sysctl NAME VALUE COMMAND...
with_sysctl() {
	ns-tmpfs /proc/sys/kernel sh -c 'echo "$2" >"/proc/sys/kernel/$1" && shift 2 && exec "$@"' sh "$@"
}

# refused [COMMAND [ARG]...]: runs it with a refusal behind it that a test can have.
refused() {
	run "$@" "$BUILD/helpers/without" unshare=EPERM ns-user true
}

test_unprivileged_userns_clone_is_named() {
	refused with_sysctl unprivileged_userns_clone 0
	assert_rc 125
	assertEquals 'ns-user: cannot make a new user namespace: Operation not permitted
ns-user: hint: the sysctl kernel.unprivileged_userns_clone is 0: only root may make user namespaces here' "$err"
	refused with_sysctl unprivileged_userns_clone 1
	assert_has_not "$err" unprivileged_userns_clone
}

test_apparmor_restrict_unprivileged_userns_is_named() {
	refused with_sysctl apparmor_restrict_unprivileged_userns 1
	assert_rc 125
	assertEquals 'ns-user: cannot make a new user namespace: Operation not permitted
ns-user: hint: the sysctl kernel.apparmor_restrict_unprivileged_userns is 1: AppArmor refuses user namespaces to programs without a profile' \
		"$err"
	refused with_sysctl apparmor_restrict_unprivileged_userns 0
	assert_has_not "$err" apparmor_restrict
	assert_has "$err" 'ns-user: hint: '
}

test_apparmor_is_named_where_capabilities_are_gone() {
	run with_sysctl apparmor_restrict_unprivileged_userns 1 \
		setpriv --reuid $ID --regid $ID --clear-groups "$work/ns-uts" true
	assert_rc 125
	assert_has "$err" 'kernel.apparmor_restrict_unprivileged_userns is 1'
}

# shellcheck source=/dev/null
. "$SHUNIT2"
