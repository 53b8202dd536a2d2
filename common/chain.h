/* SPDX-License-Identifier: ISC */
/*
 * The rest of the command line: executed in our place.  And how a launcher far
 * up the chain learns that the last tool of ours has executed a program that
 * is not ours.
 *
 * That launcher makes a pipe and hands its write end down as NS_READY=
 * FD:DEV:INO:DETACH in the environment.  It is open across exec only when COMMAND is
 * a tool of ours.  The last one writes READY_EXEC just before its execve(2),
 * which closes the pipe; one that fails writes its exit status (125 to 127)
 * instead.  So the launcher reads READY_EXEC and end-of-file when COMMAND runs,
 * a last byte of 125 to 127 when a tool failed, and nothing at all when one was
 * killed.
 */
#ifndef NS_CHAIN_H
#define NS_CHAIN_H

#include <stdbool.h>

enum {
	READY_EXEC = 1
};

/*
 * Takes over NS_READY; believed only when the descriptor is a pipe of that
 * device and inode (fstat(2)), else removed from the environment.
 */
void chain_start(void);

/* The pipe's write end that was inherited or set, or -1. */
int chain_ready(void);

/*
 * Has the rest of the chain report to this pipe.  With detach the process that
 * reports is no longer to die with its launcher: see chain_outlive().
 */
void chain_set_ready(int fd, bool detach);

/*
 * Undoes PR_SET_PDEATHSIG, which a detaching launcher has set for the chain: just
 * before READY_EXEC, or in a launcher that leaves reporting to its child.
 */
void chain_outlive(void);

/* Closes the pipe in a process that does not go on with the chain. */
void chain_drop_ready(void);

/* Writes a byte to the pipe, if there is one.  Returns false when nobody reads it any more. */
bool chain_report(unsigned char byte);

/*
 * Executes argv, searching PATH (unset: /usr/local/bin:/bin:/usr/bin) with
 * execve(2), in our place; an empty argv is $SHELL, else /bin/sh; in a root
 * that is not the caller's, $SHELL only if it is executable there.  On
 * failure says why and ends: 127 when it was not found, 126 otherwise.
 */
_Noreturn void chain(char **argv, bool other_root);

#endif
