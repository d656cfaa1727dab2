// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Life of processes: exec, fork, exit.
 *
 * Why these hooks: the three scheduler tracepoints are the places that every way of starting or ending a process goes
 * through (execve, execveat, fexecve, binfmt handlers; fork, vfork, clone, clone3; exit, fatal signals, a thread's
 * exec), they pass the task itself, and they load under lockdown=integrity. At sched_process_exec the new image's
 * credentials, memory and file are in place and its first instruction has not run; at sched_process_fork the child
 * is complete and not yet running; so that a child's records never come before its fork.
 *
 * Each program exists twice: tp_btf where the kernel's BTF has the tracepoint's type, else raw_tp. The loader picks.
 */
#include "facts.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define FILE_MAX 4096
#define INTERPRETER_MAX 256 /* BINPRM_BUF_SIZE: the kernel itself cuts a #! line there */
#define ENV_VALUE_MAX 4096
#define ENV_TOTAL_MAX 4096
#define ENV_NAMES_MAX 512

/* 0 when the sixteen bytes begin with the name; the words are little-endian, as both architectures are. */
#define DIFFERS(w0, w1, first, second, length)                                                                         \
	(((w0) ^ (first)) | (((w1) ^ (second)) & (~0ull >> (64 - 8 * ((length) - 8)))))

/*
 * The names kept from the environment: what changes the code that runs, and where an ssh session came from. Whole
 * words and no early exits: each branch in here is multiplied by the number of names the verifier walks through.
 */
static __always_inline bool chosen(const char *s)
{
	__u64 w0 = ((const volatile __u64 *)s)[0], w1 = ((const volatile __u64 *)s)[1];
	__u64 preload = DIFFERS(w0, w1, 0x4f4c4552505f444cull, 0x3d4441ull, 11); /* LD_PRELOAD= */
	__u64 library = DIFFERS(w0, w1, 0x415242494c5f444cull, 0x3d485441505f5952ull, 16); /* LD_LIBRARY_PATH= */
	__u64 audit = DIFFERS(w0, w1, 0x54494455415f444cull, 0x3dull, 9); /* LD_AUDIT= */
	__u64 client = DIFFERS(w0, w1, 0x45494c435f485353ull, 0x3d544eull, 11); /* SSH_CLIENT= */
	__u64 connection = DIFFERS(w0, w1, 0x4e4e4f435f485353ull, 0x3d4e4f49544345ull, 15); /* SSH_CONNECTION= */

	/* The top bit of (d - 1) & ~d is set only for d == 0. */
#define ZERO(d) (((d) - 1) & ~(d))
	preload = ZERO(preload) | ZERO(library) | ZERO(audit) | ZERO(client) | ZERO(connection);
#undef ZERO
	OPAQUE(preload);
	return preload >> 63;
}

/* Searches slot->env_from .. env_to of the current process; appends the chosen strings. Returns process_flags. */
__attribute__((noinline)) int append_environment(__u32 index)
{
	struct scratch *slot = bpf_map_lookup_elem(&scratch, &index);
	__u64 first;
	bool whole = true;

	if (!slot)
		return 0;
	first = slot->end;
	for (int i = 0; i < ENV_NAMES_MAX; i++) {
		__u64 end = slot->end & HEAD_MASK;
		char *to = &slot->record[end];
		long length;

		if (slot->env_from >= slot->env_to)
			return 0;
		length = bpf_probe_read_user_str(to, ENV_VALUE_MAX, (const void *)slot->env_from);
		if (length <= 0)
			return PROCESS_ENV_UNREAD;
		if (length < ENV_VALUE_MAX) {
			slot->env_from += length;
			if (whole && chosen(to))
				slot->end = end + length;
			whole = true;
		} else {
			/* Longer than one read: what follows is not the beginning of a name. */
			slot->env_from += ENV_VALUE_MAX - 1;
			if (whole && chosen(to))
				return PROCESS_ENV_CUT;
			whole = false;
		}
		if (slot->end - first > ENV_TOTAL_MAX)
			return PROCESS_ENV_CUT;
	}
	return PROCESS_ENV_CUT;
}

static __always_inline void append_args(struct scratch *slot, struct exec_event *e, struct mm_struct *mm)
{
	__u64 from = BPF_CORE_READ(mm, arg_start), size = BPF_CORE_READ(mm, arg_end) - from;
	__u64 end = slot->end & HEAD_MASK;

	e->args_size = size;
	if (size > ARGS_MAX) {
		size = ARGS_MAX;
		e->flags |= PROCESS_ARGS_CUT;
	}
	OPAQUE(size);
	if (size > ARGS_MAX)
		return;
	if (bpf_probe_read_user(&slot->record[end], size, (const void *)from)) {
		e->flags |= PROCESS_ARGS_UNREAD;
		return;
	}
	e->args.offset = end;
	e->args.length = size;
	slot->end = end + size;
}

static __always_inline void append_bprm(struct scratch *slot, struct exec_event *e, struct linux_binprm *bprm)
{
	const char *file = BPF_CORE_READ(bprm, filename), *interpreter = BPF_CORE_READ(bprm, interp);

	e->file.offset = slot->end;
	e->file.length = append_string(slot, file, FILE_MAX);
	if (e->file.length == FILE_MAX - 1)
		e->flags |= PROCESS_FILE_CUT;
	if (file == interpreter)
		return;
	e->flags |= PROCESS_SCRIPT;
	e->interpreter.offset = slot->end;
	e->interpreter.length = append_string(slot, interpreter, INTERPRETER_MAX);
	if (e->interpreter.length == INTERPRETER_MAX - 1)
		e->flags |= PROCESS_FILE_CUT;
}

