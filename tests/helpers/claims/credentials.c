/* SPDX-License-Identifier: ISC */
/*
 * Credentials over a pair of connected sockets, descriptors 3 and 4:
 *   credentials pair COMMAND [ARG]...  makes them and becomes COMMAND
 *   credentials send [PID]  sends a byte into 3, with SCM_CREDENTIALS of that process; where no
 *                           PID is given, the kernel adds ours
 *   credentials receive     says the sender's PID as 4 receives it
 *   credentials peer        says the PID that SO_PEERCRED of 4 tells: who has made the pair
 */
#include "probe.h"
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	OURS = 3,
	THEIRS = 4
};

union control {
	char space[CMSG_SPACE(sizeof(struct ucred))];
	struct cmsghdr alignment;
};

static void make_pair(char **command)
{
	int fds[2];
	check("socketpair", socketpair(AF_UNIX, SOCK_DGRAM, 0, fds));
	for (int i = 0; i < 2; i++)
		if (fds[i] != OURS + i)
			check("dup2", dup2(fds[i], OURS + i));
	/* before it is sent: or the kernel would not add it */
	check("setsockopt",
		setsockopt(THEIRS, SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int)));
	check("execvp", execvp(command[0], command));
}

static void send_byte(const char *pid)
{
	union control control = {.space = ""};
	struct iovec byte = {"", 1};
	struct msghdr m = {.msg_iov = &byte, .msg_iovlen = 1};
	if (pid) {
		const struct ucred c = {atoi(pid), getuid(), getgid()};
		m.msg_control = control.space;
		m.msg_controllen = sizeof(control.space);
		struct cmsghdr *h = CMSG_FIRSTHDR(&m);
		h->cmsg_level = SOL_SOCKET;
		h->cmsg_type = SCM_CREDENTIALS;
		h->cmsg_len = CMSG_LEN(sizeof(c));
		memcpy(CMSG_DATA(h), &c, sizeof(c));
	}
	check("sendmsg", sendmsg(OURS, &m, 0));
}

static void receive(void)
{
	char byte;
	union control control;
	struct ucred c;
	struct iovec data = {&byte, 1};
	struct msghdr m = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = control.space,
		.msg_controllen = sizeof(control.space),
	};
	check("recvmsg", recvmsg(THEIRS, &m, MSG_DONTWAIT));
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);
	if (!h || h->cmsg_type != SCM_CREDENTIALS) {
		puts("none");
		return;
	}
	memcpy(&c, CMSG_DATA(h), sizeof(c));
	printf("%d\n", c.pid);
}

static void say_peer(void)
{
	struct ucred c;
	socklen_t length = sizeof(c);
	check("getsockopt", getsockopt(THEIRS, SOL_SOCKET, SO_PEERCRED, &c, &length));
	printf("%d\n", c.pid);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return 125;
	if (strcmp(argv[1], "pair") == 0 && argc > 2)
		make_pair(argv + 2);
	else if (strcmp(argv[1], "send") == 0)
		send_byte(argv[2]);
	else if (strcmp(argv[1], "receive") == 0)
		receive();
	else if (strcmp(argv[1], "peer") == 0)
		say_peer();
	else
		return 125;
	return 0;
}
