/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/call.h"
#include "common/chain.h"
#include "common/file.h"
#include "common/init.h"
#include "common/launch.h"
#include "common/message.h"
#include "common/ns.h"
#include "common/proc.h"
#include "common/signals.h"

struct launcher {
	const struct launch *l;
	struct start start; /* what the child needs */
	pid_t child;
	int signals;        /* signalfd */
	int ready;          /* the pipe that the chain reports to, or -1 */
	int report;         /* its other end, of the child */
	int control;        /* to our init, or -1 */
	int init_control;   /* its other end, of the init */
	unsigned char last; /* byte from ready */
	int pid_file;
	int pid_file_parent; /* the directory where we made it, or -1 */
	int terminal;        /* a descriptor of it when our process group had it, or -1 */
	int instead;         /* the signal that we answered by SIGKILL for PID 1 */
	int stop;            /* the signal that we answered by SIGSTOP for PID 1 */
	struct death death;  /* what init says of COMMAND */
	int stopped;         /* the signal that has stopped COMMAND below init, or 0 */
};

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static void remove_pid_file(void *arg)
{
	const struct launcher *s = arg;
	if (s->pid_file_parent != -1) /* a path would be another one after chroot(2) */
		unlinkat(s->pid_file_parent, base_of(s->l->pid_file), 0);
}

static void undo(void *arg)
{
	const struct launcher *s = arg;
	kill(s->child, SIGKILL);
	while (waitid(P_PID, (id_t)s->child, &(siginfo_t){0}, WEXITED) == -1 && errno == EINTR)
		;
	if (s->l->pid_file)
		remove_pid_file(arg);
}

