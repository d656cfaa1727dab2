/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps all programs share, and the one way into the ring. `events`, `counters` and `state` are made and pinned by
 * the loader and handed to every object; the sizes written here for them are replaced.
 *
 * Wake-ups are the kernel's adaptive ones (no flag): a commit notifies only when the reader's published position is
 * exactly at that record, which is when it may be waiting. A reader whose position lags sleeps on a timer instead.
 */
#ifndef PICKET_MAPS_H
#define PICKET_MAPS_H

#include "kernel.h"
#include "events.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, EVENT_KIND_MAX);
	__type(key, __u32);
	__type(value, struct counter);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct state);
} state SEC(".maps");

const volatile struct program_config config = {};

/* XADD without fetch is all that 5.8 has; it is also what a preempted increment on the same CPU needs. */
#define COUNT(row, field)                                                                                              \
	do {                                                                                                           \
		struct counter *row_ = (row);                                                                          \
		if (row_)                                                                                              \
			__sync_fetch_and_add(&row_->field, 1);                                                         \
	} while (0)

/*
 * A member through a pointer. Where the verifier knows the pointer's type (tp_btf and iterators, and what is reached
 * from there by GET alone) it is a plain load; a helper call, as raw_tp needs it, costs some forty times that. `typed`
 * is a constant of the program, passed down through functions that are all inlined.
 */
#define GET(pointer, member) (typed ? (pointer)->member : BPF_CORE_READ(pointer, member))

static __always_inline struct counter *counter_of(__u32 kind)
{
	return bpf_map_lookup_elem(&counters, &kind);
}

/*
 * Programs of an older or newer generation may be attached at the same time while the sensor is being upgraded; only
 * those of the generation in `state` report. Older links come first on a tracepoint's list, so that an event that
 * passes while the number changes can be reported twice (exec_id, the process key tell) but never be missed.
 */
static __always_inline bool reporting(__u32 concern)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&state, &zero);

	return s && concern < CONCERN_MAX && *(volatile __u32 *)&s->generation[concern] == config.generation;
}

static __always_inline bool is_self(struct state *s, struct task_struct *task, const bool typed)
{
	struct task_struct *leader = GET(task, group_leader);

	return (__u32)GET(task, tgid) == s->self_tgid && GET(leader, start_boottime) == s->self_start;
}

#define TOUCH_SELF 1
#define TOUCH_GUARD 2

/*
 * Which of the sensor's two processes the current task acts on when it acts on `target`; 0 for neither, and for what the
 * sensor does to itself and to its guard, or the guard to itself. The guard is known by its number alone, which the
 * sensor takes back when it learns of the guard's end; were the number given again before, this would say one touch too many.
 */
static __always_inline __u32 touch_of(struct state *s, struct task_struct *target)
{
	__u32 by = bpf_get_current_pid_tgid() >> 32, guard = *(volatile __u32 *)&s->guard_tgid;
	__u32 tgid = BPF_CORE_READ(target, tgid);

	if (by == tgid)
		return 0;
	if (is_self(s, target, false))
		return TOUCH_SELF;
	if (!guard || tgid != guard || is_self(s, (struct task_struct *)bpf_get_current_task(), false))
		return 0;
	return TOUCH_GUARD;
}

/*
 * Counts an event of `kind` and says whether a record of it is to be made: somebody asks for the kind, and it is not
 * the sensor's own doing. What goes on must end in one of submitted, lost, refused or busy.
 */
static __always_inline bool begin_event(struct counter *count, const __u32 kind, struct task_struct *task, const bool typed)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&state, &zero);

	if (!s)
		return false;
	COUNT(count, seen);
	if (!(*(volatile __u64 *)&s->wanted[kind / 64] & 1ull << kind % 64)) {
		COUNT(count, unasked);
		return false;
	}
	if (is_self(s, task, typed)) {
		COUNT(count, self);
		return false;
	}
	return true;
}

/* Bulk kinds leave a quarter of the ring to the critical ones (exec, fork, exit, credentials, modules, connect). */
static __always_inline bool is_critical(const __u32 kind)
{
	return kind < EVENT_FILE_CREATE || kind == EVENT_CONNECT || kind == EVENT_SETID || kind == EVENT_CAPSET ||
	       kind == EVENT_MODULE;
}

static __always_inline bool reserve_reached(void)
{
	__u64 size = config.ring_size;

	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) > size - size / 4;
}

static __always_inline void fill_key(struct process_key *key, struct task_struct *task, const bool typed)
{
	struct task_struct *leader = GET(task, group_leader);

	key->start = GET(leader, start_boottime);
	key->tgid = GET(task, tgid);
	key->pid = GET(task, pid);
}

static __always_inline void fill_header(struct event_header *header, __u16 kind, __u32 length,
					struct task_struct *task, const bool typed)
{
	header->kind = kind;
	header->cpu = bpf_get_smp_processor_id();
	header->length = length;
	header->time = bpf_ktime_get_boot_ns();
	fill_key(&header->process, task, typed);
}

#endif
