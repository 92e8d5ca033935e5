/**
 * Which flows the compiler judges alike: they match the same fields under the same masks, do the same, and have the same
 * values where a value decides more than itself (`isSensitive`). One of them speaks for all.
 */
import type { Instructions, MatchField } from '../ir/types.ts';
import type { FieldName } from '../openflow/fields.ts';
import { field, FIELDS } from '../openflow/fields.ts';
import { storage, VLAN_PRESENT } from '../openflow/storage.ts';
import { isSensitive } from '../project/roles.ts';
import type { ReadFlow } from './read/types.ts';

const SENSITIVE: ReadonlySet<FieldName> = new Set(FIELDS.filter((f) => isSensitive(f)).map((f) => f.name));
const PORTS: ReadonlySet<FieldName> = new Set(
  FIELDS.filter((f) => storage(f).unit === 'in_port').map((f) => f.name),
);

const ADDRESSES: ReadonlySet<FieldName> = new Set(
  FIELDS.filter((f) => /^(?:IPv4|IPv6)$/.test(f.format) && !isSensitive(f)).map((f) => f.name),
);
const ONES: Readonly<Record<number, bigint>> = { 32: (1n << 32n) - 1n, 128: (1n << 128n) - 1n };

/** Some of the first bits, neither none nor all of them. */
function isPrefix(name: FieldName, mask: bigint): boolean {
  const rest = (ONES[field(name).bits] ?? 0n) & ~mask;
  return rest !== 0n && mask !== 0n && (rest & (rest + 1n)) === 0n;
}

/** Ports from here on have names, or no meaning. */
const FIRST_RESERVED = 0xff00;

class Node {
  id = -1;
  private readonly next = new Map<unknown, Node>();
  private lastKey: unknown = undefined;
  private last: Node | null = null;

  to(key: unknown): Node {
    // Neighbours are mostly alike.
    if (key === this.lastKey && this.last !== null) return this.last;
    let node = this.next.get(key);
    if (node === undefined) this.next.set(key, (node = new Node()));
    this.lastKey = key;
    this.last = node;
    return node;
  }
}

/** What there is to know of the actions of a flow. */
interface Doing {
  /** Equal for lists that differ only in values that decide nothing. */
  readonly shape: string;
  readonly outputs: ReadonlySet<number>;
}

export class Alike {
  private readonly root = new Node();
  private readonly doings = new WeakMap<Instructions, Doing>();
  count = 0;

  /** The class of the flow. A new one has the number `count` had before. */
  of({ table, flags, match, instructions }: ReadFlow['flow']): number {
    const doing = this.doingOf(instructions);
    let node = this.root.to(table).to(flags).to(doing.shape);
    for (const term of match) node = this.term(node.to(term.field), term, doing);
    if (node.id === -1) node.id = this.count++;
    return node.id;
  }

  private term(node: Node, { field: name, value, mask }: MatchField, { outputs }: Doing): Node {
    const at = mask === null ? node : node.to(this.kindOf(name, mask));
    if (SENSITIVE.has(name)) return at.to(value);
    if (name === 'vlan_vid') return at.to((value & VLAN_PRESENT) === 0n);
    if (!PORTS.has(name)) return at;
    // A packet is not sent back to where it came from.
    if (value === 0n || value >= FIRST_RESERVED) return at.to(value);
    return at.to(outputs.has(Number(value)));
  }

  /** One prefix is judged like another; other masks each for itself. */
  private kindOf(name: FieldName, mask: bigint): unknown {
    return ADDRESSES.has(name) && isPrefix(name, mask) ? 'prefix' : mask;
  }

  private doingOf(instructions: Instructions): Doing {
    let doing = this.doings.get(instructions);
    if (doing === undefined) this.doings.set(instructions, (doing = readDoing(instructions)));
    return doing;
  }
}

function readDoing({ apply, clear, write, writeMetadata, goto }: Instructions): Doing {
  const outputs = new Set<number>();
  let shape = `${goto ?? ''}`;
  for (const action of apply) {
    const { kind } = action;
    if (kind === 'output' && action.port > 0 && action.port < FIRST_RESERVED) {
      outputs.add(action.port);
      shape += ' output';
    } else if (kind === 'set_field' && !decides(action.field)) {
      // Actions of which many flows have each its own.
      shape += ` ${action.field}/${action.mask ?? ''}`;
    } else {
      portsIn(action, outputs);
      shape += ` ${exactly(action)}`;
    }
  }
  if (clear || write !== null || writeMetadata !== null) {
    portsIn(write, outputs);
    shape += ` ${exactly({ clear, write, writeMetadata })}`;
  }
  return { shape, outputs };
}

/** Do flows that write other values to the field count as others? */
export function decides(name: FieldName): boolean {
  return SENSITIVE.has(name) || PORTS.has(name) || name === 'vlan_vid';
}

/** All numbers called a port in the actions. */
export function portsIn(part: unknown, found: Set<number>): void {
  if (typeof part !== 'object' || part === null) return;
  if ('port' in part && typeof part.port === 'number') found.add(part.port);
  for (const inner of Object.values(part)) portsIn(inner, found);
}

/** A text for each value. */
function exactly(part: unknown): string {
  return JSON.stringify(part, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}
