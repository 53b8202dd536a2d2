/* SPDX-License-Identifier: ISC */
/*
 * as-subreaper COMMAND [ARG]...: becomes COMMAND, which adopts the orphans among its
 * descendants (PR_SET_CHILD_SUBREAPER).
 */
#include "probe.h"
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2)
		return 125;
	check("prctl", prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
	return (int)check("execvp", execvp(argv[1], argv + 1));
}
