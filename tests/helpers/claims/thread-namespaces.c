/* SPDX-License-Identifier: ISC */
/*
 * A second thread goes into another namespace of the type TYPE, as in /proc/PID/ns:
 *   thread-namespaces unshare FLAG TYPE   by unshare(2)
 *   thread-namespaces setns FILE TYPE     by setns(2)
 * Where TYPE is uts, it sets the host name "thread".  Then says which namespace and host name
 * the thread has, and which the first one, the process; or the error's name.
 */
#include "probe.h"
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static char **words;

static void say(const char *who, const char *where)
{
	char path[PATH_MAX], name[64] = "";
	struct utsname names;
	snprintf(path, sizeof(path), "/proc/%s/ns/%s", where, words[3]);
	check("readlink", readlink(path, name, sizeof(name) - 1));
	check("uname", uname(&names));
	printf("%s: %s %s\n", who, name, names.nodename);
}

static void *run_thread(void *unused)
{
	(void)unused;
	if (strcmp(words[1], "unshare") == 0)
		check("unshare", unshare((int)strtoul(words[2], NULL, 0)));
	else
		check("setns", setns((int)check("open", open(words[2], O_RDONLY)), 0));
	if (strcmp(words[3], "uts") == 0)
		check("sethostname", sethostname("thread", 6));
	say("thread", "thread-self");
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	if (argc != 4)
		return 99;
	words = argv;
	if (pthread_create(&thread, NULL, run_thread, NULL) || pthread_join(thread, NULL))
		return 99;
	say("process", "self");
	return 0;
}
