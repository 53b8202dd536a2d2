/* SPDX-License-Identifier: ISC */
/* orphans N: makes N processes that end at once and whose parent has ended before. */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0;
	for (; n > 0; n--) {
		pid_t pid = fork();
		if (pid == 0) {
			(void)fork();
			_exit(0);
		}
		if (pid == -1 || waitpid(pid, NULL, 0) != pid)
			return 1;
	}
	return 0;
}
