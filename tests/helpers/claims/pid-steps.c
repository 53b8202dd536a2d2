/* SPDX-License-Identifier: ISC */
/*
 * pid-steps STEP...: goes these steps, all in one process, and says what each answers:
 * file:PATH, pidfd:PID  setns(2) to the PID namespace of that file or process
 * own                   setns(2) to our own, by a descriptor opened before the first step
 * unshare               unshare(CLONE_NEWPID)
 * fork, vfork, spawn    a child, which is waited for; fork says its PID and that of its parent
 * newpid                clone(CLONE_NEWPID)
 */
#include "probe.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

static int own;

static int wait_for(pid_t child)
{
	return child == -1 || waitpid(child, NULL, 0) == -1 ? -1 : 0;
}

static int step_fork(void)
{
	fflush(stdout); /* or the child would say it again */
	pid_t child = fork();
	if (child == 0) {
		printf("PID %d, parent %d, ", getpid(), getppid());
		fflush(stdout);
		_exit(0);
	}
	return wait_for(child);
}

static int step_vfork(void)
{
	pid_t child = vfork(); /* NOLINT: this call is what is asked */
	if (child == 0)
		_exit(0);
	return wait_for(child);
}

static int step_spawn(void)
{
	pid_t child;
	char *words[] = {"true", NULL};
	int error = posix_spawnp(&child, words[0], NULL, NULL, words, NULL);
	errno = error;
	return error ? -1 : wait_for(child);
}

static int step_newpid(void)
{
	pid_t child = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);
	if (child == 0)
		_exit(0);
	return wait_for(child);
}

static int step_unshare(void)
{
	return unshare(CLONE_NEWPID);
}

static int step_own(void)
{
	return setns(own, CLONE_NEWPID);
}

static int step_join(int fd)
{
	int result = fd == -1 ? -1 : setns(fd, CLONE_NEWPID), error = errno;
	close(fd);
	errno = error;
	return result;
}

static const struct {
	const char *name;
	int (*go)(void);
} steps[] = {
	{"fork", step_fork},
	{"newpid", step_newpid},
	{"own", step_own},
	{"spawn", step_spawn},
	{"unshare", step_unshare},
	{"vfork", step_vfork},
};

static int go(const char *step)
{
	if (strncmp(step, "file:", 5) == 0)
		return step_join(open(step + 5, O_RDONLY | O_CLOEXEC));
	if (strncmp(step, "pidfd:", 6) == 0)
		return step_join((int)syscall(SYS_pidfd_open, atoi(step + 6), 0));
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (strcmp(steps[i].name, step) == 0)
			return steps[i].go();
	exit(125);
}

int main(int argc, char **argv)
{
	own = (int)check("open", open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC));
	for (int i = 1; i < argc; i++) {
		/* file and pidfd without what follows: it is another one each time */
		printf("%.*s: ", (int)strcspn(argv[i], ":"), argv[i]);
		printf("%s\n", go(argv[i]) == -1 ? error_name(errno) : "done");
	}
	return 0;
}
