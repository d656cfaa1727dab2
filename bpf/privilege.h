/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the privilege concern writes into the ring; part of the contract in events.h. */
#ifndef PICKET_PRIVILEGE_H
#define PICKET_PRIVILEGE_H

#include "events.h"

enum call_flags {
	CALL_THROUGH_COMPAT = 1 << 0, /* the 32-bit entry: `number` is of its table */
	CALL_TEXT_CUT = 1 << 1,
	CALL_TEXT_UNREAD = 1 << 2,    /* the text was not in memory */
};

/* A system call as it ended: EVENT_MEMFD, .. */
struct call_event {
	struct event_header header;
	__u64 arguments[6];
	__s64 result;
	__u32 number;
	__u32 flags; /* enum call_flags */
	struct slice text; /* the string that an argument points to, read at the exit */
};

_Static_assert(sizeof(struct call_event) == 104, "call_event");

#endif
