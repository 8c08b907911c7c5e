// SPDX-License-Identifier: GPL-2.0-only
// The end of a link that costs as little as can be: for rates of what sends.
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char license_text[] SEC("license") = "GPL";

SEC("xdp")
int drop(struct xdp_md *context __attribute__((unused)))
{
	return XDP_DROP;
}
