/** Whatever stands in an action block, checking it ends, and says something unless there is something to do. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { actionByName, ACTIONS } from '../../src/openflow/actions.ts';
import { program, compileText } from './actions-support.ts';

const WORDS = [
  ...ACTIONS.flatMap((a) => [a.name, ...a.aliases]),
  ...[
    'goto',
    'nat',
    'normal',
    'in_port',
    'none',
    'acl',
    'zone',
    'uplink',
    'web',
    'commit',
    'force',
    'table',
    'src',
    'ports',
  ],
  ...[
    'reg0',
    'reg0[0..15]',
    'tcp_dst',
    'vlan_vid',
    'ct_mark',
    'nw_src',
    'eth_type',
    'tun_metadata0',
    'dl_vlan',
    'xyz',
  ],
  ...[
    '5',
    '0x8100',
    '70000',
    '10.0.0.1',
    '10.0.0.1-10.0.0.9',
    '02:00:00:00:00:01',
    '"01.02"',
    '1/2',
    '0/0',
    '5s',
    '::1',
  ],
  ...['=', '!=', '(', ')', '{', '}', ',', ';', ';', '\n', '[', ']', '+trk', '{1, 2}'],
];

/** Of `learn`. */
const PARTS = [
  'table = acl',
  'limit = 5',
  'result_dst = reg0[0]',
  'result_dst = nw_ttl',
  'tcp',
  'ip',
  'eth_dst = pkt.eth_src',
  'tcp_dst = pkt.tcp_src',
  'tcp_dst[0..3] = pkt.reg0[0..4]',
  'ip_src = 10.0.0.0/8',
  'vlan_vid = 0',
  'vlan_pcp = 3',
  'ct_mark = pkt.ct_mark',
  'ct_nw_src = pkt.nw_src',
  'nsh_c1 = pkt.nsh_c2',
  'zone = pkt.zone',
  'in_port = uplink',
  'xreg0 = eth_type',
  'output pkt.in_port',
  'output uplink',
  'drop',
];

const ARGUMENTS = [
  'fields = eth_src',
  'fields = "symmetric_l3l4+udp"',
  'algorithm = hrw',
  'algorithm = modulo_n',
  'basis = 5',
  'members = [1, uplink, controller]',
  'members = []',
  'n_links = 5',
  'arg = 5',
  'probability = 5',
  'sampling_port = uplink',
  'egress',
  'ethernet',
  'mpls',
  'nsh(md_type = 2, tlv(1, 2, 0x0012))',
  'nsh(tlv(1, 2, 3), md_type = 9)',
  'packet_type(ns = 1, type = 5)',
  'packet_type()',
];

const statement = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((w) => w.join(' ')),
  fc
    .tuple(fc.constantFrom(...WORDS), fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }))
    .map(([name, args]) => `${name}(${args.join(', ')})`),
  fc
    .tuple(fc.constantFrom(...WORDS), fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }))
    .map(([name, inner]) => `${name} { ${inner.join('; ')} }`),
  fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map(([a, b]) => `${a} = ${b}`),
  fc
    .tuple(
      fc.constantFrom(...WORDS, ...PARTS),
      fc.array(fc.constantFrom(...PARTS, ...WORDS), { maxLength: 4 }),
      fc.array(fc.constantFrom(...PARTS, ...WORDS), { maxLength: 4 }),
    )
    .map(
      ([arg, match, action]) =>
        `learn(${arg}) { match { ${match.join('; ')} } action { ${action.join('; ')} } }`,
    ),
  fc
    .tuple(
      fc.constantFrom('bundle', 'reg0 = bundle_load', 'reg0[0..1] = multipath', 'sample', 'encap', 'decap'),
      fc.array(fc.constantFrom(...ARGUMENTS, ...WORDS), { maxLength: 5 }),
    )
    .map(([name, args]) => `${name}(${args.join(', ')})`),
);
const before = 'port uplink = 3\nconst web = 80\nregister zone = reg3[0..15]';

test('never throws, and is silent only where it gives instructions', { timeout: 180_000 }, () => {
  fc.assert(
    fc.property(
      fc.constantFrom('', 'ip', 'tcp', 'arp', 'vlan_vid = 5', 'nonsense', 'ip_src = 10.0.0.1'),
      fc.array(statement, { maxLength: 5 }),
      (match, statements) => {
        const text = program({ before, match, action: statements.join('; ') });
        const { instructions, diagnostics, formed, sound } = compileText(text, true, false);
        // With a brace too many, some of it stands outside of the action block.
        const errors = diagnostics.some((d) => d.severity === 'error');
        if (formed) expect(errors).toBe(instructions === null || !sound);
        for (const d of diagnostics) {
          expect(d.place.start).toBeLessThanOrEqual(d.place.end);
          expect(d.place.end).toBeLessThanOrEqual(text.length);
          for (const fix of d.fixes)
            for (const e of fix.edits) expect(e.end).toBeLessThanOrEqual(text.length);
        }
      },
    ),
    { numRuns: 4000, seed: 7 },
  );
});

test('knows every action of ovs-actions(7)', () => {
  for (const { name } of ACTIONS) {
    expect(actionByName(name)).toBeDefined();
    const { diagnostics, formed } = compileText(program({ match: 'ip', action: name }), true, false);
    if (formed) expect(diagnostics.map((d) => d.code)).not.toContain('WBF4201');
  }
});
