/* SPDX-License-Identifier: ISC */
/*
 * root-calls STEP...: makes these calls one after another, without what tools do around them.
 * An error is said by its name, and ends it with 1.
 *
 *   unshare                a new mount namespace
 *   newuser                a new user namespace, and nobody in it
 *   bind FROM TO           FROM, with the mounts below it, on TO
 *   shared | slave | private DIR     that mount and those below it
 *   umount | detach DIR    the latter with MNT_DETACH
 *   chroot | chdir | rmdir DIR       and nothing else
 *   pivot_root NEW OLD
 *   setns FILE             into the namespace that it stands for
 *   open DIR, fchdir       keeps a descriptor, and goes there
 *   up                     chdir("..") until there is nothing above
 *   drop CAPABILITY        a number; for what is run after it, too
 *   ls DIR, read FILE      says the names in it, or its first line
 *   child STEP... end      in a process of its own, which is waited for
 *   try                    the next step may fail
 *   exec COMMAND [ARG]...
 */
#include "probe.h"
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	CAPABILITY_VERSION = 0x20080522, /* as in linux/capability.h: that of 64 bits */
	LEVELS = 64
};

static int kept = -1;

static long do_unshare(char **argv)
{
	(void)argv;
	return unshare(CLONE_NEWNS);
}

static long do_newuser(char **argv)
{
	(void)argv;
	return unshare(CLONE_NEWUSER);
}

static long do_bind(char **argv)
{
	return mount(argv[0], argv[1], NULL, MS_BIND | MS_REC, NULL);
}

static long do_shared(char **argv)
{
	return mount(NULL, argv[0], NULL, MS_SHARED | MS_REC, NULL);
}

static long do_slave(char **argv)
{
	return mount(NULL, argv[0], NULL, MS_SLAVE | MS_REC, NULL);
}

static long do_private(char **argv)
{
	return mount(NULL, argv[0], NULL, MS_PRIVATE | MS_REC, NULL);
}

static long do_umount(char **argv)
{
	return umount2(argv[0], 0);
}

static long do_detach(char **argv)
{
	return umount2(argv[0], MNT_DETACH);
}

static long do_chroot(char **argv)
{
	return chroot(argv[0]);
}

static long do_chdir(char **argv)
{
	return chdir(argv[0]);
}

static long do_rmdir(char **argv)
{
	return rmdir(argv[0]);
}

static long do_pivot_root(char **argv)
{
	return syscall(SYS_pivot_root, argv[0], argv[1]);
}

static long do_setns(char **argv)
{
	int fd = open(argv[0], O_RDONLY | O_CLOEXEC);
	return fd == -1 ? -1 : setns(fd, 0);
}

static long do_open(char **argv)
{
	return kept = open(argv[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static long do_fchdir(char **argv)
{
	(void)argv;
	return fchdir(kept);
}

static long do_up(char **argv)
{
	(void)argv;
	for (int i = 0; i < LEVELS; i++)
		if (chdir("..") == -1)
			return -1;
	return 0;
}

static long do_drop(char **argv)
{
	uint32_t head[2] = {CAPABILITY_VERSION, 0},
		 sets[6]; /* of 3 sets the lower halves, the upper */
	unsigned long capability = strtoul(argv[0], NULL, 10);
	if (prctl(PR_CAPBSET_DROP, capability) == -1 || syscall(SYS_capget, head, sets) == -1)
		return -1;
	for (unsigned long i = 0; i < 3; i++)
		sets[capability / 32 * 3 + i] &= ~(UINT32_C(1) << capability % 32);
	return syscall(SYS_capset, head, sets);
}

static int is_seen(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static long do_ls(char **argv)
{
	struct dirent **entries;
	int n = scandir(argv[0], &entries, is_seen, alphasort);
	if (n == -1)
		return -1;
	printf("%s:", argv[0]);
	for (int i = 0; i < n; i++)
		printf(" %s", entries[i]->d_name);
	puts("");
	return 0;
}

static long do_read(char **argv)
{
	char line[200];
	FILE *file = fopen(argv[0], "re");
	if (!file || !fgets(line, sizeof(line), file))
		return -1;
	fputs(line, stdout);
	return fclose(file);
}

static long do_exec(char **argv)
{
	return execvp(argv[0], argv);
}

static const struct step {
	const char *name, *call;
	int arguments;
	long (*make)(char **argv);
} steps[] = {
	{"unshare", "unshare", 0, do_unshare},
	{"newuser", "unshare", 0, do_newuser},
	{"bind", "mount", 2, do_bind},
	{"shared", "mount", 1, do_shared},
	{"slave", "mount", 1, do_slave},
	{"private", "mount", 1, do_private},
	{"umount", "umount2", 1, do_umount},
	{"detach", "umount2", 1, do_detach},
	{"chroot", "chroot", 1, do_chroot},
	{"chdir", "chdir", 1, do_chdir},
	{"rmdir", "rmdir", 1, do_rmdir},
	{"pivot_root", "pivot_root", 2, do_pivot_root},
	{"setns", "setns", 1, do_setns},
	{"open", "open", 1, do_open},
	{"fchdir", "fchdir", 0, do_fchdir},
	{"up", "chdir", 0, do_up},
	{"drop", "drop", 1, do_drop},
	{"ls", "ls", 1, do_ls},
	{"read", "read", 1, do_read},
	{"exec", "execve", 1, do_exec},
};

static _Noreturn void misused(const char *word)
{
	fprintf(stderr, "root-calls: wrong words from '%s' on\n", word);
	exit(99);
}

static char **make(char **argv, bool may_fail)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		const struct step *step = &steps[i];
		if (strcmp(step->name, argv[0]) != 0)
			continue;
		for (int k = 1; k <= step->arguments; k++)
			if (!argv[k])
				misused(argv[0]);
		long result = step->make(argv + 1);
		if (may_fail && result == -1)
			fprintf(stderr, "%s: %s\n", step->call, error_name(errno));
		else
			check(step->call, result);
		return argv + step->arguments + 1;
	}
	misused(argv[0]);
}

static char **wait_for_child(pid_t child, char **argv)
{
	int status;
	check("waitpid", waitpid(child, &status, 0));
	if (status != 0)
		exit(1);
	while (*argv && strcmp(*argv, "end") != 0)
		argv++;
	if (!*argv)
		misused("child");
	return argv + 1;
}

int main(int argc, char **argv)
{
	bool is_child = false, may_fail = false;
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	for (argv += argc > 0; *argv;) {
		if (strcmp(*argv, "try") == 0) {
			may_fail = true;
			argv++;
		} else if (strcmp(*argv, "end") == 0 && is_child) {
			return 0;
		} else if (strcmp(*argv, "child") == 0 && !is_child) {
			pid_t child = (pid_t)check("fork", fork());
			is_child = child == 0;
			argv = is_child ? argv + 1 : wait_for_child(child, argv);
		} else {
			argv = make(argv, may_fail);
			may_fail = false;
		}
	}
	return 0;
}
