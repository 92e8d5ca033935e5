/**
 * What `dump-flows` prints of switches at work, as far as an importer minds: cookies, statistics, registers, conntrack,
 * many tables. The same seed gives the same dump, and no two flows of it have the same match and priority.
 */
import { ipv6Text } from '../../src/emit/text/values.ts';
import { random } from './flows.ts';

type Rand = (below: number) => number;

const hex = (n: number): string => `0x${n.toString(16)}`;
const hex2 = (n: number): string => n.toString(16).padStart(2, '0');
const mac = (n: number): string =>
  `0a:58:${[24, 16, 8, 0].map((shift) => hex2((n >>> shift) & 255)).join(':')}`;
const ipv4 = (network: number, n: number): string =>
  [network, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
const ipv6 = (n: number): string =>
  ipv6Text(0xfd00_0010_0244n * 2n ** 80n + BigInt(n >>> 16) * 2n ** 64n + BigInt(n & 0xffff));

function line(rand: Rand, table: number, cookie: number, flow: string): string {
  const packets = rand(3) === 0 ? 0 : rand(100_000);
  const duration = `${rand(1_000_000)}.${String(rand(1000)).padStart(3, '0')}`;
  return ` cookie=${hex(cookie)}, duration=${duration}s, table=${table}, n_packets=${packets}, n_bytes=${packets * 98}, idle_age=${rand(65535)}, ${flow}`;
}

/** One logical port of a virtual network has flows in many tables; `i` tells it from others. */
const LOGICAL: readonly ((i: number, rand: Rand) => readonly [number, string])[] = [
  (i, rand) => [
    0,
    `priority=100,in_port=${1 + (i % 60_000)},dl_vlan=${1 + (i >> 15)} actions=load:${hex(i)}->NXM_NX_REG13[],load:${hex(rand(65536))}->NXM_NX_REG11[],load:${hex(rand(65536))}->NXM_NX_REG12[],load:${hex(1 + (i >> 8))}->OXM_OF_METADATA[],load:${hex(1 + (i & 255))}->NXM_NX_REG14[],resubmit(,8)`,
  ],
  (i) => [
    8,
    `priority=50,reg14=${hex(1 + (i & 255))},metadata=${hex(1 + (i >> 8))},dl_src=${mac(i)} actions=resubmit(,9)`,
  ],
  (i) => [
    9,
    `priority=90,ip,reg14=${hex(1 + (i & 255))},metadata=${hex(1 + (i >> 8))},dl_src=${mac(i)},nw_src=${ipv4(10, i)} actions=resubmit(,10)`,
  ],
  (i) => [
    9,
    `priority=90,ipv6,reg14=${hex(1 + (i & 255))},metadata=${hex(1 + (i >> 8))},dl_src=${mac(i)},ipv6_src=${ipv6(i)} actions=resubmit(,10)`,
  ],
  (i) => [
    10,
    `priority=90,arp,reg14=${hex(1 + (i & 255))},metadata=${hex(1 + (i >> 8))},dl_src=${mac(i)},arp_spa=${ipv4(10, i)},arp_sha=${mac(i)} actions=resubmit(,11)`,
  ],
  (i) => [
    19,
    `priority=100,arp,metadata=${hex(1 + (i >> 8))},arp_tpa=${ipv4(10, i)},arp_op=1 actions=move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],mod_dl_src:${mac(i)},load:0x2->NXM_OF_ARP_OP[],move:NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[],load:0xa58${hex2(i >>> 24)}${hex2((i >>> 16) & 255)}${hex2((i >>> 8) & 255)}${hex2(i & 255)}->NXM_NX_ARP_SHA[],move:NXM_OF_ARP_SPA[]->NXM_OF_ARP_TPA[],load:${hex(0xa000000 + i)}->NXM_OF_ARP_SPA[],move:NXM_NX_REG14[]->NXM_NX_REG15[],load:0x1->NXM_NX_REG10[0],resubmit(,37)`,
  ],
  (i) => [
    27,
    `priority=50,metadata=${hex(1 + (i >> 8))},dl_dst=${mac(i)} actions=load:${hex(1 + (i & 255))}->NXM_NX_REG15[],resubmit(,37)`,
  ],
  (i, rand) => [
    44,
    `priority=2002,ct_state=+new-est+trk,tcp,reg15=${hex(1 + (i & 255))},metadata=${hex(1 + (i >> 8))},nw_src=${ipv4(172, rand(1 << 20) << 4)}/28,tp_dst=${1 + rand(65535)} actions=load:0x1->NXM_NX_XXREG0[97],load:0x1->NXM_NX_XXREG0[107],resubmit(,45)`,
  ],
  (i, rand) => [
    44,
    `priority=2001,ct_state=-new+est-rpl+trk,ct_label=0/0x1,udp,reg15=${hex(1 + (i & 255))},metadata=${hex(1 + (i >> 8))},nw_dst=${ipv4(10, i)},tp_dst=${hex(1024 * (1 + rand(60)))}/0xfc00 actions=ct(commit,zone=NXM_NX_REG13[0..15],exec(load:0x1->NXM_NX_CT_LABEL[0])),resubmit(,45)`,
  ],
  (i) => [
    65,
    `priority=100,reg15=${hex(1 + (i & 255))},metadata=${hex(1 + (i >> 8))} actions=output:${1 + (i % 60_000)}`,
  ],
];

/** As the controller of a virtual network leaves it. */
function virtualNetwork(count: number): string[] {
  const rand = random(11);
  return Array.from({ length: count }, (_, n) => {
    const i = Math.floor(n / LOGICAL.length);
    const [table, flow] = LOGICAL[n % LOGICAL.length]?.(i, rand) ?? [0, ''];
    return line(rand, table, 1 + Math.floor(rand(0x7fffffff)), flow);
  });
}

/** Rules of a firewall as people write them, one table, no statistics. */
function accessList(count: number): string[] {
  const rand = random(12);
  return Array.from({ length: count }, (_, i) => {
    const priority = 1 + (i % 60_000);
    const protocol = ['tcp', 'udp', 'tcp6', 'udp6'][rand(4)] ?? 'tcp';
    const six = protocol.endsWith('6');
    const from = six
      ? `ipv6_src=${ipv6(rand(1 << 16) << 16)}/96`
      : `nw_src=${ipv4(10, rand(1 << 16) << 8)}/24`;
    const to = six ? `ipv6_dst=${ipv6(i)}` : `nw_dst=${ipv4(192, i)}`;
    const action = ['drop', 'goto_table:1', `output:${1 + rand(48)}`, 'normal'][rand(4)] ?? 'drop';
    return `table=0,priority=${priority},${protocol},${from},${to},tp_dst=${1 + rand(65535)},actions=${action}`;
  });
}

export const DUMPS = {
  'virtual network': virtualNetwork,
  'access list': accessList,
} as const;

export type DumpKind = keyof typeof DUMPS;

/** A file of so many flows. */
export function makeDump(kind: DumpKind, count: number): string {
  return `${DUMPS[kind](count).join('\n')}\n`;
}
