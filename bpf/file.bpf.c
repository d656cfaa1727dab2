// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Files: what is made, opened for writing, changed, removed, renamed, linked.
 *
 * Why these hooks: no tracepoint sees what the file system does, so the exits of the system calls do, where the result is
 * known. Where the call leaves an open file its path is the kernel's own, and what the caller wrote does not matter;
 * else the caller's string is read at the exit, and compared with what it was at the entry. Closing is seen at the entry
 * (see settle.h), and at sched_process_exit while the descriptors are still there.
 */
#include "settle.h"
#include "entry.h"
#include "memory.h"
#include "names.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_REMOVEDIR 0x200
#define MAP_SHARED 1
#define MAP_ANONYMOUS 0x20
#define CLOSE_RANGE_CLOEXEC 4
#define BY_PATH_KINDS 0x3ff00000 /* EVENT_FILE_DELETE .. EVENT_FILE_NODE */

/* Processes whose last threads end on two CPUs at once are settled once. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct process_key);
	__type(value, __u8);
} settled SEC(".maps");

/* Terminals and the devices that take anything: every shell opens them all the time, and nothing comes of it. */
static __always_inline bool is_sink(struct inode *inode)
{
	__u32 device;

	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFCHR)
		return false;
	device = BPF_CORE_READ((struct inode___node *)inode, i_rdev);
	return device == (1 << 20 | 3) || device == (1 << 20 | 5) || device == (1 << 20 | 7) || device == (5 << 20) ||
	       device == (5 << 20 | 2) || (device >> 20 >= 136 && device >> 20 <= 143);
}

static __always_inline __u64 asked_of(struct pt_regs *regs, struct call_form form, bool compat, const bool typed)
{
	__u64 flags = 0;

	if (form.special == FORM_CREAT)
		return O_CREAT | O_TRUNC | O_WRONLY;
	if (form.special != FORM_HOW)
		return form.dirfd ? CALL_ARGUMENT(regs, 2, compat) : CALL_ARGUMENT(regs, 1, compat);
	/* struct open_how begins with them. The caller may have changed them since: but for O_TRUNC the file knows better. */
	bpf_probe_read_user(&flags, sizeof(flags), (const void *)CALL_ARGUMENT(regs, 2, compat));
	return flags;
}

static __always_inline int on_open(struct pt_regs *regs, long result, const bool typed)
{
	struct actor actor = { .task = (struct task_struct *)bpf_get_current_task() };
	__u32 mode = 0, has = 0, kind = EVENT_FILE_OPEN, touch = 0, owner = 0, index;
	struct inode *inode = NULL;
	struct call_form form;
	struct counter *count;
	struct scratch *slot;
	struct file *file;
	__u64 asked;
	bool compat;

	if (result < 0)
		return 0;
	file = file_of(actor.task, result);
	if (file) {
		mode = BPF_CORE_READ((struct file___open *)file, f_mode);
		if (mode & FMODE_PATH)
			return 0;
		has = BPF_CORE_READ((struct file___open *)file, f_flags);
		inode = BPF_CORE_READ(file, f_inode);
		if (mode & FMODE_CREATED || has & O_TMPFILE_BIT)
			kind = EVENT_FILE_CREATE;
		else if (!(mode & FMODE_WRITE))
			kind = EVENT_FILE_ACCESS;
		else if (is_sink(inode))
			return 0;
		else
			touch = touched_memory(file, inode, &owner);
	}
	compat = is_compat(actor.task);
	form = form_of(regs, compat, typed);
	asked = asked_of(regs, form, compat, typed);
	if (!file && !(asked & O_ACCMODE))
		return 0;
	if (file && kind == EVENT_FILE_OPEN && is_wanted(EVENT_FILE_MODIFY) && is_regular(inode))
		remember(file, inode, asked & O_TRUNC);
	count = counter_of(kind);
	if (!begin_due(count, kind, &actor, touch))
		return 0;
	slot = begin_record(count, kind, &index);
	if (!slot)
		return 0;
	if (kind == EVENT_FILE_ACCESS && !is_chosen(index, (__u64)file)) {
		COUNT(count, unasked);
		scratch_release(slot);
		return 0;
	}
	note_call(slot, regs, compat, typed);
	if (touch) {
		slot->file.flags |= touch == TOUCH_GUARD ? FILE_ON_SENSOR | FILE_ON_GUARD : FILE_ON_SENSOR;
		slot->file.arguments[1] = owner;
	}
	slot->file.arguments[0] = has | (asked & (O_CREAT | O_TRUNC));
	if (file) {
		describe(index, (__u64)file);
	} else {
		slot->file.flags |= FILE_GONE;
		slot->file.arguments[0] = asked;
		append_text(slot, &slot->file.target, argument(slot, form.text, 0));
		base_target(index, argument(slot, form.dirfd, AT_FDCWD));
	}
	submit(slot, count, &actor);
	return 0;
}

