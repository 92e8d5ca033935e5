#!/bin/sh
# A load balancer for two web servers.
#
# usage: ./web-lb.sh

set -e

ovs-vsctl --may-exist add-br br0 -- set bridge br0 protocols=OpenFlow13,OpenFlow15
ovs-ofctl -O OpenFlow15 del-flows br0
ovs-ofctl -O OpenFlow15 del-groups br0

echo "groups ..."
ovs-ofctl -O OpenFlow15 add-group br0 \
    'group_id=1,type=select,selection_method=hash,fields(ip_src,tcp_src),bucket=weight:10,actions=set_field:10.0.0.11->ip_dst,output:1,bucket=weight:20,actions=set_field:10.0.0.12->ip_dst,output:2'

echo "flows ..."
# to the servers
ovs-ofctl -O OpenFlow15 add-flow br0 \
    "table=0, priority=100, tcp, \
     nw_dst=203.0.113.10, tp_dst=443, \
     actions=group:1"
# and back
ovs-ofctl -O OpenFlow15 add-flow br0 "table=0,priority=100,tcp,in_port=1,nw_src=10.0.0.11,tp_src=443,actions=mod_nw_src:203.0.113.10,output:3"; ovs-ofctl -O OpenFlow15 add-flow br0 "table=0,priority=100,tcp,in_port=2,nw_src=10.0.0.12,tp_src=443,actions=mod_nw_src:203.0.113.10,output:3"
ovs-ofctl -O OpenFlow15 add-flow br0 table=0,priority=50,arp,actions=normal && \
ovs-ofctl -O OpenFlow15 add-flow br0 'table=0,priority=50,icmp,actions=normal'

if true; then
    # the rest
    ovs-ofctl --protocols=OpenFlow15 add-flow br0 table=0,priority=0,actions=drop
fi
exit 0
