/* SPDX-License-Identifier: ISC */
/*
 * ns-user: run a command in a new user namespace with the user and group IDs
 * mapped; it makes the rest of a chain work without root.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/call.h"
#include "common/chain.h"
#include "common/explain.h"
#include "common/file.h"
#include "common/message.h"
#include "common/ns.h"
#include "common/number.h"
#include "common/tool.h"

static const struct option options[] = {
	{"map-root", no_argument, NULL, 'r'},
	{"map-current", no_argument, NULL, 'c'},
	{"auto", no_argument, NULL, 'a'},
	{"uid-map", required_argument, NULL, 'u'},
	{"gid-map", required_argument, NULL, 'g'},
	{"keep-caps", no_argument, NULL, 'K'},
	COMMON_OPTIONS,
};

enum {
	LINES = 340, /* user_namespaces(7): in a map, since 4.15 */
	CAPABILITY_SETGID = 6,
	CAPABILITY_SETUID = 7,
};

struct range {
	uint64_t inner, outer, count;
};

struct map {
	const char *noun;   /* UID, GID */
	const char *file;   /* below /proc/PID */
	const char *helper; /* of shadow-utils, for who may not write the file */
	const char *grants; /* the file that the helper goes by */
	int capability;
	unsigned own;
	struct range *ranges; /* of LINES */
	size_t count;
	char *text; /* of the file, made by finish_map() */
};

static bool overlap(uint64_t a, uint64_t b, const struct range *x, const struct range *y)
{
	return a < b + y->count && b < a + x->count;
}

static void add_range(struct map *m, struct range r, const char *word)
{
	if (m->count == LINES)
		usage_error(
			"more than %d ranges in the %s map: %s", LINES, m->noun, quote(word));
	if (r.inner + r.count > UINT32_MAX || r.outer + r.count > UINT32_MAX)
		usage_error("%s map goes beyond 4294967294: %s", m->noun, quote(word));
	for (size_t i = 0; i < m->count; i++) {
		const struct range *o = &m->ranges[i];
		if (overlap(r.inner, o->inner, &r, o) || overlap(r.outer, o->outer, &r, o))
			usage_error(
				"%s map overlaps an earlier range: %s", m->noun, quote(word));
	}
	m->ranges[m->count++] = r;
}

/* Takes INNER:OUTER:COUNT. */
static void parse_range(struct map *m, const char *word)
{
	char *copy = strdup(word), *rest = copy, *fields[3];
	for (int i = 0; copy && i < 3; i++)
		fields[i] = strsep(&rest, ":");
	if (!copy)
		die_errno("cannot keep a map");
	if (!fields[1] || !fields[2] || rest)
		usage_error("%s map is not INNER:OUTER:COUNT: %s", m->noun, quote(word));
	struct range r = {
		parse_number(fields[0], "first inner ID", 0, UINT32_MAX - 1),
		parse_number(fields[1], "first outer ID", 0, UINT32_MAX - 1),
		parse_number(fields[2], "number of IDs", 1, UINT32_MAX),
	};
	add_range(m, r, word);
	free(copy);
}

/* Takes a field of subuid(5): digits only, of a 32-bit number; 0 for anything else. */
static uint64_t granted_number(const char *field)
{
	size_t digits = field ? strspn(field, "0123456789") : 0;
	return digits && digits < 11 && !field[digits] ? strtoull(field, NULL, 10) : 0;
}

