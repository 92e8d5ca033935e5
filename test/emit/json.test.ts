// The JSON of a program: that all of it is there, always in the same way, and that docs/ir-json.md says so.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { emitJson } from '../../src/emit/json.ts';
import { flowList } from '../../src/ir/list.ts';
import { ONLY_FLOWS } from '../../src/ir/types.ts';
import type { FlowMod, ProgramIr } from '../../src/ir/types.ts';
import { ACTION_CASES } from './cases.ts';
import { flow, instructions, term, withActions } from './judge.ts';

const program = (flows: readonly FlowMod[]): ProgramIr => ({
  ...ONLY_FLOWS,
  name: 'edge',
  cookies: { value: 0xabcdn << 48n, mask: 0xffffn << 48n },
  tables: new Map([
    [7, 'out'],
    [0, 'in'],
  ]),
  ports: new Map([[1, 'uplink']]),
  files: ['edge.wbf', 'lib.wbf'],
  flows: flowList(flows),
});

test('values, masks and cookies are hexadecimal strings', () => {
  const f = flow({
    name: 'in.web',
    cookie: 0xabcd_0000_0000_0001n,
    match: [term('eth_type', 0x800), term('ip_src', 0x0a000000, 0xff000000)],
    flags: 3,
    instructions: instructions({
      apply: [{ kind: 'set_field', ...term('reg0', 1, 255) }],
      writeMetadata: { value: 1n, mask: null },
    }),
    origin: { file: 1, start: 10, end: 20 },
  });
  const place = (file: number, offset: number) => ({ line: file + 1, column: offset + 1 });
  const parsed = JSON.parse(emitJson(program([f]), { place })) as Record<string, unknown>;
  expect(parsed).toMatchObject({
    program: 'edge',
    cookies: { value: '0xabcd000000000000', mask: '0xffff000000000000' },
    tables: [
      { number: 0, name: 'in' },
      { number: 7, name: 'out' },
    ],
    ports: [{ number: 1, name: 'uplink' }],
    files: ['edge.wbf', 'lib.wbf'],
    flows: [
      {
        name: 'in.web',
        cookie: '0xabcd000000000001',
        flags: ['send_flow_rem', 'check_overlap'],
        match: [
          { field: 'eth_type', value: '0x800', mask: null },
          { field: 'ip_src', value: '0xa000000', mask: '0xff000000' },
        ],
        instructions: {
          apply: [{ kind: 'set_field', field: 'reg0', value: '0x1', mask: '0xff' }],
          clear: false,
          write: null,
          write_metadata: { value: '0x1', mask: null },
          goto: null,
        },
        origin: { file: 'lib.wbf', line: 2, column: 11, start: 10, end: 20 },
      },
    ],
  });
});

test('without a resolver an origin has offsets only', () => {
  const { flows } = JSON.parse(emitJson(program([flow()]))) as { flows: { origin: object }[] };
  expect(Object.keys(flows[0]!.origin)).toEqual(['file', 'start', 'end']);
});

test('groups, meters, options of Geneve, and ports that are known by name only', () => {
  const origin = { file: 0, start: 3, end: 4 };
  const text = emitJson({
    ...program([]),
    version: '1.4',
    unresolvedPorts: new Map([[5001, 'eth0']]),
    groupIds: [{ first: 1, last: 9 }],
    meterIds: [{ first: 2, last: 3 }],
    groups: [
      {
        id: 5,
        type: 'select',
        selection: {
          method: 'hash',
          param: 1n << 60n,
          fields: [
            { field: 'ip_src', mask: null },
            { field: 'ip_dst', mask: 0xffff0000n },
          ],
        },
        buckets: [{ id: 0, weight: 7, watchPort: 1, watchGroup: null, actions: [{ kind: 'exit' }], origin }],
        name: 'web',
        origin,
      },
    ],
    meters: [
      {
        id: 3,
        unit: 'kbps',
        burst: true,
        stats: false,
        bands: [{ type: 'dscp_remark', rate: 5, burstSize: 6, precLevel: 1 }],
        name: 'limit',
        origin,
      },
    ],
    tlvs: [{ class: 0xffff, type: 0x80, length: 4, index: 7, origin }],
  });
  const at = { file: 'edge.wbf', start: 3, end: 4 };
  expect(JSON.parse(text)).toMatchObject({
    version: '1.4',
    unresolved_ports: [{ number: 5001, name: 'eth0' }],
    groups: [
      {
        name: 'web',
        id: 5,
        type: 'select',
        selection: {
          method: 'hash',
          param: '0x1000000000000000',
          fields: [
            { field: 'ip_src', mask: null },
            { field: 'ip_dst', mask: '0xffff0000' },
          ],
        },
        buckets: [
          { id: 0, weight: 7, watch_port: 1, watch_group: null, actions: [{ kind: 'exit' }], origin: at },
        ],
        origin: at,
      },
    ],
    group_ids: [{ first: 1, last: 9 }],
    meters: [
      {
        name: 'limit',
        id: 3,
        unit: 'kbps',
        flags: ['burst'],
        bands: [{ type: 'dscp_remark', rate: 5, burst_size: 6, prec_level: 1 }],
        origin: at,
      },
    ],
    meter_ids: [{ first: 2, last: 3 }],
    tunnel_metadata: [{ field: 'tun_metadata7', class: 0xffff, type: 0x80, length: 4, origin: at }],
  });
  expect(undocumented(text)).toEqual([]);
});

test('the cookie of a learned flow has its digits, too', () => {
  const [learn] = all.filter((f) => f.instructions.apply[0]?.kind === 'learn');
  expect(emitJson(program([learn!]))).toContain('"cookie": "0x0000000000000000"');
});

const all = ACTION_CASES.map(({ match, actions }) => withActions(match, ...actions));

test('the same program gives the same bytes, in whatever order its parts were made', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([k, v]) => [k, shuffled(v)]),
    );
  };
  const text = emitJson(program(all));
  expect(emitJson(program(all))).toBe(text);
  expect(emitJson(program(all.map((f) => shuffled(f) as FlowMod)))).toBe(text);
});

/** The keys and kinds of a document that docs/ir-json.md does not name. */
function undocumented(text: string): string[] {
  const doc = readFileSync(new URL('../../docs/ir-json.md', import.meta.url), 'utf8');
  const words = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        words.add(key);
        if (key === 'kind') words.add(inner as string);
        collect(inner);
      }
    }
  };
  collect(JSON.parse(text));
  return [...words].filter((word) => !doc.includes(`\`${word}\``));
}

test('docs/ir-json.md names every kind of action and every key', () => {
  expect(undocumented(emitJson(program(all), { place: () => ({ line: 1, column: 1 }) }))).toEqual([]);
});
