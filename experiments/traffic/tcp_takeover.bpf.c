// SPDX-License-Identifier: GPL-2.0-only
// A TCP connection that the kernel has opened is taken over: one program, at the interface, takes
// the peer's segments; another, run by BPF_PROG_RUN with BPF_F_TEST_XDP_LIVE_FRAMES, sends. What
// they know of the connection is in `states`; the timer is user space's.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "experiments/traffic/tcp_takeover.h"

char license_text[] SEC("license") = "GPL";

enum {
	duplicates_of_a_loss = 3, /* RFC 5681, 3.2 */
	most_option_words = 10,
	timestamps = 0x080a,              /* kind and length */
	sack_after_two_nops = 0x01010500, /* and the length */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tcp_takeover_state);
} states SEC(".maps");

struct tcp_takeover_connection connection;
__u8 stations[2 * ETH_ALEN]; /* of the peer's frames: destination and source */
volatile __u32 timer_expired; /* set by user space: send the first segment that is not acknowledged */

struct segment {
	struct tcphdr *tcp;
	void *end;
	__u32 payload;
};

/* Whether a frame is of the connection. */
static __always_inline int find_segment(struct xdp_md *context, struct segment *found)
{
	__u8 *frame = (__u8 *)(long)context->data;
	void *end = (void *)(long)context->data_end;
	__u16 *type = (void *)(frame + 2 * ETH_ALEN);
	__u32 length;

	if (frame + ETH_HLEN > (__u8 *)end)
		return 0;
	if (connection.is_ipv6) {
		struct ipv6hdr *ip = (void *)(frame + ETH_HLEN);

		if ((void *)(ip + 1) > end || *type != bpf_htons(ETH_P_IPV6) ||
		    ip->nexthdr != IPPROTO_TCP)
			return 0;
		for (int i = 0; i < 16; i++)
			if (((__u8 *)&ip->saddr)[i] != connection.peer[i])
				return 0;
		length = bpf_ntohs(ip->payload_len);
		found->tcp = (void *)(ip + 1);
	} else {
		struct iphdr *ip = (void *)(frame + ETH_HLEN);

		/* With options it is left to the kernel, and so are fragments. */
		if ((void *)(ip + 1) > end || *type != bpf_htons(ETH_P_IP) ||
		    ip->protocol != IPPROTO_TCP || ip->ihl != 5 ||
		    (ip->frag_off & bpf_htons(0x3fff)))
			return 0;
		for (int i = 0; i < 4; i++)
			if (((__u8 *)&ip->saddr)[i] != connection.peer[i])
				return 0;
		length = bpf_ntohs(ip->tot_len) - sizeof(*ip);
		found->tcp = (void *)(ip + 1);
	}
	if ((void *)(found->tcp + 1) > end)
		return 0;
	if (found->tcp->source != connection.peer_port || found->tcp->dest != connection.own_port)
		return 0;
	found->end = end;
	found->payload = length - found->tcp->doff * 4;
	return 1;
}

struct options {
	__u32 timestamp;
	__u8 has_timestamp;
	__u8 has_sack;
};

/* Options that begin at words or fill them up to their end: so RFC 7323 (appendix A) recommends, and
 * so all stacks do. Their timestamps come first. */
static __always_inline void read_options(const struct segment *segment, struct options *options)
{
	__be32 *words = (void *)(segment->tcp + 1);
	__u32 count = segment->tcp->doff - 5;

	for (__u32 i = 0; i < most_option_words && i < count; i++) {
		if ((void *)(words + i + 1) > segment->end)
			return;
		__u32 word = bpf_ntohl(words[i]);

		if ((word & 0xffffff00) == sack_after_two_nops)
			options->has_sack = 1;
		if (!options->has_timestamp && (word & 0xffff) == timestamps &&
		    (void *)(words + i + 2) <= segment->end) {
			options->has_timestamp = 1;
			options->timestamp = bpf_ntohl(words[i + 1]);
		}
	}
}

