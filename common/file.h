/* SPDX-License-Identifier: ISC */
#ifndef NS_FILE_H
#define NS_FILE_H

#include <stddef.h>

/*
 * Reads to the end of fd, and closes it.  Returns the bytes, allocated, with a
 * NUL behind them, and their number in *length unless that is NULL; or NULL with
 * read(2)'s or malloc(3)'s errno.  An fd of -1 is passed through: NULL, errno kept.
 */
char *read_all(int fd, size_t *length);

/* read_all() of a file that open(2) opens. */
char *read_file(const char *path, size_t *length);

#endif
