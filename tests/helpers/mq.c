/* SPDX-License-Identifier: ISC */
/*
 * mq make NAME    makes the POSIX message queue /NAME
 * mq open NAME    opens it; status 1 when there is none
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	/* the system call, which takes the name without the slash: no library is needed */
	int make = strcmp(argv[1], "make") == 0 ? O_CREAT | O_EXCL : 0;
	if (syscall(SYS_mq_open, argv[2], O_RDWR | make, 0600, NULL) == -1) {
		perror("mq");
		return 1;
	}
	return 0;
}
