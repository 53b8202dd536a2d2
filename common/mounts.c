/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/call.h"
#include "common/explain.h"
#include "common/message.h"
#include "common/mounts.h"
#include "common/ns.h"

static const struct {
	const char *word;
	const char *option; /* of mount(8) */
	unsigned long flags;
} propagations[] = {
	[PROPAGATION_SLAVE] = {"slave", "rslave", MS_REC | MS_SLAVE},
	[PROPAGATION_PRIVATE] = {"private", "rprivate", MS_REC | MS_PRIVATE},
	[PROPAGATION_SHARED] = {"shared", "rshared", MS_REC | MS_SHARED},
	[PROPAGATION_UNCHANGED] = {"unchanged", NULL, 0},
};

enum propagation parse_propagation(const char *word)
{
	for (size_t i = 0; i < sizeof(propagations) / sizeof(propagations[0]); i++)
		if (strcmp(word, propagations[i].word) == 0)
			return (enum propagation)i;
	usage_error("propagation must be slave, private, shared or unchanged: %s", quote(word));
}

static void make_all(enum propagation p)
{
	explain_equivalent("mount --make-%s /", propagations[p].option);
	if (call_mount(NULL, "/", NULL, propagations[p].flags, NULL) == 0)
		return;
	int error = errno;
	warn_errno("cannot make all mounts %s", propagations[p].word);
	if (error == EPERM)
		hint_privilege();
	else if (error == EINVAL)
		hint("the root directory is no mount point (a chroot): bind it on itself "
		     "first, 'ns-bindmount -k -R DIR DIR', and chroot(1) into that");
	fail(EXIT_TOOL);
}

void set_propagation(enum propagation propagation)
{
	if (propagation == PROPAGATION_UNCHANGED)
		return;
	if (propagation == PROPAGATION_SHARED)
		make_all(PROPAGATION_SLAVE);
	make_all(propagation);
}

void new_mount_namespace(enum propagation propagation)
{
	ns_unshare(NS_MNT);
	set_propagation(propagation);
}

/* The kernel's struct statx, as far as stx_mnt_id; glibc and musl differ in having it. */
struct statx_fields {
	uint32_t mask, blksize;
	uint64_t attributes;
	uint32_t nlink, uid, gid;
	uint16_t mode, pad;
	uint64_t ino, size, blocks, attributes_mask;
	uint64_t times[8];
	uint32_t devices[4];
	uint64_t mnt_id;
	uint64_t spare[13];
};
enum {
	FIELD_TYPE = 0x1,              /* STATX_TYPE */
	FIELD_MNT_ID = 0x1000,         /* STATX_MNT_ID, 5.8 */
	ATTRIBUTE_MOUNT_ROOT = 0x2000, /* STATX_ATTR_MOUNT_ROOT, 5.8 */
};

bool is_mount_root(const char *path)
{
	struct statx_fields s = {0};
	if (syscall(SYS_statx, AT_FDCWD, path, 0, FIELD_TYPE, &s) == -1)
		return true;
	return s.attributes & ATTRIBUTE_MOUNT_ROOT ||
	       !(s.attributes_mask & ATTRIBUTE_MOUNT_ROOT);
}

uint64_t mount_id(int fd)
{
	struct statx_fields s = {0};
	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, FIELD_MNT_ID, &s) == -1)
		return 0;
	if (!(s.mask & FIELD_MNT_ID))
		errno = ENOSYS;
	return s.mnt_id;
}

int open_inside(int directory, const char *path, int flags)
{
	const struct open_how_arguments how = {
		.flags = (unsigned)(O_PATH | O_CLOEXEC | flags),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd;
	do /* EAGAIN: a rename elsewhere made it impossible to tell whether .. is inside */
		fd = syscall(SYS_openat2, directory, path, &how, sizeof(how));
	while (fd == -1 && (errno == EAGAIN || errno == EINTR));
	return (int)fd;
}

static void unescape(char *text)
{
	char *to = text;
	for (const char *p = text; *p;) {
		if (p[0] == '\\' && p[1] && p[2] && p[3]) {
			*to++ = (char)((p[1] - '0') * 64 + (p[2] - '0') * 8 + (p[3] - '0'));
			p += 4;
		} else {
			*to++ = *p++;
		}
	}
	*to = '\0';
}

bool next_mount(char **rest, struct mount_line *line)
{
	/* ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG:N]... - TYPE SOURCE SUPEROPTIONS */
	char *text = *rest, *fields[6];
	size_t length = strcspn(text, "\n");
	if (!length)
		return false;
	*rest = text + length + (text[length] == '\n');
	text[length] = '\0';
	for (int i = 0; i < 6; i++) {
		fields[i] = text;
		text = strchr(text, ' ');
		if (!text)
			return false;
		*text++ = '\0';
	}
	line->shared = false;
	while (*text && *text != '-') {
		line->shared |= strncmp(text, "shared:", 7) == 0;
		text = strchr(text, ' ');
		if (!text)
			return false;
		text++;
	}
	if (strncmp(text, "- ", 2) != 0)
		return false;
	line->type = text + 2;
	line->type[strcspn(line->type, " ")] = '\0';
	line->id = strtoull(fields[0], NULL, 10);
	line->parent = strtoull(fields[1], NULL, 10);
	line->root = fields[3];
	line->point = fields[4];
	unescape(line->root);
	unescape(line->point);
	return true;
}
