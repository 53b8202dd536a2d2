/* SPDX-License-Identifier: ISC */
/*
 * processes SCRIPT: does what the words of SCRIPT say, in processes that have names; the first
 * is "main".  For each act it says a line "NAME: ACT = ANSWER", where the answer is 0 or the
 * name of an error, if it is no other.
 *
 * WHO below is the name of a process, self, parent, a number, or outer:NAME: the PID that the
 * process has in the PID namespace of /proc.
 *
 *   fork [NAME] { WORDS }   a child does WORDS; we go on when it has ended or stays
 *   clone(CLONE_NEWPID), clone(CLONE_PARENT) [NAME] { WORDS }   the same with a flag
 *   clone3(set_tid) PID [NAME] { WORDS }   with CLONE_NEWPID, and asks for this PID
 *   nest { WORDS }          clone(CLONE_NEWPID) in each other, as deep as it goes; then WORDS
 *   thread { WORDS }        in a second thread of ours
 *   stay                    waits for "go NAME" of our parent; ends when main has ended
 *   unshare                 unshare(CLONE_NEWPID)
 *   open NAME, setns NAME   join the PID namespace of NAME, opened now where it is not yet
 *   drop                    all capabilities
 *   getpid getppid          as they say
 *   level                   of our PID namespace, below that of /proc
 *   ns/pid pid_for_children   in /proc/self/ns: named after the first process in it
 *   parent NAME             who the parent of NAME is: a name or a PID
 *   state NAME              alive, zombie or gone
 *   kill WHO SIGNAL         also all of them, and others: all but KILL and STOP
 *   pidfd_open WHO, pidfd_send_signal SIGNAL
 *   sigaction SIGNAL TO     default, ignore, handler or nowait: SA_NOCLDWAIT
 *   block SIGNAL            says whether it then is blocked
 *   sigtimedwait SIGNAL     takes a blocked one, which is there or will come soon
 *   caught SIGNAL           what the handler was told: who sent it, how a child changed
 *   died NAME               waits for its death, and leaves it a zombie
 *   wait NAME               waits for a change of it, and says which
 *   fault                   SIGSEGV of our own
 *   subreaper               prctl(PR_SET_CHILD_SUBREAPER)
 *   setpgid                 setpgid(0, 0)
 *   setpriority WHO NICE, getpriority WHO
 *   reboot on|off           CAD_ON or CAD_OFF, only as PID 1 of a namespace of ours
 */
#include "probe.h"
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	MOST = 64,   /* processes */
	LEVELS = 34, /* of PID namespaces */
	SIGNALS = 64,
	SYS_CLONE3 = 435, /* on all architectures */
	SYS_PIDFD_OPEN = 434,
	SYS_PIDFD_SEND_SIGNAL = 424
};

struct process {
	char name[16];
	int pid[LEVELS]; /* from the PID namespace of /proc down to its own */
	int level;
	char namespace[32];
};

/* What all know. */
struct shared {
	struct process processes[MOST];
	int count;
};

static struct shared *all;

/* What is of each process. */
static struct process *me;
static const char *speaker;
static int up = -1;          /* to our parent */
static int life[2];          /* a pipe that ends with main */
static int channels[MOST];   /* to our children */
static int namespaces[MOST]; /* opened */
static int pidfd = -1;
static struct {
	int count, code[8], pid[8];
} seen[SIGNALS + 1];

static void run(char **words);

static _Noreturn void give_up(const char *what, const char *word)
{
	fprintf(stderr, "processes: %s: %s\n", what, word ? word : "end of script");
	exit(99);
}

static void say(const char *format, ...)
{
	char line[256];
	va_list arguments;
	int n = snprintf(line, sizeof(line), "%s: ", speaker);
	va_start(arguments, format);
	n += vsnprintf(line + n, sizeof(line) - (size_t)n - 1, format, arguments);
	va_end(arguments);
	line[n++] = '\n';
	(void)!write(STDOUT_FILENO, line, (size_t)n);
}

