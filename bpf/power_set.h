// SPDX-License-Identifier: GPL-2.0-only
// What the program at the tracepoint and its reader share. C and C++.
#ifndef PIANISSIMO_BPF_POWER_SET_H
#define PIANISSIMO_BPF_POWER_SET_H

#include <linux/types.h>

enum {
	POWER_SET_COMM = 16,	/* TASK_COMM_LEN */
	POWER_SET_WIPHY = 32,	/* MAXNAME of net/wireless/trace.h */
	POWER_SET_RECORD = 256, /* a tracepoint's record is shorter; a power of two */
};

/* Somebody has asked for a power. Texts end with a 0, or fill their place. */
struct power_set {
	__u32 process; /* as the kernel's first PID namespace counts */
	__u32 setting; /* enum nl80211_tx_power_setting */
	__s32 mbm;
	char comm[POWER_SET_COMM];
	char wiphy[POWER_SET_WIPHY];
};

#ifdef __cplusplus
static_assert(sizeof(struct power_set) == 60, "layout shared with the kernel side");
#else
_Static_assert(sizeof(struct power_set) == 60, "layout shared with the kernel side");
#endif

#endif
