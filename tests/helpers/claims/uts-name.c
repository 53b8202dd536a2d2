/* SPDX-License-Identifier: ISC */
/*
 * uts-name CALL [ARG]...: the calls that have to do with the two names of a UTS namespace. What
 *they give is printed, an error is said by its name. sethostname | setdomainname LENGTH
 *[PART]...: to the system call, LENGTH bytes of the PARTs with a NUL between them; without PART
 *a bad address gethostname | getdomainname SIZE: by the C library, into a buffer of SIZE bytes
 *	libc: whose that is
 *	poll COMMAND [ARG]...: whether poll(2) says of /proc/sys/kernel/hostname, opened here,
 *that COMMAND has changed it read COMMAND [ARG]...: the standard input of COMMAND is that file,
 *opened here
 */
#include "probe.h"
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MOST = 128
};

static const char hostname_file[] = "/proc/sys/kernel/hostname";

static bool is(const char *word, const char *other)
{
	return strcmp(word, other) == 0;
}

static int set_name(const char *call, int number, char **argv)
{
	char bytes[MOST] = "";
	long length = strtol(*argv++, NULL, 10);
	bool bad = !*argv;
	for (size_t at = 0; *argv && at + strlen(*argv) < MOST; at += strlen(*argv++) + 1)
		memcpy(bytes + at, *argv, strlen(*argv));
	check(call, syscall(number, bad ? (char *)1 : bytes, length));
	return 0;
}

static int get_name(const char *call, int get(char *, size_t), const char *size)
{
	char bytes[MOST];
	size_t length = strtoul(size, NULL, 10);
	if (length > MOST)
		return 99;
	memset(bytes, '?', sizeof(bytes));
	int result = get(bytes, length);
	int error = errno;
	bool ended = memchr(bytes, '\0', length);
	printf("%.*s%s\n", (int)length, bytes, ended ? "" : " without a NUL");
	errno = error;
	check(call, result);
	return 0;
}

static int poll_hostname(char **argv)
{
	char text[MOST];
	int fd = (int)check("open", open(hostname_file, O_RDONLY | O_CLOEXEC));
	check("read", read(fd, text, sizeof(text)));
	pid_t child = (pid_t)check("fork", fork());
	if (child == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	int status;
	check("waitpid", waitpid(child, &status, 0));
	struct pollfd changed = {.fd = fd, .events = POLLPRI};
	puts(check("poll", poll(&changed, 1, 0)) ? "changed" : "not changed");
	return status != 0;
}

static int read_hostname(char **argv)
{
	int fd = (int)check("open", open(hostname_file, O_RDONLY));
	check("dup2", dup2(fd, 0));
	execvp(argv[0], argv);
	check("execvp", -1);
	return 1;
}

int main(int argc, char **argv)
{
	const char *call = argc > 1 ? argv[1] : "";
	if (is(call, "libc")) {
#ifdef __GLIBC__
		puts("glibc");
#else
		puts("another");
#endif
		return 0;
	}
	if (argc < 3)
		return 99;
	if (is(call, "sethostname"))
		return set_name(call, SYS_sethostname, argv + 2);
	if (is(call, "setdomainname"))
		return set_name(call, SYS_setdomainname, argv + 2);
	if (is(call, "gethostname"))
		return get_name(call, gethostname, argv[2]);
	if (is(call, "getdomainname"))
		return get_name(call, getdomainname, argv[2]);
	if (is(call, "poll"))
		return poll_hostname(argv + 2);
	if (is(call, "read"))
		return read_hostname(argv + 2);
	return 99;
}
