#!/bin/sh
# SPDX-License-Identifier: ISC
# What must stay in step: --help, the getopt table, the manual and the
# completions of each tool, and the conventions that all tools share.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

compiled=$(sed -n 's/^TOOLS = //p' "$TOP/Makefile")
LC_ALL=C
export LC_ALL

# All of these print lines "LETTER LONG ARGUMENT", sorted: LETTER is - for none;
# ARGUMENT is no, required or optional.

# The rows of a table {"name", required_argument, NULL, 'c'}, and those of COMMON_OPTIONS.
options_of_table() {
	{
		sed -n '/struct option options\[\]/,/^}/p' "$TOP/cmd/$1.c"
		sed -n '/define COMMON_OPTIONS/,/^#define HELP/p' "$TOP/common/tool.h"
	} | tr -d '\n\t\\' | grep -o '{ *"[^}]*}' | sed "
		s/{ *\"\\([^\"]*\\)\", *\\([a-z]*\\)_argument, *NULL, *\\(.*\\)}/\\3 \\1 \\2/
		s/^'\\(.\\)'/\\1/
		s/^[A-Z_][A-Z_][A-Z_]* /- /" | sort
}

# The lines "  -n, --hostname=NAME    what it does" of --help.
options_of_help() {
	"$1" --help | sed -n '
		s/^  \(-.,\|   \) --\([a-z-]*\)\(\[\{0,1\}=*[A-Z:]*\)\]\{0,1\}  *.*/\1 \2 \3/
		t found
		d
		: found
		s/^-\(.\),/\1/
		s/^   /-/
		s/ \[=[A-Z:]*$/ optional/
		s/ =[A-Z:]*$/ required/
		s/ $/ no/
		p' | sort
}

# The items ".It Fl n , Fl Fl hostname Ns = Ns Ar NAME" of the manual.
options_of_manual() {
	sed -n '/^\.Sh DESCRIPTION/,/^\.Sh E/s/^\.It Fl //p' "$TOP/man/$1.1" | sed '
		s/ : Ns Ar [A-Z]*//g
		s/^\(.\) , Fl Fl /\1 /
		s/^Fl /- /
		s/ Ns = Ns Ar [A-Z]*$/ required/
		s/ Ns Op = Ns Ar [A-Z]*$/ optional/
		/ [a-z]*$/!s/$/ no/
		/^[^ ]* [^ ]*$/s/$/ no/' | sort
}

# The letters and the words of the manual's SYNOPSIS.
letters_of_synopsis() {
	sed -n '/^\.Sh SYNOPSIS/,/^\.Sh D/p' "$TOP/man/$1.1" | sed -n '
		s/^\.Op Fl Fl .*//
		s/^\.Op Fl \([A-Za-z0-9]*\) | \([A-Za-z0-9]\) | \([A-Za-z0-9]\)$/\1\2\3/p
		s/^\.Op Fl \([A-Za-z0-9]*\).*/\1/p
		s/^\.Fl h | V$/hV/p
		s/^\.Fl \([A-Za-z0-9]\) Ar.*/\1/p' | grep -o . | sort -u
}

# The list that bash chooses from: '-n --hostname= -k --keep', and whether = is there.
words_of_bash() {
	tr '\n\t' '  ' <"$TOP/completions/bash/$1" | grep -o "compgen -W '-[^']*'" | tail -n 1 |
		sed "s/.*-W '//; s/'//" | tr -s ' ' '\n' | sed 's/=$//' | sort
}

# {-n+,--hostname=}, {-k,--keep}, {'*-o+','*--options='}, '--pid-file=[...
words_of_zsh() {
	sed -n "s/^	\\('([^)]*)'\\)\\{0,1\\}{\\([^}]*\\)}.*/\\2/p; s/^	'\\(([^)]*)\\)\\{0,1\\}\\(--[a-z-]*=\\{0,1\\}\\)\\[.*/\\2/p" \
		"$TOP/completions/zsh/_$1" | tr -d "'*" | tr ',' '\n' | sed 's/[-+=]*$//' | sort
}

# complete -c ns-uts ... -s n -l hostname ...
words_of_fish() {
	sed -n 's/^complete -c .* -l \([a-z-]*\) .*/--\1/p' "$TOP/completions/fish/$1.fish" >fish
	sed -n 's/^complete -c .* -s \(.\) -l .*/-\1/p' "$TOP/completions/fish/$1.fish" | sort - fish
}

# As one set of words: -n, --hostname.
words_of_help() {
	options_of_help "$1" | awk '{ if ($1 != "-") print "-" $1; print "--" $2 }' | sort
}

test_help_lists_the_getopt_table() {
	for name in $compiled; do
		run options_of_table "$name"
		assertTrue "$name: no table" "[ $(printf '%s\n' "$out" | wc -l) -gt 3 ]"
		assertEquals "$name" "$out" "$(options_of_help "$name")"
	done
}

test_manual_lists_the_getopt_table() {
	for name in $compiled; do
		assertEquals "$name" "$(options_of_table "$name")" "$(options_of_manual "$name")"
	done
}

test_synopsis_has_all_letters() {
	for name in $compiled; do
		assertEquals "$name" "$(options_of_help "$name" | sed 's/ .*//; /^-$/d' | sort)" \
			"$(letters_of_synopsis "$name")"
		for word in $(options_of_help "$name" | sed -n 's/^- \([a-z-]*\) .*/\1/p'); do
			assert_has "$(sed -n '/^\.Sh SYN/,/^\.Sh D/p' "$TOP/man/$name.1")" ".Op Fl Fl $word"
		done
	done
}

test_help_and_manual_name_arguments_alike() {
	for name in $compiled; do
		"$name" --help | sed -n 's/^  ... --\([a-z-]*\)\[\{0,1\}=\([A-Z:]*\).*/\1 \2/p' | sort >help
		sed -n '/^\.Sh DESCRIPTION/,/^\.Sh E/s/^\.It Fl.* Fl \([a-z-]*\) .*= Ns Ar \(.*\)/\1 \2/p' \
			"$TOP/man/$name.1" | sed 's/ : Ns Ar /:/g' | sort >manual
		assertEquals "$name" "$(cat help)" "$(cat manual)"
	done
}

test_completions_list_the_getopt_table() {
	for name in $compiled; do
		words_of_help "$name" >words
		assertEquals "$name in bash" "$(cat words)" "$(words_of_bash "$name")"
		assertEquals "$name in zsh" "$(cat words)" "$(words_of_zsh "$name")"
		assertEquals "$name in fish" "$(cat words)" "$(words_of_fish "$name")"
	done
}

test_completions_know_which_options_take_an_argument() {
	for name in $compiled; do
		for word in $(options_of_help "$name" | sed -n 's/^. \([a-z-]*\) required$/\1/p'); do
			assert_has "$(cat "$TOP/completions/bash/$name")" "--$word="
			assert_has "$(cat "$TOP/completions/zsh/_$name")" "--$word="
			grep -Eq -- "-l $word (-x|-r)" "$TOP/completions/fish/$name.fish"
			assertEquals "fish: $name --$word has an argument" 0 $?
		done
		for word in $(options_of_help "$name" | sed -n 's/^. \([a-z-]*\) no$/\1/p'); do
			for file in bash/$name zsh/_$name; do
				assert_has_not "$(cat "$TOP/completions/$file")" "--$word="
			done
			grep -Eq -- "-l $word (-x|-r)" "$TOP/completions/fish/$name.fish"
			assertNotEquals "fish: $name --$word has no argument" 0 $?
		done
	done
}

test_help_is_short_and_goes_to_stdout() {
	for name in $compiled; do
		for option in -h --help; do
			run "$name" "$option"
			assert_rc 0
			assertEquals "$name $option on stderr" '' "$err"
			case $out in
			"Usage: $name "*) ;;
			*) fail "first line of $name $option: $out" ;;
			esac
			assertEquals "$name $option: longer than 79 columns" '' \
				"$(printf '%s\n' "$out" | grep -E '.{80}')"
			assertTrue "$name $option: more than a screen" \
				"[ $(printf '%s\n' "$out" | wc -l) -le 28 ]"
			for status in 125 "$name failed"; do assert_has "$out" "$status"; done
		done
	done
}

