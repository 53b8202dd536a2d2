/* SPDX-License-Identifier: ISC */
/*
 * without CALL[:MASK]=ERRNO[,...] COMMAND [ARG]...: runs COMMAND where these system calls do
 * nothing and answer with an error, as in a container whose seccomp filter refuses them; with
 * 0, as if they had been done.  MASK, a number: only with one of these bits in the first
 * argument. 124: the words are wrong; 125: the kernel does not take the filter; else COMMAND's
 * status.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As in linux/seccomp.h, linux/filter.h and linux/bpf_common.h, which musl does not bring. */
enum {
	MODE_FILTER = 2,
	RET_ALLOW = 0x7fff0000,
	RET_ERRNO = 0x00050000,
	LOAD = 0x20,         /* BPF_LD | BPF_W | BPF_ABS */
	EQUAL = 0x15,        /* BPF_JMP | BPF_JEQ | BPF_K */
	ANY_BIT = 0x45,      /* BPF_JMP | BPF_JSET | BPF_K */
	RETURN = 0x06,       /* BPF_RET | BPF_K */
	NUMBER = 0,          /* offsets in struct seccomp_data */
	FIRST_ARGUMENT = 16, /* its lower half, little endian */
	MOST = 200
};

struct instruction {
	uint16_t code;
	uint8_t yes, no;
	uint32_t k;
};

struct program {
	unsigned short length;
	const struct instruction *filter;
};

static const struct {
	const char *name;
	int number;
} calls[] = {
#define CALL(name) \
	{ \
#name, SYS_##name \
	}
	CALL(capset),
	CALL(chdir),
	CALL(chroot),
	CALL(clone),
	{"clone3", 435},
	{"close_range", 436},
	CALL(exit_group),
	CALL(fchdir),
	CALL(fchownat),
	{"fsopen", 430},
	CALL(ioctl),
	CALL(kill),
	CALL(linkat),
	CALL(memfd_create),
	CALL(mkdirat),
	CALL(mount),
	{"mount_setattr", 442},
	{"move_mount", 429},
	CALL(mq_open),
	CALL(msgget),
	{"open_tree", 428},
	{"openat2", 437},
	{"pidfd_getfd", 438},
	{"pidfd_open", 434},
	{"pidfd_send_signal", 424},
	CALL(pivot_root),
	CALL(prctl),
	CALL(process_vm_writev),
	CALL(ptrace),
	CALL(reboot),
	CALL(rt_sigaction),
	CALL(rt_sigprocmask),
	CALL(rt_sigqueueinfo),
	CALL(sendto),
	CALL(setdomainname),
	CALL(setgid),
	CALL(setgroups),
	CALL(sethostname),
	CALL(setns),
	CALL(setpgid),
	CALL(setpriority),
	CALL(setresgid),
	CALL(setresuid),
	CALL(setsid),
	CALL(setuid),
	CALL(shmget),
	CALL(socket),
	CALL(statx),
	CALL(umount2),
	CALL(uname),
	CALL(unlinkat),
	CALL(unshare),
	CALL(wait4),
	CALL(waitid),
	CALL(write),
#ifdef SYS_rename
	CALL(rename),
	CALL(rmdir),
	CALL(unlink),
#endif
	CALL(renameat),
	CALL(renameat2),
};

static const struct {
	const char *name;
	int number;
} errors[] = {
	{"0", 0},
	{"EPERM", EPERM},
	{"ENOENT", ENOENT},
	{"ESRCH", ESRCH},
	{"EINTR", EINTR},
	{"EBADF", EBADF},
	{"EAGAIN", EAGAIN},
	{"ENOMEM", ENOMEM},
	{"EACCES", EACCES},
	{"EBUSY", EBUSY},
	{"EINVAL", EINVAL},
	{"EMFILE", EMFILE},
	{"ENOSPC", ENOSPC},
	{"ENOSYS", ENOSYS},
	{"EOPNOTSUPP", EOPNOTSUPP},
};

static struct instruction filter[MOST];
static size_t length;

static void add(int code, int yes, int no, uint32_t k)
{
	if (length == MOST)
		exit(124);
	filter[length++] = (struct instruction){(uint16_t)code, (uint8_t)yes, (uint8_t)no, k};
}

static int wrong(const char *what, const char *word)
{
	fprintf(stderr, "without: %s: '%s'\n", what, word);
	return 124;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return wrong("missing words", "");
	char *rest = argv[1];
	for (char *word; (word = strtok_r(rest, ",", &rest));) {
		char *error = strchr(word, '=');
		if (!error)
			return wrong("no error", word);
		*error++ = '\0';
		char *mask = strchr(word, ':');
		if (mask)
			*mask++ = '\0';
		size_t call = 0, e = 0;
		while (call < sizeof(calls) / sizeof(*calls) &&
			strcmp(calls[call].name, word) != 0)
			call++;
		while (e < sizeof(errors) / sizeof(*errors) &&
			strcmp(errors[e].name, error) != 0)
			e++;
		if (call == sizeof(calls) / sizeof(*calls))
			return wrong("unknown call", word);
		if (e == sizeof(errors) / sizeof(*errors))
			return wrong("unknown error", error);
		add(LOAD, 0, 0, NUMBER);
		add(EQUAL, 0, mask ? 3 : 1, (uint32_t)calls[call].number);
		if (mask) {
			add(LOAD, 0, 0, FIRST_ARGUMENT);
			add(ANY_BIT, 0, 1, (uint32_t)strtoul(mask, NULL, 0));
		}
		add(RETURN, 0, 0, RET_ERRNO | (uint32_t)errors[e].number);
	}
	add(RETURN, 0, 0, RET_ALLOW);

	struct program program = {(unsigned short)length, filter};
	if (prctl(PR_SET_SECCOMP, MODE_FILTER, &program) == -1 &&
		(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
			prctl(PR_SET_SECCOMP, MODE_FILTER, &program) == -1)) {
		perror("without: the kernel does not take the filter");
		return 125;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
