/* SPDX-License-Identifier: ISC */
/*
 * ns-tmpfs: run a command in a new mount namespace with a private, empty tmpfs
 * mounted on a directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bind.h"
#include "common/call.h"
#include "common/chain.h"
#include "common/explain.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/ns.h"
#include "common/tool.h"

static const struct option options[] = {
	{"keep", no_argument, NULL, 'k'},
	{"propagation", required_argument, NULL, 'p'},
	{"options", required_argument, NULL, 'o'},
	COMMON_OPTIONS,
};

struct tmpfs {
	const char *target;
	unsigned long flags;
	char *data; /* what goes to the file system itself: size=, mode= */
};

/* Takes BYTES[k|m|g|%]; of another unit, or too many bytes, the kernel makes something else. */
static bool is_size(const char *value)
{
	static const char units[] = "kmg";
	char *unit;
	int shift = 0;
	if (*value < '0' || *value > '9')
		return false;
	errno = 0;
	unsigned long number = strtoul(value, &unit, 10);
	if (errno || (*unit && unit[1]))
		return false;
	if (*unit == '%')
		return number <= 1000;
	if (*unit) {
		const char *u = strchr(units, *unit | 0x20);
		if (!u)
			return false;
		shift = 10 * (int)(u - units + 1);
	}
	return number <= (unsigned long)LONG_MAX >> shift;
}

static bool is_mode(const char *value)
{
	size_t digits = strspn(value, "01234567");
	return digits > 0 && digits <= 5 && !value[digits] && strtoul(value, NULL, 8) <= 07777;
}

static void add_option(struct tmpfs *t, const char *option)
{
	if (strcmp(option, "noexec") == 0) {
		t->flags |= MS_NOEXEC;
		return;
	}
	if (!(strncmp(option, "size=", 5) == 0 && is_size(option + 5)) &&
		!(strncmp(option, "mode=", 5) == 0 && is_mode(option + 5)))
		usage_error("mount option is not size=BYTES, mode=OCTAL or noexec: %s",
			quote(option));
	char *data = NULL;
	if (asprintf(&data, "%s%s%s", t->data, *t->data ? "," : "", option) == -1)
		die_errno("cannot keep the options");
	free(t->data);
	t->data = data;
}

/* Checks a list of options, too: the kernel's EINVAL would not name the bad one. */
static void add_options(struct tmpfs *t, const char *list)
{
	char *copy = strdup(list), *rest = copy;
	if (!copy)
		die_errno("cannot keep the options");
	while (rest)
		add_option(t, strsep(&rest, ","));
	free(copy);
}

/* For undo(), where TARGET, "." say, leads below the mount. */
static char *absolute_path(const char *target)
{
	char *path = realpath(target, NULL);
	if (!path)
		die_errno("cannot mount a tmpfs on %s", quote(target));
	if (strcmp(path, "/") == 0)
		die("cannot mount a tmpfs on '/': nobody would see it, paths begin below it");
	return path;
}

struct mounted {
	int fd; /* of its root directory; before, of what it goes on */
	const char *path;
};

static int open_target(const char *target)
{
	int fd = open(target, O_PATH | O_CLOEXEC);
	if (fd == -1)
		die_errno("cannot open %s", quote(target));
	return fd;
}

/* By its absolute path where TARGET itself, "." say, still leads below the mount. */
static void find_mounted(struct mounted *m, const char *target)
{
	const uint64_t below = mount_id(m->fd);
	close(m->fd); /* whose number is free then */
	m->fd = -1;
	m->fd = open_target(target);
	if (mount_id(m->fd) == below) {
		close(m->fd);
		m->fd = -1;
		m->fd = open_target(m->path);
	}
}

static void undo(void *arg)
{
	const struct mounted *m = arg;
	if (detach_mount(m->fd, (struct place){AT_FDCWD, false}, m->path) == -1)
		warn_errno("cannot unmount %s", quote(m->path));
}

static void mount_tmpfs(const struct tmpfs *t)
{
	explain_equivalent("mount -t tmpfs -o nosuid,nodev%s%s%s tmpfs %s",
		t->flags & MS_NOEXEC ? ",noexec" : "", *t->data ? "," : "", t->data,
		quote_if_needed(t->target));
	if (call_mount("tmpfs", t->target, "tmpfs", t->flags, t->data) == 0)
		return;
	int error = errno;
	warn_errno("cannot mount a tmpfs on %s", quote(t->target));
	if (error == EPERM && !owns_namespace("mnt"))
		hint("the current mount namespace belongs to a parent user namespace: leave out "
		     "--keep for one of your own");
	else if (error == EPERM)
		hint_privilege();
	else if (error == ENOSPC)
		hint("no disk is full: the limit fs.mount-max is reached");
	fail(EXIT_TOOL);
}

const struct tool tool = {
	.name = "ns-tmpfs",
	.help = "Usage: ns-tmpfs [OPTION]... TARGET [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, in a new mount namespace with an empty "
		"tmpfs\n"
		"on TARGET.\n"
		"\n"
		"  -o, --options=LIST     size=BYTES[k|m|g|%],mode=OCTAL,noexec\n"
		"  -p, --propagation=P    slave (default), private, shared or unchanged\n"
		"  -k, --keep             act in the current namespace; COMMAND is "
		"optional\n" HELP_COMMON HELP_STATUS("ns-tmpfs"),
	.options = options,
};

int main(int argc, char **argv)
{
	struct tmpfs t = {.flags = MS_NOSUID | MS_NODEV, .data = strdup("")};
	enum propagation propagation = PROPAGATION_SLAVE;
	const char *word = NULL;
	bool keep = false;
	tool_start();
	if (!t.data)
		die_errno("cannot keep the options");
	for (int c; (c = tool_option(argc, argv)) != -1;) {
		switch (c) {
		case 'k': keep = true; break;
		case 'o': add_options(&t, optarg); break;
		case 'p':
			word = optarg;
			propagation = parse_propagation(word);
			break;
		}
	}
	argv += optind;
	if (keep && word)
		usage_error("--keep changes no propagation: --propagation=%s", word);
	if (!argv[0])
		usage_error("missing TARGET");
	if (!*argv[0])
		usage_error("TARGET is empty: ''");
	t.target = *argv++;
	char *path = absolute_path(t.target);
	if (!keep)
		new_mount_namespace(propagation);
	const bool seen = keep || propagation == PROPAGATION_UNCHANGED;
	struct mounted m = {open_target(t.target), path};
	mount_tmpfs(&t);
	if (seen)
		at_failure(undo, &m);
	find_mounted(&m, t.target);
	if (keep && !argv[0])
		return 0;
	chain(argv, false);
}