/* More bytes are acknowledged. */
static __always_inline void advance(struct tcp_takeover_state *state, __u32 bytes, __u64 now)
{
	state->acked += bytes;
	state->duplicates = 0;
	if (state->is_recovering) {
		/* An ACK of a part: the segment after it is lost, too (RFC 6582). */
		if (state->acked >= state->recover)
			state->is_recovering = 0;
		else
			state->is_first_lost = 1;
	}
	if (state->timed && state->acked >= state->timed) {
		if (now) {
			state->round_trip = now - state->timed_at;
			state->round_trips++;
		}
		state->timed = 0;
	}
}

static __always_inline void note_duplicate(struct tcp_takeover_state *state, __u32 segment_bytes)
{
	/* Below `recover` they are answers to what the timer has sent again. */
	if (++state->duplicates != duplicates_of_a_loss || state->is_recovering ||
	    state->acked < state->recover)
		return;
	state->is_recovering = 1;
	state->recover = state->highest * segment_bytes;
	state->is_first_lost = 1;
	state->timed = 0;
	state->repairs++;
}

SEC("xdp")
int take_segments(struct xdp_md *context)
{
	struct segment segment;
	struct options options = {};
	struct tcp_takeover_state *state;
	__u32 key = 0;

	if (!find_segment(context, &segment))
		return XDP_PASS;
	state = bpf_map_lookup_elem(&states, &key);
	if (!state)
		return XDP_PASS;
	read_options(&segment, &options);
	if (!connection.is_taken) {
		__u8 *frame = (__u8 *)(long)context->data;

		if (frame + ETH_HLEN > (__u8 *)segment.end)
			return XDP_PASS;
		for (int i = 0; i < 2 * ETH_ALEN; i++)
			stations[i] = frame[i];
		state->echo = options.timestamp;
		return XDP_PASS;
	}

	struct tcphdr *tcp = segment.tcp;
	__u32 segment_bytes = connection.segment_bytes;
	__u32 first = connection.first;
	__u32 sequence = bpf_ntohl(tcp->seq);
	__u32 number = bpf_ntohl(tcp->ack_seq);
	__u32 window = (__u32)bpf_ntohs(tcp->window) << (connection.window_shift & 15);
	__u8 is_ack = tcp->ack, is_reset = tcp->rst, is_fin = tcp->fin, is_syn = tcp->syn;
	/* No helper can be called under the lock. */
	__u64 now = *(volatile __u64 *)&state->timed ? bpf_ktime_get_ns() : 0;

	bpf_spin_lock(&state->lock);
	state->answers++;
	if (is_reset && sequence == state->received)
		state->was_reset = 1;
	if (is_fin)
		state->was_closed = 1;
	if (is_ack && !is_reset && !is_syn) {
		__u32 bytes = number - (first + (__u32)state->acked);
		__u64 unacknowledged = state->highest * segment_bytes - state->acked;

		/* Acceptable, RFC 9293, 3.10.7.4; one from the past is a huge number. */
		if (bytes <= unacknowledged) {
			if (bytes)
				advance(state, bytes, now);
			else if (!segment.payload && !is_fin &&
				 state->next * segment_bytes > state->acked &&
				 (window == state->window || options.has_sack))
				note_duplicate(state, segment_bytes);
			state->window = window;
		}
		if (sequence == state->received) {
			if (options.has_timestamp)
				state->echo = options.timestamp;
			/* What the peer says is acknowledged, and nobody reads it. */
			state->received += segment.payload;
		}
	}
	bpf_spin_unlock(&state->lock);
	return XDP_DROP;
}

