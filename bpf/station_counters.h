// SPDX-License-Identifier: GPL-2.0-only
// What the programs in the kernel and their reader share: addresses to slots, slots to counters.
// C and C++; only the kernel writes counters, only user space writes the table.
#ifndef PIANISSIMO_BPF_STATION_COUNTERS_H
#define PIANISSIMO_BPF_STATION_COUNTERS_H

#include <linux/types.h>

enum {
	STATION_LIMIT = 1024, /* stations per network device */

	/* Slots of a plane. The unknown must be 0: an empty place of the table is 0 and so reads as
	 * "address 00:00:00:00:00:00, slot 0", and half-written places on 32 bits have slot 0 too. */
	STATION_UNKNOWN = 0,	    /* unicast, not in the table */
	STATION_GROUP = 1,	    /* multicast and broadcast */
	STATION_WITHOUT_HEADER = 2, /* no Ethernet header: loopback copies, runts */
	STATION_FIRST = 4,	    /* here the stations begin */
	STATION_SLOTS = STATION_FIRST + STATION_LIMIT,

	/* A quarter full at most: 1024 random addresses find a seed within some 13 tries. */
	STATION_TABLE_BITS = 12,
	STATION_PROBES = 4, /* always looked at, all of them: an entry is erased by writing 0 */
	STATION_PLACES = (1 << STATION_TABLE_BITS) + STATION_PROBES,
};

struct station_count {
	__u64 packets;
	__u64 bytes; /* with the Ethernet header (and VLAN tags), without FCS; as on the wire under GSO */
};

struct station_counter {
	struct station_count from; /* ingress: the source address is the station's */
	struct station_count to;   /* egress: the destination address is the station's */
};

/* One per possible CPU, so that counting needs no atomics; its size is whole cache lines. */
struct station_plane {
	struct station_counter slots[STATION_SLOTS];
};

/* Open addressing. A place holds the key of an address in its upper 48 bits and the slot in its
 * lower 16, so that "place ^ key" is the slot if the address is the same, and more than any slot
 * if not. Two tables: one in use, one to be rebuilt. */
struct station_table {
	/* An odd multiplier; bit 1 says which of the tables is in use, so that one store changes
	 * both at once. */
	__u64 seed;
	__u64 places[2 * STATION_PLACES];
};

/* The table in use. */
#define STATION_HALF(seed) ((seed) >> 1 & 1)

/* The first of the places (of that table) where a key may be. Multiply-shift hashing, universal over
 * the seeds: M. Dietzfelbinger et al., "A reliable randomized algorithm for the closest-pair
 * problem", 1997. */
#define STATION_HASH(key, seed) ((key) * (seed) >> (64 - STATION_TABLE_BITS))

/* The key: the address as loads in host order give it, above 16 zero bits. The first octet is at the
 * lower end on little-endian machines and at the upper end on big-endian ones. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define STATION_KEY_4_2(first4, last2) ((0ULL | (first4)) << 16 | (0ULL | (last2)) << 48)
#define STATION_KEY_2_4(first2, last4) ((0ULL | (first2)) << 16 | (0ULL | (last4)) << 32)
#else
#define STATION_KEY_4_2(first4, last2) ((0ULL | (first4)) << 32 | (0ULL | (last2)) << 16)
#define STATION_KEY_2_4(first2, last4) ((0ULL | (first2)) << 48 | (0ULL | (last4)) << 16)
#endif

#ifdef __cplusplus
#define STATION_ASSERT static_assert
#else
#define STATION_ASSERT _Static_assert
#endif
STATION_ASSERT(sizeof(struct station_counter) == 32, "layout shared with the kernel side");
STATION_ASSERT(sizeof(struct station_plane) == 32 * 1028, "layout shared with the kernel side");
STATION_ASSERT(sizeof(struct station_plane) % 64 == 0, "planes must not share cache lines");
STATION_ASSERT(sizeof(struct station_table) == 8 * (1 + 2 * 4100), "layout shared with the kernel side");
STATION_ASSERT(STATION_SLOTS < 1 << 16, "a slot has 16 bits");

#endif
