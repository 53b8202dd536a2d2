/* SPDX-License-Identifier: ISC */
/*
 * ns-show: list namespaces, what holds them, and how they belong together.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "common/chain.h"
#include "common/file.h"
#include "common/kernel.h"
#include "common/listing.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/ns.h"
#include "common/number.h"
#include "common/tool.h"

static const struct option options[] = {
	{"full", no_argument, NULL, 'f'},
	{"type", required_argument, NULL, 't'},
	{"tree", no_argument, NULL, 'T'},
	{"json", no_argument, NULL, 'J'},
	{"no-headings", no_argument, NULL, 'n'},
	{"processes", no_argument, NULL, 'p'},
	{"compare", no_argument, NULL, 'c'},
	COMMON_OPTIONS,
};

enum {
	USER_TYPE = 0,        /* in ns_types */
	LINKS = NS_TYPES + 2, /* of /proc/PID/ns */
	FIELDS = 8,           /* of a line */
	LEVELS = 33,          /* pid_namespaces(7): 32 below the first */
	SAME_FILES = 2,       /* kcmp(2): KCMP_FILES */
};

static const char *const headings[FIELDS] = {
	"NS", "TYPE", "NPROCS", "PID", "PARENT", "OWNER", "USER", "COMMAND"};
enum {
	TYPE = 1, /* in headings */
	USER = 6,
	COMMAND = 7,
};

/* A namespace.  The inode alone tells them apart: all types draw from one set of numbers. */
struct space {
	uint64_t inode, parent, owner; /* 0: none, or not to be seen */
	int type;                      /* index of ns_types */
	unsigned long processes;
	pid_t pid;    /* the lowest member, else a holder, else 0 */
	bool member;  /* pid is in it */
	bool held;    /* as the options ask for */
	bool chosen;  /* by an operand */
	bool related; /* parent and owner have been looked up */
	bool listed;
	char *path;   /* where the holder has it */
	char *file;   /* an nsfs mount, or the operand */
	char *viewer; /* of a mount namespace: "PID" or "PID/task/TID" that is in it */
	bool whole;   /* ... whose root directory is that of the namespace */
	struct space *child, *next; /* in the tree */
};

struct table {
	struct space **slots; /* open addressing, by inode */
	size_t size, used;
};

struct show {
	struct table spaces;
	int proc; /* /proc */
	bool full, tree, json, headings, processes, compare, types[NS_TYPES];
	unsigned long unreadable;
};

static void *must(void *memory)
{
	if (!memory)
		die_errno("cannot keep the list");
	return memory;
}

__attribute__((format(printf, 1, 2))) static char *text_of(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text;
	int n = vasprintf(&text, format, args);
	va_end(args);
	return must(n == -1 ? NULL : text);
}

static struct space **find_slot(const struct table *t, uint64_t inode)
{
	size_t i = (size_t)(inode * 0x9e3779b97f4a7c15U >> 32) & (t->size - 1);
	while (t->slots[i] && t->slots[i]->inode != inode)
		i = (i + 1) & (t->size - 1);
	return &t->slots[i];
}

static struct space *find_space(const struct table *t, uint64_t inode)
{
	return inode && t->size ? *find_slot(t, inode) : NULL;
}

static struct space *add_space(struct table *t, uint64_t inode, int type)
{
	if (2 * t->used >= t->size) {
		struct table larger = {.size = t->size ? 2 * t->size : 64, .used = t->used};
		larger.slots = must(calloc(larger.size, sizeof(struct space *)));
		for (size_t i = 0; i < t->size; i++)
			if (t->slots[i])
				*find_slot(&larger, t->slots[i]->inode) = t->slots[i];
		free(t->slots);
		*t = larger;
	}
	struct space **slot = find_slot(t, inode);
	if (!*slot) {
		*slot = must(calloc(1, sizeof(struct space)));
		**slot = (struct space){.inode = inode, .type = type};
		t->used++;
	}
	return *slot;
}

static int by_inode(const void *a, const void *b)
{
	const struct space *x = *(struct space *const *)a, *y = *(struct space *const *)b;
	return x->inode < y->inode ? -1 : x->inode > y->inode;
}

