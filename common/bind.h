/* SPDX-License-Identifier: ISC */
/* A bind mount whose attributes are there before anybody can see it. */
#ifndef NS_BIND_H
#define NS_BIND_H

#include <stdbool.h>

#include "common/make.h"

struct bind {
	const char *source, *target;
	struct place place; /* of target */
	bool recursive;
	bool create; /* make_path() the target */
	bool seen;   /* others see it at once: no way round a missing mount_setattr(2) */
	unsigned long attributes; /* MOUNT_ATTR_* to add; those of the source stay */
};

/*
 * Binds it and returns a descriptor (O_PATH) of the new mount, or dies with a
 * hint.  open_tree(2), mount_setattr(2), move_mount(2), Linux 5.12; where these
 * say ENOSYS or EPERM, mount(2), and a remount when nobody can see it.
 */
int bind_mount(const struct bind *b);

/*
 * Closes fd and opens (O_PATH) what is on its absolute path: "/" and "." lead below what has
 * been mounted on them, "/.." and an absolute path do not.
 */
int open_again(int fd);

/*
 * Unmounts (umount2(2), MNT_DETACH) what fd is the root of, or is below.  Its path is where to
 * look when there is no /proc, but never for what is inside a place.  Returns 0, or -1 with
 * errno.
 */
int detach_mount(int fd, struct place place, const char *path);

#endif
