#!/bin/sh
# SPDX-License-Identifier: ISC
# What bash, zsh and fish offer behind the tools' names.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

compiled=$(sed -n 's/^TOOLS = //p' "$TOP/Makefile")

set_up() {
	HOME=$work XDG_CONFIG_HOME=$work XDG_DATA_HOME=$work TERM=dumb
	PATH=$work/bin:$PATH
	export HOME XDG_CONFIG_HOME XDG_DATA_HOME TERM PATH
	saved_path=${saved_path-$PATH}
	mkdir bin here here/inner-folder here/other-folder
	: >here/inner-file
	printf '#!/bin/sh\n' >bin/ns-test-command
	chmod +x bin/ns-test-command
}

tear_down() {
	PATH=${PATH#"$work/bin:"}
}

# $work/lines holds command lines; what is offered at the end of each goes to offer.1, offer.2, ...

offer_bash() {
	cat >complete.bash <<-'END'
		. "$BASH_COMPLETION"
		for file in "$TOP"/completions/bash/*; do . "$file"; done
		compopt() { :; }
		cd here || exit
		n=0
		while IFS= read -r COMP_LINE; do
			# bash has = as a word of its own, and an empty one behind a blank
			read -ra COMP_WORDS <<<"${COMP_LINE//=/ = }"
			[[ $COMP_LINE != *' ' ]] || COMP_WORDS+=('')
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_POINT=${#COMP_LINE} COMPREPLY=()
			function=$(complete -p "${COMP_WORDS[0]}" | sed 's/.*-F \([^ ]*\).*/\1/')
			"$function" "${COMP_WORDS[0]}" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
			printf '%s\n' "${COMPREPLY[@]}" >../offer.$((n += 1))
		done <../lines
	END
	bash --norc --noprofile complete.bash
}

offer_fish() {
	cat >complete.fish <<-'END'
		for file in $TOP/completions/fish/*
			source $file
		end
		cd here
		set n 0
		while read --local line
			set n (math $n + 1)
			complete --do-complete $line | string replace -r '\t.*' '' >../offer.$n
		end <../lines
	END
	fish --no-config complete.fish
}

# In a terminal of its own, where what compadd gets is noted.
offer_zsh() {
	cat >inner.zsh <<-'END'
		PROMPT= LISTMAX=100000
		unsetopt beep
		fpath=("$TOP/completions/zsh" $fpath)
		autoload -Uz compinit
		compinit -u -D
		cd here
		compadd() {
			local -a hits
			if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
				builtin compadd -A hits "$@"
				print -rl -- $hits >>../offer.now
			fi
			builtin compadd "$@"
		}
		say_end() { print -n '@@end@@' >/dev/tty }
		set_end() { compprefuncs=(set_end) comppostfuncs=(say_end) } # both are used up each time
		set_end
		precmd() { print -n '@@ready@@' >/dev/tty }
	END
	cat >outer.zsh <<-'END'
		zmodload zsh/zpty
		zpty inner zsh -f -i
		zpty -w inner 'source ./inner.zsh'
		zpty -r inner text '*@@ready@@*' || exit
		n=0
		while IFS= read -r line; do
			: >offer.now
			zpty -w -n inner "$line"$'\t'
			zpty -r inner text '*@@end@@*' || exit
			zpty -w -n inner $'\x15' # kill-whole-line
			cp offer.now offer.$((n += 1))
		done <lines
		zpty -d inner
	END
	timeout 60 zsh -f outer.zsh
}

# offers SHELL LINE...: completes the lines; the answers sorted, without a = at the end.
offers() {
	shell=$1
	shift
	rm -f offer.*
	printf '%s\n' "$@" >lines
	run "offer_$shell"
	assertEquals "status of $shell, $err" 0 "$rc"
	for file in offer.[0-9]*; do
		# _arguments of zsh tries a lone - and -- of its own
		sed 's/=$//; s/ $//; /^-*$/d' "$file" | LC_ALL=C sort -u >sorted
		mv sorted "$file"
	done
	assertEquals "answers of $shell" $# "$(find . -maxdepth 1 -name 'offer.[0-9]*' | wc -l)"
}

has_shell() {
	command -v "$1" >/dev/null || { skip "no $1" && return 1; }
	[ "$1" != bash ] || [ -f "${BASH_COMPLETION-}" ] || { skip 'no bash-completion' && return 1; }
}

# The options of --help.
short_options() {
	"$1" --help | sed -n 's/^  \(-.\), --.*/\1/p'
}
long_options() {
	"$1" --help | sed -n 's/^  ....\(--[a-z][a-z-]*\).*/\1/p'
}

check_options() {
	has_shell "$1" || return 0
	set -- "$1"
	for name in $compiled; do set -- "$@" "$name -" "$name --"; done
	offers "$@"
	n=0
	for name in $compiled; do
		long_options "$name" | LC_ALL=C sort >long
		short_options "$name" | LC_ALL=C sort - long >all
		assertTrue "options of $name" '[ -s long ]'
		n=$((n + 2))
		assertEquals "$1: $name -" "$(cat all)" "$(cat offer.$((n - 1)))"
		assertEquals "$1: $name --" "$(cat long)" "$(cat offer.$n)"
	done
}

test_bash_offers_the_options_of_help() {
	check_options bash
}

test_zsh_offers_the_options_of_help() {
	check_options zsh
}

test_fish_offers_the_options_of_help() {
	check_options fish
}

# check_lines SHELL: lines, and what must be offered: words, with a - before it what must not.
check_lines() {
	has_shell "$1" || return 0
	shell=$1
	cat >table <<-'END'
		ns-bindmount -p |slave private shared unchanged
		ns-bindmount -kp s|slave shared -private
		ns-bindmount --propagation=u|unchanged -slave
		ns-bindmount --propagation pr|private -slave
		ns-bindmount -o no|nosuid nodev noexec noatime nosymfollow -ro
		ns-bindmount --options=r|ro rw -nodev
		ns-bindmount -i |inner-folder/ -inner-file
		ns-bindmount -f inner-f|inner-folder/ inner-file
		ns-bindmount inner-f|inner-folder/ inner-file
		ns-bindmount a inner-f|inner-folder/ inner-file
		ns-bindmount a ns-test-c|-ns-test-command
		ns-bindmount a b ns-test-c|ns-test-command
		ns-bindmount -r -o ro a b ns-test-c|ns-test-command
		ns-bindmount -rf list ns-test-c|ns-test-command
		ns-bindmount --from=list ns-test-c|ns-test-command
		ns-bindmount -f list -|--create -k
		ns-bindmount a b ns-test-command --|---create
		ns-bindmount a --|---create
		ns-join --pid-file inner-f|inner-folder/ inner-file
		ns-join -t 1 --uts ns-test-c|ns-test-command
		ns-join -u --wd=i|inner-folder/ -inner-file
		ns-join -t 1 -a ns-test-command --|---all
		ns-pidlab --pid-file=inner-f|inner-file
		ns-pidlab -i ns-test-c|ns-test-command
		ns-pidlab -- ns-test-c|ns-test-command
		ns-pidlab --no-proc --pid-file=f ns-test-c|ns-test-command
		ns-pivot inner-f|inner-folder/ -inner-file
		ns-pivot ns-test-c|-ns-test-command
		ns-pivot -P -o old new ns-test-c|ns-test-command
		ns-user -r ns-test-c|ns-test-command
		ns-user -K -u 0:1:2 -g 0:1:2 ns-test-c|ns-test-command
		ns-uts ns-test-c|ns-test-command
		ns-uts -n x ns-test-c|ns-test-command
		ns-uts -kn x ns-test-c|ns-test-command
		ns-uts --hostname=x ns-test-c|ns-test-command
		ns-uts --hostname x -s ns-test-c|ns-test-command
		ns-uts -n ns-test-c|-ns-test-command
		ns-uts -nx --k|--keep
		ns-user ns-uts -n x ns-bindmount -p sl|slave
		ns-user ns-uts -n x ns-pidlab --no-p|--no-proc
	END
	set --
	while IFS='|' read -r line words; do set -- "$@" "$line"; done <table
	offers "$shell" "$@"
	n=0
	while IFS='|' read -r line words; do
		n=$((n + 1))
		# some offer a folder with its slash, an argument with its option, a word with the list before it
		sed 's,/$,,; s/^--[a-z-]*=//; s/.*,//' "offer.$n" >offered
		for word in $words; do
			absent=0
			case $word in
			---*) absent=1 word=${word#-} ;;
			-[!-]?*) absent=1 word=${word#-} ;;
			esac
			grep -Fxq -e "${word%/}" offered
			assertEquals "$shell: '$line', '$word' among: $(cat "offer.$n")" "$absent" $?
		done
	done <table
}

test_bash_completes_arguments_operands_and_commands() {
	check_lines bash
}

test_zsh_completes_arguments_operands_and_commands() {
	check_lines zsh
}

test_fish_completes_arguments_operands_and_commands() {
	check_lines fish
}

# shellcheck source=/dev/null
. "$SHUNIT2"
