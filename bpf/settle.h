/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * When an open file is done with, and whether it was written to. The kernel has no hook where the last reference goes, so
 * each way of closing a descriptor is seen at its beginning, while the file and its name are still there.
 *
 * Writes themselves are not looked at: that would tax every write to every socket. A write changes the size, the time of
 * the inode's last change (which no call can set back), or the position of a file that can only be written. They are
 * compared with what they were at the open; a file that the open made began empty, so that nothing is remembered for it. Times
 * have the grain of the clock's tick: what changed just before the open is reported as possibly written.
 */
#ifndef PICKET_SETTLE_H
#define PICKET_SETTLE_H

#include "files.h"

/* Above the coarsest clock's tick of 10 ms. */
#define TICK_NS 20000000
#define CHANGED_ALREADY -1 /* no size: what is open was cut when it was opened */

struct opened {
	__u64 inode; /* its address: tells a new file in the place of a forgotten one */
	__s64 size;
	__s64 ctime;
	__s64 position;
	__u32 tgid; /* who opened or mapped it */
	__u16 mapped;
	__u16 fresh; /* changed so shortly before the open that a write might not have changed its time again */
};

/* By the address of the open file. What falls out is reported as possibly written when it is closed. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct opened);
} opened SEC(".maps");

static __always_inline bool is_regular(struct inode *inode)
{
	return (BPF_CORE_READ(inode, i_mode) & S_IFMT) == S_IFREG;
}

static __always_inline void read_state(struct opened *now, struct file *file, struct inode *inode)
{
	now->inode = (__u64)inode;
	now->size = BPF_CORE_READ(inode, i_size);
	now->ctime = change_time(inode);
	now->position = BPF_CORE_READ((struct file___open *)file, f_pos);
	now->tgid = bpf_get_current_pid_tgid() >> 32;
	now->mapped = 0;
	now->fresh = 0;
}

static __always_inline bool is_fresh(__s64 ctime)
{
	__u32 zero = 0;
	struct call_table *table = bpf_map_lookup_elem(&calls, &zero);

	return !table || (__s64)bpf_ktime_get_boot_ns() + *(volatile __s64 *)&table->clock - ctime < TICK_NS;
}

/* Notes what a file is like that was opened for writing. */
static __always_inline void remember(struct file *file, struct inode *inode, bool cut)
{
	__u64 key = (__u64)file;
	struct opened now;

	read_state(&now, file, inode);
	now.fresh = is_fresh(now.ctime);
	if (cut)
		now.size = CHANGED_ALREADY;
	bpf_map_update_elem(&opened, &key, &now, BPF_ANY);
}

/* A shared mapping writes without a trace on some file systems. */
static __always_inline void remember_mapping(struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	__u64 key = (__u64)file;
	struct opened *known, now;

	if (!(BPF_CORE_READ((struct file___open *)file, f_mode) & FMODE_WRITE) || !is_regular(inode))
		return;
	known = bpf_map_lookup_elem(&opened, &key);
	if (known && known->inode == (__u64)inode) {
		known->mapped = 1;
		return;
	}
	read_state(&now, file, inode);
	now.mapped = 1;
	bpf_map_update_elem(&opened, &key, &now, BPF_ANY);
}

static __always_inline bool is_last(struct file *file)
{
	struct file___v613 *v613 = (void *)file;

	if (bpf_core_field_exists(v613->f_ref))
		return !BPF_CORE_READ(v613, f_ref.refcnt.counter);
	return BPF_CORE_READ((struct file___v612 *)file, f_count.counter) == 1;
}

/*
 * Whether the file was written to since its open or its last report; sets the record's flags. While others hold the file,
 * too, the last of them says it, so that a log which a hundred children inherit is not reported by each; but its opener
 * always says it, so that a reference hidden in a socket or a mapping hides no change.
 */
