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
#include "sockets.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_SYN_RECV 3
#define TCP_CLOSE 7
#define TCP_LISTEN 10

#define S_IFMT 0170000
#define S_IFSOCK 0140000

/* socketcall(2) */
#define CALL_LISTEN 4
#define CALL_ACCEPT 5
#define CALL_ACCEPT4 18

#define IORING_OP_ACCEPT 13

#define OWNERS 65536
#define PEERS 65536

/* The process behind a socket: by its cookie, or where it has none by its address, until it is closed. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, OWNERS);
	__type(key, __u64);
	__type(value, struct owner);
} owners SEC(".maps");

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

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};
struct files_struct { struct fdtable *fdt; };
struct task_struct___files { struct files_struct *files; };
struct file___private { void *private_data; };

/* The request stands in the tracepoint's arguments since 5.17, its result there since 5.19. */
struct io_cqe { int res; };
struct io_kiocb {
	__u8 opcode;
	struct io_cqe cqe;
};
struct trace_event_raw_io_uring_complete { void *req; };

#pragma clang attribute pop

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

static __always_inline void report(struct sock *sk, const __u32 kind, const struct process_key *owner, __u32 flags,
				   __u32 error, const bool typed)
{
	struct counter *count = counter_of(kind);
	struct network_event *e;
	struct ends ends;

	if (!begin_owned(count, kind, owner))
		return;
	fill_ends(&ends, sk, typed);
	if (is_left_out(&ends)) {
		COUNT(count, unasked);
		return;
	}
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		COUNT(count, lost);
		return;
	}
	head(&e->header, kind, sizeof(*e), owner);
	e->ends = ends;
	e->socket = GET(sk, __sk_common.skc_cookie.counter);
	e->flags = flags | (owner->tgid ? 0 : NETWORK_UNOWNED);
	e->error = error;
	bpf_ringbuf_submit(e, 0);
	COUNT(count, submitted);
}

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

/* The socket behind a descriptor of the current process that is a TCP one; NULL for any other. */
static __always_inline struct sock *tcp_behind(struct task_struct *task, __u32 fd)
{
	struct fdtable *table = BPF_CORE_READ((struct task_struct___files *)task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd);
	struct file *file = NULL;
	struct socket *socket;
	struct sock *sk;
	__u16 family, protocol;

	if (fd >= BPF_CORE_READ(table, max_fds))
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), &files[fd]);
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

/* Reserves a record of what the cgroup's programs see; NULL where none is to be made. */
static __always_inline struct network_event *begin_record(struct counter *count, const __u32 kind, const struct owner *owner,
							  const struct ends *ends, __u64 cookie, __u32 flags)
{
	struct network_event *e;

	if (!begin_owned(count, kind, &owner->process))
		return NULL;
	if (is_left_out(ends)) {
		COUNT(count, unasked);
		return NULL;
	}
	e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) {
		COUNT(count, lost);
		return NULL;
	}
	head(&e->header, kind, sizeof(*e), &owner->process);
	e->ends = *ends;
	e->socket = cookie;
	e->flags = flags | (owner->process.tgid ? 0 : NETWORK_UNOWNED);
	e->error = 0;
	return e;
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
	e = begin_record(count, EVENT_BIND, &owner, &ends, cookie, 0);
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
	e = begin_record(count, EVENT_DATAGRAM, &owner, &ends, cookie, egress ? NETWORK_INITIATED : 0);
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
