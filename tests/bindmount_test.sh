#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-bindmount
# shellcheck disable=SC2016 # the inner shells' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	tab=$(printf '\t')
	mkdir source target
	echo a >source/a
	echo source >file
	echo target >other
	export work
}

# Nothing that happens in a test may be seen here.
tear_down() {
	[ -z "$work" ] || assertEquals 'mounts outside' '' "$(grep -F "$work" /proc/self/mountinfo)"
}

unprivileged() {
	case $NS_TEST_MODE in
	root) setpriv --bounding-set -sys_admin "$@" ;;
	*) "$@" ;;
	esac
}

# mounted TEXT: the mount points under $work in mountinfo TEXT, in order, without $work/.
mounted() {
	printf '%s\n' "$1" | awk -v work="$work/" 'index($5, work) == 1 {
		print substr($5, length(work) + 1) }'
}

# options_of TEXT NAME: the mount options of the last mount on $work/NAME in mountinfo TEXT.
options_of() {
	printf '%s\n' "$1" | awk -v point="$work/$2" '$5 == point { o = $6 } END { print o }'
}

# in_private SCRIPT [ARG]...: runs it in a mount namespace of its own, for ns-bindmount -k.
in_private() {
	$ns ns-bindmount -p private "$work" "$work" sh -c 'cd "$work" && eval "$1"' sh "$1"
}

# in_shared SCRIPT: the same where every mount is shared, with a process kept in another
# namespace of the same peer groups; SCRIPT finds its mountinfo by 'peer'.
in_shared() {
	mkfifo "$work/ready" "$work/end"
	$ns ns-bindmount -p shared "$work" "$work" sh -c '
		cd "$work"
		ns-bindmount -p unchanged "$work/end" "$work/end" sh -c "
			echo \$\$ >ready; read x <end" &
		read peer <ready
		peer() { cat "/proc/$peer/mountinfo"; }
		here() { cat /proc/self/mountinfo; }
		eval "$1"
		status=$?
		ns-bindmount -k /dev/null other
		grep -q "$work/other" "/proc/$peer/mountinfo" || echo not-shared
		echo >end
		wait
		exit $status' sh "$1"
}

# --- binding ---

test_binds_a_directory_inside_only() {
	run $ns ns-bindmount source target ls target
	assert_rc 0
	assertEquals a "$out"
	assertEquals '' "$err"
	assertEquals '' "$(ls target)"
	run $ns ns-bindmount "$work/source" "$work/target" cat target/a
	assertEquals a "$out"
}

test_binds_a_file_inside_only() {
	run $ns ns-bindmount file other cat other
	assert_rc 0
	assertEquals source "$out"
	assertEquals target "$(cat other)"
}

test_binds_a_device_and_a_fifo() {
	mkfifo fifo
	run $ns ns-bindmount /dev/null other sh -c 'echo gone >other; cat other; [ -c other ]'
	assert_rc 0
	assertEquals '' "$out"
	run $ns ns-bindmount fifo other sh -c '[ -p other ]'
	assert_rc 0
	assertEquals target "$(cat other)"
}

test_makes_a_new_mount_namespace_only() {
	for type in cgroup ipc net pid user uts; do
		run ns-bindmount -k -f /dev/null readlink /proc/self/ns/$type
		before=$out
		run $ns ns-bindmount source target readlink /proc/self/ns/$type
		case $ns:$type in
		ns-user:user) ;;
		*) assertEquals "$before" "$out" ;;
		esac
	done
	run $ns ns-bindmount source target readlink /proc/self/ns/mnt
	assert_rc 0
	assertNotEquals "$(readlink /proc/self/ns/mnt)" "$out"
}

test_what_is_written_inside_is_in_the_source() {
	run $ns ns-bindmount source target sh -c 'echo b >target/b'
	assert_rc 0
	assertEquals b "$(cat source/b)"
	assertEquals '' "$(ls target)"
}

test_follows_links_of_source_and_target() {
	ln -s source from
	ln -s target to
	run $ns ns-bindmount from to ls target
	assert_rc 0
	assertEquals a "$out"
}

test_names_with_blanks_newlines_and_odd_bytes() {
	odd=$(printf 'odd \t\n\303\050 \\ name')
	mkdir "$odd" "t$odd"
	: >"$odd/seen"
	run $ns ns-bindmount "$odd" "t$odd" ls "t$odd"
	assert_rc 0
	assertEquals seen "$out"
	run $ns ns-bindmount "$odd" "no$odd" ls
	assert_rc 125
	assert_has "$err" "cannot bind 'odd \\011\\012\\303( \\134 name' on 'noodd \\011"
}

test_a_name_that_looks_like_an_option() {
	mkdir ./-s ./-t
	: >./-s/seen
	run $ns ns-bindmount -- -s -t ls ./-t
	assert_rc 0
	assertEquals seen "$out"
}

test_without_recursive_the_mounts_below_stay_away() {
	mkdir source/sub outer
	: >outer/deep
	run in_private 'ns-bindmount -k outer source/sub
		ns-bindmount source target find target | sort
		ns-bindmount -R source target find target | sort
		ns-bindmount --recursive source target find target/sub'
	assert_rc 0
	assertEquals 'target
target/a
target/sub
target
target/a
target/sub
target/sub/deep
target/sub
target/sub/deep' "$out"
}

