/* SPDX-License-Identifier: ISC */
/*
 * A line each what -u and -g of ns-user take: user_namespaces(7) accepts what is
 * accepted, which, printed again, is the same.
 */
enum {
	WAYS = 1
};
#include "tests/fuzz/fuzz.h"

#define execvp(file, argv) look_at_helper(argv)
static int look_at_helper(char *const *argv);

#include "cmd/ns-user.c"
#include "common/message.c"
#include "common/number.c"

static struct map map;

/* newuidmap(1) is told the PID and the numbers of the map. */
static int look_at_helper(char *const *argv)
{
	holds(strcmp(argv[1], "12345") == 0);
	for (size_t i = 0; i < map.count; i++) {
		holds(strtoull(argv[3 * i + 2], NULL, 10) == map.ranges[i].inner);
		holds(strtoull(argv[3 * i + 3], NULL, 10) == map.ranges[i].outer);
		holds(strtoull(argv[3 * i + 4], NULL, 10) == map.ranges[i].count);
	}
	holds(!argv[3 * map.count + 2]);
	return -1;
}

static bool apart(uint64_t a, uint64_t b, const struct range *x, const struct range *y)
{
	return a + x->count - 1 < b || b + y->count - 1 < a;
}

static void check_map(const struct map *m)
{
	holds(m->count > 0 && m->count <= LINES);
	for (size_t i = 0; i < m->count; i++) {
		const struct range *x = &m->ranges[i];
		holds(x->count > 0 && x->inner + x->count - 1 < UINT32_MAX);
		holds(x->outer + x->count - 1 < UINT32_MAX);
		for (size_t j = 0; j < i; j++) {
			const struct range *y = &m->ranges[j];
			holds(apart(x->inner, y->inner, x, y) &&
				apart(x->outer, y->outer, x, y));
		}
		holds(is_mapped(m, x->outer) && is_mapped(m, x->outer + x->count - 1));
	}
}

static void try_input(int way, char *text, size_t length)
{
	static struct map again;
	static struct range ranges[LINES], ranges_again[LINES];
	char *line, *rest = text;
	(void)way, (void)length;
	map = again = (struct map){.noun = "UID", .helper = "newuidmap", .own = 1000};
	map.ranges = ranges;
	again.ranges = ranges_again;
	while ((line = strsep(&rest, "\n")))
		if (*line)
			parse_range(&map, line);
	if (!map.count)
		return;
	check_map(&map);
	finish_map(&map);
	holds(strlen(map.text) < 4096);
	/* a line each, in the same order */
	char *copy = strdup(map.text);
	holds(copy);
	for (rest = copy; (line = strsep(&rest, "\n")) && *line;) {
		for (char *p = line; *p; p++)
			if (*p == ' ')
				*p = ':';
		parse_range(&again, line);
	}
	holds(again.count == map.count);
	holds(memcmp(again.ranges, map.ranges, map.count * sizeof(*map.ranges)) == 0);
	run_helper(&map, "12345");
}
