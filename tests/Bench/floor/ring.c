#define _GNU_SOURCE
#include "floor.h"

#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void *mapped(int fd, size_t size, int protection, off_t offset)
{
	void *memory = mmap(NULL, size, protection, MAP_SHARED, fd, offset);

	if (memory == MAP_FAILED) {
		perror("floor: the ring");
		exit(2);
	}
	return memory;
}

void open_ring(struct ring *r, int fd, size_t size)
{
	long page = sysconf(_SC_PAGESIZE);

	r->consumer = mapped(fd, page, PROT_READ | PROT_WRITE, 0);
	/* The kernel maps the data twice, so that no record is cut at the end. */
	r->producer = mapped(fd, page + 2 * size, PROT_READ, page);
	r->data = (const uint8_t *)r->producer + page;
	r->position = *r->consumer;
	r->mask = size - 1;
}

const void *next_record(struct ring *r, uint32_t *length)
{
	while (r->position < __atomic_load_n(r->producer, __ATOMIC_ACQUIRE)) {
		const uint8_t *at = r->data + (r->position & r->mask);
		uint32_t header = __atomic_load_n((const uint32_t *)at, __ATOMIC_ACQUIRE);

		if (header & BPF_RINGBUF_BUSY_BIT)
			return NULL;
		*length = header & ~BPF_RINGBUF_DISCARD_BIT;
		r->position += (*length + BPF_RINGBUF_HDR_SZ + 7) & ~7ul;
		if (!(header & BPF_RINGBUF_DISCARD_BIT))
			return at + BPF_RINGBUF_HDR_SZ;
	}
	return NULL;
}

void publish(struct ring *r)
{
	__atomic_store_n(r->consumer, r->position, __ATOMIC_SEQ_CST);
}
