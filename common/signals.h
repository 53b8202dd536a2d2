/* SPDX-License-Identifier: ISC */
/*
 * Signal masks as the kernel has them: libc hides the signals from 32 on that it
 * keeps for itself, musl 34 too, which is the first real-time signal of glibc.
 */
#ifndef NS_SIGNALS_H
#define NS_SIGNALS_H

#include <stdint.h>

/* The bit of signal n in a mask. */
#define SIGNAL_BIT(n) (UINT64_C(1) << ((n)-1))

/* rt_sigprocmask(2): takes SIG_BLOCK, SIG_UNBLOCK or SIG_SETMASK, returns the mask before. */
uint64_t mask_signals(int how, uint64_t set);

/* signalfd4(2): a close-on-exec, non-blocking descriptor, or -1 with errno. */
int signalfd_of(uint64_t set);

#endif
