/* SPDX-License-Identifier: ISC */
/*
 * ns-pivot: run a command in another root file system, in a mount namespace of
 * its own, with nothing left that leads back to the old one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/bind.h"
#include "common/call.h"
#include "common/chain.h"
#include "common/explain.h"
#include "common/file.h"
#include "common/listing.h"
#include "common/make.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/ns.h"
#include "common/proc.h"
#include "common/tool.h"

static const struct option options[] = {
	{"put-old", required_argument, NULL, 'o'},
	{"proc", no_argument, NULL, 'P'},
	{"read-only", no_argument, NULL, 'r'},
	{"chdir", required_argument, NULL, 'C'},
	COMMON_OPTIONS,
};

struct pivot {
	const char *new_root, *put_old, *directory;
	bool proc, read_only, pivoted;
	int original; /* NEWROOT as it was, writable whatever --read-only says */
};

/*
 * Whether a descriptor leads out of the new root: a directory, anything opened
 * with O_PATH (a detached mount), a namespace, a process.  NULL when not.
 */
static const char *leads_back(int fd)
{
	struct stat s;
	struct statfs f;
	char path[32], link[32];
	if (fstat(fd, &s) == -1 || fstatfs(fd, &f) == -1)
		return "what we may not look at";
	if (S_ISDIR(s.st_mode))
		return "a directory";
	if (fcntl(fd, F_GETFL) & O_PATH)
		return "a path (O_PATH)";
	if (f.f_type == NSFS_MAGIC)
		return "a namespace";
	if (f.f_type == PID_FS_MAGIC)
		return "a process (pidfd)";
	if (f.f_type != ANON_INODE_FS_MAGIC)
		return NULL;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(path, link, sizeof(link) - 1);
	if (n == -1)
		return "what we may not look at";
	link[n] = '\0';
	if (strcmp(link, "anon_inode:[pidfd]") == 0)
		return "a process (pidfd)";
	if (strcmp(link, "anon_inode:[fscontext]") == 0)
		return "a file system (fspick)";
	return NULL;
}

/* Returns false when it is not open. */
static bool check_descriptor(int fd)
{
	const int flags = fcntl(fd, F_GETFD);
	if (flags == -1 && errno == EBADF)
		return false;
	const char *what = flags != -1 && flags & FD_CLOEXEC ? NULL : leads_back(fd);
	if (!what)
		return true;
	if (fd > STDERR_FILENO) {
		if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
			die_errno("cannot have descriptor %d closed", fd);
		return true;
	}
	warn("descriptor %d is %s: it would lead back to the old root", fd, what);
	hint("redirect it to or from something else, /dev/null for example");
	fail(EXIT_TOOL);
}

/* next_name(), of what must be looked at to its end. */
static const char *next_entry(struct listing *l)
{
	const char *name = next_name(l);
	if (!name && errno)
		die_errno("cannot list what may lead back to the old root");
	return name;
}

/* Those that are neither 0, 1 nor 2; folder is /proc/self/fd, or -1. */
static void check_inherited(int folder)
{
	struct listing list = {.fd = folder};
	struct statfs f;
	struct stat s = {0};
	const bool listed = folder != -1 && fstatfs(folder, &f) == 0 &&
			    f.f_type == PROC_SUPER_MAGIC && fstat(folder, &s) == 0;
	/*
	 * Since Linux 6.2 the size is how many are open: few, as a rule, and to list them the
	 * kernel makes an inode of each.
	 */
	long found = STDERR_FILENO + 1; /* tool_start() */
	int fd = STDERR_FILENO + 1;
	for (; fd < 16 && found < s.st_size; fd++)
		found += check_descriptor(fd);
	const char *name;
	if (listed && found != s.st_size)
		while ((name = next_entry(&list)))
			if (atoi(name) >= fd)
				check_descriptor(atoi(name));
	for (; !listed && fd < sysconf(_SC_OPEN_MAX); fd++)
		check_descriptor(fd);
	close(folder);
}

