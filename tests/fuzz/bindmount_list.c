/* SPDX-License-Identifier: ISC */
/*
 * The LIST of ns-bindmount -f, without and with -0: what is accepted, printed
 * again, is the same.
 */
enum {
	WAYS = 2
};
#include "tests/fuzz/fuzz.h"

#include "cmd/ns-bindmount.c"
#include "common/message.c"

static void parse(struct binds *b, char *text, size_t length, bool null)
{
	if (null)
		parse_words(b, text, length, "-");
	else
		parse_lines(b, text, length, "-");
}

/* Returns the end of what it printed. */
static char *print_entry(char *p, const struct entry *e, bool null)
{
	const int end = null ? '\0' : '\t';
	p += sprintf(p, "%s%c%s%c", e->source, end, e->target, end);
	if (null)
		return p;
	p = stpcpy(p, "rw");
	for (size_t i = 0; i < sizeof(mount_options) / sizeof(*mount_options); i++)
		if (e->attributes & mount_options[i].set)
			p += sprintf(p, ",%s", mount_options[i].name);
	return stpcpy(p, "\n");
}

static void try_input(int way, char *text, size_t length)
{
	const bool null = way == 1;
	struct binds b = {.attributes = MOUNT_ATTR_NODEV}, again = {0};
	parse(&b, text, length, null);
	holds(b.count <= length);
	char *printed = malloc(length + 64 * b.count + 1), *end = printed;
	holds(printed);
	for (size_t i = 0; i < b.count; i++) {
		const struct entry *e = &b.entries[i];
		holds(*e->source && *e->target && (null || *e->source != '#'));
		holds(null || !strpbrk(e->source, "\t\n"));
		holds(null || !strpbrk(e->target, "\t\n"));
		holds(e->attributes & MOUNT_ATTR_NODEV);
		end = print_entry(end, e, null);
	}
	*end = '\0';
	parse(&again, printed, (size_t)(end - printed), null);
	holds(again.count == b.count);
	for (size_t i = 0; i < b.count; i++) {
		holds(strcmp(again.entries[i].source, b.entries[i].source) == 0);
		holds(strcmp(again.entries[i].target, b.entries[i].target) == 0);
		holds(null || again.entries[i].attributes == b.entries[i].attributes);
	}
}
