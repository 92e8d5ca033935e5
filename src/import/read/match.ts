/** The match of a flow: its tokens one after the other, the result as the switch gets it, and what was lost on the way. */
import {
  cut,
  dropped,
  maskBug,
  overridden,
  reinterpreted,
  vlanPriorityLost,
} from '../../diagnostics/codes/import.ts';
import { matchOrder } from '../../ir/oxm.ts';
import type { MatchField } from '../../ir/types.ts';
import type { Field, FieldName } from '../../openflow/fields.ts';
import { field } from '../../openflow/fields.ts';
import { PREREQUISITES } from '../../openflow/protocols.ts';
import { VLAN_PRESENT } from '../../openflow/storage.ts';
import { showTerm } from './show.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';
import type { MatchContext } from './state.ts';
import { lacksTag, losesMask, MatchState } from './state.ts';
import { onesOf } from './subfields.ts';
import type { Token, Write } from './tokens.ts';
import { DECISIVE, fieldsMeant } from './tokens.ts';
import { bitsOf } from './units.ts';

export type MatchToken = Extract<Token, { kind: 'match' }>;

export interface ReadMatch {
  readonly match: readonly MatchField[];
  readonly context: MatchContext;
}

/** Tokens of the same shapes in the same order become terms in the same way. */
export interface Plan {
  /** For each term that is sent: which token it comes from … */
  readonly from: readonly number[];
  /** … and which of the terms that the token may become it is. */
  readonly which: readonly number[];
  readonly context: MatchContext;
}

/** What ovs-ofctl itself prints for a field. */
const USUAL: Readonly<Partial<Record<FieldName, FieldName>>> = {
  icmpv6_type: 'icmp_type',
  icmpv6_code: 'icmp_code',
};

/** The plans, as a tree by the shapes of the tokens. */
export class PlanNode {
  private readonly next = new Map<number, PlanNode>();
  /** null where the flow has to be looked at each time, undefined where it is not known yet. */
  plan: Plan | null | undefined;

  /** The node behind a token of that shape. */
  step(shape: number): PlanNode {
    let node = this.next.get(shape);
    if (node === undefined) {
      this.next.set(shape, (node = new PlanNode()));
      nodes++;
    }
    return node;
  }
}

let root = new PlanNode();
let nodes = 0;
/** More than the kinds of flows of any program need: the input is made to exhaust us. */
const MAX_NODES = 100_000;

/** Where the way through the plans begins. */
export function plans(): PlanNode {
  if (nodes > MAX_NODES) {
    root = new PlanNode();
    nodes = 0;
  }
  return root;
}

/**
 * Makes a match of the tokens, which stand at `starts` to `ends`. What is lost is said to `source`, whose offsets these
 * are. The node is where their shapes lead to.
 */
export function readMatch(
  tokens: readonly MatchToken[],
  starts: readonly number[],
  ends: readonly number[],
  node: PlanNode,
  source: Source,
): ReadMatch {
  const work = new Simulation(tokens);
  const before = source.notes.length;
  work.explain(starts, ends, source);
  node.plan ??= source.notes.length === before ? work.plan() : null;
  return work.result;
}

class Simulation {
  readonly result: ReadMatch;
  private readonly tokens: readonly MatchToken[];
  private readonly state = new MatchState();
  private readonly candidates: readonly MatchField[];

  constructor(tokens: readonly MatchToken[]) {
    this.tokens = tokens;
    const written: Field[] = [];
    for (const { writes, ethernet } of tokens) {
      for (const write of writes) {
        this.state.apply(write);
        if (write.field.name.includes('xreg') || write.field.name.startsWith('reg'))
          written.push(write.field);
      }
      if (ethernet) this.state.impliesEthernet();
    }
    this.state.finish();
    this.candidates = tokens.flatMap((t) => t.terms);
    const terms = this.state.terms(written).map((t) => this.candidate(t) ?? t);
    this.result = { match: matchOrder(terms), context: this.state.context };
  }

  /** The term of a token that says the same. */
  private candidate(term: MatchField): MatchField | undefined {
    return this.candidates.find(
      (c) => c.field === term.field && c.value === term.value && c.mask === term.mask,
    );
  }

  /** How to do the same again; null where the terms are not those of the tokens. */
  plan(): Plan | null {
    if (this.collides()) return null;
    const from: number[] = [];
    const which: number[] = [];
    for (const term of this.result.match) {
      const token = this.tokens.findIndex((t) => t.terms.includes(term));
      if (token === -1) return null;
      from.push(token);
      which.push(this.tokens[token]?.terms.indexOf(term) ?? 0);
    }
    return { from, which, context: this.result.context };
  }

  /** Do two tokens write the same bits, such that it depends on their values what comes of it? */
  private collides(): boolean {
    const seen = new Map<string, { covers: bigint; decisive: boolean }>();
    for (const { writes } of this.tokens)
      for (const write of writes) {
        const { unit, covers } = bitsOf(write);
        const decisive = DECISIVE.test(write.field.name);
        const earlier = seen.get(unit);
        const common = (earlier?.covers ?? 0n) & covers;
        const fine = common === 0n || (unit === 'vlan_tci' && common === VLAN_PRESENT);
        if (!fine && !(decisive && earlier?.decisive === true)) return true;
        const both = {
          covers: covers | (earlier?.covers ?? 0n),
          decisive: decisive && (earlier?.decisive ?? true),
        };
        seen.set(unit, both);
      }
    return false;
  }

