import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ByteWriter } from '../../src/ir/bytes.ts';
import { encodeMatch, matchOrder } from '../../src/ir/oxm.ts';
import { writeField, writeHeader } from '../../src/ir/tlv.ts';
import type { MatchField } from '../../src/ir/types.ts';
import { WIRE_VERSIONS } from '../../src/openflow/oxm.ts';
import { term } from '../emit/judge.ts';
import { parseMatch } from './match-text.ts';

const encode = (...terms: MatchField[]): string =>
  Buffer.from(encodeMatch(matchOrder(terms))).toString('hex');

// What a real ovs-ofctl 3.1.0 sent, recorded.
const vectors = '/work/shared/ovs/field_vectors.json';
type Vector = Readonly<Record<string, string | readonly string[]>>;

describe.runIf(existsSync(vectors))('recorded matches', () => {
  const all = existsSync(vectors)
    ? (JSON.parse(readFileSync(vectors, 'utf8')) as Record<string, Record<string, Vector>>)
    : {};
  const bug = /^tun_(erspan_(ver|dir|hwid)|gtpu)/;
  const cases = Object.entries(all)
    .filter(([name]) => !bug.test(name))
    .flatMap(([, kinds]) => Object.values(kinds))
    .flatMap((v) =>
      WIRE_VERSIONS.flatMap((version) => {
        const tlvs = v[version] as readonly string[] | undefined;
        return tlvs === undefined
          ? []
          : [{ version, text: v.text as string, hex: tlvs.join('').replaceAll(':', '') }];
      }),
    );

  test('are there for every version', () => {
    for (const version of WIRE_VERSIONS)
      expect(cases.filter((c) => c.version === version).length).toBeGreaterThan(300);
  });

  test.each(cases)('$version $text', ({ version, text, hex }) => {
    expect(Buffer.from(encodeMatch(matchOrder(parseMatch(text)), version)).toString('hex')).toBe(hex);
  });
});

describe('registers', () => {
  test('two halves go together', () => {
    expect(encode(term('reg1', 2), term('reg0', 1))).toBe('80010008' + '00000001' + '00000002');
  });

  test('a half goes under a mask, and so does what is left of several', () => {
    expect(encode(term('reg2', 5, 0xf), term('xxreg1', 1, 3))).toBe(
      '80010310' +
        '0000000500000000' +
        '0000000f00000000' +
        '80010710' +
        '0000000000000001' +
        '0000000000000003',
    );
  });
});

describe('VLAN', () => {
  test.each([
    ['untagged', [term('vlan_tci', 0)], '80000c020000'],
    ['tagged', [term('vlan_tci', 0x1000, 0x1000)], '80000d0410001000'],
    ['any id with a priority', [term('dl_vlan_pcp', 3)], '80000d0410001000' + '80000e0103'],
    ['id and priority', [term('vlan_pcp', 3), term('vlan_vid', 0x1005)], '80000c021005' + '80000e0103'],
    ['OpenFlow 1.0 for untagged', [term('dl_vlan', 0xffff)], '80000c020000'],
    ['a part of the priority', [term('vlan_tci', 0x3000, 0x3000)], '0000090430003000'],
    ['a priority without a tag', [term('vlan_tci', 0x2000, 0xf000)], '000009042000f000'],
  ])('%s', (_, terms, hex) => {
    expect(encode(...terms)).toBe(hex);
  });
});

describe('packet_type', () => {
  test('Ethernet is said only where nothing else says it', () => {
    expect(encode(term('packet_type', 0))).toBe('8000580400000000');
    expect(encode(term('packet_type', 0), term('in_port', 1))).toBe('8000580400000000' + '8000000400000001');
    expect(encode(term('packet_type', 0), term('eth_type', 0x806))).toBe('80000a020806');
  });

  test('other types are always said, first', () => {
    expect(encode(term('nw_proto', 6), term('packet_type', 0x10800))).toBe('8000580400010800' + '8000140106');
  });
});

describe('masks', () => {
  test('a mask of no bits says nothing, except of a Geneve option: that it is there', () => {
    expect(encode(term('metadata', 0, 0))).toBe('');
    expect(encode(term('tun_metadata3', 0, 0))).toBe('00015700');
  });

  test('the mask is what was written where ovs-ofctl 3.1.0 sends the value for it', () => {
    expect(encode(term('tun_gtpu_flags', 0x30, 0xf0))).toBe('ffff1f0600002320' + '30f0');
    expect(encode(term('tun_erspan_ver', 2))).toBe('ffff180500002320' + '02');
  });
});

test('ports have 32 bits, and reserved ones move', () => {
  expect(encode(term('in_port', 0xfffe))).toBe('80000004fffffffe');
  expect(encode(term('in_port', 0xfeff))).toBe('800000040000feff');
});

test('terms that ovs-ofctl drops are sent', () => {
  const state = term('ct_state', 0x22, 0x22);
  expect(encode(state, term('ct_nw_proto', 0))).toBe('0001d3080000002200000022' + '0001ee0100');
  expect(encode(state, term('ct_tp_src', 5))).toBe('0001d3080000002200000022' + '0001f8020005');
});

test('set_field: only a mask of all bits of all bytes is none', () => {
  const field = (...args: [Parameters<typeof writeField>[1], bigint, bigint | null]): string => {
    const writer = new ByteWriter(4);
    writeField(writer, ...args);
    return Buffer.from(writer.take()).toString('hex');
  };
  expect(field('reg0', 1n, 0xffff_ffffn)).toBe('0001000400000001');
  expect(field('ipv6_label', 1n, 0xfffffn)).toBe('8000390800000001000fffff');
  expect(field('tun_metadata0', 0x1234n, null)).toBe('000150021234');
});

test('a header alone: of OpenFlow 1.5, or as Nicira has it', () => {
  const header = (...args: [Parameters<typeof writeHeader>[1], 'NXM' | '1.5']): string => {
    const writer = new ByteWriter(4);
    writeHeader(writer, ...args);
    return Buffer.from(writer.take()).toString('hex');
  };
  expect(header('tun_id', '1.5')).toBe('80004c08');
  expect(header('tun_id', 'NXM')).toBe('00012008');
  expect(header('nsh_c1', '1.5')).toBe('ffff0c08005ad650');
  expect(() => header('dl_vlan', '1.5')).toThrow('no OXM header');
});

test('the order is that of ovs-ofctl, which puts prerequisites first', () => {
  const names = [
    'metadata',
    'ct_state',
    'reg3',
    'tcp_dst',
    'nw_proto',
    'ip_src',
    'vlan_vid',
    'eth_type',
    'in_port',
  ] as const;
  expect(matchOrder(names.map((name) => term(name, 0))).map((t) => t.field)).toEqual([...names].reverse());
});
