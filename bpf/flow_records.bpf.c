// SPDX-License-Identifier: GPL-2.0-only
// Flow records, for diagnosis: who talks with whom over a network device. Programs and maps of their
// own, which are loaded only where they are asked for: the counting programs know nothing of them.
// Their names are as those of the counting programs: the kernel keeps 15 characters.
#include "bpf/flow.bpf.h"

char license_text[] SEC("license") = "GPL";

SEC("tc")
int pianissimo_fin(struct __sk_buff *skb)
{
	record_ingress(skb);
	return COUNT_NEXT;
}

SEC("tc")
int pianissimo_fout(struct __sk_buff *skb)
{
	record_egress(skb);
	return COUNT_NEXT;
}
