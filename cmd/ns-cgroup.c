/* SPDX-License-Identifier: ISC */
/*
 * ns-cgroup: run a command in a new cgroup namespace, whose root is the cgroup
 * that we are in, after joining others if so told.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "common/chain.h"
#include "common/explain.h"
#include "common/kernel.h"
#include "common/message.h"
#include "common/ns.h"
#include "common/tool.h"

enum {
	CGROUP_MAGIC = 0x27e0eb,
	CGROUP2_MAGIC = 0x63677270
}; /* statfs(2) */

static const struct option options[] = {
	{"join", required_argument, NULL, 'j'},
	COMMON_OPTIONS,
};

static _Noreturn void cannot_join(const char *directory)
{
	int error = errno;
	warn_errno("cannot join the cgroup %s", quote(directory));
	if (error == EACCES || error == EPERM)
		hint("write access is needed to its cgroup.procs, and with cgroup v2 to that "
		     "of the nearest common parent, too");
	else if (error == EBUSY)
		hint("it hands controllers to its children (cgroup.subtree_control): join a "
		     "leaf");
	else if (error == EOPNOTSUPP)
		hint("its cgroup.type is domain invalid: write threaded to that first");
	else if (error == ENOSPC)
		hint("no disk is full: its cpuset.cpus or cpuset.mems is empty");
	fail(EXIT_TOOL);
}

/* Opens cgroup.procs there for writing; dies when that is no directory of a cgroup file system.
 */
static int open_procs(const char *directory)
{
	struct statfs f;
	int at = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at == -1 || fstatfs(at, &f) == -1)
		cannot_join(directory);
	if (f.f_type != CGROUP_MAGIC && f.f_type != CGROUP2_MAGIC)
		die("cannot join the cgroup %s: it is not on a cgroup file system",
			quote(directory));
	int fd = openat(at, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	if (fd == -1)
		cannot_join(directory);
	close(at);
	return fd;
}

static void join_cgroup(const char *directory, int fd)
{
	explain_equivalent("echo $$ >%s/cgroup.procs", quote_if_needed(directory));
	ssize_t n;
	do
		n = write(fd, "0", 1); /* 0 is who writes it */
	while (n == -1 && errno == EINTR);
	if (explain((int)n, "write(%d<%t/cgroup.procs>, %s, %z)", fd, directory, "0",
		    (size_t)1) == -1)
		cannot_join(directory);
	close(fd);
}

const struct tool tool = {
	.name = "ns-cgroup",
	.help = "Usage: ns-cgroup [OPTION]... [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, in a new cgroup namespace, where our cgroup\n"
		"is the root.\n"
		"\n"
		"  -j, --join=DIR         join the cgroup DIR first; repeatable\n" HELP_COMMON
			HELP_STATUS("ns-cgroup"),
	.options = options,
};

int main(int argc, char **argv)
{
	struct cgroup {
		const char *directory;
		int procs;
	} *list = NULL;
	size_t count = 0;
	tool_start();
	while (tool_option(argc, argv) == 'j') {
		list = realloc(list, (count + 1) * sizeof(*list));
		if (!list)
			die_errno("cannot keep the options");
		list[count++].directory = optarg;
	}
	for (size_t i = 0; i < count; i++)
		list[i].procs = open_procs(list[i].directory);
	for (size_t i = 0; i < count; i++)
		join_cgroup(list[i].directory, list[i].procs);
	ns_unshare(NS_CGROUP);
	chain(argv + optind, false);
}