# --- read-only and other options ---

test_read_only_refuses_every_write() {
	for option in -r --read-only -oro --options=ro; do
		run $ns ns-bindmount $option source target sh -c '
			(: >target/b) 2>/dev/null; (: >>target/a) 2>/dev/null
			rm -f target/a; mkdir target/c; chmod 777 target/a; ls target; cat target/a'
		assertEquals 'a
a' "$out"
		assert_has "$err" 'Read-only file system'
	done
	assertEquals a "$(ls source)"
	run $ns ns-bindmount -r file other sh -c '(echo x >other) 2>/dev/null || cat other'
	assertEquals source "$out"
}

test_read_only_leaves_the_source_writable() {
	run $ns ns-bindmount -r source target sh -c 'echo b >source/b; cat target/b'
	assert_rc 0
	assertEquals b "$out"
}

test_read_only_recursive_reaches_submounts() {
	mkdir -p source/sub/sub outer
	run in_private 'ns-bindmount -k outer source/sub; mkdir source/sub/sub
		ns-bindmount -k outer source/sub/sub
		ns-bindmount -R -r source target sh -c "
			for d in target target/sub target/sub/sub; do
				(: >\$d/x) 2>/dev/null && echo wrote \$d
			done
			: >outer/still && cat /proc/self/mountinfo"'
	assert_rc 0
	assert_has_not "$out" wrote
	for point in target target/sub target/sub/sub; do
		assert_has ",$(options_of "$out" $point)," ,ro,
	done
	assert_has ",$(options_of "$out" source/sub)," ,rw,
	assertTrue "[ -e outer/still ]"
}

test_each_mount_option_is_set() {
	for option in ro nosuid nodev noexec nosymfollow; do
		run $ns ns-bindmount -o $option source target cat /proc/self/mountinfo
		assert_rc 0
		assert_has ",$(options_of "$out" target)," ",$option,"
		assertEquals '' "$(options_of "$out" source)"
	done
	run in_private 'mount -t tmpfs tmpfs source
		ns-bindmount -o noatime source target cat /proc/self/mountinfo'
	assert_rc 0
	assert_has ",$(options_of "$out" target)," ,noatime,
	assert_has_not ",$(options_of "$out" source)," ,noatime,
	run $ns ns-bindmount source target cat /proc/self/mountinfo
	options=,$(options_of "$out" target),
	for option in ro nosymfollow; do
		assert_has_not "$options" ",$option,"
	done
}

test_mount_options_have_their_effect() {
	printf '#!/bin/sh\necho ran\n' >source/run
	chmod 755 source/run
	ln -s a source/link
	run $ns ns-bindmount -o noexec source target target/run
	assert_rc 126
	assertEquals "ns-bindmount: cannot run 'target/run': Permission denied
ns-bindmount: hint: 'target/run' is on a mount with noexec" "$err"
	run $ns ns-bindmount -o nosymfollow source target cat target/link
	assert_rc 1
	run $ns ns-bindmount source target sh -c 'target/run; cat target/link'
	assertEquals 'ran
a' "$out"
}

test_noatime_of_what_a_user_namespace_may_not_change_has_a_hint() {
	run ns-user ns-bindmount -o noatime source target true
	assert_rc 125
	assert_has "$err" "ns-bindmount: cannot set the attributes of 'source': Operation not permitted"
	assert_has "$err" 'ns-bindmount: hint: '
	assert_has "$err" 'access times'
}

test_mount_options_add_up() {
	run $ns ns-bindmount -o nosuid,nodev -o noexec -r source target cat /proc/self/mountinfo
	for option in ro nosuid nodev noexec; do
		assert_has ",$(options_of "$out" target)," ",$option,"
	done
}

test_rw_cancels_an_earlier_ro_only() {
	run $ns ns-bindmount -r -o rw source target sh -c ': >target/one'
	assert_rc 0
	run $ns ns-bindmount -o ro,nosuid,rw source target cat /proc/self/mountinfo
	assert_has ",$(options_of "$out" target)," ,rw,
	assert_has ",$(options_of "$out" target)," ,nosuid,
	run $ns ns-bindmount -o rw,ro source target cat /proc/self/mountinfo
	assert_has ",$(options_of "$out" target)," ,ro,
	run $ns ns-bindmount -o rw -r source target cat /proc/self/mountinfo
	assert_has ",$(options_of "$out" target)," ,ro,
}

test_the_flags_of_the_source_stay() {
	before 5.12 && return # --keep with options needs mount_setattr(2)
	run in_private 'mount -t tmpfs tmpfs source
		ns-bindmount -k -o ro,nosuid,nodev,noexec,noatime,nosymfollow source source
		ns-bindmount -k source target
		cat /proc/self/mountinfo
		ns-bindmount -k -o rw source target && ns-bindmount -k -o rw,nosuid source target
		echo ---
		cat /proc/self/mountinfo'
	assert_rc 0
	for part in "${out%---*}" "${out#*---}"; do
		for option in ro nosuid nodev noexec noatime nosymfollow; do
			assert_has ",$(options_of "$part" target)," ",$option,"
		done
	done
}

