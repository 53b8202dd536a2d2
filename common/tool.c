/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "common/chain.h"
#include "common/explain.h"
#include "common/message.h"
#include "common/tool.h"

void tool_start(void)
{
	/*
	 * A free 0, 1 or 2 would be taken by the next descriptor that we open,
	 * and a message would go into a mount or a map.
	 */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 && open("/", O_PATH | O_CLOEXEC) == -1)
			_exit(EXIT_TOOL);
	if (getauxval(AT_SECURE))
		die("refusing to run set-user-ID, set-group-ID or with file capabilities");
	explain_start();
	chain_start();
}

_Noreturn void tool_print(const char *text)
{
	if (write_all(STDOUT_FILENO, text, strlen(text)) == -1)
		die_errno("cannot write to standard output");
	chain_report(READY_EXEC); /* nothing is executed, and yet all is well */
	exit(0);
}

static _Noreturn void bad_option(int c, const char *word)
{
	const struct option *o = tool.options;
	while (o->name && o->val != optopt)
		o++;
	if (strncmp(word, "--", 2) == 0) {
		if (c == ':')
			usage_error("option '--%s' requires an argument", o->name);
		if (optopt && o->name)
			usage_error("option '--%s' does not take an argument: %s", o->name,
				quote(word));
		size_t length = strcspn(word + 2, "=");
		int matches = 0;
		for (o = tool.options; o->name; o++)
			matches += strncmp(o->name, word + 2, length) == 0;
		usage_error("%s option %s", matches > 1 ? "ambiguous" : "unknown", quote(word));
	}
	char letter[] = {'-', (char)optopt, '\0'};
	if (c == ':')
		usage_error("option '%s' requires an argument", letter);
	usage_error("unknown option %s", quote(letter));
}

static const char *short_options(void)
{
	static char letters[128] = "+:";
	if (letters[2])
		return letters;
	char *p = letters + 2;
	for (const struct option *o = tool.options; o->name; o++) {
		if (o->val >= 128)
			continue;
		*p++ = (char)o->val;
		for (int colons = o->has_arg; colons > 0; colons--)
			*p++ = ':';
	}
	return letters;
}

int tool_option(int argc, char **argv)
{
	opterr = 0;
	for (;;) {
		const char *word = optind < argc ? argv[optind] : "";
		int c = getopt_long(argc, argv, short_options(), tool.options, NULL);
		switch (c) {
		case 'h': tool_print(tool.help);
		case 'V': {
			char line[64];
			snprintf(line, sizeof(line), "%s (ns-tools) " VERSION "\n", tool.name);
			tool_print(line);
		}
		case 'x': explain_on(); break;
		case ':':
		case '?': bad_option(c, word);
		default: return c;
		}
	}
}
