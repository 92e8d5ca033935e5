#!/bin/sh
# Flows of the program balancer: 8 in the cookie space 0xa0700000000000/0xfffff00000000000.
# Made by wbfc 0.1.0 from
#   examples/balancer.wbf
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

# Meters that are not there yet; when the flows cannot be installed, they go again.
meters=$(ofctl -- dump-meters "${bridge}")
meter_ids=$(printf '%s\n' "${meters}" | sed -n 's/^meter=\([0-9]*\) .*/\1/p' | tr '\n' ' ')
added=''
take_back() {
  status=$?
  trap - EXIT
  set +e
  for id in ${added}; do
    ofctl -- del-meters "${bridge}" "meter=${id}"
  done
  exit "${status}"
}
trap take_back EXIT
trap 'exit 130' HUP INT TERM
add_meter() {
  case " ${meter_ids}" in
    *" $1 "*) ;;
    *)
      ofctl -- add-meter "${bridge}" "$2"
      added="${added} $1"
      ;;
  esac
}
add_meter 10 'meter=10,kbps,burst,stats,bands=type=drop,rate=1000,burst_size=200'

# Groups of ours that the program no longer has.
groups=$(ofctl -- dump-groups "${bridge}")
groups=$(printf '%s\n' "${groups}" | sed -n 's/^ *group_id=\([0-9]*\),.*/\1/p')
old_groups=''
for id in ${groups}; do
  case ${id} in
    100 | 101) continue ;;
    *) ;;
  esac
  if { [ "${id}" -ge 100 ] && [ "${id}" -le 199 ]; }; then
    old_groups="${old_groups} ${id}"
  fi
done

# All groups and flows at once, or none.
{
  cat <<'END_OF_FLOWS'
group add_or_mod group_id=100,type=select,selection_method=hash,fields(ip_src,tcp_src),bucket=weight:10,watch_port:2,actions=output:2,bucket=weight:10,watch_port:3,actions=output:3,bucket=weight:20,watch_port:4,actions=output:4
group add_or_mod group_id=101,type=fast_failover,bucket=watch_port:5,actions=output:5,bucket=watch_port:2,actions=output:2
flow delete cookie=0xa0700000000000/0xfffff00000000000
flow add cookie=0xa07250ce7d5185,table=0,priority=0 actions=drop
flow add cookie=0xa07649cbfff071,table=0,priority=100,in_port=1,eth_dst=02:00:00:00:00:80,tcp,ip_dst=192.0.2.80,tcp_dst=80 actions=meter:10,group:100
flow add cookie=0xa072471c51c750,table=0,priority=50,in_port=1,eth_dst=02:00:00:00:00:80,ip,ip_dst=192.0.2.80 actions=meter:10,group:101
flow add cookie=0xa0746e7665eecf,table=0,priority=100,in_port=1,arp,arp_op=1,arp_tpa=192.0.2.80 actions=set_field:2->arp_op,move:arp_sha[]->arp_tha[],move:arp_spa[]->arp_tpa[],set_field:02:00:00:00:00:80->arp_sha,set_field:192.0.2.80->arp_spa,move:eth_src[]->eth_dst[],set_field:02:00:00:00:00:80->eth_src,output:in_port
flow add cookie=0xa07186f830f9ec,table=0,priority=32768,in_port=2,eth_src=02:00:00:00:00:80,ip,ip_src=192.0.2.80 actions=output:1
flow add cookie=0xa07582f8007bc2,table=0,priority=32768,in_port=3,eth_src=02:00:00:00:00:80,ip,ip_src=192.0.2.80 actions=output:1
flow add cookie=0xa073b486b302ba,table=0,priority=32768,in_port=4,eth_src=02:00:00:00:00:80,ip,ip_src=192.0.2.80 actions=output:1
flow add cookie=0xa071b78f4ea6b9,table=0,priority=32768,in_port=5,eth_src=02:00:00:00:00:80,ip,ip_src=192.0.2.80 actions=output:1
END_OF_FLOWS

  for id in ${old_groups}; do
    printf 'group delete group_id=%s\n' "${id}"
  done
} | ofctl -- bundle "${bridge}" -

# The flows are there: meters that were there before become what they shall be, and old ones go.
added=''
change_meter() {
  case " ${meter_ids}" in
    *" $1 "*) ;;
    *) return ;;
  esac
  case "${meters}
" in
    *"$3
"*) ;;
    *) ofctl -- mod-meter "${bridge}" "$2" ;;
  esac
}
change_meter 10 'meter=10,kbps,burst,stats,bands=type=drop,rate=1000,burst_size=200' 'meter=10 kbps burst stats bands=
type=drop rate=1000 burst_size=200'
for id in ${meter_ids}; do
  case ${id} in
    10) continue ;;
    *) ;;
  esac
  if { [ "${id}" -ge 10 ] && [ "${id}" -le 19 ]; }; then
    ofctl -- del-meters "${bridge}" "meter=${id}"
  fi
done
