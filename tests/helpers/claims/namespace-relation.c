/* SPDX-License-Identifier: ISC */
/*
 * namespace-relation WHAT FILE...: what ioctl_ns(2) says of each of these namespaces, in a line
 * behind the last part of the file's name; or the error.
 *   parent  NS_GET_PARENT: the parent in the hierarchy of its type
 *   owner   NS_GET_USERNS: the user namespace that owns it
 *   uid     NS_GET_OWNER_UID: the user who has made it
 */
#include "probe.h"
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	NS_GET_USERNS = 0xb701,
	NS_GET_PARENT = 0xb702,
	NS_GET_OWNER_UID = 0xb704
};

static int say_uid(int fd)
{
	uid_t uid = (uid_t)-1;
	if (ioctl(fd, NS_GET_OWNER_UID, &uid) == -1)
		return -1;
	printf("%u\n", uid);
	return 0;
}

/* The other namespace, which the call has opened. */
static int say_name(int other)
{
	char path[64], name[64] = "";
	if (other == -1)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", other);
	if (readlink(path, name, sizeof(name) - 1) == -1)
		return -1;
	puts(name);
	close(other);
	return 0;
}

static int say(int fd, const char *what)
{
	if (strcmp(what, "uid") == 0)
		return say_uid(fd);
	if (strcmp(what, "owner") == 0)
		return say_name(ioctl(fd, NS_GET_USERNS));
	return say_name(ioctl(fd, NS_GET_PARENT));
}

int main(int argc, char **argv)
{
	for (int i = 2; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		int fd = open(argv[i], O_RDONLY | O_CLOEXEC);
		check("open", fd);
		printf("%s ", slash ? slash + 1 : argv[i]);
		if (say(fd, argv[1]) == -1)
			puts(error_name(errno));
		close(fd);
	}
	return argc > 2 ? 0 : 99;
}
