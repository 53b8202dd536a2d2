/* SPDX-License-Identifier: ISC */
/* The child's side of the launcher: starting COMMAND, and the init that may stand before it. */
#ifndef NS_INIT_H
#define NS_INIT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/signalfd.h>
#include <sys/types.h>

#include "common/launch.h"

/* How a process changed, as siginfo_t has it: CLD_EXITED and so on, status or signal. */
struct death {
	int code, status;
};

/* What it takes to start COMMAND as our caller would have. */
struct start {
	const struct launch *l;
	char **argv;
	uint64_t blocked;             /* what we block: all but the faults */
	uint64_t found_mask;          /* what was blocked when we started */
	struct sigaction found_child; /* the disposition of SIGCHLD when we started */
	int null;                     /* /dev/null for a detached COMMAND, or -1 */
};

/* Blocks all signals that can be, and makes SIGCHLD waitable; fills in *s. */
void start_block_signals(struct start *s);

/* Executes COMMAND with the mask, dispositions, session and descriptors that it is to have. */
_Noreturn void start_command(const struct start *s);

/* Reads a signal that is there; not what our own write(2) to a closed pipe has caused. */
bool next_signal(int signals, struct signalfd_siginfo *i);

/*
 * Sends the process what we got: with its value when it was from sigqueue(3);
 * not what the terminal has sent to the whole process group already.
 */
void forward_signal(pid_t pid, const struct signalfd_siginfo *i);

/* Says "*** pid N exit by 9 signal" or "*** pid N exit with status 3" on standard error. */
void report_death(const siginfo_t *i);

/* Written by the launcher: COMMAND runs, do not end when the launcher does. */
enum {
	CONTROL_DETACH = 'd'
};

/* A pair of connected sockets between launcher (0) and init (1); -1 with errno. */
int init_control(int control[2]);

/* Reads what init says of COMMAND, if it has said something; false at the end of it. */
bool init_read(int control, struct death *d);

/*
 * Is the init: in an empty root of its own, so that /proc/1/root shows nothing;
 * starts COMMAND as its child, forwards signals, reaps everything, says on
 * control what becomes of COMMAND, ends when COMMAND or the launcher ends.
 */
_Noreturn void init_run(const struct start *s, int control);

#endif
