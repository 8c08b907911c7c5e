/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs that send on a TCP connection of the kernel's share with their user space. */
#ifndef PIANISSIMO_TCP_TAKEOVER_H
#define PIANISSIMO_TCP_TAKEOVER_H

#include <linux/bpf.h>
#include <linux/types.h>

/* The connection: written by user space, ports and addresses in network order. */
struct tcp_takeover_connection {
	__u8 peer[16]; /* IPv4: the first four */
	__u16 peer_port;
	__u16 own_port;
	__u8 is_ipv6;
	__u8 is_taken;       /* 0: the kernel's, and the programs only watch */
	__u8 has_timestamps; /* RFC 7323 */
	__u8 window_shift;   /* of the peer's window */
	__u32 interface;     /* out of which segments are sent */
	__u32 segment_bytes; /* payload, the same in each */
	__u32 first;         /* the sequence number of the first byte */
	__u32 flags;         /* the header's length, flags and window, in network order */
	__u16 ip_length;     /* of IPv4 the whole packet, of IPv6 without its header; network order */
	__u16 ip_check;      /* IPv4's checksum, network order */
	__u32 base_sum;      /* checksum words that are the same in all segments */
	__u32 clock;         /* TSval: milliseconds */
	__u64 limit;         /* segments: from here on none is sent */
};

/* Byte and segment numbers count from 0 and never wrap. */
struct tcp_takeover_state {
	struct bpf_spin_lock lock;
	__u32 received;  /* the sequence number that the peer sends next */
	__u64 acked;     /* bytes */
	__u64 next;      /* the segment that is sent next */
	__u64 highest;   /* segments: from here on none was ever sent */
	__u64 recover;   /* bytes: the loss below it is being repaired, RFC 6582 */
	__u64 timed;     /* bytes: when they are acknowledged a round trip is over; 0: none */
	__u64 timed_at;  /* ns */
	__u64 round_trip; /* ns, the latest */
	__u64 round_trips;
	__u64 answers;   /* segments of the peer's */
	__u64 sent;      /* segments, all */
	__u64 resent;
	__u64 repairs;   /* losses that duplicate ACKs told */
	__u32 window;    /* bytes from `acked` on */
	__u32 duplicates;
	__u32 echo;      /* TSecr: the peer's TSval */
	__u8 is_recovering;
	__u8 is_first_lost; /* the segment at `acked` has to be sent again */
	__u8 was_reset;
	__u8 was_closed; /* the peer has sent FIN */
};

#endif
