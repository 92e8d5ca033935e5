/** The two roads through the compiler give the same bytes, the same origins and the same diagnostics. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, type Compilation } from '../../src/project/compile.ts';
import { FIELDS, type Field } from '../../src/openflow/fields.ts';
import { PREREQUISITES } from '../../src/openflow/protocols.ts';
import { bytesOf } from './bytes.ts';

const plain = (text: string): Compilation => compile({ path: 'p.wbf', text }, { quickFrom: Infinity });
const quick = (text: string): Compilation => compile({ path: 'p.wbf', text }, { quickFrom: 0, learnFrom: 2 });

function expectSame(text: string): Compilation {
  const a = plain(text);
  const b = quick(text);
  expect(b.diagnostics).toEqual(a.diagnostics);
  expect(b.program === null).toBe(a.program === null);
  if (a.program !== null && b.program !== null) {
    expect(bytesOf(b.program)).toEqual(bytesOf(a.program));
    const { flows } = a.program;
    for (let i = 0; i < flows.length; i++) expect(b.program.flows.origin(i)).toEqual(flows.origin(i));
    expect([...b.program.flows]).toEqual([...flows]);
  }
  return a;
}

/** Numbers around every limit that a field has. */
const int = (bits: number) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }).map((v) => v.toString()) },
    {
      weight: 4,
      arbitrary: fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }).map((v) => `0x${v.toString(16)}`),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('0', '1', '0xffffffffffffffffff', String(1n << BigInt(bits)), '10.0.0.1'),
    },
  );
/** Numbers that fit: a program with an error has no bytes to compare. */
const sound = (bits: number) => fc.nat({ max: 2 ** Math.min(bits, 31) - 1 });
const mac = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 6, maxLength: 6 })
  .map((b) => b.map((x) => x.toString(16).padStart(2, '0')).join(':'));
const ipv4 = fc.ipV4();
const ipv6 = fc.ipV6();
const prefix = fc.tuple(ipv4, fc.constantFrom(8, 24, 32, 0)).map(([ip, n]) => `${ip}/${n}`);
/** Networks of every length, most of them without bits outside the mask. */
const network = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 0xffffffffn }),
    fc.integer({ min: 0, max: 33 }),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([bits, length, sloppy]) => {
    const shift = BigInt(Math.max(0, 32 - length));
    const address = sloppy === 0 ? bits : (bits >> shift) << shift;
    const octets = [24n, 16n, 8n, 0n].map((s) => (address >> s) & 255n);
    return `${octets.join('.')}/${length}`;
  });
const maskedInt = fc
  .tuple(fc.integer({ min: 0, max: 15 }), fc.constantFrom('0xf', '0x5', '0xc', '0xa', '0x0', '0xff'))
  .map(([v, m]) => `${v}/${m}`);
const netAligned = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }))
  .map(([a, b]) => `10.${a}.${b}.0/24`);

