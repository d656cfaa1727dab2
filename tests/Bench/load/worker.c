#define _GNU_SOURCE
#include "load.h"

#include <errno.h>
#include <string.h>
#include <time.h>

uint64_t boot_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void wait_until(const struct control *c, uint64_t time)
{
	const struct timespec until = { .tv_sec = time / 1000000000, .tv_nsec = time % 1000000000 };

	while (!c->stop && clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
}

bool next_round(struct worker *w, uint64_t round)
{
	const struct control *c = w->control;

	if (c->stop || (w->rounds && round >= w->rounds))
		return false;
	if (w->interval) {
		/* By the schedule and not by the end of the last round: a slow one is made up for. */
		uint64_t turn = w->begun + round * w->interval;

		if (c->deadline && turn >= c->deadline)
			return false;
		wait_until(c, turn);
		if (c->stop)
			return false;
	}
	/* Looking at the clock costs less than the cheapest round by two orders of magnitude. */
	if (c->deadline && boot_ns() >= c->deadline)
		return false;
	w->done = round + 1;
	return true;
}

struct operation *begin(struct worker *w, enum operation_code code, uint64_t round)
{
	static struct operation unlogged;
	struct operation *op = &unlogged;

	if (w->control->logging && w->logged < w->capacity)
		op = &w->log[w->logged++];
	else if (w->control->logging)
		w->unlogged++;
	memset(op, 0, sizeof(*op));
	op->code = code;
	op->worker = w->index;
	op->pid = w->pid;
	op->number = round;
	if (w->control->logging)
		op->before = boot_ns();
	return op;
}

void end(struct worker *w, struct operation *op, int error)
{
	if (w->control->logging)
		op->after = boot_ns();
	op->error = error;
	if (error) {
		w->failed[op->code]++;
		w->last_error = error;
	} else {
		w->made[op->code]++;
	}
}

bool problem(struct worker *w, const char *what)
{
	snprintf(w->problem, sizeof(w->problem), "%s: %s", what, strerror(errno));
	return false;
}

void map_address(uint8_t to[16], uint32_t address)
{
	to[10] = to[11] = 0xff;
	memcpy(to + 12, &address, sizeof(address));
}

/* Each worker has an address of its own, so that no two share ports. Network byte order. */
uint32_t loopback_of(const struct worker *w)
{
	const uint8_t bytes[4] = { 127, 77, w->index + 1, 53 };
	uint32_t address;

	memcpy(&address, bytes, sizeof(address));
	return address;
}
