/* SPDX-License-Identifier: ISC */
/*
 * Sockets and network namespaces:
 *   net-socket keep     makes one in a new namespace and leaves that without a process; says
 *                       which namespace was home and which it made, in which the process and
 *                       the socket then are, and to which the socket leads back
 *   net-socket connect  says the error of a TCP connection to 127.0.0.1
 *   net-socket unix     says those of connections from a new namespace to two Unix sockets of
 *                       the old one: an abstract one, and one that is a file here
 */
#include "probe.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
	GET_NAMESPACE = 0x894c /* SIOCGSKNS of linux/sockios.h */
};

static void say(const char *who, int fd)
{
	char path[64] = "/proc/self/ns/net", name[64] = "";
	if (fd != -1)
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	check("readlink", readlink(path, name, sizeof(name) - 1));
	printf("%s %s\n", who, name);
}

static void keep(void)
{
	int home = (int)check("open", open("/proc/self/ns/net", O_RDONLY));
	say("home", -1);
	check("unshare", unshare(CLONE_NEWNET));
	say("made", -1);
	int fd = (int)check("socket", socket(AF_INET, SOCK_DGRAM, 0));
	check("setns", setns(home, CLONE_NEWNET));
	say("process", -1);
	int its = (int)check("ioctl", ioctl(fd, GET_NAMESPACE));
	say("socket", its);
	check("setns", setns(its, CLONE_NEWNET));
	say("back", -1);
}

static void try_connect(int family, const void *address, size_t length)
{
	int fd = (int)check("socket", socket(family, SOCK_STREAM, 0));
	int result = connect(fd, address, (socklen_t)length);
	puts(result == 0 ? "connected" : error_name(errno));
}

static void try_tcp(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	try_connect(AF_INET, &address, sizeof(address));
}

static void try_unix(void)
{
	static const char *const names[] = {"\0ns-tools", "unix-socket"};
	struct sockaddr_un addresses[2] = {{.sun_family = AF_UNIX}, {.sun_family = AF_UNIX}};
	size_t length = offsetof(struct sockaddr_un, sun_path) + 9;
	memcpy(addresses[0].sun_path, names[0], 9);
	strcpy(addresses[1].sun_path, names[1]);
	for (int i = 0; i < 2; i++) {
		int fd = (int)check("socket", socket(AF_UNIX, SOCK_STREAM, 0));
		check("bind", bind(fd, (struct sockaddr *)&addresses[i],
				      (socklen_t)(i ? sizeof(*addresses) : length)));
		check("listen", listen(fd, 5));
	}
	check("unshare", unshare(CLONE_NEWNET));
	printf("abstract ");
	try_connect(AF_UNIX, &addresses[0], length);
	printf("file ");
	try_connect(AF_UNIX, &addresses[1], sizeof(*addresses));
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 99;
	if (strcmp(argv[1], "keep") == 0)
		keep();
	else if (strcmp(argv[1], "connect") == 0)
		try_tcp();
	else
		try_unix();
	return 0;
}
