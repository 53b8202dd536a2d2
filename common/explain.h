/* SPDX-License-Identifier: ISC */
/*
 * Explain mode (-x, NS_EXPLAIN=1): each kernel call that changes something, in
 * strace(1)'s notation, and the shell command that does the same.
 */
#ifndef NS_EXPLAIN_H
#define NS_EXPLAIN_H

#include <stdbool.h>

/* On when NS_EXPLAIN is 1. */
void explain_start(void);

/* On for the rest of this program. */
void explain_on(void);

bool explaining(void);

/* A set of flags: names in the order to be shown, ended by a NULL name. */
struct flag_name {
	unsigned long value;
	const char *name;
};

/*
 * Says "TOOL: CALL = RESULT", or "= -1 ERRNO", when on; returns the result and
 * keeps errno, so that a system call and its line are one expression.  CALL is
 * given by a format of these alone: %s a string, quoted, or NULL; %d an int, or
 * AT_FDCWD; %u unsigned; %o mode_t; %z size_t; %t text as it is; %f a table of
 * flags and the set (unsigned long).
 */
int explain(int result, const char *format, ...);

/* Says "TOOL: execve(PATH, ...)", before a call that does not return. */
void explain_exec(const char *path);

/* Sets the shell command that the next line ends with, "# COMMAND". */
__attribute__((format(printf, 1, 2))) void explain_equivalent(const char *format, ...);

#endif
