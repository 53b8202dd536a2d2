/* SPDX-License-Identifier: ISC */
/*
 * waits-later [-hi] COMMAND [ARG]...: a parent that does not wait: starts COMMAND, says its
 * PID, and calls waitpid(2) only when a line comes on standard input, or its end; then says
 * what that tells. -h: with a handler of SIGCHLD, which does not wait either; -i: SIGCHLD is
 * ignored. As PID 1 it is an init that leaves orphans unreaped. What COMMAND says goes to
 * standard error.
 */
#include "probe.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void do_nothing(int n)
{
	(void)n;
}

static void say_end(pid_t child)
{
	int status;
	if (waitpid(child, &status, 0) == -1)
		printf("waitpid: %s\n", error_name(errno));
	else if (WIFEXITED(status))
		printf("exited with %d, WTERMSIG %d\n", WEXITSTATUS(status), WTERMSIG(status));
	else
		printf("killed, WTERMSIG %d\n", WTERMSIG(status));
}

int main(int argc, char **argv)
{
	struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_RESTART};
	for (int c; (c = getopt(argc, argv, "+hi")) != -1;)
		switch (c) {
		case 'h': action.sa_handler = do_nothing; break;
		case 'i': action.sa_handler = SIG_IGN; break;
		default: return 125;
		}
	if (optind == argc)
		return 125;
	check("sigaction", sigaction(SIGCHLD, &action, NULL));
	pid_t child = (pid_t)check("fork", fork());
	if (child == 0) {
		dup2(STDERR_FILENO, STDOUT_FILENO); /* its end is then ours alone */
		execvp(argv[optind], argv + optind);
		_exit(127);
	}
	printf("%d\n", child);
	fflush(stdout);
	char byte = 0;
	while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
		;
	say_end(child);
	return 0;
}
