#!/bin/sh
# SPDX-License-Identifier: ISC
# What every tool promises.
# shellcheck disable=SC2016,SC2317,SC3045 # scripts of inner shells; checks called by name; ulimit -c
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

TOOLS= # all that are compiled
for tool in "$BUILD"/ns-*; do
	case $tool in */ns-lab) ;; *) TOOLS="$TOOLS ${tool##*/}" ;; esac
done

set_up() {
	mkdir s t
	helpers=$BUILD/helpers
	SHELL=/bin/sh
	# nothing that this user may not search: that would be 126, not 127
	found_path=$PATH
	PATH=$BUILD:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
	export SHELL PATH
}

tear_down() {
	PATH=$found_path # shunit2 wants its own
	[ -z "$work" ] || assertEquals 'mounts outside' '' "$(grep -F "$work" /proc/self/mountinfo)"
}

# each CHECK: calls CHECK with a chain of each tool, and of each way to run a command; the old
# root is the new one of ns-pivot, so that COMMAND is there.
each() {
	for chain in "$ns ns-uts" "$ns ns-bindmount s t" "$ns ns-pivot /" ns-user \
		"$ns ns-uts ns-join --uts=/proc/self/ns/uts" \
		"$ns ns-pidlab -i ns-join --pid=/proc/self/ns/pid" \
		"$ns ns-pidlab" "$ns ns-pidlab -i"; do
		# shellcheck disable=SC2086 # words
		"$1" $chain
	done
}

# The tool that the words of a chain end with.
last_tool() {
	for word; do
		case $word in ns-*) tool=$word ;; esac
	done
	echo "$tool"
}

# --- help, version, options ---

test_help_goes_to_stdout() {
	for tool in $TOOLS; do
		run "$tool" --help
		assert_rc 0
		assertEquals '' "$err"
		assertEquals "Usage: $tool [OPTION]..." "$(head -n 1 out | cut -d ' ' -f 1-3)"
		assertEquals "longest line of $tool --help" '' "$(grep -E '.{80}' out)"
		assert_has "$out" 'Exit status: '
		whole=$out
		run "$tool" -h
		assertEquals "$whole" "$out"
		for option in -x,\ --explain -h,\ --help -V,\ --version; do
			assert_has "$out" "  $option "
		done
	done
}

test_version_goes_to_stdout() {
	for tool in $TOOLS; do
		for option in -V --version; do
			run "$tool" $option
			assert_rc 0
			assertEquals '' "$err"
			assertEquals 'one line' 1 "$(grep -Ecx "$tool \(ns-tools\) [0-9]+[.0-9]*" out)"
		done
	done
}

test_a_failed_write_to_stdout_is_an_error() {
	for tool in $TOOLS; do
		for option in --help -V; do
			rc=0
			"$tool" $option >/dev/full 2>err || rc=$?
			assertEquals 125 $rc
			assertEquals "$tool: cannot write to standard output: No space left on device" \
				"$(cat err)"
			rc=0
			"$tool" $option >&- 2>err || rc=$?
			assertEquals 125 $rc
			assertEquals "$tool: cannot write to standard output: Bad file descriptor" \
				"$(cat err)"
		done
	done
	rc=0
	ns-uts -s >/dev/full 2>err || rc=$?
	assertEquals 125 $rc
}

test_unknown_options() {
	odd=$(printf 'no\t\303such')
	for tool in $TOOLS; do
		assert_usage "unknown option '-Z'" "$tool" -Z
		assert_usage "unknown option '-Z'" "$tool" -xZ
		assert_usage "unknown option '--no-such'" "$tool" --no-such
		assert_usage "unknown option '--no-such=x'" "$tool" --no-such=x true
		assert_usage "unknown option '--no\\011\\303such'" "$tool" "--$odd"
		assert_usage "unknown option '-\\001'" "$tool" "-$(printf '\001')"
		assert_usage "option '--help' does not take an argument: '--help=x'" "$tool" --help=x
	done
	assert_usage "unknown option '-\\303" ns-uts "-$(printf '\303\251')"
}

test_options_end_at_the_first_operand() {
	check() {
		run "$@" echo -x --help -n --no-such -- -V
		assert_rc 0
		assertEquals '-x --help -n --no-such -- -V' "$out"
	}
	each check
}

test_one_double_dash_before_the_first_operand() {
	run ns-uts -k -- echo -- x
	assert_rc 0
	assertEquals '-- x' "$out"
	run $ns ns-bindmount -r -- s t echo --
	assertEquals -- "$out"
	run $ns ns-pivot -- / echo --
	assertEquals -- "$out"
	run ns-user -- ns-uts -- ns-pidlab -- echo ok
	assertEquals ok "$out"
	run ns-uts -k -- -- echo
	assert_rc 127
	assert_has "$err" "ns-uts: cannot run '--': "
	run $ns ns-bindmount s t -- echo
	assert_rc 127
}