static const char *answer(long result)
{
	return result == -1 ? error_name(errno) : "0";
}

static struct process *find(const char *name)
{
	for (int i = all->count; name && i-- > 0;)
		if (strcmp(all->processes[i].name, name) == 0)
			return &all->processes[i];
	give_up("no such process", name);
}

static int index_of(const struct process *p)
{
	return (int)(p - all->processes);
}

static int number_of(const char *who)
{
	if (!who)
		give_up("too few words", who);
	const bool outer = strncmp(who, "outer:", 6) == 0;
	if (strcmp(who, "self") == 0)
		return getpid();
	if (strcmp(who, "parent") == 0)
		return getppid();
	if (strchr("-0123456789", *who))
		return atoi(who);
	const struct process *p = find(outer ? who + 6 : who);
	return p->pid[outer || p->level < me->level ? 0 : me->level];
}

static const struct {
	const char *name;
	int number;
} signals[] = {
	{"HUP", SIGHUP},
	{"KILL", SIGKILL},
	{"USR1", SIGUSR1},
	{"SEGV", SIGSEGV},
	{"TERM", SIGTERM},
	{"CHLD", SIGCHLD},
	{"CONT", SIGCONT},
	{"STOP", SIGSTOP},
	{"0", 0},
};

static int signal_number(const char *name)
{
	for (size_t i = 0; name && i < sizeof(signals) / sizeof(*signals); i++)
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	give_up("unknown signal", name);
}

static const char *signal_name(int number)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (signals[i].number == number)
			return signals[i].name;
	return "another signal";
}

/* FIELD of the status of PID; false when there is no such process. */
static bool read_status(int pid, const char *field, char value[256])
{
	char path[64], line[256];
	bool found = false;
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	FILE *f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		if (strncmp(line, field, strlen(field)) == 0) {
			strcpy(value, line + strlen(field));
			found = true;
		}
	if (f)
		fclose(f);
	return found;
}

static bool read_namespace(const char *file, char name[32])
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/thread-self/ns/%s", file);
	const ssize_t n = readlink(path, name, 31);
	name[n == -1 ? 0 : n] = '\0';
	return n != -1;
}

/* Whoever of the processes was first in it. */
static const char *owner_of(const char *namespace)
{
	for (int i = 0; i < all->count; i++)
		if (strcmp(all->processes[i].namespace, namespace) == 0)
			return all->processes[i].name;
	return "another's";
}

static int proc_self(void)
{
	char pid[16] = "";
	return readlink("/proc/self", pid, sizeof(pid) - 1) == -1 ? -1 : atoi(pid);
}

static void introduce(struct process *p)
{
	char pids[256], *rest = pids;
	me = p;
	speaker = p->name;
	memset(seen, 0, sizeof(seen));
	if (!read_status(proc_self(), "NSpid:", pids) || !read_namespace("pid", p->namespace))
		give_up("cannot read", "/proc/self");
	p->level = -1;
	for (char *word; p->level < LEVELS - 1 && (word = strtok_r(rest, " \t\n", &rest));)
		p->pid[++p->level] = atoi(word);
}

/* WORDS begins with "{"; what comes after its "}". */
static char **behind(char **words)
{
	int depth = 0;
	do {
		if (!*words || (depth == 0 && strcmp(*words, "{") != 0))
			give_up("not a block", *words);
		if (strcmp(*words, "{") == 0)
			depth++;
		else if (strcmp(*words, "}") == 0)
			depth--;
		words++;
	} while (depth > 0);
	return words;
}

/* As struct clone_args; arguments that are not needed are left out. */
struct arguments {
	uint64_t flags, unused1[3], exit_signal, unused2[3], set_tid, set_tid_size;
};

