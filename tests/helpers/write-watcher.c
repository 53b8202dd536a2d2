/* SPDX-License-Identifier: ISC */
/*
 * write-watcher SOURCE FILE: opens FILE for writing without a pause until it
 * gets SIGTERM; then says how often it tried, and how often it had SOURCE open
 * for writing under that name: "TRIES HITS".  Says "ready" first.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t stop;

static void on_term(int n)
{
	stop = n;
}

int main(int argc, char **argv)
{
	struct stat source, opened;
	unsigned long tries = 0, hits = 0;
	if (argc != 3 || stat(argv[1], &source) == -1 || signal(SIGTERM, on_term) == SIG_ERR)
		return 2;
	puts("ready");
	fflush(stdout);
	do {
		int fd = open(argv[2], O_WRONLY | O_CLOEXEC);
		tries++;
		if (fd == -1)
			continue;
		if (fstat(fd, &opened) == 0 && opened.st_dev == source.st_dev &&
			opened.st_ino == source.st_ino)
			hits++;
		close(fd);
	} while (!stop);
	printf("%lu %lu\n", tries, hits);
	return 0;
}
