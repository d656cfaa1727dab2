/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the kernel's struct pid to the task. */
#ifndef PICKET_PIDS_H
#define PICKET_PIDS_H

#include "kernel.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct hlist_node { struct hlist_node *next; };
struct hlist_head { struct hlist_node *first; };
struct pid___tasks { struct hlist_head tasks[4]; };
struct task_struct___links { struct hlist_node pid_links[4]; };
#pragma clang attribute pop

static __always_inline struct task_struct *task_of_pid(struct pid *pid)
{
	struct hlist_node *first = pid ? BPF_CORE_READ((struct pid___tasks *)pid, tasks[0].first) : NULL;

	return first ? (void *)first - bpf_core_field_offset(struct task_struct___links, pid_links) : NULL;
}

#endif
