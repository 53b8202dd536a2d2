/* SPDX-License-Identifier: ISC */
/*
 * A variable of a process and of its child, after fork(2): the child sets its own to 2, which
 * the parent does not see; then the parent sets that of the child to 3, by
 * process_vm_writev(2). Says what each sees.
 */
#include "probe.h"
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int variable = 1;

int main(void)
{
	int done[2], go[2], value = 3;
	char byte = 0;
	if (pipe(done) == -1 || pipe(go) == -1)
		return 99;
	pid_t child = fork();
	check("fork", child);
	if (child == 0) {
		close(go[1]); /* or we would wait for ourselves when the parent fails */
		variable = 2;
		if (write(done[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1)
			return 99;
		printf("child: %d\n", variable);
		return 0;
	}
	close(done[1]);
	if (read(done[0], &byte, 1) != 1)
		return 99;
	printf("parent: %d\n", variable);
	fflush(stdout);
	struct iovec ours = {&value, sizeof(value)},
		     its = {(void *)&variable, sizeof(variable)};
	check("process_vm_writev", process_vm_writev(child, &ours, 1, &its, 1, 0));
	if (write(go[1], &byte, 1) != 1)
		return 99;
	waitpid(child, NULL, 0);
	return 0;
}
