/* SPDX-License-Identifier: ISC */
/*
 * Kernel constants that a libc may lack (musl on Debian has no linux headers),
 * each with the kernel version it came in.  Values are the kernel's ABI.
 */
#ifndef NS_KERNEL_H
#define NS_KERNEL_H

#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#ifndef CLONE_NEWTIME /* 5.6 */
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_NEWCGROUP /* 4.6 */
#define CLONE_NEWCGROUP 0x02000000
#endif

#ifndef SYS_open_tree /* 5.2 */
#define SYS_open_tree  428
#define SYS_move_mount 429
#endif
#ifndef SYS_pidfd_open /* 5.3 */
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range /* 5.9 */
#define SYS_close_range 436
#endif
#ifndef SYS_openat2 /* 5.6 */
#define SYS_openat2 437
#endif
#ifndef SYS_mount_setattr /* 5.12 */
#define SYS_mount_setattr 442
#endif

#ifndef OPEN_TREE_CLONE /* 5.2 */
#define OPEN_TREE_CLONE 1
#endif
#ifndef OPEN_TREE_CLOEXEC
#define OPEN_TREE_CLOEXEC O_CLOEXEC
#endif
#ifndef MOVE_MOUNT_F_EMPTY_PATH /* 5.2 */
#define MOVE_MOUNT_F_EMPTY_PATH 0x00000004
#define MOVE_MOUNT_T_SYMLINKS   0x00000010
#define MOVE_MOUNT_T_EMPTY_PATH 0x00000040
#endif
#ifndef AT_RECURSIVE /* 5.2 */
#define AT_RECURSIVE 0x8000
#endif

#ifndef MOUNT_ATTR_RDONLY /* 5.12 */
#define MOUNT_ATTR_RDONLY  0x00000001
#define MOUNT_ATTR_NOSUID  0x00000002
#define MOUNT_ATTR_NODEV   0x00000004
#define MOUNT_ATTR_NOEXEC  0x00000008
#define MOUNT_ATTR__ATIME  0x00000070
#define MOUNT_ATTR_NOATIME 0x00000010
#endif
#ifndef MOUNT_ATTR_NOSYMFOLLOW /* 5.14 */
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif
#ifndef MS_NOSYMFOLLOW /* 5.10 */
#define MS_NOSYMFOLLOW 256
#endif

struct mount_attributes { /* mount_setattr(2)'s struct mount_attr */
	uint64_t attr_set, attr_clr, propagation, userns_fd;
};

struct open_how_arguments { /* openat2(2)'s struct open_how */
	uint64_t flags, mode, resolve;
};
#ifndef RESOLVE_IN_ROOT /* 5.6 */
#define RESOLVE_NO_MAGICLINKS 0x02
#define RESOLVE_IN_ROOT       0x10
#endif

#ifndef MFD_EXEC /* memfd_create(2), 6.3 */
#define MFD_EXEC 0x0010U
#endif

#ifndef NSFS_MAGIC /* statfs(2) types */
#define NSFS_MAGIC 0x6e736673
#endif
#ifndef PROC_SUPER_MAGIC
#define PROC_SUPER_MAGIC 0x9fa0
#endif
#ifndef TMPFS_MAGIC
#define TMPFS_MAGIC 0x01021994
#endif
#ifndef ANON_INODE_FS_MAGIC
#define ANON_INODE_FS_MAGIC 0x09041934
#endif
#ifndef PID_FS_MAGIC /* 6.9 */
#define PID_FS_MAGIC 0x50494446
#endif

#define NS_GET_USERNS 0xb701 /* ioctl_ns(2), 4.9 */
#define NS_GET_PARENT 0xb702 /* 4.9 */
#define NS_GET_NSTYPE 0xb703 /* ioctl_ns(2), 4.11 */

#endif
