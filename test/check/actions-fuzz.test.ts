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

const statement = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 6 }).map((w) => w.join(' ')),
  fc
    .tuple(fc.constantFrom(...WORDS), fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }))
    .map(([name, args]) => `${name}(${args.join(', ')})`),
  fc
    .tuple(fc.constantFrom(...WORDS), fc.array(fc.constantFrom(...WORDS), { maxLength: 4 }))
    .map(([name, inner]) => `${name} { ${inner.join('; ')} }`),
  fc.tuple(fc.constantFrom(...WORDS), fc.constantFrom(...WORDS)).map(([a, b]) => `${a} = ${b}`),
);
const before = 'port uplink = 3\nconst web = 80\nregister zone = reg3[0..15]';

test('never throws, and is silent only where it gives instructions', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('', 'ip', 'tcp', 'arp', 'vlan_vid = 5', 'nonsense', 'ip_src = 10.0.0.1'),
      fc.array(statement, { maxLength: 5 }),
      (match, statements) => {
        const text = program({ before, match, action: statements.join('; ') });
        const { instructions, diagnostics, formed, sound } = compileText(text, true, false);
        if (instructions !== null && sound)
          expect(diagnostics.every((d) => d.severity !== 'error')).toBe(true);
        else if (formed) expect(diagnostics.some((d) => d.severity === 'error')).toBe(true);
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
