/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The record of a socket's event. Part of network.bpf.c. */
#ifndef PICKET_CONNECTION_H
#define PICKET_CONNECTION_H

#include "sockets.h"

static __always_inline void fill_ends(struct ends *ends, struct sock *sk, const bool typed)
{
	struct net *net = GET(sk, __sk_common.skc_net.net);
	__u16 port = bpf_ntohs(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));

	ends->family = GET(sk, __sk_common.skc_family);
	ends->protocol = IPPROTO_TCP;
	ends->remote_port = bpf_ntohs(GET(sk, __sk_common.skc_dport));
	ends->local_port = port ? port : GET(sk, __sk_common.skc_num);
	ends->network = GET(net, ns.inum);
	ends->reserved = 0;
	if (ends->family == AF_INET6) {
		bpf_core_read(ends->remote, 16, &sk->__sk_common.skc_v6_daddr);
		bpf_core_read(ends->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		if (!is_mapped(ends->remote) && !is_mapped(ends->local))
			return;
		ends->family = AF_INET;
		if (is_unset(ends->remote))
			map_address(ends->remote, 0);
		if (is_unset(ends->local))
			map_address(ends->local, 0);
		return;
	}
	map_address(ends->remote, GET(sk, __sk_common.skc_daddr));
	map_address(ends->local, GET(sk, __sk_common.skc_rcv_saddr));
}

/* A record of what begin_owned has let through, but for its end; NULL where none is to be made. */
static __always_inline struct network_event *reserve_record(struct counter *count, const __u32 kind, const struct process_key *owner,
							    const struct ends *ends, __u64 socket, __u32 flags)
{
	struct network_event *e;

	if (is_left_out(ends)) {
		COUNT(count, unasked);
		return NULL;
	}
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		COUNT(count, lost);
		return NULL;
	}
	head(&e->header, kind, sizeof(*e), owner);
	e->ends = *ends;
	e->socket = socket;
	e->flags = flags | (owner->tgid ? 0 : NETWORK_UNOWNED);
	e->error = 0;
	return e;
}

static __always_inline void report(struct sock *sk, const __u32 kind, const struct process_key *owner, __u32 flags,
				   __u32 error, const bool typed)
{
	struct counter *count = counter_of(kind);
	struct network_event *e;
	struct ends ends;

	if (!begin_owned(count, kind, owner))
		return;
	fill_ends(&ends, sk, typed);
	e = reserve_record(count, kind, owner, &ends, GET(sk, __sk_common.skc_cookie.counter), flags);
	if (!e)
		return;
	e->error = error;
	bpf_ringbuf_submit(e, 0);
	COUNT(count, submitted);
}

#endif
