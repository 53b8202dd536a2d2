/* SPDX-License-Identifier: ISC */
/*
 * bind-in-child [-cfint] SOURCE TARGET COMMAND [ARG]...: as a small C program does it: clone(2)
 * with CLONE_NEWNS makes a child in a new mount namespace, which makes its mounts slaves, binds
 * SOURCE on TARGET, prints a heading with printf(3), and becomes COMMAND.  Its status is ours.
 * -c: without CAP_SYS_ADMIN; -f: flushes the heading; -i: takes the success of the bind for its
 * failure, and the other way round; -n: without CLONE_NEWNS, and changes no propagation; -t:
 * standard output is a new terminal.
 */
#include "probe.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum {
	CAP_SYS_ADMIN = 21
};

static bool flushes, inverted, same_namespace, on_terminal;
static int master = -1;

static void drop_sys_admin(void)
{
	/* as in linux/capability.h, which musl does not bring */
	struct {
		uint32_t version;
		int pid;
	} header = {0x20080522, 0};
	struct {
		uint32_t effective, permitted, inheritable;
	} sets[2];
	check("capget", syscall(SYS_capget, &header, sets));
	sets[0].effective &= ~(1U << CAP_SYS_ADMIN);
	check("capset", syscall(SYS_capset, &header, sets));
}

static void open_master(void)
{
	master = (int)check("posix_openpt", posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
	check("grantpt", grantpt(master));
	check("unlockpt", unlockpt(master));
}

static void take_terminal(void)
{
	struct termios t;
	int fd = (int)check("open", open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC));
	check("tcgetattr", tcgetattr(fd, &t));
	t.c_oflag &= ~(tcflag_t)OPOST; /* a line ends as it does elsewhere */
	check("tcsetattr", tcsetattr(fd, TCSANOW, &t));
	check("dup2", dup2(fd, STDOUT_FILENO));
}

/* Until nobody has the terminal open: then read(2) says EIO. */
static void copy_output(void)
{
	char text[4096];
	for (ssize_t n; (n = read(master, text, sizeof(text))) > 0;)
		check("write", write(STDOUT_FILENO, text, (size_t)n));
}

static int child(void *arg)
{
	char **words = arg;
	if (on_terminal)
		take_terminal();
	if (!same_namespace)
		check("mount-MS_SLAVE", mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL));
	int result = mount(words[0], words[1], NULL, MS_BIND, NULL);
	if (inverted ? result != -1 : result == -1) {
		fprintf(stderr, "mount-MS_BIND: %s\n", error_name(errno));
		return 1;
	}
	/* As stdio does it by itself; but musl looks only when the first line is out. */
	setvbuf(stdout, NULL, isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF, BUFSIZ);
	printf("=== new mount namespace process ===\n");
	if (flushes)
		fflush(stdout);
	execvp(words[2], words + 2);
	fprintf(stderr, "execvp: %s\n", error_name(errno));
	return 127;
}

int main(int argc, char **argv)
{
	static char stack[1 << 16] __attribute__((aligned(16)));
	for (int c; (c = getopt(argc, argv, "+cfint")) != -1;)
		switch (c) {
		case 'c': drop_sys_admin(); break;
		case 'f': flushes = true; break;
		case 'i': inverted = true; break;
		case 'n': same_namespace = true; break;
		case 't': on_terminal = true; break;
		default: return 99;
		}
	if (argc - optind < 3)
		return 99;
	if (on_terminal)
		open_master();
	errno = 0;
	int status, flag = same_namespace ? 0 : CLONE_NEWNS;
	pid_t pid = (pid_t)check(
		"clone", clone(child, stack + sizeof(stack), flag | SIGCHLD, argv + optind));
	if (on_terminal)
		copy_output();
	check("waitpid", waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}
