/** Flows as text for `ovs-ofctl -O OpenFlow15 add-flows`, one per line. */
import type { FlowMod, ProgramIr } from '../ir/types.ts';
import { FLOW_FLAGS } from '../ir/types.ts';
import { instructionsText } from './text/actions.ts';
import { NoTextError, textLosses } from './text/limits.ts';
import { matchTerms } from './text/match.ts';
import type { Names } from './text/names.ts';
import { namesOf, NO_NAMES, tableText } from './text/names.ts';
import { hex } from './text/values.ts';

export interface FlowsOptions {
  /** Names of ports and tables instead of numbers; the switch must know them. Reserved ports always have names. */
  readonly names: boolean;
  /** A line `# table.flow` before each flow that has a name. */
  readonly comments?: boolean;
}

/** All flows of the program in order. Throws `NoTextError` for one that ovs-ofctl has no words for. */
export function emitFlows(program: ProgramIr, options: FlowsOptions): string {
  const names = options.names ? namesOf(program.ports, program.tables) : NO_NAMES;
  let text = '';
  for (const flow of program.flows) {
    if (options.comments === true && flow.name !== null) text += `# ${commentText(flow.name)}\n`;
    text += `${flowText(flow, names)}\n`;
  }
  return text;
}

/** One flow as a line, without its end. */
export function flowText(flow: FlowMod, names: Names = NO_NAMES): string {
  const losses = textLosses(flow);
  if (losses.length > 0) throw new NoTextError(flow, losses);
  const parts = [
    `cookie=${hex(flow.cookie)}`,
    `table=${tableText(flow.table, names)}`,
    `priority=${flow.priority}`,
  ];
  if (flow.idleTimeout !== 0) parts.push(`idle_timeout=${flow.idleTimeout}`);
  if (flow.hardTimeout !== 0) parts.push(`hard_timeout=${flow.hardTimeout}`);
  if (flow.importance !== 0) parts.push(`importance=${flow.importance}`);
  for (const [name, bit] of Object.entries(FLOW_FLAGS)) if ((flow.flags & bit) !== 0) parts.push(name);
  parts.push(...matchTerms(flow.match, names));
  return `${parts.join(',')} actions=${instructionsText(flow.instructions, names)}`;
}

/** Text that cannot end a comment, nor turn the terminal or the reading direction. */
export function commentText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}');
}
