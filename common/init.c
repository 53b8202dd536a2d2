/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/call.h"
#include "common/chain.h"
#include "common/init.h"
#include "common/listing.h"
#include "common/message.h"
#include "common/ns.h"
#include "common/signals.h"

void start_block_signals(struct start *s)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
	const struct sigaction standard = {.sa_handler = SIG_DFL};
	s->blocked = ~UINT64_C(0);
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
		s->blocked &= ~SIGNAL_BIT(faults[i]);
	s->found_mask = mask_signals(SIG_SETMASK, s->blocked);
	/* ignored by the caller, it would make waitid(2) fail with ECHILD */
	if (sigaction(SIGCHLD, &standard, &s->found_child) == -1)
		die_errno("cannot set what SIGCHLD does");
}

_Noreturn void start_command(const struct start *s)
{
	if (s->l->setsid && setsid() == -1)
		die_errno("cannot make a session");
	if (s->null != -1 &&
		(dup2(s->null, STDIN_FILENO) == -1 || dup2(s->null, STDOUT_FILENO) == -1))
		die_errno("cannot redirect to '/dev/null'");
	if (sigaction(SIGCHLD, &s->found_child, NULL) == -1)
		die_errno("cannot set what SIGCHLD does");
	mask_signals(SIG_SETMASK, s->found_mask);
	chain(s->argv, s->l->other_root);
}

bool next_signal(int signals, struct signalfd_siginfo *i)
{
	do
		if (read(signals, i, sizeof(*i)) != sizeof(*i))
			return false;
	while (i->ssi_signo == SIGPIPE && i->ssi_pid == (uint32_t)getpid());
	return true;
}

/* Whether the terminal, or the kernel for it, sends this to a whole process group. */
static bool is_of_terminal(int n)
{
	switch (n) {
	case SIGINT:
	case SIGQUIT:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU:
	case SIGWINCH: return true;
	case SIGHUP:
	case SIGCONT: return getsid(0) != getpid(); /* of a hang-up, to the leader only */
	default: return false; /* a timer or a limit that we have inherited */
	}
}

void forward_signal(pid_t pid, const struct signalfd_siginfo *i)
{
	int n = (int)i->ssi_signo;
	if (i->ssi_code == SI_KERNEL && is_of_terminal(n) && getpgid(pid) == getpgrp())
		return;
	const union sigval value = {.sival_ptr = (void *)(uintptr_t)i->ssi_ptr};
	if (i->ssi_code != SI_QUEUE || sigqueue(pid, n, value) == -1)
		kill(pid, n);
}

void report_death(const siginfo_t *i)
{
	char line[64];
	int length = snprintf(line, sizeof(line),
		i->si_code == CLD_EXITED ? "*** pid %d exit with status %d\n"
					 : "*** pid %d exit by %d signal\n",
		i->si_pid, i->si_status);
	(void)write_all(STDERR_FILENO, line, (unsigned long)length);
}

int init_control(int control[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, control);
}

bool init_read(int control, struct death *d)
{
	ssize_t n = read(control, d, sizeof(*d));
	return n == sizeof(*d) || (n == -1 && (errno == EAGAIN || errno == EINTR));
}

/*
 * A mount namespace of our own, with nothing in it: neither /proc/1/root nor a
 * join of PID 1 leads to what COMMAND has left behind by a pivot_root(2).
 */
static void empty_root(void)
{
	/* "/.." is what is mounted over the root directory, "/" is not */
	ns_unshare(NS_MNT);
	if (call_mount("tmpfs", "/", "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
		    "size=4k,nr_inodes=2,mode=555") == -1 ||
		call_chdir("/..") == -1 || call_pivot_root(".", ".") == -1 ||
		call_umount2(".", MNT_DETACH) == -1 || call_chdir("/") == -1)
		die_errno("cannot give the init an empty root");
}

/*
 * Closes inherited descriptors: those of directories would lead out of the empty
 * root by /proc/1/fd.  list is /proc/self/fd where close_range(2) is missing, else -1.
 */
