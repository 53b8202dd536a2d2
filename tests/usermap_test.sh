#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-user: maps that are chosen, capabilities that are kept
# shellcheck disable=SC2016,SC2046,SC2086 # for inner shells; lists of words
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	uid=$(id -u) gid=$(id -g)
}

# The maps of the last run, whose columns are padded.
maps() {
	awk '{ $1 = $1 } 1' out
}

test_maps_the_ids_that_are_given() {
	run ns-user -u "5:$uid:1" -g "6:$gid:1" sh -c 'id -u; id -g; cat /proc/self/?id_map'
	assert_rc 0
	assertEquals "5
6
6 $gid 1
5 $uid 1" "$(maps)"
	run ns-user --uid-map="4294967294:$uid:1" --gid-map="0:$gid:1" cat /proc/self/uid_map
	assert_rc 0
	assertEquals "4294967294 $uid 1" "$(maps)"
}

test_a_map_alone_leaves_the_other_as_it_is_by_default() {
	run ns-user -u "5:$uid:1" sh -c 'id -u; id -g'
	assertEquals '5
0' "$out"
	run ns-user -g "5:$gid:1" sh -c 'id -u; id -g'
	assertEquals '0
5' "$out"
}

test_files_belong_to_whom_the_map_says() {
	run ns-user -u "7:$uid:1" -g "8:$gid:1" sh -c ': >made; stat -c %u:%g made'
	assertEquals 7:8 "$out"
	assertEquals "$uid:$gid" "$(stat -c %u:%g made)"
}

test_setgroups_is_denied_where_the_kernel_wants_it() {
	for option in -r -c "-u 0:$uid:1 -g 0:$gid:1"; do
		run ns-user $option cat /proc/self/setgroups
		assertEquals "$option" deny "$out"
	done
}

test_refuses_what_is_no_map() {
	for option in -u -g; do
		[ $option = -u ] && noun=UID || noun=GID
		for bad in '' : :: 0 0:0 0:0:1:2 0:0:1: ' '; do
			case $bad in
			::) assert_usage "first inner ID is not a number: ''" ns-user $option "$bad" true ;;
			*) assert_usage "$noun map is not INNER:OUTER:COUNT: '$bad'" ns-user $option "$bad" true ;;
			esac
		done
		assert_usage "first inner ID is not a number: 'x'" ns-user $option x:0:1 true
		assert_usage "first outer ID is not a number: '-1'" ns-user $option 0:-1:1 true
		assert_usage "number of IDs is not a number: '1 '" ns-user $option '0:0:1 ' true
		assert_usage "number of IDs is not a number: ''" ns-user $option 0:0: true
		assert_usage "number of IDs must be from 1 to 4294967295: '0'" ns-user $option 0:0:0 true
		assert_usage "first inner ID must be from 0 to 4294967294: '4294967295'" \
			ns-user $option 4294967295:0:1 true
		assert_usage "first outer ID is too large: '99999999999999999999'" \
			ns-user $option 0:99999999999999999999:1 true
	done
}

test_refuses_what_goes_beyond_the_last_id() {
	for bad in 4294967294:0:2 0:4294967294:2 1:0:4294967295 0:1:4294967295 4294967290:4294967290:6; do
		assert_usage "UID map goes beyond 4294967294: '$bad'" ns-user -u $bad true
		assert_usage "GID map goes beyond 4294967294: '$bad'" ns-user --gid-map=$bad true
	done
}

test_refuses_overlaps_before_anything_happens() {
	for pair in '0:0:1 0:1:1' '0:0:1 1:0:1' '0:0:10 9:100:1' '0:0:10 100:9:1' '9:100:1 0:0:10' \
		'0:0:4294967295 5:5:1' '5:100:1 5:100:1' '100:0:10 90:50:11'; do
		for option in -u -g; do
			run ns-user -x $option ${pair% *} $option ${pair#* } true
			assert_rc 125
			[ $option = -u ] && noun=UID || noun=GID
			assertEquals "ns-user: $noun map overlaps an earlier range: '${pair#* }'
Try 'ns-user --help' for more information." "$err"
		done
	done
}

test_takes_neighbours_and_the_whole_range() {
	run ns-user -x -u 0:100:10 -u 10:110:10 -u 20:90:10 -u 1000:0:1 -u 0:0:0 true
	assert_has "$err" "number of IDs must be from 1 to 4294967295: '0'" # the others were taken
	run ns-user -x -u 0:0:4294967295 -u 0:0:0 true
	assert_has "$err" "number of IDs must be from 1 to 4294967295: '0'"
}

# ranges N OPTION: N ranges that touch nothing, as words.
ranges() {
	awk -v n="$1" -v o="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s %d:%d:1 ", o, i, i }'
}

test_refuses_more_than_340_ranges() {
	for option in -u -g; do
		[ $option = -u ] && noun=UID || noun=GID
		assert_usage "more than 340 ranges in the $noun map: '340:340:1'" \
			ns-user $(ranges 341 $option) true
	done
}