/** Flow forms with holes. Many flows of few forms is what the quick road is for. */
type Form = fc.Arbitrary<string>;
const forms: Form[] = [
  fc
    .tuple(network, network, int(16))
    .map(([s, d, p]) => `match { udp; ip_src = ${s}; ip_dst = ${d}; udp_dst = ${p} } action { drop }`),
  fc
    .tuple(network, int(16))
    .map(([s, p]) => `priority = ${p}; match { arp; arp_tpa = ${s} } action { normal }`),
  fc
    .tuple(maskedInt, maskedInt, int(16))
    .map(
      ([a, b, p]) => `priority = ${p}; match { reg0 = ${a}; metadata = ${b} } action { reg2 = ${a}; normal }`,
    ),
  fc
    .tuple(fc.bigInt({ min: 0n, max: (1n << 43n) - 1n }), int(16))
    .map(
      ([c, p]) =>
        `priority = ${p}; cookie = 0x${((0x77n << 44n) | c).toString(16)}; match { ip } action { drop }`,
    ),
  fc.tuple(int(128), int(64)).map(([x, y]) => `match { xxreg1 = ${x}; xreg0 = ${y} } action { drop }`),
  fc
    .tuple(int(16), mac, int(12), int(16))
    .map(
      ([p, m, v, o]) => `priority = ${p}; match { eth_dst = ${m}; vlan_vid = ${v} } action { output ${o} }`,
    ),
  fc
    .tuple(int(16), ipv4, netAligned, int(16))
    .map(
      ([p, a, n, d]) =>
        `priority = ${p}; match { tcp; ip_src = ${a}; ip_dst = ${n}; tcp_dst = ${d} } action { drop }`,
    ),
  fc.tuple(prefix, int(8)).map(([n, t]) => `match { ip; ip_src = ${n}; nw_ttl = ${t} } action { normal }`),
  fc
    .tuple(int(32), int(16), int(64))
    .map(
      ([r, s, m]) =>
        `match { reg0 = ${r}; reg1[0..15] = ${s}; metadata = ${m} } action { reg2 = ${r}; reg3[4..19] = ${s}; resubmit(,3) }`,
    ),
  fc
    .tuple(int(16), int(16))
    .map(([r, m]) => `match { reg1 = ${r}/0xffff; in_port = ${m} } action { output ${r} }`),
  fc
    .tuple(ipv6, int(16), int(16))
    .map(
      ([a, p, t]) =>
        `priority = ${p}; idle_timeout = ${t}; match { udp6; ipv6_dst = ${a} } action { output 3 }`,
    ),
  fc
    .tuple(fc.constantFrom('0x800', '0x806', '0x86dd', '5'), ipv4)
    .map(([e, a]) => `match { eth_type = ${e}; ip_dst = ${a} } action { drop }`),
  fc.tuple(int(64)).map(([c]) => `cookie = ${c}; match { ip } action { drop }`),
  fc
    .tuple(int(16), int(5), int(5))
    .map(([p, i, o]) => `priority = ${p}; match { in_port = ${i} } action { output ${o} }`),
  fc
    .tuple(ipv4, mac)
    .map(
      ([a, m]) =>
        `match { arp; arp_op = request; arp_tpa = ${a} } action { arp_op = reply; arp_sha = ${m}; output in_port }`,
    ),
  fc
    .tuple(int(16), int(32))
    .map(
      ([z, m]) =>
        `match { ip; ct_state = -trk } action { ct(commit, zone = ${z}, table = 3) { ct_mark = ${m} } }`,
    ),
  fc
    .tuple(int(3), int(12))
    .map(([p, v]) => `match { vlan_vid = ${v}; vlan_pcp = ${p} } action { pop_vlan; output 2 }`),
  // Its cookie goes into what it learns.
  fc
    .tuple(sound(16), sound(16), ipv4)
    .map(
      ([p, t, a]) =>
        `priority = ${p}; match { udp; ip_src = ${a} } action { learn(hard_timeout = ${t}) { match { udp; udp_dst = pkt.udp_src; ip_dst = ${a} } action { reg0[0..15] = ${t}; output pkt.in_port } } }`,
    ),
  fc
    .tuple(sound(32), sound(16), sound(12), fc.constantFrom('0x77000000000ff', '0x78', '1'))
    .map(
      ([r, p, v, c]) =>
        `match { reg0 = ${r} } action { learn(cookie = ${c}, priority = ${p}) { match { vlan_vid = ${v}; vlan_tci[12] = 1; xreg3 = ${r} } action { reg1 = ${p}; reg2[3..5] = 1 } } }`,
    ),
  fc
    .tuple(sound(32), sound(8))
    .map(
      ([r, v]) =>
        `match { reg1 = ${r} } action { clone { learn(cookie = 0x7700000000001) { match { ip; reg5 = ${r}; ip_src[0..7] = ${v} } action { nw_ttl = ${v}; reg3[3..10] = ${v} } } }; normal }`,
    ),
  fc
    .tuple(fc.bigInt({ min: 0n, max: (1n << 43n) - 1n }), sound(16))
    .map(
      ([c, r]) =>
        `cookie = 0x${((0x77n << 44n) | c).toString(16)}; match { reg2 = ${r} } action { learn { match { eth_dst = pkt.eth_src } action { reg0 = ${r} } } }`,
    ),
  fc
    .tuple(sound(32), sound(16), fc.integer({ min: 1, max: 5 }))
    .map(
      ([r, b, m]) =>
        `match { reg3 = ${r} } action { bundle(fields = eth_src, basis = ${b}, algorithm = hrw, members = [${m}, 2]); reg2[0..15] = bundle_load(fields = eth_src, algorithm = hrw, members = [${m}]); reg5 = ${r} }`,
    ),
  fc
    .tuple(sound(32), sound(16), sound(4))
    .map(
      ([r, b, n]) =>
        `match { reg4 = ${r} } action { reg2[0..2] = multipath(fields = nw_src, basis = ${b}, algorithm = iter_hash, n_links = ${n}, arg = ${r}); metadata = ${r}; sample(probability = ${b}) }`,
    ),
  fc
    .tuple(sound(32), fc.constantFrom('0x12', '0x0012', '"12.34"', '0x00_12', '0x1234', '0x00001234'))
    .map(
      ([r, v]) =>
        `match { reg5 = ${r} } action { encap(nsh(md_type = 2, tlv(0x10, 3, ${v}))); encap(ethernet); output 2 }`,
    ),
  fc
    .tuple(sound(12), sound(3), sound(32))
    .map(
      ([v, p, r]) =>
        `match { vlan_vid = none; reg6 = ${r} } action { mod_vlan_vid ${v}; mod_vlan_pcp ${p}; output 2 }`,
    ),
  fc
    .tuple(sound(32))
    .map(
      ([r]) =>
        `match { ip; reg7 = ${r} } action { encap(mpls); mpls_label = ${r}; decap(packet_type(ns = 1, type = 0x800)) }`,
    ),
  // Sets and alternatives: what these become depends on their values, so none of them is patched.
  fc
    .tuple(ipv4, sound(16), sound(5), sound(5))
    .map(
      ([a, x, y, z]) =>
        `match { tcp; ip_src = ${a}; tcp_dst in {${x}, ${Math.min(y, z)}-${Math.max(y, z)}} } action { drop }`,
    ),
  fc
    .tuple(sound(2), sound(2), int(16))
    .map(
      ([a, b, p]) =>
        `priority = ${p}; match { reg0[0..1] != ${a}; reg1[0..2] not in {${a}, ${b}} } action { drop }`,
    ),
  fc
    .tuple(sound(16), sound(16))
    .map(
      ([x, y]) =>
        `match { protocol in {tcp, udp}; tp_dst = ${x} } match { sctp; sctp_dst in {${x}, ${y}} } action { tp_dst = ${y}; normal }`,
    ),
  fc
    .tuple(sound(4), sound(4), ipv4)
    .map(
      ([x, y, a]) =>
        `expand = conjunction; match { tcp; tcp_src in {${x}, 20, 40}; ip_src in {${a}, 10.0.0.1}; tcp_dst in {${y}, 80, 443} } action { tcp_dst = 5; normal }`,
    ),
  fc
    .tuple(sound(16), ipv4)
    .map(([x, a]) => `match { tcp; tcp_dst in {${x}}; ip_dst = ${a} } action { ip_dst = ${a}; normal }`),
];
const flow = fc
  .tuple(
    fc.oneof(...forms),
    fc.option(fc.constantFrom('a', 'b', 'c', 'dup'), { nil: '' }),
    fc.integer({ min: 0, max: 1e6 }),
  )
  .map(
    ([form, name, n]) => `  flow ${name === '' ? '' : name === 'dup' ? 'dup ' : `${name}${n} `}{ ${form} }`,
  );
