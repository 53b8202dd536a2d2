/* SPDX-License-Identifier: ISC */
/*
 * /proc/PID/status, stat and environ as ns-join reads them: a process is not joined
 * for another one.
 */
enum {
	WAYS = 1
};
#include "tests/fuzz/fuzz.h"

enum {
	STATUS,
	STAT,
	ENVIRON
};
#define openat(directory, name, flags) ((void)(directory), file_of(name))
#define environ                        target_environ
#define getenv(name)                   NULL
#define unsetenv(name)                 0
static int file_of(const char *name);

#include "cmd/ns-join.c"
#include "common/message.c"
#include "common/number.c"

char **target_environ;
static const char *files[3];
static size_t lengths[3];

static int file_of(const char *name)
{
	return strcmp(name, "status") == 0 ? STATUS
	       : strcmp(name, "stat") == 0 ? STAT
					   : ENVIRON;
}

char *read_all(int fd, size_t *length)
{
	char *text = malloc(lengths[fd] + 1);
	if (!text)
		return NULL;
	memcpy(text, files[fd], lengths[fd]);
	text[lengths[fd]] = '\0';
	if (length)
		*length = lengths[fd];
	return text;
}

char *read_file(const char *path, size_t *length)
{
	(void)path, (void)length;
	abort();
}

/* All its words, in their order, but for empty ones. */
static void check_environment(const char *text, size_t length)
{
	size_t count = 0;
	for (size_t i = 0; i < length; i += strlen(text + i) + 1)
		if (text[i])
			holds(strcmp(target_environ[count++], text + i) == 0);
	holds(!target_environ[count]);
}

static void try_input(int way, char *text, size_t length)
{
	const struct join j = {.target = 12345};
	long group;
	(void)way;
	/* one file behind another, a NUL between */
	for (int i = STATUS; i <= ENVIRON; i++) {
		size_t n = i < ENVIRON ? strlen(text) : length;
		files[i] = text;
		lengths[i] = n;
		n += n < length;
		text += n;
		length -= n;
	}
	take_environment(&j);
	check_environment(files[ENVIRON], lengths[ENVIRON]);
	check_kind(&j); /* or does not return */
	const char *line = strstr(files[STATUS], "\nTgid:");
	holds(!line || sscanf(line, "\nTgid: %ld", &group) != 1 || group == j.target);
	line = strstr(files[STATUS], "\nState:");
	holds(!line || strncmp(line, "\nState:\tZ", 9) != 0);
}