/* Which segment is to be sent now; false: none. */
static __always_inline int choose(struct tcp_takeover_state *state, __u32 segment_bytes,
				  __u32 expired, __u64 now, __u64 *segment)
{
	__u64 first = state->acked / segment_bytes;

	if (expired) {
		/* Everything from there on is sent again (RFC 6298, 5.4). Where all is acknowledged
		 * it asks for the window: beyond it, and so `next` does not move. */
		*segment = first;
		if (first < state->next)
			state->next = first + 1;
		state->duplicates = 0;
		state->is_recovering = 0;
		state->is_first_lost = 0;
		state->recover = state->highest * segment_bytes;
	} else if (state->is_first_lost) {
		state->is_first_lost = 0;
		if (first >= state->next)
			return 0;
		*segment = first;
	} else {
		if (state->next < first)
			state->next = first;
		if (state->next >= connection.limit ||
		    (state->next + 1) * segment_bytes > state->acked + state->window)
			return 0;
		*segment = state->next++;
	}
	state->sent++;
	if (*segment < state->highest) {
		/* Karn: which of the two is acknowledged cannot be told. */
		state->timed = 0;
		state->resent++;
	} else {
		state->highest = *segment + 1;
		if (!state->timed && now) {
			state->timed = state->highest * segment_bytes;
			state->timed_at = now;
		}
	}
	return 1;
}

SEC("xdp")
int send_segments(struct xdp_md *context)
{
	__u8 *frame = (__u8 *)(long)context->data;
	void *end = (void *)(long)context->data_end;
	struct tcphdr *tcp = (void *)(frame + ETH_HLEN + (connection.is_ipv6 ? 40 : 20));
	__be32 *options = (void *)(tcp + 1);
	__be32 *payload = options + (connection.has_timestamps ? 3 : 0);
	__u32 segment_bytes = connection.segment_bytes;
	struct tcp_takeover_state *state;
	__u64 segment = 0;
	__u32 key = 0, received, echo, is_chosen;

	state = bpf_map_lookup_elem(&states, &key);
	if (!state || !segment_bytes || (void *)(options + 3) > end || (void *)(payload + 2) > end)
		return XDP_ABORTED;

	/* There is one thread that sends. */
	__u32 expired = timer_expired;
	__u64 now = *(volatile __u64 *)&state->timed ? 0 : bpf_ktime_get_ns();

	if (expired)
		timer_expired = 0;
	bpf_spin_lock(&state->lock);
	is_chosen = choose(state, segment_bytes, expired, now, &segment);
	received = state->received;
	echo = state->echo;
	bpf_spin_unlock(&state->lock);
	if (!is_chosen)
		return XDP_DROP;

	__u32 sequence = connection.first + (__u32)segment * segment_bytes;
	__u32 high = segment >> 32, low = segment;
	__u32 sum = connection.base_sum + (sequence >> 16) + (sequence & 0xffff) + (received >> 16) +
		    (received & 0xffff) + (high >> 16) + (high & 0xffff) + (low >> 16) +
		    (low & 0xffff);

	/* A frame's memory is used again, and GRO at the other end has written the length of what it
	 * has put together into the first one's headers. */
	if (connection.is_ipv6) {
		struct ipv6hdr *ip = (void *)(frame + ETH_HLEN);

		ip->payload_len = connection.ip_length;
	} else {
		struct iphdr *ip = (void *)(frame + ETH_HLEN);

		ip->tot_len = connection.ip_length;
		ip->check = connection.ip_check;
	}
	((__be32 *)tcp)[3] = connection.flags;
	tcp->seq = bpf_htonl(sequence);
	tcp->ack_seq = bpf_htonl(received);
	if (connection.has_timestamps) {
		__u32 clock = connection.clock;

		options[1] = bpf_htonl(clock);
		options[2] = bpf_htonl(echo);
		sum += (clock >> 16) + (clock & 0xffff) + (echo >> 16) + (echo & 0xffff);
	}
	/* A segment begins with its number: whoever reads can tell that all are there, in order. */
	payload[0] = bpf_htonl(high);
	payload[1] = bpf_htonl(low);
	sum = (sum >> 16) + (sum & 0xffff);
	sum = (sum >> 16) + (sum & 0xffff);
	tcp->check = bpf_htons(~sum & 0xffff);
	return bpf_redirect(connection.interface, 0);
}