test_locked_flags_of_an_outer_user_namespace_stay() {
	run $ns ns-bindmount -o ro,nosuid,nodev,noexec source source \
		ns-user ns-bindmount -o rw,nosymfollow source target cat /proc/self/mountinfo
	assert_rc 0
	for option in ro nosuid nodev noexec nosymfollow; do
		assert_has ",$(options_of "$out" target)," ",$option,"
	done
}

# --- lists ---

test_binds_of_a_list_in_order_and_later_ones_see_earlier() {
	mkdir source/deep last
	: >last/found
	printf 'source\ttarget\nlast\ttarget/deep\ntarget/deep\tother-dir\n' >list
	mkdir other-dir
	for option in '-f list' '--from=list' '-flist'; do
		# shellcheck disable=SC2086 # two words
		run $ns ns-bindmount $option ls other-dir
		assert_rc 0
		assertEquals found "$out"
	done
}

test_a_list_on_standard_input() {
	printf 'file\tother\n' >list
	run $ns ns-bindmount -f - cat other <list
	assert_rc 0
	assertEquals source "$out"
	run $ns ns-bindmount -f - sh -c 'cat; cat other' <list
	assertEquals source "$out"
}

test_lines_of_hashes_and_blank_lines_are_skipped() {
	printf '#source\ttarget\n\n#\nfile\tother\n\n' >list
	run $ns ns-bindmount -f list cat other
	assert_rc 0
	assertEquals source "$out"
}

test_a_list_without_a_last_newline() {
	printf 'source\ttarget\nfile\tother' >list
	run $ns ns-bindmount -f list cat other
	assert_rc 0
	assertEquals source "$out"
}

test_lines_have_no_escapes() {
	mkdir 'back\040slash'
	printf '%s\ttarget\n' 'back\040slash' >list
	: >'back\040slash/seen'
	run $ns ns-bindmount -f list ls target
	assertEquals seen "$out"
	printf ' source \ttarget\n' >list
	run $ns ns-bindmount -f list true
	assert_rc 125
	assert_has "$err" "cannot bind ' source ': No such file or directory"
}

test_options_of_a_line_add_to_those_of_all() {
	mkdir one two three
	printf 'source\tone\tnodev,noexec\nsource\ttwo\trw\nsource\tthree\n' >list
	run $ns ns-bindmount -r -o nosuid -f list cat /proc/self/mountinfo
	assert_rc 0
	for option in ro nosuid nodev noexec; do
		assert_has ",$(options_of "$out" one)," ",$option,"
	done
	assert_has ",$(options_of "$out" two)," ,rw,
	assert_has ",$(options_of "$out" two)," ,nosuid,
	assert_has ",$(options_of "$out" three)," ,ro,
	assert_has_not ",$(options_of "$out" three)," ,noexec,
}

test_options_of_all_count_wherever_they_stand() {
	printf 'source\ttarget\n' >list
	run $ns ns-bindmount -f list -r cat /proc/self/mountinfo
	assert_has ",$(options_of "$out" target)," ,ro,
}

test_an_empty_list_binds_nothing() {
	: >empty
	for option in '' -0; do
		run $ns ns-bindmount $option -f empty cat /proc/self/mountinfo
		assert_rc 0
		assertEquals '' "$(mounted "$out")"
	done
}

test_null_lists_take_any_name() {
	odd=$(printf 'a\tb\nc \\ #\200')
	mkdir "$odd" "#$odd"
	: >"$odd/seen"
	printf '%s\0%s\0file\0other\0' "$odd" "#$odd" >list
	for option in '-0 -f list' '-f list --null' '-0flist'; do
		# shellcheck disable=SC2086 # several words
		run $ns ns-bindmount $option sh -c 'ls "$1"; cat other' sh "#$odd"
		assert_rc 0
		assertEquals 'seen
source' "$out"
	done
	run $ns ns-bindmount -0 -f - cat other <list
	assertEquals source "$out"
}

test_a_null_list_without_the_last_nul() {
	printf 'file\0other' >list
	run $ns ns-bindmount -0 -f list cat other
	assert_rc 0
	assertEquals source "$out"
}

test_list_mistakes_name_the_list_and_the_line() {
	printf 'file\tother\n\nfile other\n' >list
	assert_usage "list:3: no tab between source and target: 'file other'" \
		ns-bindmount -f list true
	printf 'a\tb\tro\tmore\n' >list
	assert_usage "list:1: more than three fields: 'more'" ns-bindmount -f list true
	printf '#\n\tb\n' >list
	assert_usage "list:2: source is empty" ns-bindmount -f list true
	printf 'a\t\n' >list
	assert_usage "list:1: target is empty" ns-bindmount -f list true
	printf 'a\t\tro\n' >list
	assert_usage "list:1: target is empty" ns-bindmount -f list true
	printf 'a\tb\nc\td\tro,suid\n' >list
	assert_usage "list:2: unknown mount option 'suid'" ns-bindmount -f list true
	printf 'a\tb\t\n' >list
	assert_usage "list:1: unknown mount option ''" ns-bindmount -f list true
	printf 'a\tb\nc\0d\te\n' >list
	assert_usage "list:2: a NUL byte; --null is for lists of those" \
		ns-bindmount -f list true
	printf 'a\n' >"li st"
	assert_usage "'li st':1: no tab" ns-bindmount -f 'li st' true
	printf 'a\n' >list
	assert_usage "-:1: no tab" ns-bindmount -f - true <list
}

