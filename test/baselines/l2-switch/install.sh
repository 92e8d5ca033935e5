#!/bin/sh
# Flows of the program l2_switch: 17 in the cookie space 0xa0200000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/l2-switch.wbf
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
delete cookie=0xa0200000000000/0xfffff00000000000
cookie=0xa02297bcbff856,table=0,priority=0 actions=drop
cookie=0xa02252ed34550e,table=0,priority=200,eth_dst=01:80:c2:00:00:00/ff:ff:ff:ff:ff:f0 actions=drop
cookie=0xa0228e293e16f3,table=0,priority=100,in_port=1,eth_src=02:00:00:00:0a:01,vlan_vid=0 actions=set_field:0xa/0xfff->reg0,goto_table:1
cookie=0xa02027f0cae0ef,table=0,priority=100,in_port=2,eth_src=02:00:00:00:0a:02,vlan_vid=0 actions=set_field:0xa/0xfff->reg0,goto_table:1
cookie=0xa02404f6879dd5,table=0,priority=100,in_port=3,eth_src=02:00:00:00:14:01,vlan_vid=0 actions=set_field:0x14/0xfff->reg0,goto_table:1
cookie=0xa024e534dad5d5,table=0,priority=100,in_port=4,eth_src=02:00:00:00:14:02,vlan_vid=0 actions=set_field:0x14/0xfff->reg0,goto_table:1
cookie=0xa02338656dfc6f,table=0,priority=100,in_port=5,vlan_vid=4106 actions=pop_vlan,set_field:0xa/0xfff->reg0,goto_table:1
cookie=0xa023a913d652e9,table=0,priority=100,in_port=5,vlan_vid=4116 actions=pop_vlan,set_field:0x14/0xfff->reg0,goto_table:1
cookie=0xa020c9eb29c5be,table=1,priority=0 actions=drop
cookie=0xa02201ed87242f,table=1,priority=100,eth_dst=02:00:00:00:0a:01,reg0=0xa/0xfff actions=output:1
cookie=0xa02601dcc416a6,table=1,priority=100,eth_dst=02:00:00:00:0a:02,reg0=0xa/0xfff actions=output:2
cookie=0xa0253c31a7e070,table=1,priority=100,eth_dst=02:00:00:00:14:01,reg0=0x14/0xfff actions=output:3
cookie=0xa02763703707eb,table=1,priority=100,eth_dst=02:00:00:00:14:02,reg0=0x14/0xfff actions=output:4
cookie=0xa0236d142652d2,table=1,priority=50,eth_dst=01:00:00:00:00:00/01:00:00:00:00:00,reg0=0xa/0xfff actions=output:1,output:2,push_vlan:0x8100,set_field:4106->vlan_vid,output:5
cookie=0xa02289908c7207,table=1,priority=50,eth_dst=01:00:00:00:00:00/01:00:00:00:00:00,reg0=0x14/0xfff actions=output:3,output:4,push_vlan:0x8100,set_field:4116->vlan_vid,output:5
cookie=0xa022c2e6c5db6b,table=1,priority=10,reg0=0xa/0xfff actions=push_vlan:0x8100,set_field:4106->vlan_vid,output:5
cookie=0xa0247b94863d0a,table=1,priority=10,reg0=0x14/0xfff actions=push_vlan:0x8100,set_field:4116->vlan_vid,output:5
END_OF_FLOWS
