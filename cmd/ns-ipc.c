/* SPDX-License-Identifier: ISC */
/*
 * ns-ipc: run a command in a new IPC namespace: System V IPC and POSIX message
 * queues of its own.
 */
#include <errno.h>

#include "common/call.h"
#include "common/chain.h"
#include "common/explain.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/ns.h"
#include "common/tool.h"

static const struct option options[] = {
	{"mqueue", no_argument, NULL, 'q'},
	COMMON_OPTIONS,
};

/* The queues of a namespace are the files of an mqueue file system mounted in it:
 * mq_overview(7). */
static void mount_mqueue(void)
{
	new_mount_namespace(PROPAGATION_SLAVE);
	explain_equivalent("mount -t mqueue mqueue /dev/mqueue");
	if (call_mount("mqueue", "/dev/mqueue", "mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		    NULL) == 0)
		return;
	int error = errno;
	warn_errno("cannot mount mqueue on '/dev/mqueue'");
	if (error == ENOENT)
		hint("make that directory: mkdir /dev/mqueue");
	else if (error == EPERM)
		hint_privilege();
	else if (error == ENODEV)
		hint("this kernel was built without POSIX message queues");
	fail(EXIT_TOOL);
}

const struct tool tool = {
	.name = "ns-ipc",
	.help = "Usage: ns-ipc [OPTION]... [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, in a new IPC namespace.\n"
		"\n"
		"  -q, --mqueue           with its message queues in a private "
		"/dev/mqueue\n" HELP_COMMON HELP_STATUS("ns-ipc"),
	.options = options,
};

int main(int argc, char **argv)
{
	bool mqueue = false;
	tool_start();
	while (tool_option(argc, argv) == 'q')
		mqueue = true;
	ns_unshare(NS_IPC);
	if (mqueue)
		mount_mqueue();
	chain(argv + optind, false);
}
