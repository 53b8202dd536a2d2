/* SPDX-License-Identifier: ISC */
/*
 * ns-bindmount: run a command in a new mount namespace where files and
 * directories are bound on others; all of them or none.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/bind.h"
#include "common/call.h"
#include "common/chain.h"
#include "common/file.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/signals.h"
#include "common/tool.h"

static const struct option options[] = {
	{"from", required_argument, NULL, 'f'},
	{"null", no_argument, NULL, '0'},
	{"read-only", no_argument, NULL, 'r'},
	{"recursive", no_argument, NULL, 'R'},
	{"options", required_argument, NULL, 'o'},
	{"propagation", required_argument, NULL, 'p'},
	{"create", no_argument, NULL, 'c'},
	{"inside", required_argument, NULL, 'i'},
	{"keep", no_argument, NULL, 'k'},
	COMMON_OPTIONS,
};

static const struct {
	const char *name;
	unsigned long set, clear;
} mount_options[] = {
	{"ro", MOUNT_ATTR_RDONLY, 0},
	{"rw", 0, MOUNT_ATTR_RDONLY},
	{"nosuid", MOUNT_ATTR_NOSUID, 0},
	{"nodev", MOUNT_ATTR_NODEV, 0},
	{"noexec", MOUNT_ATTR_NOEXEC, 0},
	{"noatime", MOUNT_ATTR_NOATIME, 0},
	{"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0},
};

struct entry {
	const char *source, *target;
	unsigned long attributes;
	uint64_t mount; /* its ID, once it is bound */
	size_t made;    /* made_count() before it */
};

struct binds {
	struct entry *entries;
	size_t count, done;
	const char *inside;
	unsigned long attributes; /* of all */
	bool recursive, create, keep, seen;
};

/* Adds a comma-separated list of mount options; where says whose it is in messages. */
static unsigned long add_options(unsigned long attributes, const char *list, const char *where)
{
	for (const char *p = list;; p++) {
		size_t length = strcspn(p, ","), i = 0,
		       count = sizeof(mount_options) / sizeof(*mount_options);
		while (i < count && (strncmp(p, mount_options[i].name, length) != 0 ||
					    mount_options[i].name[length]))
			i++;
		if (i == count) {
			char *word = strndup(p, length);
			usage_error("%sunknown mount option %s (known: ro, rw, nosuid, nodev, "
				    "noexec, noatime, nosymfollow)",
				where, quote(word ? word : p));
		}
		attributes = (attributes | mount_options[i].set) & ~mount_options[i].clear;
		p += length;
		if (!*p)
			return attributes;
	}
}

static void add_entry(
	struct binds *b, const char *source, const char *target, unsigned long attributes)
{
	if ((b->count & (b->count - 1)) == 0) {
		struct entry *more =
			realloc(b->entries, (b->count ? 2 * b->count : 1) * sizeof(*more));
		if (!more)
			die_errno("cannot keep the list");
		b->entries = more;
	}
	b->entries[b->count++] = (struct entry){source, target, attributes, 0, 0};
}

/* "LIST:LINE: " for messages, as compilers have it. */
static const char *position(const char *list, size_t line)
{
	char *text;
	return asprintf(&text, "%s:%zu: ", quote_if_needed(list), line) == -1 ? "" : text;
}

static void parse_line(struct binds *b, char *line, const char *list, size_t number)
{
	if (!line[strspn(line, " \t\r")] || *line == '#')
		return;
	char *target = strchr(line, '\t');
	if (!target)
		usage_error("%sno tab between source and target: %s", position(list, number),
			quote(line));
	*target++ = '\0';
	char *more = strchr(target, '\t');
	if (more)
		*more++ = '\0';
	if (more && strchr(more, '\t'))
		usage_error("%smore than three fields: %s", position(list, number),
			quote(strchr(more, '\t') + 1));
	if (!*line || !*target)
		usage_error(
			"%s%s is empty", position(list, number), *line ? "target" : "source");
	unsigned long attributes = b->attributes;
	if (more)
		attributes = add_options(attributes, more, position(list, number));
	add_entry(b, line, target, attributes);
}

