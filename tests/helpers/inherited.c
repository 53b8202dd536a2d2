/* SPDX-License-Identifier: ISC */
/*
 * inherited FILE: writes to FILE what execve(2) hands on: arguments' number,
 * open descriptors with what they are, working directory, file mode mask,
 * signal mask, signals ignored, limits, nice value, environment.
 */
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

enum {
	DESCRIPTORS = 256
};

int main(int argc, char **argv)
{
	static struct stat open_files[DESCRIPTORS];
	static int flags[DESCRIPTORS];
	char directory[PATH_MAX] = "";
	for (int fd = 0; fd < DESCRIPTORS; fd++) {
		flags[fd] = fcntl(fd, F_GETFD) == -1 ? -1 : fcntl(fd, F_GETFL);
		fstat(fd, &open_files[fd]);
	}
	FILE *f = argc > 1 ? fopen(argv[1], "we") : NULL;
	if (!f)
		return 2;
	fprintf(f, "arguments %d\n", argc);
	for (int fd = 0; fd < DESCRIPTORS; fd++)
		if (flags[fd] != -1)
			fprintf(f, "fd %d mode %o device %llx inode %llu flags %o\n", fd,
				open_files[fd].st_mode,
				(unsigned long long)open_files[fd].st_dev,
				(unsigned long long)open_files[fd].st_ino, (unsigned)flags[fd]);
	fprintf(f, "cwd %s\n", getcwd(directory, sizeof(directory)) ? directory : "?");
	mode_t mask = umask(0);
	umask(mask);
	fprintf(f, "umask %o\n", mask);
	sigset_t blocked;
	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (int n = 1; n <= 64; n++) {
		struct sigaction a = {.sa_handler = SIG_DFL};
		sigaction(n, NULL, &a);
		if (sigismember(&blocked, n) == 1)
			fprintf(f, "blocked %d\n", n);
		if (a.sa_handler == SIG_IGN)
			fprintf(f, "ignored %d\n", n);
	}
	struct rlimit files = {0}, core = {0};
	getrlimit(RLIMIT_NOFILE, &files);
	getrlimit(RLIMIT_CORE, &core);
	fprintf(f, "limits %llu %llu\n", (unsigned long long)files.rlim_cur,
		(unsigned long long)core.rlim_cur);
	fprintf(f, "nice %d\n", getpriority(PRIO_PROCESS, 0));
	for (char **e = environ; *e; e++)
		fprintf(f, "env %s\n", *e);
	return fclose(f) == 0 ? 0 : 2;
}
