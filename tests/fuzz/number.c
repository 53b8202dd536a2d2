/* SPDX-License-Identifier: ISC */
/*
 * Numbers of the command line, and the offsets of ns-time: what is accepted is
 * digits, in the range, and that number.
 */
enum {
	WAYS = 4
};
#include "tests/fuzz/fuzz.h"

#include "cmd/ns-time.c"
#include "common/message.c"
#include "common/number.c"

static void try_number(const char *word, unsigned long min, unsigned long max)
{
	char again[32];
	unsigned long n = parse_number(word, "number", min, max);
	holds(n >= min && n <= max);
	holds(*word && !word[strspn(word, "0123456789")]);
	word += strspn(word, "0");
	snprintf(again, sizeof(again), "%lu", n);
	holds(strcmp(again, *word ? word : "0") == 0);
}

static void try_offset(const char *word)
{
	char again[64];
	const struct offset o = parse_offset(word);
	holds(o.nanoseconds >= 0 && o.nanoseconds < SECOND);
	holds(!word[strspn(word, "-.0123456789")]);
	/* the kernel's two numbers as one again */
	const bool minus = o.seconds < 0;
	const bool borrow = minus && o.nanoseconds > 0;
	snprintf(again, sizeof(again), "%s%lld.%09ld", minus ? "-" : "",
		(minus ? -o.seconds : o.seconds) - borrow,
		borrow ? SECOND - o.nanoseconds : o.nanoseconds);
	const struct offset same = parse_offset(again);
	holds(same.seconds == o.seconds && same.nanoseconds == o.nanoseconds);
	holds(minus || *word != '-' || (o.seconds == 0 && o.nanoseconds == 0));
}

static void try_input(int way, char *text, size_t length)
{
	(void)length;
	switch (way) {
	case 0: try_number(text, 0, (unsigned long)-1); break;
	case 1: try_number(text, 1, 0x7fffffff); break;
	case 2: try_number(text, 0, 0xfffffffe); break;
	default: try_offset(text);
	}
}
