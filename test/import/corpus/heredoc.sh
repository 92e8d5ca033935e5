#!/bin/bash
OFCTL="ovs-ofctl -O OpenFlow15"

$OFCTL add-flows br0 - <<EOF
# written in place
table=0,priority=10,in_port=1,actions=output:2   # there
table=0,priority=10,in_port=2,actions=output:1   # and back
EOF
cat <<'FLOWS' | $OFCTL add-flows br0 -
table=1,priority=5,ip,nw_src=192.168.0.0/16 actions=drop
table=1,priority=0 actions=resubmit(,2)
FLOWS
cat > /tmp/wbfc-import-corpus.flows <<-'E'
	table=2,priority=1,udp,tp_dst=67 actions=output:3
	table=2,priority=0 actions=normal
	E
ovs-ofctl add-flows br0 /tmp/wbfc-import-corpus.flows
rm -f /tmp/wbfc-import-corpus.flows
