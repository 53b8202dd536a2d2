/* SPDX-License-Identifier: ISC */
/*
 * inject LOG PROCESS:CALL:N=ERRNO COMMAND [ARG]...: runs COMMAND, where the Nth call of that
 * name by that process (0: the first) does nothing and fails; counted are those of the programs
 * ns-* alone, from main() on.  LOG gets
 *
 *   injected     the call was made, and failed
 *   left         a process was there 30 seconds after COMMAND had ended; it was killed
 *   hung         COMMAND had not ended after 60 seconds; all was killed
 *
 * Instead of an error, KILL kills the process that COMMAND is, and RUN has sh(1) run
 * $INJECT_RUN before the call is made.  With a fault of '-', nothing fails, and each call that
 * is counted is a line in LOG: PROCESS TOOL CALL N ARG1 ARG2 and the name of the call before
 * it.  125: the kernel does not let us; else COMMAND's status. seccomp_unotify(2), because
 * strace(1) counts each process from 1 and fails them all.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* As in linux/seccomp.h, linux/filter.h and linux/bpf_common.h, which musl does not bring. */
enum {
	SET_MODE_FILTER = 1,
	NEW_LISTENER = 1 << 3,
	CONTINUE = 1 << 0,
	LOAD = 0x20,         /* BPF_LD | BPF_W | BPF_ABS */
	EQUAL = 0x15,        /* BPF_JMP | BPF_JEQ | BPF_K */
	RETURN = 0x06,       /* BPF_RET | BPF_K */
	NUMBER = 0,          /* offsets in struct call */
	FIRST_ARGUMENT = 16, /* its lower half, little endian */
	RET_ALLOW = 0x7fff0000,
	RET_USER_NOTIF = 0x7fc00000,
};

struct call {
	int number;
	uint32_t arch;
	uint64_t instruction_pointer, args[6];
};

struct notification {
	uint64_t id;
	uint32_t pid, flags;
	struct call data;
};

struct response {
	uint64_t id;
	int64_t value;
	int32_t error;
	uint32_t flags;
};

#define RECEIVE   _IOWR('!', 0, struct notification)
#define SEND      _IOWR('!', 1, struct response)
#define SET_FLAGS _IOW('!', 4, uint64_t) /* 6.6 */

struct instruction {
	uint16_t code;
	uint8_t yes, no;
	uint32_t k;
};

struct program {
	unsigned short length;
	const struct instruction *filter;
};

enum {
	CALLS = 600, /* more than there are */
	PROCESSES = 200,
	KILL = -1,
	RUN = -2,
	OUR_SOCKET = 1000, /* the filter lets what sends the listener pass */
};

