#!/bin/sh
# Flows of the program antrea: 68 in the cookie space 0xa1400000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/antrea/main.wbf
#   std/arp
#   examples/antrea/policy.wbf
#   examples/antrea/pods.csv
#   examples/antrea/services.yaml
#   examples/antrea/policies.yaml
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
    1000 | 1001 | 1002) continue ;;
    *) ;;
  esac
  if { [ "${id}" -ge 1000 ] && [ "${id}" -le 1999 ]; }; then
    old_groups="${old_groups} ${id}"
  fi
done

# All groups and flows at once, or none.
{
  cat <<'END_OF_FLOWS'
group add_or_mod group_id=1000,type=select,selection_method=dp_hash,bucket=actions=set_field:0xa0a000c->reg0,set_field:0x1f90/0xffff->reg1,resubmit(,50),bucket=actions=set_field:0xa0a000d->reg0,set_field:0x1f90/0xffff->reg1,resubmit(,50)
group add_or_mod group_id=1001,type=select,selection_method=dp_hash,bucket=actions=set_field:0xa0a000e->reg0,set_field:0x1538/0xffff->reg1,resubmit(,50)
group add_or_mod group_id=1002,type=select,selection_method=dp_hash,bucket=actions=set_field:0xa0a015c->reg0,set_field:0x23f0/0xffff->reg1,resubmit(,50)
flow delete cookie=0xa1400000000000/0xfffff00000000000
flow add cookie=0xa146c879f1949c,table=0,priority=0 actions=drop
flow add cookie=0xa1458000335a1f,table=0,priority=32768,in_port=2 actions=set_field:0x2/0x3->reg2,goto_table:10
flow add cookie=0xa1406443f600a9,table=0,priority=32768,in_port=1 actions=set_field:0x3/0x3->reg2,goto_table:10
flow add cookie=0xa1410ca4d19610,table=0,priority=32768,in_port=11 actions=set_field:0x1/0x3->reg2,goto_table:10
flow add cookie=0xa1436e52f343f4,table=0,priority=32768,in_port=12 actions=set_field:0x1/0x3->reg2,goto_table:10
flow add cookie=0xa140c4d09240d9,table=0,priority=32768,in_port=13 actions=set_field:0x1/0x3->reg2,goto_table:10
flow add cookie=0xa144d7c087cbf9,table=0,priority=32768,in_port=14 actions=set_field:0x1/0x3->reg2,goto_table:10
flow add cookie=0xa1406973e278bf,table=10,priority=0 actions=drop
flow add cookie=0xa147bf79ea1452,table=10,priority=32768,arp,reg2=0x2/0x3 actions=goto_table:20
flow add cookie=0xa1431480112586,table=10,priority=32768,ip,reg2=0x2/0x2 actions=ct(table=30,zone=65520,nat)
flow add cookie=0xa146b657276f6b,table=10,priority=32768,in_port=11,arp,arp_spa=10.10.0.11,arp_sha=0a:00:0a:0a:00:0b actions=goto_table:20
flow add cookie=0xa146346bf8272a,table=10,priority=32768,in_port=11,eth_src=0a:00:0a:0a:00:0b,ip,ip_src=10.10.0.11 actions=ct(table=30,zone=65520,nat)
flow add cookie=0xa14504cb7fbe53,table=10,priority=32768,in_port=12,arp,arp_spa=10.10.0.12,arp_sha=0a:00:0a:0a:00:0c actions=goto_table:20
flow add cookie=0xa14338df6dba8d,table=10,priority=32768,in_port=12,eth_src=0a:00:0a:0a:00:0c,ip,ip_src=10.10.0.12 actions=ct(table=30,zone=65520,nat)
flow add cookie=0xa144c059031780,table=10,priority=32768,in_port=13,arp,arp_spa=10.10.0.13,arp_sha=0a:00:0a:0a:00:0d actions=goto_table:20
flow add cookie=0xa144d561dea78d,table=10,priority=32768,in_port=13,eth_src=0a:00:0a:0a:00:0d,ip,ip_src=10.10.0.13 actions=ct(table=30,zone=65520,nat)
flow add cookie=0xa14464dc2402ba,table=10,priority=32768,in_port=14,arp,arp_spa=10.10.0.14,arp_sha=0a:00:0a:0a:00:0e actions=goto_table:20
flow add cookie=0xa140c19a2d4cac,table=10,priority=32768,in_port=14,eth_src=0a:00:0a:0a:00:0e,ip,ip_src=10.10.0.14 actions=ct(table=30,zone=65520,nat)
flow add cookie=0xa142755e0827e3,table=20,priority=0 actions=drop
flow add cookie=0xa1406ca94a53e2,table=20,priority=10,arp,arp_op=1,arp_tpa=10.10.0.1 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:10.10.0.1->arp_spa,set_field:aa:bb:cc:dd:ee:ff->arp_sha,move:eth_src[]->eth_dst[],set_field:aa:bb:cc:dd:ee:ff->eth_src,output:in_port
flow add cookie=0xa147617548306b,table=20,priority=10,arp,arp_op=1,arp_tpa=10.10.0.11 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:10.10.0.11->arp_spa,set_field:aa:bb:cc:dd:ee:ff->arp_sha,move:eth_src[]->eth_dst[],set_field:aa:bb:cc:dd:ee:ff->eth_src,output:in_port
flow add cookie=0xa14131db5db11a,table=20,priority=10,arp,arp_op=1,arp_tpa=10.10.0.12 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:10.10.0.12->arp_spa,set_field:aa:bb:cc:dd:ee:ff->arp_sha,move:eth_src[]->eth_dst[],set_field:aa:bb:cc:dd:ee:ff->eth_src,output:in_port
flow add cookie=0xa144636c3cadc0,table=20,priority=10,arp,arp_op=1,arp_tpa=10.10.0.13 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:10.10.0.13->arp_spa,set_field:aa:bb:cc:dd:ee:ff->arp_sha,move:eth_src[]->eth_dst[],set_field:aa:bb:cc:dd:ee:ff->eth_src,output:in_port
flow add cookie=0xa1433b4bceaf65,table=20,priority=10,arp,arp_op=1,arp_tpa=10.10.0.14 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:10.10.0.14->arp_spa,set_field:aa:bb:cc:dd:ee:ff->arp_sha,move:eth_src[]->eth_dst[],set_field:aa:bb:cc:dd:ee:ff->eth_src,output:in_port
flow add cookie=0xa143bcbf4414bf,table=30,priority=0 actions=drop
flow add cookie=0xa1471883cb6f99,table=30,priority=200,ct_state=+inv+trk actions=drop
flow add cookie=0xa147df36c1eca6,table=30,priority=100,ip,ct_state=-new+trk actions=goto_table:60
flow add cookie=0xa142bb95cfae53,table=30,priority=100,ip,ct_state=+new+trk actions=goto_table:40
flow add cookie=0xa1459a7e539565,table=40,priority=0 actions=goto_table:60
flow add cookie=0xa143d4909d132c,table=40,priority=32768,tcp,ip_dst=10.96.0.80,tcp_dst=80 actions=group:1000
flow add cookie=0xa142177733c4ef,table=40,priority=32768,tcp,ip_dst=10.96.0.54,tcp_dst=5432 actions=group:1001
flow add cookie=0xa14348607d116a,table=40,priority=32768,tcp,ip_dst=10.96.0.92,tcp_dst=9200 actions=group:1002
flow add cookie=0xa147f282f5285a,table=50,priority=0 actions=drop
flow add cookie=0xa142afe47cbf9c,table=50,priority=32768,tcp,reg0=0xa0a000c,reg1=0x1f90/0xffff actions=ct(commit,table=60,zone=65520,nat(dst=10.10.0.12:8080),exec(set_field:0x10->ct_mark))
flow add cookie=0xa140bfad9af711,table=50,priority=32768,tcp,reg0=0xa0a000d,reg1=0x1f90/0xffff actions=ct(commit,table=60,zone=65520,nat(dst=10.10.0.13:8080),exec(set_field:0x10->ct_mark))
flow add cookie=0xa141d4f6150280,table=50,priority=32768,tcp,reg0=0xa0a000e,reg1=0x1538/0xffff actions=ct(commit,table=60,zone=65520,nat(dst=10.10.0.14:5432),exec(set_field:0x10->ct_mark))
flow add cookie=0xa142f0b751ac38,table=50,priority=32768,tcp,reg0=0xa0a015c,reg1=0x23f0/0xffff actions=ct(commit,table=60,zone=65520,nat(dst=10.10.1.92:9200),exec(set_field:0x10->ct_mark))
flow add cookie=0xa141ab10524835,table=60,priority=0 actions=goto_table:70
flow add cookie=0xa144e17367bb1d,table=60,priority=300,ip,ct_state=-new-inv+trk actions=goto_table:70
flow add cookie=0xa143edc2a80a75,table=60,priority=100,ip,ip_src=10.10.0.14 actions=drop
flow add cookie=0xa1427c798d6fae,table=70,priority=0 actions=drop
flow add cookie=0xa146891310a81c,table=70,priority=200,ip,ip_dst=10.10.0.11 actions=set_field:aa:bb:cc:dd:ee:ff->eth_src,set_field:0a:00:0a:0a:00:0b->eth_dst,dec_ttl,set_field:0xb0000/0xffff0000->reg1,goto_table:80
flow add cookie=0xa1414418826b4c,table=70,priority=200,ip,ip_dst=10.10.0.12 actions=set_field:aa:bb:cc:dd:ee:ff->eth_src,set_field:0a:00:0a:0a:00:0c->eth_dst,dec_ttl,set_field:0xc0000/0xffff0000->reg1,goto_table:80
flow add cookie=0xa141063bd017ed,table=70,priority=200,ip,ip_dst=10.10.0.13 actions=set_field:aa:bb:cc:dd:ee:ff->eth_src,set_field:0a:00:0a:0a:00:0d->eth_dst,dec_ttl,set_field:0xd0000/0xffff0000->reg1,goto_table:80
flow add cookie=0xa140b1ddb35dc6,table=70,priority=200,ip,ip_dst=10.10.0.14 actions=set_field:aa:bb:cc:dd:ee:ff->eth_src,set_field:0a:00:0a:0a:00:0e->eth_dst,dec_ttl,set_field:0xe0000/0xffff0000->reg1,goto_table:80
flow add cookie=0xa144e022a2f72d,table=70,priority=100,ip,ip_dst=10.10.1.0/24 actions=set_field:aa:bb:cc:dd:ee:ff->eth_dst,set_field:192.0.2.2->tun_dst,dec_ttl,set_field:0x10000/0xffff0000->reg1,goto_table:90
flow add cookie=0xa1446c04d105c3,table=70,priority=100,ip,ip_dst=10.10.2.0/24 actions=set_field:aa:bb:cc:dd:ee:ff->eth_dst,set_field:192.0.2.3->tun_dst,dec_ttl,set_field:0x10000/0xffff0000->reg1,goto_table:90
flow add cookie=0xa146cab09d84a5,table=70,priority=50,ip actions=set_field:0a:00:0a:0a:00:01->eth_dst,set_field:0x20000/0xffff0000->reg1,goto_table:90
flow add cookie=0xa144ef8e6f153a,table=80,priority=0 actions=goto_table:90
flow add cookie=0xa14244fa5c3ffb,table=80,priority=400,ip,reg2=0x2/0x3 actions=goto_table:90
flow add cookie=0xa1415b7ca693ea,table=80,priority=300,ip,ct_state=-new-inv+trk actions=goto_table:90
flow add cookie=0xa1428a30992a58,table=80,priority=200,tcp,ip_src=10.10.0.0/16,ip_dst=10.10.0.12/31,tcp_dst=8080 actions=goto_table:90
flow add cookie=0xa146ce6d28a90a,table=80,priority=200,tcp,ip_src=10.10.0.12/31,ip_dst=10.10.0.14,tcp_dst=5432 actions=goto_table:90
flow add cookie=0xa146ce6d28a90a,table=80,priority=200,tcp,ip_src=10.10.1.12,ip_dst=10.10.0.14,tcp_dst=5432 actions=goto_table:90
flow add cookie=0xa144d517e615ca,table=80,priority=100,ip,ip_dst=10.10.0.12/31 actions=drop
flow add cookie=0xa144d517e615ca,table=80,priority=100,ip,ip_dst=10.10.0.14 actions=drop
flow add cookie=0xa144d0b0fbb5d0,table=90,priority=0 actions=drop
flow add cookie=0xa1418701137061,table=90,priority=200,ip,ct_state=+new+trk,ct_mark=0x0 actions=ct(commit,zone=65520),output:reg1[16..31]
flow add cookie=0xa142af2891860c,table=90,priority=100,ip actions=output:reg1[16..31]
flow add cookie=0xa14285b48744a0,table=80,priority=200,conj_id=1,tcp actions=goto_table:90
flow add cookie=0xa14285b48744a0,table=80,priority=200,tcp,ip_src=10.10.1.7 actions=conjunction(1,1/3)
flow add cookie=0xa14285b48744a0,table=80,priority=200,tcp,ip_src=10.10.2.7 actions=conjunction(1,1/3)
flow add cookie=0xa14285b48744a0,table=80,priority=200,tcp,ip_src=10.10.2.19 actions=conjunction(1,1/3)
flow add cookie=0xa14285b48744a0,table=80,priority=200,tcp,ip_dst=10.10.0.12/31 actions=conjunction(1,2/3)
flow add cookie=0xa14285b48744a0,table=80,priority=200,tcp,ip_dst=10.10.0.14 actions=conjunction(1,2/3)
flow add cookie=0xa14285b48744a0,table=80,priority=200,tcp,tcp_dst=9100 actions=conjunction(1,3/3)
flow add cookie=0xa14285b48744a0,table=80,priority=200,tcp,tcp_dst=9187 actions=conjunction(1,3/3)
flow add cookie=0xa14285b48744a0,table=80,priority=200,tcp,tcp_dst=9400 actions=conjunction(1,3/3)
END_OF_FLOWS

  for id in ${old_groups}; do
    printf 'group delete group_id=%s\n' "${id}"
  done
} | ofctl -- bundle "${bridge}" -
