/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Open files of the current process, and records about files.
 */
#ifndef PICKET_FILES_H
#define PICKET_FILES_H

#include "file.h"

#define RECORD_VIEWS struct file_event file;

#include "calls.h"
#include "descriptors.h"
#include "path.h"

#define FMODE_READ 0x1
#define FMODE_WRITE 0x2
#define FMODE_PATH 0x4000
#define FMODE_CREATED 0x100000
#define O_ACCMODE 3
#define O_WRONLY 1
#define O_CREAT 0100
#define O_TRUNC 01000
#define O_TMPFILE_BIT 020000000
#define S_IFREG 0100000
#define S_IFCHR 0020000
#define HASH_FACTOR 0x9e3779b97f4a7c15ull
#define RECORD_MAX (sizeof(struct file_event) + 5 * PATH_MAX)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct file___open {
	unsigned int f_mode;
	unsigned int f_flags;
	__s64 f_pos;
};
struct atomic_long___file { long counter; };
struct file___v612 { struct atomic_long___file f_count; };
/* 6.13 counts from 0. */
struct file_ref { struct atomic_long___file refcnt; };
struct file___v613 { struct file_ref f_ref; };

struct inode___node { __u32 i_rdev; };

#pragma clang attribute pop

static __always_inline __s64 change_time(struct inode *inode)
{
	struct inode___v611 *v611 = (void *)inode;
	struct inode___v66 *v66 = (void *)inode;

	if (bpf_core_field_exists(v611->i_ctime_sec))
		return BPF_CORE_READ(v611, i_ctime_sec) * 1000000000ll + (BPF_CORE_READ(v611, i_ctime_nsec) & CTIME_NSEC_MASK);
	if (bpf_core_field_exists(v66->__i_ctime))
		return BPF_CORE_READ(v66, __i_ctime.tv_sec) * 1000000000ll + BPF_CORE_READ(v66, __i_ctime.tv_nsec);
	return BPF_CORE_READ(inode, i_ctime.tv_sec) * 1000000000ll + BPF_CORE_READ(inode, i_ctime.tv_nsec);
}

/* Who acts: the key's start is read once, for the record and for telling the sensor's own doing. */
struct actor {
	struct task_struct *task;
	struct process_key key;
};

/*
 * As begin_event; with two reads of the kernel's memory instead of eight. What is `due` is reported whether a rule asks
 * for it or not, and from the reserve.
 */
static __always_inline bool begin_due(struct counter *count, __u32 kind, struct actor *actor, bool due)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&state, &zero);
	__u64 id = bpf_get_current_pid_tgid();
	struct task_struct *task = actor->task;

	if (!s || !count)
		return false;
	COUNT(count, seen);
	if (!due && !(*(volatile __u64 *)&s->wanted[kind / 64 & (EVENT_KIND_MAX / 64 - 1)] & 1ull << kind % 64)) {
		COUNT(count, unasked);
		return false;
	}
	actor->key.tgid = id >> 32;
	actor->key.pid = id;
	actor->key.start = BPF_CORE_READ(task, group_leader, start_boottime);
	if (actor->key.tgid == s->self_tgid && actor->key.start == s->self_start) {
		COUNT(count, self);
		return false;
	}
	if (!due && reserve_reached()) {
		COUNT(count, refused);
		return false;
	}
	return true;
}

static __always_inline bool begin_file(struct counter *count, __u32 kind, struct actor *actor)
{
	return begin_due(count, kind, actor, false);
}

/* Whether a rule asks for the kind; for work that would only find out whether there is an event. */
static __always_inline bool is_wanted(const __u32 kind)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&state, &zero);

	return s && *(volatile __u64 *)&s->wanted[kind / 64 & (EVENT_KIND_MAX / 64 - 1)] & 1ull << kind % 64;
}

static __always_inline struct call_form form_of(struct pt_regs *regs, bool compat, const bool typed)
{
	__u32 zero = 0, slot = (__u32)CALL_NUMBER(regs);
	struct call_table *table = bpf_map_lookup_elem(&calls, &zero);
	struct call_form none = {};

	if (compat)
		slot += CALL_COMPAT;
	return table ? table->forms[slot & (CALL_SLOTS - 1)] : none;
}

