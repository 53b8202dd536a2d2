/* SPDX-License-Identifier: ISC */
/*
 * enter-namespaces PID TYPE...: goes by setns(2) into these namespaces of that process, one
 * after the other; says of each whom that has moved: as "uts caller", "pid child" (only our
 * next one), "uts nobody", or the error's name.
 * enter-namespaces wrong: says the errors for what is no namespace, or one of another type.
 */
#include "probe.h"
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MOST = 8
};

/* Of the /proc that we have now: in another mount namespace it may be another one. */
static int proc;

static int is_in(const char *type, const char *target)
{
	char path[64], name[64] = "";
	snprintf(path, sizeof(path), "self/ns/%s", type);
	return readlinkat(proc, path, name, sizeof(name) - 1) != -1 &&
	       strcmp(name, target) == 0;
}

static int is_child_in(const char *type, const char *target)
{
	int status = 0;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		_exit(is_in(type, target));
	return pid != -1 && waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 1;
}

static void say_errors(void)
{
	int uts = (int)check("open", open("/proc/self/ns/uts", O_RDONLY));
	int null = (int)check("open", open("/dev/null", O_RDONLY));
	printf("other type: %s\n", setns(uts, CLONE_NEWNET) == -1 ? error_name(errno) : "0");
	printf("no namespace: %s\n", setns(null, 0) == -1 ? error_name(errno) : "0");
	printf("no descriptor: %s\n", setns(-1, 0) == -1 ? error_name(errno) : "0");
}

int main(int argc, char **argv)
{
	int fds[MOST];
	char targets[MOST][64] = {""};
	char path[PATH_MAX];

	if (argc == 2 && strcmp(argv[1], "wrong") == 0) {
		say_errors();
		return 0;
	}
	if (argc < 3 || argc > MOST + 2)
		return 99;
	proc = (int)check("open", open("/proc", O_RDONLY | O_DIRECTORY));
	for (int i = 2; i < argc; i++) {
		snprintf(path, sizeof(path), "/proc/%s/ns/%s", argv[1], argv[i]);
		fds[i - 2] = (int)check("open", open(path, O_RDONLY));
		check("readlink", readlink(path, targets[i - 2], sizeof(*targets) - 1));
	}
	for (int i = 2; i < argc; i++) {
		const char *target = targets[i - 2];
		printf("%s ", argv[i]);
		if (setns(fds[i - 2], 0) == -1)
			puts(error_name(errno));
		else
			puts(is_in(argv[i], target)            ? "caller"
				: is_child_in(argv[i], target) ? "child"
							       : "nobody");
	}
	return 0;
}
