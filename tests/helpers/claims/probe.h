/* SPDX-License-Identifier: ISC */
/* What the probes of the claims have in common. */
#pragma once

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The name of an error, as in errno(3); the number of one that no claim is about. */
static inline const char *error_name(int error)
{
	static char number[16];
	switch (error) {
	case 0: return "Success";
#define NAME(e) \
	case e: return #e
		NAME(E2BIG);
		NAME(EACCES);
		NAME(EAGAIN);
		NAME(EBADF);
		NAME(EBUSY);
		NAME(ECHILD);
		NAME(ECONNREFUSED);
		NAME(EEXIST);
		NAME(EFAULT);
		NAME(EINTR);
		NAME(EINVAL);
		NAME(EIO);
		NAME(ENAMETOOLONG);
		NAME(ENETUNREACH);
		NAME(ENODEV);
		NAME(ENOENT);
		NAME(ENOMEM);
		NAME(ENOSPC);
		NAME(ENOSYS);
		NAME(ENOTBLK);
		NAME(ENOTDIR);
		NAME(EPERM);
		NAME(ESRCH);
		NAME(EXDEV);
#undef NAME
	default: snprintf(number, sizeof(number), "errno %d", error); return number;
	}
}

/* RESULT of a system call; when it failed says CALL and the error's name, and ends with 1. */
static inline long check(const char *call, long result)
{
	if (result == -1) {
		fprintf(stderr, "%s: %s\n", call, error_name(errno));
		exit(1);
	}
	return result;
}
