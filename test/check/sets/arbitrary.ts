/**
 * Small random flows over narrow fields, and a judge of what they match that knows nothing of the compiler: it looks at
 * the structure that the text was made from.
 */
import fc from 'fast-check';

/** A packet, and what the first table puts into registers and metadata from its addresses. */
export interface Packet {
  readonly inPort: number;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** null: untagged. */
  readonly vlan: { readonly vid: number; readonly pcp: number } | null;
  readonly dscp: number;
  readonly ecn: number;
  /** Last byte of the addresses 10.0.0.x. */
  readonly src: number;
  readonly dst: number;
  /** Ports, of ICMP its type and code. */
  readonly sport: number;
  readonly dport: number;
  /** Bytes 1 and 2 of eth_src: to be found in reg0[0..7] and metadata[4..11]. */
  readonly reg: number;
  readonly meta: number;
}

/** What is compared with. `mask` is of all bits where it is not said. */
export type Element =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'masked'; readonly value: number; readonly mask: number };

export interface Term {
  readonly field: FieldName;
  readonly operator: '=' | '!=' | 'in' | 'not in';
  readonly elements: readonly Element[];
}

export interface Match {
  readonly protocols: readonly Packet['protocol'][];
  readonly terms: readonly Term[];
}

export interface Flow {
  /** Any of them may match. */
  readonly matches: readonly Match[];
  readonly overlapping: boolean;
}

interface Narrow {
  /** The values that packets and flows have. */
  readonly max: number;
  /** Under masks and negated; else one value at a time. */
  readonly maskable: boolean;
  readonly text: string;
  readonly show: (value: number) => string;
  /** The value in a packet; undefined where it has none, as an untagged one has no priority. */
  readonly of: (packet: Packet) => number | undefined;
}

const decimal = (value: number): string => value.toString();
const address = (value: number): string => `10.0.0.${value}`;

export const FIELDS = {
  in_port: { max: 3, maskable: false, text: 'in_port', show: decimal, of: (p) => p.inPort },
  ip_dscp: { max: 7, maskable: false, text: 'ip_dscp', show: decimal, of: (p) => p.dscp },
  nw_ecn: { max: 3, maskable: false, text: 'nw_ecn', show: decimal, of: (p) => p.ecn },
  vlan_vid: { max: 5, maskable: true, text: 'vlan_vid', show: decimal, of: (p) => p.vlan?.vid },
  vlan_pcp: { max: 7, maskable: false, text: 'vlan_pcp', show: decimal, of: (p) => p.vlan?.pcp },
  ip_src: { max: 15, maskable: true, text: 'ip_src', show: address, of: (p) => p.src },
  ip_dst: { max: 15, maskable: true, text: 'nw_dst', show: address, of: (p) => p.dst },
  sport: { max: 15, maskable: true, text: 'tp_src', show: decimal, of: (p) => p.sport },
  dport: { max: 15, maskable: true, text: 'tp_dst', show: decimal, of: (p) => p.dport },
  icmp_type: { max: 7, maskable: false, text: 'icmp_type', show: decimal, of: (p) => p.sport },
  low: { max: 15, maskable: true, text: 'reg0[0..3]', show: decimal, of: (p) => p.reg & 15 },
  high: { max: 7, maskable: true, text: 'reg0[4..6]', show: decimal, of: (p) => (p.reg >> 4) & 7 },
  meta: { max: 15, maskable: true, text: 'metadata[4..11]', show: decimal, of: (p) => p.meta },
} as const satisfies Readonly<Record<string, Narrow>>;

export type FieldName = keyof typeof FIELDS;

export function matches({ matches: alternatives }: Flow, packet: Packet): boolean {
  return alternatives.some(
    (m) => m.protocols.includes(packet.protocol) && m.terms.every((t) => holds(t, packet)),
  );
}

export function holds({ field, operator, elements }: Term, packet: Packet): boolean {
  const value = FIELDS[field].of(packet);
  const among = value !== undefined && elements.some((e) => isIn(e, value));
  return operator === '=' || operator === 'in' ? among : !among;
}

function isIn(element: Element, value: number): boolean {
  switch (element.kind) {
    case 'value':
      return value === element.value;
    case 'range':
      return element.from <= value && value <= element.to;
    case 'masked':
      return ((value ^ element.value) & element.mask) === 0;
  }
}

export function show(flow: Flow): string {
  return flow.matches
    .map((m) => {
      const [first] = m.protocols;
      const protocol = m.protocols.length === 1 ? first : `protocol in {${m.protocols.join(', ')}}`;
      return `match { ${[protocol, ...m.terms.map(showTerm)].join('; ')} }`;
    })
    .join(' ');
}