/* The first range that subuid(5) or subgid(5) grants us, by name or by number. */
static void add_granted(struct map *m)
{
	const struct passwd *p = getpwuid(geteuid());
	char number[16];
	snprintf(number, sizeof(number), "%u", geteuid());
	const char *user = p ? p->pw_name : number;
	char *rest = read_file(m->grants, NULL), *line;
	while (rest && (line = strsep(&rest, "\n"))) {
		const char *owner = strsep(&line, ":");
		uint64_t first = granted_number(strsep(&line, ":"));
		uint64_t count = granted_number(line);
		if (!first || !count ||
			(strcmp(owner, number) != 0 && strcmp(owner, user) != 0))
			continue;
		add_range(m, (struct range){1, first, count}, m->grants);
		return;
	}
	warn("no subordinate %ss for user %s in %s", m->noun, quote(user), quote(m->grants));
	hint("root can grant some: usermod --add-sub%cids 100000-165535 %s",
		m->noun[0] == 'U' ? 'u' : 'g', user);
	fail(EXIT_TOOL);
}

/* Whether the kernel lets anybody write that map, once setgroups(2) is denied. */
static bool is_own(const struct map *m)
{
	return m->count == 1 && m->ranges[0].count == 1 && m->ranges[0].outer == m->own;
}

/* Fills in m->text, which the kernel takes in one write(2) of less than a page only. */
static void finish_map(struct map *m)
{
	char *p = m->text = malloc(m->count * 34 + 1);
	if (!p)
		die_errno("cannot keep a map");
	for (size_t i = 0; i < m->count; i++)
		p += sprintf(p, "%u %u %u\n", (unsigned)m->ranges[i].inner,
			(unsigned)m->ranges[i].outer, (unsigned)m->ranges[i].count);
	if (p - m->text >= sysconf(_SC_PAGESIZE))
		usage_error(
			"%s map takes %d bytes, a page or more", m->noun, (int)(p - m->text));
}

static void hint_proc(void)
{
	hint("a mounted /proc is needed to map users");
}

static void write_proc(const char *pid, const char *name, const char *text)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	if (call_write_file(path, text) == 0)
		return;
	int error = errno;
	warn_errno("cannot write to '%s'", path);
	if (error == ENOENT)
		hint_proc();
	else if (error == EPERM || error == EINVAL)
		hint("the map has IDs that are not mapped in our own user namespace, or are "
		     "not ours, or user 0 without CAP_SETFCAP");
	fail(EXIT_TOOL);
}

static int wait_for(pid_t pid)
{
	int status = 0;
	while (waitpid(pid, &status, __WALL) == -1)
		if (errno != EINTR)
			die_errno("cannot wait for the process that writes the maps");
	return status;
}

/* newuidmap(1) may write what subuid(5) grants. */
static _Noreturn void run_helper(const struct map *m, const char *pid)
{
	char **argv = calloc(3 * m->count + 3, sizeof(*argv)), *rest = m->text;
	size_t n = 0;
	if (!argv)
		die_errno("cannot keep a map");
	argv[n++] = (char *)(uintptr_t)m->helper;
	argv[n++] = (char *)(uintptr_t)pid;
	for (char *word; (word = strsep(&rest, " \n"));)
		if (*word)
			argv[n++] = word;
	execvp(m->helper, argv);
	warn_errno("cannot run %s", quote(m->helper));
	hint("it comes with the package uidmap");
	_exit(EXIT_TOOL);
}

/* In a process that has stayed in our old user namespace. */
static void write_map_from_outside(const struct map *m, const char *pid)
{
	if (is_own(m))
		return;
	if (has_capability(m->capability)) {
		write_proc(pid, m->file, m->text);
		return;
	}
	pid_t child = fork();
	if (child == 0)
		run_helper(m, pid);
	if (child == -1)
		die_errno("cannot run %s", quote(m->helper));
	int status = wait_for(child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_TOOL)
		fail(EXIT_TOOL); /* it has said why */
	if (status) {
		warn("%s refused the %s map", quote(m->helper), m->noun);
		if (geteuid() != 0 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
			hint("no_new_privs is set, so that it gains no privilege");
		else
			hint("it must be set-user-ID root, and all of the map granted in %s",
				quote(m->grants));
		fail(EXIT_TOOL);
	}
}

/* The process that stays outside. */
struct writer {
	pid_t pid;
	int go; /* a byte: there is a namespace; end-of-file: there is none */
};

static int end_writer(const struct writer *w)
{
	close(w->go);
	return wait_for(w->pid);
}

static void undo_writer(void *arg)
{
	(void)end_writer(arg);
}

static _Noreturn void write_from_outside(
	const struct map *uids, const struct map *gids, const char *pid, int go)
{
	char byte;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGCHLD, SIG_DFL); /* ignored, the helpers could not be waited for */
	chain_drop_ready();
	ssize_t n;
	while ((n = read(go, &byte, 1)) == -1 && errno == EINTR)
		;
	if (n == -1)
		die_errno("cannot wait for the namespace");
	if (n == 0)
		_exit(0);
	write_map_from_outside(uids, pid);
	write_map_from_outside(gids, pid);
	_exit(0);
}