/* Whether root, a directory, is what `ns-pidlab -i` gives its init: empty, for good. */
static bool is_empty_root(int proc, const char *pid)
{
	char path[32];
	struct statfs f;
	struct statvfs v;
	snprintf(path, sizeof(path), "%.16s/root", pid);
	int fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT; /* a zombie has none */
	bool fixed = fstatfs(fd, &f) == 0 && f.f_type == TMPFS_MAGIC && fstatvfs(fd, &v) == 0 &&
		     v.f_flag & ST_RDONLY;
	struct listing list = {.fd = fd};
	bool empty = fixed && !next_entry(&list);
	close(fd);
	return empty;
}

/* With a /proc, /proc/PID/root of any other process here leads to where that process is. */
static void check_processes(int proc)
{
	struct listing list = {.fd = proc};
	const int self = getpid();
	for (const char *name; (name = next_entry(&list));) {
		const int pid = atoi(name);
		if (pid == 0 || pid == self || is_empty_root(proc, name))
			continue;
		warn("cannot have a /proc: process %d of this PID namespace is in another "
		     "root, which its /proc/%d/root would show",
			pid, pid);
		hint("make ns-pivot the first process there, or the one that the init starts: "
		     "'ns-pidlab ns-pivot -P ...' or 'ns-pidlab -i ns-pivot -P ...'");
		fail(EXIT_TOOL);
	}
	close(proc);
}

/* Mounted on "." so that no link of that name can lead it elsewhere. */
static void mount_new_proc(const struct pivot *p, int root)
{
	const int flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(root, "proc", O_PATH | flags);
	if (fd == -1) {
		warn_errno("cannot mount proc on '/proc' of the new root");
		hint("--proc needs a directory of that name there");
		fail(EXIT_TOOL);
	}
	if (call_fchdir(fd) == -1)
		die_errno("cannot enter '/proc' of the new root");
	close(fd);
	mount_proc(".", p->new_root);
	if (!p->put_old) {
		int proc = openat(root, "proc", O_RDONLY | flags);
		int folder = proc == -1 ? -1 : openat(proc, "self/fd", O_RDONLY | O_CLOEXEC);
		if (folder == -1)
			die_errno("cannot list '/proc' of the new root");
		check_inherited(folder);
		check_processes(proc);
	}
	if (call_fchdir(root) == -1)
		die_errno("cannot enter the new root");
}

static void make_put_old(const struct pivot *p)
{
	const struct place inside = {p->original, true};
	int fd = place_open(inside, p->put_old, O_DIRECTORY);
	if (fd != -1)
		close(fd);
	else if (errno != ENOENT || make_path(inside, p->put_old, S_IFDIR) == -1) {
		int error = errno;
		warn_errno("cannot put the old root at %s of the new one", quote(p->put_old));
		if (error == ENOSYS)
			hint("--put-old needs openat2(2), Linux 5.6");
		fail(EXIT_TOOL);
	}
}

static void undo(void *arg)
{
	const struct pivot *p = arg;
	if (p->pivoted)
		call_umount2(p->put_old, MNT_DETACH);
	remove_made((struct place){p->original, true}, 0);
}

/* On the initramfs the root mount is its own parent: proc(5), mountinfo. */
static bool on_initramfs(void)
{
	char *rest = read_file("/proc/self/mountinfo", NULL);
	struct mount_line m;
	while (rest && next_mount(&rest, &m))
		if (strcmp(m.point, "/") == 0 && m.id == m.parent)
			return true;
	return false;
}

static _Noreturn void cannot_pivot(const struct pivot *p)
{
	int error = errno;
	warn_errno("cannot make %s the root", quote(p->new_root));
	if (error == EPERM)
		hint_privilege();
	else if (on_initramfs())
		hint("the current root is the initramfs, which cannot be put elsewhere: "
		     "switch_root(8)");
	else if (error == EINVAL) /* no chroot: new_mount_namespace() */
		hint("the mount that holds the current root is shared, and out of reach from here: "
		     "enter that root with ns-pivot instead of chroot(1)");
	fail(EXIT_TOOL);
}

