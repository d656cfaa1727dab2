/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A request of io_uring, as its tracepoints pass it since 5.17; its result stands there since 5.19. Files that a ring keeps
 * for itself are in no process's table of descriptors.
 */
#ifndef PICKET_REQUESTS_H
#define PICKET_REQUESTS_H

#include "descriptors.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* Since 6.13; before, an array of what is now behind each node. */
struct io_rsrc_node { unsigned long file_ptr; };
struct io_rsrc_data {
	unsigned int nr;
	struct io_rsrc_node **nodes;
};
struct io_file_table { struct io_rsrc_data data; };
struct io_fixed_file { unsigned long file_ptr; };
struct io_file_table___v55 { struct io_fixed_file *files; };
struct io_ring_ctx { struct io_file_table file_table; };
struct io_ring_ctx___v55 { unsigned int nr_user_files; };

struct io_cqe {
	__u64 user_data;
	__s32 res;
};
struct io_kiocb {
	struct file *file;
	__u8 opcode;
	__u64 flags;
	struct io_cqe cqe;
	struct io_ring_ctx *ctx;
};
struct io_uring_cqe {
	__u64 user_data;
	__s32 res;
};

#pragma clang attribute pop

#define SLOT_CHOSEN ~0u /* IORING_FILE_INDEX_ALLOC: the kernel takes a free one, and says which */

/* The file in a place of a ring's own; NULL where there is none. */
static __always_inline struct file *fixed_file(struct io_ring_ctx *ring, __u32 slot)
{
	struct io_rsrc_node **nodes, *node = NULL;
	struct io_fixed_file *files;
	unsigned long file = 0;

	if (bpf_core_field_exists(struct io_rsrc_data, nodes)) {
		if (slot >= BPF_CORE_READ(ring, file_table.data.nr))
			return NULL;
		nodes = BPF_CORE_READ(ring, file_table.data.nodes);
		bpf_probe_read_kernel(&node, sizeof(node), &nodes[slot]);
		file = node ? BPF_CORE_READ(node, file_ptr) : 0;
	} else if (bpf_core_field_exists(struct io_ring_ctx___v55, nr_user_files)) {
		struct io_file_table___v55 *table = (void *)ring + bpf_core_field_offset(struct io_ring_ctx, file_table);

		if (slot >= BPF_CORE_READ((struct io_ring_ctx___v55 *)ring, nr_user_files))
			return NULL;
		files = BPF_CORE_READ(table, files);
		bpf_probe_read_kernel(&file, sizeof(file), &files[slot]);
	}
	/* What the low bits say is how the file may be worked on. */
	return (struct file *)(file & ~7ul);
}

/* The file that a request made, by its result: a descriptor of the process, or a place of the ring's own where `slot` is not 0. */
static __always_inline struct file *made_file(struct task_struct *task, struct io_ring_ctx *ring, __u32 slot, __s32 result)
{
	if (!slot)
		return file_of(task, result);
	return fixed_file(ring, slot == SLOT_CHOSEN ? result : slot - 1);
}

#endif
