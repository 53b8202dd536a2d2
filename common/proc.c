/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/call.h"
#include "common/explain.h"
#include "common/file.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/ns.h"
#include "common/proc.h"

bool proc_is_ours(void)
{
	char self[16] = "";
	return readlink("/proc/self", self, sizeof(self) - 1) != -1 &&
	       strtol(self, NULL, 10) == getpid();
}

/* A user namespace gets no new view of /proc while something hides a part of the one it sees.
 */
static void hint_covered(void)
{
	if (!owns_namespace("pid")) {
		hint("the current PID namespace belongs to a parent user namespace: make one of "
		     "your own first, 'ns-user ns-pidlab ...'");
		return;
	}
	char *rest = read_file("/proc/self/mountinfo", NULL);
	struct mount_line m;
	bool proc = false;
	while (rest && next_mount(&rest, &m)) {
		if (strcmp(m.type, "proc") == 0 && strcmp(m.point, "/proc") == 0) {
			proc = true;
		} else if (strncmp(m.point, "/proc/", 6) == 0) {
			hint("%s covers a part of /proc, so the kernel gives a user namespace "
			     "no other view of it",
				quote(m.point));
			return;
		}
	}
	if (proc || !rest)
		hint_privilege();
	else
		hint("no whole /proc is mounted, so the kernel gives a user namespace none");
}

/* Its /proc, in a message. */
static const char *proc_of(const char *root)
{
	char *path;
	return asprintf(&path, "%s/proc", root) == -1 ? root : path;
}

void mount_proc(const char *target, const char *root)
{
	if (explaining())
		explain_equivalent("mount -t proc proc %s", quote_if_needed(proc_of(root)));
	if (call_mount("proc", target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0)
		return;
	int error = errno;
	warn_errno("cannot mount proc on %s", quote(proc_of(root)));
	if (error == EPERM)
		hint_covered();
	else if (error == ENOENT)
		hint("make that directory, or leave the mount of /proc out");
	fail(EXIT_TOOL);
}