/* A child as with fork(2); set_tid is 0 or its PID. */
static long make_child(unsigned long flags, int set_tid)
{
	struct arguments arguments = {.flags = flags,
		.exit_signal = SIGCHLD,
		.set_tid = (uint64_t)(uintptr_t)&set_tid,
		.set_tid_size = 1};
	if (set_tid)
		return syscall(SYS_CLONE3, &arguments, sizeof(arguments));
	return syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* Whether PROCESS, a child that we have started or told to go on, stays. */
static bool await(const struct process *p)
{
	char byte;
	return read(channels[index_of(p)], &byte, 1) == 1;
}

/* 0 in the child, which is PROCESS now. */
static long start(const char *name, struct process **p, unsigned long flags, int set_tid)
{
	int pair[2];
	if (all->count == MOST || strlen(name) >= sizeof((*p)->name))
		give_up("too much", name);
	*p = &all->processes[all->count++];
	strcpy((*p)->name, name);
	check("socketpair", socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
	const long pid = make_child(flags, set_tid);
	if (pid == 0) {
		for (int i = 0; i < MOST; i++)
			if (channels[i] != -1) {
				close(channels[i]);
				channels[i] = -1;
			}
		close(up);
		close(life[1]);
		close(pair[0]);
		life[1] = -1;
		up = pair[1];
		introduce(*p);
		return 0;
	}
	const int error = errno;
	close(pair[1]);
	channels[index_of(*p)] = pair[0];
	errno = error;
	return pid;
}

static char **child(char **words, unsigned long flags, int set_tid)
{
	struct process *p;
	const char *call = words[set_tid ? -2 : -1], *name = "child";
	if (*words && strcmp(*words, "{") != 0)
		name = *words++;
	if (strcmp(name, "self") == 0 || strcmp(name, "parent") == 0)
		give_up("not a name", name);
	char **next = behind(words);
	const long pid = start(name, &p, flags, set_tid);
	if (pid == 0) {
		run(words + 1);
		_exit(0);
	}
	if (pid == -1)
		say("%s = %s", call, answer(pid));
	else
		await(p);
	return next;
}

static char **do_fork(char **words)
{
	return child(words, 0, 0);
}

static char **do_clone_newpid(char **words)
{
	return child(words, CLONE_NEWPID, 0);
}

static char **do_clone_parent(char **words)
{
	return child(words, CLONE_PARENT, 0);
}

static char **do_clone3(char **words)
{
	return child(words + 1, CLONE_NEWPID, number_of(*words));
}

static char **do_stay(char **words)
{
	char byte;
	if (up == -1)
		return words;
	(void)!write(up, "", 1);
	if (read(up, &byte, 1) == 1)
		return words;
	(void)!read(life[0], &byte, 1); /* our parent has ended */
	_exit(0);
}

static char **do_go(char **words)
{
	const struct process *p = find(*words);
	send(channels[index_of(p)], "", 1, MSG_NOSIGNAL);
	await(p);
	return words + 1;
}

static void deeper(char **block)
{
	struct process *p;
	const long pid = start("deepest", &p, CLONE_NEWPID, 0);
	if (pid == -1) {
		say("clone(CLONE_NEWPID) = %s", answer(pid));
		run(block);
	} else if (pid == 0) {
		deeper(block);
		_exit(0);
	} else if (await(p)) {
		do_stay(block);
	}
}

static char **do_nest(char **words)
{
	deeper(words + 1);
	return behind(words);
}

static int end_of_thread;

static int run_thread(void *words)
{
	speaker = "thread";
	run(words);
	speaker = me->name;
	(void)!write(end_of_thread, "", 1);
	return 0;
}

/* Not by pthread_create(3), whose error is not the kernel's in musl.  We only wait then. */
static char **do_thread(char **words)
{
	static _Alignas(16) char stack[65536];
	int ends[2];
	char byte;
	check("pipe2", pipe2(ends, O_CLOEXEC));
	end_of_thread = ends[1];
	const int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;
	if (clone(run_thread, stack + sizeof(stack), flags, words + 1) == -1)
		say("thread = %s", answer(-1));
	else
		(void)!read(ends[0], &byte, 1);
	close(ends[0]);
	close(ends[1]);
	return behind(words);
}

static char **do_unshare(char **words)
{
	say("unshare = %s", answer(unshare(CLONE_NEWPID)));
	return words;
}

static char **do_open(char **words)
{
	char path[64];
	const struct process *p = find(*words);
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", p->pid[0]);
	namespaces[index_of(p)] = (int)check("open", open(path, O_RDONLY | O_CLOEXEC));
	return words + 1;
}

static char **do_setns(char **words)
{
	const int i = index_of(find(*words));
	if (namespaces[i] == -1)
		do_open(words);
	say("setns %s = %s", *words, answer(setns(namespaces[i], CLONE_NEWPID)));
	return words + 1;
}

/* As struct __user_cap_header_struct and, twice, struct __user_cap_data_struct. */
static char **do_drop(char **words)
{
	struct {
		uint32_t version;
		int pid;
	} header = {0x20080522, 0};
	const uint32_t none[6] = {0};
	check("capset", syscall(SYS_capset, &header, none));
	return words;
}

static char **do_getpid(char **words)
{
	say("getpid = %d", getpid());
	return words;
}

static char **do_getppid(char **words)
{
	say("getppid = %d", getppid());
	return words;
}

static char **do_level(char **words)
{
	say("level = %d", me->level);
	return words;
}

static char **say_namespace(char **words, const char *file)
{
	char name[32];
	const bool known = read_namespace(file, name);
	say("%s = %s", words[-1], known ? owner_of(name) : answer(-1));
	return words;
}

static char **do_ns_pid(char **words)
{
	return say_namespace(words, "pid");
}

static char **do_pid_for_children(char **words)
{
	return say_namespace(words, "pid_for_children");
}

static char **do_parent(char **words)
{
	char value[256] = "", number[16];
	read_status(find(*words)->pid[0], "PPid:", value);
	const int pid = atoi(value);
	const char *who = number;
	snprintf(number, sizeof(number), "%d", pid);
	for (int i = 0; i < all->count; i++)
		if (all->processes[i].pid[0] == pid)
			who = all->processes[i].name;
	say("parent %s = %s", *words, who);
	return words + 1;
}

static char **do_state(char **words)
{
	char value[256] = "\tX";
	const char *state = "alive";
	read_status(find(*words)->pid[0], "State:", value);
	if (value[1] == 'Z')
		state = "zombie";
	else if (value[1] == 'X') /* or is just being removed */
		state = "gone";
	say("state %s = %s", *words, state);
	return words + 1;
}

static char **do_kill(char **words)
{
	if (!words[0] || !words[1])
		give_up("too few words", "kill");
	const int pid = number_of(words[0]);
	const bool others = strcmp(words[1], "others") == 0;
	int sent = 0;
	if (!others && strcmp(words[1], "all") != 0) {
		say("kill %s %s = %s", words[0], words[1],
			answer(kill(pid, signal_number(words[1]))));
		return words + 2;
	}
	for (int n = 1; n <= SIGNALS; n++)
		if (!others || (n != SIGKILL && n != SIGSTOP))
			sent += kill(pid, n) == 0;
	say("kill %s %s = %d times 0", words[0], words[1], sent);
	return words + 2;
}

static char **do_pidfd_open(char **words)
{
	pidfd = (int)check("pidfd_open", syscall(SYS_PIDFD_OPEN, number_of(*words), 0));
	return words + 1;
}

static char **do_pidfd_send_signal(char **words)
{
	const int n = signal_number(*words);
	say("pidfd_send_signal %s = %s", *words,
		answer(syscall(SYS_PIDFD_SEND_SIGNAL, pidfd, n, NULL, 0)));
	return words + 1;
}

static void on_signal(int n, siginfo_t *i, void *context)
{
	(void)context;
	if (seen[n].count == 8)
		return;
	seen[n].code[seen[n].count] = i->si_code;
	seen[n].pid[seen[n].count++] = i->si_pid;
}

static char **do_sigaction(char **words)
{
	const int n = signal_number(*words);
	const char *to = words[1] ? words[1] : "";
	struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_RESTART};
	if (strcmp(to, "handler") == 0) {
		action.sa_sigaction = on_signal;
		action.sa_flags |= SA_SIGINFO;
	} else if (strcmp(to, "ignore") == 0) {
		action.sa_handler = SIG_IGN;
	} else if (strcmp(to, "nowait") == 0) {
		action.sa_flags |= SA_NOCLDWAIT;
	} else if (strcmp(to, "default") != 0) {
		give_up("unknown action", to);
	}
	const int result = sigaction(n, &action, NULL);
	if (result == -1)
		say("sigaction %s = %s", *words, answer(result));
	return words + 2;
}

static char **do_block(char **words)
{
	sigset_t set;
	const int n = signal_number(*words);
	sigemptyset(&set);
	sigaddset(&set, n);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, NULL, &set);
	say("%s is %s", *words, sigismember(&set, n) ? "blocked" : "not blocked");
	return words + 1;
}

