// SPDX-License-Identifier: GPL-2.0-only
// What classifier.bpf.c and classifier_bench share: the tree, and a station's window.
#ifndef PIANISSIMO_TESTS_BENCH_CLASSIFIER_H
#define PIANISSIMO_TESTS_BENCH_CLASSIFIER_H

#include <linux/types.h>

#include "bpf/station_counters.h"

enum {
	TREE_NODES = 256,
	TREE_DEPTH = 16,
	TREE_LEAF = 0xffff,
	FEATURES = 9,
};

/* In the order of controller/core/traffic_window.hpp. */
enum feature {
	FEATURE_PACKETS,
	FEATURE_KBPS,
	FEATURE_SIZE,
	FEATURE_GAP_US,
	FEATURE_GAP_SCATTER,
	FEATURE_BUSY,
	FEATURE_UTILISATION,
	FEATURE_RETRIES,
	FEATURE_BIT_RATE_KBPS,
};

struct tree_node {
	__u32 feature; /* TREE_LEAF: `at_most` is the class */
	__s32 at_most;
	__u32 then;
	__u32 otherwise;
};

/* Of one station, in the plane of one CPU. */
struct traffic_window {
	__u64 begin; /* ns */
	__u64 last;  /* ns, of the last packet */
	__u64 packets;
	__u64 bytes;
	__u64 gap_squares; /* of 1024 ns */
	__u32 busy;	   /* a bit for each 32nd part of a second in which a packet came */
	__u32 windows;	   /* that have ended */
	__u64 traffic;	   /* class of the last one */
};

struct window_plane {
	struct traffic_window slots[STATION_SLOTS];
};

/* What the kernel's programs cannot see, and user space tells them; -1: not told. */
struct station_told {
	__u32 capacity_kbps; /* the expected throughput; 0: not told */
	__s32 retries;
	__s32 bit_rate_kbps;
};

#endif
