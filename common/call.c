/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/call.h"
#include "common/explain.h"

#define FLAG(name) \
	{ \
		name, #name \
	}

static const struct flag_name clone_flags[] = {
	FLAG(CLONE_NEWNS),
	FLAG(CLONE_NEWUTS),
	FLAG(CLONE_NEWIPC),
	FLAG(CLONE_NEWNET),
	FLAG(CLONE_NEWPID),
	FLAG(CLONE_NEWUSER),
	FLAG(CLONE_NEWCGROUP),
	FLAG(CLONE_NEWTIME),
	FLAG(SIGCHLD),
	{0, NULL},
};
static const struct flag_name mount_flags[] = {
	FLAG(MS_RDONLY),
	FLAG(MS_NOSUID),
	FLAG(MS_NODEV),
	FLAG(MS_NOEXEC),
	FLAG(MS_NOATIME),
	FLAG(MS_NODIRATIME),
	FLAG(MS_RELATIME),
	FLAG(MS_NOSYMFOLLOW),
	FLAG(MS_REMOUNT),
	FLAG(MS_BIND),
	FLAG(MS_MOVE),
	FLAG(MS_REC),
	FLAG(MS_PRIVATE),
	FLAG(MS_SLAVE),
	FLAG(MS_SHARED),
	{0, NULL},
};
static const struct flag_name umount_flags[] = {FLAG(MNT_DETACH), {0, NULL}};
static const struct flag_name open_tree_flags[] = {
	FLAG(OPEN_TREE_CLONE),
	FLAG(OPEN_TREE_CLOEXEC),
	FLAG(AT_EMPTY_PATH),
	FLAG(AT_RECURSIVE),
	{0, NULL},
};
static const struct flag_name move_mount_flags[] = {
	FLAG(MOVE_MOUNT_F_EMPTY_PATH),
	FLAG(MOVE_MOUNT_T_SYMLINKS),
	FLAG(MOVE_MOUNT_T_EMPTY_PATH),
	{0, NULL},
};
static const struct flag_name attributes[] = {
	FLAG(MOUNT_ATTR_RDONLY),
	FLAG(MOUNT_ATTR_NOSUID),
	FLAG(MOUNT_ATTR_NODEV),
	FLAG(MOUNT_ATTR_NOEXEC),
	FLAG(MOUNT_ATTR__ATIME),
	FLAG(MOUNT_ATTR_NOATIME),
	FLAG(MOUNT_ATTR_NOSYMFOLLOW),
	{0, NULL},
};

int call_unshare(int flags)
{
	return explain(
		unshare(flags), "unshare(%f)", clone_flags, (unsigned long)(unsigned)flags);
}

int call_setns(int fd, int types)
{
	return explain(setns(fd, types), "setns(%d, %f)", fd, clone_flags,
		(unsigned long)(unsigned)types);
}

pid_t call_clone(int flags)
{
	const unsigned long all = (unsigned long)(unsigned)flags | SIGCHLD;
	int said[2] = {-1, -1};
	char byte;
	if (explaining() && pipe2(said, O_CLOEXEC) == -1)
		return -1;
	/* libc's clone() wants a stack, its fork() takes no flags and blocks signals meanwhile
	 */
	pid_t pid = (pid_t)syscall(SYS_clone, all, 0, 0, 0, 0);
	if (said[0] == -1)
		return pid;
	if (pid != 0)
		explain(pid, "clone(child_stack=NULL, flags=%f)", clone_flags, all);
	int saved = errno;
	close(said[1]);
	if (pid == 0)
		while (read(said[0], &byte, 1) == -1 && errno == EINTR)
			;
	close(said[0]);
	errno = saved;
	return pid;
}

