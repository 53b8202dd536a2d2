/* SPDX-License-Identifier: ISC */
#ifndef NS_NUMBER_H
#define NS_NUMBER_H

/*
 * Takes a word, what it stands for ("PID"), and the range allowed; returns the
 * number.  Only ASCII digits: an empty word, blanks, signs, trailing text and
 * what is out of range are a usage_error() that shows the word.
 */
unsigned long parse_number(
	const char *word, const char *noun, unsigned long min, unsigned long max);

#endif
