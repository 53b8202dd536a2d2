/* SPDX-License-Identifier: ISC */
/*
 * pidfd-ready PID: says whether poll(2) finds a pidfd of this process ready now: it has ended.
 * It does not wait.
 */
#include "probe.h"
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

int main(int argc, char **argv)
{
	if (argc != 2)
		return 125;
	struct pollfd p = {.events = POLLIN};
	p.fd = (int)check("pidfd_open", syscall(SYS_pidfd_open, atoi(argv[1]), 0));
	puts(check("poll", poll(&p, 1, 0)) ? "ready" : "not ready");
	return 0;
}