test_null_list_mistakes() {
	printf 'a\0b\0c\0' >list
	assert_usage "the last source has no target: 'c'" ns-bindmount -0 -f list true
	printf 'a' >list
	assert_usage "the last source has no target: 'a'" ns-bindmount -0 -f list true
	printf '\0b\0' >list
	assert_usage 'source is empty' ns-bindmount -0 -f list true
	printf 'a\0\0' >list
	assert_usage 'target is empty' ns-bindmount -0 -f list true
}

test_list_mistakes_come_before_any_bind() {
	mkfifo fifo
	printf 'file\tother\nnonsense\n' >list
	run in_private 'ns-bindmount -k -f list; echo $?; cat other'
	assertEquals '125
target' "$out"
}

test_a_binary_list_is_refused() {
	head -c 65536 "$BUILD/ns-bindmount" >list
	assert_usage "list:1: " ns-bindmount -f list true
}

test_lists_that_cannot_be_read() {
	run ns-bindmount -f nowhere true
	assert_rc 125
	assertEquals "ns-bindmount: cannot read 'nowhere': No such file or directory" "$err"
	run ns-bindmount -f source true
	assert_rc 125
	assertEquals "ns-bindmount: cannot read 'source': Is a directory" "$err"
	run ns-bindmount -f '' true
	assert_rc 125
	assertEquals "ns-bindmount: cannot read '': No such file or directory" "$err"
	run ns-bindmount -f - true <&-
	assert_rc 125
	assertEquals 'ns-bindmount: cannot read standard input: Bad file descriptor' "$err"
}

test_five_thousand_binds_with_few_descriptors() {
	mkdir many
	(cd many && seq 5000 | xargs mkdir)
	seq 5000 | sed "s:.*:source${tab}many/&:" >list
	run $ns sh -c 'ulimit -n 64; exec ns-bindmount -f list cat /proc/self/mountinfo'
	assert_rc 0
	assertEquals 5000 "$(mounted "$out" | grep -c '^many/')"
}

# --- propagation ---

# inner_sees P, outer_sees P: whether the mount of the one is seen by the other.
propagation() {
	mkdir from-outer from-inner
	printf '%s' "$1" >which
	$ns ns-bindmount -p shared "$work" "$work" sh -c '
		cd "$work"
		mkfifo ready go
		ns-bindmount $1 source from-inner sh -c "
			echo >ready; read x <go
			grep -q \"$work/from-outer\" /proc/self/mountinfo && echo inner sees
			grep \" $work/from-inner \" /proc/self/mountinfo | grep -q shared: && echo shared
			grep \" $work/from-inner \" /proc/self/mountinfo | grep -q master: && echo slave
			:" &
		read x <ready
		grep -q "$work/from-inner" /proc/self/mountinfo && echo outer sees
		ns-bindmount -k source from-outer
		echo >go
		wait' sh "$1"
}

test_slave_is_the_default_and_takes_but_does_not_give() {
	for option in '' '-p slave' '--propagation=slave'; do
		run propagation "$option"
		assert_line "$out" 'inner sees'
		assert_has_not "$out" 'outer sees'
		assert_has_not "$out" shared
		rm -r from-* ready go
	done
}

test_private_neither_takes_nor_gives() {
	run propagation '-p private'
	assert_rc 0
	assertEquals '' "$out"
}

test_shared_takes_and_does_not_give_but_shares_with_its_own() {
	run propagation '-p shared'
	assert_line "$out" 'inner sees'
	assert_line "$out" shared
	assert_has_not "$out" 'outer sees'
}

test_unchanged_takes_and_gives() {
	run propagation '-p unchanged'
	assert_line "$out" 'inner sees'
	assert_line "$out" 'outer sees'
	assert_line "$out" shared
}

test_shared_is_a_peer_group_of_its_own() {
	# the third namespace shares with the second, not with the first
	run $ns ns-bindmount -p shared "$work" "$work" sh -c '
		cd "$work"
		ns-bindmount -p shared source source sh -c "
			ns-bindmount -p unchanged source target true
			ls target"
		ls target | sed s/^/leaked/'
	assert_rc 0
	assertEquals a "$out"
}

# --- creating targets ---

test_create_makes_a_file_for_a_file_and_a_directory_for_a_directory() {
	for option in -c --create; do
		run $ns ns-bindmount $option file new/a/file cat new/a/file
		assert_rc 0
		assertEquals source "$out"
		assertTrue '[ -f new/a/file ] && [ ! -s new/a/file ]'
		run $ns ns-bindmount $option source new/b/dir ls new/b/dir
		assert_rc 0
		assertEquals a "$out"
		assertTrue '[ -d new/b/dir ]'
		rm -r new
	done
	run $ns ns-bindmount -c /dev/null device sh -c '[ -c device ]'
	assert_rc 0
	assertTrue '[ -f device ]'
}

test_create_makes_nothing_that_is_there() {
	run $ns ns-bindmount -c source target ls target
	assert_rc 0
	assertEquals a "$out"
	run $ns ns-bindmount -c source target/sub/ ls target/sub
	assert_rc 0
	assertEquals a "$out"
	assertTrue '[ -d target/sub ]'
}

test_create_heeds_the_mode_mask() {
	run $ns sh -c 'umask 027; ns-bindmount -c source new/dir true; ns-bindmount -c file new/file true'
	assertEquals '750 750 640' "$(stat -c %a new new/dir new/file | tr '\n' ' ' | sed 's/ $//')"
}

