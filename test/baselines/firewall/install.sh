#!/bin/sh
# Flows of the program firewall: 62 in the cookie space 0xa1100000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/firewall/main.wbf
#   examples/firewall/engine.wbf
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
delete cookie=0xa1100000000000/0xfffff00000000000
cookie=0xa1130a612b39e1,table=0,priority=0 actions=drop
cookie=0xa11471d3ce7f31,table=0,priority=200,in_port=1,arp,arp_spa=192.0.2.0/25 actions=output:normal
cookie=0xa112b8f328f921,table=0,priority=200,in_port=1,ip,ip_src=192.0.2.0/25 actions=set_field:0x1/0xff->reg0,goto_table:10
cookie=0xa115cb2d9a737a,table=0,priority=200,in_port=2,arp,arp_spa=192.0.2.128/25 actions=output:normal
cookie=0xa111d131d7dc99,table=0,priority=200,in_port=2,ip,ip_src=192.0.2.128/25 actions=set_field:0x2/0xff->reg0,goto_table:10
cookie=0xa112086b669c3f,table=0,priority=200,in_port=3,arp actions=output:normal
cookie=0xa117d3f6270d34,table=0,priority=300,in_port=3,ip,ip_src=0.0.0.0/8 actions=drop
cookie=0xa117d3f6270d34,table=0,priority=300,in_port=3,ip,ip_src=10.0.0.0/8 actions=drop
cookie=0xa117d3f6270d34,table=0,priority=300,in_port=3,ip,ip_src=100.64.0.0/10 actions=drop
cookie=0xa117d3f6270d34,table=0,priority=300,in_port=3,ip,ip_src=127.0.0.0/8 actions=drop
cookie=0xa117d3f6270d34,table=0,priority=300,in_port=3,ip,ip_src=169.254.0.0/16 actions=drop
cookie=0xa117d3f6270d34,table=0,priority=300,in_port=3,ip,ip_src=172.16.0.0/12 actions=drop
cookie=0xa117d3f6270d34,table=0,priority=300,in_port=3,ip,ip_src=192.0.2.0/24 actions=drop
cookie=0xa117d3f6270d34,table=0,priority=300,in_port=3,ip,ip_src=192.168.0.0/16 actions=drop
cookie=0xa117d3f6270d34,table=0,priority=300,in_port=3,ip,ip_src=224.0.0.0/3 actions=drop
cookie=0xa11024ec5e3e93,table=0,priority=200,in_port=3,ip actions=set_field:0x0/0xff->reg0,goto_table:10
cookie=0xa114a8cc8b028f,table=10,priority=0 actions=drop
cookie=0xa115224d15834d,table=10,priority=32768,ip actions=ct(table=20,zone=2577)
cookie=0xa112f55dfffef4,table=20,priority=0 actions=drop
cookie=0xa112f1c83e988e,table=20,priority=300,ct_state=+inv+trk actions=drop
cookie=0xa110668be115ea,table=20,priority=200,ip,ct_state=+est+trk,ct_mark=0x1 actions=goto_table:60
cookie=0xa1179165d9079f,table=20,priority=200,ip,ct_state=+rel+trk actions=goto_table:60
cookie=0xa111d18783eebb,table=20,priority=32768,tcp,tcp_flags=+syn-ack,ct_state=+new+trk actions=goto_table:30
cookie=0xa115d527eb8679,table=20,priority=32768,udp,ct_state=+new+trk actions=goto_table:30
cookie=0xa115d527eb8679,table=20,priority=32768,icmp,ct_state=+new+trk actions=goto_table:30
cookie=0xa114c9938779d5,table=30,priority=0 actions=goto_table:40
cookie=0xa110c2a51794fb,table=30,priority=32768,ip,ip_dst=192.0.2.0/25 actions=set_field:0x100/0xff00->reg0,goto_table:40
cookie=0xa110f7ca24b9dd,table=30,priority=32768,ip,ip_dst=192.0.2.128/25 actions=set_field:0x200/0xff00->reg0,goto_table:40
cookie=0xa112b053ba3602,table=40,priority=0 actions=drop
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x0/0xfff0,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x10/0xfff8,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=24,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x1a/0xfffe,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x1c/0xfffc,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x20/0xffe0,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x40/0xffc0,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x80/0xff80,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x100/0xff00,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x200/0xfe00,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x400/0xfc00,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x800/0xf800,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x1000/0xf000,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x2000/0xe000,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x4000/0xc000,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa114a9a81276da,table=40,priority=32768,tcp,tcp_dst=0x8000/0x8000,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa11335ce9760c0,table=40,priority=32768,udp,udp_dst=53,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa11335ce9760c0,table=40,priority=32768,udp,udp_dst=123,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa11335ce9760c0,table=40,priority=32768,udp,udp_dst=443,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa11335ce9760c0,table=40,priority=32768,udp,udp_dst=0x4000/0xc000,reg0=0x1/0xffff actions=goto_table:50
cookie=0xa111cb96f14e57,table=40,priority=32768,tcp,ip_src=192.0.2.140,tcp_dst=25,reg0=0x2/0xffff actions=goto_table:50
cookie=0xa1125f06a42376,table=40,priority=32768,tcp,ip_dst=192.0.2.130/31,tcp_dst=80,reg0=0x0/0xfe actions=goto_table:50
cookie=0xa1125f06a42376,table=40,priority=32768,tcp,ip_dst=192.0.2.130/31,tcp_dst=443,reg0=0x0/0xfe actions=goto_table:50
cookie=0xa115829bbf4060,table=40,priority=32768,tcp,ip_dst=192.0.2.140,tcp_dst=25,reg0=0x0/0xfe actions=goto_table:50
cookie=0xa115829bbf4060,table=40,priority=32768,tcp,ip_dst=192.0.2.140,tcp_dst=465,reg0=0x0/0xfe actions=goto_table:50
cookie=0xa115829bbf4060,table=40,priority=32768,tcp,ip_dst=192.0.2.140,tcp_dst=587,reg0=0x0/0xfe actions=goto_table:50
cookie=0xa115829bbf4060,table=40,priority=32768,tcp,ip_dst=192.0.2.140,tcp_dst=993,reg0=0x0/0xfe actions=goto_table:50
cookie=0xa1150e99d33056,table=40,priority=32768,tcp,ip_src=192.0.2.16/29,tcp_dst=22,reg0=0x201/0xffff actions=goto_table:50
cookie=0xa1136e8edc4ca4,table=40,priority=32768,icmp,icmp_type=8,reg0=0x1/0xff actions=goto_table:50
cookie=0xa1136e8edc4ca4,table=40,priority=32768,icmp,icmp_type=8,reg0=0x2/0xff actions=goto_table:50
cookie=0xa116b73f775afe,table=50,priority=0 actions=drop
cookie=0xa11268d00ff08d,table=50,priority=32768,ip,ct_state=+new+trk actions=ct(commit,zone=2577,exec(set_field:0x1->ct_mark)),goto_table:60
cookie=0xa1167ac9fe12fb,table=60,priority=0 actions=output:normal
END_OF_FLOWS
