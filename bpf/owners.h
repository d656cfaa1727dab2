/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whose a socket is: known where a process acts on it itself, and kept until the network has answered. */
#ifndef PICKET_OWNERS_H
#define PICKET_OWNERS_H

#include "sockets.h"

#define OWNERS 65536

/* The process behind a socket: by its cookie, or where it has none by its address, until it is closed. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OWNERS);
	__type(key, __u64);
	__type(value, struct owner);
} owners SEC(".maps");

static __always_inline __u64 name_of(struct sock *sk, const bool typed)
{
	__u64 cookie = GET(sk, __sk_common.skc_cookie.counter);

	return cookie ? cookie : (__u64)sk;
}

/* A socket may have got its cookie after its owner was noted. */
static __always_inline struct owner *owner_of(struct sock *sk, const bool typed)
{
	__u64 name = name_of(sk, typed), address = (__u64)sk;
	struct owner *owner = bpf_map_lookup_elem(&owners, &name);

	return owner || name == address ? owner : bpf_map_lookup_elem(&owners, &address);
}

static __always_inline void forget(struct sock *sk, const bool typed)
{
	__u64 name = name_of(sk, typed), address = (__u64)sk;

	bpf_map_delete_elem(&owners, &name);
	if (name != address)
		bpf_map_delete_elem(&owners, &address);
}

#endif
