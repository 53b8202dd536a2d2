/* SPDX-License-Identifier: ISC */
/*
 * signals catch [N]...          catch these signals, or all; say "ready", then each that comes
 * signals queue PID N VALUE     sigqueue(3)
 * signals set [-b N|-i N|-d N|-t MS]... COMMAND [ARG]...   block, ignore, default, a timer that
 *                               sends SIGALRM each so many milliseconds; then execute
 * signals foreground COMMAND [ARG]...   execute in a group of its own that takes the terminal
 * signals raise N               die of it
 * signals status COMMAND [ARG]...   say how it ended: "exit N" or "signal N"
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(int n, siginfo_t *i, void *context)
{
	char line[64];
	(void)context;
	int length = snprintf(line, sizeof(line), "signal %d code %d value %d\n", n, i->si_code,
		i->si_code == SI_QUEUE ? i->si_value.sival_int : 0);
	(void)!write(STDOUT_FILENO, line, (size_t)length);
}

static void catch_signals(char **argv)
{
	struct sigaction action = {.sa_sigaction = say, .sa_flags = SA_SIGINFO | SA_RESTART};
	sigfillset(&action.sa_mask);
	for (int n = 1; !*argv && n <= 64; n++)
		sigaction(n, &action, NULL);
	for (; *argv; argv++)
		sigaction(atoi(*argv), &action, NULL);
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}

static void queue(char **argv)
{
	union sigval value = {.sival_int = atoi(argv[2])};
	if (sigqueue(atoi(argv[0]), atoi(argv[1]), value) == -1) {
		perror("sigqueue");
		exit(1);
	}
}

static void set(char **argv)
{
	uint64_t blocked = 0; /* a sigset_t of musl has no place for 32 to 34 */
	for (; argv[0] && argv[0][0] == '-'; argv += 2) {
		int n = atoi(argv[1]);
		if (argv[0][1] == 'b')
			blocked |= 1ULL << (n - 1);
		else if (argv[0][1] == 't')
			setitimer(ITIMER_REAL,
				&(struct itimerval){{0, n * 1000L}, {0, n * 1000L}}, NULL);
		else
			signal(n, argv[0][1] == 'i' ? SIG_IGN : SIG_DFL);
	}
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, NULL, sizeof(blocked));
	if (argv[0])
		execvp(argv[0], argv);
}

static void take_terminal(char **argv)
{
	signal(SIGTTOU, SIG_IGN);
	if (setpgid(0, 0) == -1 || tcsetpgrp(STDIN_FILENO, getpgrp()) == -1) {
		perror("tcsetpgrp");
		exit(99);
	}
	signal(SIGTTOU, SIG_DFL);
	execvp(argv[0], argv);
}

static void die_of(int n)
{
	struct rlimit none = {0, 0};
	sigset_t all;
	sigfillset(&all);
	setrlimit(RLIMIT_CORE, &none);
	signal(n, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	kill(getpid(), n);
}

static void show_status(char **argv)
{
	int status;
	signal(SIGCHLD, SIG_DFL);
	pid_t pid = fork();
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(99);
	}
	while (waitpid(pid, &status, 0) == -1)
		;
	if (WIFEXITED(status))
		printf("exit %d\n", WEXITSTATUS(status));
	else
		printf("signal %d%s\n", WTERMSIG(status), WCOREDUMP(status) ? " core" : "");
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	argv += argc > 1 ? 2 : 1;
	if (strcmp(what, "catch") == 0)
		catch_signals(argv);
	else if (strcmp(what, "queue") == 0 && argc == 5)
		queue(argv);
	else if (strcmp(what, "set") == 0 && argc > 2)
		set(argv);
	else if (strcmp(what, "foreground") == 0 && argc > 2)
		take_terminal(argv);
	else if (strcmp(what, "raise") == 0 && argc == 3)
		die_of(atoi(argv[0]));
	else if (strcmp(what, "status") == 0 && argc > 2)
		show_status(argv);
	else
		return 99;
	return 0;
}
