/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/listing.h"

const char *next_name(struct listing *l)
{
	enum {
		LENGTH = 16, /* where struct linux_dirent64 has d_reclen and d_name */
		NAME = 19
	};
	const char *name;
	do {
		if (l->at == l->end) {
			long n = syscall(SYS_getdents64, l->fd, l->entries, sizeof(l->entries));
			if (n == 0)
				errno = 0;
			if (n <= 0)
				return NULL;
			l->at = 0;
			l->end = (size_t)n;
		}
		uint16_t length;
		memcpy(&length, l->entries + l->at + LENGTH, sizeof(length));
		name = l->entries + l->at + NAME;
		l->at += length;
	} while (strcmp(name, ".") == 0 || strcmp(name, "..") == 0);
	return name;
}