test_create_needs_no_help_from_slashes_and_dots() {
	run $ns ns-bindmount -c source ".//new///x/../y//" ls new/y
	assert_rc 0
	assertEquals a "$out"
}

test_create_does_not_follow_a_link_that_leads_nowhere() {
	ln -s elsewhere link
	run $ns ns-bindmount -c source link true
	assert_rc 125
	assertTrue '[ ! -e elsewhere ] && [ -L link ]'
}

test_create_in_later_binds_is_inside_earlier_ones() {
	printf 'source\ttarget\nfile\ttarget/new/file\n' >list
	run $ns ns-bindmount -c -f list cat target/new/file
	assert_rc 0
	assertEquals source "$out"
	assertEquals '' "$(ls target)"
	assertTrue '[ -f source/new/file ]'
}

# left_after LINES: -c of a list of these, whose binds or COMMAND fail, leaves nothing behind.
left_after() {
	find . | sort >../before.$$
	printf '%b' "$1" >../list.$$
	shift
	run $ns ns-bindmount -c -f ../list.$$ "$@"
	assertNotEquals 0 "$rc"
	assertEquals '' "$out"
	assertEquals 'what -c made' "$(cat ../before.$$)" "$(find . | sort)"
	rm ../before.$$ ../list.$$
}

test_create_removes_what_it_made_when_a_bind_fails() {
	mkdir in
	cd in || return
	mkdir there
	good='../source\tone/two\n../file\tthere/three/four\n'
	left_after "../none\tfive/six\n$good" echo ran
	assert_rc 125
	left_after "../source\tone/two\n../none\tfive/six\n../file\tthere/three/four\n" echo ran
	assert_rc 125
	left_after "$good../none\tfive/six\n" echo ran
	assert_rc 125
	# inside of an earlier bind
	left_after "../source\tone\n../file\tone/new/file\n../none\tx\n" echo ran
	assert_rc 125
	assertEquals a "$(ls ../source)"
	# made, but not what it must be: the source is a file
	left_after "$good../file\tthere/seven/\n../file\tone/two\n" echo ran
	assert_rc 125
	assert_has_not "$err" 'cannot remove'
}

test_create_removes_what_it_made_when_command_fails_to_start() {
	mkdir in
	cd in || return
	left_after '../source\tone/two\n../file\tone/three\n' ./no-such-command
	assert_rc 127
	left_after '../source\tone/two\n' ../file
	assert_rc 126
	assertEquals "ns-bindmount: cannot run '../file': Permission denied
ns-bindmount: hint: '../file' has no execute permission: chmod +x" "$err"
}

test_create_leaves_what_somebody_else_put_there() {
	# the second bind fails after the first covers new: what is inside is the source's
	printf 'source\tnew\nnone\tx\n' >list
	run $ns ns-bindmount -c -f list true
	assert_rc 125
	assertEquals a "$(ls source)"
	assertTrue '[ ! -e new ]'
}

test_create_where_the_parent_is_a_file() {
	run $ns ns-bindmount -c source file/new true
	assert_rc 125
	assert_has "$err" "cannot bind 'source' on 'file/new': Not a directory"
}

# --- inside ---

test_inside_resolves_the_target_only() {
	mkdir -p root/etc
	for option in '-i root' '--inside=root' '-iroot'; do
		# shellcheck disable=SC2086 # two words
		run $ns ns-bindmount $option source /etc ls root/etc
		assert_rc 0
		assertEquals a "$out"
	done
	run $ns ns-bindmount -i root source etc ls root/etc
	assertEquals a "$out"
}

test_inside_absolute_links_and_dots_stay_inside() {
	mkdir -p root/deep outside root/outside
	ln -s "/outside" root/absolute
	ln -s ../../../../../../outside root/dots
	for name in absolute dots ../../outside /../../outside deep/../../../outside; do
		run $ns ns-bindmount -i root source "$name" sh -c 'ls root/outside; ls outside'
		assert_rc 0
		assertEquals "$name" a "$out"
	done
	ln -s "$work/outside" root/real
	run $ns ns-bindmount -i root source real true
	assert_rc 125
	assert_has "$err" "cannot bind 'source' on 'real': No such file or directory"
}

test_inside_loops_and_magic_links_are_refused() {
	mkdir root
	ln -s two root/one
	ln -s one root/two
	run $ns ns-bindmount -c -i root source one true
	assert_rc 125
	assert_has "$err" "ns-bindmount: cannot bind 'source' on 'one': "
	run $ns ns-bindmount -i / source "/proc/self/root$work/target" true
	assert_rc 125
	run $ns ns-bindmount -i / source "/proc/self/cwd/target" true
	assert_rc 125
	assertEquals '' "$(ls target)"
}

test_inside_create_makes_inside() {
	mkdir -p root outside
	ln -s "$work/outside" root/absolute
	ln -s ../outside root/dots
	for name in new/x ../new/x absolute/new dots/new; do
		run $ns ns-bindmount -c -i root source "$name" true
		assertEquals "$name" '' "$(ls outside)"
		assertTrue '[ ! -e new ]'
	done
	assertTrue '[ -d root/new/x ]'
	run $ns ns-bindmount -c -i root file new/file cat root/new/file
	assertEquals source "$out"
}