pid_t call_clone_sharing(int flags, int (*run)(void *arg), void *arg)
{
	static _Alignas(16) char stack[64 * 1024];
	const int all = flags | CLONE_VM | CLONE_VFORK | SIGCHLD;
#ifdef __SANITIZE_ADDRESS__
	const bool copy = true; /* AddressSanitizer wants to know each stack */
#else
	const bool copy = explaining();
#endif
	pid_t pid = copy ? -1 : clone(run, stack + sizeof(stack), all, arg);
	if ((copy || (pid == -1 && errno == EINVAL)) && (pid = call_clone(flags)) == 0)
		run(arg);
	return pid;
}

int call_mount(const char *source, const char *target, const char *type, unsigned long flags,
	const char *data)
{
	return explain(mount(source, target, type, flags, data), "mount(%s, %s, %s, %f, %s)",
		source, target, type, mount_flags, flags, data);
}

int call_umount2(const char *target, int flags)
{
	return explain(umount2(target, flags), "umount2(%s, %f)", target, umount_flags,
		(unsigned long)(unsigned)flags);
}

int call_pivot_root(const char *new_root, const char *put_old)
{
	return explain((int)syscall(SYS_pivot_root, new_root, put_old), "pivot_root(%s, %s)",
		new_root, put_old);
}

int call_chroot(const char *path)
{
	return explain(chroot(path), "chroot(%s)", path);
}

int call_chdir(const char *path)
{
	return explain(chdir(path), "chdir(%s)", path);
}

int call_fchdir(int fd)
{
	return explain(fchdir(fd), "fchdir(%d)", fd);
}

int call_mkdirat(int fd, const char *path, mode_t mode)
{
	return explain(mkdirat(fd, path, mode), "mkdirat(%d, %s, %o)", fd, path, mode);
}

int call_mknodat(int fd, const char *path, mode_t mode)
{
	return explain(mknodat(fd, path, S_IFREG | mode, 0), "mknodat(%d, %s, S_IFREG|%o, 0)",
		fd, path, mode);
}

int call_sethostname(const char *name)
{
	size_t length = strlen(name);
	return explain(sethostname(name, length), "sethostname(%s, %z)", name, length);
}

int call_setdomainname(const char *name)
{
	size_t length = strlen(name);
	return explain(setdomainname(name, length), "setdomainname(%s, %z)", name, length);
}

int call_setgroups(void)
{
	return explain(setgroups(0, NULL), "setgroups(0, NULL)");
}

int call_setresuid(uid_t uid)
{
	return explain(setresuid(uid, uid, uid), "setresuid(%u, %u, %u)", uid, uid, uid);
}

int call_setresgid(gid_t gid)
{
	return explain(setresgid(gid, gid, gid), "setresgid(%u, %u, %u)", gid, gid, gid);
}

int call_open_tree(int fd, const char *path, unsigned int flags)
{
	return explain((int)syscall(SYS_open_tree, fd, path, flags), "open_tree(%d, %s, %f)",
		fd, path, open_tree_flags, (unsigned long)flags);
}

int call_move_mount(int from, int to, const char *to_path, unsigned int flags)
{
	return explain((int)syscall(SYS_move_mount, from, "", to, to_path, flags),
		"move_mount(%d, %s, %d, %s, %f)", from, "", to, to_path, move_mount_flags,
		(unsigned long)flags);
}

int call_mount_setattr(int fd, unsigned int flags, unsigned long set, unsigned long clear)
{
	const struct mount_attributes a = {.attr_set = set, .attr_clr = clear};
	return explain((int)syscall(SYS_mount_setattr, fd, "", flags, &a, sizeof(a)),
		"mount_setattr(%d, %s, %f, {attr_set=%f, attr_clr=%f, propagation=0, "
		"userns_fd=0}, %z)",
		fd, "", open_tree_flags, (unsigned long)flags, attributes, set, attributes,
		clear, sizeof(a));
}

int call_write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	size_t length = strlen(text);
	ssize_t n;
	do
		n = write(fd, text, length);
	while (n == -1 && errno == EINTR);
	int result = explain((int)n, "write(%d<%t>, %s, %z)", fd, path, text, length);
	int saved = errno;
	close(fd);
	errno = saved;
	return result == -1 ? -1 : 0;
}
