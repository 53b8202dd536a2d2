#!/bin/sh
# SPDX-License-Identifier: ISC
# The corpus of tests/fuzz, once: what tests/fuzz/run starts with and what it has found.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

# build_targets: with the sanitizers, if the compiler has them.
build_targets() {
	flags='-O0 -g -fsanitize=address,undefined -fno-sanitize-recover=all'
	# shellcheck disable=SC2086 # words
	echo 'int main(void) { return 0; }' | cc -x c $flags -o probe - 2>/dev/null && ./probe || flags=-O0
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$TOP" B="$work/build" CC=cc CFLAGS="$flags" "$work/build/obj/common.a" || return
	for file in "$TOP"/tests/fuzz/*.c; do
		target=${file##*/} target=${target%.c}
		# shellcheck disable=SC2086 # words
		cc -std=c11 -D_GNU_SOURCE -DREPLAY -DVERSION='""' -I"$TOP" -w $flags \
			-o "$target" "$file" build/obj/common.a || return
	done
}

test_the_corpus() {
	! { command -v make && command -v cc; } >/dev/null && skip 'no make or no C compiler' && return
	run build_targets
	assert_rc 0 || return 0
	for folder in "$TOP"/tests/fuzz/corpus/*; do
		run env ASAN_OPTIONS=detect_leaks=0 "./${folder##*/}" "$folder"/*
		assert_rc 0
		assertEquals 'each file' "$(ls -d "$folder"/*)" "$err"
	done
}

test_each_target_has_a_corpus() {
	cd "$TOP/tests/fuzz/corpus" || return
	for target in *; do
		assertTrue "no $target.c" "[ -f ../$target.c ]"
	done
	for file in ../*.c; do
		target=${file##*/}
		assertTrue "no corpus for $target" "[ -d ${target%.c} ]"
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
