/* SPDX-License-Identifier: ISC */
/*
 * socket-round-trip KIND KIND: says the median time, in nanoseconds, in which one byte goes to
 * the other end of a connection and one comes back, for two connections in turn: unix, or tcp
 * over the loopback device.  We hold both ends, so that no time is the scheduler's.
 */
#include "probe.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUNDS = 1001
};

static void connect_tcp(int ends[2])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	const int at_once = 1;
	const int listening = (int)check("socket", socket(AF_INET, SOCK_STREAM, 0));
	check("bind", bind(listening, (const struct sockaddr *)&address, length));
	check("getsockname", getsockname(listening, (struct sockaddr *)&address, &length));
	check("listen", listen(listening, 1));
	ends[0] = (int)check("socket", socket(AF_INET, SOCK_STREAM, 0));
	check("connect", connect(ends[0], (const struct sockaddr *)&address, length));
	ends[1] = (int)check("accept", accept(listening, NULL, NULL));
	for (int i = 0; i < 2; i++)
		check("setsockopt", setsockopt(ends[i], IPPROTO_TCP, TCP_NODELAY, &at_once,
					    sizeof(at_once)));
}

static long now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)t.tv_sec * 1000000000L + t.tv_nsec;
}

static long round_trip(const int ends[2])
{
	char byte = 0;
	const long start = now();
	for (int i = 0; i < 2; i++) {
		check("write", write(ends[i], &byte, 1));
		check("read", read(ends[!i], &byte, 1));
	}
	return now() - start;
}

static int compare(const void *a, const void *b)
{
	const long x = *(const long *)a, y = *(const long *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	static long times[2][ROUNDS];
	int ends[2][2];
	if (argc != 3)
		return 99;
	for (int i = 0; i < 2; i++) {
		if (strcmp(argv[i + 1], "tcp") == 0)
			connect_tcp(ends[i]);
		else
			check("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends[i]));
	}
	for (int round = 0; round < ROUNDS; round++)
		for (int i = 0; i < 2; i++)
			times[i][round] = round_trip(ends[i]);
	for (int i = 0; i < 2; i++) {
		qsort(times[i], ROUNDS, sizeof(times[i][0]), compare);
		printf("%ld\n", times[i][ROUNDS / 2]);
	}
	return 0;
}