static __always_inline bool is_settled(struct file *file, struct inode *inode, __u32 mode, __u32 *flags)
{
	bool created = mode & FMODE_CREATED, last = is_last(file), changed;
	__u64 key = (__u64)file;
	struct opened *known = bpf_map_lookup_elem(&opened, &key), now;

	read_state(&now, file, inode);
	if (known && known->inode != now.inode)
		known = NULL;
	if (!known) {
		if (!last)
			return false;
		if (!created)
			*flags |= FILE_UNSURE;
		return !created || now.size || now.position;
	}
	if (known->mapped)
		*flags |= FILE_MAPPED;
	changed = known->mapped || known->size != now.size || known->ctime != now.ctime ||
		  (!(mode & FMODE_READ) && known->position != now.position);
	if (!changed && known->fresh) {
		*flags |= FILE_UNSURE;
		changed = true;
	}
	if (last)
		bpf_map_delete_elem(&opened, &key);
	else if (known->tgid != now.tgid)
		return false;
	else if (changed)
		bpf_map_update_elem(&opened, &key, &now, BPF_EXIST);
	return changed;
}

/* Reports an open file of the current process, by its address, if it was written to and is done with. */
static __always_inline int settle_one(struct file *file, __u32 cause)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct actor actor = { .task = task };
	__u32 mode, flags = 0, index;
	struct counter *count;
	struct scratch *slot;
	struct inode *inode;

	if (!file)
		return 0;
	mode = BPF_CORE_READ((struct file___open *)file, f_mode);
	if (!(mode & FMODE_WRITE))
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	if (!is_regular(inode) || !is_settled(file, inode, mode, &flags))
		return 0;
	count = counter_of(EVENT_FILE_MODIFY);
	if (!begin_file(count, EVENT_FILE_MODIFY, &actor))
		return 0;
	slot = begin_record(count, EVENT_FILE_MODIFY, &index);
	if (!slot)
		return 0;
	slot->file.flags = flags;
	slot->file.settled = cause;
	describe(index, (__u64)file);
	submit(slot, count, &actor);
	return 0;
}

/* The same by its descriptor. */
__attribute__((noinline)) int settle(__u32 fd, __u32 cause)
{
	return settle_one(file_of((struct task_struct *)bpf_get_current_task(), fd), cause);
}

__attribute__((noinline)) int settle_word(__u32 first, __u64 bits, __u32 cause)
{
	for (__u32 i = 0; i < 64; i++) {
		if (!(bits >> i))
			break;
		if (bits >> i & 1)
			settle(first + i, cause);
	}
	return 0;
}

/* The bits of the word of descriptors from `at` on that lie between `first` and `last`. */
__attribute__((noinline)) __u64 range_mask(__u32 at, __u32 first, __u32 last)
{
	__u64 mask = ~0ull;

	if (at > last || first > at + 63)
		return 0;
	if (first > at)
		mask &= ~0ull << ((first - at) & 63);
	if (last - at < 63)
		mask &= ~0ull >> ((63 - (last - at)) & 63);
	return mask;
}

/* Settles the descriptors from `first` to `last`; at an exec only those that it closes. */
__attribute__((noinline)) int settle_all(__u32 first, __u32 last, __u32 cause)
{
	struct fdtable *table = descriptors_of((struct task_struct *)bpf_get_current_task());
	unsigned long *open = BPF_CORE_READ(table, open_fds), *closing = BPF_CORE_READ(table, close_on_exec);
	__u64 all = cause == SETTLED_EXEC ? 0 : ~0ull;
	__u32 limit = BPF_CORE_READ(table, max_fds);

	OPAQUE(all);
	for (__u32 word = 0; word < 1024; word++) {
		__u64 bits = 0, chosen = 0;

		if (word * 64 >= limit)
			break;
		bpf_probe_read_kernel(&bits, sizeof(bits), &open[word]);
		if (!bits)
			continue;
		bpf_probe_read_kernel(&chosen, sizeof(chosen), &closing[word]);
		bits &= (chosen | all) & range_mask(word * 64, first, last);
		if (bits)
			settle_word(word * 64, bits, cause);
	}
	return 0;
}

#endif
