/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Sockets and packets, for the programs of the network and the dns concern.
 *
 * A program at a cgroup gets its socket as a pointer that 5.8 lets it neither add to nor use as a key. So a socket is
 * known by its cookie, which is never used twice, and what stands in its first bytes is copied from there.
 */
#ifndef PICKET_SOCKETS_H
#define PICKET_SOCKETS_H

#include <bpf/bpf_endian.h>

#include "maps.h"
#include "network.h"

#define AF_INET 2
#define AF_INET6 10
#define SOCK_RAW 3
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_ICMPV6 58
#define IPPROTO_UDPLITE 136
#define IPPROTO_MPTCP 262

#define SOCK_COMMON_MAX 160 /* bytes that are sure to hold sock_common, and to be followed by more of the socket */
#define MAPPED bpf_htonl(0xffff)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

typedef struct { __s64 counter; } atomic64_t;
typedef struct { struct net *net; } possible_net_t;

struct in6_addr { __u32 words[4]; };

struct sock_common {
	__u32 skc_daddr;
	__u32 skc_rcv_saddr;
	__u16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	atomic64_t skc_cookie;
};

struct sock {
	struct sock_common __sk_common;
	__u16 sk_type;
	__u16 sk_protocol;
	int sk_err;
};

struct inet_sock { __u16 inet_sport; };

struct socket { struct sock *sk; };

#pragma clang attribute pop

/* Whose a socket is. */
struct owner {
	struct process_key process;
	__u32 network; /* inode of the socket's network namespace; 0: not read yet */
	__u32 flags;   /* enum owner_flags */
};

enum owner_flags {
	OWNER_LISTENS = 1 << 0, /* has no port yet: reported when listen returns */
};

/* As begin_event, for a process that need not be the current one. */
static __always_inline bool begin_owned(struct counter *count, const __u32 kind, const struct process_key *owner)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&state, &zero);

	if (!s)
		return false;
	COUNT(count, seen);
	if (!(*(volatile __u64 *)&s->wanted[kind / 64] & 1ull << kind % 64)) {
		COUNT(count, unasked);
		return false;
	}
	if (owner->tgid && owner->tgid == s->self_tgid && owner->start == s->self_start) {
		COUNT(count, self);
		return false;
	}
	if (!is_critical(kind) && reserve_reached()) {
		COUNT(count, refused);
		return false;
	}
	return true;
}

static __always_inline bool wanted(const __u32 kind)
{
	__u32 zero = 0;
	struct state *s = bpf_map_lookup_elem(&state, &zero);

	return s && *(volatile __u64 *)&s->wanted[kind / 64] & 1ull << kind % 64;
}

/* A header whose process need not be the current one. */
static __always_inline void head(struct event_header *header, __u16 kind, __u32 length, const struct process_key *owner)
{
	header->kind = kind;
	header->cpu = bpf_get_smp_processor_id();
	header->length = length;
	header->time = bpf_ktime_get_boot_ns();
	header->process = *owner;
}

static __always_inline void map_address(__u32 *to, __u32 address)
{
	to[0] = 0;
	to[1] = 0;
	to[2] = MAPPED;
	to[3] = address;
}

/* An IPv6 address that stands for an IPv4 one. */
static __always_inline bool is_mapped(const __u32 *address)
{
	return !address[0] && !address[1] && address[2] == MAPPED;
}

static __always_inline bool is_unset(const __u32 *address)
{
	return !address[0] && !address[1] && !address[2] && !address[3];
}

/* The network namespace of a socket that only its first bytes can be had of. */
static __always_inline __u32 network_of(const void *sk)
{
	char bytes[SOCK_COMMON_MAX];
	struct net *net = NULL;
	__u32 at = bpf_core_field_offset(struct sock_common, skc_net);

	if (bpf_probe_read_kernel(bytes, sizeof(bytes), sk) || at > sizeof(bytes) - sizeof(net))
		return 0;
	__builtin_memcpy(&net, bytes + at, sizeof(net));
	return BPF_CORE_READ(net, ns.inum);
}

/* Between two ends of this host, where those are not asked for. */
static __always_inline bool is_left_out(const struct ends *ends)
{
	if (!(config.options & CONFIG_NO_LOOPBACK))
		return false;
	if (ends->family == AF_INET)
		return *(__u8 *)&ends->remote[3] == 127 || *(__u8 *)&ends->local[3] == 127;
	return !ends->remote[0] && !ends->remote[1] && !ends->remote[2] && ends->remote[3] == bpf_htonl(1);
}

static __always_inline bool is_kernel_thread(struct task_struct *task)
{
	return BPF_CORE_READ(task, flags) & PF_KTHREAD;
}

/*
 * The addresses of a packet, local and remote by its direction, and where its transport header begins; 0 where that is
 * not in the packet. `ends` gets no ports yet.
 */
static __always_inline __u32 parse_packet(struct __sk_buff *skb, struct ends *ends, const bool egress)
{
	__u8 *data = (__u8 *)(long)skb->data, *end = (__u8 *)(long)skb->data_end;
	__u32 *source = egress ? ends->local : ends->remote, *destination = egress ? ends->remote : ends->local;
	__u32 at;

	if (data + 20 > end)
		return 0;
	ends->reserved = 0;
	if (data[0] >> 4 == 4) {
		/* All but the first fragment have no transport header. */
		if ((data[6] & 0x1f) || data[7])
			return 0;
		ends->family = AF_INET;
		ends->protocol = data[9];
		map_address(source, *(__u32 *)(data + 12));
		map_address(destination, *(__u32 *)(data + 16));
		return (data[0] & 15) * 4;
	}
	if (data + 40 > end)
		return 0;
	ends->family = AF_INET6;
	ends->protocol = data[6];
	__builtin_memcpy(source, data + 8, 16);
	__builtin_memcpy(destination, data + 24, 16);
	at = 40;
	/* Hop-by-hop options, routing, destination options, and the fragment header of a first fragment. */
	for (int i = 0; i < 6; i++) {
		__u8 extension[4];

		if (ends->protocol != 0 && ends->protocol != 43 && ends->protocol != 44 && ends->protocol != 60)
			break;
		if (bpf_skb_load_bytes(skb, at, extension, sizeof(extension)))
			return 0;
		if (ends->protocol == 44 && (extension[2] || extension[3] & 0xf8))
			return 0;
		at += ends->protocol == 44 ? 8 : (extension[1] + 1) * 8;
		ends->protocol = extension[0];
	}
	return at;
}

#endif
