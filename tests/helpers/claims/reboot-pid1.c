/* SPDX-License-Identifier: ISC */
/*
 * reboot-pid1 [-2c] HOW...: for each HOW, the end of LINUX_REBOOT_CMD_HOW, calls reboot(2) in a
 * new PID namespace, and says what it answers, and how the namespace's PID 1 ends: with 0 by
 * itself when reboot does not end it. -2: PID 2 calls it, a child of PID 1; -c: without
 * CAP_SYS_BOOT. It is never called but by a process that has seen that its PID namespace is
 * neither its caller's nor the machine's.
 */
#include "probe.h"
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MACHINES = 0xeffffffc - 0x100000000, /* PROC_PID_INIT_INO: the first PID namespace */
	MAGIC1 = 0xfee1dead - 0x100000000,
	MAGIC2 = 672274793,
	CAPABILITIES3 = 0x20080522, /* _LINUX_CAPABILITY_VERSION_3 */
	CAP_SYS_BOOT = 22
};

static const struct {
	const char *name;
	unsigned command;
} commands[] = {
	{"CAD_OFF", 0},
	{"CAD_ON", 0x89abcdef},
	{"HALT", 0xcdef0123},
	{"POWER_OFF", 0x4321fedc},
	{"RESTART", 0x01234567},
	{"RESTART2", 0xa1b2c3d4},
};

static bool by_second, without_capability;
static ino_t outside;

/* The PID namespace that /proc/self is in; 0: it is not known. */
static ino_t own_namespace(void)
{
	struct stat s;
	return stat("/proc/self/ns/pid", &s) == -1 ? 0 : s.st_ino;
}

static bool is_safe(pid_t expected)
{
	ino_t inside = own_namespace();
	return inside && outside && inside != outside && (int)inside != MACHINES &&
	       getpid() == expected && getppid() == expected - 1;
}

static void drop_capability(void)
{
	struct {
		uint32_t version;
		int pid;
	} header = {CAPABILITIES3, 0};
	uint32_t data[2][3] = {0}; /* effective, permitted, inheritable */
	check("capget", syscall(SYS_capget, &header, data));
	data[0][0] &= ~(1U << CAP_SYS_BOOT);
	check("capset", syscall(SYS_capset, &header, data));
}

static _Noreturn void call_reboot(unsigned command, pid_t expected)
{
	if (without_capability)
		drop_capability();
	if (!is_safe(expected)) {
		fprintf(stderr, "reboot-pid1: it would not be safe here\n");
		_exit(125);
	}
	long result = syscall(SYS_reboot, MAGIC1, MAGIC2, command, "");
	printf("reboot: %s, ", result == -1 ? error_name(errno) : "0");
	fflush(stdout);
	_exit(0);
}

static _Noreturn void be_first(unsigned command)
{
	if (!by_second)
		call_reboot(command, 1);
	pid_t second = fork();
	if (second == 0)
		call_reboot(command, 2);
	if (second != -1)
		waitpid(second, NULL, 0);
	_exit(0);
}

static void try(const char *name, unsigned command)
{
	siginfo_t info;
	printf("%s: ", name);
	fflush(stdout);
	pid_t first = (pid_t)check(
		"clone", syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL));
	if (first == 0)
		be_first(command);
	check("waitid", waitid(P_PID, (id_t)first, &info, WEXITED));
	if (info.si_code == CLD_EXITED)
		printf("exited with %d\n", info.si_status);
	else
		printf("killed by %s\n", info.si_status == SIGHUP   ? "SIGHUP"
					 : info.si_status == SIGINT ? "SIGINT"
								    : "another signal");
}

int main(int argc, char **argv)
{
	for (int c; (c = getopt(argc, argv, "+2c")) != -1;)
		switch (c) {
		case '2': by_second = true; break;
		case 'c': without_capability = true; break;
		default: return 125;
		}
	outside = own_namespace();
	for (int i = optind; i < argc; i++)
		for (size_t n = 0; n < sizeof(commands) / sizeof(*commands); n++)
			if (strcmp(commands[n].name, argv[i]) == 0)
				try(argv[i], commands[n].command);
	return 0;
}