  /** Says what is not as it was written. */
  explain(starts: readonly number[], ends: readonly number[], source: Source): void {
    this.tokens.forEach(({ writes }, i) => {
      const start = starts[i] ?? 0;
      const end = ends[i] ?? start;
      for (const write of writes) this.explainWrite(write, i, { start, end, starts, ends, source });
    });
    this.explainVlan(starts, ends, source);
  }

  private explainWrite(write: Write, index: number, at: Placed): void {
    const { start, end, source } = at;
    const text = shown(source.slice(start, end));
    const { unit, value, mask } = bitsOf(write);
    if (mask === 0n) return;
    if (losesMask(write.field)) {
      const becomes =
        write.value === 0n
          ? 'it matches everything'
          : `it matches \`0x${write.value.toString(16)}/0x${write.value.toString(16)}\``;
      source.warn(maskBug, { name: write.field.name, becomes }, start, end);
      return;
    }
    const now = this.state.bits(unit);
    if ((now.mask & mask) !== mask || ((now.value ^ value) & mask) !== 0n) {
      const by = this.lastWriter(unit, index);
      if (by === null) return;
      const term = shown(source.slice(at.starts[by] ?? 0, at.ends[by] ?? 0));
      const label = { file: 0, start: at.starts[by] ?? 0, end: at.ends[by] ?? 0, message: 'this counts' };
      source.warn(overridden, { term: text, by: term }, start, end, { related: [label] });
      return;
    }
    this.explainCarrier(write, text, at);
  }

  private explainCarrier(write: Write, text: string, { start, end, source }: Placed): void {
    const { field: f } = write;
    const { unit } = bitsOf(write);
    const carrier = this.state.carrier(unit);
    if (carrier === null) {
      const needs = f.name.startsWith('ct_') ? '`ct_nw_proto` (other than 0)' : needsOf(write);
      source.warn(dropped, { term: text, needs }, start, end);
      return;
    }
    if (
      unit === 'vlan_tci' ||
      unit === 'packet_type' ||
      unit.startsWith('xxreg') ||
      unit === 'ip_tos' ||
      unit === 'in_port'
    )
      return;
    const { bits } = field(carrier);
    if (write.value >> BigInt(bits) !== 0n) {
      const becomes = `${carrier}=${write.value & onesOf(bits)}`;
      source.warn(cut, { written: text, name: carrier, becomes }, start, end);
      return;
    }
    if (fieldsMeant(write).some((g) => g.name === carrier) || USUAL[carrier] === f.name) return;
    const term = this.result.match.find((t) => t.field === carrier);
    const becomes = term === undefined ? carrier : `${carrier}=${showTerm(term)}`;
    source.warn(reinterpreted, { term: text, becomes }, start, end);
  }

  /** What of a VLAN tag is not sent as it was written. */
  private explainVlan(starts: readonly number[], ends: readonly number[], source: Source): void {
    const { value, mask } = this.state.bits('vlan_tci');
    const last = this.lastWriter('vlan_tci', -1);
    if (mask >> 13n === 0n || last === null) return;
    const what = vlanLoss(value, mask);
    if (what !== null) source.warn(vlanPriorityLost, { what }, starts[last] ?? 0, ends[last] ?? 0);
  }

  /** The last token behind `index` that writes to the place. */
  private lastWriter(unit: string, index: number): number | null {
    for (let i = this.tokens.length - 1; i > index; i--)
      if (this.tokens[i]?.writes.some((w) => bitsOf(w).unit === unit) === true) return i;
    return null;
  }
}

function vlanLoss(value: bigint, mask: bigint): string | null {
  if (lacksTag({ value, mask }))
    return (mask & VLAN_PRESENT) === 0n
      ? 'an id and a priority are matched whether there is a tag or not, which only OpenFlow 1.0 can say'
      : 'bit 0x1000 is not set: packets without a VLAN tag are matched, whatever else is said of it';
  const priority = value >> 13n;
  if ((value & 0x1fffn) === 0n) {
    if (priority === 0n && (mask & VLAN_PRESENT) !== 0n) return null;
    return 'the priority is not matched: there is no VLAN tag to look at';
  }
  if (mask >> 13n === 7n) return null;
  return `all of the priority is matched, as vlan_pcp=${priority}, and not only the bits of the mask`;
}

interface Placed {
  readonly start: number;
  readonly end: number;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  readonly source: Source;
}

/** Completes "the flow does not say …". */
function needsOf(write: Write): string {
  const words = fieldsMeant(write).flatMap((f) =>
    PREREQUISITES[f.prerequisite].remedies.flatMap(({ protocol, term }) => {
      const parts = [protocol, term?.replaceAll(' ', '')].filter((p) => p !== undefined);
      return parts.length === 0 ? [] : [`\`${parts.join(',')}\``];
    }),
  );
  const all = [...new Set(words)];
  const last = all.pop() ?? 'its protocol';
  return all.length === 0 ? last : `${all.join(', ')} or ${last}`;
}