/*
 * Makes the namespace and has a child that stays outside write the maps: only
 * there are the capabilities, or the right to run newuidmap(1).
 */
static void map_from_outside(const struct map *uids, const struct map *gids)
{
	char pid[16] = "";
	int go[2];
	/* not getpid(2): /proc may be of another PID namespace than ours */
	if (readlink("/proc/self", pid, sizeof(pid) - 1) == -1) {
		warn_errno("cannot read '/proc/self'");
		hint_proc();
		fail(EXIT_TOOL);
	}
	/* a socket, because that gives no SIGPIPE */
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, go) == -1)
		die_errno("cannot make a socket");
	/* No exit signal: whatever we do with SIGCHLD, it can be waited for and leaves none. */
	struct writer w = {.pid = (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0), .go = go[1]};
	if (w.pid == -1)
		die_errno("cannot start a process that writes the maps");
	if (w.pid == 0) {
		close(go[1]);
		write_from_outside(uids, gids, pid, go[0]);
	}
	close(go[0]);
	at_failure(undo_writer, &w);
	ns_unshare(NS_USER);
	at_failure(NULL, NULL);
	ssize_t n;
	while ((n = send(w.go, "", 1, MSG_NOSIGNAL)) == -1 && errno == EINTR)
		;
	int error = errno, status = end_writer(&w);
	if (WIFSIGNALED(status))
		die("the process that writes the maps was killed");
	if (status)
		fail(EXIT_TOOL); /* it has said why */
	errno = error;
	if (n == -1)
		die_errno("cannot reach the process that writes the maps");
}

static bool is_mapped(const struct map *m, uint64_t outer)
{
	for (size_t i = 0; i < m->count; i++)
		if (outer >= m->ranges[i].outer &&
			outer - m->ranges[i].outer < m->ranges[i].count)
			return true;
	return false;
}

static bool has_root(const struct map *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->ranges[i].inner == 0)
			return true;
	return false;
}

/* Who is nobody in the new namespace becomes root of it, if it has one. */
static void become_mapped(const struct map *uids, const struct map *gids)
{
	if (!is_mapped(gids, gids->own) && has_root(gids)) {
		(void)call_setgroups();
		if (call_setresgid(0) == -1)
			die_errno("cannot become group 0");
	}
	if (!is_mapped(uids, uids->own) && has_root(uids) && call_setresuid(0) == -1)
		die_errno("cannot become user 0");
}

/* Ambient capabilities(7) survive the execve(2) of who is not root. */
static void keep_capabilities(void)
{
	struct {
		uint32_t version;
		int pid;
	} header = {0x20080522, 0};
	struct {
		uint32_t effective, permitted, inheritable;
	} sets[2];
	if (syscall(SYS_capget, &header, sets) == -1)
		die_errno("cannot read our capabilities");
	for (int i = 0; i < 2; i++)
		sets[i].inheritable = sets[i].permitted;
	explain_equivalent("setpriv --inh-caps +all --ambient-caps +all");
	if (explain((int)syscall(SYS_capset, &header, sets),
		    "capset({...}, {inheritable=all})") == -1)
		die_errno("cannot make our capabilities inheritable");
	for (unsigned c = 0; c < 64; c++)
		if (sets[c / 32].permitted >> (c % 32) & 1 &&
			explain(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, c, 0, 0),
				"prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, %u, 0, 0)",
				c) == -1)
			die_errno("cannot keep capability %u", c);
}

