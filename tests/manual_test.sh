#!/bin/sh
# SPDX-License-Identifier: ISC
# The manual: its examples are run, its messages are those of the tools.
#
# EXAMPLES: each .Bd -literal display is one session of a shell in a folder of
# its own with data and build.  A line that begins with "$ " is a command, "> "
# goes on with it, the others are what it prints.
#
# DIAGNOSTICS: a comment '.\" $ COMMAND' before an .It is a command that prints
# that message; '.\" root $ ' and '.\" user $ ' are for that kind of user only.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

tab=$(printf '\t')
compiled=$(sed -n 's/^TOOLS = //p' "$TOP/Makefile")

# In a folder of its own; what root does by mistake stays in namespaces of its own.
in_a_box() {
	rm -rf "$work/box"
	mkdir "$work/box"
	cp -R "$TOP/data" "$work/box/data"
	ln -s "$BUILD" "$work/box/build"
	case $NS_TEST_MODE in
	root) set -- ns-uts ns-bindmount "$work" "$work" env -C "$work/box" "$@" ;;
	*) set -- env -C "$work/box" "$@" ;;
	esac
	run env -u NS_EXPLAIN -u NS_READY LC_ALL=C SHELL=/bin/sh \
		PATH="$BUILD:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" "$@" </dev/null
}

# section PAGE NAME: the lines of a section.
section() {
	awk -v name="$2" '/^\.Sh / { on = $0 == ".Sh " name; next } on' "$1"
}

# The escapes that the pages use, as they are printed.
without_escapes() {
	sed "s/\\\\(aq/'/g; s/\\\\&//g; s/\\\\e/\\\\/g"
}

# displays PAGE: writes the displays of EXAMPLES to display.1, display.2, ...; sets count.
displays() {
	rm -f "$work"/display.*
	section "$1" EXAMPLES | without_escapes | awk -v to="$work/display." '
		/^\.Bd -literal/ { n++; on = 1; next }
		/^\.Ed/ { on = 0 }
		on { print >(to n) }'
	count=$(find "$work" -name 'display.*' | wc -l)
}

# session FILE: a script that repeats a display.
session() {
	awk '
		function quote(s) { gsub(/\047/, "\047\\\047\047", s); return "\047" s "\047" }
		function flush() {
			if (code == "") return
			printf "status=$?\n%s(exit $status)\n%s", said, code
			said = code = ""
		}
		/^\$ / { flush() }
		/^[$>] / {
			said = said "printf \"%s\\n\" " quote($0) "\n"
			code = code substr($0, 3) "\n"
			next
		}
		{ flush() }
		END { flush() }' "$1"
}

test_examples_print_what_the_manual_says() {
	[ -d "$BUILD/rootfs/bin" ] || fail "no $BUILD/rootfs: the build makes it"
	for page in "$TOP"/man/*.[17]; do
		displays "$page"
		assertTrue "no example in ${page##*/}" "[ $count -gt 0 ]"
		n=0
		while [ $((n += 1)) -le "$count" ]; do
			assertTrue "no command in example $n of ${page##*/}" \
				"grep -q '^\\$ ' display.$n"
			session "display.$n" >session.sh
			in_a_box sh -c ". '$work/session.sh' 2>&1"
			assertEquals "example $n of ${page##*/}, status $rc, $err" \
				"$(cat "display.$n")" "$out"
		done
	done
}

# diagnostics PAGE: MODE<tab>COMMAND<tab>MESSAGE lines; MODE is both, root, user or none.
diagnostics() {
	section "$1" DIAGNOSTICS | awk -v OFS='\t' '
		/^\.\\" ((root|user) )?\$ / {
			mode = $2 == "$" ? "both" : $2
			command = substr($0, index($0, "$ ") + 2)
		}
		/^\.It / {
			print command == "" ? "none" : mode, command == "" ? "-" : command,
				substr($0, 5)
			command = ""
		}' | while IFS= read -r line; do
		printf '%s\n' "${line%"$tab"*}$tab$(printf '%s\n' "${line##*"$tab"}" | without_escapes)"
	done
}

