/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Mounts, and roots of the file system. */
#ifndef PICKET_MOUNTS_H
#define PICKET_MOUNTS_H

#include "on_exit.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct file_system_type { const char *name; };
struct super_block___type { struct file_system_type *s_type; };
struct mount___name { const char *mnt_devname; };
#pragma clang attribute pop

BODY(umount_body)
{
	on_call(regs, result, EVENT_UMOUNT, 0, -1, typed);
}
ON_EXIT(umount, umount_body)

BODY(pivot_root_body)
{
	on_call(regs, result, EVENT_PIVOT_ROOT, 0, 1, typed);
}
ON_EXIT(pivot_root, pivot_root_body)

BODY(chroot_body)
{
	on_call(regs, result, EVENT_PIVOT_ROOT, 0, -1, typed);
}
ON_EXIT(chroot, chroot_body)

BODY(move_mount_body)
{
	on_call(regs, result, EVENT_MOUNT, 1, 3, typed);
}
ON_EXIT(move_mount, move_mount_body)

BODY(on_mount)
{
	struct draft d = begin_draft(EVENT_MOUNT, sizeof(struct call_event), NULL);

	if (!d.slot)
		return;
	fill_call(&d.slot->call, regs, result, typed);
	add_text(d.slot, &d.slot->call.texts[0], d.slot->call.arguments[0]);
	add_text(d.slot, &d.slot->call.texts[1], d.slot->call.arguments[1]);
	add_text(d.slot, &d.slot->call.texts[2], d.slot->call.arguments[2]);
	send_draft(&d);
}
ON_EXIT(mount, on_mount)

/* mount_setattr and open_tree_attr(dirfd, path, flags, attributes, size): the first word of the attributes is what is set. */
BODY(on_mount_setattr)
{
	struct draft d = begin_draft(EVENT_MOUNT, sizeof(struct call_event), NULL);
	__u64 set = 0;

	if (!d.slot)
		return;
	fill_call(&d.slot->call, regs, result, typed);
	add_text(d.slot, &d.slot->call.texts[1], d.slot->call.arguments[1]);
	bpf_probe_read_user(&set, sizeof(set), (const void *)d.slot->call.arguments[3]);
	d.slot->call.detail = set;
	send_draft(&d);
}
ON_EXIT(mount_setattr, on_mount_setattr)

/* fsmount(context, flags, attributes): what the context was of, the mount tells. */
BODY(on_fsmount)
{
	struct draft d = begin_draft(EVENT_MOUNT, sizeof(struct call_event), NULL);
	struct file *file;
	void *mount, *super;

	if (!d.slot)
		return;
	fill_call(&d.slot->call, regs, result, typed);
	d.slot->call.detail = d.slot->call.arguments[2];
	file = result >= 0 ? file_of((struct task_struct *)bpf_get_current_task(), result) : NULL;
	if (file) {
		mount = (void *)BPF_CORE_READ(file, f_path.mnt) - bpf_core_field_offset(struct mount, mnt);
		super = BPF_CORE_READ(file, f_inode, i_sb);
		add_kernel_text(d.slot, &d.slot->call.texts[0], BPF_CORE_READ((struct mount___name *)mount, mnt_devname), TEXT_MAX);
		add_kernel_text(d.slot, &d.slot->call.texts[2],
				BPF_CORE_READ((struct super_block___type *)super, s_type, name), 64);
	}
	send_draft(&d);
}
ON_EXIT(fsmount, on_fsmount)

#endif