/* All of this moment, for the table may grow meanwhile.  NULL ends the list. */
static struct space **list_spaces(const struct table *t)
{
	size_t count = 0;
	struct space **list = must(calloc(t->used + 1, sizeof(struct space *)));
	for (size_t i = 0; i < t->size; i++)
		if (t->slots[i])
			list[count++] = t->slots[i];
	qsort(list, count, sizeof(struct space *), by_inode);
	return list;
}

/* Takes "net:[4026531840]": a link's text, or the root field of an nsfs mount. */
static struct space *parse_link(struct table *t, const char *text)
{
	size_t length = strcspn(text, ":");
	for (int i = 0; i < NS_TYPES; i++)
		if (strlen(ns_types[i].file) == length &&
			strncmp(text, ns_types[i].file, length) == 0 &&
			strncmp(text + length, ":[", 2) == 0)
			return add_space(t, strtoull(text + length + 2, NULL, 10), i);
	errno = EINVAL;
	return NULL;
}

/* The namespace that a link stands for; NULL with errno: EINVAL, it is no namespace. */
static struct space *read_link(struct table *t, int directory, const char *path)
{
	char text[64];
	ssize_t n = readlinkat(directory, path, text, sizeof(text) - 1);
	if (n == -1)
		return NULL;
	text[n] = '\0';
	return parse_link(t, text);
}

static const char *link_name(int i)
{
	static const char *const children[] = {"pid_for_children", "time_for_children"};
	return i < NS_TYPES ? ns_types[i].file : children[i - NS_TYPES];
}

static uint64_t inode_of(int fd)
{
	struct stat s;
	return fstat(fd, &s) == 0 ? s.st_ino : 0;
}

/* The namespace that a file is; NULL with errno: EINVAL, it is no namespace. */
static struct space *read_nsfs(struct table *t, const char *path)
{
	struct statfs s;
	if (statfs(path, &s) == -1)
		return NULL;
	errno = EINVAL;
	if ((unsigned long)s.f_type != NSFS_MAGIC)
		return NULL; /* not opened: a device or a FIFO would notice */
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int flag = fd == -1 ? 0 : ioctl(fd, NS_GET_NSTYPE);
	uint64_t inode = fd == -1 ? 0 : inode_of(fd);
	struct space *space = NULL;
	for (int i = 0; i < NS_TYPES; i++)
		if (inode && ns_types[i].flag == flag)
			space = add_space(t, inode, i);
	if (fd != -1)
		close(fd);
	return space;
}

static void add_member(struct space *s, pid_t pid)
{
	s->held = true;
	s->processes++;
	if (!s->member || pid < s->pid)
		s->pid = pid;
	s->member = true;
}

/* Path is that of the namespace, below /proc/PID. */
static void add_holder(struct space *s, pid_t pid, const char *path)
{
	s->held = true;
	if (s->member || (s->pid && s->pid <= pid))
		return;
	s->pid = pid;
	free(s->path);
	s->path = must(strdup(path));
}

/* Who shows the mounts of a mount namespace: after chroot(2) mountinfo lacks those outside. */
static void add_viewer(const struct show *s, struct space *space, const char *folder)
{
	char path[64], root[2];
	if (space->whole)
		return;
	snprintf(path, sizeof(path), "%.50s/root", folder);
	space->whole = readlinkat(s->proc, path, root, sizeof(root)) == 1;
	if (space->viewer && !space->whole)
		return;
	free(space->viewer);
	space->viewer = must(strdup(folder));
}

/* By errno: it has exited, or others may look there and we may not; else nobody could. */
static void count_unread(struct show *s)
{
	if (errno != ENOENT && errno != ESRCH && errno != EACCES && errno != EPERM &&
		errno != EINVAL)
		s->unreadable++;
}

/*
 * What a process is in or, when folder is "PID/task/TID", a thread; with --full
 * also what its next child will be in.  False if it may not be looked at.
 */