/* A call on an open file. */
static __always_inline int on_descriptor(struct pt_regs *regs, long result, const bool typed)
{
	struct actor actor = { .task = (struct task_struct *)bpf_get_current_task() };
	bool compat = is_compat(actor.task);
	struct call_form form = form_of(regs, compat, typed);
	struct counter *count = counter_of(form.kind);
	struct scratch *slot;
	struct file *file;
	__u32 index;

	if (result < 0 || !begin_file(count, form.kind, &actor))
		return 0;
	slot = begin_record(count, form.kind, &index);
	if (!slot)
		return 0;
	note_call(slot, regs, compat, typed);
	slot->file.arguments[0] = argument(slot, form.first, 0);
	slot->file.arguments[1] = argument(slot, form.second, 0);
	file = file_of(actor.task, argument(slot, form.dirfd, 0));
	if (file)
		describe(index, (__u64)file);
	else
		slot->file.flags |= FILE_GONE;
	submit(slot, count, &actor);
	return 0;
}

/* The kind of a call that can be of two: its second argument says it, or its third behind a descriptor. */
static __always_inline __u32 kind_of(struct pt_regs *regs, struct call_form form, bool compat, const bool typed)
{
	__u64 says;

	if (form.special != FORM_UNLINKAT && form.special != FORM_MKNOD)
		return form.kind;
	says = form.dirfd ? CALL_ARGUMENT(regs, 2, compat) : CALL_ARGUMENT(regs, 1, compat);
	if (form.special == FORM_UNLINKAT)
		return says & AT_REMOVEDIR ? EVENT_DIRECTORY_DELETE : form.kind;
	return (says & S_IFMT) == S_IFREG || !(says & S_IFMT) ? EVENT_FILE_CREATE : form.kind;
}

/* Which last names of the call are followed where they are symbolic links. */
static __always_inline __u32 follows(struct scratch *slot, struct call_form form)
{
	switch (form.special) {
	case FORM_TRUNCATE:
	case FORM_FOLLOW:
		return FOLLOWS_TARGET;
	case FORM_FOLLOW_AT:
		return argument(slot, (form.second ? form.second : form.first) + 1, 0) & AT_SYMLINK_NOFOLLOW ? 0 : FOLLOWS_TARGET;
	case FORM_LINKAT:
		return slot->file.arguments[0] & AT_SYMLINK_FOLLOW ? FOLLOWS_SOURCE : 0;
	}
	return 0;
}

/* A call that names files by strings. */
static __always_inline int on_path(struct pt_regs *regs, long result, const bool typed)
{
	struct actor actor = { .task = (struct task_struct *)bpf_get_current_task() };
	struct call_form form;
	struct counter *count;
	struct scratch *slot;
	__s32 dirfd, source_dirfd;
	__u32 index, kind;
	bool compat;

	if (result < 0)
		return 0;
	compat = is_compat(actor.task);
	form = form_of(regs, compat, typed);
	kind = kind_of(regs, form, compat, typed);
	count = counter_of(kind);
	if (!begin_file(count, kind, &actor))
		return 0;
	slot = begin_record(count, kind, &index);
	if (!slot)
		return 0;
	note_call(slot, regs, compat, typed);
	slot->file.arguments[0] = argument(slot, form.first, 0);
	slot->file.arguments[1] = argument(slot, form.second, 0);
	slot->file.follows = follows(slot, form);
	if (form.special == FORM_TRUNCATE)
		slot->file.size = argument(slot, form.first, 0);
	append_text(slot, &slot->file.target, argument(slot, form.text, 0));
	if (form.source)
		append_text(slot, &slot->file.source, argument(slot, form.source, 0));
	dirfd = argument(slot, form.dirfd, AT_FDCWD);
	source_dirfd = form.source_dirfd == FORM_LITERAL ? LITERAL : (__s32)argument(slot, form.source_dirfd, AT_FDCWD);
	base_target(index, dirfd);
	if (form.source)
		base_source(index, source_dirfd);
	compare_texts(slot, index, actor.key.pid);
	submit(slot, count, &actor);
	return 0;
}

static __always_inline __u64 one_of(struct pt_regs *regs, __u8 n, bool compat, const bool typed)
{
	return n == 1 ? CALL_ARGUMENT(regs, 0, compat) : n == 2 ? CALL_ARGUMENT(regs, 1, compat) :
	       n == 3 ? CALL_ARGUMENT(regs, 2, compat) : n == 4 ? CALL_ARGUMENT(regs, 3, compat) : 0;
}

