#!/bin/sh
# SPDX-License-Identifier: ISC
# Explain mode against strace(1): the same calls, flags, paths, results, in the same order.
# shellcheck disable=SC2016 # the inner shells' own
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"

CALLS=unshare,setns,clone,mount,umount2,pivot_root,chroot,chdir,fchdir,mkdirat,open_tree
CALLS=$CALLS,move_mount,mount_setattr,sethostname,setdomainname,setgroups,setresuid,setresgid
CALLS=$CALLS,mknodat,write

set_up() {
	mkdir source target root root/proc root/mnt state
	echo a >source/a
	: >file
	: >other
	export work
}

tear_down() {
	[ -z "$work" ] || assertEquals 'mounts outside' '' "$(grep -F "$work" /proc/self/mountinfo)"
}

no_strace() {
	command -v strace >/dev/null || {
		skip 'no strace'
		return 0
	}
	strace -o /dev/null true 2>/dev/null || {
		skip 'strace may not trace here'
		return 0
	}
	return 1
}

# canonical FILE: calls, one a line, sorted sets of flags, \ooo in strings, no descriptors' names.
canonical() {
	awk '
	function octal(c) { return sprintf("\\%03o", c) }
	function take_string(   out, c, n, rest) {
		out = "\""
		while ((c = substr(line, ++at, 1)) != "\"" && c != "") {
			if (c == "\\") {
				c = substr(line, ++at, 1)
				if (c in escapes) c = octal(escapes[c])
				else if (c ~ /[0-7]/) {
					for (n = 0; c ~ /[0-7]/; c = substr(line, ++at, 1)) n = 8 * n + c
					at--
					c = octal(n)
				}
			}
			out = out c
		}
		return out "\""
	}
	function sorted(set,   names, n, i, j, x) {
		n = split(set, names, "|")
		for (i = 2; i <= n; i++)
			for (j = i; j > 1 && names[j] < names[j - 1]; j--) {
				x = names[j]; names[j] = names[j - 1]; names[j - 1] = x
			}
		set = names[1]
		for (i = 2; i <= n; i++) set = set "|" names[i]
		return set
	}
	function show(   out, c, rest) {
		out = ""
		for (at = 1; (c = substr(line, at, 1)) != ""; at++) {
			rest = substr(line, at)
			if (c == "\"") out = out take_string()
			else if (match(rest, /^[A-Z][A-Z0-9_]*(\|[A-Z0-9_x]+)*/)) {
				out = out sorted(substr(rest, 1, RLENGTH)); at += RLENGTH - 1
			} else if (match(rest, /^<\/proc\/[a-z0-9]+\/[^>]*>/)) {
				if (line ~ /^write/) {
					rest = substr(rest, 1, RLENGTH)
					sub(/proc\/[0-9]+/, "proc/self", rest); out = out rest
				}
				at += RLENGTH - 1
			} else if (match(rest, /^<[^>]*>/)) at += RLENGTH - 1
			else if (match(rest, /^ *\/\*[^*]*\*\//)) at += RLENGTH - 1
			else if (match(rest, /^ \([A-Z][^)]*\)$/)) break
			else if (line ~ /^mknodat/ && match(rest, /^, 0\) =/)) { out = out ") ="; at += RLENGTH - 1 }
			else if (match(rest, /^\) +=/)) { out = out ") ="; at += RLENGTH - 1 }
			else out = out c
		}
		if (out ~ /^write/ && out !~ /^write\([0-9]+<[^>]*(_map|setgroups)>/) return
		if (out ~ /^clone/ && out !~ /CLONE_NEW/) return
		print out
	}
	BEGIN {
		split("a b t n v f r \" \\", letters, " ")
		split("7 8 9 10 11 12 13 34 92", codes, " ")
		for (i in letters) escapes[letters[i]] = codes[i]
	}
	/ = \?$|^[0-9]+ [+-]|exited|^[^ ]* execve/ { next }
	/^ns-[a-z]*: [a-z_0-9]+\(.*\) = / {
		line = $0
		sub(/^ns-[a-z]*: /, "", line)
		if (match(line, /\) = -?[0-9]+( E[A-Z0-9]*)? +# /)) {
			i = RSTART; sub(/ +# .*/, "", line)
		}
		show(); next
	}
	/^[0-9]+ +[a-z_0-9<]/ {
		pid = $1; sub(/^[0-9]+ +/, "")
		if (/<unfinished \.\.\.>$/) { sub(/ *<unfinished.*/, ""); open[pid] = $0; next }
		if (/^<\.\.\. /) { sub(/^<[^>]*>/, ""); $0 = open[pid] $0 }
		line = $0; show()
	}' "$1"
}

# same COMMAND...: runs the chain with NS_EXPLAIN=1 under strace, and compares.
same() {
	rc=0
	strace -f -y -s 9999 -e signal=none -e trace=$CALLS -o "$work/state/trace" \
		env NS_EXPLAIN=1 "$@" >"$work/state/out" 2>"$work/state/err" || rc=$?
	grep -v 'unknown option' "$work/state/trace" >/dev/null || fail 'strace said nothing'
	canonical "$work/state/trace" >"$work/state/expected"
	canonical "$work/state/err" >"$work/state/got"
	# strace may not read the strings of who is not dumpable
	if grep -q '^ch[a-z]*(0x' "$work/state/expected"; then
		sed -i 's/^\(ch[a-z]*\)(.*) =/\1(...) =/' "$work/state/expected" "$work/state/got"
	fi
	assertTrue "no calls: $*" "[ -s '$work/state/got' ]"
	same_calls "$*"
}

# The words of expected and got; \ as / because echo would take it for its own.
same_calls() {
	difference=$(diff "$work/state/expected" "$work/state/got" | tr '\\' /)
	assertEquals "strace (<) and explain mode (>) of $(printf %s "$1" | tr '\\' /)" '' "$difference"
}

test_ns_uts_says_what_strace_says() {
	no_strace && return
	same $ns ns-uts true
	assertEquals 0 $rc
	assert_line "$(cat state/got)" 'unshare(CLONE_NEWUTS) = 0'
	same $ns ns-uts -n box -d zone true
	assert_line "$(cat state/got)" 'sethostname("box", 3) = 0'
	assert_line "$(cat state/got)" 'setdomainname("zone", 4) = 0'
	same $ns ns-uts -n "$(printf 'o"d\\d \303\2511')" ns-uts -k -d again true
	assertEquals 0 $rc
	same ns-user ns-uts -k -n refused
	assertEquals 125 $rc
	assert_line "$(cat state/got)" 'sethostname("refused", 7) = -1 EPERM'
}

test_ns_user_says_what_strace_says() {
	no_strace && return
	for option in '' -r -c; do
		same ns-user $option true
		assertEquals 0 $rc
		assert_has "$(cat state/got)" '</proc/self/uid_map>, "'
		assert_has "$(cat state/got)" '</proc/self/gid_map>, "'
		assert_has "$(cat state/got)" '</proc/self/setgroups>, "deny", 4) = 4'
	done
	same ns-user ns-user true
}

test_ns_bindmount_says_what_strace_says() {
	no_strace && return
	printf 'source\ttarget\tnosuid\nfile\tnew/file\nsource\tnew/dir\n' >list
	odd=$(printf 'odd \t\n\303\050"name\\1')
	mkdir "$odd"
	for words in 'source target' '-r source target' '-R -r -o nosuid,nodev source target' \
		'-o noexec,nosymfollow source target' '-p private source target' \
		'-p shared file other' '-p unchanged source target' '-i root source mnt' \
		'-c -f list' '-c -i root source new/x/y' '-f /dev/null'; do
		# in a namespace that gives nothing to ours: many systems share all mounts
		# shellcheck disable=SC2086 # words
		same $ns ns-bindmount root root ns-bindmount $words true
		assertEquals "$words" 0 $rc
		rm -rf new
	done
	same $ns ns-bindmount source "$odd" true
	assertEquals 0 $rc
	same $ns ns-bindmount "$odd" target true
	# -k in a namespace of its own, and what it undoes
	same $ns ns-bindmount source target ns-bindmount -k source target ns-bindmount -k file other
	assertEquals 0 $rc
	printf 'source\ttarget\nfile\tother\nnone\tx\n' >list
	same $ns ns-bindmount source target ns-bindmount -k -f list true
	assertEquals 125 $rc
	assert_line "$(cat state/got)" 'open_tree(AT_FDCWD, "none", OPEN_TREE_CLOEXEC|OPEN_TREE_CLONE) = -1 ENOENT'
	assertEquals 2 "$(grep -c '^umount2(.* = 0$' state/got)"
	same $ns ns-bindmount source nowhere true
	same $ns ns-bindmount source file true
	assertEquals 125 $rc
}

test_ns_bindmount_says_its_way_round_missing_calls() {
	no_strace && return
	for call in open_tree mount_setattr move_mount; do
		for error in ENOSYS EPERM; do
			rc=0
			strace -f -y -s 9999 -e signal=none -e trace=$CALLS -e inject=$call:error=$error \
				-o state/trace env NS_EXPLAIN=1 $ns ns-bindmount -r source target sh -c \
				'(: >target/new) 2>/dev/null && echo wrote; ls target' >out 2>err || rc=$?
			assertEquals "$call $error: $(cat err)" 0 $rc
			assertEquals a "$(cat out)"
			assert_has "$(cat err)" "ns-bindmount: $call("
			assert_has "$(cat err)" "= -1 $error"
			sed 's/ (INJECTED)//' state/trace | canonical /dev/stdin >state/expected
			canonical err >state/got
			same_calls "ns-bindmount without $call"
		done
	done
}

test_ns_pivot_says_what_strace_says() {
	no_strace && return
	for words in '/' '-r /' "-C $work /" "-o $work/target /" "-o $work/new/old /"; do
		# shellcheck disable=SC2086 # words
		same $ns ns-pivot $words true
		assertEquals "$words" 0 $rc
		assert_line "$(cat state/got)" 'pivot_root(".", ".") = 0'
	done
	assert_line "$(cat state/got)" "mount(\"/..\", \"$work/new/old\", NULL, MS_MOVE, NULL) = 0"
	same $ns ns-pidlab ns-pivot -P / true
	assertEquals 0 $rc
	assert_line "$(cat state/got)" 'umount2(".", MNT_DETACH) = 0'
	same $ns ns-pivot -C /nowhere root true
	assertEquals 125 $rc
	assert_line "$(cat state/got)" 'chdir("/nowhere") = -1 ENOENT'
	same $ns ns-pivot -P root true
	assertEquals 125 $rc
}

test_ns_pidlab_says_what_strace_says() {
	no_strace && return
	for words in '' -i --no-proc -s '-i --no-proc -r' '--pid-file=pid' '-i ns-pidlab'; do
		# shellcheck disable=SC2086 # words
		same $ns ns-pidlab $words true
		assertEquals "$words" 0 $rc
		assert_has "$(cat state/got)" 'clone(child_stack=NULL, flags=CLONE_NEWNS|CLONE_NEWPID|SIGCHLD) = '
	done
}

test_ns_join_says_what_strace_says() {
	no_strace && return
	same $ns ns-uts ns-join --uts=/proc/self/ns/uts true
	assertEquals 0 $rc
	assert_has "$(cat state/got)" ', CLONE_NEWUTS) = 0'
	same $ns ns-pidlab -i ns-join --pid=/proc/self/ns/pid true
	assertEquals 0 $rc
	mkfifo pid end
	$ns ns-pidlab --pid-file=pid ns-uts sh -c 'read -r x <end' &
	read -r first <pid
	same ns-join -t "$first" -a true
	assertEquals "$(cat state/err)" 0 $rc
	same ns-join -t "$first" -a -S 0 -G 0 true
	assertEquals "$(cat state/err)" 0 $rc
	same ns-join -t "$first" -m -p -r -w true
	same ns-join -t "$first" -u -i -n true
	: >end
	wait
}

test_a_chain_says_what_strace_says() {
	no_strace && return
	same $ns ns-pidlab -i ns-uts -n box ns-bindmount -r source root/mnt ns-pivot -P / true
	assertEquals 0 $rc
	same $ns ns-uts ns-pidlab ns-user ns-bindmount source target true
	assertEquals 0 $rc
}

test_the_equivalents_are_shell_commands() {
	run $ns ns-uts -x -n box -d zone ns-bindmount -x source target ns-pivot -x / true
	assert_rc 0
	for line in 'unshare --uts' 'hostname box' 'domainname zone' 'unshare --mount' \
		'mount --make-rslave /' 'mount --bind source target' 'pivot_root . .' \
		'umount --lazy .'; do
		assert_line "$(sed -n "s/.*) = 0 *# //p" err | tr -d "'")" "$line"
	done
	# none for what is not done
	run $ns ns-uts -x true
	assertEquals 'unshare --uts' "$(sed -n 's/.*# //p' err)"
	# words that a shell would take apart are quoted
	run $ns ns-uts -x -n "two words" true
	assert_line "$(sed -n 's/.*# //p' err)" "hostname 'two words'"
	mkdir 'two words'
	run $ns ns-bindmount -x 'two words' target true
	assert_has "$(sed -n 's/.*# //p' err)" "mount --bind 'two words' "
	run $ns ns-tmpfs -x 'two words' true
	assert_line "$(sed -n 's/.*# //p' err)" "mount -t tmpfs -o nosuid,nodev tmpfs 'two words'"
	# --inside is more than mount(8) can do
	run $ns ns-bindmount -x -c -i root source new/x true
	assert_rc 0
	assert_has "$err" '= 0'
	assert_has_not "$err" '--bind'
}

