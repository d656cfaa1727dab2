/*
 * The floor of the sensor path: the product's kernel programs, read by the least that a program in C can do. It has maps of its
 * own and pins nothing, so that it runs beside a node, though not while one is measured.
 */
#ifndef FLOOR_H
#define FLOOR_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "events.h"

#define KINDS_READ EVENT_KIND_MAX

#define CALLS_MAX 64

/* A program that the one hook on system calls hands them to: its name without _btf or _raw, and the slots of its calls. */
struct call_binding {
	char program[64];
	bool enter;
	uint32_t lane;
	unsigned int count;
	uint16_t slots[32];
};

/* programs.c: loads and attaches NAME.bpf.o for each name; ends the process with a message when that fails. */
struct programs {
	struct call_binding bindings[CALLS_MAX];
	unsigned int bound;
	uint64_t wanted[EVENT_KIND_MAX / 64];
	int ring;
	int counters;
	size_t ring_size;
	int cpus;
	unsigned int attached;
};
void attach_programs(struct programs *p, const char *folder, const char *const *names, unsigned int count);

/* PROGRAM:enter|exit:LANE:SLOT[,SLOT...]; false when it is none. */
bool bind_calls(struct programs *p, const char *text);
void read_counters(const struct programs *p, struct counter sums[EVENT_KIND_MAX]);

/* ring.c */
struct ring {
	unsigned long *consumer;
	const unsigned long *producer;
	const uint8_t *data;
	unsigned long position;
	unsigned long mask;
};
void open_ring(struct ring *r, int fd, size_t size);

/* The next record, or NULL. It stays readable until publish(). */
const void *next_record(struct ring *r, uint32_t *length);
void publish(struct ring *r);

/* json.c: lines of records into a buffer that is written when it is full, or at flush_json(). */
void open_json(const char *path);
void write_json(const void *record, uint32_t length);
void flush_json(void);

#endif
