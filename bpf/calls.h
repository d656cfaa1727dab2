/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * System calls for the programs that look at them. One hook pays for all: each hook on sys_exit costs every system call
 * of the host some 60 ns, so `syscalls` has the only one and calls what the table of calls names. The arguments are
 * those in the registers that the entry saved; they still stand there at the exit.
 */
#ifndef PICKET_CALLS_H
#define PICKET_CALLS_H

#include "maps.h"

#define X32_BIT 0x40000000

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct call_table);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, CALL_LANES * CALL_SLOTS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} exit_calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, CALL_LANES * CALL_SLOTS);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} enter_calls SEC(".maps");

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)

#define TS_COMPAT 0x0002
#define CALL_NUMBER(regs) GET(regs, orig_ax)

struct pt_regs {
	unsigned long r10, r9, r8, dx, si, di, cx, bx, bp, orig_ax;
};
struct thread_info { unsigned int status; };
struct task_struct___x86 { struct thread_info thread_info; };

/* The entry that `int $0x80` and a 32-bit program's sysenter share. */
static __always_inline bool is_compat(struct task_struct *task)
{
	return BPF_CORE_READ((struct task_struct___x86 *)task, thread_info.status) & TS_COMPAT;
}

#elif defined(__TARGET_ARCH_arm64)

#define TIF_32BIT 22
#define CALL_NUMBER(regs) GET(regs, syscallno)

struct pt_regs {
	__u64 regs[31];
	__u64 orig_x0;
	int syscallno;
};
struct thread_info { unsigned long flags; };
struct task_struct___arm64 { struct thread_info thread_info; };

static __always_inline bool is_compat(struct task_struct *task)
{
	return BPF_CORE_READ((struct task_struct___arm64 *)task, thread_info.flags) & (1ul << TIF_32BIT);
}

#endif

#pragma clang attribute pop

/* An argument of the call, from 0; at its exit as at its entry. A 32-bit caller's are cut to 32 bits. */
#if defined(__TARGET_ARCH_x86)
#define CALL_ARGUMENT(regs, n, compat)                                                                                 \
	((compat) ? (__u64)(__u32)((n) == 0 ? GET(regs, bx) : (n) == 1 ? GET(regs, cx) : (n) == 2 ? GET(regs, dx) :    \
				   (n) == 3 ? GET(regs, si) : (n) == 4 ? GET(regs, di) : GET(regs, bp)) :              \
		    (__u64)((n) == 0 ? GET(regs, di) : (n) == 1 ? GET(regs, si) : (n) == 2 ? GET(regs, dx) :           \
			    (n) == 3 ? GET(regs, r10) : (n) == 4 ? GET(regs, r8) : GET(regs, r9)))
#elif defined(__TARGET_ARCH_arm64)
#define CALL_ARGUMENT(regs, n, compat)                                                                                 \
	((compat) ? (__u64)(__u32)((n) == 0 ? GET(regs, orig_x0) : GET(regs, regs[n])) :                               \
		    (__u64)((n) == 0 ? GET(regs, orig_x0) : GET(regs, regs[n])))
#endif

static __always_inline __u32 call_number(struct pt_regs *regs, const bool typed)
{
	__u32 number = (__u32)CALL_NUMBER(regs);

#if defined(__TARGET_ARCH_x86)
	number &= ~X32_BIT;
#endif
	return number;
}

/* Goes to the program of the first lane from `lane` on that looks at the call `slot`. Comes back only if there is none. */
static __always_inline void go_to_lane(void *ctx, __u32 slot, const __u32 lane, const bool exit)
{
	struct call_table *table;
	__u32 zero = 0;
	__u8 lanes;

	if (slot >= CALL_COMPAT)
		return;
	table = bpf_map_lookup_elem(&calls, &zero);
	if (!table)
		return;
	lanes = exit ? table->exit[slot] | table->exit[slot + CALL_COMPAT] :
		       table->enter[slot] | table->enter[slot + CALL_COMPAT];
	if (!lanes)
		return;
	if (is_compat((struct task_struct *)bpf_get_current_task()))
		slot += CALL_COMPAT;
	lanes = exit ? table->exit[slot] : table->enter[slot];
	for (__u32 next = lane; next < CALL_LANES; next++) {
		if (!(lanes & (1 << next)))
			continue;
		if (exit)
			bpf_tail_call(ctx, &exit_calls, next * CALL_SLOTS + slot);
		else
			bpf_tail_call(ctx, &enter_calls, next * CALL_SLOTS + slot);
	}
}

/* A program of lane n ends with next_lane(.., n + 1, ..). */
static __always_inline void next_lane(void *ctx, struct pt_regs *regs, const __u32 lane, const bool exit, const bool typed)
{
	go_to_lane(ctx, call_number(regs, typed), lane, exit);
}

#endif