test_version_goes_to_stdout() {
	version=$(sed -n 's/^VERSION = //p' "$TOP/Makefile")
	for name in $compiled; do
		for option in -V --version; do
			run "$name" "$option"
			assert_rc 0
			assertEquals "$name (ns-tools) $version" "$out$err"
		done
	done
}

to_full() {
	"$@" >/dev/full
}

test_output_that_cannot_be_written_is_an_error() {
	for name in $compiled; do
		for option in --help --version; do
			run to_full "$name" "$option"
			assert_rc 125
			assertEquals "$name: cannot write to standard output: No space left on device" "$err"
		done
	done
}

test_usage_mistakes_are_one_line_and_the_pointer_to_help() {
	for name in $compiled; do
		assert_usage "unknown option '-%'" "$name" -%
		assert_usage "unknown option '--no-such-thing'" "$name" --no-such-thing
		assert_usage "unknown option '--no-such-thing=x'" "$name" --no-such-thing=x
		options_of_table "$name" >table
		while read -r letter word argument <&8; do
			case $argument in
			required)
				assert_usage "option '--$word' requires an argument" "$name" "--$word"
				[ "$letter" = - ] ||
					assert_usage "option '-$letter' requires an argument" "$name" "-$letter"
				;;
			no)
				assert_usage "option '--$word' does not take an argument: '--$word=x'" \
					"$name" "--$word=x"
				;;
			esac
		done 8<table
	done
}