test_commands_of_diagnostics_print_their_messages() {
	for name in $compiled; do
		diagnostics "$TOP/man/$name.1" >list
		ran=0
		while IFS=$tab read -r mode command message <&8; do
			case $mode in both | "$NS_TEST_MODE") ;; *) continue ;; esac
			in_a_box sh -c "$command"
			grep -Fxq -- "$name: $message" err
			assertEquals "$name: $message
by: $command
says: $err" 0 $?
			assertNotEquals "status of $command" 0 "$rc"
			ran=$((ran + 1))
		done 8<list
		assertTrue "no command in DIAGNOSTICS of $name" "[ $ran -gt 0 ]"
	done
}

# formats FILE...: an extended regular expression for each message that the sources can say.
formats() {
	for source in "$@"; do
		awk '
			{ text = text $0 "\n" }
			END {
				while (match(text, /(warn_errno|warn|hint|die_errno|die|usage_error)\(/)) {
					kind = substr(text, RSTART, RLENGTH - 1)
					text = substr(text, RSTART + RLENGTH)
					said = ""
					while (match(text, /^[ \t\n]*"([^"\\]|\\.)*"/)) {
						part = substr(text, RSTART, RLENGTH)
						text = substr(text, RSTART + RLENGTH)
						sub(/^[ \t\n]*"/, "", part)
						sub(/"$/, "", part)
						said = said part
					}
					if (said == "") continue
					gsub(/[][().*+?{}|^$\\]/, "\\\\&", said)
					gsub(/%[sc]/, ".*", said)
					gsub(/%(d|u|ld|lu|zu)/, "[0-9]+", said)
					print (kind == "hint" ? "hint: " : "") said (kind ~ /errno/ ? ": .*" : "")
				}
			}' "$source"
	done
}

test_messages_of_diagnostics_are_in_the_sources() {
	for name in $compiled; do
		formats "$TOP/cmd/$name.c" "$TOP"/common/*.c >patterns
		assertTrue "formats of $name" "[ $(wc -l <patterns) -gt 50 ]"
		diagnostics "$TOP/man/$name.1" | sed "s/.*$tab//" >messages
		assertEquals "in DIAGNOSTICS of $name only" '' "$(grep -Exv -f patterns messages)"
	done
}

# undocumented PATTERNS MESSAGES: the formats that no message is of.
undocumented() {
	while IFS= read -r format; do
		grep -Exq -e "$format" "$2" || printf '%s\n' "$format"
	done <"$1"
}

test_messages_in_the_sources_are_in_diagnostics() {
	: >all
	for name in $compiled; do
		formats "$TOP/cmd/$name.c" >patterns
		diagnostics "$TOP/man/$name.1" | sed "s/.*$tab//" >messages
		cat messages >>all
		assertEquals "not in DIAGNOSTICS of $name" '' "$(undocumented patterns messages)"
	done
	formats "$TOP"/common/*.c >patterns
	assertEquals 'in DIAGNOSTICS of no page' '' "$(undocumented patterns all)"
}

test_pages_have_the_sections_in_order() {
	for name in $compiled; do
		assertEquals "$name" 'NAME SYNOPSIS DESCRIPTION ENVIRONMENT EXIT STATUS EXAMPLES DIAGNOSTICS SEE ALSO CAVEATS' \
			"$(sed -n 's/^\.Sh //p' "$TOP/man/$name.1" | tr '\n' ' ' | sed 's/ $//')"
		for status in 125 126 127; do
			assert_line "$(section "$TOP/man/$name.1" 'EXIT STATUS')" ".It $status"
		done
		assert_has "$(section "$TOP/man/$name.1" 'EXIT STATUS')" 128+N
	done
}

test_mandoc_has_nothing_to_say() {
	command -v mandoc >/dev/null || { skip 'no mandoc' && return; }
	run mandoc -T lint -W warning "$TOP"/man/*.[17]
	assert_rc 0
	assertEquals '' "$out$err"
}

# shellcheck source=/dev/null
. "$SHUNIT2"
