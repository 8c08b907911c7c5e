// SPDX-License-Identifier: GPL-2.0-only
// Recording flows, to be included by one BPF program file: it brings its maps along.
#ifndef PIANISSIMO_BPF_FLOW_BPF_H
#define PIANISSIMO_BPF_FLOW_BPF_H

#include <linux/if_packet.h>

#include "bpf/flow_records.h"
#include "bpf/wire.bpf.h"

enum {
	MOST_EXTENSIONS = 6, /* headers behind the IPv6 header that are followed */
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	AUTHENTICATION = 51,
	DESTINATION_OPTIONS = 60,
	DCCP = 33,
	SCTP = 132,
	UDPLITE = 136,
};

/* Plain hash maps: one that is full says so, and an LRU map would drop flows without a word. The
 * programs fill one of them while user space empties the other, so that none is read and written at
 * once. */
#define FLOW_MAP(name)                                                       \
	struct {                                                             \
		__uint(type, BPF_MAP_TYPE_HASH);                             \
		__uint(max_entries, 1); /* the loader sets it */             \
		__type(key, struct flow_key);                                \
		__type(value, struct flow_count);                            \
	} name SEC(".maps")

FLOW_MAP(flows_even);
FLOW_MAP(flows_odd);

__u64 flow_turn; /* user space counts it up: flows_even or flows_odd is filled */

struct flow_sum no_room; /* of IP: in no flow, as the map was full */
struct flow_sum no_ip;	 /* bytes of the frames: ARP, EAPOL, runts, our own multicast looped back */

static __always_inline void add_sum(struct flow_sum *sum, __u64 packets, __u64 bytes)
{
	__sync_fetch_and_add(&sum->packets, packets);
	__sync_fetch_and_add(&sum->bytes, bytes);
}

static __always_inline void record(void *map, const struct flow_key *key, __u64 packets, __u64 bytes)
{
	__u64 now = bpf_ktime_get_ns();
	struct flow_count fresh = {packets, bytes, now, now};
	struct flow_count *count = bpf_map_lookup_elem(map, key);

	if (!count) {
		if (!bpf_map_update_elem(map, key, &fresh, BPF_NOEXIST))
			return;
		/* Another CPU was faster, or there is no room. */
		count = bpf_map_lookup_elem(map, key);
		if (!count) {
			add_sum(&no_room, packets, bytes);
			return;
		}
	}
	__sync_fetch_and_add(&count->packets, packets);
	__sync_fetch_and_add(&count->bytes, bytes);
	*(volatile __u64 *)&count->last = now;
}

static __always_inline int has_ports(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP || protocol == SCTP ||
	       protocol == DCCP || protocol == UDPLITE;
}

/* Whether this is an IP packet. `at` moves from its header to the ports, or to 0; `length` is what the
 * header says (0 in aggregates beyond 64 KiB). */
static __always_inline int read_ipv4(struct __sk_buff *skb, __u32 *at, __u32 *length,
				     struct flow_key *key)
{
	struct {
		__u8 version_length, service;
		__be16 length, id, fragment;
		__u8 ttl, protocol;
		__be16 checksum;
		__u32 source, destination;
	} ip;

	if (bpf_skb_load_bytes(skb, *at, &ip, sizeof(ip)) || ip.version_length >> 4 != 4)
		return 0;
	__builtin_memcpy(key->source, &ip.source, 4);
	__builtin_memcpy(key->destination, &ip.destination, 4);
	key->protocol = ip.protocol;
	key->version = FLOW_IPV4;
	/* Only the first fragment has ports, so that none of them is asked. */
	*at = ip.fragment & bpf_htons(0x3fff) ? 0 : *at + (ip.version_length & 15) * 4;
	*length = bpf_ntohs(ip.length);
	return 1;
}

static __always_inline int read_ipv6(struct __sk_buff *skb, __u32 *at, __u32 *length,
				     struct flow_key *key)
{
	struct {
		__u8 version_class;
		__u8 class_label[3];
		__be16 length;
		__u8 next, hops;
		__u32 addresses[8];
	} ip;
	__u8 next;

