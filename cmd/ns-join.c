/* SPDX-License-Identifier: ISC */
/*
 * ns-join: run a command in namespaces of another process, or of files that
 * stand for them.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "common/call.h"
#include "common/chain.h"
#include "common/explain.h"
#include "common/file.h"
#include "common/launch.h"
#include "common/message.h"
#include "common/ns.h"
#include "common/number.h"
#include "common/proc.h"
#include "common/tool.h"

enum {
	PID_FILE = 256
};

static const struct option options[] = {
	{"target", required_argument, NULL, 't'},
	{"all", no_argument, NULL, 'a'},
	{"mount", optional_argument, NULL, 'm'},
	{"uts", optional_argument, NULL, 'u'},
	{"ipc", optional_argument, NULL, 'i'},
	{"net", optional_argument, NULL, 'n'},
	{"pid", optional_argument, NULL, 'p'},
	{"user", optional_argument, NULL, 'U'},
	{"cgroup", optional_argument, NULL, 'C'},
	{"time", optional_argument, NULL, 'T'},
	{"setuid", required_argument, NULL, 'S'},
	{"setgid", required_argument, NULL, 'G'},
	{"root", optional_argument, NULL, 'r'},
	{"wd", optional_argument, NULL, 'w'},
	{"env", no_argument, NULL, 'e'},
	{"no-fork", no_argument, NULL, 'F'},
	{"pid-file", required_argument, NULL, PID_FILE},
	{"detach", no_argument, NULL, 'd'},
	COMMON_OPTIONS,
};

static const char letters[NS_TYPES] = {
	[NS_USER] = 'U',
	[NS_MNT] = 'm',
	[NS_UTS] = 'u',
	[NS_IPC] = 'i',
	[NS_PID] = 'p',
	[NS_CGROUP] = 'C',
	[NS_NET] = 'n',
	[NS_TIME] = 'T',
};

extern char **environ;

struct join {
	pid_t target; /* 0: files only */
	int pidfd;    /* of it, or -1 where pidfd_open(2) is refused */
	int process;  /* its directory in /proc, or -1 */
	bool all, take_root, take_directory, environment, no_fork;
	bool wanted[NS_TYPES];
	const char *files[NS_TYPES]; /* instead of the target's */
	int fds[NS_TYPES];           /* what to join, or -1 */
	bool by_file[NS_TYPES];      /* so not by the pidfd */
	const char *root_path, *directory_path;
	int root, directory; /* descriptors, or -1 */
	long uid, gid;       /* or -1 */
};

static int type_of_letter(int letter)
{
	for (int i = 0; i < NS_TYPES; i++) /* not strchr(3): it takes PID_FILE for a NUL */
		if (letters[i] == letter)
			return i;
	return -1;
}

static bool is_same_file(int fd, const char *path)
{
	struct stat a, b;
	return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* Whether it is the namespace that we are in. */
static bool is_ours(int type, int fd)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/self/ns/%s", ns_types[type].file);
	return is_same_file(fd, path);
}

static char *read_process(const struct join *j, const char *name, size_t *length)
{
	return read_all(openat(j->process, name, O_RDONLY | O_CLOEXEC), length);
}

/* Says what a PID is that is not a process to be joined. */
static void check_kind(const struct join *j)
{
	char *status = read_process(j, "status", NULL), *stat = read_process(j, "stat", NULL);
	if (!status || !stat)
		return;
	const char *group = strstr(status, "\nTgid:"), *state = strstr(status, "\nState:");
	if (group && strtol(group + 6, NULL, 10) != j->target)
		die("cannot join process %d: it is a thread of process %ld", j->target,
			strtol(group + 6, NULL, 10));
	if (state && state[7 + strspn(state + 7, "\t ")] == 'Z')
		die("cannot join process %d: it has exited and is a zombie", j->target);
	/* proc(5): the flags are the seventh field behind the name in parentheses */
	const char *field = strrchr(stat, ')');
	for (int i = 0; field && i < 7; i++)
		field = strchr(field + 1, ' ');
	if (field && strtoul(field, NULL, 10) & 0x00200000) /* PF_KTHREAD */
		die("cannot join process %d: it is a kernel thread", j->target);
	free(status);
	free(stat);
}