test_one_double_dash_ends_the_options() {
	run ns-uts -k -- printf '%s\n' -- -x
	assert_rc 0
	assertEquals '--
-x' "$out"
	for prefix in ns-user 'ns-uts -k' "$ns ns-pidlab"; do
		# shellcheck disable=SC2086 # a chain
		run $prefix -- echo -x
		assertEquals "$prefix: $err" -x "$out"
		# without folders in PATH that a user may not search: that would be 126
		# shellcheck disable=SC2086
		run env PATH="$BUILD:/usr/bin:/bin" $prefix -- -- true
		assert_rc 127
		assert_has "$err" "cannot run '--'"
		# shellcheck disable=SC2086
		run $prefix echo -- -h
		assertEquals "$prefix: $err" '-- -h' "$out"
	done
}

test_readme_names_all_tools() {
	if [ -f "$TOP/README.md" ]; then
		for name in $compiled; do
			grep -Eq "^\|.*$name" "$TOP/README.md"
			assertEquals "no $name in README.md's table" 0 $?
		done
	else
		assertTrue 0
	fi
}

test_makefile_builds_what_is_in_cmd() {
	assertEquals "$(cd "$TOP/cmd" && echo *.c)" "$(echo "$compiled " | sed 's/ /.c /g; s/ $//')"
	for name in $compiled; do
		assertTrue "$name is not built" "[ -x '$BUILD/$name' ]"
	done
}

# The launcher's pipe is handed on to the tools that chain.c knows, and to nobody else.
test_chain_knows_all_our_tools_and_no_others() {
	for name in $compiled ns-lab ns-utsx env; do
		# shellcheck disable=SC2016 # for that script
		printf '#!/bin/sh\necho "${NS_READY:+handed on}"\n' >"$name"
		chmod +x "$name"
		# shellcheck disable=SC2086 # a chain
		run $ns ns-pidlab --pid-file=pid "./$name"
		assert_rc 0
		case " $compiled " in
		*" $name "*) assertEquals "$name" 'handed on' "$out" ;;
		*) assertEquals "$name" '' "$out" ;;
		esac
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