test_words_of_the_user_are_quoted() {
	run ns-uts -k "$(printf 'a\tb\n\303\251\\\047"\177')"
	assert_rc 127
	assertEquals "ns-uts: cannot run 'a\\011b\\012\\303\\251\\134\\047\"\\177': No such file or directory" \
		"$err"
	assert_usage "'\\033[31m'" ns-uts -n "$(printf '\033[31m')"
}

# --- statuses ---

# statuses LIST CHAIN...: those of LIST that come out as others.
statuses() {
	list=$1 bad=
	shift
	for i in $list; do
		rc=0
		"$@" /bin/sh -c "exit $i" || rc=$?
		[ $rc = "$i" ] || bad="$bad $i:$rc"
	done
	assertEquals "$*" '' "$bad"
}

test_every_exit_status_passes_through() {
	for chain in "$ns ns-uts" "$ns ns-pidlab" "$ns ns-pidlab -i"; do
		# shellcheck disable=SC2086 # words
		statuses "$(seq 0 255)" $chain
	done
	check() {
		statuses '0 1 2 3 63 64 124 125 126 127 128 129 137 143 192 254 255' "$@"
	}
	each check
}

test_a_signal_that_kills_command_passes_through() {
	check() {
		case $* in *ns-pidlab) return ;; esac # PID 1 cannot kill itself
		for n in 1 2 3 6 9 11 13 14 15 40 64; do
			run "$helpers/signals" status "$@" "$helpers/signals" raise "$n"
			assertEquals "$*" "signal $n" "$out"
		done
	}
	ulimit -c 0
	each check
	run ns-uts -k sh -c 'kill -9 $$'
	assert_rc 137
}

test_not_found_is_127_and_not_executable_126() {
	echo 'echo ran' >script
	check() {
		run "$@" no-such-command
		assert_rc 127
		assert_line "$err" "$(last_tool "$@"): cannot run 'no-such-command': No such file or directory"
		run "$@" "$work/no/such"
		assert_rc 127
		run "$@" "$work/script"
		assert_rc 126
		assert_line "$err" "$(last_tool "$@"): cannot run '$work/script': Permission denied"
		assertEquals '' "$out"
	}
	each check
}

test_an_error_of_the_tool_is_125() {
	for tool in $TOOLS; do
		run "$tool" --no-such
		assert_rc 125
	done
	run ns-bindmount nowhere t true
	assert_rc 125
}

# --- the search for COMMAND ---

# program DIR NAME MODE: a script there that says where it is.
program() {
	mkdir -p "$1"
	printf '#!/bin/sh\necho "%s"\n' "$1" >"$1/$2"
	chmod "$3" "$1/$2"
}

# with_path PATH WORD...: runs a tool, found without PATH.
with_path() {
	path=$1
	shift
	run env PATH="$path" "$BUILD/ns-uts" -k "$@"
}

test_path_is_searched_in_order() {
	program one odd 755
	program two odd 755
	with_path "$work/one:$work/two" odd
	assertEquals "one" "$out"
	with_path "$work/two:$work/one" odd
	assertEquals "two" "$out"
	with_path "/no/such:$work/script:$work/two" odd
	assertEquals "two" "$out"
}

test_empty_elements_of_path_are_the_current_directory() {
	program . odd 755
	program two odd 755
	for path in '' ':/bin' '/bin:' '/no/such::/bin' ":$work/two"; do
		with_path "$path" odd
		assert_rc 0
		assertEquals "PATH='$path'" . "$out"
	done
	with_path "$work/two:" odd
	assertEquals two "$out"
}

test_an_unset_path_has_a_default() {
	run env -u PATH "$BUILD/ns-uts" -k sh -c 'echo ran'
	assert_rc 0
	assertEquals ran "$out"
	program . odd 755
	run env -u PATH "$BUILD/ns-uts" -k odd
	assert_rc 127
}

test_permission_denied_is_remembered() {
	program one odd 644
	program two odd 755
	with_path "$work/one:$work/two" odd
	assert_rc 0
	assertEquals two "$out"
	with_path "$work/one:/no/such" odd
	assert_rc 126
	assertEquals "ns-uts: cannot run 'odd': Permission denied
ns-uts: hint: '$work/one/odd' has no execute permission: chmod +x" "$err"
}

test_elements_of_path_that_lead_nowhere() {
	: >file
	ln -s loop loop
	program two odd 755
	with_path "$work/file:$work/loop:/$(printf '%05000d' 0):$work/two" odd
	assert_rc 0
	assertEquals two "$out"
	with_path "$work/file:$work/loop:/$(printf '%05000d' 0)" odd
	assert_rc 127
}

