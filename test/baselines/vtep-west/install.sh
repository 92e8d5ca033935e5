#!/bin/sh
# Flows of the program vtep_west: 22 in the cookie space 0xa1500000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/vtep/west.wbf
#   examples/vtep/vtep.wbf
#   examples/vtep/tenants.yaml
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
delete cookie=0xa1500000000000/0xfffff00000000000
cookie=0xa1526ae021b238,table=0,priority=0 actions=drop
cookie=0xa154c2164383a6,table=0,priority=32768,in_port=11,eth_src=02:00:00:00:01:01 actions=set_field:0x1389->tun_id,goto_table:10
cookie=0xa153cb9aa9e8ba,table=0,priority=32768,in_port=1,eth_src=02:00:00:00:01:02,tun_id=0x1389,tun_src=192.0.2.2 actions=goto_table:30
cookie=0xa153560fffecd6,table=0,priority=32768,in_port=12,eth_src=02:00:00:00:01:03 actions=set_field:0x1389->tun_id,goto_table:10
cookie=0xa1528c2c1d773c,table=0,priority=32768,in_port=13,eth_src=02:00:00:00:01:01 actions=set_field:0x138a->tun_id,goto_table:10
cookie=0xa1540bd02d2adb,table=0,priority=32768,in_port=2,eth_src=02:00:00:00:01:02,tun_id=0x138a,tun_src=192.0.2.2 actions=goto_table:30
cookie=0xa15049408b65fb,table=10,priority=0 actions=goto_table:20
cookie=0xa15746cfea7f8f,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.1,tun_id=0x1389 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:01->arp_sha,set_field:10.0.0.1->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:01->eth_src,output:in_port
cookie=0xa156353df5c7e5,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.2,tun_id=0x1389 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:02->arp_sha,set_field:10.0.0.2->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:02->eth_src,output:in_port
cookie=0xa1522e093511dd,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.3,tun_id=0x1389 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:03->arp_sha,set_field:10.0.0.3->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:03->eth_src,output:in_port
cookie=0xa15192f509509d,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.1,tun_id=0x138a actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:01->arp_sha,set_field:10.0.0.1->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:01->eth_src,output:in_port
cookie=0xa1528880cf8856,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.2,tun_id=0x138a actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:02->arp_sha,set_field:10.0.0.2->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:02->eth_src,output:in_port
cookie=0xa1513a9840a93f,table=20,priority=0 actions=drop
cookie=0xa15251e5eef902,table=20,priority=32768,eth_dst=02:00:00:00:01:01,tun_id=0x1389 actions=output:11
cookie=0xa157b117a42581,table=20,priority=32768,eth_dst=02:00:00:00:01:02,tun_id=0x1389 actions=set_field:192.0.2.2->tun_dst,output:1
cookie=0xa15249de79a4ef,table=20,priority=32768,eth_dst=02:00:00:00:01:03,tun_id=0x1389 actions=output:12
cookie=0xa153c5885e8f97,table=20,priority=32768,eth_dst=02:00:00:00:01:01,tun_id=0x138a actions=output:13
cookie=0xa150921d15f122,table=20,priority=32768,eth_dst=02:00:00:00:01:02,tun_id=0x138a actions=set_field:192.0.2.2->tun_dst,output:2
cookie=0xa152512a9fb996,table=30,priority=0 actions=drop
cookie=0xa1566e5e81bb4e,table=30,priority=32768,eth_dst=02:00:00:00:01:01,tun_id=0x1389 actions=output:11
cookie=0xa154bc39c4cfdb,table=30,priority=32768,eth_dst=02:00:00:00:01:03,tun_id=0x1389 actions=output:12
cookie=0xa1511f72136419,table=30,priority=32768,eth_dst=02:00:00:00:01:01,tun_id=0x138a actions=output:13
END_OF_FLOWS
