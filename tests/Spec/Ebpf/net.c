// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Opens connections in the ways that there are, so that a test can tell what a hook sees of each. Says "NAME PID" for each
 * process that takes part; ends with 0, or with the line that failed.
 */
#include "net.h"

/* One process listens and accepts, its child connects. */
static void tcp(const char *text, int port)
{
	int server = serving(text, port);
	pid_t child;

	say("server");
	child = fork();
	if (!child) {
		union address to;
		socklen_t size;
		int fd = opened(text, port, SOCK_STREAM, &to, &size);

		say("client");
		MUST(!connect(fd, &to.any, size));
		MUST(write(fd, "x", 1) == 1);
		_exit(0);
	}
	MUST(accept4(server, NULL, NULL, SOCK_CLOEXEC) >= 0);
	wait_for(child);
}

/* The child of who listens accepts, from a connection that was there before it was born. */
static void inherit(const char *text, int port)
{
	int server = serving(text, port);
	union address to;
	socklen_t size;
	int fd = opened(text, port, SOCK_STREAM, &to, &size);
	pid_t child;

	say("server");
	MUST(!connect(fd, &to.any, size));
	child = fork();
	if (!child) {
		say("accepter");
		MUST(accept(server, NULL, NULL) >= 0);
		_exit(0);
	}
	wait_for(child);
}

static void give(int over, int fd)
{
	char byte = 0, room[CMSG_SPACE(sizeof(int))] = {};
	struct iovec io = { &byte, 1 };
	struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room) };
	struct cmsghdr *part = CMSG_FIRSTHDR(&message);

	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(part), &fd, sizeof(fd));
	MUST(sendmsg(over, &message, 0) == 1);
}

static int taken(int over)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec io = { &byte, 1 };
	struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room) };
	int fd;

	MUST(recvmsg(over, &message, 0) == 1);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* A listening and a bound datagram socket go to a process that was born before them. */
static void passed(const char *text, int port)
{
	int pair[2];
	pid_t child;
	union address at, to;
	socklen_t size;
	int server, datagrams;

	MUST(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	child = fork();
	if (!child) {
		int fd = taken(pair[1]), other = taken(pair[1]);

		say("receiver");
		MUST(accept(fd, NULL, NULL) >= 0);
		size = parse(text, port + 1, &to);
		MUST(sendto(other, "x", 1, 0, &to.any, size) == 1);
		_exit(0);
	}
	say("maker");
	server = serving(text, port);
	datagrams = opened(text, port + 2, SOCK_DGRAM, &at, &size);
	MUST(!bind(datagrams, &at.any, size));
	give(pair[0], server);
	give(pair[0], datagrams);
	size = parse(text, port, &to);
	MUST(!connect(socket(to.any.sa_family, SOCK_STREAM, 0), &to.any, size));
	wait_for(child);
}

static void refused(const char *text, int port)
{
	union address to;
	socklen_t size;
	int fd = opened(text, port, SOCK_STREAM, &to, &size);

	say("client");
	MUST(connect(fd, &to.any, size) && errno == ECONNREFUSED);
}

/* Nobody answers: the first attempt times out, the second is given up. */
static void silent(const char *text, int port)
{
	union address to;
	socklen_t size;
	int fd = opened(text, port, SOCK_STREAM, &to, &size);
	unsigned int timeout = 300;

	say("client");
	MUST(!setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof(timeout)));
	MUST(connect(fd, &to.any, size) && errno == ETIMEDOUT);
	size = parse(text, port + 1, &to);
	fd = socket(to.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	MUST(connect(fd, &to.any, size) && errno == EINPROGRESS);
	close(fd);
}

/* Begins a connection and waits for it; says so in between, so that the other end can be put in its place then. */
static void later(const char *text, int port)
{
	union address to;
	socklen_t size;
	int fd = opened(text, port, SOCK_STREAM | SOCK_NONBLOCK, &to, &size), error = 0;
	socklen_t length = sizeof(error);
	struct pollfd wait = { .fd = fd, .events = POLLOUT };

	MUST(connect(fd, &to.any, size) && errno == EINPROGRESS);
	say("client");
	MUST(poll(&wait, 1, 15000) == 1);
	MUST(!getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) && !error);
}

static void serve(const char *text, int port)
{
	int fd = serving(text, port);

	say("server");
	MUST(accept(fd, NULL, NULL) >= 0);
}

/* Listens on a port that the kernel chooses; a bind that fails; a bind of a datagram socket. */
static void places(const char *text, int port)
{
	union address at;
	socklen_t size;
	int fd = opened(text, port, SOCK_STREAM, &at, &size), chosen = socket(at.any.sa_family, SOCK_STREAM, 0), other;

	say("server");
	MUST(!listen(chosen, 1));
	size = sizeof(at);
	MUST(!getsockname(chosen, &at.any, &size));
	printf("port %d\n", ntohs(at.four.sin_port));
	size = parse(text, port, &at);
	MUST(!bind(fd, &at.any, size) && !listen(fd, 1));
	other = socket(at.any.sa_family, SOCK_STREAM, 0);
	MUST(bind(other, &at.any, size) && errno == EADDRINUSE);
	other = socket(at.any.sa_family, SOCK_DGRAM, 0);
	MUST(!bind(other, &at.any, size));
}

