#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-tmpfs
# shellcheck disable=SC2016 # for inner shells
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	mkdir t
	: >t/below
}

tear_down() {
	[ -z "$work" ] || assertEquals 'mounts outside' '' "$(grep -F "$work" /proc/self/mountinfo)"
	[ -z "$work" ] || assertEquals 'files outside' below "$(ls "$work/t")"
}

test_target_is_empty_inside_only() {
	run $ns ns-tmpfs t sh -c 'ls -A t; : >t/made; ls t; stat -f -c %T t'
	assert_rc 0
	assertEquals 'made
tmpfs' "$out"
	assertEquals '' "$err"
}

test_makes_a_new_mount_namespace() {
	run $ns ns-tmpfs t readlink /proc/self/ns/mnt
	assert_rc 0
	assertNotEquals "$(readlink /proc/self/ns/mnt)" "$out"
}

test_is_always_nosuid_and_nodev() {
	run $ns ns-tmpfs t sh -c 'grep " $PWD/t " /proc/self/mounts'
	assert_rc 0
	assert_has "$out" "tmpfs $work/t tmpfs rw,nosuid,nodev,"
	assert_has_not "$out" noexec
	run $ns ns-tmpfs -o noexec t sh -c 'grep " $PWD/t " /proc/self/mounts'
	assert_has "$out" "tmpfs $work/t tmpfs rw,nosuid,nodev,noexec,"
	run $ns ns-tmpfs --options=noexec t sh -c 'cp /bin/true t; t/true'
	assert_rc 126
}

test_size_is_the_limit() {
	for size in 1m 1M 1024k 1024K 1048576; do
		run $ns ns-tmpfs -o size=$size t sh -c '
			stat -f -c "%S %b" t; head -c 1048576 /dev/zero >t/fits && echo fits
			head -c 1 /dev/zero >t/more 2>/dev/null || echo full'
		assertEquals "$size" 1048576 "$(awk 'NR == 1 { print $1 * $2 }' out)"
		assertEquals "$size" 'fits
full' "$(tail -n +2 out)"
	done
	run $ns ns-tmpfs -o size=1g t stat -f -c '%S %b' t
	assertEquals 1073741824 "$(awk '{ printf "%d", $1 * $2 }' out)"
	run $ns ns-tmpfs -o size=50% t stat -f -c %b t
	half=$out
	run $ns ns-tmpfs -o size=100% t stat -f -c %b t
	assertTrue "$half and $out" "[ $half -gt 0 ] && [ $((out - 2 * half)) -le 1 ]"
}

