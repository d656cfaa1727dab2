/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Paths and strings appended to a record in scratch. The walks are global functions so that the verifier checks each
 * once, not once per call; such functions take scalars only, hence the slot's index and the arguments in the slot.
 */
#ifndef PICKET_PATH_H
#define PICKET_PATH_H

#include "scratch.h"

#define WALK_MAX 512       /* components and mount crossings of a path */
#define CGROUP_WALK_MAX 32
#define NAME_MASK 255      /* NAME_MAX */

#define WALK_CUT 1
#define WALK_DETACHED 2

/* Puts "/name" before what slot->path holds from `at` on; returns the new `at`, or 0 where there is no room. */
static __always_inline __u32 prepend(struct scratch *slot, __u32 at, const void *name, __u32 length)
{
	OPAQUE(length);
	length &= NAME_MASK;
	if (at < length + 1 || at > PATH_MAX)
		return 0;
	at -= length;
	OPAQUE(at);
	at &= PATH_MAX - 1;
	bpf_probe_read_kernel(&slot->path[at], length, name);
	if (!at)
		return 0;
	at -= 1;
	OPAQUE(at);
	at &= PATH_MAX - 1;
	slot->path[at] = '/';
	return at;
}

/* Appends slot->path from `at` to PATH_MAX to the record; returns its length. */
static __always_inline __u32 append_path(struct scratch *slot, __u32 at)
{
	__u64 length = PATH_MAX - (at & (PATH_MAX - 1));
	__u64 end = slot->end;

	OPAQUE(length);
	if (length > PATH_MAX)
		return 0;
	end &= HEAD_MASK;
	at &= PATH_MAX - 1;
	bpf_probe_read_kernel(&slot->record[end], length, &slot->path[at]);
	slot->end = end + length;
	return length;
}

/* A dentry's parent and name, which lie side by side: one read instead of three. */
struct dentry_head {
	struct dentry *parent;
	__u32 hash;
	__u32 length;
	const void *name;
};

static __always_inline void read_head(struct dentry_head *head, struct dentry *dentry)
{
	if (bpf_core_field_offset(struct dentry, d_name) == bpf_core_field_offset(struct dentry, d_parent) + 8 &&
	    bpf_core_field_offset(struct qstr, len) == 4 && bpf_core_field_offset(struct qstr, name) == 8) {
		bpf_probe_read_kernel(head, sizeof(*head), &dentry->d_parent);
		return;
	}
	head->parent = BPF_CORE_READ(dentry, d_parent);
	head->length = BPF_CORE_READ(dentry, d_name.len);
	head->name = BPF_CORE_READ(dentry, d_name.name);
}

/*
 * Walks from slot->walk_dentry in slot->walk_mount up to the root of the mount tree and appends the path to the
 * record. Returns the length of the path; slot->walk_flags says whether it is whole.
 */
__attribute__((noinline)) int append_walk(__u32 index)
{
	struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);
	struct dentry *dentry, *root;
	struct mount *mount, *above;
	struct dentry_head head;
	__u32 flags = WALK_CUT;

	if (!slot)
		return 0;
	dentry = (struct dentry *)slot->walk_dentry;
	mount = (struct mount *)slot->walk_mount;
	root = BPF_CORE_READ(mount, mnt.mnt_root);
	slot->walk_at = PATH_MAX;
	for (int i = 0; i < WALK_MAX; i++) {
		__u32 at = slot->walk_at;

		if (dentry == root) {
			above = BPF_CORE_READ(mount, mnt_parent);
			if (above == mount || !above) {
				flags = 0;
				break;
			}
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
			root = BPF_CORE_READ(mount, mnt.mnt_root);
			continue;
		}
		read_head(&head, dentry);
		at = prepend(slot, at, head.name, head.length);
		if (!at || head.length > NAME_MASK)
			break;
		slot->walk_at = at;
		if (head.parent == dentry || !head.parent) {
			flags = WALK_DETACHED;
			break;
		}
		dentry = head.parent;
	}
	slot->walk_flags = flags;
	if (slot->walk_at == PATH_MAX) {
		slot->walk_at = PATH_MAX - 1;
		slot->path[PATH_MAX - 1] = '/';
	}
	return append_path(slot, slot->walk_at);
}

/* The same for a cgroup; slot->walk_dentry is its kernfs node. The root is "/". */
__attribute__((noinline)) int append_cgroup(__u32 index)
{
	struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);
	struct kernfs_node *node, *parent;
	__u32 flags = WALK_CUT;

	if (!slot)
		return 0;
	node = (struct kernfs_node *)slot->walk_dentry;
	slot->walk_at = PATH_MAX;
	for (int i = 0; i < CGROUP_WALK_MAX; i++) {
		__u32 at = slot->walk_at;
		const char *name;
		long length;

		if (bpf_core_field_exists(struct kernfs_node___v615, __parent))
			parent = BPF_CORE_READ((struct kernfs_node___v615 *)node, __parent);
		else
			parent = BPF_CORE_READ(node, parent);
		if (!parent) {
			flags = 0;
			break;
		}
		name = BPF_CORE_READ(node, name);
		length = bpf_probe_read_kernel_str(&slot->path[PATH_MAX], NAME_MASK + 1, name);
		if (length <= 1)
			break;
		at = prepend(slot, at, name, length - 1);
		if (!at)
			break;
		slot->walk_at = at;
		node = parent;
	}
	slot->walk_flags = flags;
	if (slot->walk_at == PATH_MAX) {
		slot->walk_at = PATH_MAX - 1;
		slot->path[PATH_MAX - 1] = '/';
	}
	return append_path(slot, slot->walk_at);
}

/* Appends a kernel string of less than `room` bytes, without its NUL; returns the length, room - 1 when cut. */
static __always_inline __u32 append_string(struct scratch *slot, const void *from, const __u32 room)
{
	__u64 end = slot->end & HEAD_MASK;
	long length = bpf_probe_read_kernel_str(&slot->record[end], room, from);

	if (length <= 1)
		return 0;
	slot->end = end + length - 1;
	return length - 1;
}

#endif
