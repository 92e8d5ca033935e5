#!/bin/sh
# Flows of the program seed: 3 in the cookie space 0xfc94100000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/seed.wbf
#   std/arp
#   std/icmp
#
# Usage: sh SCRIPT BRIDGE
#
# Replaces all flows of that cookie space on BRIDGE (a name, or a connection such as unix:/path or
# tcp:127.0.0.1:6653) in one step, or changes nothing and exits with the status of ovs-ofctl. Flows with other
# cookies stay. It can be run again at any time. OVS_OFCTL names another ovs-ofctl.

set -eu

if [ "$#" -ne 1 ] || [ -z "$1" ]; then
  echo "usage: $0 BRIDGE" >&2
  exit 2
fi

"${OVS_OFCTL:-ovs-ofctl}" --timeout=60 -O OpenFlow15 --bundle -- add-flows "$1" - <<'END_OF_FLOWS'
delete cookie=0xfc94100000000000/0xfffff00000000000
cookie=0xfc941250ce7d5185,table=0,priority=0 actions=drop
cookie=0xfc9413a15f0f6db2,table=0,priority=10,in_port=1,eth_dst=ff:ff:ff:ff:ff:ff,arp,arp_op=1,arp_tpa=10.11.22.26,arp_tha=00:00:00:00:00:00 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:10.11.22.26->arp_spa,set_field:00:00:00:00:99:99->arp_sha,move:eth_src[]->eth_dst[],set_field:00:00:00:00:99:99->eth_src,output:in_port
cookie=0xfc9415dee93b179f,table=0,priority=11,eth_dst=00:00:00:00:99:99,icmp,ip_dst=10.11.22.26,icmp_type=8,icmp_code=0 actions=move:eth_src[]->eth_dst[],set_field:00:00:00:00:99:99->eth_src,move:ip_src[]->ip_dst[],set_field:10.11.22.26->ip_src,set_field:0->icmp_type,output:in_port
END_OF_FLOWS
