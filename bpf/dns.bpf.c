// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What processes ask name servers, and what those answer: the payload of packets to and from port 53.
 *
 * Why this hook: the packets of the root cgroup's sockets carry the payload whatever call, entry or io_uring request it
 * went through, as it is on the wire and not as a buffer that its owner may rewrite, in order, with TCP's segments. At
 * the exits of calls, read and write of the whole host would have to be looked at, and each descriptor followed to its
 * socket. What other packets pay is a look at two bytes.
 *
 * Queries that a name server on this host receives are not looked at: they left a process of this host, or are not its.
 */
#include "dns.h"

#define RECORD_VIEWS struct dns_event dns;

#include "scratch.h"
#include "sockets.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define ASKERS 65536
#define PORT_MULTICAST 5353
#define PORT_LINK_LOCAL 5355

#define TCP_FLAG_SYN 0x02

/* Records are reserved in sizes known at compile time: a query, an answer, and the rest. */
#define SMALL 152
#define MIDDLE 920

struct dns_small { struct dns_event event; __u8 payload[SMALL]; };
struct dns_middle { struct dns_event event; __u8 payload[MIDDLE]; };
struct dns_large { struct dns_event event; __u8 payload[DNS_PAYLOAD_MAX]; };

/* The process that asked last through a socket, by the socket's cookie: the answer is its. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, ASKERS);
	__type(key, __u64);
	__type(value, struct owner);
} askers SEC(".maps");

struct transport {
	__u64 cookie;
	__u32 payload; /* where it begins in the packet */
	__u32 length;
	__u32 sequence;
	__u32 flags;
};

static __always_inline bool is_name_service(__u16 port)
{
	if (port == DNS_PORT)
		return true;
	return config.options & CONFIG_LOCAL_NAMES && (port == PORT_MULTICAST || port == PORT_LINK_LOCAL);
}

/* What left has been through the host's address translation; a connected socket still knows whom it meant. */
static __always_inline void restore_server(struct ends *ends, struct bpf_sock *sk)
{
	__u16 port = bpf_ntohs(sk->dst_port);

	if (!is_name_service(port))
		return;
	ends->remote_port = port;
	if (sk->family == AF_INET) {
		__u32 four = sk->dst_ip4;

		/* Else the loads of both branches become one, by way of a sum that the verifier forbids. */
		OPAQUE(four);
		map_address(ends->remote, four);
		return;
	}
	ends->remote[0] = sk->dst_ip6[0];
	ends->remote[1] = sk->dst_ip6[1];
	ends->remote[2] = sk->dst_ip6[2];
	ends->remote[3] = sk->dst_ip6[3];
}

/* Whose packet it is, and the namespace of its socket. */
static __always_inline void find_asker(struct owner *owner, struct bpf_sock *sk, const struct transport *to, __u16 protocol,
				       const bool egress)
{
	struct owner *known = bpf_map_lookup_elem(&askers, &to->cookie);
	struct task_struct *task;

	if (known)
		*owner = *known;
	if (!egress)
		return;
	/*
	 * A datagram leaves in the context of who sends it; a connection's first packet in that of who connects, its later
	 * ones in any.
	 */
	if (known && protocol == IPPROTO_TCP && !(to->flags & DNS_STREAM_BEGINS))
		return;
	task = (struct task_struct *)bpf_get_current_task();
	if (known && owner->process.tgid == (__u32)BPF_CORE_READ(task, tgid))
		return;
	if (known && is_kernel_thread(task))
		return;
	fill_key(&owner->process, task, false);
	owner->network = network_of(sk);
	bpf_map_update_elem(&askers, &to->cookie, owner, BPF_ANY);
}

static __always_inline void fill(struct dns_event *e, const __u32 kind, const struct owner *owner, const struct ends *ends,
				 const struct transport *to, __u32 length)
{
	head(&e->header, kind, sizeof(*e) + length, &owner->process);
	e->ends = *ends;
	e->socket = to->cookie;
	e->sequence = to->sequence;
	e->flags = to->flags;
	e->payload.offset = sizeof(*e);
	e->payload.length = length;
}

/* The verifier wants to see the bound of a length, also where the compiler knows it already. */
#define REPORT(type, most)                                                                                             \
	do {                                                                                                           \
		struct type *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);                                \
		__u32 length = to->length;                                                                             \
		if (!record) {                                                                                         \
			COUNT(count, lost);                                                                            \
			return;                                                                                        \
		}                                                                                                      \
		asm volatile("" : "+r"(length));                                                                       \
		if (length > (most))                                                                                   \
			length = (most);                                                                               \
		fill(&record->event, kind, owner, ends, to, length);                                                   \
		if (length && bpf_skb_load_bytes(skb, to->payload, record->payload, length))                           \
			record->event.payload.length = 0;                                                              \
		bpf_ringbuf_submit(record, 0);                                                                         \
		COUNT(count, submitted);                                                                               \
	} while (0)

static __always_inline void report(struct __sk_buff *skb, const __u32 kind, const struct owner *owner, const struct ends *ends,
				   const struct transport *to)
{
	struct counter *count = counter_of(kind);

	if (!begin_owned(count, kind, &owner->process))
		return;
	if (to->length <= SMALL)
		REPORT(dns_small, SMALL);
	else if (to->length <= MIDDLE)
		REPORT(dns_middle, MIDDLE);
	else
		REPORT(dns_large, DNS_PAYLOAD_MAX);
}

static __always_inline int on_packet(struct __sk_buff *skb, const bool egress)
{
	const __u32 kind = egress ? EVENT_DNS_QUERY : EVENT_DNS_ANSWER;
	struct transport to = {};
	struct owner owner = {};
	struct bpf_sock *sk;
	struct ends ends;
	__u16 ports[2];
	__u32 at;

	at = parse_packet(skb, &ends, egress);
	if (!at || (ends.protocol != IPPROTO_UDP && ends.protocol != IPPROTO_TCP))
		return 1;
	if (bpf_skb_load_bytes(skb, at, ports, sizeof(ports)))
		return 1;
	ends.local_port = bpf_ntohs(ports[egress ? 0 : 1]);
	ends.remote_port = bpf_ntohs(ports[egress ? 1 : 0]);
	sk = skb->sk;
	if (!sk)
		return 1;
	if (egress)
		restore_server(&ends, sk);
	if (!is_name_service(ends.remote_port) || !reporting(CONCERN_DNS) || !wanted(kind))
		return 1;
	if (ends.protocol == IPPROTO_TCP) {
		struct { __u32 sequence, acknowledged; __u8 size, flags; } header;

		if (bpf_skb_load_bytes(skb, at + 4, &header, 10))
			return 1;
		to.payload = at + (header.size >> 4) * 4;
		to.sequence = bpf_ntohl(header.sequence);
		if (header.flags & TCP_FLAG_SYN) {
			to.sequence++;
			to.flags = DNS_STREAM_BEGINS;
		}
	} else {
		to.payload = at + 8;
		/* Several datagrams that the device, or what comes after us, will part. */
		to.sequence = skb->gso_size;
	}
	if (skb->len > to.payload)
		to.length = skb->len - to.payload;
	/* Acknowledgements and the like. */
	if (!to.length && !(to.flags & DNS_STREAM_BEGINS))
		return 1;
	if (to.length > DNS_PAYLOAD_MAX)
		to.flags |= DNS_PAYLOAD_CUT;
	to.cookie = bpf_get_socket_cookie(skb);
	find_asker(&owner, sk, &to, ends.protocol, egress);
	ends.network = owner.network ? owner.network : network_of(sk);
	report(skb, kind, &owner, &ends, &to);
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
