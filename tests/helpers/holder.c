/* SPDX-License-Identifier: ISC */
/*
 * Holds namespaces in odd ways.  TYPES are names as in /proc/PID/ns, with commas.
 *   holder thread TYPES    in a second thread only; says its ID
 *   holder table TYPES     by descriptors that only a second thread has; says its ID
 *   holder children TYPES  for the next child only: pid (whose PID 1 has died) or time
 *   holder zombie          says the PID of a child that has died
 *   holder name NAME       nothing: has this name, and no command line
 *   holder groups N:TYPES... -- COMMAND [ARG]...
 *                          new namespaces with N processes for each word; then runs COMMAND
 * All but the last say "ready" where they have no number to say, and wait for the end of
 * standard input.  What groups makes waits until it is killed.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

static const struct {
	const char *name;
	int flag;
} types[] = {
	{"user", CLONE_NEWUSER},
	{"mnt", CLONE_NEWNS},
	{"uts", CLONE_NEWUTS},
	{"ipc", CLONE_NEWIPC},
	{"pid", CLONE_NEWPID},
	{"cgroup", CLONE_NEWCGROUP},
	{"net", CLONE_NEWNET},
	{"time", CLONE_NEWTIME},
};

static void check(int result, const char *what)
{
	if (result == -1) {
		perror(what);
		_exit(99);
	}
}

static int parse_flags(const char *list)
{
	int flags = 0;
	for (size_t length; *list; list += length + (list[length] == ',')) {
		length = strcspn(list, ",");
		for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
			if (strlen(types[i].name) == length &&
				strncmp(types[i].name, list, length) == 0)
				flags |= types[i].flag;
	}
	return flags;
}

/* Says a number, or "ready", and waits for the end of standard input. */
static _Noreturn void say(long number)
{
	char byte;
	if (number)
		printf("%ld\n", number);
	else
		puts("ready");
	fflush(stdout);
	fclose(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	_exit(0);
}

static void *run_thread(void *list)
{
	check(unshare(parse_flags(list)), "unshare");
	say(syscall(SYS_gettid));
}

static void *open_new(void *list)
{
	char path[64];
	int flags = parse_flags(list);
	check(unshare(flags), "unshare");
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (!(flags & types[i].flag))
			continue;
		snprintf(path, sizeof(path), "/proc/thread-self/ns/%s", types[i].name);
		check(open(path, O_RDONLY | O_CLOEXEC), path);
	}
	return NULL;
}

static void *run_table(void *list)
{
	pthread_t thread;
	/* a table of our own, which open_new()'s thread shares while it lives */
	check(unshare(CLONE_FILES), "unshare");
	if (pthread_create(&thread, NULL, open_new, list) != 0 ||
		pthread_join(thread, NULL) != 0)
		_exit(99);
	say(syscall(SYS_gettid));
}

static _Noreturn void in_thread(void *(*run)(void *), char *list)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, run, list) != 0)
		_exit(99);
	for (;;)
		pause();
}

static _Noreturn void for_children(const char *list)
{
	int flags = parse_flags(list);
	check(unshare(flags), "unshare");
	if (flags & CLONE_NEWPID) {
		pid_t pid = fork();
		check(pid, "fork");
		if (pid == 0)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
	say(0);
}

static _Noreturn void make_zombie(void)
{
	siginfo_t i;
	pid_t pid = fork();
	check(pid, "fork");
	if (pid == 0)
		_exit(0);
	check(waitid(P_PID, (id_t)pid, &i, WEXITED | WNOWAIT), "waitid");
	say(pid);
}

static _Noreturn void take_name(int argc, char **argv)
{
	prctl(PR_SET_NAME, argv[2]);
	for (int i = argc - 1; i >= 0; i--)
		memset(argv[i], 0, strlen(argv[i]));
	say(0);
}

/* Forks; the child returns 0. */
static pid_t split(void)
{
	pid_t pid = fork();
	check(pid, "fork");
	return pid;
}

static _Noreturn void stay(int ready)
{
	if (ready != -1)
		check((int)write(ready, "", 1), "write");
	for (;;)
		pause();
}

static void make_group(const char *word, int ready)
{
	char *list;
	long members = strtol(word, &list, 10);
	int flags = parse_flags(list + 1);
	if (split() > 0)
		return;
	check(unshare(flags), word);
	if (flags & (CLONE_NEWPID | CLONE_NEWTIME) && split() > 0)
		stay(-1); /* only children are in these */
	while (--members > 0)
		if (split() == 0)
			stay(ready);
	stay(ready);
}

static _Noreturn void make_groups(char **words)
{
	int ready[2];
	long wanted = 0;
	char byte;
	check(pipe2(ready, O_CLOEXEC), "pipe");
	for (; *words && strcmp(*words, "--") != 0; words++) {
		make_group(*words, ready[1]);
		wanted += strtol(*words, NULL, 10);
	}
	while (wanted-- > 0)
		check((int)read(ready[0], &byte, 1), "read");
	execvp(words[1], words + 1);
	_exit(99);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "zombie") == 0)
		make_zombie();
	if (argc < 3)
		return 2;
	if (strcmp(argv[1], "thread") == 0)
		in_thread(run_thread, argv[2]);
	if (strcmp(argv[1], "table") == 0)
		in_thread(run_table, argv[2]);
	if (strcmp(argv[1], "children") == 0)
		for_children(argv[2]);
	if (strcmp(argv[1], "name") == 0)
		take_name(argc, argv);
	if (strcmp(argv[1], "groups") == 0)
		make_groups(argv + 2);
	return 2;
}
