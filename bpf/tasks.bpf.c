// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What ran before the programs were attached.
 *
 * Why this hook: the task iterator sees every process under the kernel's own locks, with the start time in ns and the
 * same path walk as at exec, which /proc (10 ms ticks, racing readlink) cannot give. It reads through seq_file, which
 * takes 32 KiB per task; and it may not read another process's memory on 5.8, so that arguments and environment are
 * left to the reader and flagged.
 */
#include "facts.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

SEC("iter/task")
int tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct seq_file *seq = ctx->meta->seq;
	struct scratch *slot;
	struct exec_event *e;
	__u64 length;
	__u32 index;

	/* Leaders only; a process has exited when no thread is live. */
	if (!task || BPF_CORE_READ(task, pid) != BPF_CORE_READ(task, tgid) ||
	    !BPF_CORE_READ(task, signal, live.counter))
		return 0;
	index = scratch_take();
	slot = bpf_map_lookup_elem(&scratch, &index);
	if (!slot) {
		COUNT(counter_of(EVENT_TASK), seen);
		COUNT(counter_of(EVENT_TASK), busy);
		return 0;
	}
	e = &slot->exec;
	__builtin_memset(e, 0, sizeof(*e));
	slot->end = sizeof(*e);
	e->flags = PROCESS_ARGS_UNREAD | PROCESS_ENV_UNREAD;
	fill_process(slot, index, e, task, true);
	length = slot->end;
	fill_header(&e->header, EVENT_TASK, length, task, true);
	OPAQUE(length);
	length &= HEAD_MASK;
	/* A write that does not fit is no loss: the reader's next read begins with this task again. */
	if (!bpf_seq_write(seq, slot->record, length)) {
		COUNT(counter_of(EVENT_TASK), seen);
		COUNT(counter_of(EVENT_TASK), submitted);
	}
	scratch_release(slot);
	return 0;
}
