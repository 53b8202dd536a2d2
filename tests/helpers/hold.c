/* SPDX-License-Identifier: ISC */
/*
 * hold KIND FD COMMAND [ARG]...: executes COMMAND with descriptor FD, which is
 *   pidfd   our parent process
 *   tree    a detached copy of the mounts (open_tree(2))
 *   path    / opened with O_PATH
 *   file    our own executable, opened with O_PATH
 *   socket  one end of a socket pair
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

static int open_kind(const char *kind)
{
	int pair[2];
	if (strcmp(kind, "pidfd") == 0)
		return (int)syscall(SYS_pidfd_open, getppid(), 0);
	if (strcmp(kind, "tree") == 0)
		return (int)syscall(
			SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE | AT_RECURSIVE);
	if (strcmp(kind, "path") == 0)
		return open("/", O_PATH);
	if (strcmp(kind, "file") == 0)
		return open("/proc/self/exe", O_PATH);
	if (strcmp(kind, "socket") == 0 &&
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0)
		return pair[0];
	return -1;
}

int main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	int fd = open_kind(argv[1]), wanted = atoi(argv[2]);
	if (fd == -1 || dup2(fd, wanted) == -1) {
		perror("hold");
		return 2;
	}
	if (fd != wanted)
		close(fd);
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return 2;
}
