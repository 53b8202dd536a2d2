/* SPDX-License-Identifier: ISC */
#ifndef NS_LISTING_H
#define NS_LISTING_H

#include <stddef.h>

/* A directory that is being read, from fd on. */
struct listing {
	int fd;
	size_t at, end;
	char entries[2048];
};

/*
 * The name of the next entry but "." and "..", which holds until the next call; NULL with errno
 * 0 at the end, or with getdents64(2)'s errno.  It allocates nothing, unlike readdir(3).
 */
const char *next_name(struct listing *l);

#endif
