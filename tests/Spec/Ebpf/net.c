// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Opens connections and sends datagrams in the ways that there are, so that a test can tell what a hook sees of each. Says
 * "NAME PID" for each process that takes part; ends with 0, or with the line that failed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define NEED(what)                                                                                                     \
	do {                                                                                                           \
		if (!(what)) {                                                                                         \
			fprintf(stderr, "line %d: %s (%s)\n", __LINE__, #what, strerror(errno));                       \
			_exit(__LINE__ % 255 ? __LINE__ % 255 : 1);                                                    \
		}                                                                                                      \
	} while (0)

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static socklen_t parse(const char *text, int port, union address *to)
{
	memset(to, 0, sizeof(*to));
	if (strchr(text, ':')) {
		to->six.sin6_family = AF_INET6;
		to->six.sin6_port = htons(port);
		NEED(inet_pton(AF_INET6, text, &to->six.sin6_addr) == 1);
		return sizeof(to->six);
	}
	to->four.sin_family = AF_INET;
	to->four.sin_port = htons(port);
	NEED(inet_pton(AF_INET, text, &to->four.sin_addr) == 1);
	return sizeof(to->four);
}

static void say(const char *who)
{
	printf("%s %d\n", who, getpid());
	fflush(stdout);
}

static void wait_for(pid_t child)
{
	int status;

	NEED(waitpid(child, &status, 0) == child);
	if (status)
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 254);
}

static int opened(const char *text, int port, int type, union address *to, socklen_t *size)
{
	int fd;

	*size = parse(text, port, to);
	fd = socket(to->any.sa_family, type, 0);
	NEED(fd >= 0);
	return fd;
}

static int serving(const char *text, int port)
{
	union address at;
	socklen_t size;
	int one = 1, fd = opened(text, port, SOCK_STREAM, &at, &size);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	NEED(!bind(fd, &at.any, size) && !listen(fd, 8));
	return fd;
}

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
		NEED(!connect(fd, &to.any, size));
		NEED(write(fd, "x", 1) == 1);
		_exit(0);
	}
	NEED(accept4(server, NULL, NULL, SOCK_CLOEXEC) >= 0);
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
	NEED(!connect(fd, &to.any, size));
	child = fork();
	if (!child) {
		say("accepter");
		NEED(accept(server, NULL, NULL) >= 0);
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
	NEED(sendmsg(over, &message, 0) == 1);
}

static int taken(int over)
{
	char byte, room[CMSG_SPACE(sizeof(int))];
	struct iovec io = { &byte, 1 };
	struct msghdr message = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room) };
	int fd;

	NEED(recvmsg(over, &message, 0) == 1);
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

	NEED(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	child = fork();
	if (!child) {
		int fd = taken(pair[1]), other = taken(pair[1]);

		say("receiver");
		NEED(accept(fd, NULL, NULL) >= 0);
		size = parse(text, port + 1, &to);
		NEED(sendto(other, "x", 1, 0, &to.any, size) == 1);
		_exit(0);
	}
	say("maker");
	server = serving(text, port);
	datagrams = opened(text, port + 2, SOCK_DGRAM, &at, &size);
	NEED(!bind(datagrams, &at.any, size));
	give(pair[0], server);
	give(pair[0], datagrams);
	size = parse(text, port, &to);
	NEED(!connect(socket(to.any.sa_family, SOCK_STREAM, 0), &to.any, size));
	wait_for(child);
}

static void refused(const char *text, int port)
{
	union address to;
	socklen_t size;
	int fd = opened(text, port, SOCK_STREAM, &to, &size);

	say("client");
	NEED(connect(fd, &to.any, size) && errno == ECONNREFUSED);
}

/* Nobody answers: the first attempt times out, the second is given up. */
static void silent(const char *text, int port)
{
	union address to;
	socklen_t size;
	int fd = opened(text, port, SOCK_STREAM, &to, &size);
	unsigned int timeout = 300;

	say("client");
	NEED(!setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout, sizeof(timeout)));
	NEED(connect(fd, &to.any, size) && errno == ETIMEDOUT);
	size = parse(text, port + 1, &to);
	fd = socket(to.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	NEED(connect(fd, &to.any, size) && errno == EINPROGRESS);
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

	NEED(connect(fd, &to.any, size) && errno == EINPROGRESS);
	say("client");
	NEED(poll(&wait, 1, 15000) == 1);
	NEED(!getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) && !error);
}

