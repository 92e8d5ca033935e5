#!/bin/sh
# Flows of the program router: 28 in the cookie space 0xa0400000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/router.wbf
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
delete cookie=0xa0400000000000/0xfffff00000000000
cookie=0xa0431607b1c369,table=0,priority=0 actions=drop
cookie=0xa040da1a43efa2,table=0,priority=300,ip,ip_src=127.0.0.0/8 actions=drop
cookie=0xa046266e9c37ef,table=0,priority=300,in_port=3,ip,ip_src=10.0.0.0/8 actions=drop
cookie=0xa043dc85afed4d,table=0,priority=200,in_port=1,arp,arp_op=1,arp_tpa=10.0.1.1 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:01->arp_sha,set_field:10.0.1.1->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:01->eth_src,output:in_port
cookie=0xa041dd5c110c36,table=0,priority=200,in_port=2,arp,arp_op=1,arp_tpa=10.0.2.1 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:02:01->arp_sha,set_field:10.0.2.1->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:02:01->eth_src,output:in_port
cookie=0xa044ed18010555,table=0,priority=200,in_port=3,arp,arp_op=1,arp_tpa=203.0.113.2 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:03:01->arp_sha,set_field:203.0.113.2->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:03:01->eth_src,output:in_port
cookie=0xa04513f2f08367,table=0,priority=150,ip,ip_dst=10.0.1.1 actions=goto_table:5
cookie=0xa04017fa88b7c5,table=0,priority=150,ip,ip_dst=10.0.2.1 actions=goto_table:5
cookie=0xa042ea5e968307,table=0,priority=150,ip,ip_dst=203.0.113.2 actions=goto_table:5
cookie=0xa04427245077da,table=0,priority=100,in_port=1,eth_dst=02:00:00:00:01:01,ip actions=goto_table:10
cookie=0xa0408262d45472,table=0,priority=100,in_port=2,eth_dst=02:00:00:00:02:01,ip actions=goto_table:10
cookie=0xa045c1845daad4,table=0,priority=100,in_port=3,eth_dst=02:00:00:00:03:01,ip actions=goto_table:10
cookie=0xa042db46b6af4d,table=5,priority=0 actions=drop
cookie=0xa047d388e8e68d,table=5,priority=32768,icmp,icmp_type=8,icmp_code=0 actions=move:eth_src[]->xreg1[0..47],move:eth_dst[]->eth_src[],move:xreg1[0..47]->eth_dst[],move:ip_src[]->reg4[],move:ip_dst[]->ip_src[],move:reg4[]->ip_dst[],set_field:64->nw_ttl,set_field:0->icmp_type,output:in_port
cookie=0xa040b03e270a65,table=10,priority=0 actions=drop
cookie=0xa046e3273a0ad5,table=10,priority=24,ip,ip_dst=10.0.1.0/24 actions=dec_ttl,set_field:0x1/0x3->reg0,move:ip_dst[]->reg1[],goto_table:20
cookie=0xa043a6321e4e6f,table=10,priority=24,ip,ip_dst=10.0.2.0/24 actions=dec_ttl,set_field:0x2/0x3->reg0,move:ip_dst[]->reg1[],goto_table:20
cookie=0xa04233335a432e,table=10,priority=8,ip,ip_dst=10.0.0.0/8 actions=drop
cookie=0xa0438ad58ff93c,table=10,priority=1,ip actions=dec_ttl,set_field:0x3/0x3->reg0,set_field:0xcb007101->reg1,goto_table:20
cookie=0xa0436e9ff61276,table=20,priority=0 actions=drop
cookie=0xa0404c89f331a5,table=20,priority=32768,ip,reg0=0x1/0x3,reg1=0xa00010a actions=set_field:02:00:00:00:01:10->eth_dst,goto_table:30
cookie=0xa0403d6b24a5fd,table=20,priority=32768,ip,reg0=0x1/0x3,reg1=0xa00010b actions=set_field:02:00:00:00:01:11->eth_dst,goto_table:30
cookie=0xa0468a190d608c,table=20,priority=32768,ip,reg0=0x2/0x3,reg1=0xa000250 actions=set_field:02:00:00:00:02:80->eth_dst,goto_table:30
cookie=0xa0414bd86dc5d6,table=20,priority=32768,ip,reg0=0x3/0x3,reg1=0xcb007101 actions=set_field:02:00:00:00:03:fe->eth_dst,goto_table:30
cookie=0xa0426fc74f994f,table=30,priority=0 actions=drop
cookie=0xa041d3b0b1ffdb,table=30,priority=32768,reg0=0x1/0x3 actions=set_field:02:00:00:00:01:01->eth_src,output:1
cookie=0xa04701b5f3dba1,table=30,priority=32768,reg0=0x2/0x3 actions=set_field:02:00:00:00:02:01->eth_src,output:2
cookie=0xa045ee30320bad,table=30,priority=32768,reg0=0x3/0x3 actions=set_field:02:00:00:00:03:01->eth_src,output:3
END_OF_FLOWS
