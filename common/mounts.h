/* SPDX-License-Identifier: ISC */
/* Mounts: propagation, mountinfo, paths that must stay inside a directory. */
#ifndef NS_MOUNTS_H
#define NS_MOUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a new namespace's mounts become: mount_namespaces(7). */
enum propagation {
	PROPAGATION_SLAVE,
	PROPAGATION_PRIVATE,
	PROPAGATION_SHARED, /* slave first, then shared: a peer group of its own */
	PROPAGATION_UNCHANGED,
};

/* Takes the word of -p; a usage_error() that shows it when it is none. */
enum propagation parse_propagation(const char *word);

/* Makes a new mount namespace whose mounts all get that propagation.  Dies when refused. */
void new_mount_namespace(enum propagation propagation);

/* The second half of that, for a mount namespace that clone(2) made. */
void set_propagation(enum propagation propagation);

/* Whether path is the root of a mount: statx(2)'s STATX_ATTR_MOUNT_ROOT, Linux 5.8. */
bool is_mount_root(const char *path);

/* The ID of the mount that fd is on (STATX_MNT_ID, Linux 5.8), or 0 with errno. */
uint64_t mount_id(int fd);

/*
 * Opens path (O_PATH, close-on-exec) as if directory were the root directory:
 * neither .. nor a link leads out of it.  openat2(2), Linux 5.6.  Returns the
 * descriptor, or -1 with its errno (ENOSYS, or EPERM in a container: no openat2).
 */
int open_inside(int directory, const char *path, int flags);

/* A line of /proc/PID/mountinfo, see proc(5). */
struct mount_line {
	uint64_t id, parent;
	char *root, *point; /* without \ooo escapes */
	bool shared;
	char *type;
};

/*
 * Cuts the next line off *rest and into pieces (the text is written to).
 * Returns false at the end, and for a line that proc(5) does not describe.
 */
bool next_mount(char **rest, struct mount_line *line);

#endif
