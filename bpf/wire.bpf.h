// SPDX-License-Identifier: GPL-2.0-only
// What a frame or an aggregate of frames is on the wire, as the tc hooks show it.
#ifndef PIANISSIMO_BPF_WIRE_BPF_H
#define PIANISSIMO_BPF_WIRE_BPF_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* TC_ACT_UNSPEC and TCX_NEXT: what comes after us is asked too. TC_ACT_OK would hide it. */
#define COUNT_NEXT (-1)

/* The length of the headers that every segment of an aggregate has on the wire: Ethernet, tags in
 * the frame, IP, TCP or UDP. Not hot: once in an aggregate. IPv6 extension headers are not followed. */
static __always_inline __u32 segment_headers(struct __sk_buff *skb)
{
	__u32 at = ETH_HLEN;
	__be16 type = 0;
	__u8 protocol = 0, length = 0;

	bpf_skb_load_bytes(skb, at - 2, &type, sizeof(type));
#pragma unroll
	for (int tags = 0; tags < 2; tags++) {
		if (type != bpf_htons(ETH_P_8021Q) && type != bpf_htons(ETH_P_8021AD))
			break;
		at += 4;
		bpf_skb_load_bytes(skb, at - 2, &type, sizeof(type));
	}
	if (type == bpf_htons(ETH_P_IP)) {
		bpf_skb_load_bytes(skb, at, &length, 1);
		bpf_skb_load_bytes(skb, at + 9, &protocol, 1);
		at += (length & 15) * 4;
	} else if (type == bpf_htons(ETH_P_IPV6)) {
		bpf_skb_load_bytes(skb, at + 6, &protocol, 1);
		at += 40;
	}
	if (protocol == IPPROTO_TCP) {
		bpf_skb_load_bytes(skb, at + 12, &length, 1);
		at += (length >> 4) * 4;
	} else if (protocol == IPPROTO_UDP) {
		at += 8;
	}
	return at;
}

/* What a frame or an aggregate is on the wire: `segments` (from gso_segs) frames, which have `bytes`
 * (from len at ingress, from wire_len at egress) with Ethernet headers and VLAN tags, without FCS. */
static __always_inline void at_ingress(struct __sk_buff *skb, __u32 *segments, __u32 *bytes)
{
	/* GRO has taken the headers of all segments but the first. (wire_len is not set here.) */
	if (*segments > 1)
		*bytes += (*segments - 1) * segment_headers(skb);
	else
		*segments = 1;
	if (skb->vlan_present)
		*bytes += 4 * *segments;
}

static __always_inline void at_egress(struct __sk_buff *skb, __u32 *segments, __u32 *bytes)
{
	if (!*segments) {
		*segments = 1;
		/* GSO from a guest (tap, virtio) is not trusted: its number of segments is 0, but
		 * the kernel has reckoned with it when it set wire_len. */
		if (*bytes > skb->len)
			*segments += (*bytes - skb->len) / segment_headers(skb);
	}
	if (skb->vlan_present)
		*bytes += 4 * *segments;
}

#endif
