/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the programs about connections and datagrams share. */
#ifndef PICKET_TESTS_NET_H
#define PICKET_TESTS_NET_H

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

#include "entry32.h"
#include "must.h"

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static inline socklen_t parse(const char *text, int port, union address *to)
{
	memset(to, 0, sizeof(*to));
	if (strchr(text, ':')) {
		to->six.sin6_family = AF_INET6;
		to->six.sin6_port = htons(port);
		MUST(inet_pton(AF_INET6, text, &to->six.sin6_addr) == 1);
		return sizeof(to->six);
	}
	to->four.sin_family = AF_INET;
	to->four.sin_port = htons(port);
	MUST(inet_pton(AF_INET, text, &to->four.sin_addr) == 1);
	return sizeof(to->four);
}

static inline void say(const char *who)
{
	printf("%s %d\n", who, getpid());
	fflush(stdout);
}

static inline void wait_for(pid_t child)
{
	int status;

	MUST(waitpid(child, &status, 0) == child);
	if (status)
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 254);
}

static inline int opened(const char *text, int port, int type, union address *to, socklen_t *size)
{
	int fd;

	*size = parse(text, port, to);
	fd = socket(to->any.sa_family, type, 0);
	MUST(fd >= 0);
	return fd;
}

static inline int serving(const char *text, int port)
{
	union address at;
	socklen_t size;
	int one = 1, fd = opened(text, port, SOCK_STREAM, &at, &size);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	MUST(!bind(fd, &at.any, size) && !listen(fd, 8));
	return fd;
}

#endif
