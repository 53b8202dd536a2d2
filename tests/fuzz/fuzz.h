/* SPDX-License-Identifier: ISC */
/*
 * What each target begins with, before it includes the sources that it fuzzes: in
 * these main() has another name, the end of the tool ends only the run, memory is freed
 * behind it, and messages are looked at instead of written.  A target says how
 * many WAYS there are to take an input, and has a function try_input(), which
 * checks by holds() what holds for what was accepted.
 */
#ifndef NS_FUZZ_H
#define NS_FUZZ_H

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sched.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Way is from 0 to WAYS - 1; a NUL is behind the input, as behind what read_all() returns. */
static void try_input(int way, char *text, size_t length);

#define holds(what) ((what) ? (void)0 : does_not_hold(#what, __LINE__))

static _Noreturn void does_not_hold(const char *what, int line)
{
	fprintf(stderr, "line %d: not so: %s\n", line, what);
	abort();
}

static jmp_buf end_of_run;

enum {
	ENDED = 1 << 8 /* longjmp(3) must not pass a 0 on */
};

static _Noreturn void end_run(int status)
{
	longjmp(end_of_run, ENDED | status);
}

/* What was allocated and not freed; beyond that many it is forgotten. */
static void *kept[1 << 14];
static size_t kept_count;

static void *keep(void *memory)
{
	if (memory && kept_count < sizeof(kept) / sizeof(*kept))
		kept[kept_count++] = memory;
	return memory;
}

static void forget(const void *memory)
{
	for (size_t i = kept_count; memory && i-- > 0;)
		if (kept[i] == memory) {
			kept[i] = kept[--kept_count];
			return;
		}
}

static inline void *reallocate(void *memory, size_t size)
{
	forget(memory);
	return keep(realloc(memory, size));
}

static inline void release(void *memory)
{
	forget(memory);
	free(memory);
}

static inline int keep_text(char **text, int length)
{
	if (length != -1)
		keep(*text);
	return length;
}

/* Every message is a line of printable ASCII, whatever is quoted in it. */
static inline ssize_t look_at_message(int fd, const char *bytes, size_t length)
{
	holds(fd == STDERR_FILENO && length > 0 && bytes[length - 1] == '\n');
	for (size_t i = 0; i + 1 < length; i++)
		holds(bytes[i] >= ' ' && bytes[i] < 0x7f);
	return (ssize_t)length;
}

static void run_way(int way, const unsigned char *bytes, size_t length)
{
	char *text = malloc(length + 1);
	holds(text);
	if (length)
		memcpy(text, bytes, length);
	text[length] = '\0';
	const int ended = setjmp(end_of_run);
	if (!ended)
		try_input(way, text, length);
	holds(!ended || ended == (ENDED | 125));
	while (kept_count > 0)
		free(kept[--kept_count]);
	free(text);
}

static int run_input(const unsigned char *bytes, size_t length)
{
	for (int way = 0; way < WAYS; way++)
		run_way(way, bytes, length);
	return 0;
}

#ifdef REPLAY /* what each file has, once */
int main(int argc, char **argv)
{
	static unsigned char bytes[1 << 20];
	for (int i = 1; i < argc; i++) {
		FILE *file = fopen(argv[i], "rb");
		holds(file);
		size_t length = fread(bytes, 1, sizeof(bytes), file);
		holds(!ferror(file) && feof(file));
		fclose(file);
		fprintf(stderr, "%s\n", argv[i]);
		run_input(bytes, length);
	}
	return argc > 1 ? 0 : 1;
}
#else
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
	return run_input(bytes, length);
}
#endif

#define main                     tool_main
#define _exit(status)            end_run(status)
#define write(fd, bytes, length) look_at_message(fd, bytes, length)
#define malloc(size)             keep(malloc(size))
#define calloc(count, size)      keep(calloc(count, size))
#define realloc(memory, size)    reallocate(memory, size)
#define free(memory)             release(memory)
#define strdup(text)             keep(strdup(text))
#define strndup(text, length)    keep(strndup(text, length))
#define asprintf(text, ...)      keep_text(text, asprintf(text, __VA_ARGS__))
#define vasprintf(text, ...)     keep_text(text, vasprintf(text, __VA_ARGS__))

#endif
