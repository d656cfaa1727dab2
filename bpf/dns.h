/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the dns concern writes into the ring; part of the contract in events.h. */
#ifndef PICKET_DNS_H
#define PICKET_DNS_H

#include "network.h"

#define DNS_PORT 53
#define DNS_PAYLOAD_MAX 4096

enum dns_flags {
	DNS_PAYLOAD_CUT = 1 << 0, /* the packet had more than the record holds */
	DNS_STREAM_BEGINS = 1 << 1, /* TCP: no payload, but its first byte will have the number `sequence` */
};

/* EVENT_DNS_QUERY: a packet to a name server; EVENT_DNS_ANSWER: one from there. TCP's may hold parts of messages. */
struct dns_event {
	struct event_header header;
	struct ends ends;
	__u64 socket;   /* the kernel's cookie */
	__u32 sequence; /* TCP: the number of the payload's first byte; UDP: size of each of several datagrams; 0: it is one */
	__u32 flags;    /* enum dns_flags */
	struct slice payload;
};

_Static_assert(sizeof(struct dns_event) == 104, "dns_event");

#endif
