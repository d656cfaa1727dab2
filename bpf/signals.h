/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Signals to other users' processes, and to the sensor and its guard. */
#ifndef PICKET_SIGNALS_H
#define PICKET_SIGNALS_H

#include "on_exit.h"

#define SI_USER 0
#define SI_TKILL -6

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct kernel_siginfo { int si_code; };
#pragma clang attribute pop

/* kill, tkill: what reached nobody for want of permission; what reached somebody is seen at signal_generate. */
BODY(kill_body)
{
	if (result == -EPERM)
		on_target(regs, result, EVENT_KILL, find_task(ARGUMENT(0)), ARGUMENT(1), typed);
}
ON_EXIT(kill, kill_body)

BODY(tgkill_body)
{
	if (result == -EPERM)
		on_target(regs, result, EVENT_KILL, find_task(ARGUMENT(1)), ARGUMENT(2), typed);
}
ON_EXIT(tgkill, tgkill_body)

/* Whether a signal from the current process to `target` is worth a record: another user's process, or one of the sensor's. */
static __always_inline bool is_foreign(struct task_struct *target)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&state, &zero);

	if (!target || !s)
		return false;
	return BPF_CORE_READ(target, cred, uid.val) != BPF_CORE_READ(task, cred, euid.val) || touch_of(s, target);
}

/*
 * The calls whose sender writes the signal's information himself, and so could make it look like the kernel's own.
 * Without such information, pidfd_send_signal is like kill.
 */
static __always_inline void on_queue(struct pt_regs *regs, long result, struct task_struct *target, __u32 signal, const bool typed)
{
	if (is_foreign(target) && (!result || result == -EPERM))
		on_target(regs, result, EVENT_KILL, target, signal, typed);
}

BODY(sigqueue_body)
{
	on_queue(regs, result, find_task(ARGUMENT(0)), ARGUMENT(1), typed);
}
ON_EXIT(sigqueue, sigqueue_body)

BODY(tgsigqueue_body)
{
	on_queue(regs, result, find_task(ARGUMENT(1)), ARGUMENT(2), typed);
}
ON_EXIT(tgsigqueue, tgsigqueue_body)

BODY(on_pidfd_signal)
{
	struct file *file = file_of((struct task_struct *)bpf_get_current_task(), ARGUMENT(0));

	if (file && (ARGUMENT(2) || result == -EPERM))
		on_queue(regs, result, task_of_pidfd(file), ARGUMENT(1), typed);
}
ON_EXIT(pidfd_signal, on_pidfd_signal)

/*
 * Once for each process that a signal reaches, which the call of a group is not. A pointer that cannot be read stands
 * for the kernel as the sender.
 */
SEC("raw_tp/signal_generate")
int BPF_PROG(signal, int number, struct kernel_siginfo *info, struct task_struct *target)
{
	struct draft d;
	int code;

	if (!reporting(CONCERN_PRIVILEGE) || bpf_core_read(&code, sizeof(code), &info->si_code))
		return 0;
	if ((code != SI_USER && code != SI_TKILL) || !is_foreign(target))
		return 0;
	d = begin_draft(EVENT_KILL, sizeof(struct call_event), target);
	if (!d.slot)
		return 0;
	d.slot->call.flags |= CALL_NO_CALL;
	d.slot->call.detail = number;
	send_draft(&d);
	return 0;
}

#endif
