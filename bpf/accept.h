/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Who takes connections, and who waits for them: nothing but the return of the call, or the completion of the request,
 * says so. Part of network.bpf.c.
 */
#ifndef PICKET_ACCEPT_H
#define PICKET_ACCEPT_H

#include "connection.h"
#include "descriptors.h"
#include "owners.h"
#include "requests.h"

#define S_IFSOCK 0140000

/* socketcall(2) */
#define CALL_LISTEN 4
#define CALL_ACCEPT 5
#define CALL_ACCEPT4 18

#define IORING_OP_ACCEPT 13
#define IORING_OP_LISTEN 57

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct trace_event_raw_io_uring_complete { void *req; };
struct io_accept { __u32 file_slot; };

#pragma clang attribute pop

/* The requests that accept again and again, by their ring and what the program calls them: where they put what they take. */
struct accepting {
	__u64 ring;
	__u64 name;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct accepting);
	__type(value, __u32);
} accepting SEC(".maps");

/* The socket of a file that is a TCP one; NULL for any other. */
static __always_inline struct sock *tcp_behind(struct file *file)
{
	struct socket *socket;
	struct sock *sk;
	__u16 family, protocol;

	if (!file || (BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return NULL;
	socket = BPF_CORE_READ((struct file___private *)file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	protocol = BPF_CORE_READ(sk, sk_protocol);
	if ((family != AF_INET && family != AF_INET6) || (protocol != IPPROTO_TCP && protocol != IPPROTO_MPTCP))
		return NULL;
	return sk;
}

static __always_inline void on_taken(struct task_struct *task, struct file *file)
{
	struct sock *sk = tcp_behind(file);
	struct process_key key;

	if (!sk)
		return;
	fill_key(&key, task, false);
	report(sk, EVENT_ACCEPT, &key, 0, 0, false);
}

static __always_inline void on_accepted(long fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (fd >= 0)
		on_taken(task, file_of(task, fd));
}

static __always_inline void on_listening(struct file *file, long result)
{
	struct process_key key;
	struct owner *owner;
	struct sock *sk = tcp_behind(file);

	if (!sk)
		return;
	owner = owner_of(sk, false);
	if (!owner || !(owner->flags & OWNER_LISTENS))
		return;
	key = owner->process;
	forget(sk, false);
	if (!result)
		report(sk, EVENT_LISTEN, &key, 0, 0, false);
}

/* The many calls that 32-bit programs make through one. */
static __always_inline void on_socketcall(struct pt_regs *regs, long result, const bool typed)
{
	__u64 call = CALL_ARGUMENT(regs, 0, true);
	__u32 fd = 0;

	if (call == CALL_ACCEPT || call == CALL_ACCEPT4)
		on_accepted(result);
	else if (call == CALL_LISTEN &&
		 !bpf_probe_read_user(&fd, sizeof(fd), (const void *)CALL_ARGUMENT(regs, 1, true)))
		on_listening(file_of((struct task_struct *)bpf_get_current_task(), fd), result);
}

#define ON_EXIT(name, what)                                                                                            \
	SEC("tp_btf/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_btf, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		const bool typed = true;                                                                               \
		what;                                                                                                  \
		next_lane(ctx, regs, LANE_NETWORK + 1, true, typed);                                                   \
		return 0;                                                                                              \
	}                                                                                                              \
	SEC("raw_tp/sys_exit")                                                                                         \
	int BPF_PROG(call_##name##_raw, struct pt_regs *regs, long result)                                             \
	{                                                                                                              \
		const bool typed = false;                                                                              \
		what;                                                                                                  \
		next_lane(ctx, regs, LANE_NETWORK + 1, true, typed);                                                   \
		return 0;                                                                                              \
	}

ON_EXIT(accept, on_accepted(result))
ON_EXIT(listen, struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	on_listening(file_of(task, CALL_ARGUMENT(regs, 0, is_compat(task))), result))
ON_EXIT(socketcall, on_socketcall(regs, result, typed))

/*
 * What io_uring accepts passes no system call's exit, nor does its listen; all else that it does passes the hooks above and
 * below. Completions run in the process that asked. One that accepts over and over (multishot) is not named in its
 * completions but for the last: it is known by what the program calls it, which is noted when it is submitted (from 6.3 on).
 */
SEC("raw_tp/io_uring_submit_req")
int accepts(struct bpf_raw_tracepoint_args *ctx)
{
	struct io_kiocb *request = (struct io_kiocb *)ctx->args[0];
	struct accepting key;
	__u32 slot;

	if (BPF_CORE_READ(request, opcode) != IORING_OP_ACCEPT || !reporting(CONCERN_NETWORK))
		return 0;
	key.ring = (__u64)BPF_CORE_READ(request, ctx);
	key.name = BPF_CORE_READ(request, cqe.user_data);
	/* The command stands at the request's beginning. */
	slot = BPF_CORE_READ((struct io_accept *)request, file_slot);
	bpf_map_update_elem(&accepting, &key, &slot, BPF_ANY);
	return 0;
}

SEC("raw_tp/io_uring_complete")
int completed(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct io_ring_ctx *ring = (struct io_ring_ctx *)ctx->args[0];
	struct io_kiocb *request = (struct io_kiocb *)ctx->args[1];
	struct accepting key = { .ring = (__u64)ring };
	__s32 result;
	__u32 *slot;
	__u8 opcode;

	if (!bpf_core_field_exists(struct trace_event_raw_io_uring_complete, req) ||
	    !bpf_core_field_exists(struct io_kiocb, cqe))
		return 0;
	if (request) {
		opcode = BPF_CORE_READ(request, opcode);
		if ((opcode != IORING_OP_ACCEPT && opcode != IORING_OP_LISTEN) || !reporting(CONCERN_NETWORK))
			return 0;
		result = BPF_CORE_READ(request, cqe.res);
		if (opcode == IORING_OP_LISTEN) {
			on_listening(BPF_CORE_READ(request, file), result);
			return 0;
		}
		key.name = BPF_CORE_READ(request, cqe.user_data);
		bpf_map_delete_elem(&accepting, &key);
		if (result >= 0)
			on_taken(task, made_file(task, ring, BPF_CORE_READ((struct io_accept *)request, file_slot), result));
		return 0;
	}
	/* 6.13, which changed the ring's table as well, passes the completion instead of its parts. */
	if (bpf_core_field_exists(struct io_rsrc_data, nodes)) {
		key.name = BPF_CORE_READ((struct io_uring_cqe *)ctx->args[2], user_data);
		result = BPF_CORE_READ((struct io_uring_cqe *)ctx->args[2], res);
	} else {
		key.name = ctx->args[2];
		result = ctx->args[3];
	}
	slot = bpf_map_lookup_elem(&accepting, &key);
	if (slot && result >= 0 && reporting(CONCERN_NETWORK))
		on_taken(task, made_file(task, ring, *slot, result));
	return 0;
}

#endif
