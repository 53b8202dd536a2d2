/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/explain.h"
#include "common/message.h"
#include "common/tool.h"

enum {
	LINE_SIZE = 5 * 4096,
	COMMENT_COLUMN = 72,
};

static char *line; /* of LINE_SIZE and one more, when on */
static char *equivalent;
static size_t end;

static const struct flag_name errnos[] = {
	{EPERM, "EPERM"},
	{ENOENT, "ENOENT"},
	{ESRCH, "ESRCH"},
	{EINTR, "EINTR"},
	{EIO, "EIO"},
	{ENXIO, "ENXIO"},
	{E2BIG, "E2BIG"},
	{ENOEXEC, "ENOEXEC"},
	{EBADF, "EBADF"},
	{ECHILD, "ECHILD"},
	{EAGAIN, "EAGAIN"},
	{ENOMEM, "ENOMEM"},
	{EACCES, "EACCES"},
	{EFAULT, "EFAULT"},
	{EBUSY, "EBUSY"},
	{EEXIST, "EEXIST"},
	{EXDEV, "EXDEV"},
	{ENODEV, "ENODEV"},
	{ENOTDIR, "ENOTDIR"},
	{EISDIR, "EISDIR"},
	{EINVAL, "EINVAL"},
	{ENFILE, "ENFILE"},
	{EMFILE, "EMFILE"},
	{ETXTBSY, "ETXTBSY"},
	{ENOSPC, "ENOSPC"},
	{EROFS, "EROFS"},
	{EPIPE, "EPIPE"},
	{ERANGE, "ERANGE"},
	{ENAMETOOLONG, "ENAMETOOLONG"},
	{ENOSYS, "ENOSYS"},
	{ENOTEMPTY, "ENOTEMPTY"},
	{ELOOP, "ELOOP"},
	{EOVERFLOW, "EOVERFLOW"},
	{EUSERS, "EUSERS"},
	{EOPNOTSUPP, "EOPNOTSUPP"},
	{ESTALE, "ESTALE"},
	{EDQUOT, "EDQUOT"},
	{0, NULL},
};

void explain_start(void)
{
	const char *value = getenv("NS_EXPLAIN");
	if (value && strcmp(value, "1") == 0)
		explain_on();
}

void explain_on(void)
{
	if (!line && !(line = malloc(LINE_SIZE + 1)))
		die_errno("cannot keep the options");
}

bool explaining(void)
{
	return line;
}

void explain_equivalent(const char *format, ...)
{
	if (!line)
		return;
	va_list args;
	va_start(args, format);
	free(equivalent);
	equivalent = malloc(LINE_SIZE);
	if (equivalent)
		vsnprintf(equivalent, LINE_SIZE, format, args);
	va_end(args);
}

__attribute__((format(printf, 1, 2))) static void append(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int n = vsnprintf(line + end, LINE_SIZE - end, format, args);
	va_end(args);
	end += n < 0 ? 0 : (size_t)n;
	if (end > LINE_SIZE - 1)
		end = LINE_SIZE - 1;
}

static void append_string(const char *text)
{
	append("%s", text ? quote_string(text) : "NULL");
}

static void append_flags(const struct flag_name *f, unsigned long set)
{
	size_t start = end;
	for (; f->name; f++) {
		if ((set & f->value) != f->value)
			continue;
		append("%s%s", end > start ? "|" : "", f->name);
		set &= ~f->value;
	}
	if (set || end == start)
		append(set ? "%s%#lx" : "%s%lu", end > start ? "|" : "", set);
}

/* Ends the line with the comment, if there is one, and writes it at once. */
static void finish(void)
{
	if (equivalent)
		append("%*s# %s", end + 3 < COMMENT_COLUMN ? (int)(COMMENT_COLUMN - end) : 3,
			"", equivalent);
	free(equivalent);
	equivalent = NULL;
	line[end] = '\n';
	(void)write_all(STDERR_FILENO, line, end + 1);
	end = 0;
}

int explain(int result, const char *format, ...)
{
	if (!line)
		return result;
	int saved = errno;
	append("%s: ", tool.name);
	va_list args;
	va_start(args, format);
	for (const char *p = format; *p; p++) {
		int fd;
		if (*p != '%') {
			append("%c", *p);
			continue;
		}
		switch (*++p) {
		case 's': append_string(va_arg(args, const char *)); break;
		case 't': append("%s", va_arg(args, const char *)); break;
		case 'd':
			fd = va_arg(args, int);
			append(fd == AT_FDCWD ? "AT_FDCWD" : "%d", fd);
			break;
		case 'u': append("%u", va_arg(args, unsigned)); break;
		case 'o': append("%#o", va_arg(args, unsigned)); break;
		case 'z': append("%zu", va_arg(args, size_t)); break;
		case 'f': {
			const struct flag_name *table = va_arg(args, const struct flag_name *);
			append_flags(table, va_arg(args, unsigned long));
			break;
		}
		}
	}
	va_end(args);
	const char *name = NULL;
	for (const struct flag_name *e = errnos; e->name; e++)
		if (e->value == (unsigned long)saved)
			name = e->name;
	if (result != -1)
		append(" = %d", result);
	else if (name)
		append(" = -1 %s", name);
	else
		append(" = -1 %d", saved);
	finish();
	errno = saved;
	return result;
}

void explain_exec(const char *path)
{
	free(equivalent);
	equivalent = NULL;
	append("%s: execve(", tool.name);
	append_string(path);
	append(", ...)");
	finish();
}
