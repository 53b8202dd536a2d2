/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/bind.h"
#include "common/call.h"
#include "common/explain.h"
#include "common/file.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/ns.h"

/* The new calls that containers refuse and old kernels lack. */
static bool is_missing(int error)
{
	return error == ENOSYS || error == EPERM;
}

static _Noreturn void cannot_read_source(const struct bind *b)
{
	int error = errno;
	warn_errno("cannot bind %s", quote(b->source));
	if (error == EPERM)
		hint_privilege();
	else if (error == EINVAL && !b->recursive)
		hint("it is unbindable, or has mounts below it that a user namespace may not "
		     "uncover: --recursive takes them along");
	else if (error == EINVAL)
		hint("it is unbindable, or on a mount of another namespace");
	else if (error == ENOSPC)
		hint("no disk is full: the limit fs.mount-max or user.max_mnt_namespaces is reached");
	fail(EXIT_TOOL);
}

static _Noreturn void cannot_attach(const struct bind *b, mode_t source_type)
{
	int error = errno;
	struct stat s;
	int fd = place_open(b->place, b->target, 0);
	errno = error;
	warn_errno("cannot bind %s on %s", quote(b->source), quote(b->target));
	if (error == ENOENT && fd == -1 && !b->create)
		hint("%s does not exist: --create makes it", quote(b->target));
	else if (fd != -1 && fstat(fd, &s) == 0 && S_ISDIR(s.st_mode) != S_ISDIR(source_type))
		hint("%s is a directory and %s is not: both must be, or neither",
			quote(S_ISDIR(s.st_mode) ? b->target : b->source),
			quote(S_ISDIR(s.st_mode) ? b->source : b->target));
	else if (error == EEXIST)
		hint("%s is, or leads over, a symbolic link to nothing", quote(b->target));
	else if (error == ELOOP && fd != -1)
		hint("a mount namespace can be bound only in one that was made before it");
	else if (error == ENOSYS && b->place.inside)
		hint("--inside needs openat2(2), Linux 5.6");
	else if (error == ENOSPC)
		hint("no disk is full: the limit fs.mount-max or user.max_mnt_namespaces is reached");
	else if (error == EPERM && !owns_namespace("mnt"))
		hint("the current mount namespace belongs to a parent user namespace: leave out "
		     "--keep for one of your own");
	else if (error == EPERM)
		hint_privilege();
	fail(EXIT_TOOL);
}

/* Keeps what statvfs(3) tells of the mount: mount(2) wants all of it again. */
static int remount(const char *path, unsigned long attributes)
{
	static const struct {
		unsigned long attribute, flag;
	} pairs[] = {
		{MOUNT_ATTR_RDONLY, MS_RDONLY},
		{MOUNT_ATTR_NOSUID, MS_NOSUID},
		{MOUNT_ATTR_NODEV, MS_NODEV},
		{MOUNT_ATTR_NOEXEC, MS_NOEXEC},
		{MOUNT_ATTR_NOATIME, MS_NOATIME},
		{MOUNT_ATTR_NOSYMFOLLOW, MS_NOSYMFOLLOW},
	};
	struct statvfs v;
	if (statvfs(path, &v) == -1)
		return -1;
	unsigned long flags = MS_REMOUNT | MS_BIND;
	flags |= v.f_flag & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC | ST_NOATIME |
				    ST_NODIRATIME); /* the same bits */
	if (v.f_flag & ST_RELATIME)
		flags |= MS_RELATIME;
	if (v.f_flag & 0x2000) /* ST_NOSYMFOLLOW, 5.10 */
		flags |= MS_NOSYMFOLLOW;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (attributes & pairs[i].attribute)
			flags |= pairs[i].flag;
	return call_mount(NULL, path, NULL, flags, NULL);
}

/*
 * Where there is no mount_setattr(2): each mount of the tree is remounted, seen
 * by nobody yet.  mountinfo has parents before children.
 */
static int remount_tree(const struct bind *b, int mount)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", mount);
	if (remount(path, b->attributes) == -1)
		return -1;
	if (!b->recursive)
		return 0;
	size_t length, known = 0;
	char *text = read_file("/proc/self/mountinfo", &length), *rest = text;
	uint64_t *ids = text ? calloc(length / 16 + 1, sizeof(*ids)) : NULL;
	struct mount_line m;
	if (!ids)
		return -1;
	ids[known++] = mount_id(mount);
	int result = ids[0] ? 0 : -1;
	while (result == 0 && next_mount(&rest, &m)) {
		size_t i = 0;
		while (i < known && ids[i] != m.parent)
			i++;
		if (i == known)
			continue;
		ids[known++] = m.id;
		char point[PATH_MAX + 3]; /* from "/..": the tree may lie over "/" */
		snprintf(point, sizeof(point), "/..%s", m.point);
		result = remount(point, b->attributes);
	}
	int saved = errno;
	free(ids);
	free(text);
	errno = saved;
	return result;
}