test_refuses_a_map_of_a_page_or_more() {
	[ "$(getconf PAGESIZE)" = 4096 ] || { skip 'a page is not of 4096 bytes' && return; }
	set -- $(awk 'BEGIN { for (i = 1; i <= 340; i++) printf "-u %d:%d:1 ", i, i + 1000000 }')
	assert_usage 'UID map takes 4652 bytes, a page or more' ns-user -x "$@" true
	assert_has_not "$err" unshare
}

test_the_ways_exclude_each_other() {
	for pair in '-r -c' '-c -r' '-r -a' '-a -c' '-u 0:0:1 -r' '-r -u 0:0:1' '-g 0:0:1 -a' '-a -g 0:0:1' \
		'--map-root --uid-map=0:0:1' '--auto --map-current'; do
		assert_usage '--map-root, --map-current, --auto and --uid-map/--gid-map exclude each other: -' \
			ns-user $pair true
	done
	assert_has "$err" 'each other: -c'
}

# --- capabilities ---

test_current_user_has_no_capabilities_unless_kept() {
	run ns-user -u "5:$uid:1" grep -E 'Cap(Inh|Prm|Eff|Amb)' /proc/self/status
	assert_rc 0
	assertEquals 0000000000000000 "$(cut -f 2 out | sort -u)"
	for option in -K --keep-caps; do
		run ns-user $option -u "5:$uid:1" grep -E 'Cap(Inh|Prm|Eff|Bnd|Amb)' /proc/self/status
		assert_rc 0
		assertEquals 'one set in all five' 1 "$(cut -f 2 out | sort -u | wc -l | tr -d ' ')"
		assert_has_not "$out" 0000000000000000
	done
}

test_kept_capabilities_serve_a_chain() {
	run ns-user -u "5:$uid:1" -K ns-uts -n box sh -c 'cat /proc/sys/kernel/hostname; id -u'
	assert_rc 0
	assertEquals 'box
5' "$out"
	run ns-user -u "5:$uid:1" ns-uts -n box true
	assert_rc 125
	assert_has "$err" 'ns-uts: hint: CAP_SYS_ADMIN is '
}

test_explain_says_what_keeps_capabilities() {
	run ns-user -x -K true
	assert_rc 0
	assert_has "$err" 'ns-user: capset({...}, {inheritable=all}) = 0'
	assert_has "$err" '# setpriv --inh-caps +all --ambient-caps +all'
	assert_line "$err" 'ns-user: prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0) = 0'
}

# --- explain mode ---

