/* SPDX-License-Identifier: ISC */
/*
 * pty [STEP]... -- COMMAND [ARG]...
 *
 * Runs COMMAND as the foreground job of a job-control shell on a new terminal.
 * What it writes there comes on standard output; each step waits for its event:
 *
 *   see=TEXT   TEXT has come, behind what the last see= found
 *   type=TEXT  types it; ^C, ^Z, ^\ and ^D are the control characters, ^J a new line
 *   stop       the job stops: says "[stopped by N]", and the terminal is the shell's
 *   fg, bg     continues the job, in the foreground or the background
 *   kill=N     sends the signal to the job's process group
 *   resize     the window gets another size
 *   hangup     the shell goes away and the terminal with it
 *   leader     as the first step: no shell, COMMAND leads the session, as in a terminal's
 * window
 *
 * At last it waits for the end of COMMAND and says "[exit N]" or "[signal N]", and
 * "[terminal lost]" when the terminal is not the job's then.  After 20 seconds it
 * gives up with status 99.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum {
	HUNG_UP = 98
};

static int master, slave, children;
static int leads;     /* COMMAND leads the session */
static int parent[2]; /* what job is, when its shell is gone */
static pid_t job;
static char text[1 << 16];
static size_t length, seen;

static void give_up(const char *why)
{
	fprintf(stderr, "pty: %s; seen so far: %s\n", why, text);
	kill(-job, SIGKILL);
	kill(job, SIGKILL);
	_exit(99);
}

/* Waits until something happens, and takes in what has been written. */
static void take_in(void)
{
	struct pollfd p[] = {
		{.fd = master, .events = POLLIN}, {.fd = children, .events = POLLIN}};
	struct signalfd_siginfo i;
	if (poll(p, 2, 20000) == 0)
		give_up("nothing happens");
	if (p[0].revents) {
		ssize_t n = read(master, text + length, sizeof(text) - 1 - length);
		if (n > 0) {
			(void)!write(STDOUT_FILENO, text + length, (size_t)n);
			length += (size_t)n;
		}
	}
	if (p[1].revents)
		(void)!read(children, &i, sizeof(i));
}

/* Whether the job's state has changed so; leaves its end to be waited for. */
static int changed(int options, siginfo_t *i)
{
	i->si_pid = 0;
	return waitid(P_PID, (id_t)job, i, options | WNOHANG | WNOWAIT) == 0 && i->si_pid;
}

static void see(const char *wanted)
{
	siginfo_t i;
	for (;;) {
		const char *found = strstr(text + seen, wanted);
		if (found) {
			seen = (size_t)(found - text) + strlen(wanted);
			return;
		}
		if (changed(WEXITED, &i))
			give_up("the command has ended");
		take_in();
	}
}

static void type(const char *keys)
{
	for (; *keys; keys++) {
		char c = *keys;
		if (c == '^' && keys[1])
			c = (char)(*++keys & 0x1f);
		if (write(master, &c, 1) != 1)
			give_up("cannot type");
	}
}

static void wait_for_stop(void)
{
	siginfo_t i;
	while (!changed(WSTOPPED, &i)) {
		if (changed(WEXITED, &i))
			give_up("the command has ended");
		take_in();
	}
	waitid(P_PID, (id_t)job, &i, WSTOPPED);
	tcsetpgrp(slave, getpgrp());
	printf("[stopped by %d]\n", i.si_status);
	fflush(stdout);
}

static void step(const char *word)
{
	if (strncmp(word, "see=", 4) == 0) {
		see(word + 4);
	} else if (strncmp(word, "type=", 5) == 0) {
		type(word + 5);
	} else if (strcmp(word, "stop") == 0) {
		wait_for_stop();
	} else if (strcmp(word, "fg") == 0 || strcmp(word, "bg") == 0) {
		if (*word == 'f')
			tcsetpgrp(slave, job);
		kill(-job, SIGCONT);
	} else if (strncmp(word, "kill=", 5) == 0) {
		kill(-job, atoi(word + 5));
	} else if (strcmp(word, "resize") == 0) {
		ioctl(master, TIOCSWINSZ, &(struct winsize){.ws_row = 7, .ws_col = 70});
	} else if (strcmp(word, "hangup") == 0) {
		fflush(stdout);
		(void)!write(parent[1], &job, sizeof(job));
		_exit(HUNG_UP); /* the kernel sends SIGHUP to the session's leader, or for it */
	} else if (strcmp(word, "leader") != 0) {
		give_up(word);
	}
}

