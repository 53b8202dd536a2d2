/* SPDX-License-Identifier: ISC */
/*
 * ns-pidlab: run a command as PID 1 of a new PID namespace, or under a small
 * init there, with its own /proc, and die and stop as it does.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/call.h"
#include "common/explain.h"
#include "common/launch.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/proc.h"
#include "common/tool.h"

enum {
	NO_PROC = 256,
	PID_FILE
};

static const struct option options[] = {
	{"init", no_argument, NULL, 'i'},
	{"no-proc", no_argument, NULL, NO_PROC},
	{"report", no_argument, NULL, 'r'},
	{"setsid", no_argument, NULL, 's'},
	{"pid-file", required_argument, NULL, PID_FILE},
	{"detach", no_argument, NULL, 'd'},
	COMMON_OPTIONS,
};

static void set_up_mounts(const void *arg)
{
	const bool *proc = arg;
	set_propagation(PROPAGATION_SLAVE);
	if (*proc)
		mount_proc("/proc", "");
}

const struct tool tool = {
	.name = "ns-pidlab",
	.help = "Usage: ns-pidlab [OPTION]... [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, as PID 1 of a new PID namespace.\n"
		"\n"
		"  -i, --init             a small init is PID 1 and COMMAND its child\n"
		"      --no-proc          do not mount a private /proc\n"
		"  -r, --report           say every death on standard error\n"
		"  -s, --setsid           start COMMAND in a session of its own\n"
		"      --pid-file=FILE    write the PID of PID 1 to FILE once COMMAND runs\n"
		"  -d, --detach           print that PID and return once COMMAND "
		"runs\n" HELP_COMMON HELP_STATUS("ns-pidlab"),
	.options = options,
};

int main(int argc, char **argv)
{
	bool proc = true;
	struct launch l = {
		.flags = CLONE_NEWPID | CLONE_NEWNS,
		.setup = set_up_mounts,
		.arg = &proc,
		.noun = "a new PID namespace",
	};
	tool_start();
	for (int c; (c = tool_option(argc, argv)) != -1;) {
		switch (c) {
		case 'i': l.init = true; break;
		case NO_PROC: proc = false; break;
		case 'r': l.report = true; break;
		case 's': l.setsid = true; break;
		case PID_FILE: l.pid_file = optarg; break;
		case 'd': l.detach = true; break;
		}
	}
	explain_equivalent("unshare --pid --fork --mount");
	launch(&l, argv + optind);
}
