/* SPDX-License-Identifier: ISC */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/chain.h"
#include "common/explain.h"
#include "common/listing.h"
#include "common/message.h"

#define DEFAULT_PATH "/usr/local/bin:/bin:/usr/bin"

extern char **environ;

static const char *const our_tools[] = {TOOL_NAMES};

static int ready = -1;
static bool outlive; /* the launcher is to leave COMMAND behind */

/* Cuts digits and the character behind them off *text; false when there are none. */
static bool cut_number(const char **text, char end, unsigned long long *number)
{
	char *rest;
	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	*number = strtoull(*text, &rest, 10);
	if (errno || *rest != end)
		return false;
	*text = rest + 1;
	return true;
}

/* fstat(2); false only when there is no such descriptor. */
static bool is_open(int fd, struct stat *s)
{
	if (fstat(fd, s) == 0)
		return true;
	if (errno != EBADF)
		die_errno("cannot look at descriptor %d", fd);
	return false;
}

void chain_start(void)
{
	const char *text = getenv("NS_READY");
	unsigned long long fd, device, inode, detach;
	struct stat s;
	if (!text)
		return;
	if (cut_number(&text, ':', &fd) && cut_number(&text, ':', &device) &&
		cut_number(&text, ':', &inode) && cut_number(&text, '\0', &detach) &&
		fd > STDERR_FILENO && fd <= INT_MAX && is_open((int)fd, &s) &&
		S_ISFIFO(s.st_mode) && s.st_dev == device && s.st_ino == inode) {
		if (fcntl((int)fd, F_SETFD, FD_CLOEXEC) == -1)
			die_errno("cannot take over a pipe");
		ready = (int)fd;
		outlive = detach;
	} else
		unsetenv("NS_READY");
}

int chain_ready(void)
{
	return ready;
}

void chain_set_ready(int fd, bool detach)
{
	struct stat s;
	char text[96];
	if (fstat(fd, &s) == -1)
		die_errno("cannot look at a pipe");
	snprintf(text, sizeof(text), "%d:%llu:%llu:%d", fd, (unsigned long long)s.st_dev,
		(unsigned long long)s.st_ino, detach);
	if (setenv("NS_READY", text, 1) == -1)
		die_errno("cannot add to the environment");
	ready = fd;
	outlive = detach;
}

void chain_outlive(void)
{
	if (outlive && prctl(PR_SET_PDEATHSIG, 0) == -1)
		die_errno("cannot outlive the launcher");
}

void chain_drop_ready(void)
{
	if (ready != -1)
		close(ready);
	ready = -1;
	unsetenv("NS_READY");
}

