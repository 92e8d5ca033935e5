/** All ways through the matches of a flow, each checked with the actions. */
import type { Block } from '../../../grammar/ast.ts';
import { portTo32 } from '../../openflow/ports.ts';
import type { Action, Instructions } from '../../ir/types.ts';
import { checkActions } from '../actions.ts';
import { checkWay } from '../match.ts';
import type { CheckedWay, ChosenTerm, MatchWays } from '../match-terms.ts';
import type { FlowContext, Located } from '../types.ts';
import { checkMatchVersion } from '../versions.ts';
import { Branches } from './branches.ts';
import type { Way } from './expansion.ts';
import { hasSeveral } from './terms.ts';
import { WaysSink } from './ways-sink.ts';

/** A term with several values. */
export interface ManyTerm {
  readonly at: Located;
  readonly values: bigint;
}

export interface Walked {
  readonly ways: readonly Way[];
  /** Every term with several values, once, in the order of the source. */
  readonly terms: readonly ManyTerm[];
  /** How many ways there would be, where they were too many to be gone. */
  readonly beyond: bigint | null;
  /** The flow has sets or alternatives. */
  readonly several: boolean;
}

/**
 * Goes every way, at most `limit` of them. What is wrong on one or more of them is reported once. `action` null is an
 * action block that is missing, which is reported.
 */
export function walk(
  ctx: FlowContext,
  blocks: readonly Block[],
  action: Block | null,
  limit: number,
  overlapping: boolean,
): Walked {
  const several = blocks.length > 1 || blocks.some((b) => hasSeveral(ctx, b));
  const sink = several ? new WaysSink(ctx.sink) : null;
  const walker = new Walker(sink === null ? ctx : { ...ctx, sink }, sink, action);
  let beyond: bigint | null = null;
  for (const block of blocks) {
    const once = sink?.once ?? ctx.sink;
    const ways: MatchWays = { branches: new Branches(), overlapping, read: new Map(), once };
    const shown = blocks.length > 1 ? `match ${blocks.indexOf(block) + 1}` : '';
    do {
      walker.go(block, ways, shown);
      const ahead = ways.branches.estimate();
      if (ahead > BigInt(limit)) beyond = (beyond ?? 0n) + ahead;
    } while (beyond === null && ways.branches.next());
  }
  sink?.flush();
  return { ways: walker.ways, terms: [...walker.terms.values()], beyond, several };
}

class Walker {
  readonly ways: Way[] = [];
  readonly terms = new Map<number, ManyTerm>();
  private readonly ctx: FlowContext;
  private readonly sink: WaysSink | null;
  private readonly action: Block | null;

  constructor(ctx: FlowContext, sink: WaysSink | null, action: Block | null) {
    this.ctx = ctx;
    this.sink = sink;
    this.action = action;
  }

  go(block: Block, ways: MatchWays, shown: string): void {
    const { ctx, sink, action } = this;
    sink?.begin();
    const match = checkWay(ctx, block, ways);
    checkMatchVersion(ctx, match, block.keyword?.span ?? block.span);
    const instructions = action === null ? null : checkActions(ctx, match, action);
    if (sink !== null) {
      const taken = ways.branches.describe();
      const description = [...(shown === '' ? [] : [shown]), ...taken].join('; ');
      sink.end(description);
      for (const term of ways.branches.terms()) this.count(term);
      for (const { statement, at, choice } of match.choices) {
        this.count({ at: { file: at.file, span: statement.span }, values: choice.values.count });
      }
      if (instructions !== null) this.sentBack(match, instructions);
    }
    if (match.sound && instructions !== null) this.ways.push({ match, instructions });
  }

  private count(term: ManyTerm): void {
    const key = term.at.span.start;
    const known = this.terms.get(key);
    if (term.values > 1n && (known === undefined || known.values < term.values)) this.terms.set(key, term);
  }

  /** Which port a packet came in by matters for the ports that it is sent to: those are looked at one by one. */
  private sentBack(match: CheckedWay, instructions: Instructions): void {
    const { ctx, sink, action } = this;
    const inPort = match.choices.find((c) => c.field === 'in_port' || c.field === 'in_port_oxm');
    if (inPort === undefined || action === null) return;
    for (const value of meeting(inPort, outputs(instructions.apply))) {
      const again = match.fields.map((f) => (f.field === inPort.field ? { ...f, value } : f));
      sink?.lookAgain(`in_port = ${value}`);
      checkActions(ctx, { ...match, fields: again }, action);
    }
  }
}

/** Values of an in_port, but the first, that are among the ports. */
function meeting({ field, value: first, choice }: ChosenTerm, ports: ReadonlySet<number>): bigint[] {
  if (ports.size === 0) return [];
  const { set } = choice.values;
  const of32 = (v: bigint): number => (field === 'in_port' ? portTo32(Number(v)) : Number(v));
  const found = [...ports].map((p) => (field === 'in_port' ? p & 0xffff : p)).map(BigInt);
  return found.filter(
    (v) => v !== first && ports.has(of32(v)) && set.intervals.some((i) => i.from <= v && v <= i.to),
  );
}

function outputs(actions: readonly Action[], into = new Set<number>()): ReadonlySet<number> {
  for (const action of actions) {
    if (action.kind === 'output' || action.kind === 'output_trunc') into.add(action.port);
    else if (action.kind === 'clone') outputs(action.actions, into);
  }
  return into;
}
