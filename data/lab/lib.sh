# SPDX-License-Identifier: ISC
# What the experiments have in common.  Each runs in a folder of its own in $NS_LAB_WORK,
# in namespaces that ns-lab has made around it, and ends with 0 when it was as expected,
# 1 when not, 125 when it could not run.
# shellcheck shell=sh disable=SC2034 # what is set here is for the experiments
#
# NS_LAB_WITHOUT=isolation is for the tests: the experiment then leaves out what it is
# about, and must say that what it sees is not as expected.
set -u

experiment=${0##*/}
isolated=yes
[ "${NS_LAB_WITHOUT-}" != isolation ] || isolated=
[ -z "$NS_LAB_EXPLAIN" ] || export NS_EXPLAIN="$NS_LAB_EXPLAIN"
cd "$NS_LAB_WORK" || exit 125 # anew: it has been bound on itself since we were put into it

# x COMMAND [ARG]...: shows it as `sh -x` does, and runs it.  A text, for shells elsewhere too.
# Not by echo, which some shells let change a backslash.
trace='x() { printf "+ %s\n" "$*"; "$@"; }; exec 2>&1'
x() {
	printf '+ %s\n' "$*"
	"$@"
}

say() {
	printf '%s\n' "$@" 2>/dev/null || could_not 'cannot write to standard output'
}

heading() {
	say "=== $1 ==="
}

could_not() {
	echo "ns-lab: $experiment: $1" >&2
	exit 125
}

# What ends what the process inside says: a tool that forks keeps the output open.
STAYS='=== stays'

# start_inside COMMAND [ARG]...: what it says until it closes its output or stays, in $inside;
# it stays alive then, as $there, and waits for input that never comes.
start_inside() {
	[ -p says ] || mkfifo says stays || exit 125
	"$@" <>stays >says &
	there=$!
	# not by sed(1), which in busybox reads a line ahead
	inside=$(while IFS= read -r line && [ "$line" != "$STAYS" ]; do printf '%s\n' "$line"; done <says)
}

# Whether it still is in its namespaces: a zombie is in none.
is_alive() {
	readlink "/proc/$1/ns/mnt" >/dev/null 2>&1
}

end_inside() {
	is_alive "$there" || could_not 'the process inside has not stayed alive'
	kill -KILL "$there"
	wait "$there" 2>/dev/null
}

# For the process inside: it has looked, and stays.
stay() {
	echo "$STAYS"
	exec >&- 2>&-
	read -r _
}

# Whether that line is a call that a tool explains.
is_explained() {
	[ -n "$NS_LAB_EXPLAIN" ] || return
	case ${1%%(*} in
	"$1" | *' '*' '*) return 1 ;;
	'ns-'*': '*) ;;
	*) return 1 ;;
	esac
}

# answer TEXT COMMAND: what TEXT, the output of some x, holds behind this command, without
# what a tool in it explains.
answer() {
	behind=
	while IFS= read -r line; do
		case $line in
		"+ $2") behind=yes ;;
		'+ '*) behind= ;;
		*) [ -z "$behind" ] || is_explained "$line" || printf '%s\n' "$line" ;;
		esac
	done <<-END
		$1
	END
}

# words TEXT: its lines in one.
words() {
	printf %s "$1" | tr -s '\n' ' '
}

expected=yes

# expect CONDITION [ARG]...: a command that must succeed.
expect() {
	"$@" || expected=
}

# verdict TEXT: ends the experiment with what was seen.
verdict() {
	if [ -n "$expected" ]; then
		say "$experiment: as expected: $1"
		exit 0
	fi
	say "$experiment: NOT as expected: $1"
	exit 1
}
