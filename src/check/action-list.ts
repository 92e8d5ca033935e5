/** A list of actions while it is being checked: what has been said, and what is known of the packet by now. */
import type { Block, Span } from '../../grammar/ast.ts';
import { unnoticedPrerequisite } from '../diagnostics/codes/versions.ts';
import type { Definition, Details } from '../diagnostics/define.ts';
import type { Action } from '../ir/types.ts';
import { PREREQUISITES } from '../openflow/protocols.ts';
import type { PrerequisiteName } from '../openflow/types.ts';
import { reportNeeds } from './action-needs.ts';
import type { Change, Need } from './action-needs.ts';
import { isAllowed, refuse, report } from './report.ts';
import { stateOfMatch, unmet } from './state.ts';
import type { PacketState } from './state.ts';
import type { CheckedMatch, FlowContext } from './types.ts';

/** Where a list stands: at the top of the flow, in `write_actions`, in `clone`, in the block of `ct`, or in a bucket. */
export type Level = 'apply' | 'write' | 'clone' | 'exec' | 'bucket';

/** What all lists of one flow have in common. */
interface Shared {
  failed: boolean;
  readonly needs: Need[];
}

export interface NeedOptions {
  /** A soft need is not looked at in `write_actions` (seen on OVS 3.1.0). */
  readonly soft?: boolean;
  /** What of the state the switch does not look at here, with what it may be taken for. */
  readonly ignoring?: Partial<PacketState>;
  /** False where the switch itself does not notice. */
  readonly switchNotices?: boolean;
}

export class ActionList {
  readonly ctx: FlowContext;
  readonly match: CheckedMatch;
  readonly level: Level;
  /** In a bucket, itself or what it is in: there is no flow, and nothing is known of the packet. */
  readonly inBucket: boolean;
  readonly actions: Action[] = [];
  /** Changed by `change` only. */
  state: PacketState;
  /** False where an error makes it unknown what the packet is by now: nothing that depends on it is said. */
  known: boolean;
  /** False where an error makes it unknown whether the packet has a VLAN tag. */
  tagKnown: boolean;
  /** False where the switch does not look at prerequisites, as in the block of `ct(zone = FIELD)`. */
  judged = true;
  /** The port that plain `output` never sends to; null where the match names none, or `in_port` has been written. */
  inPort: number | null;
  /** Where `exit` stands, once it has. */
  exit: Span | null = null;
  /** The last that happened to the packet in this list is that it has got its first MPLS label. */
  firstLabel = false;
  private changes: readonly Change[] = [];
  private readonly shared: Shared;

  constructor(ctx: FlowContext, match: CheckedMatch, level: Level = 'apply', parent?: ActionList) {
    this.ctx = ctx;
    this.match = match;
    this.level = level;
    this.inBucket = level === 'bucket' || parent?.inBucket === true;
    if (parent === undefined) {
      this.state = stateOfMatch(match.fields);
      this.known = match.sound;
      this.tagKnown = match.sound;
      this.inPort = match.sound ? portOfMatch(match) : null;
      this.shared = { failed: false, needs: [] };
    } else {
      this.state = parent.state;
      this.known = parent.known;
      this.tagKnown = parent.tagKnown;
      this.inPort = parent.inPort;
      this.changes = parent.changes;
      this.judged = parent.judged;
      this.shared = parent.shared;
    }
  }

  /** A list inside this one: it starts from what is known here, and what it changes is undone behind it. */
  nested(level: Level): ActionList {
    return new ActionList(this.ctx, this.match, level, this);
  }

  /** Reports an error, which makes the whole result null. Returns null for the caller to return. */
  error<P>(definition: Definition<P>, params: P, span: Span, details: Details = {}): null {
    refuse(this.ctx, definition, params, span, details);
    return this.fail();
  }

  /** The same for an error that can be allowed: false where the flow allows it, and what is written holds. */
  refuses<P>(definition: Definition<P>, params: P, span: Span, details: Details = {}): boolean {
    if (!report(this.ctx, definition, params, span, details)) return false;
    this.shared.failed = true;
    return true;
  }

  warn<P>(definition: Definition<P>, params: P, span: Span, details: Details = {}): void {
    report(this.ctx, definition, params, span, details);
  }

  /** Something is wrong that has been reported. */
  fail(): null {
    this.shared.failed = true;
    return null;
  }

  get failed(): boolean {
    return this.shared.failed;
  }

  /**
   * The prerequisite has to hold here. What lacks is reported when the whole flow has been seen; false where
   * something does.
   */
  needs(prerequisite: PrerequisiteName, subject: string, span: Span, options: NeedOptions = {}): boolean {
    if (prerequisite === 'none' || !this.known || !this.judged) return true;
    if (!this.tagKnown && PREREQUISITES[prerequisite].conditions.some((c) => c.kind === 'vlan present')) {
      return true;
    }
    if (options.soft === true && this.level === 'write') return true;
    const { ignoring = {} } = options;
    if (unmet(prerequisite, { ...this.state, ...ignoring }) === null) return true;
    // OpenFlow 1.0 takes what later versions refuse (checks seen on OVS 3.1.0).
    const lax = options.soft === true && this.ctx.scope.version === '1.0';
    const switchNotices = options.switchNotices !== false && !lax;
    if (!switchNotices && isAllowed(this.ctx, unnoticedPrerequisite)) return true;
    this.shared.failed = true;
    this.shared.needs.push({
      prerequisite,
      subject,
      span,
      changes: this.changes,
      ignoring,
      switchNotices,
    });
    return false;
  }

  /** Has an action made it something else whose name begins so? */
  changedBy(name: string): boolean {
    return this.changes.some((change) => change.name.startsWith(name));
  }

  /** The packet is something else from here on. */
  change(name: string, effect: string, span: Span, apply: (state: PacketState) => PacketState): void {
    this.firstLabel = false;
    this.state = apply(this.state);
    this.changes = [...this.changes, { name, effect, at: { file: this.ctx.file, span }, apply }];
  }

  /** Nothing is known of the packet from here on. */
  forget(): void {
    this.known = false;
    this.tagKnown = false;
  }

  /** Whether the packet has a tag is not known from here on. */
  forgetTag(): void {
    this.tagKnown = false;
  }

  /** Reports what the lists of this flow have found missing. */
  finish(): void {
    if (this.shared.needs.length > 0) reportNeeds(this.ctx, this.match, this.shared.needs);
  }
}

/** Has the author left it empty? One that nests too deep is not read at all, and its span is that of its brace. */
export function isEmpty(block: Block): boolean {
  return block.statements.length === 0 && !block.broken && block.span.end > block.brace.end;
}

function portOfMatch(match: CheckedMatch): number | null {
  for (const { field, value, mask } of match.fields) {
    if (mask === null && (field === 'in_port' || field === 'in_port_oxm')) return Number(value);
  }
  return null;
}
