/* SPDX-License-Identifier: ISC */
/* Says the seconds of CLOCK_MONOTONIC, CLOCK_BOOTTIME and CLOCK_REALTIME, in hundredths. */
#include <stdio.h>
#include <time.h>

int main(void)
{
	const clockid_t clocks[] = {CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_REALTIME};
	for (int i = 0; i < 3; i++) {
		struct timespec t;
		if (clock_gettime(clocks[i], &t) == -1)
			return 1;
		printf("%lld\n", (long long)t.tv_sec * 100 + t.tv_nsec / 10000000);
	}
	return 0;
}
