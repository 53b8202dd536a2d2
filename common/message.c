/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/chain.h"
#include "common/message.h"
#include "common/tool.h"

static void (*undo_on_failure)(void *);
static void *undo_argument;

static const char *quote_between(const char *word, char mark)
{
	char *quoted = malloc(4 * strlen(word) + 3);
	if (!quoted)
		return word;
	char *p = quoted;
	*p++ = mark;
	for (; *word; word++) {
		unsigned char c = (unsigned char)*word;
		if (c >= ' ' && c < 0x7f && c != '\\' && c != (unsigned char)mark)
			*p++ = (char)c;
		else
			p += sprintf(p, "\\%03o", c);
	}
	*p++ = mark;
	*p = '\0';
	return quoted;
}

const char *quote(const char *word)
{
	return quote_between(word, '\'');
}

const char *quote_if_needed(const char *word)
{
	static const char harmless[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789_./:=,@%+-";
	return *word && !word[strspn(word, harmless)] ? word : quote(word);
}

const char *quote_string(const char *word)
{
	return quote_between(word, '"');
}

int write_all(int fd, const void *bytes, unsigned long length)
{
	const char *p = bytes;
	while (length > 0) {
		ssize_t n = write(fd, p, length);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		length -= (unsigned long)n;
	}
	return 0;
}

__attribute__((format(printf, 3, 0))) static void say(
	const char *prefix, const char *suffix, const char *format, va_list args)
{
	int saved = errno;
	char small[512], *line = small;
	va_list again;
	va_copy(again, args);
	size_t head = strlen(tool.name) + strlen(prefix) + 2;
	size_t length = head + strlen(suffix) + 4; /* ": ", newline, NUL */
	int body = vsnprintf(NULL, 0, format, args);
	if (body > 0)
		length += (size_t)body;
	if (length > sizeof(small) && !(line = malloc(length))) {
		line = small;
		length = sizeof(small);
	}
	snprintf(line, length, "%s: %s", tool.name, prefix);
	vsnprintf(line + head, length - head, format, again);
	va_end(again);
	size_t end = strlen(line);
	snprintf(line + end, length - end, "%s%s\n", *suffix ? ": " : "", suffix);
	(void)write_all(STDERR_FILENO, line, strlen(line));
	if (line != small)
		free(line);
	errno = saved;
}

void warn(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say("", "", format, args);
	va_end(args);
}

void warn_errno(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say("", strerror(errno), format, args);
	va_end(args);
}

void hint(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say("hint: ", "", format, args);
	va_end(args);
}

void at_failure(void (*undo)(void *arg), void *arg)
{
	undo_on_failure = undo;
	undo_argument = arg;
}

void run_at_failure(void)
{
	void (*undo)(void *) = undo_on_failure;
	undo_on_failure = NULL;
	if (undo)
		undo(undo_argument);
}

_Noreturn void fail(int status)
{
	run_at_failure();
	chain_report((unsigned char)status);
	_exit(status);
}

void die(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say("", "", format, args);
	va_end(args);
	fail(EXIT_TOOL);
}

void die_errno(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say("", strerror(errno), format, args);
	va_end(args);
	fail(EXIT_TOOL);
}

void usage_error(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	say("", "", format, args);
	va_end(args);
	char line[96];
	int n = snprintf(
		line, sizeof(line), "Try '%s --help' for more information.\n", tool.name);
	(void)write_all(STDERR_FILENO, line, (unsigned long)n);
	fail(EXIT_TOOL);
}