static const struct {
	const char *name;
	int number;
} names[] = {
#define CALL(name) \
	{ \
#name, SYS_##name \
	}
	CALL(brk),
	CALL(capget),
	CALL(capset),
	CALL(chdir),
	CALL(chroot),
	CALL(clone),
	CALL(close),
	{"close_range", 436},
	CALL(connect),
	CALL(dup),
	CALL(dup3),
	CALL(execve),
	CALL(execveat),
	CALL(exit),
	CALL(exit_group),
	CALL(faccessat),
	CALL(fchdir),
	CALL(fcntl),
	CALL(fstat),
	CALL(fstatfs),
	CALL(ftruncate),
	CALL(futex),
	CALL(getdents64),
	CALL(getegid),
	CALL(getcwd),
	CALL(geteuid),
	CALL(getpgid),
	CALL(getpid),
	CALL(getrandom),
	CALL(gettid),
	CALL(getuid),
	CALL(ioctl),
	CALL(kcmp),
	CALL(kill),
	CALL(lseek),
	CALL(madvise),
	CALL(memfd_create),
	CALL(mkdirat),
	CALL(mknodat),
	CALL(mmap),
	CALL(mount),
	{"mount_setattr", 442},
	{"move_mount", 429},
	CALL(mprotect),
	CALL(mremap),
	CALL(munmap),
	CALL(newfstatat),
	{"open_tree", 428},
	CALL(openat),
	{"openat2", 437},
	{"pidfd_open", 434},
	CALL(pipe2),
	CALL(pivot_root),
	CALL(ppoll),
	CALL(prctl),
	CALL(pread64),
	CALL(prlimit64),
	CALL(read),
	CALL(readlinkat),
	CALL(readv),
	CALL(rt_sigaction),
	CALL(rt_sigpending),
	CALL(rt_sigprocmask),
	CALL(rt_sigqueueinfo),
	CALL(rt_sigreturn),
	CALL(sendfile),
	CALL(sendmsg),
	CALL(sendto),
	CALL(set_robust_list),
	CALL(set_tid_address),
	CALL(setdomainname),
	CALL(setgroups),
	CALL(sethostname),
	CALL(setns),
	CALL(setpgid),
	CALL(setresgid),
	CALL(setresuid),
	CALL(setsid),
	CALL(signalfd4),
	CALL(socket),
	CALL(socketpair),
	CALL(statfs),
	CALL(statx),
	CALL(umount2),
	CALL(umask),
	CALL(uname),
	CALL(unlinkat),
	CALL(unshare),
	CALL(wait4),
	CALL(waitid),
	CALL(write),
	CALL(writev),
#ifdef SYS_open
	CALL(access),
	CALL(arch_prctl),
	CALL(dup2),
	CALL(fork),
	CALL(getpgrp),
	CALL(lstat),
	CALL(mkdir),
	CALL(open),
	CALL(pipe),
	CALL(poll),
	CALL(readlink),
	CALL(rmdir),
	CALL(stat),
	CALL(unlink),
	CALL(vfork),
#endif
};

static const struct {
	const char *name;
	int number;
} errors[] = {
	{"EPERM", EPERM},
	{"EINTR", EINTR},
	{"EINVAL", EINVAL},
	{"EIO", EIO},
	{"ENOMEM", ENOMEM},
	{"EMFILE", EMFILE},
	{"ENOSYS", ENOSYS},
	{"KILL", KILL},
	{"RUN", RUN},
};

struct process {
	uint32_t pid;
	bool executing; /* has called execve(2), which may have failed */
	bool tool;      /* is one of ours, */
	bool in_main;   /* and no longer in what the C library does first */
	char name[32];
	int last; /* the call before */
	unsigned counts[CALLS];
};

static struct process processes[PROCESSES];
static size_t known;

static struct {
	unsigned process, n;
	int call, error;
} fault = {.call = -1};

static FILE *log_file;
static volatile sig_atomic_t time_is_up;
static pid_t main_child, all;

static const char *name_of(int number)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].number == number)
			return names[i].name;
	return "another"; /* to be added above */
}

/* Takes PROCESS:CALL:N=ERRNO. */
static bool parse_fault(const char *word)
{
	char call[32], error[16];
	size_t c = 0, e = 0;
	if (strcmp(word, "-") == 0)
		return true;
	if (sscanf(word, "%u:%31[a-z0-9_]:%u=%15[A-Z]", &fault.process, call, &fault.n,
		    error) != 4)
		return false;
	while (c < sizeof(names) / sizeof(*names) && strcmp(names[c].name, call) != 0)
		c++;
	while (e < sizeof(errors) / sizeof(*errors) && strcmp(errors[e].name, error) != 0)
		e++;
	if (c == sizeof(names) / sizeof(*names) || e == sizeof(errors) / sizeof(*errors))
		return false;
	fault.call = names[c].number;
	fault.error = errors[e].number;
	return true;
}

