/* SPDX-License-Identifier: ISC */
/*
 * until-state NAME=PID:STATES...: for one process after the other, looks until its state is one
 * of STATES, letters as in proc_pid_stat(5), with - for none: it has been waited for; says NAME
 * and the state. It says the state that it found when none of them comes in the end.
 * S is also what ps(1) shows as I, an idle sleep: that of PID 1 in its exit, in some kernels.
 */
#include "probe.h"
#include <string.h>
#include <time.h>

enum {
	MOST_LOOKS = 20000
};

static char exact_state(const char *pid)
{
	char path[64], text[512] = "";
	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	FILE *f = fopen(path, "r");
	if (!f)
		return '-';
	size_t n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	const char *end = strrchr(text, ')');         /* of its name */
	if (end && end[1] && end[2] && end[2] != 'X') /* X: just being released */
		return end[2];
	return '-';
}

static char state_of(const char *pid)
{
	char state = exact_state(pid);
	if (state == 'I')
		state = 'S';
	return state;
}

int main(int argc, char **argv)
{
	int looks = 0;
	for (int i = 1; i < argc; i++) {
		char *name = argv[i], *pid = strchr(name, '='), *states = strchr(name, ':');
		if (!pid || !states || pid > states)
			return 125;
		*pid++ = *states++ = '\0';
		char state;
		/* how long it takes has no meaning, and the pause only spares the processor */
		while (!strchr(states, state = state_of(pid)) && ++looks < MOST_LOOKS)
			nanosleep(&(struct timespec){0, 100000}, NULL);
		printf("%s %c\n", name, state);
	}
	return 0;
}
