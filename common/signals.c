/* SPDX-License-Identifier: ISC */
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/message.h"
#include "common/signals.h"

uint64_t mask_signals(int how, uint64_t set)
{
	uint64_t before = 0;
	if (syscall(SYS_rt_sigprocmask, how, &set, &before, sizeof(set)) == -1)
		die_errno("cannot block or unblock signals");
	return before;
}

int signalfd_of(uint64_t set)
{
	return (int)syscall(SYS_signalfd4, -1, &set, sizeof(set), SFD_CLOEXEC | SFD_NONBLOCK);
}
