#!/bin/sh
# command_test.sh PIANISSIMO-LAB: exit codes and files of the subcommand import.
set -u
lab=$1
# shellcheck source=tests/unit/command.sh
. "$(dirname "$0")/../command.sh"

cat >"$dir/trace" <<'TRACE'
*;0;orca_version;3;0;1
*;0;group;27;270;vht;2;2;1;241a0;12158;c0ac;9134;60e0;4924;4058;3a34;3088;2c24
wl2;0;add;mt7615e;2;tpc,1;pwr-user,15;pkt;1;0,20,e0,2;2e
wl2;17503da1e84dea50;set_power;02:00:00:92:80:33;a;a;a;a
wl2;17503da1ed4ec800;stats;02:00:00:92:80:33;279;3e8;2f2;1;1;3f9;400
wl2;17503da1ee4ec800;est_tp;02:00:00:92:80:33;2f2
wl2;17503da1ef4ec
TRACE
expect 64 'nothing to import' import
expect 64 'no output' import orca "$dir/trace"
expect 66 'no such trace' import orca "$dir/none" -o "$dir/journal"
says err "$dir/none: cannot be read"
expect 73 'no such folder' import orca "$dir/trace" -o "$dir/none/journal"
echo 'hello; world; you' >"$dir/text"
expect 65 'no trace' import orca "$dir/text" -o "$dir/nothing"
says err "$dir/text:1: no line of it"
[ ! -e "$dir/nothing" ] || failed=1
expect 0 'a trace' import orca "$dir/trace" -o "$dir/journal.jsonl"
says out '7 lines, 1 torn'
says out '1 rate statistics, 1 of them as'
says journal.jsonl '"expected_bps":70687000'
says journal.jsonl '"asked_dbm":18'
expect 65 'replay without a law' replay "$dir/journal.jsonl"
says err 'no configuration was recorded'
expect 0 'replay' replay "$dir/journal.jsonl" --set policy=descend
expect 0 'report' report "$dir/journal.jsonl"

# 400 stations, then 9.9 s in which nothing is said: at 1 ms that is a journal of hundreds of MB.
awk 'BEGIN {
  print "*;0;orca_version;3;0;1"
  print "wl2;0;add;mt7615e;2;tpc,1;pwr-user,15;pkt;1;0,20,e0,2;2e"
  for (i = 0; i < 400; ++i) printf "wl2;174876e8%02x;est_tp;02:00:00:00:%02x:%02x;2f2\n", i % 256, i / 256, i % 256
  print "wl2;19689c4e00;est_tp;02:00:00:00:00:00;2f2"
}' >"$dir/sparse"
expect 65 'a journal without end' import orca "$dir/sparse" -o "$dir/sparse.jsonl" --interval-ms 1
says err 'say --long to go on'
for left in "$dir"/sparse.jsonl*; do [ ! -e "$left" ] || failed=1; done
expect 0 'the same, read more rarely' import orca "$dir/sparse" -o "$dir/sparse.jsonl" --interval-ms 1000 --long

# A pcap of one Ethernet frame: from 02:..:02 to 02:..:01, 2 bytes.
{
  printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000\377\377\000\000\001\000\000\000'
  printf '\001\000\000\000\000\000\000\000\020\000\000\000\020\000\000\000'
  printf '\002\000\000\000\000\001\002\000\000\000\000\002\010\000xy'
} >"$dir/capture"
expect 65 'no capture' import pcap "$dir/trace" -o "$dir/nothing"
expect 66 'no such capture' import pcap "$dir/none" -o "$dir/nothing"
expect 64 'no time' import pcap "$dir/capture" -o "$dir/nothing" --interval-ms 0
expect 0 'a capture' import pcap "$dir/capture" -o "$dir/table.csv"
columns=t_s,station,direction,bytes,packets,retries,rate_mbps,signal_dbm
printf '%s\n' "$columns,power_dbm,retry_share,failed" \
  '0.000000,02:00:00:00:00:01,to_station,2,1,0,,,,,' \
  '0.000000,02:00:00:00:00:02,from_station,2,1,0,,,,,' >"$dir/wanted.csv"
cmp "$dir/wanted.csv" "$dir/table.csv" || failed=1
expect 0 'a capture as a journal' import pcap "$dir/capture" -o "$dir/capture.jsonl"
says capture.jsonl '"tx_bytes":2,"tx_packets":1'
says out 'the capture does not tell powers: 20 dBm are assumed'
echo "$columns" >"$dir/older.csv"
expect 0 'over a table of before there were powers' import pcap "$dir/capture" -o "$dir/older.csv"
expect 0 'the same once more' import pcap "$dir/capture" -o "$dir/table.csv"
expect 0 'the same journal once more' import pcap "$dir/capture" -o "$dir/capture.jsonl"
expect 0 'the same trace once more' import orca "$dir/trace" -o "$dir/journal.jsonl"
leaves "$dir/mine" 'a table' import pcap "$dir/capture" -o "$dir/mine"
leaves "$dir/mine.jsonl" 'a journal' import pcap "$dir/capture" -o "$dir/mine.jsonl"
leaves "$dir/mine" 'a trace' import orca "$dir/trace" -o "$dir/mine"
cp "$dir/capture" "$dir/capture.csv"
expect 65 'over the capture itself' import pcap "$dir/capture.csv" -o "$dir/capture.csv"
cmp "$dir/capture" "$dir/capture.csv" || failed=1
expect 66 'a device' import orca /dev/zero -o "$dir/nothing"
expect 66 'a device as a capture' import pcap /dev/zero -o "$dir/nothing"

