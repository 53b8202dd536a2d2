/* SPDX-License-Identifier: ISC */
/*
 * trace-calls COMMAND [ARG]...: runs COMMAND, and says on standard error which of the system
 * calls in the table it makes, as strace(1) does, but not those of the processes that it
 * starts. 125: it cannot be traced; else COMMAND's status.
 */
#include "probe.h"
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	const char *name;
	int path; /* the number of the argument that is one, from 1 on */
	uint64_t number;
} calls[] = {
	{"uname", 0, SYS_uname},
	{"sethostname", 0, SYS_sethostname},
	{"setdomainname", 0, SYS_setdomainname},
	{"openat", 2, SYS_openat},
#ifdef SYS_open
	{"open", 1, SYS_open},
#endif
#ifdef SYS_gethostname /* as Alpha has them, for programs of OSF/1 */
	{"gethostname", 0, SYS_gethostname},
#endif
#ifdef SYS_getdomainname
	{"getdomainname", 0, SYS_getdomainname},
#endif
};

/* The text at ADDRESS in the memory of PID, word by word: the next page may not be there. */
static void say_text(pid_t pid, uint64_t address)
{
	for (;; address += sizeof(long)) {
		errno = 0;
		long word = ptrace(PTRACE_PEEKDATA, pid, (void *)(uintptr_t)address, NULL);
		if (errno)
			return;
		fprintf(stderr, "%.*s", (int)sizeof(word), (char *)&word);
		if (memchr(&word, '\0', sizeof(word)))
			return;
	}
}

static void say_call(pid_t pid)
{
	struct __ptrace_syscall_info info = {0};
	check("ptrace", ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info));
	if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
		return;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (calls[i].number != info.entry.nr)
			continue;
		fputs(calls[i].name, stderr);
		if (calls[i].path) {
			fputc(' ', stderr);
			say_text(pid, info.entry.args[calls[i].path - 1]);
		}
		fputc('\n', stderr);
		return;
	}
}

static void become_traced(char **argv)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1)
		_exit(125);
	raise(SIGSTOP); /* until the options are set */
	execvp(argv[0], argv);
	_exit(127);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 99;
	pid_t pid = (pid_t)check("fork", fork());
	if (pid == 0)
		become_traced(argv + 1);
	int status, signal = 0;
	check("waitpid", waitpid(pid, &status, 0));
	if (WIFSTOPPED(status))
		check("ptrace", ptrace(PTRACE_SETOPTIONS, pid, NULL,
					(void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)));
	while (WIFSTOPPED(status)) {
		check("ptrace", ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(intptr_t)signal));
		check("waitpid", waitpid(pid, &status, 0));
		if (!WIFSTOPPED(status))
			break;
		signal = WSTOPSIG(status);
		if (signal == (SIGTRAP | 0x80)) /* a system call, or the end of one */
			say_call(pid);
		if ((signal & 0x7f) == SIGTRAP) /* or an execve(2) */
			signal = 0;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
