/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Calls that name files by strings: nothing is open, so the path is made of what the caller wrote and of where that begins. */
#ifndef PICKET_PATHCALLS_H
#define PICKET_PATHCALLS_H

#include "files.h"

#define AT_FDCWD -100
#define AT_SYMLINK_FOLLOW 0x400
#define LITERAL -2 /* in a descriptor's place: the text is no path but what a symbolic link says */

static __always_inline void note_text(struct scratch *slot, struct slice *out, long length, __u32 room)
{
	out->offset = slot->end & HEAD_MASK;
	out->length = 0;
	if (length < 0) {
		slot->file.flags |= FILE_TEXT_UNREAD;
		return;
	}
	if (length == room)
		slot->file.flags |= FILE_TEXT_CUT;
	if (length > 0) {
		out->length = length - 1;
		slot->end += length - 1;
	}
}

/* Appends the caller's string. */
static __always_inline void append_text(struct scratch *slot, struct slice *out, __u64 text)
{
	note_text(slot, out, bpf_probe_read_user_str(&slot->record[slot->end & HEAD_MASK], PATH_MAX, (const void *)text), PATH_MAX);
}

/* Appends where a string of the caller begins: a root that is not "/", an open directory, or the working directory. */
static __always_inline __u8 append_base(struct scratch *slot, __u32 index, struct task_struct *task, const struct slice *text,
					__s32 dirfd, struct slice *base, const __u32 cut)
{
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct slice *root = &slot->file.root;
	struct file *directory;

	/* Absolute strings begin at it, and none leaves it by way of "..". */
	if (text->length && !root->length) {
		append_where(slot, index, &fs->root, root);
		if (root->length == 1) {
			slot->end = root->offset;
			root->offset = 0;
			root->length = 0;
		}
	}
	if (text->length && slot->record[text->offset & HEAD_MASK] == '/')
		return PATH_CALLER;
	if (dirfd == AT_FDCWD) {
		if (append_where(slot, index, &fs->pwd, base) & WALK_CUT)
			slot->file.flags |= cut;
		return PATH_CWD;
	}
	directory = file_of(task, dirfd);
	if (!directory)
		return PATH_CALLER;
	if (append_where(slot, index, &directory->f_path, base) & WALK_CUT)
		slot->file.flags |= cut;
	return text->length ? PATH_DIRFD : PATH_DENTRY;
}

/* Appends where the record's target begins. */
__attribute__((noinline)) int base_target(__u32 index, __s32 dirfd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);
	struct file_event *e;

	if (!slot)
		return 0;
	e = &slot->file;
	e->target_from = append_base(slot, index, task, &e->target, dirfd, &e->target_base, FILE_TARGET_CUT);
	e->mount_namespace = BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
	return 0;
}

/* The same of the source. */
__attribute__((noinline)) int base_source(__u32 index, __s32 dirfd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);
	struct file_event *e;

	if (!slot)
		return 0;
	e = &slot->file;
	if (dirfd == LITERAL)
		e->source_from = PATH_CALLER;
	else
		e->source_from = append_base(slot, index, task, &e->source, dirfd, &e->source_base, FILE_SOURCE_CUT);
	return 0;
}

#endif
