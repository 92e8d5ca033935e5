// Plans from raw FLOW_MODs, right and wrong ones.
import type { OpenFlowVersion } from '../../src/openflow/types.ts';
import {
  push,
  type PushHooks,
  type PushOptions,
  type PushPlan,
  type PushResult,
} from '../../src/push/push.ts';
import { parseTarget, type Target } from '../../src/push/target.ts';
import type { Outcome } from '../../src/push/session-types.ts';

export const space = { value: 0x00a01n << 44n, mask: 0xfffffn << 44n };
export const ownCookie = (n: number): bigint => space.value | BigInt(n);

export interface TestFlow {
  /** Match TLVs in hexadecimal. */
  readonly match?: string;
  readonly instructions?: string;
  readonly table?: number;
  readonly priority?: number;
  readonly cookie?: bigint;
  readonly idle?: number;
  readonly flags?: number;
}

export const tlv = {
  ip: '80000a020800',
  arp: '80000a020806',
  ipv6: '80000a0286dd',
  tcp: '80001401 06',
  /** Needs tcp. */
  tcpDst: (port: number): string => `80001c02${hex(port, 4)}`,
  inPort: (port: number): string => `80000004${hex(port, 8)}`,
  ethDst: (n: number): string => `80000606${hex(n, 12)}`,
};

export const act = {
  group: (id: number): string => `0004001000000000 00160008${hex(id, 8)}`,
  output: (port: number): string => `0004001800000000 00000010${hex(port, 8)}ffff000000000000`,
};

export function hex(n: number, digits: number): string {
  return n.toString(16).padStart(digits, '0');
}

export function flowMod(flow: TestFlow, version: OpenFlowVersion = '1.5'): Buffer {
  const bytesOf = (text = ''): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
  const oxm = bytesOf(flow.match);
  const instructions = bytesOf(flow.instructions);
  const match = Buffer.alloc(Math.ceil((4 + oxm.length) / 8) * 8);
  match.writeUInt16BE(1, 0);
  match.writeUInt16BE(4 + oxm.length, 2);
  oxm.copy(match, 4);
  const head = Buffer.alloc(48);
  head[0] = { '1.0': 1, '1.1': 2, '1.2': 3, '1.3': 4, '1.4': 5, '1.5': 6 }[version];
  head[1] = 14;
  head.writeUInt16BE((48 + match.length + instructions.length) & 0xffff, 2);
  head.writeBigUInt64BE(flow.cookie ?? ownCookie(1), 8);
  head[24] = flow.table ?? 0;
  head.writeUInt16BE(flow.idle ?? 0, 26);
  head.writeUInt16BE(flow.priority ?? 32768, 30);
  head.fill(0xff, 32, 44); // no buffer, any port, any group
  head.writeUInt16BE(flow.flags ?? 0, 44);
  return Buffer.concat([head, match, instructions]);
}

/** So that a place says what stands there. */
export const PART_FILES = { group: 1, meter: 2, tlv: 3 } as const;

/** Flow `i` stands at 10·i in file 0; groups, meters and options so in files of their own. */
export function planOf(
  flows: readonly (TestFlow | Buffer)[],
  more: Partial<PushPlan> & { version?: OpenFlowVersion } = {},
): PushPlan {
  const messages = flows.map((f) => (Buffer.isBuffer(f) ? f : flowMod(f, more.version)));
  const offsets = new Uint32Array(flows.length + 1);
  messages.forEach((m, i) => (offsets[i + 1] = offsets[i]! + m.length));
  return {
    version: '1.5',
    flowCount: flows.length,
    messages: Buffer.concat(messages),
    offsets,
    origin: (i) => ({ file: 0, start: i * 10, end: i * 10 + 5 }),
    originOf: (part, i) => ({ file: PART_FILES[part], start: i * 10, end: i * 10 + 5 }),
    cookies: space,
    bridgeName: null,
    groups: [],
    groupIds: [],
    meters: [],
    meterIds: [],
    tlvs: [],
    ...more,
  };
}

/** Different flows, all of them good. */
export function goodFlows(count: number, more: TestFlow = {}): TestFlow[] {
  return Array.from({ length: count }, (_, i) => ({
    match: tlv.ethDst(i + 1),
    instructions: act.output(1),
    cookie: ownCookie(i + 1),
    ...more,
  }));
}

export function target(text: string): Target {
  const parsed = parseTarget(text);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

export function pushTo(
  to: string,
  plan: PushPlan,
  options: PushOptions = {},
  hooks: PushHooks = {},
): Promise<PushResult> {
  return push(plan, target(to), { timeoutMs: 5_000, ...options }, hooks);
}

/** The message of a push that came to nothing. */
export function messageOf(result: PushResult | Outcome): string {
  if (!('problem' in result))
    throw new Error(
      `it ended ${result.kind}: ${JSON.stringify(result, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v))}`,
    );
  return result.problem.message;
}
