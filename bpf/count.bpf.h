// SPDX-License-Identifier: GPL-2.0-only
// Counting, to be included by one BPF program file: it brings its maps along. Contexts are UAPI
// only (xdp_md, __sk_buff): no CO-RE, no kernel BTF.
#ifndef PIANISSIMO_BPF_COUNT_BPF_H
#define PIANISSIMO_BPF_COUNT_BPF_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include <bpf/bpf_helpers.h>

#include "bpf/station_counters.h"
#include "bpf/wire.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1); /* the loader sets it to the number of possible CPUs */
	__type(key, __u32);
	__type(value, struct station_plane);
} planes SEC(".maps");

struct station_table stations;

/* Loads are those that are aligned if the IP header is, as the verifier demands on some machines. */
static __always_inline __u64 source_key(const void *frame)
{
	return STATION_KEY_4_2(*(const __u32 *)(frame + ETH_ALEN),
			       *(const __u16 *)(frame + ETH_ALEN + 4));
}

static __always_inline __u64 destination_key(const void *frame)
{
	return STATION_KEY_2_4(*(const __u16 *)frame, *(const __u32 *)(frame + 2));
}

/* The slot of a key, below STATION_SLOTS; `address` is where the key was read. */
static __always_inline __u64 find_slot(const struct station_table *table, __u64 key,
				       const void *address)
{
	__u64 seed = *(const volatile __u64 *)&table->seed;
	const __u64 *place =
		&table->places[STATION_HALF(seed) * STATION_PLACES + STATION_HASH(key, seed)];
	__u64 slot;

#pragma unroll
	for (int i = 0; i < STATION_PROBES; i++) {
		slot = place[i] ^ key;
		if (slot < STATION_SLOTS)
			return slot;
	}
	/* The group bit is in the first octet on the air, wherever that is in the key. */
	return *(const __u8 *)address & 1;
}

/* NULL never comes, but the verifier wants the question. */
static __always_inline struct station_plane *own_plane(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&planes, &cpu);
}

/* No atomics: the plane is this CPU's, and softirqs do not interrupt each other. One load, one store,
 * so that a reader on 64 bits never sees half a number. */
static __always_inline void add(struct station_count *count, __u64 packets, __u64 bytes)
{
	*(volatile __u64 *)&count->packets += packets;
	*(volatile __u64 *)&count->bytes += bytes;
}

static __always_inline void count_xdp(const struct xdp_md *context, __u64 bytes)
{
	const void *frame = (const void *)(long)context->data;
	const void *end = (const void *)(long)context->data_end;
	struct station_plane *plane = own_plane();
	__u64 slot = STATION_WITHOUT_HEADER;

	if (!plane)
		return;
	if (frame + ETH_HLEN <= end)
		slot = find_slot(&stations, source_key(frame), frame + ETH_ALEN);
	add(&plane->slots[slot].from, 1, bytes);
}

static __always_inline void count_ingress(struct __sk_buff *skb)
{
	const void *frame = (const void *)(long)skb->data;
	const void *end = (const void *)(long)skb->data_end;
	struct station_plane *plane = own_plane();
	__u64 slot = STATION_WITHOUT_HEADER;
	__u32 bytes = skb->len, segments = skb->gso_segs;

	if (!plane)
		return;
	at_ingress(skb, &segments, &bytes);
	/* Copies of our own multicast come back without Ethernet header: their IP header would be
	 * taken for addresses. */
	if (frame + ETH_HLEN <= end && skb->pkt_type != PACKET_LOOPBACK)
		slot = find_slot(&stations, source_key(frame), frame + ETH_ALEN);
	add(&plane->slots[slot].from, segments, bytes);
}

static __always_inline void count_egress(struct __sk_buff *skb)
{
	const void *frame = (const void *)(long)skb->data;
	const void *end = (const void *)(long)skb->data_end;
	struct station_plane *plane = own_plane();
	__u32 bytes = skb->wire_len, segments = skb->gso_segs;
	__u64 slot;

	if (!plane)
		return;
	at_egress(skb, &segments, &bytes);
	if (frame + ETH_HLEN > end) {
		add(&plane->slots[STATION_WITHOUT_HEADER].to, segments, bytes);
		return;
	}
	slot = find_slot(&stations, destination_key(frame), frame);
	add(&plane->slots[slot].to, segments, bytes);

	/* mac80211 relays unicast between its stations before anything sees it arrive; here is the
	 * only place to credit the sender. It has never been through an ingress (a bridge's hairpin
	 * has); multicast comes by both ways. */
	if (slot != STATION_GROUP && !skb->ingress_ifindex) {
		slot = find_slot(&stations, source_key(frame), frame + ETH_ALEN);
		if (slot >= STATION_FIRST)
			add(&plane->slots[slot].from, segments, bytes);
	}
}

#endif
