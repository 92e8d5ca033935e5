#!/bin/sh
# The flows of an edge bridge, in all the ways in which scripts give them.
BR=br0
OFCTL="ovs-ofctl"

sh -c "ovs-ofctl -O OpenFlow15 del-flows $BR"

# from standard input
ovs-ofctl -O OpenFlow15 add-flows "$BR" - <<'EOF'
# classifier
table=0, priority=100, in_port=1, actions=goto_table:10   # from the wire
table=0,	priority=90,	in_port=2,	actions=goto_table:20
table=0 priority=0 actions=drop
EOF
echo "table=20,priority=6,tcp,tp_dst=22,actions=output:3" | ovs-ofctl -O OpenFlow15 add-flows ${BR} -
cat <<EOF | env LC_ALL=C ovs-ofctl -O OpenFlow15 add-flows $BR -
table=20,priority=5,actions=NORMAL
EOF

# one by one
env LC_ALL=C ovs-ofctl -O OpenFlow15 add-flow "$BR" \
    "table=10, priority=200, ip, nw_dst=198.51.100.0/24, \
     actions=dec_ttl, \
             set_field:02:00:5e:10:00:01->eth_dst, \
             output:2"
timeout 10 ovs-ofctl -OOpenFlow15 add-flow ${BR} 'table=10,priority=10,arp,actions=FLOOD'
sh -c 'ovs-ofctl -O OpenFlow15 add-flow br0 table=10,priority=5,in_port=1,icmp,actions=in_port'
$OFCTL --protocols=OpenFlow15 add-flow $BR "table=20,priority=7,udp,tp_dst=53,actions=CONTROLLER:128" || exit 1
if ovs-ofctl -O OpenFlow15 add-flow $BR 'table=20,priority=8,icmp,actions=LOCAL' >/dev/null 2>&1; then
  :
fi