static void pivot(struct pivot *p)
{
	const struct bind bind = {
		.source = p->new_root,
		.target = p->new_root,
		.place = {AT_FDCWD, false},
		.recursive = true,
		.attributes = p->read_only ? MOUNT_ATTR_RDONLY : 0,
	};
	int root = bind_mount(&bind); /* pivot_root(2) wants a mount point */
	if (call_fchdir(root) == -1)
		die_errno("cannot enter %s", quote(p->new_root));
	if (p->proc)
		mount_new_proc(p, root);
	explain_equivalent("pivot_root . .");
	if (call_pivot_root(".", ".") == -1)
		cannot_pivot(p);
	p->pivoted = true;
	/* Now "/" is the new root, and the old one lies over it: "/..", or "." here. */
	explain_equivalent(p->put_old ? "mount --move /.. %s" : "umount --lazy .",
		p->put_old ? quote_if_needed(p->put_old) : "");
	if (p->put_old ? call_mount("/..", p->put_old, NULL, MS_MOVE, NULL) == -1
		       : call_umount2(".", MNT_DETACH) == -1) {
		int error = errno;
		warn_errno("cannot take the old root away");
		if (error == ELOOP)
			hint("%s of the new root leads to that root itself", quote(p->put_old));
		fail(EXIT_TOOL);
	}
	if (call_chdir(p->directory) == -1)
		die_errno("cannot change to %s in the new root", quote(p->directory));
}

const struct tool tool = {
	.name = "ns-pivot",
	.help = "Usage: ns-pivot [OPTION]... NEWROOT [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, with NEWROOT as the root directory, in a "
		"new\n"
		"mount namespace.\n"
		"\n"
		"  -o, --put-old=DIR      keep the old root at DIR of the new one\n"
		"  -P, --proc             mount a fresh /proc of the current PID namespace\n"
		"  -r, --read-only        make the new root read-only, but for /proc\n"
		"  -C, --chdir=DIR        start COMMAND in DIR of the new root (default "
		"/)\n" HELP_COMMON HELP_STATUS("ns-pivot"),
	.options = options,
};

static void check_below(const char *directory)
{
	const char *p = directory;
	bool below = false, up = false;
	while (*p) {
		size_t length = strcspn(p, "/");
		up |= length == 2 && strncmp(p, "..", 2) == 0;
		below |= length > 0 && !(length == 1 && *p == '.');
		p += length + (p[length] == '/');
	}
	if (!below || up)
		usage_error("--put-old must be below the new root: %s", quote(directory));
}

/* DIR of -o and -C is one of the new root, with or without a slash before it. */
static const char *absolute(const char *directory)
{
	if (*directory == '/')
		return directory;
	char *path = malloc(strlen(directory) + 2);
	if (!path)
		die_errno("cannot keep a path");
	*path = '/';
	strcpy(path + 1, directory);
	return path;
}

int main(int argc, char **argv)
{
	struct pivot p = {.directory = "/"};
	tool_start();
	for (int c; (c = tool_option(argc, argv)) != -1;) {
		switch (c) {
		case 'o':
			check_below(optarg);
			p.put_old = absolute(optarg);
			break;
		case 'P': p.proc = true; break;
		case 'r': p.read_only = true; break;
		case 'C':
			if (!*optarg)
				usage_error("--chdir is empty: ''");
			p.directory = absolute(optarg);
			break;
		}
	}
	argv += optind;
	if (!argv[0])
		usage_error("missing NEWROOT");
	p.new_root = *argv++;
	p.original = open(p.new_root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (p.original == -1)
		die_errno("cannot use %s as the root", quote(p.new_root));
	if (!p.put_old) {
		int folder =
			p.proc ? -1 : open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
			check_descriptor(fd);
		if (!p.proc)
			check_inherited(folder);
	}
	new_mount_namespace(PROPAGATION_SLAVE);
	if (p.put_old) {
		at_failure(undo, &p);
		make_put_old(&p);
	}
	pivot(&p);
	chain(argv, true);
}
