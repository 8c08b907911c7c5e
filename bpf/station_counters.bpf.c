// SPDX-License-Identifier: GPL-2.0-only
// The programs of the daemon. Their names tell ours from others' (hooks.hpp); the kernel keeps 15
// characters.
#include "bpf/count.bpf.h"

char license_text[] SEC("license") = "GPL";

SEC("xdp")
int pianissimo_xdp(struct xdp_md *context)
{
	count_xdp(context, context->data_end - context->data);
	return XDP_PASS;
}

/* For devices with an MTU beyond a page. Native mode only: on Linux 6.18 such a program in generic
 * mode breaks tc ingress behind it. */
SEC("xdp.frags")
int pianissimo_xdpf(struct xdp_md *context)
{
	count_xdp(context, bpf_xdp_get_buff_len(context));
	return XDP_PASS;
}

SEC("tc")
int pianissimo_in(struct __sk_buff *skb)
{
	count_ingress(skb);
	return COUNT_NEXT;
}

SEC("tc")
int pianissimo_out(struct __sk_buff *skb)
{
	count_egress(skb);
	return COUNT_NEXT;
}
