/* SPDX-License-Identifier: ISC */
/*
 * A subuid(5) file as ns-user -a reads it: taken is the first line for the user that
 * grants something, and no other.
 */
enum {
	WAYS = 2 /* the user has a name, or none */
};
#include "tests/fuzz/fuzz.h"

static struct passwd *find_user(void);
#define getpwuid(uid) find_user()
#define geteuid()     ((uid_t)1000)

#include "cmd/ns-user.c"
#include "common/message.c"
#include "common/number.c"

static const char *grants;
static struct passwd *user;

static struct passwd *find_user(void)
{
	return user;
}

char *read_file(const char *path, size_t *length)
{
	holds(path && !length);
	return strdup(grants);
}

char *read_all(int fd, size_t *length)
{
	(void)fd, (void)length;
	abort();
}

/* Whether a line of that length is "OWNER:FIRST:COUNT", numbers of at most ten digits, none 0.
 */
static bool read_grant(const char *line, size_t length, const char *owner, struct range *r)
{
	int end = -1;
	unsigned long long first, count;
	size_t n = strlen(owner);
	if (strncmp(line, owner, n) != 0 || strspn(line + n, ":0123456789") != length - n ||
		sscanf(line + n, ":%10llu:%10llu%n", &first, &count, &end) != 2)
		return false;
	*r = (struct range){1, first, count};
	return (size_t)end == length - n && first && count;
}

/* The first line that grants something to that user. */
static struct range first_grant(const char *owner, const char *name)
{
	struct range r = {0};
	const char *p = grants;
	while (!read_grant(p, strcspn(p, "\n"), owner, &r) &&
		!(name && read_grant(p, strcspn(p, "\n"), name, &r))) {
		p = strchr(p, '\n');
		holds(p);
		p++;
	}
	return r;
}

static void try_input(int way, char *text, size_t length)
{
	static char name[] = "wanda", number[] = "1000";
	struct passwd wanda = {.pw_name = name};
	static struct range ranges[LINES];
	static struct map map;
	(void)length;
	map = (struct map){
		.noun = "UID", .grants = "/etc/subuid", .own = 1000, .ranges = ranges};
	grants = text;
	user = way == 0 ? &wanda : NULL;
	add_range(&map, (struct range){0, map.own, 1}, "");
	add_granted(&map); /* or does not return */
	holds(map.count == 2 && map.ranges[1].inner == 1);
	const struct range r = map.ranges[1];
	holds(r.count && r.count < UINT32_MAX && r.outer + r.count <= UINT32_MAX);
	holds(r.outer > map.own || r.outer + r.count <= map.own);
	const struct range first = first_grant(number, user ? name : NULL);
	holds(memcmp(&r, &first, sizeof(r)) == 0);
	finish_map(&map);
}
