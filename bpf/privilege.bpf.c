// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What gives a process rights, or takes part in other processes: one program for each family of system calls.
 *
 * Why this hook: these are decisions of the kernel that have no tracepoint of their own, so they are taken where the
 * system call ends and its result is known. The programs are called by the one hook in syscalls.bpf.c.
 */
#include "privilege.h"

#define RECORD_VIEWS struct call_event call;

#include "calls.h"
#include "scratch.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define TEXT_MAX 256

static __always_inline void fill_call(struct call_event *e, struct pt_regs *regs, long result, bool compat, const bool typed)
{
	e->arguments[0] = CALL_ARGUMENT(regs, 0, compat);
	e->arguments[1] = CALL_ARGUMENT(regs, 1, compat);
	e->arguments[2] = CALL_ARGUMENT(regs, 2, compat);
	e->arguments[3] = CALL_ARGUMENT(regs, 3, compat);
	e->arguments[4] = CALL_ARGUMENT(regs, 4, compat);
	e->arguments[5] = CALL_ARGUMENT(regs, 5, compat);
	e->result = result;
	e->number = (__u32)CALL_NUMBER(regs);
	e->flags = compat ? CALL_THROUGH_COMPAT : 0;
}

/* A finished call as a record of `kind`, with the string that argument `text` points to; no string where text is -1. */
static __always_inline int on_call(struct pt_regs *regs, long result, const __u32 kind, const int text, const bool typed)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct counter *count = counter_of(kind);
	struct scratch *slot;
	struct call_event *e;
	__u64 length;
	__u32 index;
	bool compat;

	if (!begin_event(count, kind, task, false))
		return 0;
	if (!is_critical(kind) && reserve_reached()) {
		COUNT(count, refused);
		return 0;
	}
	index = scratch_take();
	slot = bpf_map_lookup_elem(&scratch, &index);
	if (!slot) {
		COUNT(count, busy);
		return 0;
	}
	e = &slot->call;
	__builtin_memset(e, 0, sizeof(*e));
	slot->end = sizeof(*e);
	compat = is_compat(task);
	fill_call(e, regs, result, compat, typed);
	if (text >= 0) {
		long read = bpf_probe_read_user_str(&slot->record[sizeof(*e)], TEXT_MAX,
						    (const void *)CALL_ARGUMENT(regs, text, compat));

		if (read < 0)
			e->flags |= CALL_TEXT_UNREAD;
		if (read == TEXT_MAX)
			e->flags |= CALL_TEXT_CUT;
		if (read > 1) {
			e->text.offset = sizeof(*e);
			e->text.length = read - 1;
			slot->end += read - 1;
		}
	}
	length = slot->end;
	fill_header(&e->header, kind, length, task, false);
	OPAQUE(length);
	if (length <= sizeof(*e) + TEXT_MAX && !bpf_ringbuf_output(&events, slot->record, length, 0))
		COUNT(count, submitted);
	else
		COUNT(count, lost);
	scratch_release(slot);
	return 0;
}

/* Each family exists as the typed and the raw twin; both go on to the next lane that looks at the same call. */
#define ON_EXIT(name, kind, text)                                                                                      \
	SEC("tp_btf/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_btf, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		on_call(regs, result, kind, text, true);                                                               \
		next_lane(ctx, regs, LANE_PRIVILEGE + 1, true, true);                                                  \
		return 0;                                                                                              \
	}                                                                                                              \
	SEC("raw_tp/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_raw, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		on_call(regs, result, kind, text, false);                                                              \
		next_lane(ctx, regs, LANE_PRIVILEGE + 1, true, false);                                                 \
		return 0;                                                                                              \
	}

ON_EXIT(memfd, EVENT_MEMFD, 0)