test_execve_is_said_last() {
	run $ns ns-uts -x env
	assertEquals "ns-uts: execve(\"$(command -v env)\", ...)" "$(tail -n 1 err)"
	run ns-uts -kx ./no-such
	assert_rc 127
	assert_has_not "$err" 'execve("./no-such", ...) = 0'
	echo echo >script
	chmod 755 script
	run ns-uts -kx ./script
	assert_line "$err" 'ns-uts: execve("./script", ...) = -1 ENOEXEC'
}

# --- failures of each call ---

# injected ERROR CHAIN...: has each call of the chain fail in turn.  Every time the tool says so,
# ends with 125 and leaves nothing; COMMAND does not run.  In a mount namespace of its own.
injected() {
	error=$1
	shift
	strace -f -y -s 9999 -e signal=none -e trace=$CALLS -o "$work/state/trace" \
		"$@" >/dev/null 2>&1
	# per process: which call of that name it is; writes are those to files of /proc alone
	awk '{ sub(/\(.*/, "", $2); n = ++seen[$1, $2] }
		$0 ~ /clone/ && $0 !~ /CLONE_NEW/ { next }
		$2 == "setgroups" { next } # may fail: nobody asked for it
		$2 == "write" && $0 !~ /write\([0-9]+<[^>]*(_map|setgroups)>/ { next }
		$2 !~ /^[a-z_0-9]+$/ || $0 ~ /= -1/ { next }
		!done[$2, n]++ { print $2, n }' "$work/state/trace" >"$work/state/calls"
	[ -s "$work/state/calls" ] || fail "no calls: $*"
	while read -r call n; do
		e=$error
		case $call in open_tree | mount_setattr | move_mount | setns) e=EIO ;; esac # EPERM: another way
		rm -rf "$work/ran" "$work/new" "$work/root/new"
		find . -path ./state -prune -o -print | sort >"$work/state/before"
		rc=0
		strace -f -s 9999 -e signal=none -e trace="$call" -o "$work/state/trace" \
			-e inject="$call:error=$e:when=$n" \
			env NS_EXPLAIN=1 "$@" </dev/null >"$work/state/out" 2>"$work/state/err" || rc=$?
		assertEquals "$call $n of $*: $(cat "$work/state/err")" 125 $rc
		grep -Eq "^ns-[a-z]+: $call\\(.*\\) = -1 $e( |\$)" "$work/state/err"
		assertEquals "$call $n = -1 $e of $*: $(cat "$work/state/err")" 0 $?
		find . -path ./state -prune -o -print | sort >"$work/state/after"
		assertEquals "left by $call $n" "$(cat "$work/state/before")" "$(cat "$work/state/after")"
		grep -v '^ns-[a-z]*: [a-z_0-9]*(' "$work/state/err" >"$work/state/messages"
		assertTrue "a message for $call $n" "[ -s '$work/state/messages' ]"
	done <"$work/state/calls"
}

