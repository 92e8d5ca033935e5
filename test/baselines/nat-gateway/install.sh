#!/bin/sh
# Flows of the program nat_gateway: 41 in the cookie space 0xa1200000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/nat-gateway/main.wbf
#   std/acl
#   std/arp
#   std/icmp
#   std/nat
#   examples/nat-gateway/hosts.csv
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
delete cookie=0xa1200000000000/0xfffff00000000000
cookie=0xa12250ce7d5185,table=0,priority=0 actions=drop
cookie=0xa127a59487f38f,table=0,priority=32768,in_port=1 actions=goto_table:40
cookie=0xa12666b51f5232,table=0,priority=32768,in_port=2,eth_src=02:00:00:00:00:0a,arp,arp_spa=192.168.1.10,arp_sha=02:00:00:00:00:0a actions=goto_table:10
cookie=0xa1228fface416d,table=0,priority=32768,in_port=2,eth_src=02:00:00:00:00:0a,ip,ip_src=192.168.1.10 actions=goto_table:10
cookie=0xa123f1f93900f5,table=0,priority=32768,in_port=3,eth_src=02:00:00:00:00:14,arp,arp_spa=192.168.1.20,arp_sha=02:00:00:00:00:14 actions=goto_table:10
cookie=0xa125603c1bb98b,table=0,priority=32768,in_port=3,eth_src=02:00:00:00:00:14,ip,ip_src=192.168.1.20 actions=goto_table:10
cookie=0xa121a04c03d7d4,table=0,priority=32768,in_port=4,eth_src=02:00:00:00:00:50,arp,arp_spa=192.168.1.80,arp_sha=02:00:00:00:00:50 actions=goto_table:10
cookie=0xa12487def6ef17,table=0,priority=32768,in_port=4,eth_src=02:00:00:00:00:50,ip,ip_src=192.168.1.80 actions=goto_table:10
cookie=0xa1251855a16844,table=10,priority=0 actions=drop
cookie=0xa127b514700ee6,table=10,priority=10,arp,arp_op=1,arp_tpa=192.168.1.1 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:192.168.1.1->arp_spa,set_field:02:00:00:00:00:01->arp_sha,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:01->eth_src,output:in_port
cookie=0xa121e98ed7603f,table=10,priority=20,eth_dst=02:00:00:00:00:01,icmp,ip_dst=192.168.1.1,icmp_type=8,icmp_code=0 actions=move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:01->eth_src,move:ip_src[]->ip_dst[],set_field:192.168.1.1->ip_src,set_field:0->icmp_type,output:in_port
cookie=0xa125532db3166b,table=10,priority=15,ip,ip_dst=192.168.1.0/24 actions=drop
cookie=0xa1208234cd7586,table=10,priority=10,eth_dst=02:00:00:00:00:01,ip actions=ct(table=20,zone=2578,nat)
cookie=0xa125cccec981b9,table=10,priority=10,arp,arp_op=1,arp_tpa=192.168.1.10 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:192.168.1.10->arp_spa,set_field:02:00:00:00:00:0a->arp_sha,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:0a->eth_src,output:in_port
cookie=0xa1229839457a60,table=10,priority=32768,eth_dst=02:00:00:00:00:0a actions=output:2
cookie=0xa121d1f7f989d2,table=10,priority=10,arp,arp_op=1,arp_tpa=192.168.1.20 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:192.168.1.20->arp_spa,set_field:02:00:00:00:00:14->arp_sha,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:14->eth_src,output:in_port
cookie=0xa124f536fdb9f3,table=10,priority=32768,eth_dst=02:00:00:00:00:14 actions=output:3
cookie=0xa12420c7fbda3a,table=10,priority=10,arp,arp_op=1,arp_tpa=192.168.1.80 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:192.168.1.80->arp_spa,set_field:02:00:00:00:00:50->arp_sha,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:50->eth_src,output:in_port
cookie=0xa120d1b03f0099,table=10,priority=32768,eth_dst=02:00:00:00:00:50 actions=output:4
cookie=0xa1220dcc4392ee,table=20,priority=0 actions=drop
cookie=0xa127f7914576d8,table=20,priority=210,ip,ct_state=+inv+trk actions=drop
cookie=0xa1277f7fb76917,table=20,priority=200,ip,ct_state=+est-inv+trk actions=goto_table:30
cookie=0xa122a2e1fc5efe,table=20,priority=200,ip,ct_state=-est+rel-inv+trk actions=goto_table:30
cookie=0xa124ff65b46fe1,table=20,priority=100,ip,ip_src=192.168.1.0/24,ct_state=+new-rel-inv+trk actions=ct(commit,table=30,zone=2578,nat(src=198.51.100.2))
cookie=0xa12602e0e1881a,table=20,priority=110,ip,ip_src=192.168.1.80,ct_state=+new-rel-inv+trk actions=ct(commit,table=30,zone=2578,nat(src=198.51.100.80))
cookie=0xa1264790abc054,table=30,priority=0 actions=drop
cookie=0xa125f406002005,table=30,priority=32768,ip actions=set_field:02:00:00:00:00:02->eth_src,set_field:02:00:00:00:00:fe->eth_dst,dec_ttl,output:1
cookie=0xa126558b434362,table=40,priority=0 actions=drop
cookie=0xa12197d2c8f1c6,table=40,priority=10,arp,arp_op=1,arp_tpa=198.51.100.2 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:198.51.100.2->arp_spa,set_field:02:00:00:00:00:02->arp_sha,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:02->eth_src,output:in_port
cookie=0xa123b9ce439797,table=40,priority=20,eth_dst=02:00:00:00:00:02,icmp,ip_dst=198.51.100.2,icmp_type=8,icmp_code=0 actions=move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:02->eth_src,move:ip_src[]->ip_dst[],set_field:198.51.100.2->ip_src,set_field:0->icmp_type,output:in_port
cookie=0xa122deb57cacb2,table=40,priority=10,eth_dst=02:00:00:00:00:02,ip actions=ct(table=50,zone=2578,nat)
cookie=0xa127040e66270f,table=40,priority=10,arp,arp_op=1,arp_tpa=198.51.100.80 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:198.51.100.80->arp_spa,set_field:02:00:00:00:00:02->arp_sha,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:02->eth_src,output:in_port
cookie=0xa125306406343b,table=50,priority=0 actions=drop
cookie=0xa124e780140e61,table=50,priority=210,ip,ct_state=+inv+trk actions=drop
cookie=0xa12399660ec35c,table=50,priority=200,ip,ct_state=+est-inv+trk actions=goto_table:60
cookie=0xa120cbcb287f39,table=50,priority=200,ip,ct_state=-est+rel-inv+trk actions=goto_table:60
cookie=0xa12711c5242a60,table=50,priority=120,tcp,ip_dst=198.51.100.80,tcp_dst=443,ct_state=+new-rel-inv+trk actions=ct(commit,table=60,zone=2578,nat(dst=192.168.1.80:443))
cookie=0xa121e684a481a6,table=60,priority=0 actions=drop
cookie=0xa126b0b8c02f58,table=60,priority=32768,ip,ip_dst=192.168.1.10 actions=set_field:02:00:00:00:00:01->eth_src,set_field:02:00:00:00:00:0a->eth_dst,dec_ttl,output:2
cookie=0xa121d28c0f7345,table=60,priority=32768,ip,ip_dst=192.168.1.20 actions=set_field:02:00:00:00:00:01->eth_src,set_field:02:00:00:00:00:14->eth_dst,dec_ttl,output:3
cookie=0xa1274cb4049694,table=60,priority=32768,ip,ip_dst=192.168.1.80 actions=set_field:02:00:00:00:00:01->eth_src,set_field:02:00:00:00:00:50->eth_dst,dec_ttl,output:4
END_OF_FLOWS
