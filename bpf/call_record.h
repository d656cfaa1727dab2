/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a record of the privilege concern is begun, filled and sent. */
#ifndef PICKET_CALL_RECORD_H
#define PICKET_CALL_RECORD_H

#include "privilege.h"

#define RECORD_VIEWS struct call_event call; struct standing_event standing;

#include "calls.h"
#include "targets.h"

#define TEXT_MAX PATH_MAX

/* A record under way. `slot` is null where none is to be made. */
struct draft {
	struct counter *count;
	struct scratch *slot;
	struct task_struct *task;
	__u32 index;
	__u32 kind;
};

/*
 * Counts an event of `kind` and takes the room for its record. What is done to the sensor or its guard is reported whether a
 * rule asks for it or not, and from the reserve: a node that is ended under load must learn by whom.
 */
static __always_inline struct draft begin_draft(const __u32 kind, const __u32 size, struct task_struct *target)
{
	struct draft d = { .kind = kind, .task = (struct task_struct *)bpf_get_current_task(), .count = counter_of(kind) };
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&state, &zero);
	__u32 touch = s && target ? touch_of(s, target) : 0;
	struct scratch *slot;

	if (!s)
		return d;
	if (touch)
		COUNT(d.count, seen);
	else if (!begin_event(d.count, kind, d.task, false))
		return d;
	if (!is_critical(kind) && !touch && reserve_reached()) {
		COUNT(d.count, refused);
		return d;
	}
	d.index = scratch_take();
	slot = bpf_map_lookup_elem(&scratch, &d.index);
	if (!slot) {
		COUNT(d.count, busy);
		return d;
	}
	__builtin_memset(&slot->standing, 0, size);
	slot->end = size;
	slot->call.target_uid = UNSET_ID;
	bpf_get_current_comm(slot->call.comm, sizeof(slot->call.comm));
	if (touch)
		slot->call.flags |= touch == TOUCH_GUARD ? CALL_ON_SENSOR | CALL_ON_GUARD : CALL_ON_SENSOR;
	if (target) {
		fill_key(&slot->call.target, BPF_CORE_READ(target, group_leader), false);
		slot->call.target_uid = BPF_CORE_READ(target, cred, uid.val);
	}
	d.slot = slot;
	return d;
}

static __always_inline void fill_call(struct call_event *e, struct pt_regs *regs, long result, const bool typed)
{
	bool compat = is_compat((struct task_struct *)bpf_get_current_task());

	e->arguments[0] = CALL_ARGUMENT(regs, 0, compat);
	e->arguments[1] = CALL_ARGUMENT(regs, 1, compat);
	e->arguments[2] = CALL_ARGUMENT(regs, 2, compat);
	e->arguments[3] = CALL_ARGUMENT(regs, 3, compat);
	e->arguments[4] = CALL_ARGUMENT(regs, 4, compat);
	e->arguments[5] = CALL_ARGUMENT(regs, 5, compat);
	e->result = result;
	e->number = (__u32)CALL_NUMBER(regs);
	if (compat)
		e->flags |= CALL_THROUGH_COMPAT;
}

/* Appends the caller's string at `from`; nothing for a null pointer. It is read at the exit: the caller may have changed it. */
static __always_inline void add_text(struct scratch *slot, struct slice *out, __u64 from)
{
	__u64 end = slot->end & HEAD_MASK;
	long read;

	if (!from)
		return;
	read = bpf_probe_read_user_str(&slot->record[end], TEXT_MAX, (const void *)from);
	if (read < 0)
		slot->call.flags |= CALL_TEXT_UNREAD;
	if (read == TEXT_MAX)
		slot->call.flags |= CALL_TEXT_CUT;
	if (read <= 1)
		return;
	out->offset = end;
	out->length = read - 1;
	slot->end = end + read - 1;
}

/* The same for bytes in the kernel's memory. */
static __always_inline void add_kernel_text(struct scratch *slot, struct slice *out, const void *from, const __u32 room)
{
	out->offset = slot->end;
	out->length = from ? append_string(slot, from, room) : 0;
}

/*
 * The path of an open file, by its dentry. A program that calls this has a subprogram, and 5.8 lets such a program make
 * no tail call: no later lane may look at the same system call.
 */
static __always_inline void add_path(struct draft *d, struct slice *out, struct file *file)
{
	struct scratch *slot = d->slot;

	slot->walk_dentry = (__u64)BPF_CORE_READ(file, f_path.dentry);
	slot->walk_mount = (__u64)BPF_CORE_READ(file, f_path.mnt) - bpf_core_field_offset(struct mount, mnt);
	out->offset = slot->end;
	out->length = append_walk(d->index);
	if (slot->walk_flags & WALK_CUT)
		slot->call.flags |= CALL_PATH_CUT;
	if (slot->walk_flags & WALK_DETACHED)
		slot->call.flags |= CALL_PATH_DETACHED;
}

static __always_inline void send_draft(struct draft *d)
{
	__u64 length = d->slot->end;

	fill_header(&d->slot->call.header, d->kind, length, d->task, false);
	OPAQUE(length);
	if (length <= HEAD_MASK && !bpf_ringbuf_output(&events, d->slot->record, length, 0))
		COUNT(d->count, submitted);
	else
		COUNT(d->count, lost);
	scratch_release(d->slot);
}

#endif
