/* SPDX-License-Identifier: ISC */
/* The types of namespaces(7), making new ones, and saying why that was refused. */
#ifndef NS_NS_H
#define NS_NS_H

#include <stdbool.h>

struct ns_type {
	const char *file;   /* in /proc/PID/ns; also in /proc/sys/user/max_FILE_namespaces */
	const char *option; /* of unshare(1) and nsenter(1) */
	int flag;           /* CLONE_NEW* */
};

/* In the order in which setns(2) of a pidfd installs them: user first, time last. */
enum {
	NS_USER,
	NS_MNT,
	NS_UTS,
	NS_IPC,
	NS_PID,
	NS_CGROUP,
	NS_NET,
	NS_TIME,
	NS_TYPES,
};
extern const struct ns_type ns_types[NS_TYPES];

/*
 * unshare(2) of a type (NS_UTS, say); dies when refused, with a hint that names
 * the missing capability, the limit, the sysctl or what else says no.
 */
void ns_unshare(int type);

/*
 * The hint for a CLONE_NEW* call that failed with this errno (EPERM, ENOSPC,
 * EUSERS, EINVAL; for others there is none), "unshare" or "clone" alike.
 */
void ns_hint(int flags, int error);

/* A line of /proc/PID/uid_map or gid_map: user_namespaces(7). */
struct mapping {
	unsigned long inner, outer, count;
};

/* Cuts the next line off *rest.  Returns false when there is none, or no map (*rest may be
 * NULL). */
bool next_mapping(char **rest, struct mapping *m);

enum {
	CAPABILITY_SYS_ADMIN = 21
}; /* capabilities(7); libc has no header for it */

/* Whether the capability is effective, in our own user namespace. */
bool has_capability(int number);

/*
 * Whether our user namespace, or one below it, owns our namespace of that type ("mnt"):
 * ioctl_ns(2), NS_GET_USERNS.  True when that cannot be told.
 */
bool owns_namespace(const char *file);

/* Says who may do what was just refused with EPERM for want of CAP_SYS_ADMIN. */
void hint_privilege(void);

#endif
