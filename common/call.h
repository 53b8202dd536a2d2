/* SPDX-License-Identifier: ISC */
/*
 * The system calls that change something.  Each is the call of that name: it
 * takes and returns what the man page in section 2 says, -1 with errno on
 * failure, and is said by explain mode.
 */
#ifndef NS_CALL_H
#define NS_CALL_H

#include <sys/types.h>

#include "common/kernel.h"

int call_unshare(int flags);
int call_setns(int fd, int types);

/*
 * fork(2) with clone(2) flags: CLONE_NEW*, or none.  When explaining,
 * the child goes on only after the parent has said the call, so that lines
 * come in order.
 */
pid_t call_clone(int flags);

/*
 * The same, as vfork(2) does it: the child does run(arg), which must not return, in our memory,
 * and we wait until it executes a program or ends.  It must leave alone what we need.  When
 * explaining, or where the kernel refuses (a time namespace that only children get, before
 * Linux 6.1), it is call_clone().
 */
pid_t call_clone_sharing(int flags, int (*run)(void *arg), void *arg);

int call_mount(const char *source, const char *target, const char *type, unsigned long flags,
	const char *data);
int call_umount2(const char *target, int flags);
int call_pivot_root(const char *new_root, const char *put_old);
int call_chroot(const char *path);
int call_chdir(const char *path);
int call_fchdir(int fd);
int call_mkdirat(int fd, const char *path, mode_t mode);
int call_mknodat(int fd, const char *path, mode_t mode); /* of an S_IFREG */
int call_sethostname(const char *name);
int call_setdomainname(const char *name);
int call_setgroups(void);      /* to none: setgroups(0, NULL) */
int call_setresuid(uid_t uid); /* all three */
int call_setresgid(gid_t gid); /* all three */

/* Linux 5.2, else ENOSYS; a container's seccomp filter may say EPERM instead. */
int call_open_tree(int fd, const char *path, unsigned int flags);
int call_move_mount(int from, int to, const char *to_path, unsigned int flags);

/* mount_setattr(2) of the mount that fd stands for; 5.12, else ENOSYS. */
int call_mount_setattr(int fd, unsigned int flags, unsigned long set, unsigned long clear);

/* write(2) of a text to a file that is opened and closed here, such as /proc/self/uid_map. */
int call_write_file(const char *path, const char *text);

#endif