function showTerm({ field, operator, elements }: Term): string {
  const { text, show: one } = FIELDS[field];
  const shown = elements.map((e) => {
    if (e.kind === 'value') return one(e.value);
    if (e.kind === 'range') return `${one(e.from)}-${one(e.to)}`;
    return `0x${e.value.toString(16)}/0x${e.mask.toString(16)}`;
  });
  const [only] = shown;
  return `${text} ${operator} ${shown.length === 1 ? only : `{${shown.join(', ')}}`}`;
}

function element(name: FieldName): fc.Arbitrary<Element> {
  const { max, maskable }: Narrow = FIELDS[name];
  const least = name === 'in_port' ? 1 : 0;
  const value = fc.integer({ min: least, max });
  const kinds: fc.Arbitrary<Element>[] = [
    value.map((v): Element => ({ kind: 'value', value: v })),
    fc
      .tuple(value, value)
      .map(([a, b]): Element => ({ kind: 'range', from: Math.min(a, b), to: Math.max(a, b) })),
  ];
  if (maskable && FIELDS[name].show === decimal && name !== 'vlan_vid') {
    kinds.push(
      fc
        .tuple(value, fc.integer({ min: 1, max }))
        .map(([v, mask]): Element => ({ kind: 'masked', value: v & mask, mask })),
    );
  }
  return fc.oneof(...kinds);
}

function term(field: FieldName): fc.Arbitrary<Term> {
  const elements = fc.array(element(field), { minLength: 1, maxLength: 4 });
  const operators = FIELDS[field].maskable
    ? fc.constantFrom('=', 'in', 'in', '!=', 'not in')
    : fc.constantFrom('=', 'in');
  return fc.record({ field: fc.constant(field), operator: operators, elements });
}

const PORTS: readonly FieldName[] = ['sport', 'dport'];
const ANYWHERE: readonly FieldName[] = [
  'in_port',
  'ip_dscp',
  'nw_ecn',
  'vlan_vid',
  'vlan_pcp',
  'ip_src',
  'ip_dst',
  'low',
  'high',
  'meta',
];

const match: fc.Arbitrary<Match> = fc
  .constantFrom<readonly Packet['protocol'][]>(
    ['tcp'],
    ['udp'],
    ['tcp', 'udp'],
    ['icmp'],
    ['tcp', 'udp', 'icmp'],
  )
  .chain((protocols) => {
    const icmp = protocols.includes('icmp');
    const here =
      protocols.length === 1 && icmp
        ? [...ANYWHERE, 'icmp_type' as const]
        : icmp
          ? ANYWHERE
          : [...ANYWHERE, ...PORTS, ...PORTS];
    return fc
      .uniqueArray(fc.constantFrom<FieldName>(...here), { minLength: 1, maxLength: 4 })
      .chain((fields) => fc.tuple(...fields.map(term)))
      .chain((terms) =>
        // A second term on one of the fields, to hold as well.
        fc.tuple(fc.constant(terms), fc.nat(3), fc.nat(99)).chain(([list, again, seed]) => {
          const other = list[again];
          return seed < 25 && other !== undefined
            ? term(other.field).map((t) => [...list, t])
            : fc.constant([...list]);
        }),
      )
      .map((terms): Match => ({ protocols, terms: tagged(terms) }));
  });

/** A priority is that of a tag: the match has to say that there is one. */
function tagged(terms: readonly Term[]): readonly Term[] {
  if (!terms.some((t) => t.field === 'vlan_pcp')) return terms;
  const tag: Term = { field: 'vlan_vid', operator: 'in', elements: [{ kind: 'range', from: 0, to: 4095 }] };
  return [tag, ...terms.filter((t) => t.field !== 'vlan_vid' || t.operator === 'in' || t.operator === '=')];
}

export const flow: fc.Arbitrary<Flow> = fc.record({
  matches: fc.array(match, { minLength: 1, maxLength: 3 }),
  overlapping: fc.nat(3).map((n) => n === 0),
});

const byte = fc.nat(255);
export const packet: fc.Arbitrary<Packet> = fc.record({
  inPort: fc.integer({ min: 1, max: 3 }),
  protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'icmp' as const),
  vlan: fc.option(fc.record({ vid: fc.integer({ min: 0, max: 6 }), pcp: fc.nat(7) }), { nil: null }),
  dscp: fc.nat(8),
  ecn: fc.nat(3),
  src: fc.nat(17),
  dst: fc.nat(17),
  sport: fc.nat(17),
  dport: fc.nat(17),
  reg: byte,
  meta: fc.oneof(fc.nat(17), byte),
});
