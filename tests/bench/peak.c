/* SPDX-License-Identifier: ISC */
/*
 * peak COMMAND [ARG]...: runs it, and prints the peak of the memory that it had in use (VmHWM
 * of proc_pid_status(5), in kB) when it ended, for each of its processes in the order of their
 * ends. getrusage(2) would not do: a process inherits the peak of the one that has forked it.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	OPTIONS = PTRACE_O_TRACEEXIT | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
		  PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL
};

static void print_peak(pid_t pid)
{
	char path[64], line[256];
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	FILE *f = fopen(path, "re");
	unsigned long peak;
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "VmHWM: %lu", &peak) == 1)
			printf("%lu\n", peak);
	if (f)
		fclose(f);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 2;
	pid_t pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execv(argv[1], argv + 1);
		_exit(127);
	}
	int status;
	if (waitpid(pid, &status, 0) != pid ||
		ptrace(PTRACE_SETOPTIONS, pid, NULL, OPTIONS) == -1) {
		perror("peak");
		return 1;
	}
	ptrace(PTRACE_CONT, pid, NULL, NULL);
	while ((pid = waitpid(-1, &status, __WALL)) != -1) {
		if (!WIFSTOPPED(status))
			continue;
		int event = status >> 16, number = WSTOPSIG(status);
		if (event == PTRACE_EVENT_EXIT)
			print_peak(pid);
		/* a stop that ptrace makes, or a new process, is no signal of its own */
		if (event || number == SIGTRAP || number == SIGSTOP)
			number = 0;
		ptrace(PTRACE_CONT, pid, NULL, (void *)(intptr_t)number);
	}
	return 0;
}