static const char *change_of(int code)
{
	switch (code) {
	case CLD_EXITED: return "exited";
	case CLD_KILLED: return "killed";
	case CLD_DUMPED: return "dumped";
	case CLD_STOPPED: return "stopped";
	case CLD_CONTINUED: return "continued";
	default: return "no change";
	}
}

static char **do_sigtimedwait(char **words)
{
	sigset_t set;
	siginfo_t i;
	const struct timespec soon = {5, 0};
	const int n = signal_number(*words);
	sigemptyset(&set);
	sigaddset(&set, n);
	if (sigtimedwait(&set, &i, &soon) != n)
		say("sigtimedwait %s = %s", *words, answer(-1));
	else if (n == SIGCHLD)
		say("sigtimedwait CHLD = %s", change_of(i.si_code));
	else
		say("sigtimedwait %s = from %d", *words, i.si_pid);
	return words + 1;
}

static char **do_caught(char **words)
{
	const int n = signal_number(*words);
	char text[128] = "";
	for (int i = 0; i < seen[n].count; i++) {
		const size_t length = strlen(text);
		if (n == SIGCHLD)
			snprintf(text + length, sizeof(text) - length, " %s",
				change_of(seen[n].code[i]));
		else
			snprintf(text + length, sizeof(text) - length, " from %d",
				seen[n].pid[i]);
	}
	say("caught %s =%s", *words, *text ? text : " none");
	seen[n].count = 0;
	return words + 1;
}