test_each_failing_call_of_ns_uts_is_said() {
	no_strace && return
	injected EPERM ns-user ns-uts -n box -d zone sh -c ": >$work/ran"
	case $NS_TEST_MODE in root) injected EPERM ns-uts -n box -d zone sh -c ": >$work/ran" ;; esac
}

test_each_failing_call_of_ns_user_is_said() {
	no_strace && return
	injected EPERM ns-user -r sh -c ": >$work/ran"
	injected EPERM ns-user -c sh -c ": >$work/ran"
}

test_each_failing_call_of_ns_bindmount_is_said() {
	no_strace && return
	printf 'source\ttarget\nfile\tnew/a/file\nsource\tnew/dir\n' >list
	injected EPERM $ns ns-bindmount -r -R -p shared source target sh -c ": >$work/ran"
	injected EPERM $ns ns-bindmount -c -o nosuid -f list sh -c ": >$work/ran"
	injected EPERM $ns ns-bindmount -c -i root source new/x sh -c ": >$work/ran"
}

test_each_failing_call_of_ns_pivot_is_said() {
	no_strace && return
	injected EPERM $ns ns-pivot -r -C "$work" / sh -c ": >$work/ran"
	injected EPERM $ns ns-pivot -o "$work/new/old" / sh -c ": >$work/ran"
	injected EPERM $ns ns-pidlab ns-pivot -P / sh -c ": >$work/ran"
}