static __always_inline int on_begin(struct pt_regs *regs, const bool typed)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&state, &zero);
	struct call_form form;
	bool compat;

	if (!s || !(*(volatile __u64 *)&s->wanted[0] & BY_PATH_KINDS))
		return 0;
	compat = is_compat((struct task_struct *)bpf_get_current_task());
	form = form_of(regs, compat, typed);
	note_texts(one_of(regs, form.text, compat, typed), one_of(regs, form.source, compat, typed));
	return 0;
}

static __always_inline int on_mapped(struct pt_regs *regs, long result, const bool typed)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	bool compat = is_compat(task);
	__u32 flags = CALL_ARGUMENT(regs, 3, compat);
	struct file *file;

	if (!(flags & MAP_SHARED) || flags & MAP_ANONYMOUS || !is_wanted(EVENT_FILE_MODIFY))
		return 0;
	file = file_of(task, CALL_ARGUMENT(regs, 4, compat));
	if (file)
		remember_mapping(file);
	return 0;
}

static __always_inline int on_close(struct pt_regs *regs, const bool typed)
{
	bool compat;
	struct call_form form;

	if (!is_wanted(EVENT_FILE_MODIFY))
		return 0;
	compat = is_compat((struct task_struct *)bpf_get_current_task());
	form = form_of(regs, compat, typed);
	if (form.special != FORM_DUP)
		settle(CALL_ARGUMENT(regs, 0, compat), SETTLED_CLOSE);
	else if (CALL_ARGUMENT(regs, 0, compat) != CALL_ARGUMENT(regs, 1, compat))
		settle(CALL_ARGUMENT(regs, 1, compat), SETTLED_DUP);
	return 0;
}

static __always_inline int on_close_many(struct pt_regs *regs, const bool typed)
{
	bool compat;
	struct call_form form;

	if (!is_wanted(EVENT_FILE_MODIFY))
		return 0;
	compat = is_compat((struct task_struct *)bpf_get_current_task());
	form = form_of(regs, compat, typed);
	if (form.special == FORM_EXEC)
		settle_all(0, ~0u, SETTLED_EXEC);
	else if (!(CALL_ARGUMENT(regs, 2, compat) & CLOSE_RANGE_CLOEXEC))
		settle_all(CALL_ARGUMENT(regs, 0, compat), CALL_ARGUMENT(regs, 1, compat), SETTLED_RANGE);
	return 0;
}

/* Each program exists as the typed and the raw twin. The lane of files is the last one: there is none to go on to. */
#define AT_EXIT(name, on)                                                                                              \
	SEC("tp_btf/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_btf, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		return on(regs, result, true);                                                                         \
	}                                                                                                              \
	SEC("raw_tp/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_raw, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		return on(regs, result, false);                                                                        \
	}

#define AT_ENTRY(name, on)                                                                                             \
	SEC("tp_btf/sys_enter")                                                                                        \
	int BPF_PROG(call_##name##_btf, struct pt_regs *regs, long number)                                             \
	{                                                                                                              \
		return on(regs, true);                                                                                 \
	}                                                                                                              \
	SEC("raw_tp/sys_enter")                                                                                        \
	int BPF_PROG(call_##name##_raw, struct pt_regs *regs, long number)                                             \
	{                                                                                                              \
		return on(regs, false);                                                                                \
	}

AT_EXIT(open, on_open)
AT_EXIT(descriptor, on_descriptor)
AT_EXIT(path, on_path)
AT_EXIT(mapped, on_mapped)
AT_ENTRY(begin, on_begin)
AT_ENTRY(close, on_close)
AT_ENTRY(close_many, on_close_many)

static __always_inline int on_end(struct task_struct *task, const bool typed)
{
	struct process_key key = {};
	__u8 one = 1;

	if (BPF_CORE_READ(task, signal, live.counter) || !reporting(CONCERN_FILE) || !is_wanted(EVENT_FILE_MODIFY))
		return 0;
	fill_key(&key, task, typed);
	key.pid = key.tgid;
	if (bpf_map_update_elem(&settled, &key, &one, BPF_NOEXIST) != -EEXIST)
		settle_all(0, ~0u, SETTLED_EXIT);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(ended_btf, struct task_struct *task)
{
	return on_end(task, true);
}

SEC("raw_tp/sched_process_exit")
int BPF_PROG(ended_raw, struct task_struct *task)
{
	return on_end(task, false);
}
