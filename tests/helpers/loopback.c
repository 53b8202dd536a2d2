/* SPDX-License-Identifier: ISC */
/* Says the network interfaces that are up; then "answers" when 127.0.0.1 takes a connection. */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int connects(void)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	struct sockaddr *a = (struct sockaddr *)&address;
	int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	/* a deadline: on an interface that is down it could wait for minutes */
	const struct timeval limit = {.tv_sec = 2};
	setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	return bind(server, a, length) == 0 && listen(server, 1) == 0 &&
	       getsockname(server, a, &length) == 0 && connect(client, a, length) == 0;
}

int main(void)
{
	struct if_nameindex *all = if_nameindex();
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	for (struct if_nameindex *i = all; i && i->if_name; i++) {
		struct ifreq request = {0};
		strncpy(request.ifr_name, i->if_name, sizeof(request.ifr_name) - 1);
		if (ioctl(fd, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_UP)
			puts(i->if_name);
	}
	if (connects())
		puts("answers");
	return 0;
}
