/* SPDX-License-Identifier: ISC */
/*
 * ns-time: run a command in a new time namespace, with its monotonic and boot
 * time clocks moved.  Never forks.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "common/call.h"
#include "common/chain.h"
#include "common/explain.h"
#include "common/message.h"
#include "common/ns.h"
#include "common/tool.h"

static const struct option options[] = {
	{"monotonic", required_argument, NULL, 'm'},
	{"boottime", required_argument, NULL, 'b'},
	COMMON_OPTIONS,
};

enum {
	SECOND = 1000000000,
	CAPABILITY_SYS_TIME = 25
};

struct offset {
	const char *word;
	long long seconds;
	long nanoseconds; /* 0 to 999999999, as the kernel has it: -0.5 is -1 and 500000000 */
};

/* Takes [-]SECONDS[.FRACTION]. */
static struct offset parse_offset(const char *word)
{
	struct offset o = {.word = word};
	const char *p = word + (*word == '-');
	const char *digits = p;
	for (; *p >= '0' && *p <= '9'; p++) {
		o.seconds = 10 * o.seconds + (*p - '0');
		if (o.seconds > 0x7fffffffffLL)
			usage_error("offset is too large: %s", quote(word));
	}
	bool number = p > digits;
	if (*p == '.') {
		long unit = SECOND / 10;
		for (digits = ++p; *p >= '0' && *p <= '9'; p++, unit /= 10)
			o.nanoseconds += unit * (*p - '0');
		number = number && p > digits;
	}
	if (!number || *p)
		usage_error("offset is not [-]SECONDS[.FRACTION]: %s", quote(word));
	if (*word == '-') {
		o.seconds = -o.seconds - (o.nanoseconds > 0);
		o.nanoseconds = o.nanoseconds ? SECOND - o.nanoseconds : 0;
	}
	return o;
}

/* The hint for what failed in /proc/self or with the new namespace. */
static _Noreturn void fail_with_hint(int error)
{
	if (error == ERANGE)
		hint("the clock would be before 0, or beyond 146 years");
	else if (error == ENOENT)
		hint("a mounted /proc is needed");
	else if (error == EPERM && !has_capability(CAPABILITY_SYS_TIME))
		hint("CAP_SYS_TIME is missing in the current user namespace: run it as root, "
		     "or under ns-user");
	fail(EXIT_TOOL);
}

static void write_offset(const char *clock, const struct offset *o)
{
	char line[64];
	if (!o->word)
		return;
	snprintf(line, sizeof(line), "%s %lld %ld\n", clock, o->seconds, o->nanoseconds);
	if (!o->nanoseconds)
		explain_equivalent("unshare --time --%s %lld", clock, o->seconds);
	if (call_write_file("/proc/self/timens_offsets", line) == 0)
		return;
	int error = errno;
	warn_errno("cannot move the %s clock by %s", clock, quote(o->word));
	fail_with_hint(error);
}

/*
 * unshare(2) gives the new namespace to our children only; clone(2) has no bit
 * for it (CLONE_NEWTIME lies in the exit signal).  setns(2) moves us, too.
 */
static void move_in(void)
{
	int fd = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (fd == -1) {
		int error = errno;
		warn_errno("cannot open '/proc/self/ns/time_for_children'");
		fail_with_hint(error);
	}
	if (call_setns(fd, CLONE_NEWTIME) == -1)
		die_errno("cannot join the new time namespace");
	close(fd);
}

const struct tool tool = {
	.name = "ns-time",
	.help = "Usage: ns-time [OPTION]... [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, in a new time namespace.\n"
		"\n"
		"  -m, --monotonic=SECONDS  move CLOCK_MONOTONIC; [-]SECONDS[.FRACTION]\n"
		"  -b, --boottime=SECONDS   move CLOCK_BOOTTIME, and the uptime with "
		"it\n" HELP_COMMON HELP_STATUS("ns-time"),
	.options = options,
};

int main(int argc, char **argv)
{
	struct offset monotonic = {0}, boottime = {0};
	tool_start();
	for (int c; (c = tool_option(argc, argv)) != -1;) {
		switch (c) {
		case 'm': monotonic = parse_offset(optarg); break;
		case 'b': boottime = parse_offset(optarg); break;
		}
	}
	ns_unshare(NS_TIME);
	write_offset("monotonic", &monotonic);
	write_offset("boottime", &boottime);
	move_in();
	chain(argv + optind, false);
}