static __always_inline int on_exec(struct task_struct *task, struct linux_binprm *bprm, const bool typed)
{
	struct counter *count = counter_of(EVENT_EXEC);
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct scratch *slot;
	struct exec_event *e;
	__u64 length;
	__u32 index;

	if (!reporting(CONCERN_PROCESS))
		return 0;
	COUNT(count, seen);
	index = scratch_take();
	slot = bpf_map_lookup_elem(&scratch, &index);
	if (!slot) {
		COUNT(count, busy);
		return 0;
	}
	e = &slot->exec;
	__builtin_memset(e, 0, sizeof(*e));
	slot->end = sizeof(*e);
	fill_process(slot, index, e, task, typed);
	append_bprm(slot, e, bprm);
	slot->env_from = BPF_CORE_READ(mm, env_start);
	slot->env_to = BPF_CORE_READ(mm, env_end);
	e->environment.offset = slot->end;
	e->flags |= append_environment(index);
	e->environment.length = slot->end - e->environment.offset;
	append_args(slot, e, mm);
	length = slot->end;
	fill_header(&e->header, EVENT_EXEC, length, task, typed);
	OPAQUE(length);
	if (length <= sizeof(slot->record) && !bpf_ringbuf_output(&events, slot->record, length, 0))
		COUNT(count, submitted);
	else
		COUNT(count, lost);
	scratch_release(slot);
	return 0;
}

/* The guard is known before its number can be known to anybody else. */
static __always_inline void note_guard(struct task_struct *creator, struct task_struct *child, const bool typed)
{
	__u32 zero = 0, by = bpf_get_current_pid_tgid();
	struct state *s = bpf_map_lookup_elem(&state, &zero);

	if (!s || *(volatile __u32 *)&s->guard_by != by || !is_self(s, creator, typed))
		return;
	*(volatile __u32 *)&s->guard_tgid = BPF_CORE_READ(child, tgid);
	*(volatile __u32 *)&s->guard_by = 0;
}

static __always_inline int on_fork(struct task_struct *creator, struct task_struct *child, const bool typed)
{
	struct counter *count = counter_of(EVENT_FORK);
	struct fork_event *e;

	/* A thread is not a process. */
	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid) || !reporting(CONCERN_PROCESS))
		return 0;
	note_guard(creator, child, typed);
	COUNT(count, seen);
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		COUNT(count, lost);
		return 0;
	}
	fill_header(&e->header, EVENT_FORK, sizeof(*e), child, typed);
	fill_parent(&e->parent, child, typed);
	fill_key(&e->creator, creator, typed);
	e->flags = 0;
	e->reserved = 0;
	{
		__u32 flags = 0;

		fill_surroundings(&e->surroundings, child, &flags, typed);
		if (BPF_CORE_READ(child, flags) & PF_KTHREAD)
			flags |= PROCESS_KERNEL_THREAD;
		e->flags = flags;
	}
	e->exec_id = BPF_CORE_READ(child, self_exec_id);
	bpf_probe_read_kernel(e->comm, sizeof(e->comm), &child->comm);
	bpf_ringbuf_submit(e, 0);
	COUNT(count, submitted);
	return 0;
}

/*
 * Two last threads that exit on two CPUs can both find signal->live at 0 (it is decremented before the tracepoint);
 * the first to put the process in here reports it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct process_key);
	__type(value, __u8);
} exited SEC(".maps");

static __always_inline int on_exit(struct task_struct *task, const bool typed)
{
	struct counter *count = counter_of(EVENT_EXIT);
	struct process_key key = {};
	struct task_struct *leader;
	struct exit_event *e;
	__u32 code;
	__u8 one = 1;

	if (BPF_CORE_READ(task, signal, live.counter) || !reporting(CONCERN_PROCESS))
		return 0;
	fill_key(&key, task, typed);
	key.pid = key.tgid;
	if (bpf_map_update_elem(&exited, &key, &one, BPF_NOEXIST) == -EEXIST)
		return 0;
	COUNT(count, seen);
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		COUNT(count, lost);
		return 0;
	}
	fill_header(&e->header, EVENT_EXIT, sizeof(*e), task, typed);
	leader = GET(task, group_leader);
	code = BPF_CORE_READ(leader, exit_code);
	if (BPF_CORE_READ(task, signal, flags) & SIGNAL_GROUP_EXIT)
		code = BPF_CORE_READ(task, signal, group_exit_code);
	e->code = (code >> 8) & 0xff;
	e->signal = code & 0x7f;
	e->core_dumped = (code >> 7) & 1;
	e->reserved = 0;
	e->exec_id = BPF_CORE_READ(leader, self_exec_id);
	e->cpu_time = BPF_CORE_READ(task, signal, sum_sched_runtime) + BPF_CORE_READ(task, se.sum_exec_runtime);
	bpf_ringbuf_submit(e, 0);
	COUNT(count, submitted);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(exec_btf, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	return on_exec(task, bprm, true);
}

SEC("raw_tp/sched_process_exec")
int BPF_PROG(exec_raw, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	return on_exec(task, bprm, false);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(fork_btf, struct task_struct *creator, struct task_struct *child)
{
	return on_fork(creator, child, true);
}

SEC("raw_tp/sched_process_fork")
int BPF_PROG(fork_raw, struct task_struct *creator, struct task_struct *child)
{
	return on_fork(creator, child, false);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(exit_btf, struct task_struct *task)
{
	return on_exit(task, true);
}

SEC("raw_tp/sched_process_exit")
int BPF_PROG(exit_raw, struct task_struct *task)
{
	return on_exit(task, false);
}
