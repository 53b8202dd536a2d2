/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/file.h"

char *read_all(int fd, size_t *length)
{
	char *bytes = NULL;
	size_t used = 0, size = 0;
	if (fd == -1)
		return NULL;
	for (;;) {
		if (size - used < 2) {
			size = size ? 2 * size : 4096;
			char *more = realloc(bytes, size);
			if (!more)
				break;
			bytes = more;
		}
		ssize_t n = read(fd, bytes + used, size - used - 1);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			break;
		if (n == 0) {
			close(fd);
			bytes[used] = '\0';
			if (length)
				*length = used;
			return bytes;
		}
		used += (size_t)n;
	}
	int saved = errno;
	free(bytes);
	close(fd);
	errno = saved;
	return NULL;
}

char *read_file(const char *path, size_t *length)
{
	return read_all(open(path, O_RDONLY | O_CLOEXEC), length);
}
