/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What a caller's numbers stand for: the process behind a pid of the caller's namespace or behind a pidfd, the file
 * behind a descriptor. The kernel's own tables are walked, since 5.8 has no helper for either; every step is a checked
 * read, so that a table that changes meanwhile gives nothing or another entry, never a fault.
 */
#ifndef PICKET_TARGETS_H
#define PICKET_TARGETS_H

#include "descriptors.h"
#include "facts.h"
#include "pids.h"

#define PID_TREE_DEPTH 6
#define NSFS_MAGIC 0x6e736673
#define PIDFS_MAGIC 0x50494446

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct xa_node {
	unsigned char shift;
	void *slots[64];
};
struct xarray { void *xa_head; };
struct idr { struct xarray idr_rt; };
struct pid_namespace___idr { struct idr idr; };

struct inode___private { void *i_private; };

struct proc_ns_operations { int type; };
struct ns_common___ops { const struct proc_ns_operations *ops; };
/* 6.18 keeps the type beside the number. */
struct ns_common___v618 { unsigned int ns_type; };

#pragma clang attribute pop

/* The thread that the current process knows by the number `nr`. */
static __always_inline struct task_struct *find_task(__u32 nr)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct pid *own = BPF_CORE_READ(task, group_leader, thread_pid);
	struct upid upid = {};
	struct xa_node *node = NULL;
	__u64 entry, slots;
	bool root = true;

	bpf_probe_read_kernel(&upid, sizeof(upid), (void *)own + bpf_core_field_offset(struct pid, numbers) +
						   BPF_CORE_READ(own, level) * sizeof(upid));
	entry = (__u64)BPF_CORE_READ((struct pid_namespace___idr *)upid.ns, idr.idr_rt.xa_head);
	slots = bpf_core_field_size(node->slots) / sizeof(void *);
	for (int i = 0; i < PID_TREE_DEPTH; i++) {
		__u8 shift;

		/* An inner node is marked by its low bits; small numbers with them are the tree's own signs. */
		if ((entry & 3) != 2 || entry <= 4096)
			break;
		node = (struct xa_node *)(entry - 2);
		shift = BPF_CORE_READ(node, shift);
		if (shift > 30 || (root && (nr >> shift) >= slots))
			return NULL;
		root = false;
		entry = 0;
		bpf_probe_read_kernel(&entry, sizeof(entry), (void *)node + bpf_core_field_offset(struct xa_node, slots) +
							     ((nr >> shift) & (slots - 1)) * sizeof(entry));
	}
	return root || entry & 3 ? NULL : task_of_pid((struct pid *)entry);
}

/* The process of a pidfd; the caller knows that it is one. */
static __always_inline struct task_struct *task_of_pidfd(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	if (BPF_CORE_READ(inode, i_sb, s_magic) == PIDFS_MAGIC)
		return task_of_pid(BPF_CORE_READ((struct inode___private *)inode, i_private));
	return task_of_pid(BPF_CORE_READ((struct file___private *)file, private_data));
}

/* CLONE_NEW.. of the namespace that a descriptor of /proc/PID/ns stands for; 0 for another file. */
static __always_inline __u32 namespace_type(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	void *ns;

	if (BPF_CORE_READ(inode, i_sb, s_magic) != NSFS_MAGIC)
		return 0;
	ns = BPF_CORE_READ((struct inode___private *)inode, i_private);
	if (bpf_core_field_exists(((struct ns_common___v618 *)ns)->ns_type))
		return BPF_CORE_READ((struct ns_common___v618 *)ns, ns_type);
	return BPF_CORE_READ((struct ns_common___ops *)ns, ops, type);
}

#endif
