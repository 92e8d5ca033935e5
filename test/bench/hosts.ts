/** Hosts in a CSV file, a program that has two flows for each, and the same flows for ovs-ofctl. */

export interface HostFiles {
  readonly csv: string;
  readonly source: string;
  readonly text: string;
}

const SOURCE = `program bench_hosts { id = 0x00b02 }

const hosts = load "hosts.csv"

template host(ip: ipv4, hw: mac, out: int) {
  flow to_host {
    priority = 100
    match { ip; ip_dst = ip }
    action { eth_dst = hw; dec_ttl; output out }
  }
  flow ask {
    priority = 90
    match { arp; arp_op = request; arp_tpa = ip }
    action { output out }
  }
}

table deliver = 0 {
  miss = drop
  for h in hosts { use host(h.ip, h.mac, h.port) }
}
`;

const MISS = 'table=0,priority=0,actions=drop\n';

const hex = (n: number): string => n.toString(16).padStart(2, '0');

export function makeHosts(count: number): HostFiles {
  let csv = 'name,ip,mac,port\n';
  let text = MISS;
  for (let i = 0; i < count; i++) {
    const bytes = [(i >> 16) & 255, (i >> 8) & 255, i & 255];
    const ip = `10.${bytes.join('.')}`;
    const mac = `02:00:00:${bytes.map(hex).join(':')}`;
    const port = 1 + (i % 4000);
    csv += `host${i},${ip},${mac},${port}\n`;
    text += `table=0,priority=100,ip,nw_dst=${ip},actions=set_field:${mac}->eth_dst,dec_ttl,output:${port}\n`;
    text += `table=0,priority=90,arp,arp_op=1,arp_tpa=${ip},actions=output:${port}\n`;
  }
  return { csv, source: SOURCE, text };
}
