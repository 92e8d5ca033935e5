#!/bin/sh
# Flows of the program vtep_east: 21 in the cookie space 0xa1500000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/vtep/east.wbf
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
cookie=0xa1537856ed155e,table=0,priority=32768,in_port=1,eth_src=02:00:00:00:01:01,tun_id=0x1389,tun_src=192.0.2.1 actions=goto_table:30
cookie=0xa1565e19920cc5,table=0,priority=32768,in_port=11,eth_src=02:00:00:00:01:02 actions=set_field:0x1389->tun_id,goto_table:10
cookie=0xa1573fa0eefa83,table=0,priority=32768,in_port=1,eth_src=02:00:00:00:01:03,tun_id=0x1389,tun_src=192.0.2.1 actions=goto_table:30
cookie=0xa157cabd7b8875,table=0,priority=32768,in_port=2,eth_src=02:00:00:00:01:01,tun_id=0x138a,tun_src=192.0.2.1 actions=goto_table:30
cookie=0xa152daa166ee16,table=0,priority=32768,in_port=12,eth_src=02:00:00:00:01:02 actions=set_field:0x138a->tun_id,goto_table:10
cookie=0xa15049408b65fb,table=10,priority=0 actions=goto_table:20
cookie=0xa1516f37ee8569,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.1,tun_id=0x1389 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:01->arp_sha,set_field:10.0.0.1->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:01->eth_src,output:in_port
cookie=0xa154cac0a786db,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.2,tun_id=0x1389 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:02->arp_sha,set_field:10.0.0.2->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:02->eth_src,output:in_port
cookie=0xa157225ed63c20,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.3,tun_id=0x1389 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:03->arp_sha,set_field:10.0.0.3->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:03->eth_src,output:in_port
cookie=0xa1576c873bb86f,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.1,tun_id=0x138a actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:01->arp_sha,set_field:10.0.0.1->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:01->eth_src,output:in_port
cookie=0xa15616d0a40805,table=10,priority=32768,arp,arp_op=1,arp_tpa=10.0.0.2,tun_id=0x138a actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:01:02->arp_sha,set_field:10.0.0.2->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:01:02->eth_src,output:in_port
cookie=0xa1513a9840a93f,table=20,priority=0 actions=drop
cookie=0xa150057208dd62,table=20,priority=32768,eth_dst=02:00:00:00:01:01,tun_id=0x1389 actions=set_field:192.0.2.1->tun_dst,output:1
cookie=0xa150d120bb7e2f,table=20,priority=32768,eth_dst=02:00:00:00:01:02,tun_id=0x1389 actions=output:11
cookie=0xa1527ee17b6e8e,table=20,priority=32768,eth_dst=02:00:00:00:01:03,tun_id=0x1389 actions=set_field:192.0.2.1->tun_dst,output:1
cookie=0xa15316c96c8498,table=20,priority=32768,eth_dst=02:00:00:00:01:01,tun_id=0x138a actions=set_field:192.0.2.1->tun_dst,output:2
cookie=0xa150dacdc7c7bd,table=20,priority=32768,eth_dst=02:00:00:00:01:02,tun_id=0x138a actions=output:12
cookie=0xa152512a9fb996,table=30,priority=0 actions=drop
cookie=0xa152084baa6a4d,table=30,priority=32768,eth_dst=02:00:00:00:01:02,tun_id=0x1389 actions=output:11
cookie=0xa157f3c502ff26,table=30,priority=32768,eth_dst=02:00:00:00:01:02,tun_id=0x138a actions=output:12
END_OF_FLOWS