static int open_parent(const char *path)
{
	char *parent = strdup(path);
	if (!parent)
		return -1;
	char *slash = strrchr(parent, '/');
	if (slash)
		slash[1] = '\0';
	int fd = open(slash ? parent : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(parent);
	return fd;
}

static void open_pid_file(struct launcher *s)
{
	const char *path = s->l->pid_file;
	if (!path)
		return;
	do /* a FIFO: waits for a reader */
		s->pid_file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	while (s->pid_file == -1 && errno == EINTR);
	if (s->pid_file == -1 && errno == ENOENT &&
		(s->pid_file_parent = open_parent(path)) != -1)
		s->pid_file = openat(s->pid_file_parent, base_of(path),
			O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (s->pid_file == -1)
		die_errno("cannot open %s", quote(path));
	at_failure(remove_pid_file, s);
}

static int find_terminal(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (tcgetpgrp(fd) == getpgrp())
			return fd;
	return -1;
}

/* The child dies with us, and is gone if we already are. */
static void die_with_parent(const struct launcher *s)
{
	/* getppid(2) cannot tell: it is 0 in a new PID namespace, dead parent or not */
	struct pollfd p = {.fd = s->report};
	const bool by_init =
		s->l->detach && s->l->init; /* init leaves when we do, until told not to */
	if (!by_init && prctl(PR_SET_PDEATHSIG, SIGKILL) == -1)
		die_errno("cannot bind the child to its parent");
	if (poll(&p, 1, 0) == 1 && p.revents & POLLERR)
		_exit(EXIT_TOOL);
}

static int run_child(void *arg)
{
	const struct launcher *s = arg;
	at_failure(NULL, NULL);
	close(s->ready);
	if (s->control != -1)
		close(s->control);
	die_with_parent(s);
	if (s->l->detach || s->l->pid_file) {
		chain_drop_ready(); /* the launcher keeps it */
		chain_set_ready(s->report, s->l->detach);
	} else if (chain_ready() != -1) {
		chain_set_ready(chain_ready(), false); /* it dies with us all the same */
	}
	if (s->l->setup)
		s->l->setup(s->l->arg);
	if (s->l->init)
		init_run(&s->start, s->init_control);
	start_command(&s->start);
}

static void write_pid(const struct launcher *s, int fd, const char *name)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d\n", s->child);
	if (write_all(fd, text, (unsigned long)length) == -1)
		die_errno("cannot write the PID to %s", name);
}

/* COMMAND runs. */
static void announce(struct launcher *s)
{
	if (s->l->pid_file) {
		if (ftruncate(s->pid_file, 0) == -1 && errno != EINVAL) /* a FIFO */
			die_errno("cannot empty %s", quote(s->l->pid_file));
		write_pid(s, s->pid_file, quote(s->l->pid_file));
		close(s->pid_file);
	}
	if (s->l->detach && s->control != -1 &&
		write_all(s->control, &(char){CONTROL_DETACH}, 1) == -1 &&
		errno != EPIPE) /* COMMAND has ended, and its init with it */
		die_errno("cannot leave COMMAND to its init");
	if (s->l->detach)
		write_pid(s, STDOUT_FILENO, "standard output");
	chain_outlive();
	at_failure(NULL, NULL);
	chain_report(READY_EXEC);
	chain_drop_ready();
	if (s->l->detach)
		_exit(0);
}

static void read_ready(struct launcher *s)
{
	struct pollfd p = {.fd = s->ready, .events = POLLIN};
	while (s->ready != -1 && poll(&p, 1, 0) == 1) {
		ssize_t n = read(s->ready, &s->last, 1);
		if (n == 1 || (n == -1 && errno == EINTR))
			continue;
		if (n == -1)
			die_errno("cannot hear from COMMAND");
		close(s->ready);
		s->ready = -1;
		if (s->last == READY_EXEC)
			announce(s);
	}
}

/* Ends with this signal, or as a shell would say it where that does not kill us. */
static _Noreturn void die_of(int signal_number)
{
	prctl(PR_SET_DUMPABLE, 0); /* no core of ours: it would only mislead */
	signal(signal_number, SIG_DFL);
	mask_signals(SIG_UNBLOCK, SIGNAL_BIT(signal_number));
	kill(getpid(), signal_number);
	_exit(128 + signal_number);
}

/* The child has stopped: so do we, in the eyes of the shell that waits for us. */
static void stop_too(struct launcher *s, int signal_number)
{
	struct sigaction standard = {.sa_handler = SIG_DFL}, found;
	sigset_t set;
	s->stopped = 0;
	if (s->stop && signal_number == SIGSTOP)
		signal_number = s->stop;
	s->stop = 0;
	sigaction(signal_number, &standard, &found);
	kill(getpid(), signal_number);
	mask_signals(
		SIG_UNBLOCK, SIGNAL_BIT(signal_number)); /* stopped, but in an orphaned group */
	mask_signals(SIG_BLOCK, SIGNAL_BIT(signal_number));
	sigaction(signal_number, &found, NULL);
	sigpending(&set);
	if (!sigismember(&set, SIGCONT)) /* else it is forwarded like any other */
		kill(s->child, SIGCONT);
}

/* What init says; of several things the last one holds. */
static void read_control(struct launcher *s)
{
	struct death d = {0};
	bool more;
	while ((more = init_read(s->control, &d)) && d.code) {
		s->stopped = d.code == CLD_STOPPED ? d.status : 0;
		if (d.code != CLD_STOPPED && d.code != CLD_CONTINUED)
			s->death = d;
		d.code = 0;
	}
	if (more)
		return;
	close(s->control);
	s->control = -1;
}

static _Noreturn void finish(struct launcher *s, struct death d)
{
	if (s->control != -1)
		read_control(s);
	if (s->death.code) /* COMMAND's, not its init's */
		d = s->death;
	if (s->terminal != -1 && tcgetpgrp(s->terminal) != getpgrp())
		tcsetpgrp(s->terminal, getpgrp()); /* SIGTTOU is blocked */
	if (s->l->pid_file && s->pid_file != -1 && s->last != READY_EXEC)
		remove_pid_file(s);
	if (s->last > READY_EXEC)
		chain_report(s->last);
	if (d.code == CLD_EXITED)
		_exit(d.status);
	die_of(s->instead && d.status == SIGKILL ? s->instead : d.status);
}

static void reap(struct launcher *s)
{
	for (;;) {
		siginfo_t i = {0};
		if (waitid(P_ALL, 0, &i, WEXITED | WSTOPPED | WNOHANG) == -1) {
			if (errno == EINTR)
				continue;
			return;
		}
		if (!i.si_pid)
			return;
		if (i.si_code == CLD_STOPPED) {
			if (i.si_pid == s->child && !s->l->init)
				stop_too(s, i.si_status);
			continue;
		}
		if (s->l->report && (i.si_pid != s->child || !s->l->init))
			report_death(&i);
		if (i.si_pid != s->child)
			continue;
		read_ready(s);
		finish(s, (struct death){i.si_code, i.si_status});
	}
}

/* Whether PID 1 blocks, ignores or catches the signal: whether sending it has any effect. */
static bool receives(const struct launcher *s, int signal_number)
{
	static const char *const lines[] = {"\nSigBlk:", "\nSigIgn:", "\nSigCgt:"};
	struct pollfd p = {.fd = s->ready};
	const bool executed = s->ready == -1 || poll(&p, 1, 0) != 0;
	char path[32];
	uint64_t set = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", s->child);
	char *text = proc_is_ours() ? read_file(path, NULL) : NULL;
	if (!text)
		return true; /* nothing better is known */
	for (int i = 0; i < 3; i++) {
		const char *line = strstr(text, lines[i]);
		uint64_t bits = line ? strtoull(line + strlen(lines[i]), NULL, 16) : 0;
		if (i == 0 && !executed)
			bits = s->start.found_mask; /* what COMMAND will block */
		set |= bits;
	}
	free(text);
	return set >> (signal_number - 1) & 1;
}

/* The kernel drops what PID 1 does not receive: do what the default action would. */
static bool emulate(struct launcher *s, int signal_number)
{
	if (!(s->l->flags & CLONE_NEWPID) || s->l->init)
		return false;
	switch (signal_number) {
	case SIGCONT:
	case SIGURG:
	case SIGWINCH: return false;
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
		if (receives(s, signal_number))
			return false;
		s->stop = signal_number;
		kill(s->child, SIGSTOP);
		return true;
	default:
		if (receives(s, signal_number))
			return false;
		s->instead = signal_number;
		kill(s->child, SIGKILL);
		return true;
	}
}

static void read_signals(struct launcher *s)
{
	struct signalfd_siginfo i;
	while (next_signal(s->signals, &i)) {
		if (i.ssi_signo == SIGCHLD)
			reap(s);
		else if (!emulate(s, (int)i.ssi_signo))
			forward_signal(s->child, &i);
	}
}

static _Noreturn void supervise(struct launcher *s)
{
	for (;;) {
		struct pollfd p[] = {
			{.fd = s->signals, .events = POLLIN},
			{.fd = s->l->detach || s->l->pid_file ? s->ready : -1,
				.events = POLLIN},
			{.fd = s->control, .events = POLLIN},
		};
		if (poll(p, 3, -1) == -1 && errno != EINTR)
			die_errno("cannot wait for signals");
		if (p[1].revents)
			read_ready(s);
		if (p[2].revents)
			read_control(s);
		if (s->stopped)
			stop_too(s, s->stopped);
		if (p[0].revents)
			read_signals(s);
	}
}

static _Noreturn void cannot_clone(const struct launch *l)
{
	int error = errno;
	warn_errno("cannot start a process%s%s", l->noun ? " in " : "", l->noun ? l->noun : "");
	if (l->flags)
		ns_hint(l->flags, error);
	else if (l->noun && error == ENOMEM)
		hint("PID 1 of that namespace has exited: nothing can start in it any more");
	if (error == EAGAIN)
		hint("a limit on processes is reached: RLIMIT_NPROC, a cgroup's pids.max or "
		     "kernel.pid_max");
	fail(EXIT_TOOL);
}

static struct launcher s;

void launch_open(const struct launch *l)
{
	s = (struct launcher){.l = l,
		.ready = -1,
		.control = -1,
		.pid_file = -1,
		.pid_file_parent = -1,
		.start = {.l = l, .null = -1}};
	if (l->detach && (s.start.null = open("/dev/null", O_RDWR | O_CLOEXEC)) == -1)
		die_errno("cannot open '/dev/null'");
	open_pid_file(&s);
}

_Noreturn void launch(const struct launch *l, char **argv)
{
	int ready[2], control[2] = {-1, -1};
	if (!s.l)
		launch_open(l);
	s.start.argv = argv;
	start_block_signals(&s.start);
	if (pipe2(ready, O_CLOEXEC) == -1 || (l->init && init_control(control) == -1) ||
		(s.signals = signalfd_of(s.start.blocked)) == -1)
		die_errno("cannot set up the launcher");
	s.ready = ready[0];
	s.report = ready[1];
	s.control = control[0];
	s.init_control = control[1];
	s.terminal = find_terminal();
	/* a child that goes on as an init, or that changes the environment, needs memory of its
	 * own */
	if (l->init || l->detach || l->pid_file || chain_ready() != -1) {
		s.child = call_clone(l->flags);
		if (s.child == 0)
			run_child(&s);
	} else {
		s.child = call_clone_sharing(l->flags, run_child, &s);
	}
	if (s.child == -1)
		cannot_clone(l);
	at_failure(undo, &s);
	close(s.report);
	if (s.init_control != -1)
		close(s.init_control);
	if (!l->detach && !l->pid_file) {
		chain_outlive();
		chain_drop_ready(); /* the child has it */
	}
	supervise(&s);
}