static void serve(const char *text, int port)
{
	int fd = serving(text, port);

	say("server");
	NEED(accept(fd, NULL, NULL) >= 0);
}

/* Listens on a port that the kernel chooses; a bind that fails; a bind of a datagram socket. */
static void places(const char *text, int port)
{
	union address at;
	socklen_t size;
	int fd = opened(text, port, SOCK_STREAM, &at, &size), chosen = socket(at.any.sa_family, SOCK_STREAM, 0), other;

	say("server");
	NEED(!listen(chosen, 1));
	size = sizeof(at);
	NEED(!getsockname(chosen, &at.any, &size));
	printf("port %d\n", ntohs(at.four.sin_port));
	size = parse(text, port, &at);
	NEED(!bind(fd, &at.any, size) && !listen(fd, 1));
	other = socket(at.any.sa_family, SOCK_STREAM, 0);
	NEED(bind(other, &at.any, size) && errno == EADDRINUSE);
	other = socket(at.any.sa_family, SOCK_DGRAM, 0);
	NEED(!bind(other, &at.any, size));
}

static void send_by(const char *how, int fd, union address *to, socklen_t size, struct iovec *io)
{
	struct msghdr message = { .msg_name = to, .msg_namelen = size, .msg_iov = io, .msg_iovlen = 1 };
	struct mmsghdr many[1] = { { .msg_hdr = message } };

	if (!strcmp(how, "sendto"))
		NEED(sendto(fd, io->iov_base, io->iov_len, 0, &to->any, size) == (ssize_t)io->iov_len);
	else if (!strcmp(how, "sendmsg"))
		NEED(sendmsg(fd, &message, 0) == (ssize_t)io->iov_len);
	else if (!strcmp(how, "sendmmsg"))
		NEED(sendmmsg(fd, many, 1, 0) == 1);
	else {
		NEED(!connect(fd, &to->any, size));
		if (!strcmp(how, "send"))
			NEED(send(fd, io->iov_base, io->iov_len, 0) == (ssize_t)io->iov_len);
		else if (!strcmp(how, "write"))
			NEED(write(fd, io->iov_base, io->iov_len) == (ssize_t)io->iov_len);
		else if (!strcmp(how, "writev"))
			NEED(writev(fd, io, 1) == (ssize_t)io->iov_len);
		else
			NEED(!"a known way");
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

	NEED(!bind(server, &at.any, size));
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
				NEED(recv(fd, room, sizeof(room), 0) == 1);
			close(fd);
		}
		_exit(0);
	}
	NEED(recv(server, room, sizeof(room), 0) == 1);
	NEED(recvfrom(server, room, sizeof(room), 0, &from.any, &length) == 1);
	NEED(sendto(server, "y", 1, 0, &from.any, length) == 1);
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
	NEED(!connect(fd, &to.any, size) && send(fd, "x", 1, 0) == 1);
	child = fork();
	if (!child) {
		say("sender");
		send(fd, "x", 1, 0);
		NEED(send(fd, "x", 1, 0) == 1);
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
	NEED(sendto(fd, "x", 1, 0, &to.any, size) == 1);
	for (int i = 0; i < count; i++) {
		to.four.sin_port = htons(port + 1 + i % 30000);
		to.four.sin_addr.s_addr = htonl(0x7f000100 + i / 30000);
		while (sendto(fd, "x", 1, 0, &to.any, size) != 1)
			;
	}
	size = parse(text, port, &to);
	NEED(sendto(fd, "x", 1, 0, &to.any, size) == 1);
}

static void ping(const char *text)
{
	union address to;
	socklen_t size = parse(text, 0, &to);
	unsigned char echo[8] = { 8, 0, 0xf7, 0xff };
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);

	say("client");
	NEED(fd >= 0 && sendto(fd, echo, sizeof(echo), 0, &to.any, size) == sizeof(echo));
}

