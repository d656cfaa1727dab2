// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Connections and datagrams: one record when a connection is tried, made, taken or refused, when a socket is bound or
 * listens, and for the first packet between a process and a peer.
 *
 * Why these hooks: inet_sock_set_state is where every TCP connection changes its state, whatever call, io_uring request
 * or packet did it; who acts is known only where the process itself does, so its key is kept with the socket until the
 * handshake ends. Nothing but the return of accept says who takes a connection. UDP has no states: the packets of
 * the root cgroup's sockets are looked at, which sees all calls that send or receive, both entries and io_uring, and
 * costs nothing where no packet is. A bind that succeeded is told by the cgroup too.
 */
#include "network.h"

#define RECORD_VIEWS struct network_event network;

#include "calls.h"
#include "scratch.h"
#include "connection.h"
#include "accept.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_CLOSE 7
#define TCP_LISTEN 10

#define PEERS 65536

struct peer {
	__u64 start;
	__u32 tgid;
	__u16 port;
	__u16 protocol;
	__u32 address[4];
};

/* Who has exchanged packets with whom. What falls out is reported again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, PEERS);
	__type(key, struct peer);
	__type(value, __u64);
} peers SEC(".maps");

static __always_inline void on_state(struct sock *sk, int old, int new, const bool typed)
{
	struct owner owner = {}, *known;
	__u16 protocol;
	__u64 name;

	if (new != TCP_SYN_SENT && new != TCP_ESTABLISHED && new != TCP_CLOSE && new != TCP_LISTEN)
		return;
	if (new == TCP_CLOSE && old != TCP_SYN_SENT && old != TCP_SYN_RECV)
		return;
	protocol = GET(sk, sk_protocol);
	if (protocol != IPPROTO_TCP || !reporting(CONCERN_NETWORK))
		return;
	switch (new) {
	case TCP_SYN_SENT:
		fill_key(&owner.process, (struct task_struct *)bpf_get_current_task(), false);
		name = name_of(sk, typed);
		bpf_map_update_elem(&owners, &name, &owner, BPF_ANY);
		report(sk, EVENT_ATTEMPT, &owner.process, NETWORK_INITIATED, 0, typed);
		break;
	case TCP_ESTABLISHED:
		known = owner_of(sk, typed);
		if (known)
			owner = *known;
		/* Without a process that began it, what was SYN_RECV was taken: accept tells by whom. */
		else if (old != TCP_SYN_SENT)
			return;
		report(sk, EVENT_CONNECT, &owner.process, NETWORK_INITIATED, 0, typed);
		forget(sk, typed);
		break;
	case TCP_CLOSE:
		known = owner_of(sk, typed);
		if (known)
			owner = *known;
		else if (old != TCP_SYN_SENT)
			return;
		report(sk, EVENT_REFUSED, &owner.process, NETWORK_INITIATED, GET(sk, sk_err), typed);
		forget(sk, typed);
		break;
	case TCP_LISTEN:
		fill_key(&owner.process, (struct task_struct *)bpf_get_current_task(), false);
		if (GET(sk, __sk_common.skc_num)) {
			report(sk, EVENT_LISTEN, &owner.process, 0, 0, typed);
			break;
		}
		/* The port is chosen after this. */
		owner.flags = OWNER_LISTENS;
		name = name_of(sk, typed);
		bpf_map_update_elem(&owners, &name, &owner, BPF_ANY);
		break;
	}
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(state_btf, struct sock *sk, int old, int new)
{
	on_state(sk, old, new, true);
	return 0;
}

SEC("raw_tp/inet_sock_set_state")
int BPF_PROG(state_raw, struct sock *sk, int old, int new)
{
	on_state(sk, old, new, false);
	return 0;
}

static __always_inline int on_bound(struct bpf_sock *sk, const __u16 family)
{
	struct counter *count = counter_of(EVENT_BIND);
	struct owner owner = {};
	struct ends ends = {};
	struct network_event *e;
	__u64 cookie;

	if (!reporting(CONCERN_NETWORK))
		return 1;
	cookie = bpf_get_socket_cookie(sk);
	fill_key(&owner.process, (struct task_struct *)bpf_get_current_task(), false);
	owner.network = network_of(sk);
	/* A server may be sent to before it sends. */
	if (sk->protocol != IPPROTO_TCP)
		bpf_map_update_elem(&owners, &cookie, &owner, BPF_ANY);
	ends.family = family;
	ends.protocol = sk->protocol;
	ends.local_port = sk->src_port;
	ends.network = owner.network;
	if (family == AF_INET) {
		map_address(ends.local, sk->src_ip4);
		map_address(ends.remote, 0);
	} else {
		ends.local[0] = sk->src_ip6[0];
		ends.local[1] = sk->src_ip6[1];
		ends.local[2] = sk->src_ip6[2];
		ends.local[3] = sk->src_ip6[3];
		if (is_mapped(ends.local)) {
			ends.family = AF_INET;
			map_address(ends.remote, 0);
		}
	}
	if (!begin_owned(count, EVENT_BIND, &owner.process))
		return 1;
	e = reserve_record(count, EVENT_BIND, &owner.process, &ends, cookie, 0);
	if (!e)
		return 1;
	bpf_ringbuf_submit(e, 0);
	COUNT(count, submitted);
	return 1;
}