static void close_all_but(int a, int b, int list)
{
	const unsigned low = (unsigned)(a < b ? a : b), high = (unsigned)(a < b ? b : a);
	if (list == -1) {
		if ((low > 3 && syscall(SYS_close_range, 3, low - 1, 0) == -1) ||
			(high > low + 1 &&
				syscall(SYS_close_range, low + 1, high - 1, 0) == -1) ||
			syscall(SYS_close_range, high + 1, ~0U, 0) == -1)
			die_errno("cannot close the init's descriptors");
		return;
	}
	struct listing l = {.fd = list};
	for (const char *name; (name = next_name(&l));) {
		int fd = atoi(name);
		if (fd > STDERR_FILENO && fd != a && fd != b && fd != list)
			close(fd);
	}
	if (errno)
		die_errno("cannot list the open descriptors in '/proc/self/fd'");
	close(list);
}

/*
 * A directory or a namespace as 0, 1 or 2 would lead out of the empty root, too, and a
 * pipe would stay open after a detached COMMAND's launcher has gone.  The end of a
 * pipe that leads nowhere takes their place, of standard error's last: until then a failure can
 * be said.  What can be written to stays where deaths are reported.
 */
static void drop_standard(const struct start *s, int first, int last, int dead)
{
	for (int fd = first; fd <= last; fd++)
		if ((fd != STDERR_FILENO || !s->l->report || write(fd, "", 0) == -1) &&
			dup2(dead, fd) == -1)
			die_errno("cannot close the init's standard descriptors");
}

static void tell(int control, int code, int status)
{
	const struct death d = {code, status};
	if (control != -1)
		(void)write_all(control, &d, sizeof(d));
}

static void reap_all(const struct start *s, pid_t command, int control)
{
	for (;;) {
		siginfo_t i = {0};
		if (waitid(P_ALL, 0, &i, WEXITED | WSTOPPED | WCONTINUED | WNOHANG) == -1) {
			if (errno == EINTR)
				continue;
			return;
		}
		if (!i.si_pid)
			return;
		const bool going_on = i.si_code == CLD_STOPPED || i.si_code == CLD_CONTINUED;
		if (!going_on && s->l->report)
			report_death(&i);
		if (i.si_pid != command)
			continue;
		if (i.si_code == CLD_EXITED)
			_exit(i.si_status); /* which tells the launcher, too */
		tell(control, i.si_code, i.si_status);
		if (!going_on)
			_exit(128 + i.si_status);
	}
}

static _Noreturn void serve(const struct start *s, pid_t command, int control, int signals)
{
	for (;;) {
		struct pollfd p[] = {
			{.fd = signals, .events = POLLIN},
			{.fd = control, .events = POLLIN},
		};
		struct signalfd_siginfo i;
		poll(p, 2, -1);
		if (p[1].revents) {
			char byte = 0;
			ssize_t n = read(control, &byte, 1);
			if (n == 1 && byte == CONTROL_DETACH) {
				close(control);
				control = -1;
			} else if (n == 0) {
				_exit(128 + SIGKILL); /* the launcher was killed */
			}
		}
		while (p[0].revents && next_signal(signals, &i)) {
			if (i.ssi_signo == SIGCHLD)
				reap_all(s, command, control);
			else
				forward_signal(command, &i);
		}
	}
}

_Noreturn void init_run(const struct start *s, int control)
{
	int go[2];
	char byte;
	int signals = signalfd_of(s->blocked);
	if (signals == -1 || pipe2(go, O_CLOEXEC) == -1)
		die_errno("cannot set up the init");
	pid_t command = call_clone(0);
	if (command == -1)
		die_errno("cannot start a process under the init");
	if (command == 0) {
		close(go[1]);
		ssize_t n;
		while ((n = read(go[0], &byte, 1)) == -1 && errno == EINTR)
			;
		if (n == 1)
			start_command(s);
		if (n == -1)
			die_errno("cannot wait for the init");
		_exit(EXIT_TOOL); /* it has said why */
	}
	int list = -1;
	if (syscall(SYS_close_range, ~0U, ~0U, 0) == -1 &&
		(list = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		die_errno("cannot list the open descriptors in '/proc/self/fd'");
	empty_root();
	chain_drop_ready();
	drop_standard(s, STDIN_FILENO, STDIN_FILENO, go[1]);
	close_all_but(signals, control, list);
	drop_standard(s, STDOUT_FILENO, STDERR_FILENO, STDIN_FILENO);
	if (write_all(STDIN_FILENO, "", 1) == -1) /* only now may COMMAND look at us */
		_exit(EXIT_TOOL);                 /* it was killed */
	serve(s, command, control, signals);
}
