/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the privilege concern writes into the ring; part of the contract in events.h. */
#ifndef PICKET_PRIVILEGE_H
#define PICKET_PRIVILEGE_H

#include "events.h"

enum call_flags {
	CALL_THROUGH_COMPAT = 1 << 0, /* the 32-bit entry: `number` is of its table */
	CALL_TEXT_CUT = 1 << 1,
	CALL_TEXT_UNREAD = 1 << 2,    /* a text was not in memory */
	CALL_PATH_CUT = 1 << 3,       /* the path lacks its beginning */
	CALL_PATH_DETACHED = 1 << 4,  /* the path hangs in no mount */
	CALL_ON_SENSOR = 1 << 5,      /* the target is the sensor itself */
	CALL_NO_CALL = 1 << 6,        /* seen by another hook than the call's: no number, arguments or result */
	CALL_ON_GUARD = 1 << 7,       /* beside CALL_ON_SENSOR: the target is the process that watches over the sensor */
};

#define CALL_TEXTS 4

/*
 * A system call as it ended, and what is like one. `detail` and `texts` by kind:
 *   MEMFD   name
 *   MODULE  name in the kernel, path of the file descriptor, parameters
 *   BPF     name of what was made, or the path of a pin; detail: type of program or map
 *   MOUNT   source, target, type; detail: attributes that mount_setattr sets
 *   UMOUNT  target
 *   SETNS   detail: CLONE_NEW.. of the descriptor's namespace, 0 for a pidfd
 *   PIVOT_ROOT  new root, where the old one goes
 *   KILL    detail: the signal
 *   PRCTL   new name, old name (CALL_NO_CALL)
 */
struct call_event {
	struct event_header header;
	__u64 arguments[6];
	__s64 result;
	__u32 number;
	__u32 flags; /* enum call_flags */
	struct process_key target; /* the other process; tgid 0: none, or unknown */
	__u32 target_uid;
	__u32 detail;
	char comm[16]; /* the thread's name */
	struct slice texts[CALL_TEXTS];
};

/* EVENT_SETID, EVENT_CAPSET, EVENT_UNSHARE, EVENT_SETNS: what the thread is after the call. */
struct standing_event {
	struct call_event call;
	struct surroundings surroundings;
};

_Static_assert(sizeof(struct call_event) == 168, "call_event");
_Static_assert(sizeof(struct standing_event) == 304, "standing_event");

#endif
