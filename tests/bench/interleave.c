/* SPDX-License-Identifier: ISC */
/*
 * interleave ROUNDS SECONDS: times commands in turns, so that whatever else the machine does
 * falls on all of them alike.
 *
 * Standard input has a line for each: NAME<tab>PROGRAM ARG..., words between blanks.  Each
 * round runs each of them once, for at most that many rounds and, after 3 of them, that many
 * seconds. Prints NAME<tab>MEDIAN, in microseconds, in their order.  A command that fails is an
 * error.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	COMMANDS = 64,
	WORDS = 64,
	ROUNDS = 100000
};

static struct {
	char *name;
	char *argv[WORDS];
	double *times;
} commands[COMMANDS];

static int messages; /* where to */

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double run(char **argv)
{
	int status;
	double start = now();
	pid_t pid = vfork();
	if (pid == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid == -1 || waitpid(pid, &status, 0) != pid || status) {
		dprintf(messages, "interleave: this failed:");
		for (int i = 0; argv[i]; i++)
			dprintf(messages, " %s", argv[i]);
		dprintf(messages, "\n");
		exit(1);
	}
	return now() - start;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	int rounds = atoi(argv[1]), n = 0;
	double limit = atof(argv[2]) * 1e6;
	if (rounds < 1 || rounds > ROUNDS)
		return 2;
	char *line = NULL;
	for (size_t size = 0; n < COMMANDS && getline(&line, &size, stdin) > 0;
		line = NULL, size = 0) {
		char *rest = line;
		commands[n].name = strtok_r(rest, "\t", &rest);
		for (int i = 0; i < WORDS - 1; i++)
			commands[n].argv[i] = strtok_r(rest, " \n", &rest);
		commands[n].times = calloc((size_t)rounds, sizeof(double));
		if (!commands[n].argv[0] || !commands[n].times)
			return 2;
		n++;
	}
	int null = open("/dev/null", O_RDWR);
	int out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	messages = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	for (int fd = 0; fd <= 2; fd++)
		dup2(null, fd);
	for (int i = 0; i < n; i++)
		run(commands[i].argv); /* its pages are in memory then */
	int done = 0;
	for (double end = now() + limit; done < rounds && (done < 3 || now() < end); done++)
		for (int i = 0; i < n; i++)
			commands[i].times[done] = run(commands[i].argv);
	for (int i = 0; i < n; i++) {
		qsort(commands[i].times, (size_t)done, sizeof(double), compare);
		dprintf(out, "%s\t%.1f\n", commands[i].name, commands[i].times[done / 2]);
	}
	return 0;
}
