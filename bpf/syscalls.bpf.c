// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The one place where system calls are seen; what is made of them is in the objects of the concerns.
 *
 * Why this hook: sys_enter and sys_exit see every entry, also the 32-bit one that the per-call tracepoints miss; they
 * attach by a link that outlives the sensor, which a per-call tracepoint's does not before 5.15; they need no tracefs,
 * and load under lockdown=integrity. A call that the table does not name costs a load and a comparison. The entry is
 * hooked only where a program asks for it, since a second hook costs as much again. For the sensor's own protection
 * bpf(2) is looked at here, so that no other program or table is needed for that.
 */
#include "touches.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline void exit_body(void *ctx, struct pt_regs *regs, long result, const bool typed)
{
	__u32 number = call_number(regs, typed);

	if (is_bpf(number))
		note_touch(regs, number, result, typed);
	if (reporting(CONCERN_SYSCALL))
		go_to_lane(ctx, number, 0, true);
}

SEC("tp_btf/sys_exit")
int BPF_PROG(exit_btf, struct pt_regs *regs, long result)
{
	exit_body(ctx, regs, result, true);
	return 0;
}

SEC("raw_tp/sys_exit")
int BPF_PROG(exit_raw, struct pt_regs *regs, long result)
{
	exit_body(ctx, regs, result, false);
	return 0;
}

SEC("tp_btf/sys_enter")
int BPF_PROG(enter_btf, struct pt_regs *regs, long number)
{
	if (reporting(CONCERN_SYSCALL))
		next_lane(ctx, regs, 0, false, true);
	return 0;
}

SEC("raw_tp/sys_enter")
int BPF_PROG(enter_raw, struct pt_regs *regs, long number)
{
	if (reporting(CONCERN_SYSCALL))
		next_lane(ctx, regs, 0, false, false);
	return 0;
}
