/**
 * Flow sets as they stand on real switches: 40% layer 2 and ARP, 40% 5-tuple access lists, 20% register pipelines.
 * The same seed gives the same set, and no two flows of a set have the same match and priority.
 */

/** How a source writes a number. */
export type Int = (n: number) => string;

/** A term of a match, or an action, in both languages. */
export interface Term {
  readonly wbf: (int: Int) => string;
  readonly ofctl: string;
}

export interface BenchFlow {
  readonly table: number;
  readonly name: string;
  readonly priority: number;
  readonly match: readonly Term[];
  readonly actions: readonly Term[];
}

/** Name and number of the tables; each has `miss = drop`. */
export const TABLES: readonly (readonly [string, number])[] = [
  ['l2', 0],
  ['acl', 1],
  ['classify', 2],
  ['route', 3],
];

/** A small generator of pseudo-random numbers (mulberry32): the same on every machine. */
export function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const fixed = (wbf: string, ofctl: string): Term => ({ wbf: () => wbf, ofctl });
/** `field = number`; ovs-ofctl may know the field by another name. */
const number = (field: string, n: number, ofctl = field): Term => ({
  wbf: (int) => `${field} = ${int(n)}`,
  ofctl: `${ofctl}=${n}`,
});
const text = (field: string, value: string, ofctl = field): Term =>
  fixed(`${field} = ${value}`, `${ofctl}=${value}`);
const set = (field: string, value: string, ofctl = field): Term =>
  fixed(`${field} = ${value}`, `set_field:${value}->${ofctl}`);
const move = (to: string, from: string, ofctl: string): Term => fixed(`${to} = ${from}`, `move:${ofctl}`);
const goto = (table: number): Term => fixed(`goto ${TABLES[table]?.[0] ?? ''}`, `goto_table:${table}`);
const output = (port: number): Term => ({ wbf: (int) => `output ${int(port)}`, ofctl: `output:${port}` });
const drop = fixed('drop', 'drop');

const hex2 = (n: number): string => n.toString(16).padStart(2, '0');
const mac = (n: number): string =>
  [2, 0, (n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].map(hex2).join(':');
const ipv4 = (network: number, n: number): string =>
  [network, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');

type Rand = (below: number) => number;

/** `i` makes the match unique within its kind. */
function layer2(i: number, rand: Rand): Omit<BenchFlow, 'name'> {
  const kind = rand(10);
  const from = 1 + rand(48);
  // Another port: a packet is never sent back where it came from, and the compiler would say so.
  const port = 1 + ((from + rand(47)) % 48);
  if (kind < 4) {
    const match = [text('eth_dst', mac(i), 'dl_dst')];
    return { table: 0, priority: 100, match, actions: [output(port)] };
  }
  if (kind < 7) {
    const match = [
      number('in_port', from),
      number('vlan_vid', 1 + rand(4094), 'dl_vlan'),
      text('eth_dst', mac(i), 'dl_dst'),
    ];
    const untag = rand(2) === 0 ? [fixed('pop_vlan', 'pop_vlan')] : [];
    return { table: 0, priority: 200, match, actions: [...untag, output(port)] };
  }
  if (kind < 8) {
    const match = [number('in_port', from), text('eth_src', mac(i), 'dl_src')];
    return { table: 0, priority: 300, match, actions: [goto(1)] };
  }
  const address = ipv4(10, i);
  const match = [fixed('arp', 'arp'), fixed('arp_op = request', 'arp_op=1'), text('arp_tpa', address)];
  const actions = [
    fixed('arp_op = reply', 'set_field:2->arp_op'),
    move('arp_tha', 'arp_sha', 'NXM_NX_ARP_SHA[]->NXM_NX_ARP_THA[]'),
    move('arp_tpa', 'arp_spa', 'NXM_OF_ARP_SPA[]->NXM_OF_ARP_TPA[]'),
    set('arp_spa', address),
    set('arp_sha', mac(i)),
    move('eth_dst', 'eth_src', 'NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]'),
    set('eth_src', mac(i)),
    fixed('output in_port', 'in_port'),
  ];
  return { table: 0, priority: 400, match, actions };
}

function fiveTuple(i: number, rand: Rand): Omit<BenchFlow, 'name'> {
  const protocol = rand(4) === 0 ? 'udp' : 'tcp';
  const prefix = rand(3) === 0 ? 8 + rand(24) : 32;
  const bits = (i * 2654435761) >>> 0;
  const network = prefix === 32 ? bits : (bits >>> (32 - prefix)) << (32 - prefix);
  const source = [24, 16, 8, 0].map((shift) => (network >>> shift) & 255).join('.');
  const match = [
    fixed(protocol, protocol),
    text('ip_src', prefix === 32 ? source : `${source}/${prefix}`, 'nw_src'),
    text('ip_dst', ipv4(172, i), 'nw_dst'),
    ...(rand(2) === 0 ? [number(`${protocol}_src`, 1024 + rand(60000), 'tp_src')] : []),
    number(`${protocol}_dst`, 1 + rand(65535), 'tp_dst'),
  ];
  const actions = rand(3) === 0 ? [drop] : rand(2) === 0 ? [goto(2)] : [output(1 + rand(48))];
  return { table: 1, priority: 1000 + rand(1000), match, actions };
}

function registers(i: number, rand: Rand): Omit<BenchFlow, 'name'> {
  const zone = rand(65536);
  if (rand(2) === 0) {
    const match = [fixed('ip', 'ip'), number('in_port', 1 + rand(48)), text('ip_src', ipv4(10, i), 'nw_src')];
    const actions: Term[] = [
      { wbf: (int) => `reg0[0..15] = ${int(zone)}`, ofctl: `set_field:${zone}/0xffff->reg0` },
      move('reg1', 'ip_dst', 'NXM_OF_IP_DST[]->NXM_NX_REG1[]'),
      { wbf: (int) => `metadata = ${int(i)}`, ofctl: `set_field:${i}->metadata` },
      goto(3),
    ];
    return { table: 2, priority: 50, match, actions };
  }
  const match: Term[] = [
    fixed('ip', 'ip'),
    { wbf: (int) => `reg0[0..15] = ${int(zone)}`, ofctl: `reg0=${zone}/0xffff` },
    { wbf: () => `reg1 = ${ipv4(10, i)}`, ofctl: `reg1=${(10 << 24) + i}` },
  ];
  const actions = [
    fixed('dec_ttl', 'dec_ttl'),
    set('eth_src', mac(1 + rand(48))),
    set('eth_dst', mac(i)),
    output(1 + rand(48)),
  ];
  return { table: 3, priority: 60, match, actions };
}

/** `count` flows in the order of their tables, which is that of a source. */
export function makeFlows(count: number, seed = 1): BenchFlow[] {
  const rand = random(seed);
  const flows = Array.from({ length: count }, (_, i): BenchFlow => {
    const share = i % 5;
    const make = share < 2 ? layer2 : share < 4 ? fiveTuple : registers;
    return { ...make(i + 1, rand), name: `f${i + 1}` };
  });
  return flows.sort((a, b) => a.table - b.table);
}

/** The set for `ovs-ofctl`, one flow a line, `miss` flows included. */
export function toOfctl(flows: readonly BenchFlow[]): string {
  const lines = TABLES.map(([, table]) => `table=${table},priority=0,actions=drop`);
  for (const { table, priority, match, actions } of flows) {
    const terms = match.map((term) => term.ofctl).join(',');
    const list = actions.map((action) => action.ofctl).join(',');
    lines.push(`table=${table},priority=${priority},${terms},actions=${list}`);
  }
  return `${lines.join('\n')}\n`;
}