static char **do_died(char **words)
{
	siginfo_t i;
	const long result = waitid(P_PID, (id_t)number_of(*words), &i, WEXITED | WNOWAIT);
	if (result == -1)
		say("died %s = %s", *words, answer(result));
	return words + 1;
}

static char **do_wait(char **words)
{
	siginfo_t i = {0};
	const long result =
		waitid(P_PID, (id_t)number_of(*words), &i, WEXITED | WSTOPPED | WCONTINUED);
	if (result == -1)
		say("wait %s = %s", *words, answer(result));
	else if (i.si_code == CLD_EXITED)
		say("wait %s = exited %d", *words, i.si_status);
	else
		say("wait %s = %s %s", *words, change_of(i.si_code), signal_name(i.si_status));
	return words + 1;
}

static char **do_fault(char **words)
{
	prctl(PR_SET_DUMPABLE, 0); /* no core */
	*(volatile char *)mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) = 0;
	return words;
}

static char **do_subreaper(char **words)
{
	check("prctl", prctl(PR_SET_CHILD_SUBREAPER, 1));
	return words;
}

static char **do_setpgid(char **words)
{
	check("setpgid", setpgid(0, 0));
	return words;
}

static char **do_setpriority(char **words)
{
	if (!words[0] || !words[1])
		give_up("too few words", "setpriority");
	const long result = setpriority(PRIO_PROCESS, (id_t)number_of(*words), atoi(words[1]));
	say("setpriority %s = %s", *words, answer(result));
	return words + 2;
}

