/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Room to build a large record in. A per-CPU value ends at 32 KiB, so this is an array indexed by CPU; and because a
 * program may be preempted by another task's on the same CPU (iterators always, tracepoints on some kernels), each
 * CPU has a few slots that are taken and given back.
 *
 * Taking needs no fetching atomic: add one, and the slot is ours only if the sum then reads one. Whoever holds a slot
 * keeps its one in the sum until release, so a second can never read one; two that collide both step back and go on
 * to the next slot.
 */
#ifndef PICKET_SCRATCH_H
#define PICKET_SCRATCH_H

#include "maps.h"

#define SCRATCH_SLOTS 3
#define ARGS_MAX 0x8000 /* bytes of arguments in one record */
#define HEAD_MASK 0x7fff /* all but the arguments ends below this */
#define PATH_MAX 4096
#define NO_SLOT 0xffffffff

struct scratch {
	__u64 taken;
	/* The write offset lives here and not in a variable: as a variable, each value is a new state to verify. */
	__u64 end;
	__u64 walk_dentry;
	__u64 walk_mount;
	__u32 walk_flags;
	__u32 walk_at;
	__u64 env_from;
	__u64 env_to;
	char path[2 * PATH_MAX]; /* the walk writes backwards from PATH_MAX; the rest is the verifier's margin */
	/*
	 * The members beside `record` are its views, and put the types into the object's BTF, where a test looks for them.
	 * A concern names its own in RECORD_VIEWS before it includes this file.
	 */
	union {
		char record[HEAD_MASK + 1 + ARGS_MAX];
		enum event_kind kind;
		struct exec_event exec;
		struct fork_event fork;
		struct exit_event exit;
#ifdef RECORD_VIEWS
		RECORD_VIEWS
#endif
	};
};

_Static_assert(sizeof(struct scratch) == 73784, "scratch");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SCRATCH_SLOTS); /* times the possible CPUs; made by the loader, one for all objects */
	__type(key, __u32);
	__type(value, struct scratch);
} scratch SEC(".maps");

static __always_inline __u32 scratch_take(void)
{
	__u32 first = bpf_get_smp_processor_id() * SCRATCH_SLOTS;

	for (int i = 0; i < SCRATCH_SLOTS; i++) {
		__u32 index = first + i;
		struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);

		if (!slot)
			return NO_SLOT;
		__sync_fetch_and_add(&slot->taken, 1);
		if (*(volatile __u64 *)&slot->taken == 1)
			return index;
		__sync_fetch_and_add(&slot->taken, -1);
	}
	return NO_SLOT;
}

static __always_inline void scratch_release(struct scratch *slot)
{
	__sync_fetch_and_add(&slot->taken, -1);
}

/* Keeps the compiler from reasoning away, or around, the comparison that the verifier has to see. */
#define OPAQUE(n) asm volatile("" : "+r"(n))

#endif
