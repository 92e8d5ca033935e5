// What a real ovs-ofctl 3.1.0 sent for matches, recorded; kept beside the repository, not in it.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textLosses } from '../../src/emit/text/limits.ts';
import { encodeMatch } from '../../src/ir/oxm.ts';
import type { MatchField } from '../../src/ir/types.ts';
import { fieldByHeader } from '../../src/openflow/oxm.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { differences, flow, prepareBridge, term } from './judge.ts';

const folder = new URL('../../../shared/ovs/', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

/** `80000a02:0800` as a term; an experimenter's id stands before the colon. */
function decode(tlv: string): MatchField {
  const [header = '', payload = ''] = tlv.split(':');
  const word = parseInt(header.slice(0, 8), 16);
  const oxmClass = word >>> 16;
  const experimenter = oxmClass === 0xffff ? parseInt(header.slice(8), 16) : null;
  const f = fieldByHeader(oxmClass, (word >>> 9) & 0x7f, experimenter);
  if (f === undefined) throw new Error(`no field has the header of ${tlv}`);
  const masked = (word & 0x100) !== 0;
  const value = masked ? payload.slice(0, payload.length / 2) : payload;
  return term(f.name, BigInt(`0x0${value}`), masked ? BigInt(`0x${payload.slice(value.length)}`) : null);
}

interface FieldVector {
  readonly text: string;
  readonly '1.5'?: readonly string[];
}

describe.runIf(existsSync(folder))('recorded matches', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startSwitch({ dummy: true });
    await prepareBridge(lab);
  });
  afterAll(() => lab.stop());

  const vectors = (): readonly FieldVector[] =>
    Object.values(
      read('field_vectors.json') as Readonly<Record<string, Readonly<Record<string, FieldVector>>>>,
    )
      .flatMap((forms) => Object.values(forms))
      .filter((v) => v['1.5'] !== undefined);

  test('a match read from them is written as it stands there', () => {
    const all = vectors();
    expect(all.length).toBeGreaterThan(300);
    for (const { text, '1.5': tlvs = [] } of all) {
      const written = Buffer.from(encodeMatch(tlvs.map(decode))).toString('hex');
      expect(`${text} ${written}`).toBe(`${text} ${tlvs.join('').replaceAll(':', '')}`);
    }
  });

  test('and its text leads to the same bytes', async () => {
    const some = vectors()
      .map(({ '1.5': tlvs = [] }) => flow({ match: tlvs.map(decode) }))
      .filter((f) => textLosses(f).length === 0)
      // Slots without an option on the bridge.
      .filter((f) => !f.match.some((t) => /^tun_metadata([4-9]|\d\d)$/.test(t.field)));
    expect(await differences(lab, some)).toEqual([]);
  });
});
