/* SPDX-License-Identifier: ISC */
/* Diagnostics: every line is "TOOL: ...\n" on standard error, in one write(2). */
#ifndef NS_MESSAGE_H
#define NS_MESSAGE_H

/* The exit statuses of every tool, as env(1), nice(1) and chroot(1) have them. */
enum {
	EXIT_TOOL = 125,          /* the tool itself failed, usage included */
	EXIT_CANNOT_INVOKE = 126, /* COMMAND was found but could not be invoked */
	EXIT_NOT_FOUND = 127,     /* COMMAND was not found */
};

/*
 * Takes a word of the user; returns it between apostrophes, what is not
 * printable ASCII, \ and ' as \ooo.  Allocated and never freed (for messages
 * just before exit); without memory the word itself.
 */
const char *quote(const char *word);

/* The word itself where a shell would take it as it is, else quote(): for shown commands. */
const char *quote_if_needed(const char *word);

/* As quote(), but between double quotes, " escaped instead of ': strace(1)'s look. */
const char *quote_string(const char *word);

/* Says "TOOL: MESSAGE".  Keeps errno. */
__attribute__((format(printf, 1, 2))) void warn(const char *format, ...);

/* Says "TOOL: MESSAGE: STRERROR" for the errno on entry, which it keeps. */
__attribute__((format(printf, 1, 2))) void warn_errno(const char *format, ...);

/* Says "TOOL: hint: MESSAGE": what to do where the errno alone does not tell.  Keeps errno. */
__attribute__((format(printf, 1, 2))) void hint(const char *format, ...);

/* warn(), then the end: see fail(). */
__attribute__((format(printf, 1, 2), noreturn)) void die(const char *format, ...);

/* warn_errno(), then the end: see fail(). */
__attribute__((format(printf, 1, 2), noreturn)) void die_errno(const char *format, ...);

/* die() with the pointer to --help: for what is wrong on the command line. */
__attribute__((format(printf, 1, 2), noreturn)) void usage_error(const char *format, ...);

/*
 * The only way out of a tool that failed: runs what at_failure() left, tells a
 * waiting launcher (see chain.h) and exits with the status.
 */
_Noreturn void fail(int status);

/* Has fail() call undo(arg) first, once; one at a time, NULL for none. */
void at_failure(void (*undo)(void *arg), void *arg);

/* Does that now: a signal will end us. */
void run_at_failure(void);

/*
 * Writes all of it, also over signals and short writes.  Returns 0, or -1
 * with write(2)'s errno.
 */
int write_all(int fd, const void *bytes, unsigned long length);

#endif
