#!/bin/sh
# Flows of the program acl: 24 in the cookie space 0xa0300000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/acl.wbf
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
delete cookie=0xa0300000000000/0xfffff00000000000
cookie=0xa034cb9a72d925,table=0,priority=0 actions=drop
cookie=0xa032d054eb9d71,table=0,priority=1000,in_port=2,arp actions=output:1
cookie=0xa033126a2778a9,table=0,priority=1000,in_port=1,arp actions=output:2
cookie=0xa035c394e26165,table=0,priority=900,ip,ip_frag=later actions=drop
cookie=0xa035880e9baba5,table=0,priority=900,in_port=2,ip,ip_src=192.0.2.0/24 actions=drop
cookie=0xa0339d26db0d46,table=0,priority=800,in_port=1,tcp,tcp_flags=+syn-ack actions=drop
cookie=0xa0336d7ce93023,table=0,priority=500,in_port=2,tcp,ip_dst=192.0.2.80,tcp_dst=443 actions=output:1
cookie=0xa0302dad14d27f,table=0,priority=500,in_port=1,tcp,ip_src=192.0.2.80,tcp_src=443 actions=output:2
cookie=0xa033e5445e6958,table=0,priority=500,in_port=2,tcp,ip_dst=192.0.2.80,tcp_dst=80 actions=output:1
cookie=0xa0342c6f45fb78,table=0,priority=500,in_port=1,tcp,ip_src=192.0.2.80,tcp_src=80 actions=output:2
cookie=0xa0344e4ba9e4e3,table=0,priority=500,in_port=2,tcp,ip_dst=192.0.2.25,tcp_dst=25 actions=output:1
cookie=0xa0315c78d54c38,table=0,priority=500,in_port=1,tcp,ip_src=192.0.2.25,tcp_src=25 actions=output:2
cookie=0xa031e6f7334552,table=0,priority=510,in_port=2,udp,ip_dst=192.0.2.53,udp_src=0x0/0xfc00 actions=drop
cookie=0xa0359690605d2d,table=0,priority=500,in_port=2,udp,ip_dst=192.0.2.53,udp_dst=53 actions=output:1
cookie=0xa032f342a8c3bf,table=0,priority=500,in_port=1,udp,ip_src=192.0.2.53,udp_src=53 actions=output:2
cookie=0xa037de26ff8015,table=0,priority=500,in_port=2,tcp,ip_src=198.51.100.0/26,ip_dst=192.0.2.0/24,tcp_dst=22 actions=output:1
cookie=0xa035393e12140b,table=0,priority=500,in_port=1,tcp,ip_src=192.0.2.0/24,ip_dst=198.51.100.0/26,tcp_src=22 actions=output:2
cookie=0xa0317de30752de,table=0,priority=500,in_port=1,udp,ip_src=192.0.2.53,ip_dst=198.51.100.123,udp_src=123,udp_dst=123 actions=output:2
cookie=0xa0364803b760d2,table=0,priority=500,in_port=2,udp,ip_src=198.51.100.123,ip_dst=192.0.2.53,udp_src=123,udp_dst=123 actions=output:1
cookie=0xa031f5b69e2e56,table=0,priority=400,in_port=2,icmp,icmp_type=8 actions=output:1
cookie=0xa031a8544734af,table=0,priority=400,in_port=1,icmp,icmp_type=0 actions=output:2
cookie=0xa0308f6b6302ae,table=0,priority=400,in_port=2,icmp,icmp_type=3,icmp_code=4 actions=output:1
cookie=0xa03105e16beab1,table=0,priority=400,in_port=1,icmp,icmp_type=3,icmp_code=4 actions=output:2
cookie=0xa03383262e474a,table=0,priority=390,in_port=1,icmp,icmp_type=3 actions=output:2
END_OF_FLOWS
