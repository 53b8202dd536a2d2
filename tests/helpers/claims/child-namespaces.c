/* SPDX-License-Identifier: ISC */
/*
 * child-namespaces HOW FLAG...: calls HOW with each of these flags, in a process of its own,
 * and says which namespaces then are not those from before, as "0x04000000 uts"; none; or the
 * error's name.
 *   self     unshare(2): those of the caller itself
 *   unshare  unshare(2): those of its next child
 *   clone    clone(2): those of the child; and the error, when waitpid(2) does not find it
 *   clone3   clone3(2): those of the child
 * FLAG each: every bit; only those that change a namespace are said.
 */
#include "probe.h"
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif

enum {
	TYPES = 8
};

/* struct clone_args of linux/sched.h, in its first version */
struct clone3_arguments {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static const char *const types[TYPES] = {
	"mnt", "uts", "ipc", "pid", "net", "user", "cgroup", "time"};
static char before[TYPES][64];

static void read_name(int type, char name[64])
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "/proc/self/ns/%s", types[type]);
	ssize_t length = readlink(path, name, 63);
	name[length == -1 ? 0 : length] = '\0';
}

static void say_changes(unsigned flag, int all)
{
	char line[128] = "", name[64];
	for (int i = 0; i < TYPES; i++) {
		read_name(i, name);
		if (strcmp(name, before[i]) != 0)
			strcat(strcat(line, " "), types[i]);
	}
	if (*line || !all)
		printf("0x%08x%s\n", flag, *line ? line : " none");
	fflush(stdout);
}

static long make_child(const char *how, unsigned flag)
{
	if (strcmp(how, "clone") == 0)
		return syscall(SYS_clone, (unsigned long)flag | SIGCHLD, 0, 0, 0, 0);
	struct clone3_arguments arguments = {.exit_signal = SIGCHLD};
	if (strcmp(how, "clone3") == 0) {
		arguments.flags = flag;
		return syscall(SYS_clone3, &arguments, sizeof(arguments));
	}
	return unshare((int)flag) == -1 ? -1 : fork();
}

static void try_flag(const char *how, unsigned flag, int all)
{
	int self = strcmp(how, "self") == 0;
	long child = self ? unshare((int)flag) : make_child(how, flag);
	if (child == -1 && !all)
		printf("0x%08x %s\n", flag, error_name(errno));
	if (child == -1)
		return;
	if (self || child == 0) {
		say_changes(flag, all);
		return;
	}
	if (waitpid((pid_t)child, NULL, 0) == -1) {
		/* Who does not end with SIGCHLD is only found with __WALL or __WCLONE. */
		int error = errno;
		waitpid((pid_t)child, NULL, __WALL);
		printf("waitpid: %s\n", error_name(error));
	}
}
/* In a process of its own: what it changes, it changes for itself. */
static void in_process(const char *how, unsigned flag, int all)
{
	pid_t pid = fork();
	check("fork", pid);
	if (pid == 0) {
		try_flag(how, flag, all);
		exit(0);
	}
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 99;
	for (int i = 0; i < TYPES; i++)
		read_name(i, before[i]);
	for (int i = 2; i < argc; i++) {
		int all = strcmp(argv[i], "each") == 0;
		for (int bit = 0; all && bit < 32; bit++)
			in_process(argv[1], 1U << bit, all);
		if (!all)
			in_process(argv[1], (unsigned)strtoul(argv[i], NULL, 0), all);
	}
	return 0;
}
