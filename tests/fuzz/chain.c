/* SPDX-License-Identifier: ISC */
/*
 * What is read where a command is run: NS_READY, PATH, and of a program that cannot
 * be run the first bytes, for its interpreter.
 */
enum {
	WAYS = 3
};
#include "tests/fuzz/fuzz.h"

#include <sys/stat.h>

static char *variable;
static int stat_pipe(int fd, struct stat *s);
static ssize_t read_program(void *bytes, size_t length, off_t offset);
#define open(path, flags)                ((void)(path), 0)
#define close(fd)                        ((void)(fd))
#define pread(fd, bytes, length, offset) ((void)(fd), read_program(bytes, length, offset))
#define getenv(name)                     variable
#define unsetenv(name)                   ((void)(variable = NULL))
#define fstat(fd, s)                     stat_pipe(fd, s)
#define fcntl(fd, ...)                   ((void)(fd), 0)
#define TOOL_NAMES                       "ns-uts"

#include "common/chain.c"
#include "common/message.c"
#include "common/tool.h"

const struct tool tool = {.name = "chain"};

static const char *program;
static size_t program_length;

static ssize_t read_program(void *bytes, size_t length, off_t offset)
{
	if (offset < 0)
		return -1;
	if ((size_t)offset >= program_length)
		return 0;
	if (length > program_length - (size_t)offset)
		length = program_length - (size_t)offset;
	memcpy(bytes, program + offset, length);
	return (ssize_t)length;
}

static void try_interpreter(size_t size)
{
	char *text = malloc(size);
	holds(text);
	if (!read_interpreter("program", text, size))
		return;
	size_t length = strnlen(text, size);
	holds(length > 0 && length < size);
	holds(memmem(program, program_length, text, length));
	holds(program[0] != '#' || !strpbrk(text, " \t\n"));
}

/* Each folder of it once, in their order. */
static void try_path(const char *path)
{
	char candidate[PATH_MAX];
	const char *search = path;
	for (const char *p = path; p;) {
		size_t length = strcspn(p, ":");
		holds(next_candidate(&search, "name", candidate));
		if (candidate[0]) {
			holds(length == 0 || strncmp(candidate, p, length) == 0);
			holds(strcmp(candidate + length, length ? "/name" : "name") == 0);
		} else {
			holds(length + strlen("/name") >= PATH_MAX);
		}
		p = p[length] ? p + length + 1 : NULL;
	}
	holds(!next_candidate(&search, "name", candidate));
}

/* One pipe is there: descriptor 9, of device 8 and inode 42. */
static int stat_pipe(int fd, struct stat *s)
{
	*s = (struct stat){.st_mode = S_IFIFO, .st_dev = 8, .st_ino = 42};
	return fd == 9 ? 0 : -1;
}

static void try_ready(char *text)
{
	ready = -1;
	outlive = false;
	variable = text;
	chain_start();
	if (ready == -1) {
		holds(!variable && !outlive);
		return;
	}
	holds(ready == 9 && variable == text && !text[strspn(text, "0123456789:")]);
	holds(strtoul(text, NULL, 10) == 9 && strtoul(strchr(text, ':') + 1, NULL, 10) == 8);
	holds(outlive == (strtoul(strrchr(text, ':') + 1, NULL, 10) != 0));
}

static void try_input(int way, char *text, size_t length)
{
	program = text;
	program_length = length;
	switch (way) {
	case 0: try_ready(text); break;
	case 1: try_path(text); break;
	default: try_interpreter(256); try_interpreter(8);
	}
}
