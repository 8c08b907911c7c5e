// SPDX-License-Identifier: GPL-2.0-only
// What counters_bench compares: the daemon's own programs, programs that only pass, the same counts
// in the kernel's hash maps, and flow records.
#include "bpf/flow.bpf.h"
#include "bpf/station_counters.bpf.c"

enum {
	MOST_STATIONS = 1024,
	COUNTS_PER_RUN = 16,
};

/* The stations in random order; the beginning of a frame each, filled up to 16 bytes. */
__u8 headers[MOST_STATIONS][16] __attribute__((aligned(16)));
__u32 station_mask; /* stations - 1; a power of two less one */
__u32 turn;

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, MOST_STATIONS);
	__type(key, __u64);
	__type(value, struct station_count);
} percpu_hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MOST_STATIONS);
	__type(key, __u64);
	__type(value, struct station_count);
} shared_hash SEC(".maps");

__u64 unknown;

static __always_inline const __u8 *header_at(__u32 i)
{
	return headers[i & station_mask & (MOST_STATIONS - 1)];
}

static __always_inline void count_in_plane(__u64 key, const void *address, __u64 bytes)
{
	struct station_plane *plane = own_plane();

	if (plane)
		add(&plane->slots[find_slot(&stations, key, address)].from, 1, bytes);
}

static __always_inline void count_in_percpu_hash(__u64 key, __u64 bytes)
{
	struct station_count *count = bpf_map_lookup_elem(&percpu_hash, &key);

	if (count)
		add(count, 1, bytes);
	else
		unknown++;
}

static __always_inline void count_in_shared_hash(__u64 key, __u64 bytes)
{
	struct station_count *count = bpf_map_lookup_elem(&shared_hash, &key);

	if (count) {
		__sync_fetch_and_add(&count->packets, 1);
		__sync_fetch_and_add(&count->bytes, bytes);
	} else {
		unknown++;
	}
}

/* --- the floor ------------------------------------------------------------------------------- */

SEC("xdp")
int pass_xdp(struct xdp_md *context)
{
	(void)context;
	return XDP_PASS;
}

SEC("xdp.frags")
int pass_xdpf(struct xdp_md *context)
{
	(void)context;
	return XDP_PASS;
}

SEC("tc")
int pass_tc(struct __sk_buff *skb)
{
	(void)skb;
	return COUNT_NEXT;
}

/* --- flow records: one flow ------------------------------------------------------------------ */

SEC("tc")
int flow_in(struct __sk_buff *skb)
{
	record_ingress(skb);
	return COUNT_NEXT;
}

SEC("tc")
int flow_out(struct __sk_buff *skb)
{
	record_egress(skb);
	return COUNT_NEXT;
}

/* --- a hash map in the place of ours --------------------------------------------------------- */

#define WITH_MAP(name, count, verdict)                                          \
	SEC("xdp")                                                              \
	int name(struct xdp_md *context)                                        \
	{                                                                       \
		const void *frame = (const void *)(long)context->data;          \
		const void *end = (const void *)(long)context->data_end;        \
                                                                                \
		if (frame + ETH_HLEN <= end)                                    \
			count(source_key(frame), end - frame);                  \
		return verdict;                                                 \
	}

WITH_MAP(percpu_hash_xdp, count_in_percpu_hash, XDP_PASS)
WITH_MAP(shared_hash_xdp, count_in_shared_hash, XDP_PASS)

/* --- stations in random order: each run has another address ---------------------------------- */

static __always_inline void readdress(long data, long data_end, int to)
{
	__u8 *frame = (__u8 *)data;
	const __u8 *header = header_at(turn++);

	if (frame + ETH_HLEN > (__u8 *)data_end)
		return;
	if (to) {
		*(volatile __u32 *)frame = *(const __u32 *)(header + ETH_ALEN);
		*(volatile __u16 *)(frame + 4) = *(const __u16 *)(header + ETH_ALEN + 4);
	} else {
		*(volatile __u16 *)(frame + 6) = *(const __u16 *)(header + 6);
		*(volatile __u32 *)(frame + 8) = *(const __u32 *)(header + 8);
	}
}

#define RANDOM_XDP(name, after)                                        \
	SEC("xdp")                                                     \
	int name(struct xdp_md *context)                               \
	{                                                              \
		readdress(context->data, context->data_end, 0);        \
		after;                                                 \
		return XDP_PASS;                                       \
	}
#define RANDOM_TC(name, to, after)                                     \
	SEC("tc")                                                      \
	int name(struct __sk_buff *skb)                                \
	{                                                              \
		readdress(skb->data, skb->data_end, to);               \
		after;                                                 \
		return COUNT_NEXT;                                     \
	}

RANDOM_XDP(random_pass_xdp, )
RANDOM_XDP(random_xdp, count_xdp(context, context->data_end - context->data))
RANDOM_TC(random_pass_in, 0, )
RANDOM_TC(random_in, 0, count_ingress(skb))
RANDOM_TC(random_pass_out, 1, )
RANDOM_TC(random_out, 1, count_egress(skb))
/* A flow for each station. */
RANDOM_TC(random_flow_in, 0, record_ingress(skb))
RANDOM_TC(random_flow_out, 1, record_egress(skb))

/* --- sixteen counts in a run ----------------------------------------------------------------- */

#define SIXTEEN(name, count)                                                 \
	SEC("xdp")                                                           \
	int name(struct xdp_md *context)                                     \
	{                                                                    \
		__u32 first = turn;                                          \
                                                                             \
		(void)context;                                               \
		_Pragma("unroll") for (int i = 0; i < COUNTS_PER_RUN; i++)   \
		{                                                            \
			const __u8 *header = header_at(first + i);           \
                                                                             \
			count;                                               \
		}                                                            \
		turn = first + COUNTS_PER_RUN;                               \
		return XDP_PASS;                                             \
	}

SIXTEEN(sixteen_ours, count_in_plane(source_key(header), header + ETH_ALEN, 60))
SIXTEEN(sixteen_percpu_hash, count_in_percpu_hash(source_key(header), 60))
SIXTEEN(sixteen_shared_hash, count_in_shared_hash(source_key(header), 60))

/* --- receivers of live frames ---------------------------------------------------------------- */

SEC("xdp")
int drop(struct xdp_md *context)
{
	(void)context;
	return XDP_DROP;
}

SEC("xdp")
int count_and_drop(struct xdp_md *context)
{
	count_xdp(context, context->data_end - context->data);
	return XDP_DROP;
}

WITH_MAP(percpu_hash_and_drop, count_in_percpu_hash, XDP_DROP)
WITH_MAP(shared_hash_and_drop, count_in_shared_hash, XDP_DROP)