static char **do_getpriority(char **words)
{
	say("getpriority %s = %d", *words, getpriority(PRIO_PROCESS, (id_t)number_of(*words)));
	return words + 1;
}

/* Never in the machine's own PID namespace, where it would be about the machine's keyboard. */
static char **do_reboot(char **words)
{
	const bool on = *words && strcmp(*words, "on") == 0;
	if (getpid() != 1 || strcmp(me->namespace, all->processes[0].namespace) == 0 ||
		strcmp(me->namespace, "pid:[4026531836]") == 0)
		give_up("not PID 1 of a namespace of ours", "reboot");
	const long result =
		syscall(SYS_reboot, 0xfee1dead, 672274793, on ? 0x89abcdef : 0, NULL);
	say("reboot %s = %s", on ? "on" : "off", answer(result));
	return words + 1;
}

static const struct {
	const char *name;
	char **(*act)(char **words);
} acts[] = {
	{"fork", do_fork},
	{"clone(CLONE_NEWPID)", do_clone_newpid},
	{"clone(CLONE_PARENT)", do_clone_parent},
	{"clone3(set_tid)", do_clone3},
	{"nest", do_nest},
	{"thread", do_thread},
	{"stay", do_stay},
	{"go", do_go},
	{"unshare", do_unshare},
	{"open", do_open},
	{"setns", do_setns},
	{"drop", do_drop},
	{"getpid", do_getpid},
	{"getppid", do_getppid},
	{"level", do_level},
	{"ns/pid", do_ns_pid},
	{"pid_for_children", do_pid_for_children},
	{"parent", do_parent},
	{"state", do_state},
	{"kill", do_kill},
	{"pidfd_open", do_pidfd_open},
	{"pidfd_send_signal", do_pidfd_send_signal},
	{"sigaction", do_sigaction},
	{"block", do_block},
	{"sigtimedwait", do_sigtimedwait},
	{"caught", do_caught},
	{"died", do_died},
	{"wait", do_wait},
	{"fault", do_fault},
	{"subreaper", do_subreaper},
	{"setpgid", do_setpgid},
	{"setpriority", do_setpriority},
	{"getpriority", do_getpriority},
	{"reboot", do_reboot},
};

static void run(char **words)
{
	while (*words && strcmp(*words, "}") != 0) {
		size_t i = 0;
		while (i < sizeof(acts) / sizeof(*acts) && strcmp(acts[i].name, *words) != 0)
			i++;
		if (i == sizeof(acts) / sizeof(*acts))
			give_up("unknown word", *words);
		words = acts[i].act(words + 1);
	}
}

int main(int argc, char **argv)
{
	static char *words[512];
	int count = 0;
	if (argc != 2)
		give_up("not one word", "processes");
	for (char *word, *rest = argv[1];
		count < 510 && (word = strtok_r(rest, " \t\n", &rest));)
		words[count++] = word;
	all = mmap(
		NULL, sizeof(*all), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all == MAP_FAILED)
		give_up("no memory", "processes");
	memset(channels, -1, sizeof(channels));
	memset(namespaces, -1, sizeof(namespaces));
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int n = 1; n <= SIGNALS; n++)
		signal(n, SIG_DFL);
	check("pipe", pipe(life));
	alarm(20); /* for a world in which an answer does not come */
	strcpy(all->processes[all->count].name, "main");
	introduce(&all->processes[all->count++]);
	run(words);
	return 0;
}
