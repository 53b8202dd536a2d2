/* SPDX-License-Identifier: ISC */
#include <limits.h>

#include "common/message.h"
#include "common/number.h"

unsigned long parse_number(
	const char *word, const char *noun, unsigned long min, unsigned long max)
{
	unsigned long number = 0;
	const char *p = word;
	for (; *p >= '0' && *p <= '9'; p++) {
		unsigned long digit = (unsigned long)(*p - '0');
		if (number > (ULONG_MAX - digit) / 10)
			usage_error("%s is too large: %s", noun, quote(word));
		number = number * 10 + digit;
	}
	if (p == word || *p)
		usage_error("%s is not a number: %s", noun, quote(word));
	if (number < min || number > max)
		usage_error("%s must be from %lu to %lu: %s", noun, min, max, quote(word));
	return number;
}