/* The maps as the kernel has them now. */
static void explain_maps(void)
{
	static const char *const files[] = {"/proc/self/uid_map", "/proc/self/gid_map"};
	for (int i = 0; explaining() && i < 2; i++) {
		struct mapping m;
		char *rest = read_file(files[i], NULL);
		while (next_mapping(&rest, &m))
			warn("%s: %lu %lu %lu", files[i], m.inner, m.outer, m.count);
	}
}

const struct tool tool = {
	.name = "ns-user",
	.help = "Usage: ns-user [OPTION]... [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, in a new user namespace.\n"
		"\n"
		"  -r, --map-root         be root in it (default)\n"
		"  -c, --map-current      keep the current user and group IDs in it\n"
		"  -a, --auto             be root, and map the subordinate IDs too\n"
		"  -u, --uid-map=INNER:OUTER:COUNT  map these user IDs; repeatable\n"
		"  -g, --gid-map=INNER:OUTER:COUNT  map these group IDs; repeatable\n"
		"  -K, --keep-caps        keep the capabilities when not root in "
		"it\n" HELP_COMMON HELP_STATUS("ns-user"),
	.options = options,
};

/* The IDs to map; returns the option that chose them, 0 for none. */
static int parse_options(int argc, char **argv, struct map *uids, struct map *gids, bool *keep)
{
	int way = 0;
	for (int c; (c = tool_option(argc, argv)) != -1;) {
		int chosen = c == 'g' ? 'u' : c;
		if (c == 'K') {
			*keep = true;
			continue;
		}
		if (way && way != chosen)
			usage_error("--map-root, --map-current, --auto and --uid-map/--gid-map "
				    "exclude each other: -%c",
				c);
		way = chosen;
		if (chosen == 'u')
			parse_range(c == 'u' ? uids : gids, optarg);
	}
	return way;
}

static void choose_ids(struct map *m, int way)
{
	if (!m->count)
		add_range(m, (struct range){way == 'c' ? m->own : 0, m->own, 1}, "");
	if (way == 'a')
		add_granted(m);
	finish_map(m);
}

/* Makes the namespace and writes the maps, as far as that can be done from inside it. */
static void map_ids(const struct map *uids, const struct map *gids)
{
	if (is_own(uids) && is_own(gids))
		ns_unshare(NS_USER);
	else
		map_from_outside(uids, gids);
	if (is_own(uids))
		write_proc("self", "uid_map", uids->text);
	if (is_own(gids)) {
		/* else gid_map is refused, since 3.19 */
		write_proc("self", "setgroups", "deny");
		write_proc("self", "gid_map", gids->text);
	}
}

int main(int argc, char **argv)
{
	static struct range uid_ranges[LINES], gid_ranges[LINES];
	static struct map uids = {.noun = "UID",
		.file = "uid_map",
		.helper = "newuidmap",
		.grants = "/etc/subuid",
		.capability = CAPABILITY_SETUID,
		.ranges = uid_ranges};
	static struct map gids = {.noun = "GID",
		.file = "gid_map",
		.helper = "newgidmap",
		.grants = "/etc/subgid",
		.capability = CAPABILITY_SETGID,
		.ranges = gid_ranges};
	bool keep = false;
	tool_start();
	uids.own = geteuid();
	gids.own = getegid();
	int way = parse_options(argc, argv, &uids, &gids, &keep);
	choose_ids(&uids, way);
	choose_ids(&gids, way);
	map_ids(&uids, &gids);
	become_mapped(&uids, &gids);
	explain_maps();
	if (keep)
		keep_capabilities();
	chain(argv + optind, false);
}