/* Whether the process runs a tool; who may not be looked at is ns-join, half in. */
static void look_at_program(struct process *p)
{
	char path[64], program[256];
	snprintf(path, sizeof(path), "/proc/%u/exe", p->pid);
	ssize_t n = readlink(path, program, sizeof(program) - 1);
	program[n > 0 ? n : 0] = '\0';
	const char *base = strrchr(program, '/');
	base = n == -1 ? "ns-join" : base ? base + 1 : program;
	if (strncmp(base, "memfd:", 6) == 0)
		base += 6;
	p->tool = strncmp(base, "ns-", 3) == 0 && strcmp(base, "ns-lab") != 0;
	snprintf(p->name, sizeof(p->name), "%.*s", (int)strcspn(base, " "), base);
}

static struct process *find_process(uint32_t pid)
{
	for (size_t i = 0; i < known; i++)
		if (processes[i].pid == pid)
			return &processes[i];
	if (known == PROCESSES)
		return NULL;
	struct process *p = &processes[known++];
	p->pid = pid;
	look_at_program(p);
	p->in_main = p->tool; /* forked by one */
	return p;
}

/* The error that the call is to fail with; 0: none. */
static int answer(const struct notification *n)
{
	struct process *p = find_process(n->pid);
	const int call = n->data.number;
	if (!p || call < 0 || call >= CALLS)
		return 0;
	/* what the C library starts with, and our main() */
	const char *name = name_of(call);
	if (p->executing && (strcmp(name, "arch_prctl") == 0 || strcmp(name, "brk") == 0 ||
				    strcmp(name, "set_tid_address") == 0)) {
		p->in_main = false;
		look_at_program(p);
	}
	p->executing = call == SYS_execve || call == SYS_execveat;
	if (call == SYS_fcntl && n->data.args[0] == 0 && n->data.args[1] == F_GETFD)
		p->in_main = p->tool;
	if (!p->in_main)
		return 0;
	const unsigned number = ++p->counts[call], process = (unsigned)(p - processes);
	if (fault.call == -1)
		fprintf(log_file, "%u %s %s %u %llx %llx %s\n", process, p->name, name, number,
			(unsigned long long)n->data.args[0],
			(unsigned long long)n->data.args[1], name_of(p->last));
	p->last = call;
	if (call != fault.call || number != fault.n || process != fault.process)
		return 0;
	fputs("injected\n", log_file);
	p->executing = false;
	return fault.error;
}

static void serve(int listener)
{
	struct notification n = {0};
	if (syscall(SYS_ioctl, listener, RECEIVE, &n) == -1)
		return; /* it was killed meanwhile */
	int error = answer(&n);
	if (error == KILL) {
		kill(main_child, SIGKILL);
		error = 0;
	} else if (error == RUN) {
		const char *script = getenv("INJECT_RUN");
		sigset_t child;
		sigemptyset(&child);
		sigaddset(&child, SIGCHLD);
		prctl(PR_SET_CHILD_SUBREAPER, 0); /* what it leaves behind is not COMMAND's */
		sigprocmask(SIG_UNBLOCK, &child, NULL); /* a shell waits for it */
		if (script && system(script) != 0)
			fputs("the script failed\n", log_file);
		sigprocmask(SIG_BLOCK, &child, NULL);
		raise(SIGCHLD); /* one may have been caught meanwhile */
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		error = 0;
	}
	const struct response r = {.id = n.id, .error = -error, .flags = error ? 0 : CONTINUE};
	(void)syscall(SYS_ioctl, listener, SEND, &r);
}

/* In the child: from here on every call waits for its parent, but for the next one. */
static void install_filter(void)
{
	static const struct instruction filter[] = {
		{LOAD, 0, 0, NUMBER},
		{EQUAL, 0, 3, SYS_sendmsg},
		{LOAD, 0, 0, FIRST_ARGUMENT},
		{EQUAL, 0, 1, OUR_SOCKET},
		{RETURN, 0, 0, RET_ALLOW},
		{RETURN, 0, 0, RET_USER_NOTIF},
	};
	static const struct program program = {sizeof(filter) / sizeof(*filter), filter};
	char byte = 0, buffer[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v,
		.msg_iovlen = 1,
		.msg_control = buffer,
		.msg_controllen = sizeof(buffer)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	long fd = syscall(SYS_seccomp, SET_MODE_FILTER, NEW_LISTENER, &program);
	if (fd == -1) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		fd = syscall(SYS_seccomp, SET_MODE_FILTER, NEW_LISTENER, &program);
	}
	if (fd == -1) {
		perror("inject: the kernel does not let us");
		_exit(125);
	}
	const int sent = (int)fd;
	memcpy(CMSG_DATA(c), &sent, sizeof(sent));
	if (sendmsg(OUR_SOCKET, &m, 0) == -1)
		_exit(125);
}