/* From here on the PID cannot come to mean another process. */
static void hold_target(struct join *j)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/%d", j->target);
	j->pidfd = (int)syscall(SYS_pidfd_open, j->target, 0);
	int error = j->pidfd == -1 ? errno : 0;
	j->process = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (j->process != -1) {
		if (!proc_is_ours()) {
			warn("cannot join process %d: /proc is of another PID namespace than ours",
				j->target);
			hint("mount our own, 'mount -t proc proc /proc', or name a FILE instead");
			fail(EXIT_TOOL);
		}
		check_kind(j);
	}
	if (error == ESRCH || (error && error != ENOSYS && error != EPERM) ||
		(error && j->process == -1)) {
		errno = error == ESRCH || j->process == -1 ? ESRCH : error;
		die_errno("cannot join process %d", j->target);
	}
	struct pollfd p = {.fd = j->pidfd, .events = POLLIN};
	if (poll(&p, 1, 0) == 1) /* and so /proc/PID may be another's */
		die("cannot join process %d: it has exited", j->target);
}

/* Or -1: there is no /proc or, with --all, this kernel has no such namespaces. */
static int open_namespace(struct join *j, int type)
{
	char name[32], ours[64];
	if (j->process == -1)
		return -1;
	snprintf(name, sizeof(name), "ns/%s", ns_types[type].file);
	int fd = openat(j->process, name, O_RDONLY | O_CLOEXEC);
	if (fd == -1) {
		int error = errno;
		snprintf(ours, sizeof(ours), "/proc/self/%s", name);
		if (error == ENOENT && !j->wanted[type] && access(ours, F_OK) == -1)
			return -1;
		errno = error;
		warn_errno("cannot open the %s namespace of process %d", ns_types[type].option,
			j->target);
		if (error == EACCES)
			hint("process %d belongs to another user, or may do more than we may",
				j->target);
		else if (error == ENOENT)
			hint("process %d has exited, or this kernel has no such namespaces",
				j->target);
		fail(EXIT_TOOL);
	}
	return fd;
}

static int open_file(int type, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct statfs f;
	if (fd == -1)
		die_errno("cannot open %s", quote(path));
	/* an ioctl(2) on anything else, a device say, could do anything */
	int flag =
		fstatfs(fd, &f) == 0 && f.f_type == NSFS_MAGIC ? ioctl(fd, NS_GET_NSTYPE) : -1;
	if (flag == -1)
		die("%s is no namespace", quote(path));
	for (int i = 0; i < NS_TYPES; i++)
		if (flag == ns_types[i].flag && i != type)
			die("%s is a %s namespace, not a %s namespace", quote(path),
				ns_types[i].option, ns_types[type].option);
	return fd;
}

/* The PID namespace of an unshare(2)d process' children, where its own is ours. */
static bool take_children(struct join *j, int type)
{
	int fd = openat(j->process, "ns/pid_for_children", O_RDONLY | O_CLOEXEC);
	if (fd == -1 || is_ours(type, fd)) {
		close(fd);
		return false;
	}
	close(j->fds[type]);
	j->fds[type] = fd;
	j->by_file[type] = true;
	return true;
}

/*
 * Whether the target only launched what is in another PID namespace: to run COMMAND in
 * ours then would be a nasty surprise.
 */
static void check_children(const struct join *j)
{
	char name[64];
	snprintf(name, sizeof(name), "task/%d/children", j->target);
	char *rest = j->process == -1 ? NULL : read_process(j, name, NULL), *word;
	const char *child = NULL;
	while (rest && (word = strsep(&rest, " "))) {
		char path[64];
		snprintf(path, sizeof(path), "/proc/%.20s/ns/pid", word);
		int fd = *word ? open(path, O_RDONLY | O_CLOEXEC) : -1;
		if (fd == -1)
			continue;
		const bool ours = is_ours(NS_PID, fd);
		close(fd);
		if (ours)
			return;
		child = word;
	}
	if (!child)
		return;
	warn("cannot join process %d: its PID namespace is ours already", j->target);
	hint("its child %s is in a PID namespace of its own: --target=%s", child, child);
	fail(EXIT_TOOL);
}

/* Opens everything before anything is joined: afterwards /proc may be another one. */
static void open_namespaces(struct join *j)
{
	bool news = false, launcher = false;
	for (int i = 0; i < NS_TYPES; i++) {
		j->fds[i] = -1;
		if (!j->wanted[i] && !j->all)
			continue;
		j->by_file[i] = j->files[i] != NULL;
		j->fds[i] = j->files[i] ? open_file(i, j->files[i]) : open_namespace(j, i);
		if (j->fds[i] == -1 && j->all) {
			if (j->process == -1)
				die("cannot compare namespaces without a /proc");
			continue;
		}
		if (j->fds[i] == -1 || !is_ours(i, j->fds[i]) ||
			(i == NS_PID && !j->files[i] && take_children(j, i))) {
			news = true;
			continue;
		}
		launcher |= i == NS_PID && j->wanted[i] && !j->files[i];
		/* setns(2) says EINVAL to our own user namespace; -a wants no other either */
		if (i == NS_USER || !j->wanted[i]) {
			close(j->fds[i]);
			j->fds[i] = -1;
			j->wanted[i] = false;
		}
	}
	if (launcher || (j->all && !news))
		check_children(j);
	for (int i = 0; i < NS_TYPES; i++)
		j->wanted[i] |= j->fds[i] != -1;
}