bool chain_report(unsigned char byte)
{
	if (ready == -1)
		return true;
	/* The caller's disposition of SIGPIPE is COMMAND's: it is put back. */
	struct sigaction ignore = {.sa_handler = SIG_IGN}, found;
	sigaction(SIGPIPE, &ignore, &found);
	int result = write_all(ready, &byte, 1), saved = errno;
	sigaction(SIGPIPE, &found, NULL);
	errno = saved;
	return result == 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static bool is_our_tool(const char *path)
{
	for (size_t i = 0; i < sizeof(our_tools) / sizeof(our_tools[0]); i++)
		if (strcmp(base_name(path), our_tools[i]) == 0)
			return true;
	return false;
}

/* Hands the pipe on to a tool of ours; for any other program it is closed by execve(2). */
static void pass_ready(const char *command)
{
	if (ready == -1)
		return;
	if (is_our_tool(command)) {
		if (fcntl(ready, F_SETFD, 0) == -1)
			die_errno("cannot hand on a pipe");
		return;
	}
	unsetenv("NS_READY");
	chain_outlive();
	if (chain_report(READY_EXEC))
		return;
	if (errno != EPIPE) /* the launcher is gone, so nobody wants COMMAND */
		warn_errno("cannot report to the launcher");
	fail(EXIT_TOOL);
}

/*
 * Puts the next candidate of the PATH search into path.  Returns false at the
 * end; one that is too long comes as an empty path.
 */
static bool next_candidate(const char **search, const char *name, char path[PATH_MAX])
{
	if (!*search)
		return false;
	const char *directory = *search;
	size_t length = strcspn(directory, ":");
	*search = directory[length] ? directory + length + 1 : NULL;
	int n = snprintf(
		path, PATH_MAX, "%.*s%s%s", (int)length, directory, length ? "/" : "", name);
	if (n < 0 || n >= PATH_MAX)
		path[0] = '\0';
	return true;
}

/* Writes the interpreter of an ELF program or a script into text; false when there is none. */
static bool read_interpreter(const char *path, char *text, size_t size)
{
	unsigned char head[512];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	ssize_t length = pread(fd, head, sizeof(head) - 1, 0);
	text[0] = '\0';
	if (length > 2 && head[0] == '#' && head[1] == '!') {
		head[length] = '\0';
		char *word = (char *)head + 2 + strspn((char *)head + 2, " \t");
		snprintf(text, size, "%.*s", (int)strcspn(word, " \t\n"), word);
	} else if (length >= (ssize_t)sizeof(Elf64_Ehdr) &&
		   memcmp(head, ELFMAG, SELFMAG) == 0) {
		Elf64_Ehdr e;
		Elf32_Ehdr small;
		memcpy(&e, head, sizeof(e));
		memcpy(&small, head, sizeof(small));
		bool wide = e.e_ident[EI_CLASS] == ELFCLASS64;
		unsigned count = wide ? e.e_phnum : small.e_phnum;
		for (unsigned i = 0; i < count && !text[0]; i++) {
			Elf64_Phdr p = {0};
			Elf32_Phdr q = {0};
			if (wide)
				(void)!pread(
					fd, &p, sizeof(p), (off_t)(e.e_phoff + i * sizeof(p)));
			else
				(void)!pread(fd, &q, sizeof(q),
					(off_t)(small.e_phoff + i * sizeof(q)));
			if ((wide ? p.p_type : q.p_type) != PT_INTERP)
				continue;
			size_t n = wide ? p.p_filesz : q.p_filesz;
			ssize_t got = pread(fd, text, n < size ? n : size - 1,
				(off_t)(wide ? p.p_offset : q.p_offset));
			text[got > 0 ? got : 0] = '\0';
		}
	}
	close(fd);
	return text[0] != '\0';
}

static bool is_empty(const char *directory)
{
	struct listing list = {.fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	bool empty = !next_name(&list) && !errno;
	close(list.fd);
	return empty;
}

static void hint_not_found(
	const char *name, const char *path, const char *search, bool other_root)
{
	char interpreter[256];
	if (path && access(path, F_OK) == 0) {
		if (read_interpreter(path, interpreter, sizeof(interpreter)))
			hint("%s is there, but its interpreter %s%s is not", quote(path),
				quote(interpreter),
				access(interpreter, F_OK) == 0 ? ", or what that needs," : "");
	} else if (other_root && is_empty("/")) {
		hint("the new root is empty: is it the one of an init (ns-pidlab -i)? its child's is not");
	} else if (other_root && is_our_tool(name)) {
		hint("the tools are not in the new root: put what switches the root last in "
		     "the chain");
	} else if (other_root && search) {
		hint("in the new root it is in no directory of PATH, %s", quote(search));
	}
}

static bool is_elf(const char *path)
{
	char head[SELFMAG];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool elf = fd != -1 && read(fd, head, SELFMAG) == SELFMAG &&
		   memcmp(head, ELFMAG, SELFMAG) == 0;
	if (fd != -1)
		close(fd);
	return elf;
}

static void hint_cannot_invoke(const char *path, int error)
{
	struct stat s;
	struct statvfs v;
	char interpreter[256];
	if (error == ENOEXEC) {
		if (is_elf(path))
			hint("it is for another kind of machine");
		else
			hint("a script needs a first line such as #!/bin/sh; or run it as: sh "
			     "%s",
				quote(path));
	} else if (error == EACCES && stat(path, &s) == 0) {
		if (S_ISDIR(s.st_mode))
			hint("%s is a directory", quote(path));
		else if (!(s.st_mode & 0111))
			hint("%s has no execute permission: chmod +x", quote(path));
		else if (statvfs(path, &v) == 0 && v.f_flag & ST_NOEXEC)
			hint("%s is on a mount with noexec", quote(path));
		else if (read_interpreter(path, interpreter, sizeof(interpreter)) &&
			 access(interpreter, X_OK) == -1)
			hint("its interpreter %s cannot be executed", quote(interpreter));
	}
}

/* execve(2); returns its errno. */
static int try_exec(const char *path, char **argv)
{
	bool say = explaining() && access(path, X_OK) == 0;
	if (say)
		explain_exec(path);
	execve(path, argv, environ);
	int error = errno;
	if (say)
		explain(-1, "execve(%s, ...)", path);
	return error;
}

static void keep_path(char **found, const char *path)
{
	free(*found);
	*found = strdup(path);
}

/*
 * Tries argv[0] in each directory of search.  Returns the errno that tells most, and in *found
 * the file that it is about, if one is there at all.  Not inline, so that a COMMAND with a
 * slash does not touch the stack for this.
 */
__attribute__((noinline)) static int try_search(const char *search, char **argv, char **found)
{
	char path[PATH_MAX];
	int result = ENOENT;
	while (next_candidate(&search, argv[0], path)) {
		int error = path[0] ? try_exec(path, argv) : ENAMETOOLONG;
		switch (error) {
		case ENOENT: /* of the file, or of its interpreter */
			if (!*found && access(path, F_OK) == 0)
				keep_path(found, path);
			break;
		case ENOTDIR:
		case ELOOP:
		case ENAMETOOLONG: break;
		default:
			if (result == ENOENT || error != EACCES)
				keep_path(found, path);
			if (error != EACCES)
				return error;
			result = error;
		}
	}
	return result;
}

_Noreturn void chain(char **argv, bool other_root)
{
	char shell[] = "/bin/sh", *shell_argv[] = {shell, NULL};
	if (!argv[0]) {
		char *chosen = getenv("SHELL");
		argv = shell_argv;
		if (chosen && *chosen && (!other_root || access(chosen, X_OK) == 0))
			argv[0] = chosen;
	}
	const char *search = NULL;
	char *const name = argv[0], *found = NULL;
	int error = ENOENT;
	pass_ready(name);
	if (strchr(name, '/')) {
		error = try_exec(name, argv);
		found = name;
	} else if (*name) {
		search = getenv("PATH");
		if (!search)
			search = DEFAULT_PATH;
		error = try_search(search, argv, &found);
	}
	errno = error;
	warn_errno("cannot run %s", quote(name));
	if (error == ENOENT)
		hint_not_found(name, found, search, other_root);
	else if (found)
		hint_cannot_invoke(found, error);
	fail(error == ENOENT ? EXIT_NOT_FOUND : EXIT_CANNOT_INVOKE);
}