const program = fc
  .tuple(
    fc.array(flow, { maxLength: 40 }),
    fc.array(flow, { maxLength: 10 }),
    fc.array(flow, { maxLength: 4 }),
    fc.boolean(),
  )
  .map(
    ([a, b, top, ports]) =>
      `program p { id = 0x77 }\n${ports ? 'port p1 = 1\n' : ''}table one = 1 {\n  miss = drop\n${a.join('\n')}\n}\n${top.join('\n')}\ntable three = 3 {\n  miss = drop\n${b.join('\n')}\n}\n`,
  );

/** Words that give a packet the field. */
function wordsFor(f: Field): string {
  const [remedy] = PREREQUISITES[f.prerequisite].remedies;
  const words = [remedy?.protocol, remedy?.term].filter((w) => w !== undefined);
  return f.prerequisite === 'Ethernet' ? '' : words.map((w) => `${w}; `).join('');
}

/** Values of a field as one writes them, most of them good. */
function valuesOf(f: Field): fc.Arbitrary<string> {
  switch (f.format) {
    case 'Ethernet':
      return mac;
    case 'IPv4':
      return fc.oneof({ weight: 3, arbitrary: ipv4 }, prefix);
    case 'IPv6':
      return fc.oneof(
        ipv6,
        ipv6.map((a) => `${a}/64`),
      );
    default:
      return fc.oneof(
        { weight: 4, arbitrary: int(f.bits) },
        int(f.bits).map((v) => `${v}/0xff`),
      );
  }
}

