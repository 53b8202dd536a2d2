/* SPDX-License-Identifier: ISC */
#ifndef NS_PROC_H
#define NS_PROC_H

#include <stdbool.h>

/*
 * Whether /proc is of our PID namespace, so that /proc/PID is the process of that PID: not
 * where there is none, or a parent's (ns-pidlab --no-proc).  proc(5), /proc/self.
 */
bool proc_is_ours(void);

/*
 * Mounts a proc(5) of the current PID namespace (nosuid, nodev, noexec) on
 * target, which is /proc of root ("": ours); dies when refused, with a hint that
 * names what stands against it.
 */
void mount_proc(const char *target, const char *root);

#endif
