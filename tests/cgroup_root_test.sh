#!/bin/sh
# SPDX-License-Identifier: ISC
# ns-cgroup: joining cgroups, which root may make
# shellcheck disable=SC2016 # for inner shells
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

# Below our own cgroup of each hierarchy that may be written to: lines "VERSION NAME DIRECTORY".
set_up() {
	name=ns-test-$$
	while IFS=: read -r _ controllers path; do
		case $controllers in
		'') version=2 pattern=' - cgroup2 ' ;;
		*) version=1 pattern=" - cgroup .*[ ,]${controllers#name=}(,|$)" ;;
		esac
		mount=$(awk -v p="$pattern" '$0 ~ p && $4 == "/" { print $5; exit }' /proc/self/mountinfo)
		if [ -n "$mount" ] && [ -w "$mount${path%/}" ]; then
			echo "$version ${controllers:-unified} $mount${path%/}"
		fi
	done </proc/self/cgroup >hierarchies
}

tear_down() {
	[ -s "$work/hierarchies" ] || return 0
	while read -r _ _ dir; do
		for child in "$dir/$name/leaf" "$dir/$name/other" "$dir/$name"; do
			[ ! -d "$child" ] || eventually rmdir "$child" 2>/dev/null ||
				fail "$child is left"
		done
	done <"$work/hierarchies"
}

# hierarchy NUMBER|NAME: sets dir to our cgroup in the first of version NUMBER, or in that one.
hierarchy() {
	dir=$(awk -v which="$1" '$1 == which || $2 == which { print $3; exit }' hierarchies)
	[ -n "$dir" ] || { skip "no hierarchy $1 of cgroups to write to" && return 1; }
}

test_joins_a_cgroup_of_each_hierarchy() {
	tested=0
	mkfifo ready go
	while read -r version controllers dir <&8; do
		[ "$controllers" != cpuset ] || continue # has to be filled first
		mkdir "$dir/$name" || continue
		tested=$((tested + 1))
		ns-cgroup -j "$dir/$name" sh -c 'cat /proc/self/cgroup >inner; echo $$ >ready; read -r x <go' &
		read -r pid <ready
		assertEquals "$controllers" "$!" "$pid"
		assertEquals "$controllers inside" / "$(cut -d : -f 3 inner | sort -u)"
		case $version in
		1) outer=$(grep ":$controllers:" "/proc/$pid/cgroup") ;;
		2) outer=$(grep ^0:: "/proc/$pid/cgroup") ;;
		esac
		assertEquals "$controllers outside: $outer" "$name" "${outer##*/}"
		assertEquals "$controllers" "$pid" "$(cat "$dir/$name/cgroup.procs")"
		echo >go
		wait $!
		assertFalse "joined outside: $controllers" "grep -q '$name' /proc/self/cgroup"
		# a process of the old namespace sees that it is not below the root
		ns-cgroup sh -c 'echo $$ >ready; read -r x <go' &
		read -r pid <ready
		run ns-cgroup --join="$dir/$name" cat "/proc/$pid/cgroup"
		assert_has "$out" :/..
		echo >go
		wait $!
	done 8<hierarchies
	[ $tested -gt 0 ] || skip 'no cgroup can be made here'
}

test_joins_several_hierarchies_or_none() {
	set --
	want=0
	while read -r _ controllers dir <&8; do
		[ "$controllers" != cpuset ] || continue # has to be filled first
		mkdir "$dir/$name" || continue
		set -- "$@" -j "$dir/$name"
		want=$((want + 1))
	done 8<hierarchies
	[ $want -gt 0 ] || { skip 'no cgroup can be made here' && return; }
	mkfifo ready go
	ns-cgroup "$@" sh -c 'echo >ready; read -r x <go' &
	read -r _ <ready
	assertEquals "$want" "$(grep -c "/$name\$" "/proc/$!/cgroup")"
	echo >go
	wait $!
	# the last is found to be wrong before the first is joined
	run ns-cgroup -x "$@" -j "$work" true
	assert_rc 125
	assert_has_not "$err" 'write('
}

test_explain_says_the_write() {
	hierarchy 2 || hierarchy 1 || return 0
	mkdir "$dir/$name"
	run ns-cgroup -x -j "$dir/$name" true
	assert_rc 0
	assertEquals "ns-cgroup: write(FD<$dir/$name/cgroup.procs>, \"0\", 1) = 1   # echo \$\$ >$dir/$name/cgroup.procs" \
		"$(grep 'write(' err | sed 's/([0-9]*/(FD/')"
	ln -s "$dir/$name" 'a link'
	run ns-cgroup -x -j 'a link' true
	assert_has "$err" "# echo \$\$ >'a link'/cgroup.procs"
	rm 'a link'
}

test_an_empty_cpuset_is_named() {
	hierarchy cpuset || return 0
	mkdir "$dir/$name"
	[ -z "$(cat "$dir/$name/cpuset.cpus")" ] || { skip 'cpusets are filled by themselves' && return; }
	run ns-cgroup -j "$dir/$name" echo ran
	assert_rc 125
	assertEquals '' "$out"
	assertEquals "ns-cgroup: cannot join the cgroup '$dir/$name': No space left on device
ns-cgroup: hint: no disk is full: its cpuset.cpus or cpuset.mems is empty" "$err"
	cat "$dir/cpuset.cpus" >"$dir/$name/cpuset.cpus"
	cat "$dir/cpuset.mems" >"$dir/$name/cpuset.mems"
	run ns-cgroup -j "$dir/$name" echo ran
	assert_rc 0
}

test_an_invalid_cgroup_is_named() {
	hierarchy 2 || return 0
	mkdir "$dir/$name" "$dir/$name/leaf" "$dir/$name/other"
	echo threaded >"$dir/$name/leaf/cgroup.type"
	run ns-cgroup -j "$dir/$name/other" true
	assert_rc 125
	assertEquals "ns-cgroup: cannot join the cgroup '$dir/$name/other': Not supported
ns-cgroup: hint: its cgroup.type is domain invalid: write threaded to that first" \
		"$(sed 's/Operation not supported/Not supported/' err)"
	run ns-cgroup -j "$dir/$name/leaf" cat /proc/self/cgroup
	assert_rc 0
	assert_line "$out" 0::/
}

test_a_cgroup_that_hands_controllers_on_is_named() {
	hierarchy 2 || hierarchy 1 || return 0
	mkdir "$dir/$name"
	# a controller that could be handed on would have to be taken from the machine's cgroups
	command -v strace >/dev/null || { skip 'no strace' && return; }
	run strace -o trace -e trace=write -e inject=write:error=EBUSY:when=1 \
		ns-cgroup -j "$dir/$name" true
	assert_rc 125
	assert_has "$err" "ns-cgroup: cannot join the cgroup '$dir/$name': "
	assert_line "$err" \
		"ns-cgroup: hint: it hands controllers to its children (cgroup.subtree_control): join a leaf"
}

test_a_gone_cgroup() {
	hierarchy 2 || hierarchy 1 || return 0
	run ns-cgroup -j "$dir/$name" true
	assert_rc 125
	assertEquals "ns-cgroup: cannot join the cgroup '$dir/$name': No such file or directory" "$err"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
