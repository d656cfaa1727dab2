/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The shapes that most programs of the privilege concern have: a call at its end, as a record. */
#ifndef PICKET_ON_EXIT_H
#define PICKET_ON_EXIT_H

#include "call_record.h"

#define EPERM 1

/* Each family exists as the typed and the raw twin; both go on to the next lane that looks at the same call. */
#define ON_EXIT(name, body)                                                                                            \
	SEC("tp_btf/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_btf, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		body(regs, result, true);                                                                              \
		next_lane(ctx, regs, LANE_PRIVILEGE + 1, true, true);                                                  \
		return 0;                                                                                              \
	}                                                                                                              \
	SEC("raw_tp/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_raw, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		body(regs, result, false);                                                                             \
		next_lane(ctx, regs, LANE_PRIVILEGE + 1, true, false);                                                 \
		return 0;                                                                                              \
	}

/* The same for one that walks a path, after which 5.8 takes no tail call: no later lane looks at its calls. */
#define ON_EXIT_LAST(name, body)                                                                                       \
	SEC("tp_btf/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_btf, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		body(regs, result, true);                                                                              \
		return 0;                                                                                              \
	}                                                                                                              \
	SEC("raw_tp/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_raw, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		body(regs, result, false);                                                                             \
		return 0;                                                                                              \
	}

#define BODY(name) static __always_inline void name(struct pt_regs *regs, long result, const bool typed)
#define ARGUMENT(n) CALL_ARGUMENT(regs, n, is_compat((struct task_struct *)bpf_get_current_task()))

/* A call with up to two strings; -1: none. */
static __always_inline void on_call(struct pt_regs *regs, long result, const __u32 kind, const int first, const int second,
				    const bool typed)
{
	struct draft d = begin_draft(kind, sizeof(struct call_event), NULL);

	if (!d.slot)
		return;
	fill_call(&d.slot->call, regs, result, typed);
	if (first >= 0)
		add_text(d.slot, &d.slot->call.texts[0], d.slot->call.arguments[first]);
	if (second >= 0)
		add_text(d.slot, &d.slot->call.texts[1], d.slot->call.arguments[second]);
	send_draft(&d);
}

/* A call after which the thread is another one to the kernel's checks. */
static __always_inline void on_standing(struct pt_regs *regs, long result, const __u32 kind, const bool typed)
{
	struct draft d = begin_draft(kind, sizeof(struct standing_event), NULL);
	__u32 unused = 0;

	if (!d.slot)
		return;
	fill_call(&d.slot->call, regs, result, typed);
	if (kind == EVENT_SETNS) {
		struct file *file = file_of((struct task_struct *)bpf_get_current_task(), d.slot->call.arguments[0]);

		if (file)
			d.slot->call.detail = namespace_type(file);
	}
	fill_surroundings(&d.slot->standing.surroundings, d.task, &unused, false);
	send_draft(&d);
}

static __always_inline void on_target(struct pt_regs *regs, long result, const __u32 kind, struct task_struct *target, __u32 detail,
				      const bool typed)
{
	struct draft d = begin_draft(kind, sizeof(struct call_event), target);

	if (!d.slot)
		return;
	fill_call(&d.slot->call, regs, result, typed);
	d.slot->call.detail = detail;
	send_draft(&d);
}

#endif
