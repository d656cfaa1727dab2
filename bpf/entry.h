/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Tells whether a caller changed the strings of a call while the kernel worked on it. */
#ifndef PICKET_ENTRY_H
#define PICKET_ENTRY_H

#include "pathcalls.h"

/* Hash of the caller's strings at the entry, by thread. Overwritten by the thread's next call. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, __u64);
} entered SEC(".maps");

/* A hash over some bytes of the record. */
__attribute__((noinline)) __u64 hash_of(__u32 index, __u32 at, __u32 length)
{
	struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);
	__u64 hash = length;

	if (!slot)
		return 0;
	at &= HEAD_MASK;
	for (__u32 i = 0; i < PATH_MAX / 8; i++) {
		if (i >= length / 8)
			break;
		hash = (hash ^ *(volatile __u64 *)&slot->record[at + i * 8]) * HASH_FACTOR;
		hash ^= hash >> 32;
	}
	if (length % 8) {
		at = (at + (length & ~7u)) & HEAD_MASK;
		hash = (hash ^ (*(volatile __u64 *)&slot->record[at] << (64 - 8 * (length % 8)))) * HASH_FACTOR;
	}
	return hash;
}

static __always_inline __u64 hash_texts(__u32 index, struct file_event *e)
{
	return hash_of(index, e->target.offset, e->target.length) * 3 + hash_of(index, e->source.offset, e->source.length);
}

/* Compares the record's strings with what they were when the call began. */
static __always_inline void compare_texts(struct scratch *slot, __u32 index, __u32 thread)
{
	__u64 hash = hash_texts(index, &slot->file), *before = bpf_map_lookup_elem(&entered, &thread);

	if (before && *before != hash)
		slot->file.flags |= FILE_TEXT_CHANGED;
}

/* Notes what the strings of a call are when it begins; `source` is 0 where it has one only. */
__attribute__((noinline)) int note_texts(__u64 target, __u64 source)
{
	__u32 thread = bpf_get_current_pid_tgid(), index = scratch_take();
	struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);
	__u64 hash;

	if (!slot) {
		bpf_map_delete_elem(&entered, &thread);
		return 0;
	}
	slot->end = sizeof(slot->file);
	append_text(slot, &slot->file.target, target);
	slot->file.source.length = 0;
	if (source)
		append_text(slot, &slot->file.source, source);
	hash = hash_texts(index, &slot->file);
	scratch_release(slot);
	bpf_map_update_elem(&entered, &thread, &hash, BPF_ANY);
	return 0;
}

#endif
