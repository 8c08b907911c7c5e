// SPDX-License-Identifier: GPL-2.0-only
// What the flow programs in the kernel and their reader share: who sent to whom, and how much.
#ifndef PIANISSIMO_BPF_FLOW_RECORDS_H
#define PIANISSIMO_BPF_FLOW_RECORDS_H

#include <linux/types.h>

enum {
	FLOW_IPV4 = 4,
	FLOW_IPV6 = 6,
	FLOW_INGRESS = 0, /* as flowDirection, element 61 of IANA's IPFIX registry, has it */
	FLOW_EGRESS = 1,
};

/* One direction of a conversation at one network device. The station is the source at ingress and
 * the destination at egress. All bytes are written, so that keys may be compared as bytes. */
struct flow_key {
	__u8 source[16]; /* network order; an IPv4 address has the first four bytes, the rest is 0 */
	__u8 destination[16];
	__u8 source_mac[6];
	__u8 destination_mac[6];
	__u32 interface;	 /* ifindex */
	__be16 source_port;	 /* 0 for what has no ports: ICMP, and all fragments */
	__be16 destination_port;
	__u8 protocol; /* behind the IPv6 extension headers */
	__u8 version;  /* FLOW_IPV4, FLOW_IPV6 */
	__u8 direction;
	__u8 zero;
};

struct flow_count {
	__u64 packets; /* as on the wire: segments, not aggregates */
	__u64 bytes;   /* of IP: header and payload */
	__u64 first;   /* CLOCK_MONOTONIC, ns */
	__u64 last;
};

struct flow_sum {
	__u64 packets;
	__u64 bytes;
};

#ifdef __cplusplus
#define FLOW_ASSERT static_assert
#else
#define FLOW_ASSERT _Static_assert
#endif
FLOW_ASSERT(sizeof(struct flow_key) == 56, "layout shared with the kernel side");
FLOW_ASSERT(sizeof(struct flow_count) == 32, "layout shared with the kernel side");

#endif
