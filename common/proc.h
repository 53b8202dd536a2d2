/* SPDX-License-Identifier: ISC */
#ifndef NS_PROC_H
#define NS_PROC_H

/*
 * Mounts a proc(5) of the current PID namespace (nosuid, nodev, noexec) on
 * target, which is /proc of root ("": ours); dies when refused, with a hint that
 * names what stands against it.
 */
void mount_proc(const char *target, const char *root);

#endif