test_inside_removes_what_create_made() {
	mkdir root
	printf 'source\tnew/one\nfile\tnew/two\nnone\tx\n' >list
	run $ns ns-bindmount -c -i root -f list true
	assert_rc 125
	assertEquals '' "$(ls root)"
}

test_inside_of_earlier_binds() {
	mkdir -p root source/sub
	printf 'source\t/\nfile\t/a\n' >list
	run $ns ns-bindmount -i root -f list cat root/a
	assert_rc 0
	assertEquals source "$out"
}

test_inside_needs_a_directory() {
	for keep in '' -k; do
		run $ns ns-bindmount $keep -i nowhere source target true
		assert_rc 125
		assertEquals "ns-bindmount: cannot open 'nowhere': No such file or directory" "$err"
		run $ns ns-bindmount $keep -i file source target true
		assert_rc 125
		assertEquals "ns-bindmount: cannot open 'file': Not a directory" "$err"
	done
	run $ns ns-bindmount -i '' source target true
	assert_rc 125
	assert_has "$err" "''"
}

test_inside_holds_while_links_are_swapped() {
	mkdir -p root/flip root/flip2/sub outside/sub
	rmdir root/flip
	ln -s "$work/outside" root/flip
	run in_private '
		mkfifo said
		"$BUILD/helpers/swap-links" root/flip root/flip2 >said &
		exec 3<said
		read -r ready <&3
		i=0
		while [ $((i += 1)) -le 200 ]; do
			ns-bindmount -k -i root source flip/sub && echo bound
			ns-bindmount -k -c -i root file flip/sub$i/new && echo bound
		done 2>errors
		kill $!
		read -r count <&3
		wait
		echo "swapped $count"
		cat /proc/self/mountinfo'
	assert_rc 0
	assert_has "$out" bound
	assertTrue "swaps in: $out" "[ $(sed -n 's/^swapped //p' out) -ge 10000 ]"
	assertEquals outside/sub "$(find outside -mindepth 1)"
	assertEquals '' "$(mounted "$(cat out)" | grep -v ^root/)"
	# what it made may be under another name when it is to be removed; that is said
	assertEquals '' "$(grep -Ev "^ns-bindmount: (cannot bind|hint:|cannot remove)" errors)"
}

# --- keep ---

test_keep_acts_in_the_current_namespace() {
	run in_private 'ns-bindmount -k source target; echo $?; ls target
		ns-bindmount --keep file other cat other; cat other
		[ "$(ns-bindmount -k source target readlink /proc/self/ns/mnt)" = \
			"$(readlink /proc/self/ns/mnt)" ] && echo same'
	assert_rc 0
	assertEquals '0
a
source
source
same' "$out"
}

test_keep_passes_the_status_of_command() {
	run in_private 'ns-bindmount -k source target sh -c "exit 3"; echo $?'
	assertEquals 3 "$out"
}

test_keep_changes_no_propagation() {
	run in_shared 'ns-bindmount -k source target; peer >peer; here >here'
	assert_rc 0
	assertEquals '' "$out"
	assert_has "$(mounted "$(cat peer)")" target
	assert_has "$(mounted "$(cat here)")" target
	for word in slave private shared unchanged; do
		assert_usage "--propagation=$word" ns-bindmount -k -p $word source target
	done
}

# undone LINES COMMAND...: -k -c of these fails in a shared namespace; nothing is left in it
# nor in its peer.  Leaves state/status and state/messages.
undone() {
	mkdir state
	printf '%b' "$1" >list
	shift
	run in_shared '
		files() { find . -path ./state -prune -o -print | sort; }
		peer >state/peer1; here >state/here1; files >state/files1
		ns-bindmount -k -x -c -f list '"$*"' >state/said 2>state/messages
		echo $? >state/status
		peer >state/peer2; here >state/here2; files >state/files2'
	assert_rc 0
	assertEquals '' "$out"
	for what in here peer files; do
		assertEquals "$what; $(cat state/messages)" "$(cat state/${what}1)" "$(cat state/${what}2)"
	done
	assertEquals 'COMMAND ran' '' "$(cat state/said)"
	rm ready end
}

# binds MESSAGES, unbinds MESSAGES: on what, in order, according to explain mode.
binds() {
	sed -n 's/^ns-bindmount: move_mount(.*, "\([^"]*\)", MOVE.* = 0.*/\1/p' "$1"
}
unbinds() {
	sed -n 's/.*umount2(.* = 0 *# umount --lazy //p' "$1"
}

test_keep_undoes_all_when_the_first_bind_fails() {
	undone 'none\tx/y\nsource\ttarget\nfile\tnew/file\n' echo ran
	assertEquals 125 "$(cat state/status)"
	assertEquals '' "$(binds state/messages)"
}

test_keep_undoes_all_in_reverse_when_a_middle_bind_fails() {
	undone 'source\ttarget\nfile\tnew/file\nnone\tx/y\nsource\tnew/dir\n' echo ran
	assertEquals 125 "$(cat state/status)"
	assertEquals 'target
new/file' "$(binds state/messages)"
	assertEquals 'new/file
target' "$(unbinds state/messages)"
}