static void parse_lines(struct binds *b, char *text, size_t length, const char *list)
{
	size_t number = 1;
	for (char *p = text; p < text + length; number++) {
		size_t size = strcspn(p, "\n");
		if (!p[size] && p + size < text + length)
			usage_error("%sa NUL byte; --null is for lists of those",
				position(list, number));
		p[size] = '\0';
		parse_line(b, p, list, number);
		p += size + 1;
	}
}

static void parse_words(struct binds *b, char *text, size_t length, const char *list)
{
	size_t number = 1;
	for (char *p = text; p < text + length; number++) {
		const char *source = p, *target = p + strlen(p) + 1;
		if (target >= text + length)
			usage_error("%sthe last source has no target: %s",
				position(list, number), quote(source));
		if (!*source || !*target)
			usage_error("%s%s is empty", position(list, number),
				*source ? "target" : "source");
		add_entry(b, source, target, b->attributes);
		p += (target - p) + (long)strlen(target) + 1;
	}
}

static void read_list(struct binds *b, const char *list, bool null)
{
	size_t length;
	char *text = strcmp(list, "-") == 0 ? read_all(dup(STDIN_FILENO), &length)
					    : read_file(list, &length);
	if (!text)
		die_errno("cannot read %s",
			strcmp(list, "-") == 0 ? "standard input" : quote(list));
	if (null)
		parse_words(b, text, length, list);
	else
		parse_lines(b, text, length, list);
}

