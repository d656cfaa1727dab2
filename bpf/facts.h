/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel knows about a process, read the same way at exec, at fork and by the task iterator. */
#ifndef PICKET_FACTS_H
#define PICKET_FACTS_H

#include "path.h"

#define TMPFS_MAGIC 0x01021994
#define UNSET_ID 0xffffffff

static __always_inline void fill_credentials(struct credentials *c, struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);
	struct task_struct___audit *audit = (void *)task;

	c->uid = BPF_CORE_READ(cred, uid.val);
	c->gid = BPF_CORE_READ(cred, gid.val);
	c->euid = BPF_CORE_READ(cred, euid.val);
	c->egid = BPF_CORE_READ(cred, egid.val);
	c->suid = BPF_CORE_READ(cred, suid.val);
	c->sgid = BPF_CORE_READ(cred, sgid.val);
	c->fsuid = BPF_CORE_READ(cred, fsuid.val);
	c->fsgid = BPF_CORE_READ(cred, fsgid.val);
	c->securebits = BPF_CORE_READ(cred, securebits);
	c->reserved = 0;
	c->cap_effective = BPF_CORE_READ(cred, cap_effective.val);
	c->cap_permitted = BPF_CORE_READ(cred, cap_permitted.val);
	c->cap_inheritable = BPF_CORE_READ(cred, cap_inheritable.val);
	c->cap_bounding = BPF_CORE_READ(cred, cap_bset.val);
	c->cap_ambient = BPF_CORE_READ(cred, cap_ambient.val);
	c->loginuid = UNSET_ID;
	c->sessionid = UNSET_ID;
	if (bpf_core_field_exists(audit->loginuid)) {
		c->loginuid = BPF_CORE_READ(audit, loginuid.val);
		c->sessionid = BPF_CORE_READ(audit, sessionid);
	}
}

static __always_inline void fill_namespaces(struct namespaces *n, struct task_struct *task,
					    struct pid_namespace *pid_ns)
{
	struct nsproxy *proxy = BPF_CORE_READ(task, nsproxy);

	n->pid = BPF_CORE_READ(pid_ns, ns.inum);
	n->mnt = BPF_CORE_READ(proxy, mnt_ns, ns.inum);
	n->net = BPF_CORE_READ(proxy, net_ns, ns.inum);
	n->uts = BPF_CORE_READ(proxy, uts_ns, ns.inum);
	n->ipc = BPF_CORE_READ(proxy, ipc_ns, ns.inum);
	n->cgroup = BPF_CORE_READ(proxy, cgroup_ns, ns.inum);
	n->time = 0;
	if (bpf_core_field_exists(proxy->time_ns))
		n->time = BPF_CORE_READ(proxy, time_ns, ns.inum);
	n->user = BPF_CORE_READ(task, cred, user_ns, ns.inum);
}

/*
 * Processes of a container live below the root of the unified hierarchy, or, where the host still uses version 1,
 * of its controllers; there pids, which everything that makes containers delegates, then memory.
 */
static __always_inline struct kernfs_node *cgroup_of(struct task_struct *task, __u32 *flags)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct kernfs_node *node = BPF_CORE_READ(set, dfl_cgrp, kn), *parent;
	struct cgroup_subsys_state *css = NULL;
	long index = -1;

	if (bpf_core_field_exists(struct kernfs_node___v615, __parent))
		parent = BPF_CORE_READ((struct kernfs_node___v615 *)node, __parent);
	else
		parent = BPF_CORE_READ(node, parent);
	if (parent)
		return node;
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
		index = bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id);
	else if (bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		index = bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id);
	if (index < 0)
		return node;
	bpf_probe_read_kernel(&css, sizeof(css),
			      (void *)set + bpf_core_field_offset(struct css_set, subsys) + index * sizeof(css));
	if (!css || BPF_CORE_READ(css, cgroup, kn) == node)
		return node;
	*flags |= PROCESS_CGROUP_V1;
	return BPF_CORE_READ(css, cgroup, kn);
}

static __always_inline void fill_surroundings(struct surroundings *s, struct task_struct *task, __u32 *flags)
{
	struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);
	struct upid upid = {};

	fill_credentials(&s->credentials, task);
	bpf_probe_read_kernel(&upid, sizeof(upid),
			      (void *)pid + bpf_core_field_offset(struct pid, numbers) + level * sizeof(upid));
	fill_namespaces(&s->namespaces, task, upid.ns);
	s->ns_level = level;
	s->ns_pid = upid.nr;
	s->cgroup_id = BPF_CORE_READ(cgroup_of(task, flags), id);
}

static __always_inline void fill_parent(struct process_key *key, struct task_struct *task)
{
	struct task_struct *parent = BPF_CORE_READ(task, real_parent, group_leader);

	fill_key(key, parent);
}

static __always_inline __s64 nanoseconds(__s64 seconds, __u32 rest)
{
	return seconds * 1000000000ll + rest;
}

