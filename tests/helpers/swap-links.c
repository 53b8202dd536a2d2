/* SPDX-License-Identifier: ISC */
/*
 * swap-links A B: exchanges the two names without a pause, 10,000 times at
 * least, until it gets SIGTERM; then says how often.  Says "ready" first.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	EXCHANGE = 2, /* RENAME_EXCHANGE */
	LEAST = 10000,
};

static volatile sig_atomic_t stop;

static void on_term(int n)
{
	stop = n;
}

int main(int argc, char **argv)
{
	unsigned long count = 0;
	if (argc != 3 || signal(SIGTERM, on_term) == SIG_ERR)
		return 2;
	puts("ready");
	fflush(stdout);
	for (; !stop || count < LEAST; count++)
		if (syscall(SYS_renameat2, AT_FDCWD, argv[1], AT_FDCWD, argv[2], EXCHANGE) ==
			-1) {
			perror("swap-links");
			return 1;
		}
	printf("%lu\n", count);
	return 0;
}
