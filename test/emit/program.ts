// A small program as the checker hands it on, for tests of what is made of whole programs.
import { programCookies } from '../../src/ir/identity.ts';
import { flowList } from '../../src/ir/list.ts';
import { ONLY_FLOWS } from '../../src/ir/types.ts';
import type { FlowMod, ProgramIr } from '../../src/ir/types.ts';
import { flow, instructions, term } from './judge.ts';

const cookies = programCookies(0xa01);
const ours = (n: number): bigint => cookies.value | BigInt(n);

export const FLOWS: readonly FlowMod[] = [
  flow({
    cookie: ours(1),
    priority: 10,
    match: [term('in_port', 1), term('eth_type', 0x806), term('arp_tpa', 0x0a0b161an)],
    instructions: instructions({ apply: [{ kind: 'output', port: 0xfffffff8, maxLen: 0 }] }),
    name: 'ingress.arp_reply',
    origin: { file: 0, start: 10, end: 20 },
  }),
  flow({
    cookie: ours(2),
    idleTimeout: 30,
    hardTimeout: 300,
    importance: 7,
    flags: 0x1f & ~2,
    match: [term('eth_type', 0x800), term('nw_proto', 6), term('tcp_dst', 80)],
    instructions: instructions({
      apply: [
        { kind: 'output', port: 2, maxLen: 0 },
        { kind: 'resubmit', port: 1, table: 5, ct: false },
        {
          kind: 'ct',
          commit: true,
          force: false,
          zone: { field: 'reg0', offset: 0, bits: 16 },
          table: 5,
          alg: 0,
          nat: {
            direction: 'src',
            family: 4,
            addresses: { min: 0x0a000001n, max: 0x0a000009n },
            ports: null,
            persistent: false,
            hash: true,
            random: false,
          },
          exec: [{ kind: 'set_field', field: 'ct_mark', value: 1n, mask: 0xfn }],
        },
        { kind: 'note', bytes: Uint8Array.of(1, 0xab) },
      ],
      writeMetadata: { value: 1n, mask: 3n },
      goto: 5,
    }),
    origin: { file: 1, start: 0, end: 5 },
  }),
  flow({ table: 5, cookie: ours(3), priority: 0, name: 'acl.miss', origin: { file: 1, start: 30, end: 31 } }),
];

export function program(parts: Partial<ProgramIr> = {}): ProgramIr {
  return {
    ...ONLY_FLOWS,
    name: 'whitebox',
    cookies,
    tables: new Map([
      [0, 'ingress'],
      [5, 'acl'],
    ]),
    ports: new Map([
      [1, 'p1'],
      [2, 'p2'],
    ]),
    files: ['rules.wbf', 'lib/acl.wbf'],
    flows: flowList(FLOWS),
    ...parts,
  };
}