static bool read_links(struct show *s, const char *folder, bool process)
{
	char path[128];
	bool readable = true;
	pid_t pid = (pid_t)strtol(folder, NULL, 10);
	snprintf(path, sizeof(path), "%.50s/ns", folder);
	/* from here short paths will do, which saves a fifth of the time */
	int fd = openat(s->proc, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT || errno == ESRCH; /* it has exited */
	for (int i = 0; i < (s->full ? LINKS : NS_TYPES) && readable; i++) {
		const char *name = link_name(i);
		struct space *space = read_link(&s->spaces, fd, name);
		if (!space) {
			struct stat found; /* while it exits EACCES is said, too */
			readable = errno == ENOENT || errno == ESRCH ||
				   fstatat(fd, name, &found, AT_SYMLINK_NOFOLLOW) == -1;
			continue;
		}
		if (process && i < NS_TYPES) {
			add_member(space, pid);
		} else {
			snprintf(path, sizeof(path), "/proc/%.50s/ns/%s", folder, name);
			add_holder(space, pid, path);
		}
		if (ns_types[space->type].flag == CLONE_NEWNS)
			add_viewer(s, space, folder);
	}
	close(fd);
	return readable;
}

/* Calls each(s, folder, name) for the entries of a folder of proc(5) that are numbers. */
static void each_number(struct show *s, const char *folder,
	void (*each)(struct show *s, const char *folder, const char *name))
{
	struct listing list = {
		.fd = openat(s->proc, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	for (const char *name; list.fd != -1 && (name = next_name(&list));)
		if (isdigit((unsigned char)*name))
			each(s, folder, name);
	if (errno && strcmp(folder, ".") == 0)
		die_errno("cannot list '/proc'");
	if (errno)
		count_unread(s);
	if (list.fd != -1)
		close(list.fd);
}

static void read_descriptor(struct show *s, const char *folder, const char *name)
{
	char path[128], text[2];
	snprintf(path, sizeof(path), "/proc/%.50s/%.20s", folder, name);
	struct space *space = read_link(&s->spaces, AT_FDCWD, path);
	/* opened through a mount that has been taken off meanwhile */
	if (!space && readlink(path, text, sizeof(text)) == 1 && *text == '/')
		space = read_nsfs(&s->spaces, path);
	if (space)
		add_holder(space, (pid_t)strtol(folder, NULL, 10), path);
}

static void read_thread(struct show *s, const char *folder, const char *name)
{
	char path[64];
	long process = strtol(folder, NULL, 10), thread = strtol(name, NULL, 10);
	if (process == thread)
		return;
	snprintf(path, sizeof(path), "%.30s/%.20s", folder, name);
	read_links(s, path, false);
	if (syscall(SYS_kcmp, process, thread, SAME_FILES, 0, 0) == 0)
		return;
	snprintf(path, sizeof(path), "%.30s/%.20s/fd", folder, name);
	each_number(s, path, read_descriptor);
}

static void read_process(struct show *s, const char *folder, const char *name)
{
	char path[32];
	(void)folder;
	if (!read_links(s, name, true)) {
		s->unreadable++;
		return;
	}
	if (!s->full)
		return;
	snprintf(path, sizeof(path), "%.20s/task", name);
	each_number(s, path, read_thread);
	snprintf(path, sizeof(path), "%.20s/fd", name);
	each_number(s, path, read_descriptor);
}

/* The bind mounts that pin a namespace, as the one in folder sees them; where is its root. */
static void read_mounts(struct show *s, const char *folder, const char *where)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%.40s/mountinfo", folder);
	char *text = read_file(path, NULL), *rest = text;
	struct mount_line m;
	if (!text)
		count_unread(s);
	while (rest && next_mount(&rest, &m)) {
		struct space *space =
			strcmp(m.type, "nsfs") == 0 ? parse_link(&s->spaces, m.root) : NULL;
		if (!space)
			continue;
		space->held = true;
		if (!space->file)
			space->file = text_of("%s%s", where, m.point);
	}
	free(text);
}

static void relate(struct table *t, struct space *space, int fd);

/* The owner or parent of fd's namespace (ioctl_ns(2)), related too; 0: none that we may see. */
static uint64_t follow(struct table *t, int fd, bool owner, int type)
{
	int other = owner ? ioctl(fd, NS_GET_USERNS) : ioctl(fd, NS_GET_PARENT);
	if (other == -1)
		return 0;
	uint64_t inode = inode_of(other);
	relate(t, add_space(t, inode, type), other);
	close(other);
	return inode;
}

/* Fills in parent and owner, which may be namespaces that no process is in. */
static void relate(struct table *t, struct space *space, int fd)
{
	if (space->related)
		return;
	space->related = true;
	int flag = ns_types[space->type].flag;
	if (flag == CLONE_NEWPID || flag == CLONE_NEWUSER)
		space->parent = follow(t, fd, false, space->type);
	space->owner = follow(t, fd, true, USER_TYPE);
}

static void relate_all(struct show *show)
{
	struct table *t = &show->spaces;
	struct space **list = list_spaces(t);
	for (struct space **p = list; *p; p++) {
		struct space *s = *p;
		char member[48];
		const char *path = s->path ? s->path : s->file;
		if (s->member) {
			snprintf(member, sizeof(member), "/proc/%d/ns/%s", s->pid,
				ns_types[s->type].file);
			path = member;
		}
		int fd = path && !s->related ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
					     : -1;
		if (fd == -1) {
			if (path && !s->related)
				count_unread(show);
			continue;
		}
		if (inode_of(fd) == s->inode) /* what was mounted there may be covered */
			relate(t, s, fd);
		close(fd);
	}
	free(list);
}

static void scan(struct show *s)
{
	each_number(s, ".", read_process);
	struct space **list = list_spaces(&s->spaces);
	read_mounts(s, "self", "");
	for (struct space **p = list; *p; p++) {
		char root[64];
		if (!(*p)->viewer)
			continue;
		snprintf(root, sizeof(root), "/proc/%.40s/root", (*p)->viewer);
		read_mounts(s, (*p)->viewer, root);
	}
	free(list);
	relate_all(s);
}

/* The length of the UTF-8 sequence (RFC 3629) at text, 0 when there is none. */
static size_t utf8_length(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t length = p[0] < 0x80   ? 1
			: p[0] < 0xc2 ? 0
			: p[0] < 0xe0 ? 2
			: p[0] < 0xf0 ? 3
			: p[0] < 0xf5 ? 4
				      : 0;
	for (size_t i = 1; i < length; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
		(p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0; /* overlong, a surrogate, beyond U+10FFFF */
	return length;
}

/* The control character that a sequence is (C0, DEL or C1), else -1. */
static int control(const char *text, size_t length)
{
	const unsigned char *p = (const unsigned char *)text;
	if (length == 1 && (p[0] < ' ' || p[0] == 0x7f))
		return p[0];
	return length == 2 && p[0] == 0xc2 && p[1] < 0xa0 ? p[1] : -1;
}

/* As it is, but for what could break a line; in JSON as a string, in any case of UTF-8. */
static void print_text(const char *text, bool json)
{
	for (size_t n; *text; text += n ? n : 1) {
		n = utf8_length(text);
		int code = control(text, n);
		if (json && !n)
			fputs("\xef\xbf\xbd", stdout); /* U+FFFD */
		else if (json && code != -1)
			printf("\\u%04x", (unsigned)code);
		else if (*text == '\\' || (json && *text == '"'))
			printf(json ? "\\%c" : "\\%03o", (unsigned char)*text);
		else if (n && code == -1)
			fwrite(text, 1, n, stdout);
		else
			for (size_t i = 0; i < (n ? n : 1); i++)
				printf("\\%03o", (unsigned char)text[i]);
	}
}

/* A line of the table: the last field is as long as it wants to be. */
struct row {
	const char *fields[FIELDS];
};

struct rows {
	struct row *list;
	size_t count;
};

static void add_row(struct rows *r, struct row row)
{
	if ((r->count & (r->count - 1)) == 0)
		r->list = must(realloc(r->list, (r->count ? 2 * r->count : 1) * sizeof(row)));
	r->list[r->count++] = row;
}

static void print_rows(const struct rows *r, const char *const *names, size_t fields)
{
	size_t widths[FIELDS] = {0};
	for (size_t f = 0; f + 1 < fields; f++) {
		widths[f] = names ? strlen(names[f]) : 0;
		for (size_t i = 0; i < r->count; i++)
			if (strlen(r->list[i].fields[f]) > widths[f])
				widths[f] = strlen(r->list[i].fields[f]);
	}
	for (size_t f = 0; names && f < fields; f++)
		printf("%-*s%s", (int)widths[f], names[f], f + 1 < fields ? " " : "\n");
	for (size_t i = 0; i < r->count; i++) {
		for (size_t f = 0; f + 1 < fields; f++)
			printf("%-*s ", (int)widths[f], r->list[i].fields[f]);
		print_text(r->list[i].fields[fields - 1], false);
		putchar('\n');
	}
	free(r->list);
}

static char *read_of(pid_t pid, const char *name, size_t *length)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return read_file(path, length);
}

/* What is behind a label such as "\nUid:" in the text of a status file, else "". */
static const char *find_field(const char *status, const char *label)
{
	const char *line = status ? strstr(status, label) : NULL;
	return line ? line + strlen(label) : "";
}

/* Users that were looked up. */
static struct known {
	struct known *next;
	uid_t uid;
	const char *name;
} * known;

/* The effective user of a process, by name where it has one. */
static const char *user_of(const char *status)
{
	char *effective;
	const char *real = find_field(status, "\nUid:");
	if (!*real)
		return "-";
	strtoul(real, &effective, 10);
	uid_t uid = (uid_t)strtoul(effective, NULL, 10);
	struct known *k = known;
	while (k && k->uid != uid)
		k = k->next;
	if (!k) {
		const struct passwd *p = getpwuid(uid);
		k = must(calloc(1, sizeof(*k)));
		*k = (struct known){
			known, uid, p ? must(strdup(p->pw_name)) : text_of("%u", uid)};
		known = k;
	}
	return k->name;
}

static const char *command_of(pid_t pid)
{
	size_t length = 0;
	char *text = read_of(pid, "cmdline", &length);
	while (length > 0 && !text[length - 1])
		length--;
	for (size_t i = 0; i < length; i++)
		if (!text[i])
			text[i] = ' ';
	if (length > 0)
		return text;
	free(text);
	char *name = read_of(pid, "comm", &length);
	if (!name || !length)
		return "-";      /* it has exited */
	name[length - 1] = '\0'; /* the newline that the kernel puts there */
	return text_of("[%s]", name);
}

static const char *number_of(uint64_t number)
{
	return number ? text_of("%llu", (unsigned long long)number) : "-";
}

static struct row row_of(const struct space *s, const char *prefix)
{
	char *status = s->pid ? read_of(s->pid, "status", NULL) : NULL;
	const struct row row = {{
		text_of("%s%llu", prefix, (unsigned long long)s->inode),
		ns_types[s->type].file,
		text_of("%lu", s->processes),
		number_of((uint64_t)s->pid),
		number_of(s->parent),
		number_of(s->owner),
		user_of(status),
		s->pid    ? command_of(s->pid)
		: s->file ? s->file
			  : "-",
	}};
	free(status);
	return row;
}

static void print_json(const struct space *s)
{
	const struct row row = row_of(s, "");
	for (int f = 0; f < FIELDS; f++) {
		const char *value = row.fields[f];
		const char *mark = f == TYPE || f >= USER ? "\"" : "";
		if (f != COMMAND && strcmp(value, "-") == 0)
			value = "null", mark = "";
		printf("%s\"", f ? "," : "{");
		for (const char *p = headings[f]; *p; p++)
			putchar(tolower((unsigned char)*p));
		printf("\":%s", mark);
		print_text(value, true);
		fputs(mark, stdout);
	}
	puts("}");
}

static void list_above(const struct table *t, struct space *s)
{
	if (!s || s->listed)
		return;
	s->listed = true;
	list_above(t, find_space(t, s->parent));
	list_above(t, find_space(t, s->owner));
}

/* Hangs each below its parent, else its owner, else nothing; returns the first of the latter.
 */
static struct space *make_tree(const struct show *s, struct space **list, size_t count)
{
	struct space *top = NULL;
	while (count-- > 0) {
		struct space *parent = find_space(&s->spaces, list[count]->parent);
		struct space *owner = find_space(&s->spaces, list[count]->owner);
		struct space *above = parent ? parent : owner;
		struct space **first = above && s->types[above->type] ? &above->child : &top;
		list[count]->next = *first;
		*first = list[count];
	}
	return top;
}

static void add_branches(struct rows *rows, const struct space *s, const char *indent, bool top)
{
	for (; s; s = s->next) {
		char *line = text_of("%s%s", indent, top ? "" : s->next ? "|-" : "`-");
		char *deeper = text_of("%s%s", indent, top ? "" : s->next ? "| " : "  ");
		add_row(rows, row_of(s, line));
		add_branches(rows, s->child, deeper, false);
		free(line);
		free(deeper);
	}
}

static void show_spaces(struct show *s, bool chosen)
{
	struct rows rows = {0};
	size_t count = 0;
	struct space **list = list_spaces(&s->spaces);
	for (struct space **p = list; *p; p++)
		if ((chosen ? (*p)->chosen : (*p)->held) && s->types[(*p)->type]) {
			if (s->tree)
				list_above(&s->spaces, *p);
			(*p)->listed = true;
		}
	for (struct space **p = list; *p; p++)
		if ((*p)->listed && s->types[(*p)->type])
			list[count++] = *p;
	if (s->json) {
		for (size_t i = 0; i < count; i++)
			print_json(list[i]);
		return;
	}
	if (s->tree)
		add_branches(&rows, make_tree(s, list, count), "", true);
	for (size_t i = 0; i < count && !s->tree; i++)
		add_row(&rows, row_of(list[i], ""));
	print_rows(&rows, s->headings ? headings : NULL, FIELDS);
}

static bool is_number(const char *word)
{
	return *word && !word[strspn(word, "0123456789")];
}

/* Takes a PID; dies unless it is that of a process that is there. */
static pid_t parse_process(const char *word)
{
	pid_t pid = (pid_t)parse_number(word, "PID", 1, 0x7fffffff);
	char *status = read_of(pid, "status", NULL);
	if (!status && (errno == ENOENT || errno == ESRCH))
		die("no process %d", pid);
	if (!status)
		die_errno("cannot look at process %d", pid);
	long leader = strtol(find_field(status, "\nTgid:"), NULL, 10);
	if (leader != pid) {
		warn("cannot look at process %d: it is a thread of process %ld", pid, leader);
		hint("its namespaces are in /proc/%ld/task/%d/ns", leader, pid);
		fail(EXIT_TOOL);
	}
	if (strchr("ZX", find_field(status, "\nState:\t")[0]))
		die("cannot look at process %d: it has exited and is a zombie", pid);
	free(status);
	return pid;
}

static _Noreturn void die_of_process(pid_t pid)
{
	if (errno == ENOENT || errno == ESRCH)
		die("no process %d", pid);
	die_errno("cannot look at the namespaces of process %d", pid);
}

static struct space *space_of_file(struct show *s, const char *path)
{
	struct space *space = read_nsfs(&s->spaces, path);
	if (!space && errno == EINVAL)
		die("%s is no namespace", quote(path));
	if (!space)
		die_errno("cannot open %s", quote(path));
	return space;
}

static void choose(struct show *s, const char *word)
{
	if (!is_number(word)) {
		struct space *space = space_of_file(s, word);
		space->chosen = true;
		if (!space->file)
			space->file = must(strdup(word));
		return;
	}
	pid_t pid = parse_process(word);
	for (int i = 0; i < LINKS; i++) {
		char path[64];
		snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, link_name(i));
		struct space *space = read_link(&s->spaces, AT_FDCWD, path);
		if (space) {
			space->chosen = true;
			add_holder(space, pid, path);
		} else if (i == 0) {
			die_of_process(pid);
		} else {
			count_unread(s);
		}
	}
}

/* A process as its status file tells it. */
struct process {
	pid_t pid, parent;
	const char *user;
	int levels;
	pid_t pids[LEVELS];
};

static bool read_status(pid_t pid, struct process *p)
{
	char *text = read_of(pid, "status", NULL), *end;
	const char *pids = find_field(text, "\nNSpid:");
	*p = (struct process){.pid = pid, .user = "-"};
	if (!text)
		return false;
	p->user = user_of(text);
	p->parent = (pid_t)strtol(find_field(text, "\nPPid:"), NULL, 10);
	for (; *pids == '\t' && p->levels < LEVELS; pids = end)
		p->pids[p->levels++] = (pid_t)strtol(pids, &end, 10);
	free(text);
	return p->levels > 0;
}

static int by_pid(const void *a, const void *b)
{
	return ((const struct process *)a)->pid - ((const struct process *)b)->pid;
}

/* Whether the PID namespace is top or one of its descendants. */
static bool is_within(const struct table *t, const struct space *space, uint64_t top)
{
	while (space && space->inode != top)
		space = find_space(t, space->parent);
	return space != NULL;
}

/* The processes in a PID namespace and in those below it. */
static struct process *read_processes(struct show *s, uint64_t top, size_t *count)
{
	struct process *list = NULL;
	struct listing folder = {.fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	if (folder.fd == -1)
		die_errno("cannot list '/proc'");
	*count = 0;
	for (const char *name; (name = next_name(&folder));) {
		char path[48];
		pid_t pid = (pid_t)strtol(name, NULL, 10);
		if (pid <= 0)
			continue;
		snprintf(path, sizeof(path), "%d/ns/pid", pid);
		const struct space *in = read_link(&s->spaces, folder.fd, path);
		if (!in)
			count_unread(s);
		if (!is_within(&s->spaces, in, top))
			continue;
		if ((*count & (*count - 1)) == 0)
			list = must(realloc(list, (*count ? 2 * *count : 1) * sizeof(*list)));
		if (read_status(pid, &list[*count]))
			++*count;
		else
			count_unread(s);
	}
	if (errno)
		die_errno("cannot list '/proc'");
	close(folder.fd);
	if (list)
		qsort(list, *count, sizeof(*list), by_pid);
	return list;
}

/* As many levels as are asked for; 0 where it is not seen. */
static char *join_numbers(const struct process *p, int levels)
{
	char text[LEVELS * 12 + 1] = ""; /* "-2147483648," */
	size_t end = 0;
	for (int i = 0; i < levels; i++)
		end += (size_t)snprintf(
			text + end, sizeof(text) - end, i ? ",%d" : "%d", p->pids[i]);
	return must(strdup(text));
}

static void show_processes(struct show *s, const char *word)
{
	static const char *const names[] = {"NSPID", "NSPPID", "USER", "COMMAND"};
	struct rows rows = {0};
	size_t count;
	const struct space *top;
	if (word && !is_number(word)) {
		top = space_of_file(s, word);
	} else {
		char *path = word ? text_of("/proc/%d/ns/pid", parse_process(word))
				  : text_of("/proc/self/ns/pid");
		top = space_of_file(s, path);
		free(path);
	}
	if (ns_types[top->type].flag != CLONE_NEWPID)
		die("%s is no PID namespace", quote(word));
	scan(s);
	const struct process *list = read_processes(s, top->inode, &count);
	for (size_t i = 0; i < count; i++) {
		const struct process *p = &list[i];
		struct process key = {.pid = p->parent}, *parent;
		parent = bsearch(&key, list, count, sizeof(key), by_pid);
		if (!parent && p->parent > 0)
			read_status(p->parent, &key);
		const struct row row = {{
			join_numbers(p, p->levels),
			join_numbers(parent ? parent : &key, p->levels),
			p->user,
			command_of(p->pid),
		}};
		add_row(&rows, row);
	}
	print_rows(&rows, s->headings ? names : NULL, 4);
}

/* Type by type; returns the exit status. */
static int compare(struct show *s, char **words)
{
	static const char *const names[] = {"TYPE", "NS1", "NS2", "RESULT"};
	const pid_t pids[] = {parse_process(words[0]), parse_process(words[1])};
	struct rows rows = {0};
	int status = 0;
	for (int type = 0; type < NS_TYPES; type++) {
		const struct space *found[2];
		for (int i = 0; i < 2; i++) {
			char path[48];
			snprintf(path, sizeof(path), "/proc/%d/ns/%s", pids[i],
				ns_types[type].file);
			found[i] = read_link(&s->spaces, AT_FDCWD, path);
			if (!found[i] && errno != ENOENT)
				die_of_process(pids[i]);
		}
		if (!s->types[type] || !found[0] || !found[1])
			continue; /* not wanted, or unknown to this kernel */
		bool same = found[0] == found[1];
		const struct row row = {{
			ns_types[type].file,
			number_of(found[0]->inode),
			number_of(found[1]->inode),
			same ? "same" : "different",
		}};
		add_row(&rows, row);
		status |= !same;
	}
	for (int i = 0; i < 2; i++)
		parse_process(words[i]); /* if one has exited we may have missed a type */
	print_rows(&rows, s->headings ? names : NULL, 4);
	return status;
}

static void parse_types(struct show *s, const char *list)
{
	for (const char *p = list;; p++) {
		size_t length = strcspn(p, ",");
		int type = 0;
		while (type < NS_TYPES && (strncmp(p, ns_types[type].file, length) != 0 ||
						  ns_types[type].file[length]))
			type++;
		if (type == NS_TYPES)
			usage_error("type must be cgroup, ipc, mnt, net, pid, time, user or "
				    "uts: %s",
				quote(list));
		s->types[type] = true;
		p += length;
		if (!*p)
			return;
	}
}

static void parse_options(struct show *s, int argc, char **argv)
{
	bool chosen = false;
	for (int c; (c = tool_option(argc, argv)) != -1;) {
		switch (c) {
		case 'f': s->full = true; break;
		case 't':
			parse_types(s, optarg);
			chosen = true;
			break;
		case 'T': s->tree = true; break;
		case 'J': s->json = true; break;
		case 'n': s->headings = false; break;
		case 'p': s->processes = true; break;
		case 'c': s->compare = true; break;
		}
	}
	for (int i = 0; i < NS_TYPES && !chosen; i++)
		s->types[i] = true;
	int operands = argc - optind;
	argv += optind;
	if (s->processes + s->compare + s->tree + s->json > 1)
		usage_error("--tree, --json, --processes and --compare exclude each other");
	if (s->processes && operands > 1)
		usage_error("--processes takes one PID or FILE: %s", quote(argv[1]));
	if (s->compare && operands < 2)
		usage_error("--compare takes two PIDs");
	if (s->compare && operands > 2)
		usage_error("--compare takes two PIDs: %s", quote(argv[2]));
}

const struct tool tool = {
	.name = "ns-show",
	.help = "Usage: ns-show [OPTION]... [PID | FILE]...\n"
		"List namespaces: all that a process or an nsfs mount holds, or those of each\n"
		"PID or FILE.\n"
		"\n"
		"  -f, --full             also what only a thread or a descriptor holds\n"
		"  -t, --type=TYPE        only these types, such as net,uts\n"
		"  -T, --tree             draw them by parent and owner\n"
		"  -J, --json             one JSON object a line\n"
		"  -n, --no-headings      without the line of headings\n"
		"  -p, --processes        the processes of a PID namespace instead\n"
		"  -c, --compare          compare two PIDs, type by type, instead\n" HELP_COMMON
		"\nExit status: 0; 1 --compare found a difference; 125 ns-show failed.\n",
	.options = options,
};

int main(int argc, char **argv)
{
	struct show s = {.headings = true};
	struct statfs fs;
	int status = 0;
	tool_start();
	parse_options(&s, argc, argv);
	s.proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s.proc == -1)
		die_errno("cannot list '/proc'");
	if (fstatfs(s.proc, &fs) == 0 && (unsigned long)fs.f_type != PROC_SUPER_MAGIC)
		die("no proc(5) is mounted on '/proc'");
	argv += optind;
	if (s.compare) {
		status = compare(&s, argv);
	} else if (s.processes) {
		show_processes(&s, argv[0]);
	} else {
		for (char **word = argv; *word; word++)
			choose(&s, *word);
		scan(&s);
		show_spaces(&s, argv[0] != NULL);
	}
	if (s.unreadable)
		warn("%lu process%s could not be read", s.unreadable,
			s.unreadable == 1 ? "" : "es");
	if (fflush(stdout) == EOF || ferror(stdout))
		die_errno("cannot write to standard output");
	chain_report(READY_EXEC); /* nothing is executed, and yet all is well */
	return status;
}
