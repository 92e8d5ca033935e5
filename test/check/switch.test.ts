/** Every match that we accept, the switch accepts: matches put together at random, sent as OpenFlow 1.5. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FIELDS } from '../../src/openflow/fields.ts';
import type { Field } from '../../src/openflow/fields.ts';
import { valueNames } from '../../src/openflow/names.ts';
import { PROTOCOL_NAMES } from '../../src/openflow/protocols.ts';
import { ACCEPTED, answers, bytesOf, dumped, judge, numbered, startBench } from '../conformance/judge.ts';
import type { Lab } from '../lab/switch.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await startBench();
});
afterAll(async () => {
  await lab.stop();
});

const VALUES: Readonly<Partial<Record<Field['format'], readonly string[]>>> = {
  Ethernet: ['02:00:00:00:00:01', '01:00:00:00:00:00/01:00:00:00:00:00'],
  IPv4: ['10.0.0.1', '10.0.0.0/8', '10.0.3.0/255.0.255.0', '0.0.0.0/0'],
  IPv6: ['fe80::1', '2001:db8::/32', '::1/::1'],
  'ct state': ['+trk', '+trk-inv', '+est', '-trk', '0x21/0x23', '0'],
  'TCP flags': ['+syn-ack', '0x12', '0/0x12'],
  'tunnel flags': ['+oam', '-oam'],
};

const relation = fc.constantFrom(...FIELDS).chain((f) => {
  const numbers = ['0', '1', '5', '0x10/0xf0', '0/1', '4095', '0x1000/0x1000', ...valueNames(f).slice(0, 6)];
  const whole = fc.constantFrom(...(VALUES[f.format] ?? numbers)).map((v) => `${f.name} = ${v}`);
  const last = f.bits - 1;
  const some = fc
    .tuple(fc.integer({ min: 0, max: last }), fc.integer({ min: 0, max: last }), fc.constantFrom('0', '1'))
    .map(([a, b, v]) => `${f.name}[${Math.min(a, b)}..${Math.max(a, b)}] = ${v}`);
  return fc.oneof({ weight: 4, arbitrary: whole }, { weight: 1, arbitrary: some });
});
const match = fc
  .tuple(fc.option(fc.constantFrom(...PROTOCOL_NAMES)), fc.array(relation, { minLength: 1, maxLength: 4 }))
  .map(([protocol, terms]) => [...(protocol === null ? [] : [protocol]), ...terms].join('; '));

test('and shows it again', async () => {
  const matches = [...new Set(fc.sample(match, { numRuns: 20_000, seed: 5 }))];
  const accepted = matches.flatMap((m) => {
    const { flow } = judge({ match: m });
    return flow === null ? [] : [{ match: m, flow }];
  });
  expect(accepted.length).toBeGreaterThan(1000);
  const messages = numbered(accepted.map((a) => bytesOf(a.flow)));
  const said = await answers(lab, 'br0', messages);
  const refused = accepted.flatMap((a, i) => (said[i] === ACCEPTED ? [] : [`${a.match}: ${said[i]}`]));
  expect(refused).toEqual([]);
  const lines = await dumped(lab, 'br0', accepted.length);
  expect(accepted.filter((_, i) => lines[i] === undefined).map((a) => a.match)).toEqual([]);
}, 180_000);