static void say_end(const siginfo_t *i)
{
	printf("[%s %d]\n", i->si_code == CLD_EXITED ? "exit" : "signal", i->si_status);
}

static void start_job(char **argv, const sigset_t *found)
{
	int go[2];
	char byte;
	if (pipe(go) == -1)
		give_up("no pipe");
	job = fork();
	if (job == 0) {
		close(go[1]);
		if (read(go[0], &byte, 1) != 1)
			_exit(99);
		close(go[0]);
		close(master);
		close(children);
		if (leads) {
			setsid();
			ioctl(slave, TIOCSCTTY, 0);
		}
		for (int fd = 0; fd < 3; fd++)
			dup2(slave, fd);
		close(slave);
		/* what a shell that is not interactive has ignored for us */
		for (int n = SIGHUP; n <= SIGQUIT; n++)
			signal(n, SIG_DFL);
		sigprocmask(SIG_SETMASK, found, NULL);
		execvp(argv[0], argv);
		_exit(99);
	}
	if (!leads) {
		setpgid(job, job);
		tcsetpgrp(slave, job);
	}
	(void)!write(go[1], "", 1);
	close(go[0]);
	close(go[1]);
}

static void open_terminal(void)
{
	struct termios t;
	setsid();
	master = posix_openpt(O_RDWR | O_NOCTTY);
	if (master == -1 || grantpt(master) == -1 || unlockpt(master) == -1)
		give_up("no terminal");
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	if (slave == -1 || (!leads && ioctl(slave, TIOCSCTTY, 0) == -1) ||
		tcgetattr(slave, &t) == -1)
		give_up("no controlling terminal");
	t.c_oflag &= (tcflag_t)~OPOST;
	t.c_lflag &= (tcflag_t)~ECHO;
	t.c_lflag |= NOFLSH; /* a key may not swallow what was written in that moment */
	tcsetattr(slave, TCSANOW, &t);
}

static void play(char **argv)
{
	sigset_t blocked, found;
	siginfo_t i;
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGCHLD);
	sigaddset(&blocked, SIGTTOU);
	sigprocmask(SIG_BLOCK, &blocked, &found);
	sigdelset(&blocked, SIGTTOU);
	children = signalfd(-1, &blocked, SFD_NONBLOCK);
	leads = *argv && strcmp(*argv, "leader") == 0;
	open_terminal();
	char **command = argv;
	while (*command && strcmp(*command, "--") != 0)
		command++;
	if (!*command || !command[1])
		_exit(99);
	start_job(command + 1, &found);
	for (; argv < command; argv++)
		step(*argv);
	while (!changed(WEXITED, &i))
		take_in();
	int lost = tcgetpgrp(slave) != job;
	struct pollfd p = {.fd = master, .events = POLLIN};
	while (poll(&p, 1, 0) == 1)
		take_in();
	say_end(&i);
	if (lost)
		puts("[terminal lost]");
	fflush(stdout);
	_exit(0);
}

static void end_late(int n)
{
	static const char why[] = "pty: it lives on\n";
	(void)n;
	kill(job, SIGKILL);
	(void)!write(STDERR_FILENO, why, sizeof(why) - 1);
	_exit(99);
}

int main(int argc, char **argv)
{
	int status = 0;
	siginfo_t i;
	(void)argc;
	prctl(PR_SET_CHILD_SUBREAPER, 1); /* the job is ours when its shell is gone */
	if (pipe2(parent, O_CLOEXEC) == -1)
		return 99;
	pid_t pid = fork(); /* setsid(2) refuses the leader of a process group */
	if (pid == 0)
		play(argv + 1);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (!WIFEXITED(status))
		return 99;
	if (WEXITSTATUS(status) != HUNG_UP)
		return WEXITSTATUS(status);
	if (read(parent[0], &job, sizeof(job)) != sizeof(job))
		return 99;
	signal(SIGALRM, end_late);
	alarm(20);
	if (waitid(P_ALL, 0, &i, WEXITED) == -1)
		return 99;
	say_end(&i);
	return 0;
}