static void need_process(const struct join *j)
{
	if (j->process == -1)
		die("cannot look at process %d: no /proc is mounted here", j->target);
}

static int open_directory(const struct join *j, const char *path, const char *of_target)
{
	if (!path)
		need_process(j);
	int fd = path ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC)
		      : openat(j->process, of_target, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 && path)
		die_errno("cannot open %s", quote(path));
	if (fd == -1)
		die_errno("cannot open the %s directory of process %d",
			strcmp(of_target, "cwd") == 0 ? "working" : "root", j->target);
	return fd;
}

static void take_environment(const struct join *j)
{
	size_t length, count = 0;
	need_process(j);
	char *text = read_process(j, "environ", &length);
	if (!text)
		die_errno("cannot read the environment of process %d", j->target);
	char **list = calloc(length + 1, sizeof(*list)); /* a NUL ends each */
	if (!list)
		die_errno("cannot keep an environment");
	for (char *p = text; p < text + length; p += strlen(p) + 1)
		if (*p)
			list[count++] = p;
	const char *ready = getenv("NS_READY");
	environ = list;
	if (ready ? setenv("NS_READY", ready, 1) == -1 : unsetenv("NS_READY") == -1)
		die_errno("cannot keep an environment");
}

/*
 * What its owner, or root, runs in a container can be written to from in there, through
 * /proc/PID/exe (CVE-2019-5736), where that user is the same one, be it by the map of a
 * user namespace.
 * That takes a PID that is seen in there, or a program from there with /proc/self/exe
 * as its interpreter: other types of namespaces bring neither.
 */
static bool can_be_written(const struct join *j)
{
	struct stat s;
	return (j->all || j->wanted[NS_MNT] || j->wanted[NS_PID] || j->take_root) &&
	       (geteuid() == 0 || stat("/proc/self/exe", &s) == -1 || s.st_uid == geteuid());
}

