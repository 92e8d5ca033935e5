/** What is on a switch: all its flows, each looked at once as it comes and not kept. */
import type { WireVersion } from '../openflow/oxm.ts';
import type { Connection } from './connection.ts';
import { flowKey } from './flow-key.ts';
import { notOpenFlow } from '../diagnostics/codes/push.ts';
import { flowContent } from './plan.ts';
import { problem, PushError } from './problem.ts';
import { flowsRequest, OFPMP, readMultipart } from './wire.ts';

/** A flow in a reply, where it stands. Valid only during the visit. */
export interface SeenFlow {
  readonly table: number;
  readonly priority: number;
  readonly cookie: bigint;
  /** Milliseconds since it was installed. */
  readonly age: number;
  readonly key: string;
  /** What the flow is beside its key and cookie: equal contents are the same flow. */
  readonly content: () => string;
  readonly instructions: () => Buffer;
  /** Adds everything that a program says of a flow (not its counters and its age) to a digest. */
  readonly digest: (into: Digest) => void;
}

/** No switch has as many; an answer that never ends does. */
const MAX_FLOWS = 20_000_000;

export async function survey(connection: Connection, visit: (flow: SeenFlow) => void): Promise<void> {
  const version = connection.agreed;
  let count = 0;
  await connection.request('its flows', flowsRequest(version, connection.nextXid()), (m) => {
    const part = readMultipart(m);
    if (part === null || part.type !== OFPMP.flow) return undefined;
    for (let at = 0; at < part.body.length;) {
      const length = part.body.length - at >= 2 ? part.body.readUInt16BE(at) : 0;
      if (length < 32 || at + length > part.body.length)
        throw malformed(connection, 'a flow in its list of flows has an impossible length');
      visit(readFlow(version, part.body.subarray(at, at + length), connection));
      at += length;
    }
    count += part.body.length;
    if (count > MAX_FLOWS * 56) throw malformed(connection, 'its list of flows does not end');
    return part.more ? undefined : true;
  });
}

export function malformed(connection: Connection, why: string): PushError {
  return new PushError(problem(notOpenFlow, { target: connection.name, why }));
}

/** ofp_flow_desc of 1.5 (§7.3.5.2), ofp_flow_stats before. */
function readFlow(version: WireVersion, bytes: Buffer, connection: Connection): SeenFlow {
  const is15 = version === '1.5';
  const matchAt = is15 ? 24 : 48;
  const table = bytes.readUInt8(is15 ? 4 : 2);
  const priority = bytes.readUInt16BE(is15 ? 6 : 12);
  const fixedEnd = is15 ? 24 : 32;
  if (bytes.length < matchAt + 8) throw malformed(connection, 'a flow in its list of flows is too short');
  const matchEnd = matchAt + Math.ceil(bytes.readUInt16BE(matchAt + 2) / 8) * 8;
  if (matchEnd > bytes.length) throw malformed(connection, 'a match in its list of flows is too long');
  const stats = is15 ? readStats(bytes, matchEnd) : { age: oldAge(bytes, 4), end: matchEnd };
  const key = flowKey(table, priority, bytes, matchAt);
  return {
    table,
    priority,
    cookie: bytes.readBigUInt64BE(is15 ? 16 : 24),
    age: stats.age,
    key,
    content: () => {
      const at = is15 ? 8 : 14;
      return flowContent(
        bytes.readUInt32BE(at),
        bytes.readUInt16BE(at + 4),
        bytes.readUInt16BE(at + 6),
        bytes.subarray(stats.end),
      );
    },
    instructions: () => bytes.subarray(stats.end),
    digest: (into) => {
      into.add(key, bytes, is15 ? 8 : 14, fixedEnd, stats.end, bytes.length);
    },
  };
}

function oldAge(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * 1000 + bytes.readUInt32BE(at + 4) / 1e6;
}

/** OXS statistics (§7.2.4): of them we want the duration. */
function readStats(bytes: Buffer, at: number): { age: number; end: number } {
  if (at + 4 > bytes.length) return { age: 0, end: at };
  const length = bytes.readUInt16BE(at + 2);
  const end = Math.min(at + Math.ceil(Math.max(length, 4) / 8) * 8, bytes.length);
  for (
    let field = at + 4;
    field + 4 <= at + length && field + 4 <= end;
    field += 4 + bytes.readUInt8(field + 3)
  ) {
    // OXS_OF_DURATION: class 0x8002, field 0, seconds and nanoseconds.
    if (bytes.readUInt32BE(field) === 0x80020008 && field + 12 <= end)
      return { age: oldAge(bytes, field + 4), end };
  }
  return { age: 0, end };
}

/** Two sets of flows are the same when their digests are; the order does not matter. */
export class Digest {
  count = 0;
  private a = 0;
  private b = 0;

  add(key: string, bytes: Buffer, start: number, end: number, start2: number, end2: number): void {
    let x = 0x811c9dc5;
    let y = 0x9e3779b9;
    const mix = (c: number): void => {
      x = Math.imul(x ^ c, 0x01000193);
      y = Math.imul(y ^ c, 0x85ebca6b) ^ (y >>> 13);
    };
    for (let i = 0; i < key.length; i++) mix(key.charCodeAt(i));
    for (let i = start; i < end; i++) mix(bytes[i] ?? 0);
    for (let i = start2; i < end2; i++) mix(bytes[i] ?? 0);
    this.count++;
    this.a = (this.a + x) | 0;
    this.b = (this.b + Math.imul(y ^ (y >>> 16), 0xc2b2ae35)) | 0;
  }

  equals(other: Digest): boolean {
    return this.count === other.count && this.a === other.a && this.b === other.b;
  }
}
