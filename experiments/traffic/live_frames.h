/* SPDX-License-Identifier: GPL-2.0-only */
/* What the generator's BPF program and its user space share. */
#ifndef PIANISSIMO_LIVE_FRAMES_H
#define PIANISSIMO_LIVE_FRAMES_H

#include <linux/types.h>

enum {
	live_frames_most_sources = 4096, /* a power of two */
	live_frames_most_sizes = 8,      /* a power of two */
};

struct live_frames_sent {
	__u64 packets;
	__u64 bytes;
};

/* One per CPU: only the thread pinned there writes it. */
struct live_frames_plane {
	struct live_frames_sent sent[live_frames_most_sources];
	__u32 source; /* whose turn it is */
	__u32 size;
	__u32 port; /* less the first one */
	__u32 nothing;
};

#endif
