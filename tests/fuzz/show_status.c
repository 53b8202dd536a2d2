/* SPDX-License-Identifier: ISC */
/*
 * /proc/PID/status, cmdline and comm as ns-show reads them, and the link texts of
 * namespaces.  What it prints of them breaks no line and no JSON.
 */
enum {
	WAYS = 2 /* the input is that of all files, or of none but status */
};
#include "tests/fuzz/fuzz.h"

static FILE *printed;
#define printf(...)  fprintf(printed, __VA_ARGS__)
#define putchar(c)   fputc(c, printed)
#define puts(text)   fprintf(printed, "%s\n", text)
#define getpwuid(id) NULL
#undef stdout
#define stdout printed

#include "cmd/ns-show.c"
#include "common/message.c"
#include "common/number.c"

static const char *file;
static size_t file_length;
static int file_way;

char *read_file(const char *path, size_t *length)
{
	const bool found = file_way == 0 || strcmp(path, "/proc/12345/status") == 0;
	char *text = malloc(file_length + 1);
	if (!found || !text)
		return NULL;
	memcpy(text, file, file_length + 1);
	if (length)
		*length = file_length;
	return text;
}

char *read_all(int fd, size_t *length)
{
	(void)fd, (void)length;
	abort();
}

/* Takes a character of UTF-8 off *text, by the table of RFC 3629. */
static unsigned next_character(const unsigned char **text)
{
	static const unsigned first[] = {0, 0x80, 0x800, 0x10000};
	const unsigned char *p = *text;
	unsigned more = p[0] < 0x80 ? 0 : p[0] < 0xe0 ? 1 : p[0] < 0xf0 ? 2 : 3;
	unsigned character = more ? p[0] & (0x3fU >> more) : p[0];
	holds(!more || (p[0] >= 0xc0 && p[0] < 0xf8));
	for (unsigned i = 1; i <= more; i++) {
		holds((p[i] & 0xc0) == 0x80);
		character = character << 6 | (p[i] & 0x3f);
	}
	holds(character >= first[more] && character <= 0x10ffff);
	holds(character < 0xd800 || character > 0xdfff);
	*text = p + more + 1;
	return character;
}

/* Between its quotation marks: RFC 8259, and no control character at all. */
static void check_json(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	while (*p) {
		unsigned c = next_character(&p);
		holds(c >= ' ' && (c < 0x7f || c > 0x9f) && c != '"');
		if (c == '\\') {
			c = *p++;
			holds(c && strchr("\"\\u", (int)c));
			for (int i = 0; c == 'u' && i < 4; i++)
				holds(isxdigit(*p++));
		}
	}
}

/* On a line: what is no text is \ooo. */
static void check_line(const char *text)
{
	for (; *text; text++)
		holds(*text < 0 || (*text >= ' ' && *text < 0x7f));
}

static void try_print(const char *text, bool json)
{
	static char *bytes;
	static size_t length;
	printed = open_memstream(&bytes, &length);
	holds(printed);
	print_text(text, json);
	holds(fclose(printed) == 0);
	if (json)
		check_json(bytes);
	else
		check_line(bytes);
	(free)(bytes);
}

static void try_process(void)
{
	struct process p;
	known = NULL;
	if (!read_status(12345, &p))
		return;
	holds(p.levels > 0 && p.levels <= LEVELS);
	char *rest = join_numbers(&p, p.levels);
	for (int i = 0; i < p.levels; i++)
		holds(rest && strtol(strsep(&rest, ","), NULL, 10) == p.pids[i]);
	holds(!rest);
	holds(*p.user && !p.user[strspn(p.user, "-0123456789")]);
}

static void try_input(int way, char *text, size_t length)
{
	struct show s = {0};
	file = text;
	file_length = length;
	file_way = way;
	try_process();
	const char *command = command_of(12345);
	try_print(command, false);
	try_print(command, true);
	const struct space *space = parse_link(&s.spaces, text);
	holds(!space || find_space(&s.spaces, space->inode) == (space->inode ? space : NULL));
	holds(parse_process("12345") == 12345); /* or does not return */
	const char *group = strstr(text, "\nTgid:"), *state = strstr(text, "\nState:\t");
	holds(group && strtol(group + 6, NULL, 10) == 12345);
	holds(!state || (state[8] != 'Z' && state[8] != 'X'));
}
