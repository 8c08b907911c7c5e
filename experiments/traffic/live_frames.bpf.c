// SPDX-License-Identifier: GPL-2.0-only
// Run by BPF_PROG_RUN with BPF_F_TEST_XDP_LIVE_FRAMES: gives each frame the next source and the
// next size (and UDP port), counts it, and sends it out of an interface.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "experiments/traffic/live_frames.h"

char license_text[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1); /* possible CPUs, set before loading */
	__type(key, __u32);
	__type(value, struct live_frames_plane);
	__uint(map_flags, BPF_F_MMAPABLE);
} planes SEC(".maps");

const volatile __u32 interface;
const volatile __u32 source_count = 1;
const volatile __u32 size_count = 1;
const volatile __u32 sizes[live_frames_most_sizes];
const volatile __u8 sources[live_frames_most_sources][8]
	__attribute__((aligned(8))); /* MAC address and two bytes of nothing */
const volatile __u32 port_count; /* 0: no UDP */
const volatile __u32 first_port;
const volatile __u8 is_ipv6;
const volatile __u32 udp_sum; /* checksum words that are the same in all packets */
const volatile __u32 ip_sum;

static __always_inline __u16 checksum(__u32 sum)
{
	sum = (sum >> 16) + (sum & 0xffff);
	sum = (sum >> 16) + (sum & 0xffff);
	return bpf_htons(~sum & 0xffff);
}

/* The payload is zeros, so the checksums need its length alone. */
static __always_inline int fill_udp(struct xdp_md *context, __u32 bytes, __u32 port)
{
	__u8 *network = (__u8 *)(long)context->data + ETH_HLEN;
	void *end = (void *)(long)context->data_end;
	struct udphdr *udp;
	__u32 length = bytes - ETH_HLEN;

	if (is_ipv6) {
		struct ipv6hdr *ip = (void *)network;

		udp = (void *)(ip + 1);
		if ((void *)(udp + 1) > end)
			return -1;
		length -= sizeof(*ip);
		ip->payload_len = bpf_htons(length);
	} else {
		struct iphdr *ip = (void *)network;

		udp = (void *)(ip + 1);
		if ((void *)(udp + 1) > end)
			return -1;
		ip->tot_len = bpf_htons(length);
		ip->check = checksum(ip_sum + length);
		length -= sizeof(*ip);
	}
	udp->dest = bpf_htons(port);
	udp->len = bpf_htons(length);
	/* The length is in the pseudo header, too. 0 would mean that there is no checksum. */
	udp->check = checksum(udp_sum + port + 2 * length) ?: 0xffff;
	return 0;
}

SEC("xdp")
int live_frames(struct xdp_md *context)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct live_frames_plane *plane = bpf_map_lookup_elem(&planes, &cpu);
	__u8 *frame = (__u8 *)(long)context->data;
	__u8 *end = (__u8 *)(long)context->data_end;

	if (!plane || frame + ETH_HLEN > end)
		return XDP_ABORTED;

	__u32 source = plane->source & (live_frames_most_sources - 1);
	__u32 bytes = end - frame;

	/* Halfwords: the source address is at 6. */
	for (int i = 0; i < ETH_ALEN; i += 2)
		*(__u16 *)(frame + ETH_ALEN + i) = *(const volatile __u16 *)&sources[source][i];

	/* The frame comes with the largest size each time. */
	if (size_count > 1) {
		__u32 wanted = sizes[plane->size & (live_frames_most_sizes - 1)];

		if (bpf_xdp_adjust_tail(context, (int)wanted - (int)bytes))
			return XDP_ABORTED;
		bytes = wanted;
	}

	if (port_count) {
		__u32 port = plane->port;

		if (fill_udp(context, bytes, first_port + port))
			return XDP_ABORTED;
		plane->port = port + 1 >= port_count ? 0 : port + 1;
	}

	plane->sent[source].packets += 1;
	plane->sent[source].bytes += bytes;

	/* Every source in one size, then every source in the next. */
	if (++source >= source_count) {
		source = 0;
		plane->size = plane->size + 1 >= size_count ? 0 : plane->size + 1;
	}
	plane->source = source;
	return bpf_redirect(interface, 0);
}
