/* SPDX-License-Identifier: ISC */
/*
 * ipc-objects make KEY: makes a message queue, a semaphore set and a shared-memory segment of
 * System V with this key, and a POSIX message queue with this name.
 * ipc-objects use KEY: opens them.
 * Says "KIND there" of each, or the error's name.
 */
#include "probe.h"
#include <fcntl.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <unistd.h>

static void say(const char *kind, long result)
{
	printf("%s %s\n", kind, result == -1 ? error_name(errno) : "there");
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 99;
	int make = strcmp(argv[1], "make") == 0;
	int flags = make ? IPC_CREAT | IPC_EXCL | 0600 : 0;
	key_t key = (key_t)strtol(argv[2], NULL, 0);
	say("msg", msgget(key, flags));
	say("sem", semget(key, make, flags));
	say("shm", shmget(key, make ? 4096 : 0, flags));
	/* the system call, which takes the name without a slash: no library is needed */
	say("mq", syscall(SYS_mq_open, argv[2], O_RDWR | (make ? O_CREAT | O_EXCL : 0), 0600,
			  NULL));
	return 0;
}