SEC("cgroup/post_bind4")
int bound_four(struct bpf_sock *sk)
{
	return on_bound(sk, AF_INET);
}

SEC("cgroup/post_bind6")
int bound_six(struct bpf_sock *sk)
{
	return on_bound(sk, AF_INET6);
}

/*
 * Raw and ping sockets need no bind, and the kernel has such sockets of its own, which this hook does not see: what is
 * not ours is not taken for the current process's.
 */
SEC("cgroup/sock_create")
int made(struct bpf_sock *sk)
{
	struct owner owner = {};
	__u64 cookie;

	if (sk->type != SOCK_RAW && sk->protocol != IPPROTO_ICMP && sk->protocol != IPPROTO_ICMPV6)
		return 1;
	if (!reporting(CONCERN_NETWORK))
		return 1;
	cookie = bpf_get_socket_cookie(sk);
	fill_key(&owner.process, (struct task_struct *)bpf_get_current_task(), false);
	bpf_map_update_elem(&owners, &cookie, &owner, BPF_ANY);
	return 1;
}

/* Whose packet it is. False: the kernel's own. */
static __always_inline bool find_owner(struct owner *owner, __u64 cookie, __u16 protocol, const bool egress)
{
	struct owner *known = bpf_map_lookup_elem(&owners, &cookie);
	struct task_struct *task;

	if (known)
		*owner = *known;
	else if (protocol != IPPROTO_UDP && protocol != IPPROTO_UDPLITE)
		return false;
	if (!egress)
		return true;
	/* Datagrams leave in the context of who sends them, which after a fork, or when a socket was handed over, is another. */
	task = (struct task_struct *)bpf_get_current_task();
	if (known && owner->process.tgid == (__u32)BPF_CORE_READ(task, tgid))
		return true;
	if (is_kernel_thread(task))
		return known;
	fill_key(&owner->process, task, false);
	bpf_map_update_elem(&owners, &cookie, owner, BPF_ANY);
	return true;
}

static __always_inline int on_packet(struct __sk_buff *skb, const bool egress)
{
	struct counter *count;
	struct owner owner = {};
	struct bpf_sock *sk;
	struct network_event *e;
	struct peer peer = {};
	struct ends ends;
	__u16 ports[2] = {};
	__u64 cookie, now;
	__u32 at;

	at = parse_packet(skb, &ends, egress);
	if (!at || ends.protocol == IPPROTO_TCP || !reporting(CONCERN_NETWORK) || !wanted(EVENT_DATAGRAM))
		return 1;
	sk = skb->sk;
	if (!sk)
		return 1;
	if (ends.protocol == IPPROTO_UDP || ends.protocol == IPPROTO_UDPLITE) {
		if (bpf_skb_load_bytes(skb, at, ports, sizeof(ports)))
			return 1;
		ends.local_port = bpf_ntohs(ports[egress ? 0 : 1]);
		ends.remote_port = bpf_ntohs(ports[egress ? 1 : 0]);
	} else {
		ends.local_port = 0;
		ends.remote_port = 0;
	}
	cookie = bpf_get_socket_cookie(skb);
	if (!find_owner(&owner, cookie, ends.protocol, egress))
		return 1;
	peer.start = owner.process.start;
	peer.tgid = owner.process.tgid;
	peer.port = ends.remote_port;
	peer.protocol = ends.protocol;
	__builtin_memcpy(peer.address, ends.remote, sizeof(peer.address));
	if (bpf_map_lookup_elem(&peers, &peer))
		return 1;
	count = counter_of(EVENT_DATAGRAM);
	ends.network = owner.network ? owner.network : network_of(sk);
	if (!begin_owned(count, EVENT_DATAGRAM, &owner.process))
		return 1;
	e = reserve_record(count, EVENT_DATAGRAM, &owner.process, &ends, cookie, egress ? NETWORK_INITIATED : 0);
	/* What could not be reported is tried again with the next packet. */
	if (!e)
		return 1;
	now = e->header.time;
	bpf_ringbuf_submit(e, 0);
	COUNT(count, submitted);
	bpf_map_update_elem(&peers, &peer, &now, BPF_ANY);
	return 1;
}

SEC("cgroup_skb/egress")
int egress(struct __sk_buff *skb)
{
	return on_packet(skb, true);
}

SEC("cgroup_skb/ingress")
int ingress(struct __sk_buff *skb)
{
	return on_packet(skb, false);
}
