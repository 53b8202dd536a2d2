/* SPDX-License-Identifier: ISC */
/* Says the ID of a second thread of this process, then waits for the end of standard input. */
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static _Alignas(16) char stack[65536];

static int run_thread(void *arg)
{
	(void)arg;
	pause();
	return 0;
}

int main(void)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
	char byte;
	int id = clone(run_thread, stack + sizeof(stack), flags, NULL);
	if (id == -1)
		return 99;
	printf("%d\n", id);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	_exit(0);
}