test_a_slash_means_no_search() {
	program one odd 755
	with_path "$work" one/odd
	assertEquals one "$out"
	with_path "$work/one" ./odd
	assert_rc 127
}

test_an_empty_command_is_not_found() {
	run ns-uts -k ''
	assert_rc 127
	assertEquals "ns-uts: cannot run '': No such file or directory" "$err"
}

test_a_directory_is_no_command() {
	for name in ./s "$work/s" /; do
		run ns-uts -k "$name"
		assert_rc 126
		assertEquals "ns-uts: cannot run '$name': Permission denied
ns-uts: hint: '$name' is a directory" "$err"
	done
	with_path "$work:/no/such" s
	assert_rc 126
	program two s 755
	with_path "$work:$work/two" s
	assertEquals two "$out"
}

test_a_script_without_a_first_line() {
	echo 'echo ran' >script
	chmod 755 script
	run ns-uts -k ./script
	assert_rc 126
	assertEquals "ns-uts: cannot run './script': Exec format error
ns-uts: hint: a script needs a first line such as #!/bin/sh; or run it as: sh './script'" "$err"
	assertEquals '' "$out"
	with_path "$work:/bin" script
	assert_rc 126
	: >script
	run ns-uts -k ./script
	assert_rc 126
}

test_a_missing_interpreter_is_named() {
	printf '#! /no/such/interpreter -x\n' >script
	chmod 755 script
	run ns-uts -k ./script
	assert_rc 127
	assertEquals "ns-uts: cannot run './script': No such file or directory
ns-uts: hint: './script' is there, but its interpreter '/no/such/interpreter' is not" "$err"
	"$helpers/odd-file" interpreter program
	run ns-uts -k ./program
	assert_rc 127
	assertEquals "ns-uts: cannot run './program': No such file or directory
ns-uts: hint: './program' is there, but its interpreter '/no/such/loader' is not" "$err"
	with_path "$work:/no/such" program
	assert_rc 127
	assert_has "$err" "hint: '$work/program' is there, but its interpreter '/no/such/loader' is not"
}

test_an_interpreter_that_cannot_be_executed_is_named() {
	printf '#!%s/script\n' "$work" >outer
	: >script
	chmod 755 outer
	run ns-uts -k ./outer
	assert_rc 126
	assertEquals "ns-uts: cannot run './outer': Permission denied
ns-uts: hint: its interpreter '$work/script' cannot be executed" "$err"
}

test_a_program_for_another_machine() {
	for kind in dynamic foreign; do
		"$helpers/odd-file" $kind program
		run ns-uts -k ./program
		assert_rc 126
		assertEquals "ns-uts: cannot run './program': Exec format error
ns-uts: hint: it is for another kind of machine" "$err"
	done
}

test_other_failures_of_exec_are_126() {
	cp "$helpers/signals" busy
	run ns-uts -k ./busy 3>>busy
	assert_rc 126
	assertEquals "ns-uts: cannot run './busy': Text file busy" "$err"
	ln -s loop loop
	run ns-uts -k ./loop
	assert_rc 126
	run ns-uts -k "./$(printf '%05000d' 0)"
	assert_rc 126
}

test_without_command_a_shell() {
	program . mine 755
	echo 'echo "$0" $#' >input
	check() {
		run env SHELL="$work/mine" "$@" <input
		assert_rc 0
		assertEquals "$*" . "$out"
		run env SHELL= "$@" <input
		assertEquals "$*" '/bin/sh 0' "$out"
		run env -u SHELL "$@" <input
		assertEquals "$*" '/bin/sh 0' "$out"
	}
	each check
	run env SHELL=/no/such/shell $ns ns-uts <input
	assert_rc 127
	assert_has "$err" "ns-uts: cannot run '/no/such/shell': No such file or directory"
}

# --- what is handed on ---

# The words before and after a chain: odd signals, and the program that says what it has got.
started() {
	env no-name=x "$helpers/signals" set -b 10 -b 40 -b 2 -i 1 -i 17 -i 50 "$@" \
		5<input 7<>fifo 9>>other
}

test_everything_is_handed_on_as_found() {
	echo x >input
	mkfifo fifo
	umask 027
	ulimit -c 0
	EMPTY='' ODD=$(printf 'a\tb\n\303\050 \\')
	export EMPTY ODD
	run started "$helpers/inherited" "$work/expected"
	assert_rc 0
	check() {
		rm -f got
		run started "$@" "$helpers/inherited" "$work/got"
		assert_rc 0
		assertEquals '' "$out$err"
		case $* in *ns-pivot*) sed -i "s:^cwd /\$:cwd $work:" got ;; esac
		assertEquals "$*" '' "$(diff expected got)"
	}
	each check
}

