#!/bin/sh
# SPDX-License-Identifier: ISC
# The build itself, in a copy of the tree.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

set_up() {
	unset MAKEFLAGS MFLAGS MAKELEVEL CC CFLAGS LDFLAGS
	mkdir tree
	tar -C "$TOP" --exclude=./.git --exclude=./build -cf - . | tar -xf - -C tree
}

# In the copy, without optimization: it is the build that is tested.
build() {
	run make -C tree CFLAGS=-O0 "$@"
}

cannot_build() {
	command -v make >/dev/null && command -v cc >/dev/null && return 1
	skip 'no make or no C compiler'
}

# only PROGRAM...: a folder with links to these.
only() {
	mkdir only
	for program; do
		ln -s "$(command -v "$program")" "only/$program"
	done
}

test_installs_and_uninstalls_the_same() {
	cannot_build && return
	(umask 077 && make -C tree CFLAGS=-O0 PREFIX=/p DESTDIR="$work/dest" install) >log 2>&1
	assertEquals "$(cat log)" 0 $?
	assertEquals 'not readable by all' '' "$(find dest ! -type l ! -perm -444)"
	assertEquals 'writable by others' '' "$(find dest ! -type l -perm /022)"
	for tool in tree/build/ns-*; do
		run "dest/p/bin/${tool##*/}" --version
		assert_rc 0
	done
	for page in tree/man/*.[17] tree/build/man/*.7; do
		assertTrue "$page" "[ -r dest/p/share/man/man${page##*.}/${page##*/} ]"
	done
	assertTrue '[ -r dest/p/share/bash-completion/completions/ns-uts ]'
	assertTrue '[ -r dest/p/share/zsh/site-functions/_ns-uts ]'
	assertTrue '[ -r dest/p/share/fish/vendor_completions.d/ns-uts.fish ]'
	mv tree/data tree/no-data # what is installed stands alone
	mv tree/build/rootfs tree/build/no-rootfs
	run dest/p/bin/ns-lab run pivot
	assert_rc 0
	mv tree/build/helpers tree/build/no-helpers
	run dest/p/bin/ns-lab claims OV-12
	assert_rc 0
	build PREFIX=/p DESTDIR="$work/dest" uninstall
	assert_rc 0
	assertEquals '' "$(find dest ! -type d)"
	assertEquals '' "$(find dest -name ns-tools)"
}

test_builds_again_what_has_changed() {
	cannot_build && return
	build
	assert_rc 0
	assert_has "$out" 'Compiler: '
	build
	assert_rc 0
	assert_has_not "$out" ' -c '
	assert_has_not "$out" 'Compiler: '
	touch tree/common/number.h
	build
	assert_has "$out" ' cmd/ns-join.c'
	assert_has_not "$out" ' common/explain.c'
	build CFLAGS=-O1
	assert_has "$out" ' common/explain.c'
	assert_has "$out" 'Compiler: '
}

test_builds_under_build_only() {
	cannot_build && return
	find tree ! -path 'tree/build/*' | sort >before
	build all helpers
	assert_rc 0
	build dist
	assert_rc 0
	tar -tzf tree/build/ns-tools-*.tar.gz >list
	assertTrue 'the Makefile is in it' "grep -q '^ns-tools-[0-9.]*/Makefile$' list"
	assertFalse 'what is built is not' "grep -q '/build/' list"
	build clean
	assert_rc 0
	assertEquals "$(cat before)" "$(find tree | sort)"
}

test_uses_musl_where_it_is() {
	cannot_build && return
	only make sh cc
	run env PATH="$work/only" make -C tree -n
	assert_rc 0
	assert_has "$out" "$work/only/cc -std=c11"
	assert_has_not "$out" ' -static'
	ln -s cc only/musl-gcc
	run env PATH="$work/only" make -C tree -n
	assert_has "$out" "$work/only/musl-gcc -std=c11"
	assert_has "$out" ' -static'
	run env PATH="$work/only" make -C tree -n CC=cc
	assert_has_not "$out" ' -static'
}

test_has_one_version() {
	version=$(sed -n 's/^VERSION = //p' "$TOP/Makefile")
	for tool in "$BUILD"/ns-*; do
		run "$tool" --version
		assertEquals "${tool##*/} (ns-tools) $version" "$out"
	done
}

test_makes_a_root_of_busybox() {
	busybox=$(command -v busybox) || { skip 'no busybox' && return; }
	only busybox sh ls cat cp chmod dirname ln mkdir mv rm
	mkdir build
	run env PATH="$work/only" sh tree/tests/fetch rootfs build
	assert_rc 0
	assertEquals "$busybox" "$(readlink only/busybox)"
	assertEquals 'README
bin' "$(ls build/rootfs)"
	assertEquals 'busybox
ls
sh' "$(ls build/rootfs/bin)"
	assertEquals README "$(ls build/rootfs/.oldrootfs)"
	run $ns ns-pivot build/rootfs ls /..
	assert_rc 0
	assertEquals 'README
bin' "$out"
}

test_makes_a_root_of_what_there_is() {
	only sh ls cat cp chmod dirname ln mkdir mv rm ldd grep bash
	mkdir build
	run env PATH="$work/only" sh tree/tests/fetch rootfs build
	assert_rc 0
	assertEquals 1 "$(printf '%s\n' "$err" | wc -l)"
	assert_has "$err" 'busybox-static: install it'
	assertEquals 'ls
sh' "$(ls build/rootfs/bin)"
	run $ns ns-pivot build/rootfs sh -c 'ls /bin; exit 7'
	assert_rc 7
	assertEquals 'ls
sh' "$out"
}

test_the_example_of_the_readme() {
	[ "$NS_TEST_MODE" = user ] || setpriv --reuid 54321 --clear-groups true || return
	cd tree || return
	mkdir build # the user may not be able to go where the tree is
	cp -R "$BUILD"/ns-* "$BUILD/rootfs" build
	awk '/^    \$ /, /^$/ { print substr($0, 5) }' README.md >../examples
	sed -n 's/^[$>] //p' ../examples >../commands
	sed '/^[$>] /d; /^$/d' ../examples >../expected
	assertTrue 'there are examples' '[ -s ../commands ] && [ -s ../expected ]'
	if [ "$NS_TEST_MODE" = root ]; then
		chmod 755 "$work"
		chown -R 54321 "$work"
		set -- setpriv --reuid 54321 --regid 54321 --clear-groups
	fi
	run "$@" env PATH="$PWD/build:/usr/bin:/bin" sh ../commands
	assertEquals "$(cat ../expected)" "$out"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
