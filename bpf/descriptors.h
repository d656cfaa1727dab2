/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The open files of a process, by their descriptors. */
#ifndef PICKET_DESCRIPTORS_H
#define PICKET_DESCRIPTORS_H

#include "kernel.h"

#define S_IFMT 0170000 /* the type in i_mode */

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
	unsigned long *close_on_exec;
	unsigned long *open_fds;
};
struct files_struct { struct fdtable *fdt; };
struct task_struct___files { struct files_struct *files; };
struct file___private { void *private_data; };

#pragma clang attribute pop

static __always_inline struct fdtable *descriptors_of(struct task_struct *task)
{
	return BPF_CORE_READ((struct task_struct___files *)task, files, fdt);
}

/* The file behind a descriptor; NULL where there is none. */
static __always_inline struct file *file_of(struct task_struct *task, __u32 fd)
{
	struct fdtable *table = descriptors_of(task);
	struct file **files = BPF_CORE_READ(table, fd), *file = NULL;

	if (fd < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), &files[fd]);
	return file;
}

#endif
