/* SPDX-License-Identifier: ISC */
/*
 * namespace-flag FILE...: the clone(2) flag of the type of each of these namespaces, as
 * ioctl(NS_GET_NSTYPE) of ioctl_ns(2) says it, in hexadecimal.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>

enum {
	NS_GET_NSTYPE = 0xb703
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		int type = fd == -1 ? -1 : ioctl(fd, NS_GET_NSTYPE);
		if (type == -1) {
			perror(argv[i]);
			return 1;
		}
		printf("0x%08x\n", (unsigned)type);
	}
	return 0;
}