describe('quick and plain', () => {
  it.each(FIELDS.filter((f) => !/[1-9]\d?$/.test(f.name)).map((f) => [f.name, f] as const))(
    'agree on values of %s',
    (_name, f) => {
      const flows = fc
        .array(fc.tuple(valuesOf(f), valuesOf(f)), { minLength: 25, maxLength: 40 })
        .map((pairs) =>
          pairs
            .map(([a, b], i) => {
              const plainMatch = `match { ${wordsFor(f)}${f.name} = ${a} } action { normal }`;
              const set = `match { ${wordsFor(f)}reg15 = ${i} } action { ${f.name} = ${b}; normal }`;
              return `  flow m${i} { ${plainMatch} }\n  flow s${i} { ${set} }`;
            })
            .join('\n'),
        );
      fc.assert(
        fc.property(flows, (body) => void expectSame(`table t = 0 {\n  miss = drop\n${body}\n}\n`)),
        { numRuns: 8 },
      );
    },
  );

  it('agree on any program', () => {
    fc.assert(
      fc.property(program, (text) => void expectSame(text)),
      { numRuns: 400 },
    );
  }, 180_000);

  it.each(forms.map((form, i) => [i, form] as const))('agree on many flows of form %d', (_i, form) => {
    const text = fc
      .array(form, { minLength: 30, maxLength: 60 })
      .map(
        (bodies) =>
          `table one = 1 {\n  miss = drop\n${bodies.map((b, i) => `  flow f${i} { ${b} }`).join('\n')}\n}\ntable three = 3 { miss = drop }\n`,
      );
    fc.assert(
      fc.property(text, (t) => void expectSame(t)),
      { numRuns: 30 },
    );
  });

  it('takes the quick road where it can', () => {
    const flows = Array.from(
      { length: 100 },
      (_, i) =>
        `  flow f${i} { priority = ${i}; match { tcp; ip_dst = 10.0.${i}.0/24; tcp_dst = ${i} } action { output ${i + 1} } }`,
    );
    const { program: found } = expectSame(`table t = 0 {\n  miss = drop\n${flows.join('\n')}\n}\n`);
    expect(found?.flows.length).toBe(101);
  });

  it('reports a duplicate among quick flows', () => {
    const flows = Array.from(
      { length: 50 },
      (_, i) => `  flow f${i} { match { ip; ip_dst = 10.0.0.${i % 49} } action { output 1 } }`,
    );
    const { diagnostics } = expectSame(`table t = 0 {\n  miss = drop\n${flows.join('\n')}\n}\n`);
    expect(diagnostics).toHaveLength(1);
  });

  it('reports a duplicate that says in other words that the packet is Ethernet', () => {
    const flows = Array.from(
      { length: 60 },
      (_, i) =>
        `  flow f${i} { match { ${i % 2 === 0 ? 'packet_type = ethernet; ' : ''}reg0 = ${i >> 1} } action { output 1 } }`,
    );
    const { diagnostics } = expectSame(`table t = 0 {\n  miss = drop\n${flows.join('\n')}\n}\n`);
    expect(diagnostics).toHaveLength(30);
  });

  it('reports a name used twice among quick flows', () => {
    const flows = Array.from(
      { length: 50 },
      (_, i) => `  flow f${i % 49} { match { ip; ip_dst = 10.0.0.${i} } action { output 1 } }`,
    );
    const { diagnostics } = expectSame(`table t = 0 {\n  miss = drop\n${flows.join('\n')}\n}\n`);
    expect(diagnostics).toHaveLength(1);
  });
});
