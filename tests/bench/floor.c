/* SPDX-License-Identifier: ISC */
/*
 * floor WHAT [ARG]... COMMAND [ARG]...: the system calls that the tool makes which does the
 * same, in the same order, and nothing around them: no options, no messages, no checks.
 *
 *   exec                  only execve(2)
 *   uts NAME              bind SOURCE TARGET      binds LIST        tmpfs TARGET
 *   pivot ROOT            pid                     init              user
 *   join FILE             ipc                     net               cgroup
 *   time SECONDS
 *   chain NAME ROOT       pid, uts, ipc, and pivot with /proc, one after the other in one
 * process together NAME ROOT    the same result with the fewest calls
 */
#include "common/kernel.h"
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static long check(long result)
{
	if (result == -1) {
		perror("floor");
		_exit(1);
	}
	return result;
}

static void slave(void)
{
	check(mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL));
}

static void proc(void)
{
	check(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
}

static int bind_on(const char *source, const char *target, unsigned recursive)
{
	int fd = (int)check(syscall(SYS_open_tree, AT_FDCWD, source,
		OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | recursive));
	check(syscall(SYS_move_mount, fd, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH));
	return fd;
}

static void pivot(const char *root, int with_proc)
{
	check(fchdir(bind_on(root, root, AT_RECURSIVE)));
	if (with_proc)
		check(mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
	check(syscall(SYS_pivot_root, ".", "."));
	check(umount2(".", MNT_DETACH));
	check(chdir("/"));
}

static void put(const char *file, const char *text)
{
	int fd = (int)check(open(file, O_WRONLY | O_CLOEXEC));
	check(write(fd, text, strlen(text)));
	close(fd);
}

static void end_as(int status)
{
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static const char *what;
static char **rest;

static int execute(void)
{
	execve(rest[0], rest, environ);
	perror(rest[0]);
	return 127;
}

/* What the child of the launcher does before the rest. */
static int begin(void *mask)
{
	check(prctl(PR_SET_PDEATHSIG, SIGKILL));
	slave();
	if (strcmp(what, "together") != 0)
		proc();
	check(sigprocmask(SIG_SETMASK, mask, NULL));
	if (strcmp(what, "pid") == 0)
		return execute();
	if (strcmp(what, "chain") == 0)
		check(unshare(CLONE_NEWUTS));
	check(sethostname(rest[0], strlen(rest[0])));
	if (strcmp(what, "chain") == 0) {
		check(unshare(CLONE_NEWIPC));
		check(unshare(CLONE_NEWNS));
		slave();
	}
	pivot(rest[1], 1);
	rest += 2;
	return execute();
}

/* As PID 1 starts the rest as PID 2 once its own root is empty, and waits until nothing is
 * left. */
static void init(void *mask)
{
	int status, last = 0, go[2];
	char byte;
	check(prctl(PR_SET_PDEATHSIG, SIGKILL));
	slave();
	proc();
	check(pipe2(go, O_CLOEXEC));
	pid_t pid = (pid_t)check(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0));
	if (pid == 0) {
		check(read(go[0], &byte, 1));
		check(sigprocmask(SIG_SETMASK, mask, NULL));
		_exit(execute());
	}
	check(unshare(CLONE_NEWNS));
	check(mount("tmpfs", "/", "tmpfs", MS_RDONLY, "size=4k,nr_inodes=2"));
	check(chdir("/.."));
	check(syscall(SYS_pivot_root, ".", "."));
	check(umount2(".", MNT_DETACH));
	check(chdir("/"));
	check(write(go[1], "", 1));
	for (pid_t p; (p = wait(&status)) != -1;)
		if (p == pid)
			last = status;
	end_as(last);
}

/* Starts a child as the launcher does, and waits for it. */
static void launch(int flags)
{
	static char stack[16 * 1024] __attribute__((aligned(16)));
	sigset_t all, before;
	sigfillset(&all);
	check(sigprocmask(SIG_SETMASK, &all, &before));
	int ready[2], status;
	check(pipe2(ready, O_CLOEXEC));
	int fd = (int)check(signalfd(-1, &all, SFD_CLOEXEC));
	pid_t pid;
	if (strcmp(what, "init") == 0) {
		pid = (pid_t)check(syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, 0));
		if (pid == 0)
			init(&before);
	} else {
		pid = (pid_t)check(clone(begin, stack + sizeof(stack),
			flags | CLONE_VM | CLONE_VFORK | SIGCHLD, &before));
	}
	close(ready[1]);
	struct signalfd_siginfo info;
	check(read(fd, &info, sizeof(info)));
	check(waitpid(pid, &status, 0));
	char byte;
	check(read(ready[0], &byte, 1));
	end_as(status);
}

static void loopback(void)
{
	struct ifreq request = {.ifr_name = "lo"};
	int fd = (int)check(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	check(ioctl(fd, SIOCGIFFLAGS, &request));
	request.ifr_flags |= IFF_UP;
	check(ioctl(fd, SIOCSIFFLAGS, &request));
	close(fd);
}

static void binds(const char *list)
{
	FILE *f = fopen(list, "re");
	char *line = NULL;
	size_t size = 0;
	while (f && getline(&line, &size, f) > 0) {
		char *more = line, *source = strtok_r(more, "\t\n", &more);
		close(bind_on(source, strtok_r(more, "\t\n", &more), 0));
	}
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	char text[32];
	what = argv[1];
	rest = argv + 2;
	if (strcmp(what, "uts") == 0) {
		check(unshare(CLONE_NEWUTS));
		check(sethostname(*rest, strlen(*rest)));
		rest++;
	} else if (strcmp(what, "bind") == 0) {
		check(unshare(CLONE_NEWNS));
		slave();
		close(bind_on(rest[0], rest[1], 0));
		rest += 2;
	} else if (strcmp(what, "binds") == 0) {
		check(unshare(CLONE_NEWNS));
		slave();
		binds(*rest++);
	} else if (strcmp(what, "tmpfs") == 0) {
		check(unshare(CLONE_NEWNS));
		slave();
		check(mount("tmpfs", *rest++, "tmpfs", MS_NOSUID | MS_NODEV, ""));
	} else if (strcmp(what, "pivot") == 0) {
		check(unshare(CLONE_NEWNS));
		slave();
		pivot(*rest++, 0);
	} else if (strcmp(what, "pid") == 0 || strcmp(what, "init") == 0 ||
		   strcmp(what, "chain") == 0) {
		launch(CLONE_NEWPID | CLONE_NEWNS);
	} else if (strcmp(what, "together") == 0) {
		launch(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC);
	} else if (strcmp(what, "user") == 0) {
		unsigned uid = geteuid(), gid = getegid();
		check(unshare(CLONE_NEWUSER));
		snprintf(text, sizeof(text), "0 %u 1\n", uid);
		put("/proc/self/uid_map", text);
		put("/proc/self/setgroups", "deny");
		snprintf(text, sizeof(text), "0 %u 1\n", gid);
		put("/proc/self/gid_map", text);
	} else if (strcmp(what, "join") == 0) {
		int fd = (int)check(open(*rest++, O_RDONLY | O_CLOEXEC));
		check(setns(fd, 0));
	} else if (strcmp(what, "ipc") == 0) {
		check(unshare(CLONE_NEWIPC));
	} else if (strcmp(what, "net") == 0) {
		check(unshare(CLONE_NEWNET));
		loopback();
	} else if (strcmp(what, "cgroup") == 0) {
		check(unshare(CLONE_NEWCGROUP));
	} else if (strcmp(what, "time") == 0) {
		check(unshare(CLONE_NEWTIME));
		snprintf(text, sizeof(text), "monotonic %s 0\n", *rest++);
		put("/proc/self/timens_offsets", text);
		int fd = (int)check(
			open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC));
		check(setns(fd, CLONE_NEWTIME));
		close(fd);
	} else if (strcmp(what, "exec") != 0) {
		return 2;
	}
	return execute();
}
