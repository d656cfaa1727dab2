/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A process's memory as a file: who opens that of the sensor for writing can make it do anything. */
#ifndef PICKET_MEMORY_H
#define PICKET_MEMORY_H

#include "files.h"
#include "pids.h"

#define PROC_MAGIC 0x9fa0
#define MEM_LETTERS 0x6d656d /* mem, as a number */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct proc_inode {
	struct pid *pid;
	struct inode vfs_inode;
};
#pragma clang attribute pop

/* Whether the open file is /proc/PID/mem of the sensor or of one of its threads, in whatever mount of procfs. */
static __always_inline bool is_sensors_memory(struct file *file, struct inode *inode)
{
	struct dentry_head head;
	struct task_struct *task;
	__u32 zero = 0, name = 0;
	struct state *s;

	if (BPF_CORE_READ(inode, i_sb, s_magic) != PROC_MAGIC)
		return false;
	read_head(&head, BPF_CORE_READ(file, f_path.dentry));
	if (head.length != 3 || bpf_probe_read_kernel(&name, 3, head.name) || name != MEM_LETTERS)
		return false;
	task = task_of_pid(BPF_CORE_READ((struct proc_inode *)((void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode)), pid));
	s = bpf_map_lookup_elem(&state, &zero);
	return task && s && is_self(s, task, false);
}

#endif
