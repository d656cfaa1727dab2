/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the network concern writes into the ring; part of the contract in events.h. */
#ifndef PICKET_NETWORK_H
#define PICKET_NETWORK_H

#include "events.h"

enum network_flags {
	NETWORK_INITIATED = 1 << 0, /* this end began it */
	NETWORK_UNOWNED = 1 << 1,   /* whose socket it is is not known: it is older than the programs, or the kernel's own */
};

/* The two ends of a socket, or of a packet. */
struct ends {
	__u32 local[4]; /* network order; IPv4, and IPv6 that stands for it, as ::ffff:a.b.c.d */
	__u32 remote[4];
	__u16 local_port; /* host order; 0 where not known yet, or where the protocol has none */
	__u16 remote_port;
	__u16 family; /* AF_INET or AF_INET6, as the addresses are shown */
	__u16 protocol; /* IPPROTO_.. */
	__u32 network; /* inode of the network namespace */
	__u32 reserved;
};

/* EVENT_CONNECT, .. EVENT_DATAGRAM. */
struct network_event {
	struct event_header header;
	struct ends ends;
	__u64 socket; /* the kernel's cookie; 0 where it has none */
	__u32 flags;  /* enum network_flags */
	__u32 error;  /* EVENT_REFUSED: errno; 0: the process gave up */
};

_Static_assert(sizeof(struct ends) == 48, "ends");
_Static_assert(sizeof(struct network_event) == 96, "network_event");

#endif