	if (bpf_skb_load_bytes(skb, *at, &ip, sizeof(ip)) || ip.version_class >> 4 != 6)
		return 0;
	__builtin_memcpy(key->source, &ip.addresses[0], 16);
	__builtin_memcpy(key->destination, &ip.addresses[4], 16);
	key->version = FLOW_IPV6;
	*at += sizeof(ip);
	next = ip.next;
	for (int i = 0; i < MOST_EXTENSIONS; i++) {
		__u8 extension[2];

		if (next != HOP_BY_HOP && next != ROUTING && next != FRAGMENT &&
		    next != AUTHENTICATION && next != DESTINATION_OPTIONS)
			break;
		if (bpf_skb_load_bytes(skb, *at, extension, sizeof(extension)))
			break;
		if (next == FRAGMENT) {
			next = extension[0];
			*at = 0;
			break;
		}
		*at += next == AUTHENTICATION ? (extension[1] + 2) * 4 : (extension[1] + 1) * 8;
		next = extension[0];
	}
	key->protocol = next;
	*length = sizeof(ip) + bpf_ntohs(ip.length);
	return 1;
}

static __always_inline void record_frame(struct __sk_buff *skb, __u8 direction, __u32 segments,
					 __u32 bytes)
{
	struct flow_key key = {.interface = skb->ifindex, .direction = direction};
	struct {
		__u8 destination[ETH_ALEN], source[ETH_ALEN];
		__be16 type;
	} ethernet;
	__u32 at = ETH_HLEN, length = 0, headers;
	int is_ip = 0;

	/* Copies of our own multicast come back without Ethernet header, and egress has had them. */
	if (skb->pkt_type == PACKET_LOOPBACK && direction == FLOW_INGRESS)
		goto no_flow;
	if (bpf_skb_load_bytes(skb, 0, &ethernet, sizeof(ethernet)))
		goto no_flow;
#pragma unroll
	for (int tags = 0; tags < 2; tags++) {
		if (ethernet.type != bpf_htons(ETH_P_8021Q) &&
		    ethernet.type != bpf_htons(ETH_P_8021AD))
			break;
		at += 4;
		if (bpf_skb_load_bytes(skb, at - 2, &ethernet.type, sizeof(ethernet.type)))
			goto no_flow;
	}
	headers = at + (skb->vlan_present ? 4 : 0);
	if (ethernet.type == bpf_htons(ETH_P_IP))
		is_ip = read_ipv4(skb, &at, &length, &key);
	else if (ethernet.type == bpf_htons(ETH_P_IPV6))
		is_ip = read_ipv6(skb, &at, &length, &key);
	if (!is_ip)
		goto no_flow;
	__builtin_memcpy(key.source_mac, ethernet.source, ETH_ALEN);
	__builtin_memcpy(key.destination_mac, ethernet.destination, ETH_ALEN);
	if (at && has_ports(key.protocol))
		bpf_skb_load_bytes(skb, at, &key.source_port, 4);
	/* IP alone, as IPFIX counts octets; a short frame is padded behind it. */
	bytes -= segments * headers;
	if (segments == 1 && length && length < bytes)
		bytes = length;
	if (*(volatile __u64 *)&flow_turn & 1)
		record(&flows_odd, &key, segments, bytes);
	else
		record(&flows_even, &key, segments, bytes);
	return;
no_flow:
	add_sum(&no_ip, segments, bytes);
}

static __always_inline void record_ingress(struct __sk_buff *skb)
{
	__u32 bytes = skb->len, segments = skb->gso_segs;

	at_ingress(skb, &segments, &bytes);
	record_frame(skb, FLOW_INGRESS, segments, bytes);
}

static __always_inline void record_egress(struct __sk_buff *skb)
{
	__u32 bytes = skb->wire_len, segments = skb->gso_segs;

	at_egress(skb, &segments, &bytes);
	record_frame(skb, FLOW_EGRESS, segments, bytes);
}

#endif
