#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""edit_hwsim.py FILE: lets a medium report aggregates through mac80211_hwsim.c, in place.

The stock module never sets IEEE80211_TX_STAT_AMPDU. Minstrel-HT then ignores every frame of a
BlockAck session and stays at the lowest rate for ever. HWSIM_ATTR_FLAGS gets three private uses:

  up    bit 3          the frame belongs to a BlockAck session
  down  bits 8..15     MPDUs sent in the aggregate this frame stood for (0: as ever)
        bits 16..23    MPDUs of it that were acknowledged

Each edit must find its place exactly once; otherwise nothing is written.
"""
import sys

UP_BEFORE = "\tif (nla_put_u32(skb, HWSIM_ATTR_FLAGS, hwsim_flags))\n"
UP = """\
\tif (info->flags & IEEE80211_TX_CTL_AMPDU)
\t\thwsim_flags |= BIT(3);

"""

DOWN_AFTER = "\ttxi->status.ack_signal = nla_get_u32(info->attrs[HWSIM_ATTR_SIGNAL]);\n"
DOWN = """
\tif ((txi->flags & IEEE80211_TX_CTL_AMPDU) && (hwsim_flags >> 8 & 0xff)) {
\t\ttxi->flags |= IEEE80211_TX_STAT_AMPDU;
\t\ttxi->status.ampdu_len = hwsim_flags >> 8 & 0xff;
\t\ttxi->status.ampdu_ack_len = hwsim_flags >> 16 & 0xff;
\t\t/* all lost: mac80211 tells the receiver not to wait (BAR) */
\t\tif (!(hwsim_flags & HWSIM_TX_STAT_ACK))
\t\t\ttxi->flags |= IEEE80211_TX_STAT_AMPDU_NO_BACK;
\t}
"""


def edit(source: str) -> str:
    for place in (UP_BEFORE, DOWN_AFTER):
        if source.count(place) != 1:
            sys.exit(
                f"{sys.argv[1]}: expected exactly one line '{place.strip()}', found "
                f"{source.count(place)}: Debian's source has changed, this script must follow"
            )
    return source.replace(UP_BEFORE, UP + UP_BEFORE).replace(DOWN_AFTER, DOWN_AFTER + DOWN)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        edited = edit(file.read())
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write(edited)
