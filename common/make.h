/* SPDX-License-Identifier: ISC */
/* Making what is missing of a path, and removing it again. */
#ifndef NS_MAKE_H
#define NS_MAKE_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Where paths start.  With inside, directory is as good as the root directory
 * (see open_inside()); else it is AT_FDCWD and paths are what they always are.
 */
struct place {
	int directory;
	bool inside;
};

/* Opens path there with O_PATH | O_CLOEXEC and more flags of open(2); -1 with errno. */
int place_open(struct place place, const char *path, int flags);

/*
 * Makes a directory (type S_IFDIR) or an empty file, parents too, what of it
 * does not exist; a link that leads nowhere is not followed.  Records what it
 * made, even when it fails.  Returns 0, or -1 with the errno of openat(2),
 * mkdirat(2), mknodat(2) or malloc(3).
 */
int make_path(struct place place, const char *path, mode_t type);

/* How many things make_path() has made. */
size_t made_count(void);

/*
 * Removes what make_path() made there but for the first keep of it, the last first;
 * warns of what cannot be removed.
 */
void remove_made(struct place place, size_t keep);

#endif