test_no_descriptor_leaks_from_a_whole_chain() {
	echo x >input
	mkfifo fifo
	run started "$helpers/inherited" "$work/expected"
	printf 's\tt\n' >list
	run started $ns ns-pidlab -i --pid-file=pid ns-uts -n x ns-bindmount -c -f list \
		ns-bindmount -i s -k -c input new ns-uts -d y ns-user ns-pivot / "$helpers/inherited" "$work/got"
	assert_rc 0
	sed -i "s:^cwd /\$:cwd $work:" got
	assertEquals '' "$(diff expected got)"
}

test_a_false_ready_pipe_is_not_believed() {
	echo x >input
	for value in '' x 3 5:1:1 5:x:y 999999999999:1:1 1:1:1 -1:0:0; do
		run env NS_READY="$value" ns-uts -k sh -c 'echo "${NS_READY-unset}"; cat <&5' 5<input
		assert_rc 0
		assertEquals "NS_READY=$value" 'unset
x' "$out"
	done
}

# --- closed descriptors ---

test_closed_descriptors_stay_closed() {
	check() {
		rm -f got
		"$@" "$helpers/inherited" "$work/got" <&-
		assertEquals "$*" 0 $?
		assertEquals "$* 0" '' "$(grep '^fd 0 ' got)"
		assertEquals 2 "$(grep -c '^fd [12] ' got)"
		"$@" "$helpers/inherited" "$work/got" >&-
		assertEquals "$*" 0 $?
		assertEquals "$* 1" '' "$(grep '^fd 1 ' got)"
		"$@" "$helpers/inherited" "$work/got" 2>&-
		assertEquals "$*" 0 $?
		assertEquals "$* 2" '' "$(grep '^fd 2 ' got)"
		"$@" "$helpers/inherited" "$work/got" <&- >&- 2>&-
		assertEquals "$*" 0 $?
		assertEquals "$* all" '' "$(grep '^fd [0-2] ' got)"
	}
	each check
}

test_messages_to_a_closed_descriptor_go_nowhere() {
	check() {
		rc=0
		NS_EXPLAIN=1 "$@" "$helpers/inherited" "$work/got" <&- >&- 2>&- || rc=$?
		assertEquals "$*" 0 "$rc"
		assertEquals "$*" '' "$(grep '^fd [0-2] ' got)"
		rc=0
		NS_EXPLAIN=1 "$@" no-such-command 2>&- || rc=$?
		assertEquals "$*" 127 "$rc"
	}
	each check
	echo x >source
	rc=0
	printf 'source\ttarget\n' |
		NS_EXPLAIN=1 $ns ns-bindmount -c -f - no-such-command 2>&- || rc=$?
	assertEquals 127 $rc
	rc=0
	NS_EXPLAIN=1 $ns ns-pidlab --pid-file=pid ns-uts -n x sh -c 'exit 3' 2>&- || rc=$?
	assertEquals 3 $rc
	assertEquals 'what is in the file' 1 "$(grep -cx '[0-9]*' pid)"
	assertEquals 1 "$(wc -l <pid | tr -d ' ')"
	assertEquals x "$(cat source)"
}

# --- explain mode ---

test_explain_of_a_chain_says_who_did_what() {
	run env NS_EXPLAIN=1 $ns ns-uts -n box ns-bindmount s t echo ran
	assert_rc 0
	assertEquals ran "$out"
	assertEquals 'ns-bindmount
ns-uts' "$(sed 's/:.*//' err | sort -u | grep -v ns-user)"
	assert_line "$(sed 's/ *#.*//' err)" 'ns-uts: sethostname("box", 3) = 0'
	assert_line "$(sed 's/ *#.*//' err)" 'ns-bindmount: unshare(CLONE_NEWNS) = 0'
	assertEquals 'order' 'ns-uts ns-bindmount' \
		"$(sed 's/:.*//' err | grep -v ns-user | uniq | tr '\n' ' ' | sed 's/ $//')"
}

test_explain_by_the_environment_only_when_it_is_1() {
	for value in '' 0 2 yes 11; do
		run env NS_EXPLAIN="$value" $ns ns-uts true
		assert_rc 0
		assertEquals "NS_EXPLAIN=$value" '' "$err"
	done
}

test_explain_by_option_is_of_one_tool() {
	for option in -x --explain; do
		run $ns ns-uts $option ns-bindmount s t true
		assert_rc 0
		assertEquals ns-uts "$(sed 's/:.*//' err | sort -u)"
	done
}

test_success_is_silent() {
	check() {
		run "$@" true
		assert_rc 0
		assertEquals "$*" '' "$out$err"
	}
	each check
}

# shellcheck source=/dev/null
. "$SHUNIT2"