test_explain_ends_with_the_maps_that_the_kernel_has() {
	run ns-user -x -u "5:$uid:1" -g "6:$gid:1" true
	assert_rc 0
	assertEquals "ns-user: unshare(CLONE_NEWUSER) = 0
ns-user: write(FD</proc/self/uid_map>, \"5 $uid 1\\012\", $((${#uid} + 5))) = $((${#uid} + 5))
ns-user: write(FD</proc/self/setgroups>, \"deny\", 4) = 4
ns-user: write(FD</proc/self/gid_map>, \"6 $gid 1\\012\", $((${#gid} + 5))) = $((${#gid} + 5))
ns-user: /proc/self/uid_map: 5 $uid 1
ns-user: /proc/self/gid_map: 6 $gid 1" "$(grep -v execve err | sed 's/  *#.*//; s/([0-9][0-9]*/(FD/')"
}

# --- refusals ---

test_ids_of_nobody_are_refused() {
	run $ns ns-user -u 0:0:1 -g 0:0:1 ns-user -u 0:4000000000:1 -g "0:0:1" true
	assert_rc 125
	assert_has "$err" '/uid_map'
	assert_has "$err" 'ns-user: hint: the map has IDs that are not mapped in our own user namespace, or are not ours, or user 0 without CAP_SETFCAP'
}

test_the_limit_is_named_and_nothing_stays() {
	for option in -r '-u 0:0:2 -u 5:5:3'; do
		run ns-user sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; ns-user $* true; echo $?
			read -r child <"/proc/$$/task/$$/children"; echo "$child"' sh $option
		assertEquals "$option" 125 "$out"
		assertEquals "$option" "ns-user: cannot make a new user namespace: No space left on device
ns-user: hint: the limit user.max_user_namespaces is 0" "$err"
	done
}

test_the_process_that_writes_the_maps_is_reaped() {
	# what nobody waits for would be reported by the init
	run ns-user ns-pidlab -i -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces
		ns-user -u 0:0:2 -u 5:5:3 true 2>/dev/null; ns-user -r true 2>/dev/null; exit 3'
	assert_rc 3
	assertEquals '*** pid 2 exit with status 3' "$err"
}

test_without_proc_maps_from_outside_say_so() {
	mkdir p
	run $ns ns-bindmount p /proc ns-user -u 0:0:2 true
	assert_rc 125
	assertEquals "ns-user: cannot read '/proc/self': No such file or directory
ns-user: hint: a mounted /proc is needed to map users" "$err"
}

# A newuidmap of our own says how it was called.
fake_helpers() {
	mkdir -p bin
	for name in newuidmap newgidmap; do
		printf '#!/bin/sh\necho "%s $*" >>"%s/called"\nexit %s\n' $name "$work" "$1" >bin/$name
		chmod +x bin/$name
	done
}

# as_other COMMAND...: as who has no capabilities.
as_other() {
	case $NS_TEST_MODE in
	root) setpriv --bounding-set -all --inh-caps -all "$@" ;;
	*) "$@" ;;
	esac
}

test_the_helpers_get_the_maps_of_who_may_not_write_them() {
	fake_helpers 0
	run as_other env PATH="$work/bin:$PATH" ns-user -u 0:1000:1 -u "1:$uid:1" -g 5:6:7 sh -c 'echo $$'
	assertEquals "newuidmap $out 0 1000 1 1 $uid 1
newgidmap $out 5 6 7" "$(cat called)"
}

test_a_helper_that_refuses_is_named() {
	fake_helpers 1
	run as_other env PATH="$work/bin:$PATH" ns-user -u 0:1000:2 -g 0:1000:2 echo ran
	assert_rc 125
	assertEquals '' "$out"
	assertEquals "ns-user: 'newuidmap' refused the UID map
ns-user: hint: it must be set-user-ID root, and all of the map granted in '/etc/subuid'" "$err"
	assertEquals 'newuidmap' "$(cut -d ' ' -f 1 called)"
	run as_other env PATH="$work/bin:$PATH" ns-user -g 0:1000:2 echo ran
	assertEquals "ns-user: 'newgidmap' refused the GID map
ns-user: hint: it must be set-user-ID root, and all of the map granted in '/etc/subgid'" "$err"
}

test_a_missing_helper_is_named() {
	mkdir empty
	run as_other env PATH="$work/empty" "$BUILD/ns-user" -u 0:1000:2 /bin/echo ran
	assert_rc 125
	assertEquals '' "$out"
	assertEquals "ns-user: cannot run 'newuidmap': No such file or directory
ns-user: hint: it comes with the package uidmap" "$err"
}

test_auto_without_an_entry_says_so() {
	: >empty
	if [ "$NS_TEST_MODE" = root ]; then
		set -- ns-bindmount empty /etc/subuid
		[ -e /etc/subuid ] || set --
		name=$(id -un)
	else
		set --
		name=$(id -un 2>/dev/null) || name=$uid
		! grep -q "^$name:\|^$uid:" /etc/subuid 2>/dev/null || { skip "$name has an entry" && return; }
	fi
	for option in -a --auto; do
		run "$@" ns-user -x $option true
		assert_rc 125
		assertEquals "ns-user: no subordinate UIDs for user '$name' in '/etc/subuid'
ns-user: hint: root can grant some: usermod --add-subuids 100000-165535 $name" \
			"$(grep -v ns-bindmount err)"
	done
}

# show_signals COMMAND...: the signals behind that, but those that the shell catches.
show_signals() {
	"$@" grep -E '^(SigPnd|ShdPnd|SigBlk|SigIgn)' /proc/self/status
}

test_signals_are_as_they_were() {
	fake_helpers 0
	# ignored, blocked, nothing pending: with a child that writes the maps, too
	for how in '-i 17' '-b 17' '-d 17' '-i 13 -b 10'; do
		want=$(show_signals "$BUILD/helpers/signals" set $how)
		run show_signals "$BUILD/helpers/signals" set $how ns-user
		assert_rc 0
		assertEquals "$how" "$want" "$out"
		run show_signals as_other env PATH="$work/bin:$PATH" "$BUILD/helpers/signals" set $how \
			ns-user -u "0:$uid:1" -u 1:1000:1 -g "0:$gid:1" -g 1:1000:1
		assert_rc 0
		assertEquals "from outside, $how" "$want" "$out"
	done
	assertEquals 'both were called' 8 "$(wc -l <called | tr -d ' ')"
}

test_command_has_no_children() {
	fake_helpers 0
	run as_other env PATH="$work/bin:$PATH" ns-user -u "0:$uid:1" -u 1:1000:1 \
		sh -c 'read -r child <"/proc/$$/task/$$/children"; echo "[$child]"'
	assertEquals '[]' "$out"
	assertEquals 1 "$(wc -l <called | tr -d ' ')"
}

test_statuses() {
	run ns-user -u "0:$uid:1" sh -c 'exit 7'
	assert_rc 7
	run ns-user -u "0:$uid:1" /no/such
	assert_rc 127
	run ns-user -K /
	assert_rc 126
	run ns-user -u
	assert_rc 125
}

# shellcheck source=/dev/null
. "$SHUNIT2"
