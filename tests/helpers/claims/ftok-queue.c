/* SPDX-License-Identifier: ISC */
/*
 * ftok-queue FILE: makes a message queue of System V whose key is that of FILE, and looks, as
 * programs often do not, neither at what ftok(3) says nor at the permissions. Says the key.
 */
#include "probe.h"
#include <sys/ipc.h>
#include <sys/msg.h>

int main(int argc, char **argv)
{
	if (argc != 2)
		return 99;
	key_t key = ftok(argv[1], 'a');
	printf("key %d\n", (int)key);
	check("msgget", msgget(key, IPC_CREAT));
	return 0;
}