test_keep_undoes_all_in_reverse_when_the_last_bind_fails() {
	undone 'source\ttarget\nfile\ttarget/new/file\nsource\ttarget/x\nsource\tfile\n' echo ran
	assertEquals 125 "$(cat state/status)"
	assertEquals 'target
target/new/file
target/x' "$(binds state/messages)"
	assertEquals 'target/x
target/new/file
target' "$(unbinds state/messages)"
	assertEquals a "$(ls source)"
}

test_keep_undoes_a_stack_on_one_target() {
	run in_private 'printf "source\ttarget\nsource\ttarget\nsource\ttarget\nnone\tx\n" >list
		cat /proc/self/mountinfo >before
		ns-bindmount -k -f list -x; echo $?
		cat /proc/self/mountinfo >after'
	assertEquals 125 "$out"
	assertEquals "$(cat before)" "$(cat after)"
	assertEquals 'target
target
target' "$(unbinds err)"
	# each bind of a shared mount is seen in the source too
	undone 'source\ttarget\nsource\ttarget\nsource\ttarget\nnone\tx\n' echo ran
	assertEquals 125 "$(cat state/status)"
}

test_keep_undoes_all_when_command_does_not_start() {
	undone 'source\ttarget\nfile\tnew/file\n' ./no-such-command
	assertEquals 127 "$(cat state/status)"
	rm -r state
	undone 'source\ttarget\nfile\tnew/file\n' ./file
	assertEquals 126 "$(cat state/status)"
	assert_has_not "$(cat state/messages)" 'stays bound'
}

test_keep_undoes_inside() {
	mkdir -p root/there
	run in_private 'printf "source\tthere\nfile\tthere/new\nnone\tx\n" >list
		cat /proc/self/mountinfo >before
		ns-bindmount -k -c -i root -f list; echo $?
		cat /proc/self/mountinfo >after'
	assertEquals 125 "$out"
	assertEquals "$(cat before)" "$(cat after)"
	assertEquals a "$(ls source)"
}

test_keep_undoes_what_lies_over_its_own_path() {
	mkdir -p root
	for words in '../source .' '../source /' '-i . ../source .' '-i . ../source /'; do
		run in_private "cd root
			cat /proc/self/mountinfo >../before
			ns-bindmount -k $words /no-such
			cat /proc/self/mountinfo >../after"
		assertEquals "$words" "ns-bindmount: cannot run '/no-such': No such file or directory" "$err"
		assertTrue "$words" 'cmp before after'
	done
}

test_keep_is_all_or_nothing_when_it_is_killed() {
	mkdir many
	(cd many && seq 3000 | xargs mkdir)
	seq 3000 | sed "s:.*:source${tab}many/&:" >list
	run in_private 'ns-bindmount -k -f list &
		until grep -q "$work/many/1 " /proc/self/mountinfo; do :; done
		kill $!
		wait $! 2>/dev/null
		grep -c "$work/many/" /proc/self/mountinfo'
	case $out in 0 | 3000) assertTrue 0 ;; *) fail "$out binds of 3000" ;; esac
}

test_read_only_keep_is_never_writable_for_a_moment() {
	before 5.12 && return # --keep with options needs mount_setattr(2)
	echo x >written
	run in_private '
		awk "BEGIN { for (i = 0; i < 500; i++) print \"written\tdir/covered\" }" >list
		mkdir dir
		: >dir/covered
		mkfifo fifo
		watch() {
			"$BUILD/helpers/write-watcher" written dir/covered >fifo &
			exec 3<fifo
			read -r ready <&3
		}
		watched() {
			kill $!
			read -r said <&3
			wait
			echo "$1 $said"
		}
		for round in $(seq 20); do
			ns-bindmount -k dir dir
			watch
			ns-bindmount -k -r -f list || echo failed
			watched read-only
			umount -l dir
		done
		ns-bindmount -k written dir/covered
		watch
		watched writable'
	assert_rc 0
	assertEquals 20 "$(grep -c '^read-only [1-9][0-9]* 0$' out)"
	# the watcher sees one that is writable
	assertEquals 1 "$(grep -c '^writable [1-9][0-9]* [1-9]' out)"
	assertEquals 21 "$(grep -c . out)"
}

# --- what goes wrong ---

test_usage_mistakes() {
	assert_usage 'missing SOURCE and TARGET' ns-bindmount
	assert_usage 'missing SOURCE and TARGET' ns-bindmount -r
	assert_usage "missing TARGET after 'source'" ns-bindmount source
	assert_usage "SOURCE is empty: ''" ns-bindmount '' target true
	assert_usage "TARGET is empty: ''" ns-bindmount source '' true
	assert_usage '--null goes with --from' ns-bindmount -0 source target true
	assert_usage "unknown mount option 'suid'" ns-bindmount -o suid source target true
	assert_usage "unknown mount option ''" ns-bindmount -o '' source target true
	assert_usage "unknown mount option ''" ns-bindmount -o ro, source target true
	assert_usage "unknown mount option 'RO'" ns-bindmount -o RO source target true
	assert_usage "unknown mount option 'r'" ns-bindmount -o r source target true
	assert_usage "unknown mount option 'ro nosuid'" ns-bindmount -o 'ro nosuid' source target
	assert_usage "must be slave, private, shared or unchanged: 'rslave'" \
		ns-bindmount -p rslave source target true
	assert_usage "unchanged: ''" ns-bindmount --propagation= source target true
	assert_usage "unknown option '-Z'" ns-bindmount -Z source target
	assert_usage "unknown option '--bogus'" ns-bindmount --bogus source target
	assert_usage "ambiguous option '--re'" ns-bindmount --re source target
	for option in f o p i; do
		assert_usage "option '-$option' requires an argument" ns-bindmount -$option
	done
	for option in from options propagation inside; do
		assert_usage "option '--$option' requires an argument" ns-bindmount --$option
	done
	for option in null read-only recursive create keep; do
		assert_usage "option '--$option' does not take an argument: '--$option=x'" \
			ns-bindmount --$option=x
	done
}

