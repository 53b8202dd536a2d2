#!/bin/sh
# SPDX-License-Identifier: ISC
# walk-faults.sh COMMAND [ARG]...: runs the chain once as it is, then again for each call that a tool of
# ours made in it, with an error for that call, and says each outcome that is not as it must be:
#
#   must    the chain ends with 125, or 126 when it was execve(2) that failed; one message and its
#           hints, nothing on standard output, nothing left
#   may     so, or the call's failure does no harm: status, output and all are as without a fault
#   late    so, but COMMAND may have said something: it is killed
#   retry   the call was interrupted: status, output and all are as without a fault
#
#   count   so, or what could not be looked at is '-' in the table, or counted on standard error
#
# Ends with 'N faults'.  Works in the current directory, where the chain may make new*.  $fresh: a chain
# that each run is started with; $filter: a script of sed(1) for what differs from one run to the next.
set -u

# A pattern for TOOL CALL ARG1 ARG2 CALL-BEFORE (numbers are hexadecimal), the errors to fail with, the
# rule, why.  The first line that matches holds.  Errors of '-': there is nothing to be tried.
table() {
	cat <<-'END'
		* (close|exit|exit_group|rt_sigreturn) ; - ; - ; nothing can be done about it
		* (getpid|gettid|getpgid|getpgrp|geteuid|getegid|umask) ; - ; - ; cannot fail
		* (brk|getrandom|set_robust_list|rseq|prlimit64|futex) ; - ; - ; what the C library does for itself
		* rt_sigaction d ; - ; - ; cannot fail: SIGPIPE is put back behind a message
		* rt_sigprocmask 0 ; - ; - ; fork(3) of musl, which cannot fail there
		* rt_sigprocmask 2 [^ ]* (fork|gettid|rt_sigprocmask|set[a-z]*) ; - ; - ; the same, and its setgroups(2) and setres?id(2)
		* write 2 ; - ; - ; a message
		* fcntl [012] 1 (read|execve|execveat|fcntl) ; EPERM ; may ; whether 0, 1 and 2 are open; else / is opened there, to no effect
		ns-show (writev|write 1) ; EIO ; late ; its output
		ns-show (mmap|fcntl .* 2|lseek|munmap) ; ENOMEM ; count ; -
		ns-show read .* (fcntl|newfstatat|lseek|read) ; EIO ; count ; of /etc/passwd, perhaps, which the C library reads
		ns-show read ; EIO EINTR ; count ; -
		ns-show ioctl ; - ; - ; is not to be seen, or no terminal
		ns-show (open|openat|socket|connect) ; EMFILE ; count ; -
		ns-show (readlink|readlinkat|fstat|fstatfs|statfs|getdents64|newfstatat) ; EIO ; count ; -
		* fcntl [^ ]* 2 (open|mmap|brk) ; EPERM ; may ; open(3) and opendir(3) of musl, where O_CLOEXEC is unknown
		* access ; EPERM ; may ; a hint, or explain mode, or one shell instead of another
		* (mmap|munmap|mprotect|mremap|madvise) ; ENOMEM ; may ; memory of malloc(3)
		ns-user (prctl .* close|rt_sigaction) ; EPERM ; may ; who writes the maps ends in any case
		ns-user capget .* (read|close|wait4) ; - ; - ; cannot fail, and newuidmap(1) would say more
		ns-user setgroups ; EPERM ; may ; may be denied in a user namespace
		ns-join setgroups ; EPERM ; may ; the same; without one it must not
		* statx ; EPERM ; may ; IDs of mounts, wanted where a later bind fails
		* openat2 ; EPERM ENOMEM ; may ; refused like move_mount(2): it is tried again with mount(2)
		* ioctl [012] 540f ; EPERM ; may ; whether there is a terminal to be given back
		ns-pivot (open [^ ]* 98000|openat ffffff9c [^ ]* openat) ; EMFILE ; may ; /proc/self/fd, to be listed; else all numbers are tried
		ns-pivot fstatfs .* readlink ; EPERM ; may ; whether that is in a proc(5)
		ns-pivot (fcntl|fstat|newfstatat|fstatfs) ([3-9a-f]|..) ; EPERM ; may ; is then closed on exec in any case
		ns-pivot fcntl [012] [13] ; EPERM ; may ; is then looked at, refused if need be
		ns-pivot readlink ; EPERM ; may ; tells what is not a file apart, which none of these is
		* (poll|waitid|wait4) ; EINTR ; retry ; nothing else can happen to them
		ns-(pidlab|join) write 0 ; EINTR ; retry ; to COMMAND, of whom nothing is left when it fails
		ns-(pidlab|join) write .* (waitid|write) ; EIO EINTR ; may ; COMMAND's end: its init's status tells, too
		ns-(pidlab|join) read .* (poll|read|close) ; EIO EINTR ; late ; COMMAND runs
		ns-(pidlab|join) write .* (mmap|brk|ftruncate) ; EIO EINTR ; late ; the PID, when COMMAND runs
		ns-(pidlab|join) ftruncate ; EIO ; late ; the same
		ns-join fcntl .* 40a ; EPERM ; may ; whether it is the sealed copy already; else one more
		ns-join prctl f ; EPERM ; may ; its name in ps(1)
		ns-join (fstat|stat|newfstatat|capget) ; EPERM ; may ; saves a join, or chooses the order
		* close_range ffffffff ; EPERM ; may ; whether there is one
		ns-join openat .* (fcntl|close|openat|getpid) ; EMFILE ; may ; says what a PID is that is not a process
		ns-join read .* (mmap|brk|openat) ; EIO EINTR ; may ; the same
		ns-user (open [^ ]* 88000|openat|read .* (mmap|brk|read|fcntl|openat)) ; EMFILE ; may ; says the maps as they are
		* (open|openat|pipe2|socketpair|signalfd4|dup|dup2|socket|memfd_create) ; EMFILE ; must ; descriptors
		* (read|write|sendto) ; EIO EINTR ; must ; -
		* (clone|fork) ; ENOMEM ; must ; -
		* (open_tree|move_mount|mount_setattr|setns|pidfd_open) ; ENOMEM ; must ; EPERM: another way
		* .* ; EPERM ; must ; -
	END
}

