#!/bin/sh
# Flows of the program load_balancer: 18 in the cookie space 0xa1300000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/load-balancer/main.wbf
#   std/arp
#   std/icmp
#   std/nat
#   examples/load-balancer/services.yaml
#   examples/load-balancer/servers.csv
#
# Usage: sh SCRIPT BRIDGE
#
# Replaces all flows of that cookie space on BRIDGE (a name, or a connection such as unix:/path or
# tcp:127.0.0.1:6653) in one step, or changes nothing and exits with the status of ovs-ofctl. Flows with other
# cookies stay. It can be run again at any time. OVS_OFCTL names another ovs-ofctl.
# Groups go with the flows in that step. Meters and the map of tunnel options cannot: the map is filled up and new
# meters are made before it, changed meters are changed and old ones deleted after it, and an error in between makes
# the script fail while the flows are those of before (in front of that step) or of now (behind it).

set -eu

if [ "$#" -ne 1 ] || [ -z "$1" ]; then
  echo "usage: $0 BRIDGE" >&2
  exit 2
fi

bridge=$1

ofctl() {
  "${OVS_OFCTL:-ovs-ofctl}" --timeout=60 -O OpenFlow15 "$@"
}

# Groups of ours that the program no longer has.
groups=$(ofctl -- dump-groups "${bridge}")
groups=$(printf '%s\n' "${groups}" | sed -n 's/^ *group_id=\([0-9]*\),.*/\1/p')
old_groups=''
for id in ${groups}; do
  case ${id} in
    300 | 301) continue ;;
    *) ;;
  esac
  if { [ "${id}" -ge 300 ] && [ "${id}" -le 399 ]; }; then
    old_groups="${old_groups} ${id}"
  fi
done

# All groups and flows at once, or none.
{
  cat <<'END_OF_FLOWS'
group add_or_mod group_id=300,type=select,selection_method=dp_hash,bucket=weight:1,actions=ct(commit,table=20,zone=2579,nat(dst=10.3.0.11:8080)),bucket=weight:1,actions=ct(commit,table=20,zone=2579,nat(dst=10.3.0.12:8080)),bucket=weight:2,actions=ct(commit,table=20,zone=2579,nat(dst=10.3.0.13:8080))
group add_or_mod group_id=301,type=select,selection_method=dp_hash,bucket=weight:1,actions=ct(commit,table=20,zone=2579,nat(dst=10.3.0.11:5353)),bucket=weight:1,actions=ct(commit,table=20,zone=2579,nat(dst=10.3.0.12:5353))
flow delete cookie=0xa1300000000000/0xfffff00000000000
flow add cookie=0xa13250ce7d5185,table=0,priority=0 actions=drop
flow add cookie=0xa136cbc44261fe,table=0,priority=10,arp,arp_op=1,arp_tpa=203.0.113.10 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:203.0.113.10->arp_spa,set_field:02:00:00:00:00:01->arp_sha,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:01->eth_src,output:in_port
flow add cookie=0xa13636fa431e87,table=0,priority=20,eth_dst=02:00:00:00:00:01,icmp,ip_dst=203.0.113.10,icmp_type=8,icmp_code=0 actions=move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:01->eth_src,move:ip_src[]->ip_dst[],set_field:203.0.113.10->ip_src,set_field:0->icmp_type,output:in_port
flow add cookie=0xa132b87cf18862,table=0,priority=10,arp,arp_op=1,arp_tpa=203.0.113.11 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:203.0.113.11->arp_spa,set_field:02:00:00:00:00:01->arp_sha,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:01->eth_src,output:in_port
flow add cookie=0xa1371677824a75,table=0,priority=20,eth_dst=02:00:00:00:00:01,icmp,ip_dst=203.0.113.11,icmp_type=8,icmp_code=0 actions=move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:01->eth_src,move:ip_src[]->ip_dst[],set_field:203.0.113.11->ip_src,set_field:0->icmp_type,output:in_port
flow add cookie=0xa132c70ea2b2f1,table=0,priority=10,arp,arp_op=1,arp_tpa=10.3.0.1 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:10.3.0.1->arp_spa,set_field:02:00:00:00:00:01->arp_sha,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:01->eth_src,output:in_port
flow add cookie=0xa1350ddd3da096,table=0,priority=10,eth_dst=02:00:00:00:00:01,ip actions=ct(table=10,zone=2579,nat)
flow add cookie=0xa135035d33951b,table=10,priority=0 actions=drop
flow add cookie=0xa1356b7f88e2dd,table=10,priority=210,ip,ct_state=+inv+trk actions=drop
flow add cookie=0xa130e007b7f901,table=10,priority=200,ip,ct_state=+est-inv+trk actions=goto_table:20
flow add cookie=0xa13075969cf7f6,table=10,priority=200,ip,ct_state=-est+rel-inv+trk actions=goto_table:20
flow add cookie=0xa136e083e06107,table=10,priority=32768,in_port=1,tcp,ip_dst=203.0.113.10,tcp_dst=80,ct_state=+new+trk actions=group:300
flow add cookie=0xa131cb6a26e951,table=10,priority=32768,in_port=1,udp,ip_dst=203.0.113.11,udp_dst=53,ct_state=+new+trk actions=group:301
flow add cookie=0xa1351111a3cfe5,table=20,priority=0 actions=drop
flow add cookie=0xa130994430a8d2,table=20,priority=10,ip actions=set_field:02:00:00:00:00:01->eth_src,set_field:02:00:00:00:00:fe->eth_dst,dec_ttl,output:1
flow add cookie=0xa131b42a8b5c99,table=20,priority=20,ip,ip_dst=10.3.0.11 actions=set_field:02:00:00:00:00:01->eth_src,set_field:02:00:00:00:03:0b->eth_dst,dec_ttl,output:2
flow add cookie=0xa1320e93b32f2e,table=20,priority=20,ip,ip_dst=10.3.0.12 actions=set_field:02:00:00:00:00:01->eth_src,set_field:02:00:00:00:03:0c->eth_dst,dec_ttl,output:3
flow add cookie=0xa13112e27243e1,table=20,priority=20,ip,ip_dst=10.3.0.13 actions=set_field:02:00:00:00:00:01->eth_src,set_field:02:00:00:00:03:0d->eth_dst,dec_ttl,output:4
END_OF_FLOWS

  for id in ${old_groups}; do
    printf 'group delete group_id=%s\n' "${id}"
  done
} | ofctl -- bundle "${bridge}" -
