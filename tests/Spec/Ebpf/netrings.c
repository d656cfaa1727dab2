// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Connects and accepts through io_uring alone, without a library; speaks as net does, and says "lacking 1" for what the kernel has not. */
#include "net.h"

#include <linux/io_uring.h>

/* Newer than the headers of some distributions. */
#define OP_SOCKET 45
#define OP_BIND 56
#define OP_LISTEN 57
#define CHOSEN (~0u)
#define MULTISHOT 1
#define PLACES 8

static int ring;
static char *submission, *completion;
static struct io_uring_sqe *entries;
static struct io_uring_params params;

static void begin(void)
{
	struct io_uring_rsrc_register places = { .nr = PLACES, .flags = 1 /* SPARSE */ };

	ring = syscall(SYS_io_uring_setup, 16, &params);
	MUST(ring >= 0);
	submission = mmap(NULL, params.sq_off.array + params.sq_entries * 4, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	completion = mmap(NULL, params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe), PROT_READ | PROT_WRITE, MAP_SHARED, ring,
			  IORING_OFF_CQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
	MUST(submission != MAP_FAILED && completion != MAP_FAILED && entries != MAP_FAILED);
	syscall(SYS_io_uring_register, ring, 13 /* FILES2 */, &places, sizeof(places));
}

static void submit(struct io_uring_sqe sqe)
{
	uint32_t *tail = (uint32_t *)(submission + params.sq_off.tail), at = *tail & *(uint32_t *)(submission + params.sq_off.ring_mask);

	entries[at] = sqe;
	((uint32_t *)(submission + params.sq_off.array))[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	MUST(syscall(SYS_io_uring_enter, ring, 1, 0, 0, NULL, 0) == 1);
}

static int finish(void)
{
	uint32_t *head = (uint32_t *)(completion + params.cq_off.head);
	struct io_uring_cqe *all = (struct io_uring_cqe *)(completion + params.cq_off.cqes);
	int result;

	while (*head == __atomic_load_n((uint32_t *)(completion + params.cq_off.tail), __ATOMIC_ACQUIRE))
		MUST(syscall(SYS_io_uring_enter, ring, 0, 1, IORING_ENTER_GETEVENTS, NULL, 0) >= 0);
	result = all[*head & *(uint32_t *)(completion + params.cq_off.ring_mask)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return result;
}

static int work(struct io_uring_sqe sqe)
{
	submit(sqe);
	return finish();
}

#define SQE(...) ((struct io_uring_sqe){ __VA_ARGS__ })
#define AT(p) (uint64_t)(uintptr_t)(p)

/* Connects, accepts and sends a datagram by io_uring. */
static void uring(const char *text, int port)
{
	union address to;
	socklen_t size;
	int server = serving(text, port), fd = opened(text, port, SOCK_STREAM, &to, &size);
	struct iovec io = { "x", 1 };
	struct msghdr message = { .msg_name = &to, .msg_namelen = size, .msg_iov = &io, .msg_iovlen = 1 };

	say("both");
	MUST(work(SQE(.opcode = IORING_OP_CONNECT, .fd = fd, .addr = AT(&to), .off = size)) == 0);
	MUST(work(SQE(.opcode = IORING_OP_ACCEPT, .fd = server)) >= 0);
	fd = socket(to.any.sa_family, SOCK_DGRAM, 0);
	MUST(work(SQE(.opcode = IORING_OP_SENDMSG, .fd = fd, .addr = AT(&message), .len = 1)) == 1);
}

/* One request takes COUNT connections of another process, as descriptors or into places of the ring's own. */
static void multishot(const char *text, int port, int count, uint32_t place)
{
	union address to;
	socklen_t size = parse(text, port, &to);
	int server = serving(text, port), pair[2], taken;
	pid_t child;

	MUST(!pipe(pair));
	say("server");
	submit(SQE(.opcode = IORING_OP_ACCEPT, .fd = server, .ioprio = MULTISHOT, .file_index = place, .user_data = 0x1234567890abcdef));
	child = fork();
	if (!child) {
		char byte;

		say("client");
		for (int i = 0; i < count; i++)
			MUST(!connect(socket(to.any.sa_family, SOCK_STREAM, 0), &to.any, size));
		close(pair[1]);
		MUST(read(pair[0], &byte, 1) == 0);
		_exit(0);
	}
	for (int i = 0; i < count; i++) {
		taken = finish();
		if (!i && taken == -EINVAL) {
			printf("lacking 1\n");
			break;
		}
		MUST(taken >= 0);
	}
	close(pair[1]);
	wait_for(child);
}

/* Both ends without any descriptor of the process. */
static void direct(const char *text, int port)
{
	union address at;
	socklen_t size = parse(text, port, &at);
	int server = serving(text, port);

	if (work(SQE(.opcode = OP_SOCKET, .fd = at.any.sa_family, .off = SOCK_STREAM, .file_index = 3)) < 0) {
		printf("lacking 1\n");
		return;
	}
	say("both");
	MUST(work(SQE(.opcode = IORING_OP_CONNECT, .flags = IOSQE_FIXED_FILE, .fd = 2, .addr = AT(&at), .off = size)) == 0);
	MUST(work(SQE(.opcode = IORING_OP_ACCEPT, .fd = server, .file_index = 5)) == 0);
}

/* Binds and listens by requests, the second time on a port that the kernel chooses when it listens. */
static void listens(const char *text, int port)
{
	union address at;
	socklen_t size;
	int fd = opened(text, port, SOCK_STREAM, &at, &size), chosen = socket(at.any.sa_family, SOCK_STREAM, 0);

	if (work(SQE(.opcode = OP_BIND, .fd = fd, .addr = AT(&at), .addr2 = size)) == -EINVAL) {
		printf("lacking 1\n");
		return;
	}
	say("server");
	MUST(work(SQE(.opcode = OP_LISTEN, .fd = fd, .len = 1)) == 0);
	MUST(work(SQE(.opcode = OP_LISTEN, .fd = chosen, .len = 1)) == 0);
	size = sizeof(at);
	MUST(!getsockname(chosen, &at.any, &size));
	printf("port %d\n", ntohs(at.four.sin_port));
}

int main(int count, char **arguments)
{
	const char *mode = count > 1 ? arguments[1] : "", *text = count > 2 ? arguments[2] : "127.0.0.1";
	int port = count > 3 ? atoi(arguments[3]) : 4000;

	begin();
	if (!strcmp(mode, "uring"))
		uring(text, port);
	else if (!strcmp(mode, "multishot"))
		multishot(text, port, 3, 0);
	else if (!strcmp(mode, "multishot-direct"))
		multishot(text, port, 3, CHOSEN);
	else if (!strcmp(mode, "direct"))
		direct(text, port);
	else if (!strcmp(mode, "listens"))
		listens(text, port);
	else
		return 255;
	return 0;
}
