/* SPDX-License-Identifier: ISC */
/*
 * mount-call SOURCE TARGET TYPE FLAG[,FLAG]... [DATA]: calls mount(2) where we are; NULL is the
 * null pointer, and a flag MS_REC is rec.
 * mount-call -u TARGET: calls umount2(2).
 * mount-call -n TYPE TARGET: mounts a new file system without mount(2): by fsopen(2),
 * fsconfig(2), fsmount(2) and move_mount(2).
 * An error is said by the name of the call and its own.
 */
#include "probe.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* As in linux/mount.h, which musl does not bring, nor does every C library the numbers. */
enum {
	CALL_MOVE_MOUNT = 429,
	CALL_FSOPEN,
	CALL_FSCONFIG,
	CALL_FSMOUNT,
	CONFIG_CREATE = 6,
	EMPTY_PATH = 4
};

static const struct {
	const char *name;
	unsigned long flag;
} flags[] = {
	{"NULL", 0},
	{"bind", MS_BIND},
	{"nodev", MS_NODEV},
	{"noexec", MS_NOEXEC},
	{"nosuid", MS_NOSUID},
	{"private", MS_PRIVATE},
	{"rdonly", MS_RDONLY},
	{"rec", MS_REC},
	{"remount", MS_REMOUNT},
	{"shared", MS_SHARED},
	{"slave", MS_SLAVE},
};

static unsigned long parse_flags(char *list)
{
	unsigned long parsed = 0;
	for (char *word; (word = strtok_r(list, ",", &list));) {
		size_t i = 0, count = sizeof(flags) / sizeof(*flags);
		while (i < count && strcmp(flags[i].name, word) != 0)
			i++;
		if (i == count)
			exit(99);
		parsed |= flags[i].flag;
	}
	return parsed;
}

static void mount_new(const char *type, const char *target)
{
	long fs = check("fsopen", syscall(CALL_FSOPEN, type, 0));
	check("fsconfig", syscall(CALL_FSCONFIG, fs, CONFIG_CREATE, NULL, NULL, 0));
	long fd = check("fsmount", syscall(CALL_FSMOUNT, fs, 0, 0));
	check("move_mount", syscall(CALL_MOVE_MOUNT, fd, "", AT_FDCWD, target, EMPTY_PATH));
}

static const char *word(const char *text)
{
	return text && strcmp(text, "NULL") != 0 ? text : NULL;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "-u") == 0)
		check("umount2", umount2(argv[2], 0));
	else if (argc == 4 && strcmp(argv[1], "-n") == 0)
		mount_new(argv[2], argv[3]);
	else if (argc == 5 || argc == 6)
		check("mount", mount(word(argv[1]), argv[2], word(argv[3]),
				       parse_flags(argv[4]), word(argv[5])));
	else
		return 99;
	return 0;
}
