// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * A tiny name server on port 53 and its clients, in all the ways that a question can be sent. Says "NAME PID"; ends with 0, or
 * with the line that failed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/io_uring.h>
#include <signal.h>
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

#include "must.h"
#include "nameserver.h"

static long submit(int opcode, int fd, void *address, uint32_t length)
{
	struct io_uring_params params = {};
	int ring = syscall(SYS_io_uring_setup, 4, &params);
	struct io_uring_sqe *entries;
	char *queue;
	uint32_t *tail;

	MUST(ring >= 0);
	queue = mmap(NULL, params.sq_off.array + params.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	memset(entries, 0, sizeof(*entries));
	entries[0].opcode = opcode;
	entries[0].fd = fd;
	entries[0].addr = (uint64_t)(uintptr_t)address;
	entries[0].len = length;
	tail = (uint32_t *)(queue + params.sq_off.tail);
	((uint32_t *)(queue + params.sq_off.array))[0] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	MUST(syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) == 1);
	close(ring);
	return length;
}

static const char *const ways[] = { "sendto", "sendmsg", "sendmmsg", "send", "write", "writev", "uring" };

static void ask_by(int way, const char *name, uint16_t id)
{
	struct sockaddr_storage to;
	socklen_t size = place(53, &to);
	int fd = socket(to.ss_family, SOCK_DGRAM, 0);
	unsigned char message[1024];
	ssize_t length = ask(message, id, name), part = length / 2;
	struct iovec io[2] = { { message, part }, { message + part, length - part } };
	struct msghdr head = { .msg_name = &to, .msg_namelen = size, .msg_iov = io, .msg_iovlen = 2 };
	struct mmsghdr many = { .msg_hdr = head };

	if (way > 2)
		MUST(!connect(fd, (struct sockaddr *)&to, size));
	switch (way) {
	case 0:
		MUST(sendto(fd, message, length, 0, (struct sockaddr *)&to, size) == length);
		MUST(recvfrom(fd, message, sizeof(message), 0, NULL, NULL) > length);
		break;
	case 1:
		MUST(sendmsg(fd, &head, 0) == length);
		head.msg_name = NULL;
		io[1].iov_len = 900;
		MUST(recvmsg(fd, &head, 0) > length);
		break;
	case 2:
		MUST(sendmmsg(fd, &many, 1, 0) == 1);
		many.msg_hdr.msg_name = NULL;
		io[1].iov_len = 900;
		MUST(recvmmsg(fd, &many, 1, 0, NULL) == 1);
		break;
	case 3:
		MUST(send(fd, message, length, 0) == length);
		MUST(recv(fd, message, sizeof(message), 0) > length);
		break;
	case 4:
		MUST(write(fd, message, length) == length);
		MUST(read(fd, message, sizeof(message)) > length);
		break;
	case 5:
		MUST(writev(fd, io, 2) == length);
		io[1].iov_len = 900;
		MUST(readv(fd, io, 2) > length);
		break;
	case 6:
		MUST(submit(IORING_OP_SEND, fd, message, length) == length);
		submit(IORING_OP_RECV, fd, message, sizeof(message));
		break;
	}
	close(fd);
}

/* One question for each kind of answer; the last two by one call, with what EDNS adds. */
static void ask_kinds(void)
{
	static const struct { const char *name; int type; } all[] = {
		{ "absent.test", 1 }, { "refused.test", 33 }, { "six.test", 28 }, { "text.test", 16 }, { "loop.test", 1 }, { "any.test", 65280 },
		{ "a\xff\xfe\n b.test", 1 }, { "long-label-of-many-letters.long-label-of-many-letters.long-label-of-many-letters.test", 15 },
	};
	const int count = sizeof(all) / sizeof(all[0]);
	static const unsigned char extra[11] = { 0, 0, 41, 0x04, 0xd0 };
	unsigned char messages[sizeof(all) / sizeof(all[0])][512], room[1024];
	struct sockaddr_storage to;
	socklen_t size = place(53, &to);
	int fd = socket(to.ss_family, SOCK_DGRAM, 0);
	struct mmsghdr many[2] = {};
	struct iovec io[2];

	MUST(!connect(fd, (struct sockaddr *)&to, size));
	for (int i = 0; i < count; i++) {
		size_t length = ask(messages[i], 300 + i, all[i].name);

		messages[i][length - 4] = all[i].type >> 8;
		messages[i][length - 3] = all[i].type;
		if (i >= count - 2) {
			messages[i][11] = 1;
			memcpy(messages[i] + length, extra, sizeof(extra));
			io[i - count + 2] = (struct iovec){ messages[i], length + sizeof(extra) };
			many[i - count + 2].msg_hdr.msg_iov = &io[i - count + 2];
			many[i - count + 2].msg_hdr.msg_iovlen = 1;
			continue;
		}
		MUST(send(fd, messages[i], length, 0) == (ssize_t)length);
		MUST(recv(fd, room, sizeof(room), 0) >= (ssize_t)length);
	}
	MUST(sendmmsg(fd, many, 2, 0) == 2);
	for (int i = 0; i < 2; i++)
		MUST(recv(fd, room, sizeof(room), 0) > 12);
}

