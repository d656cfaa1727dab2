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

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct trace_event_raw_io_uring_complete { void *req; };

#pragma clang attribute pop

/* The socket behind a descriptor of the current process that is a TCP one; NULL for any other. */
static __always_inline struct sock *tcp_behind(struct task_struct *task, __u32 fd)
{
	struct file *file = file_of(task, fd);
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

static __always_inline void on_accepted(long fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct process_key key;
	struct sock *sk;

	if (fd < 0)
		return;
	sk = tcp_behind(task, fd);
	if (!sk)
		return;
	fill_key(&key, task, false);
	report(sk, EVENT_ACCEPT, &key, 0, 0, false);
}

static __always_inline void on_listening(__u32 fd, long result)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct process_key key;
	struct owner *owner;
	struct sock *sk = tcp_behind(task, fd);

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
		on_listening(fd, result);
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
ON_EXIT(listen, on_listening(CALL_ARGUMENT(regs, 0, is_compat((struct task_struct *)bpf_get_current_task())), result))
ON_EXIT(socketcall, on_socketcall(regs, result, typed))

/*
 * What io_uring accepts passes no system call's exit; all else that it does passes the hooks above and below. Completions
 * run in the process that asked. A request that accepts over and over (multishot) is not named in its completions.
 */
SEC("raw_tp/io_uring_complete")
int completed(struct bpf_raw_tracepoint_args *ctx)
{
	struct io_kiocb *request = (struct io_kiocb *)ctx->args[1];

	if (!bpf_core_field_exists(struct trace_event_raw_io_uring_complete, req) ||
	    !bpf_core_field_exists(struct io_kiocb, cqe) || !request)
		return 0;
	if (BPF_CORE_READ(request, opcode) != IORING_OP_ACCEPT || !reporting(CONCERN_NETWORK))
		return 0;
	on_accepted(BPF_CORE_READ(request, cqe.res));
	return 0;
}

#endif
