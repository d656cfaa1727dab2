/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Files opened for reading are events only where a rule could name them: by the last part of the path, or by a folder above it. The reader
 * compiles the rules into hashes of such names; two names with one hash, and names beyond ASCII, are taken as chosen, so that
 * more may be reported than is asked for, but nothing less.
 */
#ifndef PICKET_NAMES_H
#define PICKET_NAMES_H

#include "files.h"

#define CHOICE_KEY 0 /* the entry that says what the others are about */
#define NAMES_DEPTH 64 /* folders above a file */
#define NAME_ROOM 264

enum chosen_bits {
	CHOSEN_ALL = 1 << 0,     /* of the first entry: every file */
	CHOSEN_BASES = 1 << 1,   /* of a name: the last part; of the first entry: there are such names */
	CHOSEN_FOLDERS = 1 << 2, /* a folder, at any height */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, __u32);
} chosen SEC(".maps");

/* Eight letters at once, the capital ones of ASCII as small ones. */
static __always_inline __u64 fold(__u64 word)
{
	__u64 low = word & 0x7f7f7f7f7f7f7f7full;
	__u64 from = low + 0x3f3f3f3f3f3f3f3full, beyond = low + 0x2525252525252525ull;

	return word | ((from & ~beyond & ~word & 0x8080808080808080ull) >> 2);
}

/* What is known of a name whose head is in the slot: chosen_bits; all of them for a name that is not ASCII. */
__attribute__((noinline)) int bits_of_name(__u32 index, __u64 name, __u32 length)
{
	struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);
	__u64 hash, word, seen = 0;
	__u32 *bits, tail;

	if (!slot || length > NAME_MASK)
		return CHOSEN_BASES | CHOSEN_FOLDERS;
	hash = length;
	bpf_probe_read_kernel(&slot->path[PATH_MAX], length & NAME_MASK, (const void *)name);
	for (__u32 i = 0; i < NAME_ROOM / 8; i++) {
		if (i >= length / 8)
			break;
		word = *(volatile __u64 *)&slot->path[PATH_MAX + i * 8];
		seen |= word;
		hash = (hash ^ fold(word)) * HASH_FACTOR;
		hash ^= hash >> 32;
	}
	tail = length % 8;
	if (tail) {
		word = *(volatile __u64 *)&slot->path[PATH_MAX + (length & 0xf8)] << (64 - 8 * tail);
		seen |= word;
		hash = (hash ^ fold(word)) * HASH_FACTOR;
	}
	if (seen & 0x8080808080808080ull)
		return CHOSEN_BASES | CHOSEN_FOLDERS;
	bits = bpf_map_lookup_elem(&chosen, &hash);
	return bits ? *bits : 0;
}

/* Whether a rule could name the open file; what lies too deep is taken as chosen. */
__attribute__((noinline)) int is_chosen(__u32 index, __u64 open)
{
	struct file *file = (struct file *)open;
	struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry), *root;
	struct mount *mount = (struct mount *)((__u64)BPF_CORE_READ(file, f_path.mnt) - bpf_core_field_offset(struct mount, mnt));
	__u32 wanted = CHOSEN_BASES, *all;
	struct dentry_head head;
	__u64 key = CHOICE_KEY;
	struct mount *above;

	all = bpf_map_lookup_elem(&chosen, &key);
	if (!all || *all & CHOSEN_ALL)
		return 1;
	root = BPF_CORE_READ(mount, mnt.mnt_root);
	for (int i = 0; i < NAMES_DEPTH; i++) {
		if (dentry == root) {
			above = BPF_CORE_READ(mount, mnt_parent);
			if (above == mount || !above)
				return 0;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = above;
			root = BPF_CORE_READ(mount, mnt.mnt_root);
			continue;
		}
		read_head(&head, dentry);
		if (bits_of_name(index, (__u64)head.name, head.length) & wanted)
			return 1;
		if (head.parent == dentry || !head.parent || !(*all & CHOSEN_FOLDERS))
			return 0;
		wanted = CHOSEN_FOLDERS;
		dentry = head.parent;
	}
	return 1;
}

#endif
