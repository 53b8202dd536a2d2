/* SPDX-License-Identifier: ISC */
/* The launcher: COMMAND in a child that we wait for, and PID 1 of a PID namespace. */
#ifndef NS_LAUNCH_H
#define NS_LAUNCH_H

#include <stdbool.h>

struct launch {
	int flags; /* CLONE_NEW* of the child; CLONE_NEWPID makes it PID 1 */
	void (*setup)(
		const void *arg); /* in the child before COMMAND is executed; dies on failure */
	const void *arg;
	const char *noun; /* the PID namespace it starts in, for messages; or NULL */
	bool init;        /* a small init is PID 1, and COMMAND its child */
	bool report;      /* say every death on standard error */
	bool setsid;
	bool detach;          /* end once COMMAND runs, its PID on standard output */
	const char *pid_file; /* or NULL */
	bool other_root;      /* as for chain() */
};

/*
 * Opens what names files of the caller (pid_file, /dev/null), before the caller of
 * this changes its root; launch() does it itself otherwise.
 */
void launch_open(const struct launch *l);

/*
 * Starts argv (see chain()) in a child as l says, forwards signals, mirrors stop
 * and continue, and ends with its status, or of the signal that killed it.  The
 * child dies with us.  Relies on clone(2), signalfd(2), prctl(2)
 * PR_SET_PDEATHSIG and, in a plain PID namespace, on /proc/PID/status.
 */
_Noreturn void launch(const struct launch *l, char **argv);

#endif
