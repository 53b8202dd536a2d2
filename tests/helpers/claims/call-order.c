/* SPDX-License-Identifier: ISC */
/*
 * call-order COMMAND [ARG]...: runs COMMAND as strace -f does, and says the order in which it
 * and its children do these, each when it succeeds: "unshare", "setns", "fork" and "execve";
 * what is repeated at once is said once.
 */
#include "probe.h"
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	GET_SYSCALL_INFO = 0x420e, /* as in linux/ptrace.h, which musl does not bring */
	AT_ENTRY = 1,
	AT_EXIT = 2,
	SYSCALL_STOP = SIGTRAP | 0x80,
	OPTIONS = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
		  PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL,
	MOST = 16
};

struct syscall_info {
	uint8_t op, pad[3];
	uint32_t arch;
	uint64_t instruction_pointer, stack_pointer;
	union {
		struct {
			uint64_t number, arguments[6];
		} entry;
		struct {
			int64_t result;
			uint8_t is_error;
		} exit;
	} u;
};

/* The processes, and the call that each is in. */
static struct {
	pid_t pid;
	uint64_t call;
} processes[MOST];

static void say(const char *what)
{
	static const char *last = "";
	if (what != last)
		puts(what);
	last = what;
}

static void see_call(pid_t pid)
{
	struct syscall_info info = {0};
	int i = 0;
	while (i < MOST - 1 && processes[i].pid != 0 && processes[i].pid != pid)
		i++;
	processes[i].pid = pid;
	check("ptrace", syscall(SYS_ptrace, GET_SYSCALL_INFO, pid, sizeof(info), &info));
	if (info.op == AT_ENTRY)
		processes[i].call = info.u.entry.number;
	else if (info.op == AT_EXIT && !info.u.exit.is_error) {
		if (processes[i].call == SYS_unshare)
			say("unshare");
		else if (processes[i].call == SYS_setns)
			say("setns");
	}
}

/* What it stopped for; the signal to hand on. */
static int see_stop(pid_t pid, int status)
{
	int event = status >> 16;
	if (event == PTRACE_EVENT_EXEC)
		say("execve");
	else if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK ||
		 event == PTRACE_EVENT_CLONE)
		say("fork");
	else if (WSTOPSIG(status) == SYSCALL_STOP)
		see_call(pid);
	else if (WSTOPSIG(status) != SIGSTOP) /* with which a new process begins */
		return WSTOPSIG(status);
	return 0;
}

int main(int argc, char **argv)
{
	int status;
	if (argc < 2)
		return 99;
	pid_t command = fork();
	check("fork", command);
	if (command == 0) {
		check("ptrace", ptrace(PTRACE_TRACEME, 0, NULL, NULL));
		execvp(argv[1], argv + 1); /* which stops us with SIGTRAP */
		return 127;
	}
	check("waitpid", waitpid(command, &status, 0));
	if (!WIFSTOPPED(status))
		return 98;
	check("ptrace", ptrace(PTRACE_SETOPTIONS, command, NULL, (void *)OPTIONS));
	check("ptrace", ptrace(PTRACE_SYSCALL, command, NULL, NULL));
	for (pid_t pid; (pid = waitpid(-1, &status, __WALL)) > 0;)
		if (WIFSTOPPED(status)) {
			long deliver = see_stop(pid, status);
			/* it may have died since */
			ptrace(PTRACE_SYSCALL, pid, NULL, (void *)deliver);
		}
	return 0;
}