/* Notes the call in the record, and its arguments where they can be indexed. */
static __always_inline void note_call(struct scratch *slot, struct pt_regs *regs, bool compat, const bool typed)
{
	__u64 *arguments = (__u64 *)&slot->path[PATH_MAX];

	arguments[0] = CALL_ARGUMENT(regs, 0, compat);
	arguments[1] = CALL_ARGUMENT(regs, 1, compat);
	arguments[2] = CALL_ARGUMENT(regs, 2, compat);
	arguments[3] = CALL_ARGUMENT(regs, 3, compat);
	arguments[4] = CALL_ARGUMENT(regs, 4, compat);
	slot->file.call = (__u32)CALL_NUMBER(regs);
	slot->file.flags = compat ? FILE_THROUGH_COMPAT : 0;
}

/* An argument by its number plus one; `otherwise` where the call has none. */
static __always_inline __u64 argument(struct scratch *slot, __u8 n, __u64 otherwise)
{
	return n ? ((__u64 *)&slot->path[PATH_MAX])[(n - 1) & 7] : otherwise;
}

/* An empty record in a slot of scratch; NULL, and counted, where none is free. */
static __always_inline struct scratch *begin_record(struct counter *count, __u32 kind, __u32 *index)
{
	struct scratch *slot;

	*index = scratch_take();
	slot = bpf_map_lookup_elem(&scratch, index);
	if (!slot) {
		COUNT(count, busy);
		return NULL;
	}
	__builtin_memset(&slot->file, 0, sizeof(slot->file));
	slot->file.header.kind = kind;
	slot->end = sizeof(slot->file);
	return slot;
}

static __always_inline void submit(struct scratch *slot, struct counter *count, struct actor *actor)
{
	struct event_header *header = &slot->file.header;
	__u64 length = slot->end;

	header->cpu = bpf_get_smp_processor_id();
	header->length = length;
	header->time = bpf_ktime_get_boot_ns();
	header->process = actor->key;
	OPAQUE(length);
	if (length <= RECORD_MAX && !bpf_ringbuf_output(&events, slot->record, length, 0))
		COUNT(count, submitted);
	else
		COUNT(count, lost);
	scratch_release(slot);
}

/* Appends the path of a place; returns the walk's flags. */
static __always_inline __u32 append_where(struct scratch *slot, __u32 index, struct path *place, struct slice *out)
{
	struct vfsmount *mount = BPF_CORE_READ(place, mnt);

	slot->walk_dentry = (__u64)BPF_CORE_READ(place, dentry);
	slot->walk_mount = (__u64)mount - bpf_core_field_offset(struct mount, mnt);
	if (!mount || !slot->walk_dentry)
		return WALK_CUT;
	out->offset = slot->end;
	out->length = append_walk(index);
	return slot->walk_flags;
}

/* What the kernel knows of the open file at the address `open`, with its path as the target. */
__attribute__((noinline)) int describe(__u32 index, __u64 open)
{
	struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);
	struct file *file = (struct file *)open;
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct file_event *e;
	__u32 walked;

	if (!slot)
		return 0;
	e = &slot->file;
	e->inode = BPF_CORE_READ(inode, i_ino);
	e->device = BPF_CORE_READ(inode, i_sb, s_dev);
	e->mode = BPF_CORE_READ(inode, i_mode);
	e->uid = BPF_CORE_READ(inode, i_uid.val);
	e->gid = BPF_CORE_READ(inode, i_gid.val);
	e->links = BPF_CORE_READ(inode, i_nlink);
	e->size = BPF_CORE_READ(inode, i_size);
	e->ctime = change_time(inode);
	e->target_from = PATH_DENTRY;
	walked = append_where(slot, index, &file->f_path, &e->target);
	if (walked & WALK_CUT)
		e->flags |= FILE_TARGET_CUT;
	if (walked & WALK_DETACHED)
		e->flags |= FILE_DETACHED;
	if (!e->links)
		e->flags |= FILE_DELETED;
	return 0;
}

#endif
