// SPDX-License-Identifier: GPL-2.0-only
// A link that loses data: for tests of what sends again.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char license_text[] SEC("license") = "GPL";

enum { least_data_bytes = 200 }; /* acknowledgements and handshakes are smaller */

__u32 lost_of_1000;
__u32 random; /* its first value is the seed */
__u64 frames; /* with data that were passed */
__u64 lost;
__u64 lost_frame;  /* the number of one that is lost, from 1; 0: none */
__u64 most_frames; /* what comes after them is lost; 0: no limit */

SEC("xdp")
int lossy(struct xdp_md *context)
{
	if (context->data_end - context->data < least_data_bytes)
		return XDP_PASS;
	random = random * 1664525 + 1013904223; /* Numerical Recipes' */
	if (lost_frame && frames + 1 == lost_frame) {
		lost_frame = 0;
		lost++;
		return XDP_DROP;
	}
	if ((most_frames && frames >= most_frames) || (random >> 16) % 1000 < lost_of_1000) {
		lost++;
		return XDP_DROP;
	}
	frames++;
	return XDP_PASS;
}
