/* SPDX-License-Identifier: ISC */
/* What every tool is, and how each begins. */
#ifndef NS_TOOL_H
#define NS_TOOL_H

#include <getopt.h>
#include <stdbool.h>

struct tool {
	const char *name; /* in messages; not argv[0], which may be anything */
	const char *help; /* what --help prints */
	const struct option
		*options; /* getopt_long(3)'s table; vals below 128 are the letters */
};

/* Defined once in each cmd/NAME.c. */
extern const struct tool tool;

/* The rows and the lines of help that every tool has. */
#define COMMON_OPTIONS \
	{"explain", no_argument, NULL, 'x'}, {"help", no_argument, NULL, 'h'}, \
		{"version", no_argument, NULL, 'V'}, \
	{ \
		NULL, 0, NULL, 0 \
	}
#define HELP_EXPLAIN "  -x, --explain          say each kernel call as it is made\n"
#define HELP_COMMON \
	HELP_EXPLAIN \
	"  -h, --help             print this help\n" \
	"  -V, --version          print the version\n"
#define HELP_STATUS(NAME) \
	"\nExit status: COMMAND's own; 125 " NAME " failed; 126 COMMAND could not be\n" \
	"invoked; 127 COMMAND was not found.\n"

/*
 * First call of main(): refuses a set-uid or file-capability start (AT_SECURE,
 * getauxval(3)), gives a closed descriptor 0, 1 or 2 a close-on-exec stand-in
 * that can be neither read nor written, looks at NS_EXPLAIN and NS_READY.
 */
void tool_start(void);

/*
 * getopt_long(3) over tool.options, stopping at the first operand.  Does -h,
 * -V and -x itself; a bad option is a usage_error().  Returns the option's
 * val, or -1 at the end; optarg and optind are getopt's.
 */
int tool_option(int argc, char **argv);

/* Writes text to standard output and exits 0, or 125 when it cannot be written. */
_Noreturn void tool_print(const char *text);

#endif
