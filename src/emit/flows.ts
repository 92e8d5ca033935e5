/** Flows as text for `ovs-ofctl -O OpenFlowNN add-flows`, one per line. */
import type { FlowMod, ProgramIr } from '../ir/types.ts';
import { FLOW_FLAGS } from '../ir/types.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { WIRE_VERSION } from '../openflow/types.ts';
import { instructionsText } from './text/actions.ts';
import { NoTextError, textLosses } from './text/limits.ts';
import { matchTerms } from './text/match.ts';
import type { Dialect } from './text/names.ts';
import { dialect, PLAIN, tableText } from './text/names.ts';
import { hex } from './text/values.ts';

export interface FlowsOptions {
  /** Names of ports and tables instead of numbers; the switch must know them. Reserved ports always have names. */
  readonly names: boolean;
  /** A line `# table.flow` before each flow that has a name. */
  readonly comments?: boolean;
  /** Of which `-O` the text is for; the program's unless said. */
  readonly version?: OpenFlowVersion;
}

/** All flows of the program in order. Throws `NoTextError` for one that ovs-ofctl has no words for. */
export function emitFlows(program: ProgramIr, options: FlowsOptions): string {
  const words = programWords(program, options);
  let text = '';
  for (const flow of program.flows) {
    if (options.comments === true && flow.name !== null) text += `# ${commentText(flow.name)}\n`;
    text += `${flowText(flow, words)}\n`;
  }
  return text;
}

/** How numbers of the program are written. */
export function programWords(
  program: ProgramIr,
  { names, version = program.version }: FlowsOptions,
): Dialect {
  const { ports, tables, unresolvedPorts } = program;
  return dialect(version, names ? { ports, tables, unresolvedPorts } : { unresolvedPorts });
}

/** One flow as a line, without its end. */
export function flowText(flow: FlowMod, words: Dialect = PLAIN): string {
  const losses = textLosses(flow, words.version);
  if (losses.length > 0) throw new NoTextError(flow, losses);
  const parts = [
    `cookie=${hex(flow.cookie)}`,
    `table=${tableText(flow.table, words)}`,
    `priority=${flow.priority}`,
  ];
  if (flow.idleTimeout !== 0) parts.push(`idle_timeout=${flow.idleTimeout}`);
  if (flow.hardTimeout !== 0) parts.push(`hard_timeout=${flow.hardTimeout}`);
  if (flow.importance !== 0) parts.push(`importance=${flow.importance}`);
  for (const [name, bit] of Object.entries(FLOW_FLAGS))
    if ((flow.flags & bit) !== 0 && !isImplied(bit, words.version)) parts.push(name);
  parts.push(...matchTerms(flow.match, words));
  return `${parts.join(',')} actions=${instructionsText(flow.instructions, words)}`;
}

/** Before OpenFlow 1.2 every flow that is added again has its counters reset. */
function isImplied(flag: number, version: OpenFlowVersion): boolean {
  return flag === FLOW_FLAGS.reset_counts && WIRE_VERSION[version] < WIRE_VERSION['1.2'];
}

/** Text that cannot end a comment, nor turn the terminal or the reading direction. */
export function commentText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}');
}
