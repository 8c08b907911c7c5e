// SPDX-License-Identifier: GPL-2.0-only
// Tells who sets a radio's power. A classic tracepoint: where its record has what is read from tracefs
// by the loader, so that no kernel BTF is needed.
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "bpf/power_set.h"

char license_text[] SEC("license") = "GPL";

const volatile __u32 wiphy_at = 0, setting_at = 0, mbm_at = 0;
/* Whose calls are not told: our own. */
const volatile __u32 own_process = 0;

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} told SEC(".maps");

/* The verifier wants a bound. */
static __always_inline const void *place(const void *record, __u32 at)
{
	return record + (at & (POWER_SET_RECORD - 1));
}

SEC("tracepoint/cfg80211/rdev_set_tx_power")
int pianissimo_set(void *record)
{
	struct power_set set = {};

	set.process = bpf_get_current_pid_tgid() >> 32;
	if (set.process == own_process)
		return 0;
	bpf_get_current_comm(set.comm, sizeof(set.comm));
	bpf_probe_read_kernel(set.wiphy, sizeof(set.wiphy), place(record, wiphy_at));
	bpf_probe_read_kernel(&set.setting, sizeof(set.setting), place(record, setting_at));
	bpf_probe_read_kernel(&set.mbm, sizeof(set.mbm), place(record, mbm_at));
	bpf_perf_event_output(record, &told, BPF_F_CURRENT_CPU, &set, sizeof(set));
	return 0;
}