/* Goes on in a copy that cannot. */
static void run_sealed(char **argv)
{
	const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat s;
	if (self == -1 || fstat(self, &s) == -1)
		die_errno("cannot read our own program in '/proc/self/exe'");
	if ((fcntl(self, F_GET_SEALS) & seals) == seals && fcntl(self, F_GET_SEALS) != -1) {
		close(self);
		prctl(PR_SET_NAME, tool.name);
		return;
	}
	/* MFD_EXEC (6.3): else the sysctl vm.memfd_noexec=1 makes it not executable */
	int copy = memfd_create(tool.name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);
	if (copy == -1 && errno == EINVAL)
		copy = memfd_create(tool.name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	off_t done = 0;
	while (copy != -1 && done < s.st_size &&
		sendfile(copy, self, &done, (size_t)(s.st_size - done)) > 0)
		;
	if (copy == -1 || done < s.st_size || fcntl(copy, F_ADD_SEALS, seals) == -1) {
		int error = errno;
		warn_errno("cannot make a sealed copy of ourselves");
		if (copy == -1 && error == EACCES)
			hint("the sysctl vm.memfd_noexec is 2: no program runs from memory");
		fail(EXIT_TOOL);
	}
	if (chain_ready() != -1)
		fcntl(chain_ready(), F_SETFD, 0);
	syscall(SYS_execveat, copy, "", argv, environ, AT_EMPTY_PATH);
	die_errno("cannot run a sealed copy of ourselves");
}

static _Noreturn void cannot_join(const struct join *j, const char *what, bool of_target)
{
	int error = errno;
	if (of_target)
		warn_errno("cannot join the %s of process %d", what, j->target);
	else
		warn_errno("cannot join the %s", what);
	if (error == ESRCH)
		hint("process %d has exited", j->target);
	else if (error == EPERM && !has_capability(CAPABILITY_SYS_ADMIN) && !j->wanted[NS_USER])
		hint("CAP_SYS_ADMIN is missing in the current user namespace: run it as root, "
		     "or join the user namespace that owns it too (-U)");
	else if (error == EPERM)
		hint("CAP_SYS_ADMIN is needed in our user namespace and in the one that owns "
		     "what is joined, and for mount also CAP_SYS_CHROOT");
	else if (error == EINVAL && j->wanted[NS_PID])
		hint("a PID namespace can be joined only from itself or from above");
	fail(EXIT_TOOL);
}

static void join_one(struct join *j, int type)
{
	if (j->fds[type] == -1)
		return;
	char what[32];
	snprintf(what, sizeof(what), "%s namespace", ns_types[type].option);
	if (j->target && !j->files[type])
		explain_equivalent(
			"nsenter --target %d --%s", j->target, ns_types[type].option);
	else if (j->files[type])
		explain_equivalent("nsenter --%s=%s", ns_types[type].option,
			quote_if_needed(j->files[type]));
	if (call_setns(j->fds[type], ns_types[type].flag) == -1)
		cannot_join(j, what, j->target && !j->files[type]);
	close(j->fds[type]);
	j->fds[type] = -1;
}

/* All that the pidfd stands for at once, or not at all (Linux 5.8). */
static void join_at_once(struct join *j)
{
	int flags = 0;
	char words[128] = "";
	for (int i = 0; i < NS_TYPES; i++) {
		if (!j->wanted[i] || j->by_file[i])
			continue;
		flags |= ns_types[i].flag;
		strcat(strcat(words, " --"), ns_types[i].option);
	}
	if (!flags || j->pidfd == -1)
		return;
	explain_equivalent("nsenter --target %d%s", j->target, words);
	if (call_setns(j->pidfd, flags) == 0) {
		for (int i = 0; i < NS_TYPES; i++)
			if (flags & ns_types[i].flag)
				j->fds[i] = -1;
		return;
	}
	if (errno != EINVAL && errno != ENOSYS && errno != EPERM)
		cannot_join(j, "namespaces", true);
	for (int i = 0; i < NS_TYPES; i++)
		if (flags & ns_types[i].flag && j->fds[i] == -1)
			cannot_join(j, "namespaces", true);
}

/* Nothing in there may look into us (CVE-2016-9962). */
static void be_undumpable(void)
{
	if (prctl(PR_SET_DUMPABLE, 0) == -1)
		die_errno("cannot keep others from looking into us");
}

/*
 * User first to gain privilege in it, last to give it up: what files stand for comes
 * before the target's then, because it need not belong to that.
 */
static void join_all(struct join *j)
{
	const bool gain = !has_capability(CAPABILITY_SYS_ADMIN);
	be_undumpable();
	if (j->wanted[NS_USER]) /* now, if we may: inside, setgroups(2) may be denied */
		(void)call_setgroups();
	if (gain && j->by_file[NS_USER])
		join_one(j, NS_USER);
	for (int i = NS_USER + 1; !gain && i < NS_TYPES; i++)
		if (j->by_file[i])
			join_one(j, i);
	join_at_once(j);
	if (gain)
		join_one(j, NS_USER);
	for (int i = NS_USER + 1; i < NS_TYPES; i++)
		join_one(j, i);
	join_one(j, NS_USER);
}

static void change_directories(const struct join *j)
{
	if (j->root != -1 && (call_fchdir(j->root) == -1 || call_chroot(".") == -1))
		die_errno("cannot change the root directory");
	if (j->directory != -1 && call_fchdir(j->directory) == -1)
		die_errno("cannot change the working directory");
	if (j->directory == -1 && j->wanted[NS_MNT] && call_chdir("/") == -1)
		die_errno("cannot change the working directory");
}

static _Noreturn void cannot_become(const char *noun, long id)
{
	int error = errno;
	warn_errno("cannot become %s %ld", noun, id == -1 ? 0 : id);
	if (error == EINVAL)
		hint("that ID is not mapped in the user namespace");
	fail(EXIT_TOOL);
}

/* As asked; else root of the user namespace that was joined, where it has one. */
static void change_ids(const struct join *j)
{
	const bool user = j->wanted[NS_USER];
	if (!user && j->uid == -1 && j->gid == -1)
		return;
	if ((user || j->gid != -1) && call_setgroups() == -1 && !user)
		die_errno("cannot leave the supplementary groups"); /* else denied in there */
	if (j->gid != -1 ? call_setresgid((gid_t)j->gid) == -1
			 : user && call_setresgid(0) == -1 && errno != EINVAL)
		cannot_become("group", j->gid);
	if (j->uid != -1 ? call_setresuid((uid_t)j->uid) == -1
			 : user && call_setresuid(0) == -1 && errno != EINVAL)
		cannot_become("user", j->uid);
	be_undumpable(); /* it was set again */
}

static void check(const struct join *j, const struct launch *l)
{
	bool any = j->all, by_target = j->all;
	for (int i = 0; i < NS_TYPES; i++) {
		any |= j->wanted[i];
		by_target |= j->wanted[i] && !j->files[i];
	}
	by_target |= j->take_root && !j->root_path;
	by_target |= j->take_directory && !j->directory_path;
	by_target |= j->environment;
	if (by_target && !j->target)
		usage_error("missing --target: a process to take that of");
	if (j->target && !any && !by_target)
		usage_error("--target=%d without a type of namespace, or --all", j->target);
	if (!any && !by_target && !j->take_root && !j->take_directory)
		usage_error("nothing to join: missing --target and a type of namespace");
	if (j->no_fork && (l->detach || l->pid_file))
		usage_error("--no-fork and %s exclude each other",
			l->detach ? "--detach" : "--pid-file");
}

const struct tool tool = {
	.name = "ns-join",
	.help = "Usage: ns-join [OPTION]... [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, in namespaces of another process.\n"
		"\n"
		"  -t, --target=PID       the process whose namespaces to join\n"
		"  -a, --all              join all that are not ours already\n"
		"  -m, --mount[=FILE]     join the mount namespace; FILE: the one it stands "
		"for\n"
		"  -u, --uts[=FILE]       the UTS namespace\n"
		"  -i, --ipc[=FILE]       the IPC namespace\n"
		"  -n, --net[=FILE]       the network namespace\n"
		"  -p, --pid[=FILE]       the PID namespace\n"
		"  -U, --user[=FILE]      the user namespace\n"
		"  -C, --cgroup[=FILE]    the cgroup namespace\n"
		"  -T, --time[=FILE]      the time namespace\n"
		"  -S, --setuid=UID       become that user\n"
		"  -G, --setgid=GID       become that group\n"
		"  -r, --root[=DIR]       take the target's root directory, or DIR\n"
		"  -w, --wd[=DIR]         take the target's working directory, or DIR\n"
		"  -e, --env              take the target's environment\n"
		"  -F, --no-fork          with --pid, do not fork: only children are in it\n"
		"      --pid-file=FILE    write COMMAND's PID to FILE once it runs\n"
		"  -d, --detach           print that PID and return once COMMAND "
		"runs\n" HELP_COMMON HELP_STATUS("ns-join"),
	.options = options,
};

static void parse(struct join *j, struct launch *l, int argc, char **argv)
{
	const unsigned long max_id = 0xfffffffe;
	for (int c; (c = tool_option(argc, argv)) != -1;) {
		int type = type_of_letter(c);
		if (type != -1) {
			j->wanted[type] = true;
			j->files[type] = optarg;
			continue;
		}
		switch (c) {
		case 't': j->target = (pid_t)parse_number(optarg, "PID", 1, 0x7fffffff); break;
		case 'a': j->all = true; break;
		case 'S': j->uid = (long)parse_number(optarg, "UID", 0, max_id); break;
		case 'G': j->gid = (long)parse_number(optarg, "GID", 0, max_id); break;
		case 'r':
			j->take_root = true;
			j->root_path = optarg;
			break;
		case 'w':
			j->take_directory = true;
			j->directory_path = optarg;
			break;
		case 'e': j->environment = true; break;
		case 'F': j->no_fork = true; break;
		case PID_FILE: l->pid_file = optarg; break;
		case 'd': l->detach = true; break;
		}
	}
}

/* Everything that names files of ours is opened before anything is joined. */
static void open_all(struct join *j, const struct launch *l)
{
	if (j->target)
		hold_target(j);
	open_namespaces(j);
	if (j->take_root || (j->target && j->wanted[NS_MNT] && !j->files[NS_MNT]))
		j->root = open_directory(j, j->root_path, "root");
	if (j->take_directory)
		j->directory = open_directory(j, j->directory_path, "cwd");
	if (j->environment)
		take_environment(j);
	if (l->detach || l->pid_file)
		launch_open(l);
}

int main(int argc, char **argv)
{
	struct join j = {
		.pidfd = -1, .process = -1, .root = -1, .directory = -1, .uid = -1, .gid = -1};
	struct launch l = {0};
	tool_start();
	parse(&j, &l, argc, argv);
	check(&j, &l);
	/* first: what is held must not be let go again */
	if (can_be_written(&j))
		run_sealed(argv);
	open_all(&j, &l);
	join_all(&j);
	change_directories(&j);
	change_ids(&j);
	l.other_root = j.take_root || j.wanted[NS_MNT];
	l.noun = j.wanted[NS_PID] ? "that PID namespace" : NULL;
	if ((j.wanted[NS_PID] && !j.no_fork) || l.detach || l.pid_file)
		launch(&l, argv + optind);
	chain(argv + optind, l.other_root);
}
