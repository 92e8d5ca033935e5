/**
 * Which flows the compiler judges alike: they match the same fields under the same masks, do the same, and have the same
 * values where a value decides more than itself (`isSensitive`). One of them speaks for all.
 */
import type { Instructions, MatchField } from '../ir/types.ts';
import type { FieldName } from '../openflow/fields.ts';
import { FIELDS } from '../openflow/fields.ts';
import { storage, VLAN_PRESENT } from '../openflow/storage.ts';
import { isSensitive } from '../project/roles.ts';
import type { ReadFlow } from './read/types.ts';

const SENSITIVE: ReadonlySet<FieldName> = new Set(FIELDS.filter((f) => isSensitive(f)).map((f) => f.name));
const PORTS: ReadonlySet<FieldName> = new Set(
  FIELDS.filter((f) => storage(f).unit === 'in_port').map((f) => f.name),
);

/** Ports from here on have names, or no meaning. */
const FIRST_RESERVED = 0xff00n;

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

export class Alike {
  private readonly root = new Node();
  private readonly outputs = new WeakMap<Instructions, ReadonlySet<number>>();
  count = 0;

  /** The class of the flow. A new one has the number `count` had before. */
  of({ table, flags, match, instructions }: ReadFlow['flow']): number {
    let node = this.root.to(table).to(flags).to(instructions);
    for (const term of match) node = this.term(node.to(term.field), term, instructions);
    if (node.id === -1) node.id = this.count++;
    return node.id;
  }

  private term(node: Node, { field: name, value, mask }: MatchField, instructions: Instructions): Node {
    const at = mask === null ? node : node.to(mask);
    if (SENSITIVE.has(name)) return at.to(value);
    if (name === 'vlan_vid') return at.to((value & VLAN_PRESENT) === 0n);
    if (!PORTS.has(name)) return at;
    // A packet is not sent back to where it came from.
    if (value === 0n || value >= FIRST_RESERVED) return at.to(value);
    return at.to(this.outputsOf(instructions).has(Number(value)));
  }

  private outputsOf(instructions: Instructions): ReadonlySet<number> {
    let ports = this.outputs.get(instructions);
    if (ports === undefined) this.outputs.set(instructions, (ports = portsIn(instructions)));
    return ports;
  }
}

/** All numbers called a port in the actions. */
function portsIn(part: unknown, found = new Set<number>()): Set<number> {
  if (typeof part !== 'object' || part === null) return found;
  if ('port' in part && typeof part.port === 'number') found.add(part.port);
  for (const inner of Object.values(part)) portsIn(inner, found);
  return found;
}
