/* SPDX-License-Identifier: ISC */
/*
 * ns-uts: run a command in a new UTS namespace, with a host name and a NIS
 * domain name of its own.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/call.h"
#include "common/chain.h"
#include "common/explain.h"
#include "common/message.h"
#include "common/ns.h"
#include "common/tool.h"

enum {
	NAME_LIMIT = 64
}; /* __NEW_UTS_LEN, uts_namespaces(7) */

static const struct option options[] = {
	{"hostname", required_argument, NULL, 'n'},
	{"domainname", required_argument, NULL, 'd'},
	{"keep", no_argument, NULL, 'k'},
	{"show", no_argument, NULL, 's'},
	COMMON_OPTIONS,
};

static const char *checked_name(const char *name, const char *noun)
{
	if (!*name)
		usage_error("%s is empty: ''", noun);
	if (strlen(name) > NAME_LIMIT)
		usage_error("%s is longer than %d bytes: %s", noun, NAME_LIMIT, quote(name));
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			usage_error("%s has a control character: %s", noun, quote(name));
	return name;
}

static struct utsname before;

static void put_back(void *arg)
{
	(void)arg;
	struct utsname now;
	if (uname(&now) == -1)
		return;
	if (strcmp(before.nodename, now.nodename) != 0)
		(void)call_sethostname(before.nodename);
	if (strcmp(before.domainname, now.domainname) != 0)
		(void)call_setdomainname(before.domainname);
}

static _Noreturn void cannot_set(const char *noun, const char *name)
{
	int error = errno;
	warn_errno("cannot set %s to %s", noun, quote(name));
	if (error == EPERM && has_capability(CAPABILITY_SYS_ADMIN))
		hint("the current UTS namespace belongs to a parent user namespace: leave out "
		     "-k for one of your own");
	else if (error == EPERM)
		hint_privilege();
	fail(EXIT_TOOL);
}

static _Noreturn void show_names(void)
{
	struct utsname names;
	char text[512];
	if (uname(&names) == -1)
		die_errno("cannot read the names");
	/* glibc hides the field's name without _GNU_SOURCE, which the Makefile sets */
	snprintf(text, sizeof(text), "hostname\t%s\nnisdomain\t%s\n", names.nodename,
		names.domainname);
	tool_print(text);
}

const struct tool tool = {
	.name = "ns-uts",
	.help = "Usage: ns-uts [OPTION]... [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, in a new UTS namespace.\n"
		"\n"
		"  -n, --hostname=NAME    set the host name there\n"
		"  -d, --domainname=NAME  set the NIS domain name there\n"
		"  -k, --keep             act in the current namespace; COMMAND is optional\n"
		"  -s, --show             print both names instead of running "
		"COMMAND\n" HELP_COMMON HELP_STATUS("ns-uts"),
	.options = options,
};

int main(int argc, char **argv)
{
	const char *host = NULL, *domain = NULL;
	bool keep = false, show = false;
	tool_start();
	for (int c; (c = tool_option(argc, argv)) != -1;) {
		switch (c) {
		case 'n': host = checked_name(optarg, "host name"); break;
		case 'd': domain = checked_name(optarg, "NIS domain name"); break;
		case 'k': keep = true; break;
		case 's': show = true; break;
		}
	}
	argv += optind;
	if (show && argv[0])
		usage_error("--show takes no COMMAND: %s", quote(argv[0]));
	if (!keep && (!show || host || domain))
		ns_unshare(NS_UTS);
	if (keep) {
		if (uname(&before) == -1)
			die_errno("cannot read the names");
		at_failure(put_back, NULL);
	}
	if (host) {
		explain_equivalent("hostname %s", quote_if_needed(host));
		if (call_sethostname(host) == -1)
			cannot_set("host name", host);
	}
	if (domain) {
		explain_equivalent("domainname %s", quote_if_needed(domain));
		if (call_setdomainname(domain) == -1)
			cannot_set("NIS domain name", domain);
	}
	if (show)
		show_names();
	if (keep && !argv[0])
		return 0;
	chain(argv, false);
}
