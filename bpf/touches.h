/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who changes the sensor's own maps and links by bpf(2), and when: the time from which a damage that the sensor finds
 * later has blinded it. Noted by the one hook on system calls, before anything that such a change could switch off is
 * asked; and that the sensor's own calls pass here proves that the hook is at work.
 */
#ifndef PICKET_TOUCHES_H
#define PICKET_TOUCHES_H

#include "calls.h"
#include "descriptors.h"

#if defined(__TARGET_ARCH_x86)
#define NR_BPF 321
#define NR_BPF_COMPAT 357
#elif defined(__TARGET_ARCH_arm64)
#define NR_BPF 280
#define NR_BPF_COMPAT 386
#endif

/* Commands that came after the headers that 5.8's users have. */
#define CMD_LOOKUP_AND_DELETE 21
#define CMD_MAP_FREEZE 22
#define CMD_LOOKUP_AND_DELETE_BATCH 25
#define CMD_UPDATE_BATCH 26
#define CMD_DELETE_BATCH 27
#define CMD_LINK_UPDATE 29
#define CMD_LINK_DETACH 34

/* Where the batch commands' attributes name the map; all others begin with the descriptor. */
#define BATCH_MAP 36

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct bpf_map { __u32 id; };
struct bpf_link { __u32 id; };
#pragma clang attribute pop

/* The sensor's own objects: the concern of a link, CONCERN_MAX for a map, which all share. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, __u32);
} own SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct touches);
} touched SEC(".maps");

static __always_inline bool is_bpf(__u32 number)
{
	return number == NR_BPF || number == NR_BPF_COMPAT;
}

/* The call has succeeded, so that the descriptor was one of what the command works on. */
static __always_inline void note_touch(struct pt_regs *regs, __u32 number, long result, const bool typed)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	bool compat = is_compat(task), of_link = false;
	__u64 command = CALL_ARGUMENT(regs, 0, compat), attributes = CALL_ARGUMENT(regs, 1, compat), key;
	__u32 zero = 0, fd = 0, *owner;
	struct state *s = bpf_map_lookup_elem(&state, &zero);
	struct touches *t = bpf_map_lookup_elem(&touched, &zero);
	struct touch *entry;
	struct file *file;

	/* While a sensor starts, and has not found itself in the kernel's list yet, its own calls are not told from others'. */
	if (!s || !t || !s->self_tgid || number != (compat ? NR_BPF_COMPAT : NR_BPF))
		return;
	if (is_self(s, task, false)) {
		t->alive = bpf_ktime_get_boot_ns();
		return;
	}
	if (result < 0)
		return;
	switch (command) {
	case CMD_LOOKUP_AND_DELETE_BATCH:
	case CMD_UPDATE_BATCH:
	case CMD_DELETE_BATCH:
		attributes += BATCH_MAP;
		break;
	case CMD_LINK_UPDATE:
	case CMD_LINK_DETACH:
		of_link = true;
		break;
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_DELETE_ELEM:
	case CMD_LOOKUP_AND_DELETE:
	case CMD_MAP_FREEZE:
		break;
	default:
		return;
	}
	if (bpf_probe_read_user(&fd, sizeof(fd), (const void *)attributes))
		return;
	file = file_of(task, fd);
	if (!file)
		return;
	file = BPF_CORE_READ((struct file___private *)file, private_data);
	key = of_link ? OWN_LINK | BPF_CORE_READ((struct bpf_link *)file, id) : OWN_MAP | BPF_CORE_READ((struct bpf_map *)file, id);
	owner = bpf_map_lookup_elem(&own, &key);
	if (!owner)
		return;
	/* Two at the very same time may take one place; their times are the same then. */
	entry = &t->last[t->next % TOUCHES];
	t->next++;
	entry->time = bpf_ktime_get_boot_ns();
	entry->pid = bpf_get_current_pid_tgid() >> 32;
	entry->command = command;
	entry->owner = *owner;
	entry->id = key;
	bpf_get_current_comm(entry->comm, sizeof(entry->comm));
}

#endif