test_each_failing_call_of_ns_pidlab_is_said() {
	no_strace && return
	injected EPERM $ns ns-pidlab sh -c ": >$work/ran"
	injected EPERM $ns ns-pidlab -i sh -c ": >$work/ran"
	injected EPERM $ns ns-pidlab --pid-file="$work/new-pid" sh -c ": >$work/ran; rm $work/new-pid"
}

test_each_failing_call_of_ns_join_is_said() {
	no_strace && return
	injected EPERM $ns ns-uts ns-join --uts=/proc/self/ns/uts sh -c ": >$work/ran"
	mkfifo pid end
	$ns ns-pidlab --pid-file=pid ns-uts sh -c 'read -r x <end' &
	read -r first <pid
	injected EPERM ns-join -t "$first" -a -S 0 -G 0 sh -c ": >$work/ran"
	: >end
	wait
}

test_failing_calls_of_a_bind_in_a_kept_namespace_leave_nothing() {
	no_strace && return
	printf 'source\ttarget\nfile\tnew/a/file\nsource\tnew/dir\n' >list
	for call in open_tree:error=EIO:when=1 open_tree:error=EIO:when=2 open_tree:error=EIO:when=3 \
		move_mount:error=EIO:when=1 move_mount:error=EIO:when=2 \
		move_mount:error=EIO:when=5 mkdirat:error=EPERM:when=1 mkdirat:error=EPERM:when=2 \
		mount_setattr:error=EPERM:when=1 mount_setattr:error=EPERM:when=3; do
		run $ns ns-bindmount -p shared "$work" "$work" sh -c '
			cat /proc/self/mountinfo >state/before
			find . -path ./state -prune -o -print | sort >state/files
			strace -f -o state/trace -e trace='$CALLS' -e inject="$1" \
				ns-bindmount -k -c -r -f list sh -c ": >ran" 2>state/err
			echo $?
			cat /proc/self/mountinfo >state/after
			find . -path ./state -prune -o -print | sort >state/left' sh "$call"
		assertEquals "$call: $(cat state/err)" 125 "$out"
		assertEquals "$call" "$(cat state/before)" "$(cat state/after)"
		assertEquals "$call" "$(cat state/files)" "$(cat state/left)"
	done
}

# shellcheck source=/dev/null
. "$SHUNIT2"
