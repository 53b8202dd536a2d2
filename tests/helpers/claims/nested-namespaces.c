/* SPDX-License-Identifier: ISC */
/*
 * nested-namespaces user|pid: makes a namespace in a namespace in a namespace, until the kernel
 * does not make another one; says how many, and the error's name, as "33 ENOSPC".
 */
#include "probe.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MOST = 64
};

static void write_file(const char *path, const char *text)
{
	int fd = (int)check("open", open(path, O_WRONLY));
	check("write", write(fd, text, strlen(text)));
	close(fd);
}

/* Only who has a user and a group ID in a namespace can make one in it. */
static int nest_user(void)
{
	int level = 0;
	for (; level < MOST && unshare(CLONE_NEWUSER) == 0; level++) {
		write_file("/proc/self/setgroups", "deny");
		write_file("/proc/self/uid_map", "0 0 1");
		write_file("/proc/self/gid_map", "0 0 1");
	}
	return level;
}

static void nest_pid(void)
{
	for (int level = 0;; level++) {
		long pid = level < MOST ? syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0)
					: -1;
		if (pid == 0)
			continue; /* as PID 1 of the new one */
		if (pid == -1)
			printf("%d %s\n", level, level < MOST ? error_name(errno) : "none");
		else
			waitpid((pid_t)pid, NULL, 0);
		return;
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 99;
	if (strcmp(argv[1], "pid") == 0) {
		nest_pid();
		return 0;
	}
	int level = nest_user();
	printf("%d %s\n", level, level < MOST ? error_name(errno) : "none");
	return 0;
}
