/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/call.h"
#include "common/make.h"
#include "common/message.h"
#include "common/mounts.h"

static size_t made_so_far;
static struct made {
	struct made *next;
	size_t parent; /* length of the part of path that was there */
	bool directory;
	char path[];
} * made;

int place_open(struct place place, const char *path, int flags)
{
	if (place.inside)
		return open_inside(place.directory, *path ? path : ".", flags);
	return open(*path ? path : ".", O_PATH | O_CLOEXEC | flags);
}

/* Makes the last component of path, of which the first length bytes exist. */
static int make_last(struct place place, const char *path, size_t length, mode_t type)
{
	size_t size = strlen(path) + 1;
	struct made *m = malloc(sizeof(*m) + size);
	if (!m)
		return -1;
	m->next = made;
	m->parent = length;
	m->directory = S_ISDIR(type);
	memcpy(m->path, path, size);
	m->path[length] = '\0';
	int parent = place_open(place, m->path, O_DIRECTORY), result = -1;
	memcpy(m->path, path, size);
	const char *name = path + length + strspn(path + length, "/");
	if (parent != -1)
		result = S_ISDIR(type) ? call_mkdirat(parent, name, 0777)
				       : call_mknodat(parent, name, 0666);
	int saved = errno;
	if (parent != -1)
		close(parent);
	if (result == 0) {
		made = m;
		made_so_far++;
	} else {
		free(m);
	}
	errno = saved;
	return result;
}

size_t made_count(void)
{
	return made_so_far;
}

int make_path(struct place place, const char *path, mode_t type)
{
	size_t length = strlen(path), end = 0, parent = 0;
	char *part = strdup(path);
	if (!part)
		return -1;
	while (length > 1 && part[length - 1] == '/')
		part[--length] = '\0';
	int result = 0;
	while (result == 0 && end < length) {
		parent = end ? end : strspn(part, "/") > 0;
		end += strspn(part + end, "/");
		end += strcspn(part + end, "/");
		char cut = part[end];
		part[end] = '\0';
		int fd = place_open(place, part, 0);
		if (fd != -1)
			close(fd);
		else if (errno == ENOENT)
			result = make_last(place, part, parent, cut ? S_IFDIR : type);
		else
			result = -1;
		part[end] = cut;
	}
	int saved = errno;
	free(part);
	errno = saved;
	return result;
}

void remove_made(struct place place, size_t keep)
{
	while (made_so_far > keep) {
		struct made *m = made;
		made = m->next;
		made_so_far--;
		const char *name = m->path + m->parent;
		name += strspn(name, "/");
		char cut = m->path[m->parent];
		m->path[m->parent] = '\0';
		int parent = place_open(place, m->path, O_DIRECTORY);
		m->path[m->parent] = cut;
		if (parent == -1 ||
			unlinkat(parent, name, m->directory ? AT_REMOVEDIR : 0) == -1)
			warn_errno("cannot remove %s, made a moment ago", quote(name));
		if (parent != -1)
			close(parent);
		free(m);
	}
}