/* Everything through socketcall of the 32-bit entry. */
static void compat(const char *text, int port)
{
	char *room = low_room(4096);
	uint32_t *arguments = (uint32_t *)room;
	union address *at = (union address *)(room + 256);
	int server, client;

	MUST(room);
	say("both");
	parse(text, port, at);
	arguments[0] = AF_INET;
	arguments[1] = SOCK_STREAM;
	arguments[2] = 0;
	server = call32(102, 1, (long)room);
	client = call32(102, 1, (long)room);
	MUST(server >= 0 && client >= 0);
	arguments[0] = server;
	arguments[1] = (uint32_t)(uintptr_t)at;
	arguments[2] = sizeof(at->four);
	MUST(!call32(102, 2, (long)room));
	arguments[1] = 1;
	MUST(!call32(102, 4, (long)room));
	arguments[0] = client;
	arguments[1] = (uint32_t)(uintptr_t)at;
	MUST(!call32(102, 3, (long)room));
	arguments[0] = server;
	arguments[1] = 0;
	arguments[2] = 0;
	MUST(call32(102, 5, (long)room) >= 0);
}

/* Connects without waiting, and once more with the same socket; then a child has it, too. */
static void again(const char *text, int port)
{
	int server = serving(text, port), error = 0;
	union address to, none = { .any.sa_family = AF_UNSPEC };
	socklen_t size, length = sizeof(error);
	int fd = opened(text, port, SOCK_STREAM | SOCK_NONBLOCK, &to, &size);
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	pid_t child;

	say("both");
	for (int i = 0; i < 2; i++) {
		MUST(!connect(fd, &to.any, size) || errno == EINPROGRESS);
		MUST(poll(&wait, 1, 15000) == 1 && !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) && !error);
		MUST(accept(server, NULL, NULL) >= 0);
		if (!i)
			MUST(!connect(fd, &none.any, sizeof(none.any)));
	}
	MUST(!listen(server, 3));
	child = fork();
	if (!child) {
		say("heir");
		MUST(write(fd, "x", 1) == 1 && !shutdown(fd, SHUT_RDWR));
		_exit(0);
	}
	wait_for(child);
}

/* A socket that the kernel may spread over several paths. */
static void multipath(const char *text, int port)
{
	union address to;
	socklen_t size = parse(text, port, &to);
	int server = socket(to.any.sa_family, SOCK_STREAM, 262), fd = socket(to.any.sa_family, SOCK_STREAM, 262);

	if (server < 0) {
		printf("lacking 1\n");
		return;
	}
	say("both");
	MUST(!bind(server, &to.any, size) && !listen(server, 1));
	MUST(!connect(fd, &to.any, size) && accept(server, NULL, NULL) >= 0);
}

/* The connection's first packet carries data. */
static void fast(const char *text, int port)
{
	union address to;
	socklen_t size;
	int server = serving(text, port), fd = opened(text, port, SOCK_STREAM, &to, &size);

	say("both");
	MUST(sendto(fd, "x", 1, MSG_FASTOPEN, &to.any, size) == 1);
	MUST(accept4(server, NULL, NULL, SOCK_NONBLOCK) >= 0);
}

/* The 32-bit entry's own calls, without socketcall. */
static void compat_calls(const char *text, int port)
{
	char *room = low_room(4096);
	union address *at = (union address *)room;
	int server, client;

	MUST(room);
	say("both");
	parse(text, port, at);
	server = call32(359, AF_INET, SOCK_STREAM);
	client = call32(359, AF_INET, SOCK_STREAM);
	MUST(server >= 0 && client >= 0);
	MUST(!call32(361, server, (long)room, sizeof(at->four)) && !call32(363, server, 1));
	MUST(!call32(362, client, (long)room, sizeof(at->four)) && call32(364, server) >= 0);
}

int main(int count, char **arguments)
{
	const char *mode = count > 1 ? arguments[1] : "", *text = count > 2 ? arguments[2] : "127.0.0.1";
	int port = count > 3 ? atoi(arguments[3]) : 4000;

	if (!strcmp(mode, "tcp"))
		tcp(text, port);
	else if (!strcmp(mode, "inherit"))
		inherit(text, port);
	else if (!strcmp(mode, "passed"))
		passed(text, port);
	else if (!strcmp(mode, "refused"))
		refused(text, port);
	else if (!strcmp(mode, "silent"))
		silent(text, port);
	else if (!strcmp(mode, "later"))
		later(text, port);
	else if (!strcmp(mode, "serve"))
		serve(text, port);
	else if (!strcmp(mode, "places"))
		places(text, port);
	else if (!strcmp(mode, "again"))
		again(text, port);
	else if (!strcmp(mode, "multipath"))
		multipath(text, port);
	else if (!strcmp(mode, "fast"))
		fast(text, port);
	else if (!strcmp(mode, "compat"))
		compat(text, port);
	else if (!strcmp(mode, "compat-calls"))
		compat_calls(text, port);
	else
		return 255;
	return 0;
}