/* Two questions in one segment, and their answers in three. */
static void ask_stream(void)
{
	struct sockaddr_storage to;
	socklen_t size = place(53, &to);
	int fd = socket(to.ss_family, SOCK_STREAM, 0);
	unsigned char message[1024];
	size_t first = ask(message + 2, 71, "one.stream.test"), second = ask(message + 4 + first, 72, "Two.Stream.TEST");

	message[0] = 0;
	message[1] = first;
	message[2 + first] = 0;
	message[3 + first] = second;
	MUST(!connect(fd, (struct sockaddr *)&to, size));
	MUST(send(fd, message, 4 + first + second, 0) == (ssize_t)(4 + first + second));
	for (int i = 0; i < 2; i++) {
		uint16_t length;

		read_whole(fd, &length, 2);
		read_whole(fd, message, ntohs(length));
	}
	close(fd);
}

static void reach(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };

	inet_pton(AF_INET, answer_address, &to.sin_addr);
	MUST(connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to, sizeof(to)) && errno == ECONNREFUSED);
}

/* Connects to the address of the answers, where somebody listens. */
static void visit(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int server = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, answer_address, &to.sin_addr);
	MUST(!bind(server, (struct sockaddr *)&to, sizeof(to)) && !listen(server, 1));
	MUST(!connect(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&to, sizeof(to)));
}

/* An answer that nobody waits for, from the server to the socket of a client that asked something else. */
static void guess(int server)
{
	struct sockaddr_storage to, from;
	socklen_t size = place(53, &to);
	int fd = socket(to.ss_family, SOCK_DGRAM, 0);
	unsigned char message[1024];
	ssize_t length = ask(message, 7, "asked.test");

	MUST(sendto(fd, message, length, 0, (struct sockaddr *)&to, size) == length);
	size = sizeof(from);
	MUST(recvfrom(server, message, sizeof(message), 0, (struct sockaddr *)&from, &size) == length);
	length = answer(message, ask(message, 8, "asked.test"));
	MUST(sendto(server, message, length, 0, (struct sockaddr *)&from, size) == length);
	length = answer(message, ask(message, 7, "asked.test"));
	MUST(sendto(server, message, length, 0, (struct sockaddr *)&from, size) == length);
	MUST(sendto(server, message, length, 0, (struct sockaddr *)&from, size) == length);
	MUST(sendto(fd, "no message", 10, 0, (struct sockaddr *)&to, place(53, &to)) == 10);
}

int main(int count, char **arguments)
{
	const char *mode = count > 1 ? arguments[1] : "";
	struct sockaddr_storage at;
	socklen_t size;
	int datagrams, streams, one = 1, rounds = count > 3 ? atoi(arguments[3]) : 1;
	pid_t child;

	if (count > 2)
		server_text = arguments[2];
	size = place(53, &at);
	datagrams = socket(at.ss_family, SOCK_DGRAM, 0);
	streams = socket(at.ss_family, SOCK_STREAM, 0);
	setsockopt(streams, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	MUST(!bind(datagrams, (struct sockaddr *)&at, size));
	MUST(!bind(streams, (struct sockaddr *)&at, size) && !listen(streams, 4));
	printf("client %d\n", getpid());
	fflush(stdout);
	if (!strcmp(mode, "guess")) {
		guess(datagrams);
		return 0;
	}
	child = fork();
	if (!child) {
		if (!strcmp(mode, "stream"))
			serve_stream(accept(streams, NULL, NULL));
		else
			serve_datagrams(datagrams);
		_exit(0);
	}
	if (!strcmp(mode, "stream")) {
		ask_stream();
	} else if (!strcmp(mode, "ways")) {
		for (int way = 0; way < (int)(sizeof(ways) / sizeof(ways[0])); way++) {
			char name[64];

			snprintf(name, sizeof(name), "By-%s.Example.test", ways[way]);
			ask_by(way, name, 100 + way);
		}
		reach();
	} else if (!strcmp(mode, "kinds")) {
		ask_kinds();
	} else if (!strcmp(mode, "visit")) {
		ask_by(0, count > 4 ? arguments[4] : "example.test", 5);
		visit(rounds);
	} else if (!strcmp(mode, "storm")) {
		struct sockaddr_storage to;
		unsigned char message[1024];
		int fd = socket(at.ss_family, SOCK_DGRAM, 0);

		size = place(53, &to);
		for (int i = 0; i < rounds; i++) {
			ssize_t length = ask(message, i, "storm.example.test");

			MUST(sendto(fd, message, length, 0, (struct sockaddr *)&to, size) == length);
			MUST(recv(fd, message, sizeof(message), 0) > length);
		}
	} else {
		return 255;
	}
	if (strcmp(mode, "stream"))
		kill(child, 9);
	waitpid(child, NULL, 0);
	return 0;
}