test_a_missing_source() {
	run $ns ns-bindmount nowhere target true
	assert_rc 125
	assertEquals "ns-bindmount: cannot bind 'nowhere': No such file or directory" "$err"
	run $ns ns-bindmount file/x target true
	assert_rc 125
	assertEquals "ns-bindmount: cannot bind 'file/x': Not a directory" "$err"
}

test_a_missing_target() {
	run $ns ns-bindmount source nowhere true
	assert_rc 125
	assertEquals "ns-bindmount: cannot bind 'source' on 'nowhere': No such file or directory
ns-bindmount: hint: 'nowhere' does not exist: --create makes it" "$err"
}

test_a_file_on_a_directory_and_the_other_way() {
	run $ns ns-bindmount file target true
	assert_rc 125
	assert_has "$err" "ns-bindmount: cannot bind 'file' on 'target': "
	assert_has "$err" "hint: 'target' is a directory and 'file' is not: both must be, or neither"
	run $ns ns-bindmount source other true
	assert_rc 125
	assert_has "$err" "ns-bindmount: cannot bind 'source' on 'other': "
	assert_has "$err" "hint: 'source' is a directory and 'other' is not: both must be, or neither"
}

test_a_mount_namespace_goes_into_an_older_one() {
	run $ns ns-bindmount /proc/self/ns/mnt file true
	assert_rc 125
	assert_has "$err" 'hint: a mount namespace can be bound only in one that was made before it'
	mkfifo ready end
	# The kernel goes by numbers, which each CPU may take from a store of its own.
	cpu=$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')
	run taskset -c "$cpu" $ns ns-bindmount -p private target target sh -c '
		ns-tmpfs target sh -c "echo >ready; read -r x <end" &
		read -r x <ready
		ns-bindmount -k "/proc/$!/ns/mnt" file
		echo $?
		echo >end
		wait'
	assertEquals 0 "$out"
}

test_locked_mounts_below_the_source() {
	mkdir source/sub outer
	: >outer/deep
	run $ns ns-bindmount outer source/sub ns-user ns-bindmount source target true
	assert_rc 125
	assert_has "$err" "ns-bindmount: cannot bind 'source': Invalid argument"
	assert_has "$err" 'hint: it is unbindable, or has mounts below it that a user namespace may not uncover: --recursive takes them along'
	run $ns ns-bindmount outer source/sub ns-user ns-bindmount -R source target ls target/sub
	assert_rc 0
	assertEquals deep "$out"
}

test_without_privilege_the_hint_says_what_is_missing() {
	run unprivileged ns-bindmount source target true
	assert_rc 125
	assertEquals "ns-bindmount: cannot make a new mount namespace: Operation not permitted
ns-bindmount: hint: CAP_SYS_ADMIN is missing in the current user namespace: run it as root, or under ns-user" \
		"$err"
	run unprivileged ns-bindmount -k source target true
	assert_rc 125
	assert_has "$err" "ns-bindmount: cannot bind 'source'"
	assert_has "$err" 'hint: CAP_SYS_ADMIN is missing in the current user namespace'
	# it has the capability, but not where it counts
	run ns-user ns-bindmount -k source target true
	assert_rc 125
	assert_has "$err" 'Operation not permitted'
	assert_has "$err" 'hint: the current mount namespace belongs to a parent user namespace'
}

test_the_limit_is_named() {
	run ns-user sh -c 'echo 0 >/proc/sys/user/max_mnt_namespaces; ns-bindmount source target true'
	assert_rc 125
	assertEquals "ns-bindmount: cannot make a new mount namespace: No space left on device
ns-bindmount: hint: the limit user.max_mnt_namespaces is 0" "$err"
}

test_in_a_chroot_the_hint_says_so() {
	mkdir c c/host c/s c/t
	for name in bin lib lib32 lib64 usr; do ln -s "host/$name" c/$name; done
	run $ns ns-bindmount -R / c/host chroot c "/host$BUILD/ns-bindmount" s t true
	assert_rc 125
	assertEquals "ns-bindmount: cannot make all mounts slave: Invalid argument" \
		"$(printf '%s\n' "$err" | head -n 1)"
	assert_has "$err" 'hint: the root directory is no mount point (a chroot)'
	run $ns ns-bindmount -R / c/host chroot c "/host$BUILD/ns-bindmount" -p unchanged s t true
	assert_rc 0
}

test_a_failed_bind_runs_no_command() {
	printf 'source\ttarget\nnone\tx\n' >list
	run $ns ns-bindmount -f list sh -c ': >ran'
	assert_rc 125
	assertTrue '[ ! -e ran ]'
}

# shellcheck source=/dev/null
. "$SHUNIT2"