static int receive_listener(int from)
{
	char byte, buffer[CMSG_SPACE(sizeof(int))];
	struct iovec v = {&byte, 1};
	struct msghdr m = {.msg_iov = &v,
		.msg_iovlen = 1,
		.msg_control = buffer,
		.msg_controllen = sizeof(buffer)};
	int fd = -1;
	if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&m))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(fd));
	return fd;
}

static void on_signal(int n)
{
	if (n == SIGALRM)
		time_is_up = 1;
}

static void kill_all(const char *why)
{
	if (!all++)
		fprintf(log_file, "%s\n", why);
	for (size_t i = 0; i < known; i++)
		kill((pid_t)processes[i].pid, SIGKILL);
}

/* Answers until nobody is left who could ask; returns COMMAND's status. */
static int supervise(int listener)
{
	int status = -1, s;
	sigset_t none;
	sigemptyset(&none);
	alarm(60);
	for (;;) {
		struct pollfd p = {.fd = listener, .events = POLLIN};
		int n = ppoll(&p, 1, NULL, &none);
		for (pid_t pid; (pid = waitpid(-1, &s, WNOHANG)) > 0;)
			if (pid == main_child) {
				status = WIFEXITED(s) ? WEXITSTATUS(s) : 128 + WTERMSIG(s);
				alarm(30);
			}
		if (time_is_up) {
			time_is_up = 0;
			kill_all(status == -1 ? "hung" : "left");
			alarm(1); /* more of them may have come */
		}
		if (n > 0 && p.revents & POLLIN)
			serve(listener);
		else if (n > 0)
			break;
	}
	alarm(0);
	if (status == -1 && waitpid(main_child, &s, 0) == main_child)
		status = WIFEXITED(s) ? WEXITSTATUS(s) : 128 + WTERMSIG(s);
	while (waitpid(-1, NULL, 0) > 0)
		;
	return status;
}

int main(int argc, char **argv)
{
	int pair[2];
	if (argc < 4 || !parse_fault(argv[2])) {
		fprintf(stderr, "inject: not LOG PROCESS:CALL:N=ERRNO COMMAND: '%s'\n",
			argc < 3 ? "" : argv[2]);
		return 125;
	}
	log_file = fopen(argv[1], "we");
	if (!log_file || socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) == -1) {
		perror("inject");
		return 125;
	}
	struct sigaction a = {.sa_handler = on_signal};
	sigset_t blocked, found;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigaddset(&blocked, SIGALRM);
	sigprocmask(SIG_BLOCK, &blocked, &found);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	main_child = fork();
	if (main_child == 0) {
		sigprocmask(SIG_SETMASK, &found, NULL);
		if (dup3(pair[1], OUR_SOCKET, O_CLOEXEC) == -1)
			_exit(125);
		install_filter();
		execvp(argv[3], argv + 3);
		_exit(127);
	}
	close(pair[1]);
	sigaction(SIGCHLD, &a, NULL);
	sigaction(SIGALRM, &a, NULL);
	int listener = receive_listener(pair[0]);
	if (listener == -1)
		return 125;
	const uint64_t synchronous = 1;
	(void)syscall(SYS_ioctl, listener, SET_FLAGS, synchronous);
	int status = supervise(listener);
	return fclose(log_file) == 0 ? status : 125;
}
