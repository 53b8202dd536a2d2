/* SPDX-License-Identifier: ISC */
/*
 * /proc/PID/mountinfo: the lines that are understood, printed as the kernel would,
 * are understood the same.
 */
enum {
	WAYS = 1
};
#include "tests/fuzz/fuzz.h"

#include "common/message.c"
#include "common/mounts.c"
#include "common/tool.h"

const struct tool tool = {.name = "mountinfo"};

/* As proc(5) has it: space, tab, newline and \ are \ooo.  Returns the end. */
static char *print_escaped(char *p, const char *text)
{
	for (; *text; text++)
		if (strchr(" \t\n\\", *text))
			p += sprintf(p, "\\%03o", (unsigned char)*text);
		else
			*p++ = *text;
	*p++ = ' ';
	return p;
}

static char *print_mount(const struct mount_line *m)
{
	size_t size = 4 * (strlen(m->root) + strlen(m->point)) + strlen(m->type) + 100;
	char *line = malloc(size), *p = line;
	holds(line);
	p += sprintf(
		p, "%llu %llu 8:1 ", (unsigned long long)m->id, (unsigned long long)m->parent);
	p = print_escaped(p, m->root);
	p = print_escaped(p, m->point);
	sprintf(p, "rw,relatime master:7 %s- %s none rw\n", m->shared ? "shared:3 " : "",
		m->type);
	return line;
}

static void try_input(int way, char *text, size_t length)
{
	struct mount_line m, again;
	const char *end = text + length;
	(void)way;
	for (char *rest = text, *line = text; next_mount(&rest, &m); line = rest) {
		holds(rest > line && rest <= end);
		holds(line < m.root && m.root + strlen(m.root) < m.point);
		holds(m.point + strlen(m.point) < m.type && m.type + strlen(m.type) <= rest);
		holds(!strpbrk(m.type, " \n"));
		char *printed = print_mount(&m), *next = printed;
		holds(next_mount(&next, &again) && !*next);
		holds(again.id == m.id && again.parent == m.parent && again.shared == m.shared);
		holds(strcmp(again.root, m.root) == 0 && strcmp(again.point, m.point) == 0);
		holds(strcmp(again.type, m.type) == 0);
		free(printed);
	}
}
