/* SPDX-License-Identifier: ISC */
/*
 * interrupted-sleep sleep|nanosleep handler|default: sleeps 1000 s by that function, with a
 * handler of SIGCHLD or with the default action. Once it sleeps, a child ends; where that does
 * not wake it another child sends SIGUSR1, which has a handler. Says which signal has
 * interrupted it, and, of nanosleep(2), whether what remains is what has not been slept.
 */
#include "probe.h"
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	LONG = 1000,
	NEVER_REACHED = 10
};

static volatile sig_atomic_t got;

static void handle(int n)
{
	got = n;
}

static char state_of(pid_t pid)
{
	char path[64], text[512] = "";
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	FILE *f = fopen(path, "r");
	if (!f)
		return '-';
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	const char *end = strrchr(text, ')');
	if (end && end[1])
		return end[2];
	return '-';
}

static void until(pid_t pid, char state)
{
	while (state_of(pid) != state)
		sched_yield();
}

/* Ends once its parent sleeps. */
static pid_t start_child(void)
{
	pid_t parent = getpid(), child = (pid_t)check("fork", fork());
	if (child == 0) {
		until(parent, 'S');
		_exit(0);
	}
	return child;
}

/* Wakes its parent when the death of the other child has not done so. */
static void start_waker(pid_t other)
{
	pid_t parent = getpid(), child = (pid_t)check("fork", fork());
	if (child == 0) {
		until(other, 'Z');
		kill(parent, SIGUSR1);
		_exit(0);
	}
}

static double seconds(const struct timespec *t)
{
	return (double)t->tv_sec + (double)t->tv_nsec / 1e9;
}

static void sleep_by_nanosleep(void)
{
	struct timespec all = {LONG, 0}, rest = {0, 0}, before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	int result = nanosleep(&all, &rest);
	int error = errno;
	clock_gettime(CLOCK_MONOTONIC, &after);
	/* by what PR_SET_TIMERSLACK allows, 50 microseconds, it may be late, and more remain */
	const bool right = seconds(&rest) < LONG + 0.001 &&
			   seconds(&rest) + seconds(&after) - seconds(&before) >= LONG;
	printf("nanosleep: %s, the rest %s", result == -1 ? error_name(error) : "0",
		right ? "remains" : "is lost");
}

static void sleep_by_sleep(void)
{
	unsigned rest = sleep(LONG);
	printf("sleep: %s", rest ? "not all slept" : "0");
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 125;
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
	const bool handled = strcmp(argv[2], "handler") == 0;
	check("sigaction", sigaction(SIGUSR1, &action, NULL));
	if (!handled)
		action.sa_handler = SIG_DFL;
	check("sigaction", sigaction(SIGCHLD, &action, NULL));
	alarm(NEVER_REACHED); /* it kills us, should nothing wake us */
	pid_t child = start_child();
	if (!handled)
		start_waker(child);
	if (strcmp(argv[1], "sleep") == 0)
		sleep_by_sleep();
	else
		sleep_by_nanosleep();
	printf(", by %s\n", got == SIGCHLD   ? "SIGCHLD"
			    : got == SIGUSR1 ? "SIGUSR1"
					     : "nothing");
	return 0;
}
