/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A tiny name server: any name is an alias, by two steps, of one with an address. */
#ifndef PICKET_TESTS_NAMESERVER_H
#define PICKET_TESTS_NAMESERVER_H

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "must.h"

static const char *server_text = "127.0.0.1";
static const char *const answer_address = "203.0.113.5";

static socklen_t place(int port, struct sockaddr_storage *to)
{
	memset(to, 0, sizeof(*to));
	if (strchr(server_text, ':')) {
		struct sockaddr_in6 *six = (struct sockaddr_in6 *)to;

		six->sin6_family = AF_INET6;
		six->sin6_port = htons(port);
		MUST(inet_pton(AF_INET6, server_text, &six->sin6_addr) == 1);
		return sizeof(*six);
	}
	struct sockaddr_in *four = (struct sockaddr_in *)to;

	four->sin_family = AF_INET;
	four->sin_port = htons(port);
	MUST(inet_pton(AF_INET, server_text, &four->sin_addr) == 1);
	return sizeof(*four);
}

static size_t put_name(unsigned char *to, const char *name)
{
	size_t at = 0;

	while (*name) {
		size_t length = strcspn(name, ".");

		to[at++] = length;
		memcpy(to + at, name, length);
		at += length;
		name += length + (name[length] == '.');
	}
	to[at++] = 0;
	return at;
}

static size_t ask(unsigned char *to, uint16_t id, const char *name)
{
	unsigned char head[12] = { id >> 8, id, 1, 0, 0, 1 };
	size_t at = 12;

	memcpy(to, head, 12);
	at += put_name(to + at, name);
	memcpy(to + at, "\0\1\0\1", 4);
	return at + 4;
}

static size_t put_record(unsigned char *to, const unsigned char *owner, size_t owner_size, int type, uint32_t life,
			 const void *data, size_t size)
{
	unsigned char *at = to;

	memcpy(at, owner, owner_size);
	at += owner_size;
	*at++ = 0;
	*at++ = type;
	*at++ = 0;
	*at++ = 1;
	*at++ = life >> 24;
	*at++ = life >> 16;
	*at++ = life >> 8;
	*at++ = life;
	*at++ = size >> 8;
	*at++ = size;
	memcpy(at, data, size);
	return at + size - to;
}

/* An answer by two aliases; the names of the second and third record point into the first. */
static size_t answer(unsigned char *message, size_t length)
{
	unsigned char alias[64], real[64];
	struct in_addr address;
	size_t at, alias_size = put_name(alias, "alias.example.test"), real_size = put_name(real, "real.example.test");

	/* What follows the question, such as EDNS, is not repeated. */
	for (at = 12; message[at]; at += message[at] + 1)
		;
	at += 5;
	MUST(at <= length);
	message[2] |= 0x80;
	message[7] = 3;
	message[11] = 0;
	inet_pton(AF_INET, answer_address, &address);
	at += put_record(message + at, (const unsigned char *)"\xc0\x0c", 2, 5, 300, alias, alias_size);
	at += put_record(message + at, alias, alias_size, 5, 300, real, real_size);
	return at + put_record(message + at, real, real_size, 1, 300, &address, 4);
}

/* What the first letters of a name ask the server for. */
static size_t answer_as_asked(unsigned char *message, size_t length)
{
	static const unsigned char six[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 7 };
	const char *name = (const char *)message + 13;
	size_t question = 12;

	while (message[question])
		question += message[question] + 1;
	question += 5;
	message[2] |= 0x80;
	message[11] = 0;
	if (!strncmp(name, "absent", 6)) {
		message[3] = 3;
		return question;
	}
	if (!strncmp(name, "refused", 7)) {
		message[3] = 5;
		return question;
	}
	if (!strncmp(name, "six", 3)) {
		message[7] = 1;
		return question + put_record(message + question, (const unsigned char *)"\xc0\x0c", 2, 28, 300, six, sizeof(six));
	}
	if (!strncmp(name, "text", 4)) {
		message[7] = 1;
		return question + put_record(message + question, (const unsigned char *)"\xc0\x0c", 2, 16, 300, "\x05hello", 6);
	}
	if (!strncmp(name, "loop", 4)) {
		/* An alias whose name is itself. */
		unsigned char self[2] = { 0xc0, question + 12 };

		message[7] = 1;
		return question + put_record(message + question, (const unsigned char *)"\xc0\x0c", 2, 5, 300, self, sizeof(self));
	}
	return answer(message, length);
}

static void serve_datagrams(int fd)
{
	unsigned char message[1024];
	struct sockaddr_storage from;
	socklen_t size;

	while (1) {
		size = sizeof(from);
		ssize_t length = recvfrom(fd, message, 512, 0, (struct sockaddr *)&from, &size);

		if (length < 12)
			return;
		length = answer_as_asked(message, length);
		MUST(sendto(fd, message, length, 0, (struct sockaddr *)&from, size) == length);
	}
}

static void read_whole(int fd, void *to, size_t size)
{
	MUST(recv(fd, to, size, MSG_WAITALL) == (ssize_t)size);
}

/* Each answer goes out in pieces, two of them in one. */
static void serve_stream(int fd)
{
	unsigned char message[1024], out[2048];
	size_t filled = 0;
	uint16_t size;

	for (int i = 0; i < 2; i++) {
		read_whole(fd, &size, 2);
		read_whole(fd, message, ntohs(size));
		size_t length = answer(message, ntohs(size));

		out[filled++] = length >> 8;
		out[filled++] = length;
		memcpy(out + filled, message, length);
		filled += length;
	}
	MUST(send(fd, out, 1, 0) == 1);
	usleep(20000);
	MUST(send(fd, out + 1, 40, 0) == 40);
	usleep(20000);
	MUST(send(fd, out + 41, filled - 41, 0) == (ssize_t)filled - 41);
	recv(fd, message, 1, 0);
}

#endif
