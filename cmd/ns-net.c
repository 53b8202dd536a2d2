/* SPDX-License-Identifier: ISC */
/*
 * ns-net: run a command in a new network namespace, whose loopback interface
 * is up and which has no other.
 */
#include <errno.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/call.h"
#include "common/chain.h"
#include "common/explain.h"
#include "common/message.h"
#include "common/ns.h"
#include "common/tool.h"

static const struct option options[] = {
	{"keep", no_argument, NULL, 'k'},
	COMMON_OPTIONS,
};

static const struct flag_name interface_flags[] = {
	{IFF_UP, "IFF_UP"},
	{IFF_LOOPBACK, "IFF_LOOPBACK"},
	{IFF_RUNNING, "IFF_RUNNING"},
	{0, NULL},
};

/* netdevice(7) */
static int open_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int set_flags(int fd, const struct ifreq *request)
{
	return explain(ioctl(fd, SIOCSIFFLAGS, request),
		"ioctl(%d, SIOCSIFFLAGS, {ifr_name=%s, ifr_flags=%f})", fd, request->ifr_name,
		interface_flags, (unsigned long)request->ifr_flags);
}

/* As it was found. */
struct loopback {
	struct ifreq flags;
	bool had_address;
};

/* Without 127.0.0.1, too, which came with it: else connecting there would block, not fail. */
static void take_down(void *arg)
{
	struct loopback *l = arg;
	struct ifreq none = {.ifr_name = "lo", .ifr_addr.sa_family = AF_INET};
	int fd = open_socket();
	if ((!l->had_address &&
		    explain(ioctl(fd, SIOCSIFADDR, &none),
			    "ioctl(%d, SIOCSIFADDR, {ifr_name=%s, ifr_addr=0.0.0.0})", fd,
			    "lo") == -1) ||
		set_flags(fd, &l->flags) == -1)
		warn_errno("cannot bring the loopback interface down again");
}

static void bring_up_loopback(bool keep)
{
	static struct loopback l = {.flags.ifr_name = "lo"};
	struct ifreq address = {.ifr_name = "lo"};
	int fd = open_socket();
	if (fd == -1 || ioctl(fd, SIOCGIFFLAGS, &l.flags) == -1)
		die_errno("cannot look at the loopback interface");
	l.had_address = ioctl(fd, SIOCGIFADDR, &address) == 0;
	if (!l.had_address && errno != EADDRNOTAVAIL)
		die_errno("cannot look at the loopback interface");
	struct ifreq up = l.flags;
	up.ifr_flags |= IFF_UP;
	explain_equivalent("ip link set lo up");
	if (set_flags(fd, &up) == -1) {
		int error = errno;
		warn_errno("cannot bring the loopback interface up");
		if (error == EPERM)
			hint("CAP_NET_ADMIN is missing in the user namespace that owns this "
			     "network namespace: leave out -k for one of your own");
		fail(EXIT_TOOL);
	}
	if (keep && !(l.flags.ifr_flags & IFF_UP))
		at_failure(take_down, &l);
	close(fd);
}

const struct tool tool = {
	.name = "ns-net",
	.help = "Usage: ns-net [OPTION]... [COMMAND [ARG]...]\n"
		"Run COMMAND, by default a shell, in a new network namespace, where only\n"
		"loopback is and is up.\n"
		"\n"
		"  -k, --keep             act in the current namespace; COMMAND is "
		"optional\n" HELP_COMMON HELP_STATUS("ns-net"),
	.options = options,
};

int main(int argc, char **argv)
{
	bool keep = false;
	tool_start();
	while (tool_option(argc, argv) == 'k')
		keep = true;
	argv += optind;
	if (!keep)
		ns_unshare(NS_NET);
	bring_up_loopback(keep);
	if (keep && !argv[0])
		return 0;
	chain(argv, false);
}
