#!/bin/sh
# Flows of the program stateful: 14 in the cookie space 0xa0500000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/stateful.wbf
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
delete cookie=0xa0500000000000/0xfffff00000000000
cookie=0xa0528ffb167a9b,table=0,priority=0 actions=drop
cookie=0xa0574ebbe4fc40,table=0,priority=200,in_port=1,arp actions=output:2
cookie=0xa050c8664d3e7d,table=0,priority=200,in_port=2,arp actions=output:1
cookie=0xa053149f4a42ec,table=0,priority=100,ip,ct_state=-trk actions=ct(table=1,zone=1445)
cookie=0xa05608ee5968a8,table=1,priority=0 actions=drop
cookie=0xa052b2b4da52b5,table=1,priority=300,ct_state=+inv+trk actions=drop
cookie=0xa057ff26fcae90,table=1,priority=200,ip,ct_state=+est+trk,ct_mark=0x1 actions=goto_table:2
cookie=0xa0564139c5ebe6,table=1,priority=200,ip,ct_state=+est+trk,ct_mark=0x2 actions=goto_table:2
cookie=0xa0511af0586af8,table=1,priority=200,ip,ct_state=+rel-inv+trk actions=goto_table:2
cookie=0xa056f4c7657360,table=1,priority=100,in_port=1,ip,ct_state=+new-rel+trk actions=ct(commit,zone=1445,exec(set_field:0x1->ct_mark)),goto_table:2
cookie=0xa0510fcea60ea7,table=1,priority=100,in_port=2,tcp,ip_dst=192.0.2.80,tcp_dst=443,tcp_flags=+syn-ack,ct_state=+new-rel+trk actions=ct(commit,zone=1445,exec(set_field:0x2->ct_mark)),goto_table:2
cookie=0xa0546c7653d9b2,table=2,priority=0 actions=drop
cookie=0xa0536f1d0fe528,table=2,priority=32768,in_port=1 actions=output:2
cookie=0xa0522e48a221a5,table=2,priority=32768,in_port=2 actions=output:1
END_OF_FLOWS
