// SPDX-License-Identifier: GPL-2.0-only
// What classifier_bench compares: counting alone, counting and a window's features with each packet,
// and the decision tree behind a tail call when a window ends. For the bench only: no daemon has it.
#include "bpf/station_counters.bpf.c"
#include "tests/bench/classifier.h"

const volatile struct tree_node nodes[TREE_NODES];
struct station_told told[STATION_SLOTS];
__s32 given[FEATURES];
__u64 window_ns; /* 0: each packet ends one */
__u64 failed_calls;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* the loader sets it to the number of possible CPUs */
	__type(key, __u32);
	__type(value, struct window_plane);
} windows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} at_the_end SEC(".maps");

static __always_inline struct traffic_window *own_window(__u64 slot)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct window_plane *plane = bpf_map_lookup_elem(&windows, &cpu);

	return plane && slot < STATION_SLOTS ? &plane->slots[slot] : 0;
}

static __always_inline __u32 class_of(const __s32 *features)
{
	__u32 at = 0;

	for (int i = 0; i <= TREE_DEPTH; i++) {
		const volatile struct tree_node *node = &nodes[at & (TREE_NODES - 1)];
		__u32 feature = node->feature;

		if (feature >= FEATURES)
			return node->at_most;
		at = features[feature] <= node->at_most ? node->then : node->otherwise;
	}
	return 0;
}

static __always_inline __s32 whole(__u64 value)
{
	return value < 16777216 ? value : 16777216;
}

static __always_inline void features_of(const struct traffic_window *window, __u64 now,
					const struct station_told *known, __s32 *features)
{
	__u64 us = (now - window->begin) / 1000 + 1, packets = window->packets;
	__u64 gap = (now - window->begin) >> 10, scatter = 0, busy = 0;

	if (packets) {
		gap /= packets;
		if (gap)
			scatter = window->gap_squares / packets * 1000 / (gap * gap);
	}
	for (int i = 0; i < 32; i++)
		busy += window->busy >> i & 1;
	features[FEATURE_PACKETS] = whole(packets);
	features[FEATURE_KBPS] = whole(window->bytes * 8000 / us);
	features[FEATURE_SIZE] = packets ? whole(window->bytes / packets) : 0;
	features[FEATURE_GAP_US] = whole(packets ? us / packets : us);
	features[FEATURE_GAP_SCATTER] = scatter > 1000 ? whole(scatter - 1000) : 0;
	features[FEATURE_BUSY] = whole(busy * 1000 / 16);
	features[FEATURE_UTILISATION] =
		known->capacity_kbps ?
			whole(window->bytes * 8000000 / us / known->capacity_kbps) :
			-1;
	features[FEATURE_RETRIES] = known->retries;
	features[FEATURE_BIT_RATE_KBPS] = known->bit_rate_kbps;
}

static __always_inline __u64 slot_of(struct xdp_md *context)
{
	const void *frame = (const void *)(long)context->data;
	const void *end = (const void *)(long)context->data_end;

	if (frame + ETH_HLEN > end)
		return STATION_WITHOUT_HEADER;
	return find_slot(&stations, source_key(frame), frame + ETH_ALEN);
}

SEC("xdp")
int pass(struct xdp_md *context)
{
	(void)context;
	return XDP_PASS;
}

SEC("xdp")
int count(struct xdp_md *context)
{
	count_xdp(context, context->data_end - context->data);
	return XDP_PASS;
}

/* The tail call's target: the window has ended. */
SEC("xdp")
int classify(struct xdp_md *context)
{
	__u64 slot = slot_of(context), now = bpf_ktime_get_ns();
	struct traffic_window *window = own_window(slot);
	__s32 features[FEATURES];

	if (!window || slot >= STATION_SLOTS)
		return XDP_PASS;
	features_of(window, now, &told[slot], features);
	window->traffic = class_of(features);
	window->windows++;
	window->begin = now;
	window->packets = window->bytes = window->gap_squares = 0;
	window->busy = 0;
	return XDP_PASS;
}

SEC("xdp")
int count_and_classify(struct xdp_md *context)
{
	__u64 bytes = context->data_end - context->data;
	__u64 slot = slot_of(context), now = bpf_ktime_get_ns(), gap;
	struct station_plane *plane = own_plane();
	struct traffic_window *window = own_window(slot);

	if (!plane || !window || slot >= STATION_SLOTS)
		return XDP_PASS;
	add(&plane->slots[slot].from, 1, bytes);
	if (!window->begin)
		window->begin = window->last = now;
	gap = (now - window->last) >> 10;
	window->last = now;
	window->packets++;
	window->bytes += bytes;
	window->gap_squares += gap * gap;
	window->busy |= 1U << (now >> 25 & 31);
	if (now - window->begin >= window_ns) {
		bpf_tail_call(context, &at_the_end, 0);
		failed_calls++;
	}
	return XDP_PASS;
}

/* The tree alone, for holding it against that of user space: its class is the verdict. */
SEC("xdp")
int classify_given(struct xdp_md *context)
{
	__s32 features[FEATURES];

	(void)context;
	for (int i = 0; i < FEATURES; i++)
		features[i] = given[i];
	return class_of(features);
}
