// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Sends datagrams in the ways that there are; speaks as net does. */
#include "net.h"

static void send_by(const char *how, int fd, union address *to, socklen_t size, struct iovec *io)
{
	struct msghdr message = { .msg_name = to, .msg_namelen = size, .msg_iov = io, .msg_iovlen = 1 };
	struct mmsghdr many[1] = { { .msg_hdr = message } };

	if (!strcmp(how, "sendto"))
		MUST(sendto(fd, io->iov_base, io->iov_len, 0, &to->any, size) == (ssize_t)io->iov_len);
	else if (!strcmp(how, "sendmsg"))
		MUST(sendmsg(fd, &message, 0) == (ssize_t)io->iov_len);
	else if (!strcmp(how, "sendmmsg"))
		MUST(sendmmsg(fd, many, 1, 0) == 1);
	else {
		MUST(!connect(fd, &to->any, size));
		if (!strcmp(how, "send"))
			MUST(send(fd, io->iov_base, io->iov_len, 0) == (ssize_t)io->iov_len);
		else if (!strcmp(how, "write"))
			MUST(write(fd, io->iov_base, io->iov_len) == (ssize_t)io->iov_len);
		else if (!strcmp(how, "writev"))
			MUST(writev(fd, io, 1) == (ssize_t)io->iov_len);
		else
			MUST(!"a known way");
	}
}

static const char *const ways[] = { "sendto", "sendmsg", "sendmmsg", "send", "write", "writev" };

/* A datagram by each way, twice, to a port of its own; the receiver answers the first way's. */
static void udp(const char *text, int port)
{
	union address at, to, from;
	socklen_t size, length = sizeof(from);
	int server = opened(text, port, SOCK_DGRAM, &at, &size);
	char room[8];
	pid_t child;

	MUST(!bind(server, &at.any, size));
	say("server");
	child = fork();
	if (!child) {
		struct iovec io = { "x", 1 };

		say("client");
		for (int i = 0; i < (int)(sizeof(ways) / sizeof(ways[0])); i++) {
			int fd = opened(text, port + i, SOCK_DGRAM, &to, &size);

			send_by(ways[i], fd, &to, size, &io);
			close(fd);
			fd = opened(text, port + i, SOCK_DGRAM, &to, &size);
			send_by(ways[i], fd, &to, size, &io);
			if (i == 0)
				MUST(recv(fd, room, sizeof(room), 0) == 1);
			close(fd);
		}
		_exit(0);
	}
	MUST(recv(server, room, sizeof(room), 0) == 1);
	MUST(recvfrom(server, room, sizeof(room), 0, &from.any, &length) == 1);
	MUST(sendto(server, "y", 1, 0, &from.any, length) == 1);
	wait_for(child);
}

/* The socket is the parent's, the datagrams are its child's. */
static void lent(const char *text, int port)
{
	union address to;
	socklen_t size;
	int fd = opened(text, port, SOCK_DGRAM, &to, &size);
	pid_t child;

	say("maker");
	MUST(!connect(fd, &to.any, size) && send(fd, "x", 1, 0) == 1);
	child = fork();
	if (!child) {
		say("sender");
		send(fd, "x", 1, 0);
		MUST(send(fd, "x", 1, 0) == 1);
		_exit(0);
	}
	wait_for(child);
}

/* One datagram each to COUNT ports and addresses, from port PORT + 1 of TEXT on, and one to PORT before and after. */
static void many(const char *text, int port, int count)
{
	union address to;
	socklen_t size;
	int fd = opened(text, port, SOCK_DGRAM, &to, &size);

	say("client");
	MUST(sendto(fd, "x", 1, 0, &to.any, size) == 1);
	for (int i = 0; i < count; i++) {
		to.four.sin_port = htons(port + 1 + i % 30000);
		to.four.sin_addr.s_addr = htonl(0x7f000100 + i / 30000);
		while (sendto(fd, "x", 1, 0, &to.any, size) != 1)
			;
	}
	size = parse(text, port, &to);
	MUST(sendto(fd, "x", 1, 0, &to.any, size) == 1);
}

static void ping(const char *text)
{
	union address to;
	socklen_t size = parse(text, 0, &to);
	unsigned char echo[8] = { 8, 0, 0xf7, 0xff };
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);

	say("client");
	MUST(fd >= 0 && sendto(fd, echo, sizeof(echo), 0, &to.any, size) == sizeof(echo));
}

/* A peer that nothing is sent to; one that is sent to twice by an IPv6 socket that means IPv4; many at once by one call. */
static void peers(const char *text, int port)
{
	union address to;
	socklen_t size = parse(text, port, &to);
	int fd = socket(to.any.sa_family, SOCK_DGRAM, 0), six = socket(AF_INET6, SOCK_DGRAM, 0);
	struct iovec io = { "x", 1 };
	union address all[3];
	struct mmsghdr many[3] = {};
	char mapped[64];

	say("client");
	MUST(!connect(fd, &to.any, size));
	snprintf(mapped, sizeof(mapped), "::ffff:%s", text);
	size = parse(mapped, port + 1, &to);
	for (int i = 0; i < 2; i++)
		MUST(sendto(six, "x", 1, 0, &to.any, size) == 1);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	for (int i = 0; i < 3; i++) {
		many[i].msg_hdr.msg_name = &all[i];
		many[i].msg_hdr.msg_namelen = parse(text, port + 2 + i, &all[i]);
		many[i].msg_hdr.msg_iov = &io;
		many[i].msg_hdr.msg_iovlen = 1;
	}
	MUST(sendmmsg(fd, many, 3, 0) == 3);
}

/* Through the 32-bit entry: sendto, by the call and by socketcall. */
static void compat(const char *text, int port)
{
	char *room = low_room(4096);
	union address *at = (union address *)(room + 256);
	uint32_t *arguments = (uint32_t *)room;
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	MUST(room && fd >= 0);
	say("client");
	parse(text, port, at);
	MUST(!call32(362, fd, (long)at, sizeof(at->four)));
	room[128] = 'x';
	arguments[0] = fd;
	arguments[1] = (uint32_t)(uintptr_t)(room + 128);
	arguments[2] = 1;
	arguments[3] = 0;
	MUST(call32(102, 9, (long)room) == 1);
}

int main(int count, char **arguments)
{
	const char *mode = count > 1 ? arguments[1] : "", *text = count > 2 ? arguments[2] : "127.0.0.1";
	int port = count > 3 ? atoi(arguments[3]) : 4000;

	if (!strcmp(mode, "udp"))
		udp(text, port);
	else if (!strcmp(mode, "lent"))
		lent(text, port);
	else if (!strcmp(mode, "many"))
		many(text, port, count > 4 ? atoi(arguments[4]) : 1000);
	else if (!strcmp(mode, "ping"))
		ping(text);
	else if (!strcmp(mode, "peers"))
		peers(text, port);
	else if (!strcmp(mode, "compat"))
		compat(text, port);
	else
		return 255;
	return 0;
}
