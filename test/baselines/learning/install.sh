#!/bin/sh
# Flows of the program learning: 7 in the cookie space 0xa0600000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/learning.wbf
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
delete cookie=0xa0600000000000/0xfffff00000000000
cookie=0xa06297bcbff856,table=0,priority=0 actions=goto_table:1
cookie=0xa06252ed34550e,table=0,priority=200,eth_dst=01:80:c2:00:00:00/ff:ff:ff:ff:ff:f0 actions=drop
cookie=0xa061c3fdf2e77a,table=0,priority=200,eth_src=01:00:00:00:00:00/01:00:00:00:00:00 actions=drop
cookie=0xa065993ccfae70,table=1,priority=0 actions=learn(table=2,hard_timeout=300,priority=100,cookie=0xa06d993ccfae70,vlan_tci[0..11]=vlan_tci[0..11],eth_dst[]=eth_src[],load:in_port[]->reg0[0..15]),resubmit(,2),goto_table:3
cookie=0xa0602088770c3e,table=2,priority=0 actions=drop
cookie=0xa060e7210607db,table=3,priority=0 actions=output:reg0[0..15]
cookie=0xa066481d6fd5a6,table=3,priority=100,reg0=0x0/0xffff actions=output:flood
END_OF_FLOWS