static long call32(long number, long first, const void *second)
{
#if defined(__x86_64__)
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(first), "c"(second)
			 : "memory", "r8", "r9", "r10", "r11");
	return (int)result;
#else
	return -ENOSYS;
#endif
}

/* Everything through socketcall of the 32-bit entry. */
static void compat(const char *text, int port)
{
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS
#if defined(__x86_64__)
			 | MAP_32BIT
#endif
			 , -1, 0);
	uint32_t *arguments = (uint32_t *)low;
	union address *at = (union address *)(low + 256);
	int server, client;

	NEED(low != MAP_FAILED);
	say("both");
	parse(text, port, at);
	arguments[0] = AF_INET;
	arguments[1] = SOCK_STREAM;
	arguments[2] = 0;
	server = call32(102, 1, low);
	client = call32(102, 1, low);
	NEED(server >= 0 && client >= 0);
	arguments[0] = server;
	arguments[1] = (uint32_t)(uintptr_t)at;
	arguments[2] = sizeof(at->four);
	NEED(!call32(102, 2, low));
	arguments[1] = 1;
	NEED(!call32(102, 4, low));
	arguments[0] = client;
	arguments[1] = (uint32_t)(uintptr_t)at;
	NEED(!call32(102, 3, low));
	arguments[0] = server;
	arguments[1] = 0;
	arguments[2] = 0;
	NEED(call32(102, 5, low) >= 0);
}

static int submit(int opcode, int fd, void *address, uint64_t offset, uint32_t length)
{
	struct io_uring_params params = {};
	int ring = syscall(SYS_io_uring_setup, 4, &params);
	struct io_uring_sqe *entries;
	char *queue, *done;
	uint32_t *head, *tail;
	struct io_uring_cqe *completed;

	NEED(ring >= 0);
	queue = mmap(NULL, params.sq_off.array + params.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	done = mmap(NULL, params.cq_off.cqes + params.cq_entries * sizeof(*completed), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
		    IORING_OFF_CQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	NEED(queue != MAP_FAILED && done != MAP_FAILED && entries != MAP_FAILED);
	memset(entries, 0, sizeof(*entries));
	entries[0].opcode = opcode;
	entries[0].fd = fd;
	entries[0].addr = (uint64_t)(uintptr_t)address;
	entries[0].off = offset;
	entries[0].len = length;
	tail = (uint32_t *)(queue + params.sq_off.tail);
	((uint32_t *)(queue + params.sq_off.array))[0] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	NEED(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1);
	head = (uint32_t *)(done + params.cq_off.head);
	completed = (struct io_uring_cqe *)(done + params.cq_off.cqes) + (*head & *(uint32_t *)(done + params.cq_off.ring_mask));
	close(ring);
	return completed->res;
}

/* Connects, accepts and sends a datagram by io_uring. */
static void uring(const char *text, int port)
{
	union address to;
	socklen_t size;
	int server = serving(text, port), fd = opened(text, port, SOCK_STREAM, &to, &size);
	struct iovec io = { "x", 1 };
	struct msghdr message = { .msg_name = &to, .msg_namelen = size, .msg_iov = &io, .msg_iovlen = 1 };

	say("both");
	NEED(submit(IORING_OP_CONNECT, fd, &to, size, 0) == 0);
	NEED(submit(IORING_OP_ACCEPT, server, NULL, 0, 0) >= 0);
	fd = socket(to.any.sa_family, SOCK_DGRAM, 0);
	NEED(submit(IORING_OP_SENDMSG, fd, &message, 0, 1) == 1);
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
	else if (!strcmp(mode, "udp"))
		udp(text, port);
	else if (!strcmp(mode, "lent"))
		lent(text, port);
	else if (!strcmp(mode, "many"))
		many(text, port, count > 4 ? atoi(arguments[4]) : 1000);
	else if (!strcmp(mode, "ping"))
		ping(text);
	else if (!strcmp(mode, "compat"))
		compat(text, port);
	else if (!strcmp(mode, "uring"))
		uring(text, port);
	else
		return 255;
	return 0;
}
