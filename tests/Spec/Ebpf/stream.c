// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Does the same thing of one kind every two milliseconds, COUNT times, and says for each its number and its boot time in ns. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct io_uring_params params;
static int ring;
static char *queue, *done;
static struct io_uring_sqe *entries;

static void begin(void)
{
	size_t size;

	ring = syscall(__NR_io_uring_setup, 8, &params);
	size = params.sq_off.array + params.sq_entries * sizeof(unsigned);
	queue = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	size = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
	done = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	entries = mmap(NULL, params.sq_entries * sizeof(*entries), PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
}

static int open_by_ring(const char *name)
{
	unsigned *tail = (void *)(queue + params.sq_off.tail), mask = *(unsigned *)(queue + params.sq_off.ring_mask), at = *tail & mask;
	unsigned *head = (void *)(done + params.cq_off.head);
	int file;

	if (!ring)
		begin();
	tail = (void *)(queue + params.sq_off.tail);
	mask = *(unsigned *)(queue + params.sq_off.ring_mask);
	head = (void *)(done + params.cq_off.head);
	at = *tail & mask;
	entries[at] = (struct io_uring_sqe){ .opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uint64_t)(uintptr_t)name,
					     .open_flags = O_CREAT | O_WRONLY, .len = 0600 };
	((unsigned *)(queue + params.sq_off.array))[at] = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	syscall(__NR_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0);
	file = ((struct io_uring_cqe *)(done + params.cq_off.cqes))[*head & *(unsigned *)(done + params.cq_off.ring_mask)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return file;
}

static void ask(int number)
{
	unsigned char query[64] = { 0, 1, 1, 0, 0, 1 }, *at = query + 12;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53), .sin_addr.s_addr = htonl(0x7f000001) };
	static int asker;

	if (!asker)
		asker = socket(AF_INET, SOCK_DGRAM, 0);
	*at = snprintf((char *)at + 1, 40, "gap-%d", number);
	at += *at + 1;
	memcpy(at, "\4test\0\0\1\0\1", 10);
	sendto(asker, query, at + 10 - query, 0, (void *)&to, sizeof(to));
}

static void send_to(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(0x7f000001) };
	int sender = socket(AF_INET, SOCK_DGRAM, 0);

	sendto(sender, "x", 1, 0, (void *)&to, sizeof(to));
	close(sender);
}

int main(int argc, char **argv)
{
	const char *kind = argv[1];
	struct timespec now;
	char name[32];
	int count = atoi(argv[2]);

	for (int number = 1; number <= count; number++) {
		snprintf(name, sizeof(name), "gap-%d", number);
		clock_gettime(CLOCK_BOOTTIME, &now);
		if (!strcmp(kind, "memfd"))
			close(syscall(__NR_memfd_create, name, 0));
		else if (!strcmp(kind, "file"))
			close(open(name, O_CREAT | O_WRONLY, 0600));
		else if (!strcmp(kind, "uring"))
			close(open_by_ring(name));
		else if (!strcmp(kind, "dns"))
			ask(number);
		else if (!strcmp(kind, "network"))
			send_to(20000 + number);
		else if (!vfork()) {
			execl(argv[3], "match", name, NULL);
			_exit(1);
		}
		printf("%d %lld\n", number, now.tv_sec * 1000000000ll + now.tv_nsec);
		fflush(stdout);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		unlink(name);
		usleep(2000);
	}
	return 0;
}