# The faults of a log, a line each: PROCESS:CALL:N=ERROR RULE TOOL ARG1 ARG2.
faults() {
	table | awk -F ' ; ' '
		NR == FNR {
			sub(/^\*/, "[^ ]*", $1)
			pattern[++n] = "^" $1 "( |$)"
			errors[n] = $2
			rule[n] = $3
			next
		}
		/ / {
			split($0, word, " ")
			said = word[2] " " word[3] " " word[5] " " word[6] " " word[7]
			for (i = 1; said !~ pattern[i]; i++)
				;
			count = split(errors[i], error, " ")
			for (j = 1; j <= count; j++)
				if (error[j] != "-")
					print word[1] ":" word[3] ":" word[4] "=" error[j], \
						(error[j] == "EINTR" ? "retry" : rule[i]), word[2], word[5], word[6], word[7]
		}' - "$1"
}

look() {
	cat /proc/self/mountinfo /proc/sys/kernel/hostname /proc/sys/kernel/domainname /proc/net/fib_trie
	find . -path ./state -prune -o -name 'new*' -print
} 2>/dev/null

# problem TEXT: says it, with what was injected and what came of it.
problem() {
	printf '%s: %s (%s, status %s)\n' "$fault" "$1" "$rule" "$rc"
	sed 's/^/    /' state/err
	sed 's/^/    > /' state/out
	diff state/before state/after | sed 's/^/    /'
}

# execute FAULT COMMAND...: what it says is in state/out and state/err.
execute() {
	inject state/log "$@" </dev/null >state/out 2>state/err
	set -- $?
	[ -z "${filter-}" ] || sed -i "$filter" state/out
	[ ! -s state/err ] || sed -i '/^\*\*\* pid /d' state/err
	[ -z "${NS_EXPLAIN-}" ] || sed -i '/^ns-[a-z]*: [a-z_0-9]*(/d; /^ns-user: .proc/d' state/err
	return "$1"
}

# Whether all is as without a fault.
unharmed() {
	[ "$rc" = 0 ] && cmp -s state/out state/expected && [ ! -s state/err ]
}

# Whether it was refused as it must be.
refused() {
	case $fault in
	*:execve:*) [ "$rc" = 126 ] || grep -q "^ns-user: cannot run 'new.idmap'" state/err ;;
	*) [ "$rc" = 125 ] ;;
	esac && { [ "$rule" = late ] || [ ! -s state/out ]; } && cmp -s state/before state/after && {
		messages=0
		while read -r tool text; do
			case $tool in ns-*:) ;; *) return 1 ;; esac
			case $messages:$text in
			0:hint:*) return 1 ;;
			*:hint:*) ;;
			*) messages=$((messages + 1)) ;;
			esac
		done <state/err
		[ $messages = 1 ]
	}
}

# Whether what is not known is '-', or null; or else not there, and said to be so.
counted() {
	if [ -s state/err ]; then
		grep -Eq '^ns-show: [0-9]+ process(es)? could not be read$' state/err
	else
		[ "$(wc -l <state/out)" = "$(wc -l <state/expected)" ]
	fi
}

# once FAULT RULE COMMAND...
once() {
	fault=$1 rule=$2
	shift 2
	[ -e state/before ] || look >state/before
	rc=0
	execute "${fault%% *}" "$@" || rc=$?
	look >state/after
	injected=''
	while read -r line; do
		case $line in
		injected) injected=yes ;;
		*) problem "$line" && return ;;
		esac
	done <state/log
	if [ "$rule" = count ] && [ "$rc" = 0 ] && counted; then
		return
	elif unharmed; then
		case $rule:$injected in must:yes) problem 'its failure is not seen' ;; esac
		rm -f state/before
	elif [ "$rule" = retry ] || ! refused; then
		problem 'neither refused nor done'
		rm -f state/before
	fi
}

case ${1-} in
--first)
	shift
	execute - "$@"
	exit
	;;
--once)
	shift
	once "$@"
	exit
	;;
esac
mkdir -p state
rc=0 fault=- rule=none
if [ -n "${fresh-}" ]; then
	$fresh sh "$0" --first "$@" || rc=$?
else
	execute - "$@" || rc=$?
fi
: >state/before
: >state/after
if [ $rc != 0 ] || [ -s state/err ]; then
	problem 'fails without a fault'
fi
mv state/out state/expected
rm -rf new* state/before
faults state/log >state/faults
while read -r fault rule what <&8; do
	if [ -n "${fresh-}" ]; then
		rm -rf new* state/before
		$fresh sh "$0" --once "$fault $what" "$rule" "$@"
	else
		once "$fault $what" "$rule" "$@"
	fi
	[ -e state/before ] || rm -rf new*
done 8<state/faults
echo "$(wc -l <state/faults) faults"