# Throughput at many powers: columns in an order of their own, a cell with a comma, CR at the ends.
printf '%s\r\n' 'route,bits_per_second,sender_txpower,packet_drop_percentage,receiver_txpower,sender_receiver_RSSI,receiver_sender_RSSI' \
  "\"['a', 'b']\",9000000,13,0.5,20,-61,-58" \
  "\"['a', 'b']\",,13,,20,-61,-58" \
  "\"['a']\",4000000,12,2,14,-64,-63" \
  "\"['a']\",7000000,13,1,14,-62,-63" >"$dir/lqe.csv"
expect 0 'throughput at many powers' import lqe "$dir/lqe.csv" -o "$dir/powers.csv"
says out '3 rows, 1 incomplete and left out; 2 levels'
says out ' 13 dBm       2          8.000       -61.5     +2.5'
printf '%s\n' 'level_dbm,throughput_bps,drop_percent,receiver_hears_dbm,sender_hears_dbm,receiver_power_dbm' \
  '12,4000000,2,-64,-63,14' '13,9000000,0.5,-61,-58,20' '13,7000000,1,-62,-63,14' >"$dir/wanted.csv"
cmp "$dir/wanted.csv" "$dir/powers.csv" || failed=1
expect 0 'the same once more' import lqe "$dir/lqe.csv" -o "$dir/powers.csv"
expect 0 'laws on it' recorded "$dir/powers.csv" --laws fixed-max --seeds 1 --seconds 1
expect 66 'no such recording' import lqe "$dir/none" -o "$dir/nothing"
expect 65 'another table' import lqe "$dir/table.csv" -o "$dir/nothing"
says err "$dir/table.csv:1:1: the header has no sender_txpower"
sed '4s/4000000/4e99/' "$dir/lqe.csv" >"$dir/broken.csv"
expect 65 'a throughput that nobody has' import lqe "$dir/broken.csv" -o "$dir/nothing"
says err "$dir/broken.csv:4:9: bits_per_second: 4e99 is not within 0..100000000000"
[ ! -e "$dir/nothing" ] || failed=1
leaves "$dir/mine" 'powers' import lqe "$dir/lqe.csv" -o "$dir/mine"
cp "$dir/lqe.csv" "$dir/own.csv"
expect 65 'over the recording itself' import lqe "$dir/own.csv" -o "$dir/own.csv"

# tcpdump -i any (LINUX_SLL) of one packet that the access point sent.
{
  printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000\377\377\000\000\161\000\000\000'
  printf '\001\000\000\000\000\000\000\000\022\000\000\000\022\000\000\000'
  printf '\000\004\000\001\000\006\002\000\000\000\000\001\000\000\010\000xy'
} >"$dir/any"
expect 65 'a capture that tells no station' import pcap "$dir/any" -o "$dir/nothing"
says err 'capture on the interface itself (tcpdump -i wlan0 -w FILE)'

# sent SECOND RATE POWER TX-FLAGS DATA-RETRIES SEQUENCE, in octal: a frame of 8194 bytes that the
# access point sent to 02:..:0a, in a monitor interface of its own; all but 2 of them are cut off.
sent() {
  printf "\\$1\\000\\000\\000\\000\\000\\000\\000\\047\\000\\000\\000\\047\\040\\000\\000"
  printf "\\000\\000\\015\\000\\004\\204\\002\\000\\$2\\$3\\$4\\000\\$5"
  printf '\010\002\000\000\002\000\000\000\000\012\002\000\000\000\000\001\002\000\000\000\000\001'
  printf "\\$6\\000xy"
}
{
  printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000\377\377\000\000\177\000\000\000'
  sent 001 154 024 000 000 020 # 54 Mbit/s, 20 dBm
  sent 002 154 024 000 001 040 # sent again once
  sent 003 060 013 000 000 060 # 24 Mbit/s, 11 dBm
  sent 004 060 013 001 006 100 # given up
  sent 005 060 177 000 000 120 # 127 dBm
} >"$dir/monitor"
expect 0 'a monitor capture' import pcap "$dir/monitor" -o "$dir/monitor.csv"
printf '%s\n' "$columns,power_dbm,retry_share,failed" \
  '0.000000,02:00:00:00:00:0a,to_station,8194,1,0,54.000,,20.000,0.000,0' \
  '1.000000,02:00:00:00:00:0a,to_station,8194,1,1,54.000,,20.000,0.500,0' \
  '2.000000,02:00:00:00:00:0a,to_station,8194,1,0,24.000,,11.000,0.000,0' \
  '3.000000,02:00:00:00:00:0a,to_station,0,0,6,24.000,,11.000,0.857,1' \
  '4.000000,02:00:00:00:00:0a,to_station,8194,1,0,24.000,,,0.000,0' >"$dir/wanted.csv"
cmp "$dir/wanted.csv" "$dir/monitor.csv" || failed=1
says out '1 frames were never acknowledged'
says out '1 frames tell a transmit power that is not plausible'
expect 0 'its journal' import pcap "$dir/monitor" -o "$dir/monitor.jsonl" --power-dbm 23
says out '4 frames tell their power, 2 changes of power; full power is taken to be 23 dBm'
says monitor.jsonl '"read_back_dbm":11'
says monitor.jsonl '"tx_retries":7,"tx_failed":1'
expect 0 'its three plots' report "$dir/monitor.jsonl" -o "$dir/page.html" --svg "$dir/drawings"
says page.html '"level":{"t":[0,2],"v":[20,11]}'
says page.html '"rate":[null,54,54,54,54,24,24,24,24,24]'
says page.html '"offered":[0.066,0.066,0.066,0,0.656]'
for text in 'power, dBm' 'throughput, Mbit/s' 'counted by the capture' 'bit rate of the last frame sent'; do
  says drawings/time-monitor.jsonl.svg "$text"
done
expect 0 'its replay' replay "$dir/monitor.jsonl" --set policy=descend
exit "$failed"