static struct place open_place(const struct binds *b)
{
	struct place place = {AT_FDCWD, false};
	if (!b->inside)
		return place;
	place.inside = true;
	place.directory = open(b->inside, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (place.directory == -1)
		die_errno("cannot open %s", quote(b->inside));
	return place;
}

/* Unmounts what we bound, if it is still on top there. */
static void unbind(const struct binds *b, const struct entry *e)
{
	const struct place place = open_place(b);
	int fd = place_open(place, e->target, 0);
	if (fd != -1 && mount_id(fd) != e->mount)
		fd = open_again(fd);
	if (fd == -1 || mount_id(fd) != e->mount)
		warn("%s stays bound on %s: something is over it", quote(e->source),
			quote(e->target));
	else if (detach_mount(fd, place, e->target) == -1)
		warn_errno("cannot unmount %s", quote(e->target));
	if (fd != -1)
		close(fd);
	if (place.inside)
		close(place.directory);
}

/* Removes what -c made for this bind. */
static void unmake(const struct binds *b, const struct entry *e)
{
	if (made_count() > e->made)
		remove_made(open_place(b), e->made);
}

static void undo(void *arg)
{
	struct binds *b = arg;
	/* in reverse: what was made for a bind may lie under an earlier one */
	if (b->done < b->count)
		unmake(b, &b->entries[b->done]);
	while (b->done > 0) {
		unbind(b, &b->entries[--b->done]);
		unmake(b, &b->entries[b->done]);
	}
}

static void bind_all(struct binds *b)
{
	for (; b->done < b->count; b->done++) {
		struct entry *e = &b->entries[b->done];
		e->made = made_count();
		const struct bind bind = {
			.source = e->source,
			.target = e->target,
			.place = open_place(b), /* anew: an earlier bind may be on it */
			.recursive = b->recursive,
			.create = b->create,
			.seen = b->seen,
			.attributes = e->attributes,
		};
		int fd = bind_mount(&bind);
		if (b->seen || b->create)
			e->mount = mount_id(fd);
		close(fd);
		if (bind.place.inside)
			close(bind.place.directory);
	}
}

/* A signal that came meanwhile and will kill us: nothing may be left behind by that. */
static void end_blocked(uint64_t found)
{
	sigset_t pending;
	struct sigaction a;
	if (sigpending(&pending) == -1)
		die_errno("cannot look for signals");
	for (int n = 1; n < NSIG; n++)
		if (sigismember(&pending, n) == 1 && !(found & SIGNAL_BIT(n)) && n != SIGCHLD &&
			n != SIGCONT && n != SIGURG && n != SIGWINCH && n != SIGTSTP &&
			n != SIGTTIN && n != SIGTTOU && sigaction(n, NULL, &a) == 0 &&
			a.sa_handler == SIG_DFL) {
			run_at_failure();
			mask_signals(SIG_SETMASK, found); /* ends us, but for PID 1 */
			fail(128 + n);
		}
	mask_signals(SIG_SETMASK, found);
}

const struct tool tool = {
	.name = "ns-bindmount",
	.help = "Usage: ns-bindmount [OPTION]... SOURCE TARGET [COMMAND [ARG]...]\n"
		"       ns-bindmount [OPTION]... -f LIST [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, in a new mount namespace where SOURCE is\n"
		"bound on TARGET.\n"
		"\n"
		"  -f, --from=LIST        bind each SOURCE<tab>TARGET[<tab>OPTIONS] line of "
		"LIST\n"
		"  -0, --null             LIST is SOURCE<nul>TARGET<nul>...\n"
		"  -r, --read-only        nobody can write through the bind\n"
		"  -R, --recursive        with the mounts below SOURCE\n"
		"  -o, --options=LIST     ro,rw,nosuid,nodev,noexec,noatime,nosymfollow\n"
		"  -p, --propagation=P    slave (default), private, shared or unchanged\n"
		"  -c, --create           make a missing TARGET and its parents\n"
		"  -i, --inside=DIR       resolve TARGET as if DIR were the root directory\n"
		"  -k, --keep             act in the current namespace; COMMAND is "
		"optional\n" HELP_COMMON HELP_STATUS("ns-bindmount"),
	.options = options,
};

/* What there is to bind, from the operands or the list; returns what is left: COMMAND. */
static char **collect(struct binds *b, char **operands, const char *list, bool null)
{
	if (list) {
		read_list(b, list, null);
		return operands;
	}
	if (null)
		usage_error("--null goes with --from");
	if (!operands[0])
		usage_error("missing SOURCE and TARGET");
	if (!operands[1])
		usage_error("missing TARGET after %s", quote(operands[0]));
	if (!*operands[0] || !*operands[1])
		usage_error("%s is empty: ''", *operands[0] ? "TARGET" : "SOURCE");
	add_entry(b, operands[0], operands[1], b->attributes);
	return operands + 2;
}

int main(int argc, char **argv)
{
	struct binds b = {0};
	enum propagation propagation = PROPAGATION_SLAVE;
	const char *list = NULL, *word = NULL;
	bool null = false;
	uint64_t found = 0;
	tool_start();
	for (int c; (c = tool_option(argc, argv)) != -1;) {
		switch (c) {
		case 'f': list = optarg; break;
		case '0': null = true; break;
		case 'r': b.attributes |= MOUNT_ATTR_RDONLY; break;
		case 'R': b.recursive = true; break;
		case 'o': b.attributes = add_options(b.attributes, optarg, ""); break;
		case 'p':
			word = optarg;
			propagation = parse_propagation(word);
			break;
		case 'c': b.create = true; break;
		case 'i': b.inside = optarg; break;
		case 'k': b.keep = true; break;
		}
	}
	if (b.keep && word)
		usage_error("--keep changes no propagation: --propagation=%s", word);
	char **command = collect(&b, argv + optind, list, null);
	b.seen = b.keep || propagation == PROPAGATION_UNCHANGED;
	if (b.seen || b.create) { /* all or nothing: not half of it on Ctrl-C */
		found = mask_signals(SIG_SETMASK, ~UINT64_C(0));
		at_failure(undo, &b);
	}
	if (!b.keep)
		new_mount_namespace(propagation);
	bind_all(&b);
	if (b.seen || b.create)
		end_blocked(found);
	if (b.keep && !command[0])
		return 0;
	chain(command, false);
}
