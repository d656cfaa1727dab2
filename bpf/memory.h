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

/*
 * Whether the open file is /proc/PID/mem of the sensor, of its guard or of one of their threads, in whatever mount of
 * procfs: which of the two (see touch_of), and its process.
 */
static __always_inline __u32 touched_memory(struct file *file, struct inode *inode, __u32 *owner)
{
	struct dentry_head head;
	struct task_struct *task;
	__u32 zero = 0, name = 0;
	struct state *s;

	if (BPF_CORE_READ(inode, i_sb, s_magic) != PROC_MAGIC)
		return 0;
	read_head(&head, BPF_CORE_READ(file, f_path.dentry));
	if (head.length != 3 || bpf_probe_read_kernel(&name, 3, head.name) || name != MEM_LETTERS)
		return 0;
	task = task_of_pid(BPF_CORE_READ((struct proc_inode *)((void *)inode - bpf_core_field_offset(struct proc_inode, vfs_inode)), pid));
	s = bpf_map_lookup_elem(&state, &zero);
	if (!task || !s)
		return 0;
	*owner = BPF_CORE_READ(task, tgid);
	return touch_of(s, task);
}

#endif