static _Noreturn void cannot_set_attributes(const struct bind *b)
{
	int error = errno;
	warn_errno("cannot set the attributes of %s", quote(b->source));
	if (error == EPERM && b->attributes & MOUNT_ATTR_NOATIME)
		hint("a user namespace may not change how an inherited mount keeps access times");
	else if (is_missing(error) && b->seen && has_capability(CAPABILITY_SYS_ADMIN))
		hint("this needs mount_setattr(2), Linux 5.12, here not there or refused; a remount later on would let "
		     "others write meanwhile: use a new namespace");
	else if (error == EPERM)
		hint_privilege();
	else if (error == ENOENT)
		hint("without mount_setattr(2), Linux 5.12, this needs a proc(5) on '/proc'");
	else if (error == EINVAL && b->attributes & MOUNT_ATTR_NOSYMFOLLOW)
		hint("nosymfollow needs Linux 5.14");
	fail(EXIT_TOOL);
}

/* Returns whether that is done; false when it must wait until the mount is attached. */
static bool set_attributes(const struct bind *b, int mount)
{
	unsigned flags = (unsigned)AT_EMPTY_PATH | (b->recursive ? AT_RECURSIVE : 0U);
	unsigned long clear = b->attributes & MOUNT_ATTR_NOATIME ? MOUNT_ATTR__ATIME : 0;
	if (!b->attributes || call_mount_setattr(mount, flags, b->attributes, clear) == 0)
		return true;
	if (is_missing(errno) && !b->seen)
		return false;
	cannot_set_attributes(b);
}

int open_again(int fd)
{
	char link[32], path[PATH_MAX];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	close(fd);
	if (n == -1)
		return -1;
	path[n] = '\0';
	return open(strcmp(path, "/") == 0 ? "/.." : path, O_PATH | O_CLOEXEC);
}

int detach_mount(int fd, struct place place, const char *path)
{
	char link[32];
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	if (!place.inside)
		explain_equivalent("umount --lazy %s", quote_if_needed(path));
	int result = call_umount2(link, MNT_DETACH);
	if (result == -1 && errno == ENOENT && !place.inside)
		result = call_umount2(path, MNT_DETACH);
	return result;
}

static int attach_tree(const struct bind *b, int mount)
{
	if (!b->place.inside)
		return call_move_mount(mount, AT_FDCWD, b->target,
			MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS);
	int target = place_open(b->place, b->target, 0);
	if (target == -1)
		return -1;
	int result = call_move_mount(
		mount, target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
	int saved = errno;
	close(target);
	errno = saved;
	return result;
}

/* What is on the target now; below is the ID of the mount that the target was on, or 0. */
static int open_bound(const struct bind *b, uint64_t below)
{
	int fd = place_open(b->place, b->target, 0);
	if (fd == -1 || !below || mount_id(fd) != below)
		return fd;
	fd = open_again(fd);
	if (fd == -1 || mount_id(fd) != below)
		return fd;
	close(fd);
	errno = EBUSY; /* something else lies over it */
	return -1;
}

/* mount(2) of the old kind gives no descriptor: returns one of what is on the target then. */
static int attach_path(const struct bind *b)
{
	const unsigned long flags = b->recursive ? MS_BIND | MS_REC : MS_BIND;
	int under = place_open(b->place, b->target, 0), fd = -1;
	if (under == -1)
		return -1;
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", under);
	const uint64_t below = mount_id(under);
	if (call_mount(b->source, b->place.inside ? path : b->target, NULL, flags, NULL) == 0) {
		fd = open_bound(b, below);
		int error = errno;
		if (fd == -1 && error != EBUSY)
			detach_mount(under, b->place, b->target);
		errno = error;
	}
	int saved = errno;
	close(under);
	errno = saved;
	return fd;
}

/* Returns a descriptor of the mount on the target, or -1. */
static int attach(const struct bind *b, int mount)
{
	if (!b->place.inside) /* mount(8) follows links out of there */
		explain_equivalent("mount --%sbind %s %s", b->recursive ? "r" : "",
			quote_if_needed(b->source), quote_if_needed(b->target));
	if (mount == -1)
		return attach_path(b);
	return attach_tree(b, mount) == -1 ? -1 : mount;
}

int bind_mount(const struct bind *b)
{
	struct stat s;
	unsigned flags = (unsigned)(OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	int mount = call_open_tree(
		AT_FDCWD, b->source, b->recursive ? flags | AT_RECURSIVE : flags);
	if (mount == -1 && !is_missing(errno))
		cannot_read_source(b);
	if (mount == -1 && b->seen && b->attributes)
		cannot_set_attributes(b);
	bool done = mount != -1 && set_attributes(b, mount);
	if (mount == -1 && stat(b->source, &s) == -1)
		cannot_read_source(b);
	int bound = attach(b, mount);
	if (bound == -1 && mount != -1 && is_missing(errno) && !(b->seen && b->attributes) &&
		stat(b->source, &s) == 0) { /* only move_mount(2) is refused */
		close(mount);
		mount = -1;
		done = false;
		bound = attach(b, mount);
	}
	if (bound == -1) {
		int error = errno;
		if (mount != -1 && fstat(mount, &s) == -1)
			die_errno("cannot look at %s", quote(b->source));
		const mode_t type = s.st_mode & S_IFMT;
		errno = error;
		if (errno != ENOENT || !b->create ||
			make_path(b->place, b->target, type) == -1 ||
			(bound = attach(b, mount)) == -1)
			cannot_attach(b, type);
	}
	if (!done && b->attributes && remount_tree(b, bound) == -1) {
		int error = errno;
		detach_mount(bound, b->place, b->target);
		errno = error;
		cannot_set_attributes(b);
	}
	return bound;
}