static __always_inline void fill_file(struct exec_event *e, struct inode *inode)
{
	struct inode___v611 *v611 = (void *)inode;
	struct inode___v67 *v67 = (void *)inode;
	struct inode___v66 *v66 = (void *)inode;

	e->exe_inode = BPF_CORE_READ(inode, i_ino);
	e->exe_size = BPF_CORE_READ(inode, i_size);
	e->exe_device = BPF_CORE_READ(inode, i_sb, s_dev);
	e->exe_mode = BPF_CORE_READ(inode, i_mode);
	e->exe_uid = BPF_CORE_READ(inode, i_uid.val);
	e->exe_gid = BPF_CORE_READ(inode, i_gid.val);
	e->exe_links = BPF_CORE_READ(inode, i_nlink);
	if (bpf_core_field_exists(v611->i_mtime_sec)) {
		e->exe_mtime = nanoseconds(BPF_CORE_READ(v611, i_mtime_sec), BPF_CORE_READ(v611, i_mtime_nsec));
		e->exe_ctime = nanoseconds(BPF_CORE_READ(v611, i_ctime_sec), BPF_CORE_READ(v611, i_ctime_nsec));
		return;
	}
	if (bpf_core_field_exists(v67->__i_mtime))
		e->exe_mtime = nanoseconds(BPF_CORE_READ(v67, __i_mtime.tv_sec), BPF_CORE_READ(v67, __i_mtime.tv_nsec));
	else
		e->exe_mtime = nanoseconds(BPF_CORE_READ(inode, i_mtime.tv_sec), BPF_CORE_READ(inode, i_mtime.tv_nsec));
	if (bpf_core_field_exists(v66->__i_ctime))
		e->exe_ctime = nanoseconds(BPF_CORE_READ(v66, __i_ctime.tv_sec), BPF_CORE_READ(v66, __i_ctime.tv_nsec));
	else
		e->exe_ctime = nanoseconds(BPF_CORE_READ(inode, i_ctime.tv_sec), BPF_CORE_READ(inode, i_ctime.tv_nsec));
}

/* Appends the path of a place and describes it; `detached` is 0 where the record has no flag for that. */
static __always_inline void append_place(struct scratch *slot, __u32 index, struct exec_event *e, struct slice *out,
					 const struct path *place, __u32 cut, __u32 detached)
{
	struct vfsmount *mount = BPF_CORE_READ(place, mnt);

	if (!mount)
		return;
	slot->walk_dentry = (__u64)BPF_CORE_READ(place, dentry);
	slot->walk_mount = (__u64)mount - bpf_core_field_offset(struct mount, mnt);
	out->offset = slot->end;
	out->length = append_walk(index);
	if (slot->walk_flags & WALK_CUT)
		e->flags |= cut;
	if (slot->walk_flags & WALK_DETACHED)
		e->flags |= detached;
}

static __always_inline void append_exe(struct scratch *slot, __u32 index, struct exec_event *e, struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	char name[8] = {};

	fill_file(e, inode);
	if (!e->exe_links)
		e->flags |= PROCESS_EXE_DELETED;
	append_place(slot, index, e, &e->exe, &file->f_path, PROCESS_EXE_CUT, PROCESS_EXE_DETACHED);
	if (!(e->flags & PROCESS_EXE_DETACHED) || BPF_CORE_READ(inode, i_sb, s_magic) != TMPFS_MAGIC)
		return;
	bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(file, f_path.dentry, d_name.name));
	/* "memfd:" */
	if (name[0] == 'm' && name[1] == 'e' && name[2] == 'm' && name[3] == 'f' && name[4] == 'd' && name[5] == ':')
		e->flags |= PROCESS_EXE_MEMFD;
}

/* Everything of the exec record that does not stand in the process's own memory. slot->end must be set. */
static __always_inline void fill_process(struct scratch *slot, __u32 index, struct exec_event *e,
					 struct task_struct *task)
{
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);
	__u32 flags = 0;

	fill_parent(&e->parent, task);
	fill_surroundings(&e->surroundings, task, &flags);
	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		flags |= PROCESS_KERNEL_THREAD;
	e->flags |= flags;
	e->exec_id = BPF_CORE_READ(task, self_exec_id);
	bpf_probe_read_kernel(e->comm, sizeof(e->comm), &task->comm);
	if (exe)
		append_exe(slot, index, e, exe);
	if (fs) {
		append_place(slot, index, e, &e->cwd, &fs->pwd, PROCESS_CWD_CUT, PROCESS_CWD_DETACHED);
		append_place(slot, index, e, &e->root, &fs->root, PROCESS_ROOT_CUT, 0);
		/* "/" alone: not in a chroot. */
		if (e->root.length == 1) {
			slot->end = e->root.offset;
			e->root.offset = 0;
			e->root.length = 0;
		}
	}
	slot->walk_dentry = (__u64)cgroup_of(task, &flags);
	if (slot->walk_dentry) {
		e->cgroup.offset = slot->end;
		e->cgroup.length = append_cgroup(index);
		if (slot->walk_flags & WALK_CUT)
			e->flags |= PROCESS_CGROUP_CUT;
	}
	if (tty) {
		e->tty_device = BPF_CORE_READ(tty, driver, major) << 20 |
				(BPF_CORE_READ(tty, driver, minor_start) + BPF_CORE_READ(tty, index));
		e->tty.offset = slot->end;
		e->tty.length = append_string(slot, &tty->name, 64);
	}
}

#endif
