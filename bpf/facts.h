/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel knows about a process, read the same way at exec, at fork and by the task iterator. */
#ifndef PICKET_FACTS_H
#define PICKET_FACTS_H

#include "path.h"

#define TMPFS_MAGIC 0x01021994
#define UNSET_ID 0xffffffff

static __always_inline void fill_credentials(struct credentials *c, struct task_struct *task, const bool typed)
{
	const struct cred *cred = GET(task, cred);
	struct task_struct___audit *audit = (void *)task;

	c->uid = GET(cred, uid.val);
	c->gid = GET(cred, gid.val);
	c->euid = GET(cred, euid.val);
	c->egid = GET(cred, egid.val);
	c->suid = GET(cred, suid.val);
	c->sgid = GET(cred, sgid.val);
	c->fsuid = GET(cred, fsuid.val);
	c->fsgid = GET(cred, fsgid.val);
	c->securebits = GET(cred, securebits);
	c->reserved = 0;
	c->cap_effective = GET(cred, cap_effective.val);
	c->cap_permitted = GET(cred, cap_permitted.val);
	c->cap_inheritable = GET(cred, cap_inheritable.val);
	c->cap_bounding = GET(cred, cap_bset.val);
	c->cap_ambient = GET(cred, cap_ambient.val);
	c->loginuid = UNSET_ID;
	c->sessionid = UNSET_ID;
	if (bpf_core_field_exists(audit->loginuid)) {
		c->loginuid = GET(audit, loginuid.val);
		c->sessionid = GET(audit, sessionid);
	}
}

static __always_inline void fill_namespaces(struct namespaces *n, struct task_struct *task,
					    struct pid_namespace *pid_ns, const bool typed)
{
	struct nsproxy *proxy = GET(task, nsproxy);
	struct mnt_namespace *mnt = GET(proxy, mnt_ns);
	struct net *net = GET(proxy, net_ns);
	struct uts_namespace *uts = GET(proxy, uts_ns);
	struct ipc_namespace *ipc = GET(proxy, ipc_ns);
	struct cgroup_namespace *cgroup = GET(proxy, cgroup_ns);
	const struct cred *cred = GET(task, cred);
	struct user_namespace *user = GET(cred, user_ns);

	n->pid = BPF_CORE_READ(pid_ns, ns.inum);
	n->mnt = GET(mnt, ns.inum);
	n->net = GET(net, ns.inum);
	n->uts = GET(uts, ns.inum);
	n->ipc = GET(ipc, ns.inum);
	n->cgroup = GET(cgroup, ns.inum);
	n->user = GET(user, ns.inum);
	n->time = 0;
	if (bpf_core_field_exists(proxy->time_ns))
		n->time = BPF_CORE_READ(proxy, time_ns, ns.inum);
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

static __always_inline void fill_surroundings(struct surroundings *s, struct task_struct *task, __u32 *flags, const bool typed)
{
	struct task_struct *leader = GET(task, group_leader);
	struct pid *pid = GET(leader, thread_pid);
	__u32 level = GET(pid, level);
	struct upid upid = {};

	fill_credentials(&s->credentials, task, typed);
	bpf_probe_read_kernel(&upid, sizeof(upid),
			      (void *)pid + bpf_core_field_offset(struct pid, numbers) + level * sizeof(upid));
	fill_namespaces(&s->namespaces, task, upid.ns, typed);
	s->ns_level = level;
	s->ns_pid = upid.nr;
	s->cgroup_id = BPF_CORE_READ(cgroup_of(task, flags), id);
}

static __always_inline void fill_parent(struct process_key *key, struct task_struct *task, const bool typed)
{
	struct task_struct *parent = GET(task, real_parent);
	struct task_struct *leader = GET(parent, group_leader);

	fill_key(key, leader, typed);
}

static __always_inline __s64 nanoseconds(__s64 seconds, __u32 rest)
{
	return seconds * 1000000000ll + rest;
}

static __always_inline void fill_file(struct exec_event *e, struct inode *inode, const bool typed)
{
	struct super_block *super = GET(inode, i_sb);
	struct inode___v611 *v611 = (void *)inode;
	struct inode___v67 *v67 = (void *)inode;
	struct inode___v66 *v66 = (void *)inode;

	e->exe_inode = GET(inode, i_ino);
	e->exe_size = GET(inode, i_size);
	e->exe_device = GET(super, s_dev);
	e->exe_magic = GET(super, s_magic);
	e->exe_mode = GET(inode, i_mode);
	e->exe_uid = GET(inode, i_uid.val);
	e->exe_gid = GET(inode, i_gid.val);
	e->exe_links = GET(inode, i_nlink);
	if (bpf_core_field_exists(v611->i_mtime_sec)) {
		e->exe_mtime = nanoseconds(GET(v611, i_mtime_sec), GET(v611, i_mtime_nsec));
		e->exe_ctime = nanoseconds(GET(v611, i_ctime_sec), GET(v611, i_ctime_nsec) & CTIME_NSEC_MASK);
		return;
	}
	if (bpf_core_field_exists(v67->__i_mtime))
		e->exe_mtime = nanoseconds(GET(v67, __i_mtime.tv_sec), GET(v67, __i_mtime.tv_nsec));
	else
		e->exe_mtime = nanoseconds(GET(inode, i_mtime.tv_sec), GET(inode, i_mtime.tv_nsec));
	if (bpf_core_field_exists(v66->__i_ctime))
		e->exe_ctime = nanoseconds(GET(v66, __i_ctime.tv_sec), GET(v66, __i_ctime.tv_nsec));
	else
		e->exe_ctime = nanoseconds(GET(inode, i_ctime.tv_sec), GET(inode, i_ctime.tv_nsec));
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

static __always_inline void append_exe(struct scratch *slot, __u32 index, struct exec_event *e, struct file *file,
				       const bool typed)
{
	struct inode *inode = GET(file, f_inode);
	char name[8] = {};

	fill_file(e, inode, typed);
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
					 struct task_struct *task, const bool typed)
{
	struct fs_struct *fs = BPF_CORE_READ(task, fs);
	struct mm_struct *mm = GET(task, mm);
	struct file *exe = mm ? GET(mm, exe_file) : NULL;
	struct tty_struct *tty = BPF_CORE_READ(task, signal, tty);
	__u32 flags = 0;

	fill_parent(&e->parent, task, typed);
	fill_surroundings(&e->surroundings, task, &flags, typed);
	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		flags |= PROCESS_KERNEL_THREAD;
	e->flags |= flags;
	e->exec_id = BPF_CORE_READ(task, self_exec_id);
	bpf_probe_read_kernel(e->comm, sizeof(e->comm), &task->comm);
	if (exe)
		append_exe(slot, index, e, exe, typed);
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
