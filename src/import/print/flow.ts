/** One flow. */
import type { FlowMod, Instructions } from '../../ir/types.ts';
import { FLOW_FLAGS } from '../../ir/types.ts';
import { instructionNodes } from './actions.ts';
import type { Node } from './layout.ts';
import { inline, render, WIDTH } from './layout.ts';
import { matchTerms } from './match.ts';
import type { PrintNames } from './names.ts';
import { number, secondsText } from './values.ts';

/** A flow of any kind, legal or not. */
export interface PrintableFlow extends Omit<FlowMod, 'table' | 'cookie' | 'name' | 'origin'> {
  /** null leaves it to the compiler. */
  readonly cookie: bigint | null;
  /** An identifier; left out or null: the flow is known by its match. */
  readonly name?: string | null;
  /** Lines above it. Any text: what could end a comment, or turn a terminal, is replaced. */
  readonly comments?: readonly string[];
  /** Codes that are turned off at the flow. */
  readonly allow?: readonly string[];
}

/** What a source says of a flow besides what goes to the switch. */
export type FlowRemarks = Pick<PrintableFlow, 'cookie' | 'name' | 'allow'>;

const DEFAULT_PRIORITY = 0x8000;

/** The `action` block of a flow. */
interface ActionText {
  readonly nodes: readonly Node[];
  /** `action { … }`; null where it is too long for any line, or has a block in it. */
  readonly line: string | null;
  /** The same on lines of its own; null until somebody wants it. */
  block: string | null;
}

/** Prints flows that have the same names, and stand at the same depth. */
export class FlowPrinter {
  /** What the match of the last flow says, without its braces. */
  terms = '';
  private readonly names: PrintNames;
  private readonly depth: number;
  private readonly indent: string;
  /** Readers give equal actions as one object, since many flows do the same. */
  private readonly actions = new WeakMap<Instructions, ActionText>();

  constructor(names: PrintNames, depth: number) {
    this.names = names;
    this.depth = depth;
    this.indent = '  '.repeat(depth);
  }

  /** The flow without comments; it ends with a newline. */
  print(
    flow: Omit<FlowMod, 'table' | 'name' | 'origin'> | PrintableFlow,
    { cookie, name, allow }: FlowRemarks,
  ): string {
    const attributes: string[] = [];
    if (flow.priority !== DEFAULT_PRIORITY) attributes.push(`priority = ${flow.priority}`);
    if (cookie !== null) attributes.push(`cookie = ${number(cookie)}`);
    if (flow.idleTimeout !== 0) attributes.push(`idle_timeout = ${secondsText(flow.idleTimeout)}`);
    if (flow.hardTimeout !== 0) attributes.push(`hard_timeout = ${secondsText(flow.hardTimeout)}`);
    if (flow.importance !== 0) attributes.push(`importance = ${flow.importance}`);
    if (flow.flags !== 0) attributes.push(`flags = ${oneOrList(flagNames(flow.flags))}`);
    if (allow !== undefined && allow.length > 0) attributes.push(`allow = ${oneOrList(allow)}`);
    const terms = matchTerms(flow.match, this.names);
    const said = terms.join('; ');
    this.terms = said;
    const actions = this.actionText(flow.instructions);
    const head = name == null ? 'flow' : `flow ${name}`;
    const { indent } = this;
    if (actions.line !== null) {
      const before = attributes.length === 0 ? '' : `${attributes.join('; ')}; `;
      const match = said === '' ? 'match {}' : `match { ${said} }`;
      const length = indent.length + head.length + before.length + match.length + actions.line.length;
      // Beside these there are a brace with blanks around it, a blank, a blank and a brace.
      if (length + 6 <= WIDTH) return `${indent}${head} { ${before}${match} ${actions.line} }\n`;
    }
    const inner = this.depth + 1;
    let text = `${indent}${head} {\n`;
    for (const attribute of attributes) text += `${indent}  ${attribute}\n`;
    text += render({ head: 'match', body: terms }, inner);
    actions.block ??= render({ head: 'action', body: actions.nodes }, inner);
    return `${text}${actions.block}${indent}}\n`;
  }

  private actionText(instructions: Instructions): ActionText {
    let text = this.actions.get(instructions);
    if (text === undefined) {
      const nodes = instructionNodes(instructions, this.names);
      const line = nodes.every((n) => typeof n === 'string')
        ? inline({ head: 'action', body: nodes }, WIDTH)
        : null;
      this.actions.set(instructions, (text = { nodes, line, block: null }));
    }
    return text;
  }
}

function flagNames(flags: number): string[] {
  return Object.entries(FLOW_FLAGS)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name);
}

const oneOrList = (words: readonly string[]): string =>
  words.length === 1 ? (words[0] ?? '') : `[${words.join(', ')}]`;
