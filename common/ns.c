/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "common/call.h"
#include "common/explain.h"
#include "common/file.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/ns.h"

const struct ns_type ns_types[NS_TYPES] = {
	{"user", "user", CLONE_NEWUSER},
	{"mnt", "mount", CLONE_NEWNS},
	{"uts", "uts", CLONE_NEWUTS},
	{"ipc", "ipc", CLONE_NEWIPC},
	{"pid", "pid", CLONE_NEWPID},
	{"cgroup", "cgroup", CLONE_NEWCGROUP},
	{"net", "net", CLONE_NEWNET},
	{"time", "time", CLONE_NEWTIME},
};

bool has_capability(int number)
{
	/* capget(2), version 3: two sets of {effective, permitted, inheritable} */
	const struct {
		uint32_t version;
		int pid;
	} header = {0x20080522, 0};
	struct {
		uint32_t effective, permitted, inheritable;
	} sets[2];
	if (syscall(SYS_capget, &header, sets) == -1)
		return false;
	return sets[number / 32].effective >> (number % 32) & 1;
}

/* Whether the sysctl /proc/sys/NAME exists and is that number. */
static bool sysctl_is(const char *name, const char *number)
{
	char path[128];
	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	char *text = read_file(path, NULL);
	if (!text)
		return false;
	text[strcspn(text, "\n")] = '\0';
	bool same = strcmp(text, number) == 0;
	free(text);
	return same;
}

bool owns_namespace(const char *file)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/ns/%s", file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int owner = fd == -1 ? -1 : ioctl(fd, NS_GET_USERNS);
	bool owns = owner != -1 || fd == -1 || errno != EPERM; /* EPERM: one above us */
	close(owner);
	close(fd);
	return owns;
}

bool next_mapping(char **rest, struct mapping *m)
{
	unsigned long *numbers[] = {&m->inner, &m->outer, &m->count};
	for (size_t i = 0; *rest && i < 3; i++) {
		char *start = *rest;
		*numbers[i] = strtoul(start, rest, 10);
		if (*rest == start)
			return false;
	}
	return *rest;
}

/* Whether a map has that inner ID; true when it cannot be read. */
static bool is_mapped(const char *path, unsigned id)
{
	char *map = read_file(path, NULL), *rest = map;
	struct mapping m;
	bool mapped = !map;
	while (!mapped && next_mapping(&rest, &m))
		mapped = id >= m.inner && id - m.inner < m.count;
	free(map);
	return mapped;
}

static void hint_user_refused(void)
{
	if (sysctl_is("kernel/unprivileged_userns_clone", "0"))
		hint("the sysctl kernel.unprivileged_userns_clone is 0: only root may make "
		     "user namespaces here");
	else if (!is_mount_root("/")) /* statx(2), Linux 5.8 */
		hint("the root directory is no mount point (a chroot): user namespaces are "
		     "refused there; ns-pivot switches the root without that");
	else if (!is_mapped("/proc/self/uid_map", geteuid()) ||
		 !is_mapped("/proc/self/gid_map", getegid()))
		hint("the user ID or the group ID is not mapped in the current user namespace: "
		     "who makes a user namespace must be");
	else if (sysctl_is("kernel/apparmor_restrict_unprivileged_userns", "1"))
		hint("the sysctl kernel.apparmor_restrict_unprivileged_userns is 1: AppArmor "
		     "refuses user namespaces to programs without a profile");
	else
		hint("a security module or a container's seccomp filter refuses user "
		     "namespaces");
}

/* The first one maps all IDs to themselves: user_namespaces(7). */
static bool in_user_namespace(void)
{
	char *map = read_file("/proc/self/uid_map", NULL), *rest = map;
	struct mapping m;
	bool first = !map ||
		     (next_mapping(&rest, &m) && !m.inner && !m.outer && m.count == UINT32_MAX);
	free(map);
	return !first;
}

void hint_privilege(void)
{
	if (has_capability(CAPABILITY_SYS_ADMIN))
		hint("CAP_SYS_ADMIN is there, but a security module, a container's seccomp "
		     "filter or an owner in a parent user namespace refuses");
	else if (geteuid() && sysctl_is("kernel/apparmor_restrict_unprivileged_userns", "1"))
		hint("CAP_SYS_ADMIN is missing in the current user namespace, and the sysctl "
		     "kernel.apparmor_restrict_unprivileged_userns is 1: run it as root");
	else if (geteuid() && in_user_namespace())
		hint("CAP_SYS_ADMIN is lost when who is not root executes a program: use ns-user with "
		     "--map-root, or --keep-caps");
	else
		hint("CAP_SYS_ADMIN is missing in the current user namespace: run it as root, or under "
		     "ns-user");
}

static void hint_limit(int flags)
{
	for (int i = 0; i < NS_TYPES; i++) {
		char name[64];
		if (!(flags & ns_types[i].flag))
			continue;
		snprintf(name, sizeof(name), "user/max_%s_namespaces", ns_types[i].file);
		if (sysctl_is(name, "0")) {
			hint("the limit user.max_%s_namespaces is 0", ns_types[i].file);
			return;
		}
	}
	const char *type = "*";
	for (int i = 0; i < NS_TYPES; i++)
		if (flags == ns_types[i].flag)
			type = ns_types[i].file;
	hint("no disk is full: the limit user.max_%s_namespaces is reached, here or in a "
	     "parent user namespace%s",
		type,
		flags & (CLONE_NEWPID | CLONE_NEWUSER) ? ", or namespaces are nested 32 deep"
						       : "");
}

void ns_hint(int flags, int error)
{
	switch (error) {
	case EPERM:
		if (flags & CLONE_NEWUSER)
			hint_user_refused();
		else
			hint_privilege();
		break;
	case ENOSPC:
	case EUSERS: hint_limit(flags); break;
	case EINVAL:
		if (flags & CLONE_NEWPID)
			hint("our children go to another PID namespace already (unshare(2), "
			     "setns(2)): start one of them first");
		else
			hint("this kernel was built without that type of namespace");
		break;
	default: break;
	}
}

void ns_unshare(int type)
{
	const struct ns_type *t = &ns_types[type];
	explain_equivalent("unshare --%s", t->option);
	if (call_unshare(t->flag) == 0)
		return;
	int error = errno;
	warn_errno("cannot make a new %s namespace", t->option);
	ns_hint(t->flag, error);
	fail(EXIT_TOOL);
}