test_mode_is_that_of_the_root() {
	run $ns ns-tmpfs t stat -c %a t
	assertEquals 1777 "$out"
	for mode in 700 0700 755 1777 01777 2750 0; do
		run $ns ns-tmpfs -o mode=$mode t stat -c %a t
		assert_rc 0
		assertEquals "$mode" "$(printf '%o' "0${mode#0}")" "$out"
	done
}

test_options_add_up_and_the_last_counts() {
	run $ns ns-tmpfs -o size=2m,mode=700 -o noexec,size=1m t sh -c '
		stat -c %a t; stat -f -c "%S %b" t; grep -c " $PWD/t .*noexec" /proc/self/mounts'
	assert_rc 0
	assertEquals '700
1048576
1' "$(awk 'NR == 2 { $0 = $1 * $2 } 1' out)"
}

test_refuses_other_options() {
	for bad in '' x ro size size= size=x size=1x size=1kk size=-1 size=+1 'size= 1' size=1.5m size=% \
		size=1001% size=9223372036854775808 size=99999999999999999999 size=9007199254740992k \
		size=8796093022208m size=8589934592g mode mode= mode=8 mode=789 mode=17777 mode=10000 \
		mode=000777 mode=u+x noexec= noexec=1 noexe nosuid dev suid nr_inodes=1 uid=0; do
		assert_usage "mount option is not size=BYTES, mode=OCTAL or noexec: '$bad'" \
			ns-tmpfs -o "$bad" t true
	done
	assert_usage "noexec: 'mode=8'" ns-tmpfs -o mode=700,mode=8 t true
	assert_usage "noexec: 'size=x'" ns-tmpfs -o noexec --options=size=x,size=1m t true
	assert_usage "noexec: ''" ns-tmpfs -o size=1m, t true
	assert_usage "noexec: ''" ns-tmpfs -o noexec,,size=1m t true
}

test_the_largest_options_are_taken() {
	for list in size=9223372036854775807 size=8589934591g size=1000% size=0 mode=07777 mode=7777; do
		run $ns ns-tmpfs -o $list t true
		assert_rc 0
		assertEquals "$list" '' "$err"
	done
}

# in_shared COMMAND: a shell in a mount namespace whose mounts are shared; its own lines see t.
in_shared() {
	mkdir -p other
	run $ns ns-bindmount -p shared other other sh -c '
		seen() { grep -c "^[^-]* $PWD/t .* - tmpfs" /proc/self/mountinfo; }
		'"$1"
}

test_propagation_default_keeps_it_inside() {
	for option in '' '-p slave' '-p private' --propagation=shared; do
		in_shared "ns-tmpfs $option t sh -c ': >t/x'; seen"
		assertEquals "'$option'" 0 "$out"
	done
}

test_propagation_unchanged_leaks() {
	in_shared 'ns-tmpfs -p unchanged t true; seen; umount t'
	assertEquals 1 "$out"
}

test_propagation_says_what_comes_in() {
	for p in slave private shared; do
		run $ns ns-bindmount -p shared t t sh -c '
			mkfifo go back
			ns-tmpfs -p $1 t sh -c "echo >go; read -r x <back; grep -c \"$PWD/late .* - tmpfs\" /proc/self/mountinfo" &
			read -r x <go; mkdir late; mount -t tmpfs late late; echo >back; wait $!; umount late' sh $p
		[ $p = private ] && want=0 || want=1
		assertEquals "$p" "$want" "$out"
		rm -rf go back late
	done
}

test_keep_acts_in_the_current_namespace() {
	in_shared 'for option in -k --keep; do
			ns-tmpfs $option -o mode=700 t; echo $? $(seen) $(stat -c %a t)
			umount t
			ns-tmpfs $option t sh -c "ls t; exit 7"; echo $? $(seen)
			umount t
		done'
	assert_rc 0
	assertEquals '' "$err"
	assertEquals '0 1 700
7 1
0 1 700
7 1' "$out"
}

test_keep_is_undone_when_command_cannot_be_run() {
	in_shared '
		: >script; chmod +x script; echo x >script
		ns-tmpfs -k t /no/such; echo $? $(seen)
		ns-tmpfs -k t ./script; echo $? $(seen)
		cd t && ns-tmpfs -k . /no/such; echo $?; cd ..; seen
		ln -s t link; ns-tmpfs -k link /no/such; echo $? $(seen)
		ns-tmpfs -p unchanged t /no/such; echo $? $(seen)
		rm script'
	assertEquals '127 0
126 0
127
0
127 0
127 0' "$out"
	rm -f script link
}

test_keep_undoes_its_own_only() {
	in_shared 'ns-tmpfs -k t; ns-tmpfs -k t /no/such; echo $? $(seen); umount t'
	assertEquals '127 1' "$out"
}

test_keep_and_propagation_exclude_each_other() {
	assert_usage '--keep changes no propagation: --propagation=private' ns-tmpfs -k -p private t
	assert_usage '--keep changes no propagation: --propagation=slave' ns-tmpfs -p slave --keep t
}

test_the_outer_namespace_refuses_keep() {
	run ns-user ns-tmpfs -k t true
	assert_rc 125
	assertEquals "ns-tmpfs: cannot mount a tmpfs on 't': Operation not permitted
ns-tmpfs: hint: the current mount namespace belongs to a parent user namespace: leave out --keep for one of your own" "$err"
}

test_usage_mistakes() {
	assert_usage 'missing TARGET' ns-tmpfs
	assert_usage 'missing TARGET' ns-tmpfs -k
	assert_usage "TARGET is empty: ''" ns-tmpfs ''
	assert_usage "propagation must be slave, private, shared or unchanged: 'x'" ns-tmpfs -p x t
	assert_usage "unknown option '-Z'" ns-tmpfs -Z t
	assert_usage "option '-o' requires an argument" ns-tmpfs -o
}

test_bad_targets() {
	: >file
	run $ns ns-tmpfs none echo ran
	assert_rc 125
	assertEquals "ns-tmpfs: cannot mount a tmpfs on 'none': No such file or directory" "$err"
	assertEquals '' "$out"
	run $ns ns-tmpfs file echo ran
	assert_rc 125
	assertEquals "ns-tmpfs: cannot mount a tmpfs on 'file': Not a directory" "$err"
	for root in / /.. /proc/self/root; do
		run $ns ns-tmpfs $root echo ran
		assert_rc 125
		assertEquals "ns-tmpfs: cannot mount a tmpfs on '/': nobody would see it, paths begin below it" \
			"$err"
	done
}

test_the_limit_of_mounts_is_named() {
	max=$(cat /proc/sys/fs/mount-max) || { skip 'no fs.mount-max' && return; }
	[ "$max" -le 200000 ] || { skip "fs.mount-max is $max" && return; }
	mkdir full
	# trees of 1, 3, 7, ... mounts until one is too large, then as many of each as there is room for
	run $ns ns-tmpfs -p private full sh -c '
		cd full && mkdir 0 rest && ns-bindmount -k 0 0 || exit
		n=0
		while mkdir $((n + 1)) && ns-tmpfs -k $((n + 1)) && mkdir $((n + 1))/a $((n + 1))/b &&
			ns-bindmount -k -R $n $((n + 1))/a && ns-bindmount -k -R $n $((n + 1))/b; do
			n=$((n + 1))
		done 2>/dev/null
		while [ $n -ge 0 ]; do
			while ns-bindmount -k -R $n rest; do :; done 2>/dev/null
			n=$((n - 1))
		done
		ns-tmpfs -k 0; echo $?'
	assertEquals 125 "$out"
	assertEquals "ns-tmpfs: cannot mount a tmpfs on '0': No space left on device
ns-tmpfs: hint: no disk is full: the limit fs.mount-max is reached" "$err"
}

test_explain_says_the_calls() {
	run $ns ns-tmpfs -x -o size=1m,noexec t true
	assert_rc 0
	assertEquals 'ns-tmpfs: unshare(CLONE_NEWNS) = 0
ns-tmpfs: mount(NULL, "/", NULL, MS_REC|MS_SLAVE, NULL) = 0
ns-tmpfs: mount("tmpfs", "t", "tmpfs", MS_NOSUID|MS_NODEV|MS_NOEXEC, "size=1m") = 0' \
		"$(grep -v execve err | sed 's/  *# .*//')"
	assert_has "$err" '# mount -t tmpfs -o nosuid,nodev,noexec,size=1m tmpfs t'
	in_shared 'ns-tmpfs -x -k t /no/such'
	assert_has "$(printf '%s\n' "$err" | sed 's/[0-9]*", MNT/N", MNT/')" \
		'ns-tmpfs: umount2("/proc/self/fd/N", MNT_DETACH) = 0'
	assert_has "$err" "# umount --lazy $work/t"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
