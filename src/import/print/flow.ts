/** One flow. */
import type { FlowMod, Instructions } from '../../ir/types.ts';
import { FLOW_FLAGS } from '../../ir/types.ts';
import { TextBuffer } from './buffer.ts';
import { instructionNodes } from './actions.ts';
import type { Node } from './layout.ts';
import { inline, render, WIDTH } from './layout.ts';
import { MatchWriter } from './match.ts';
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
  readonly said = new TextBuffer();
  private readonly names: PrintNames;
  private readonly indent: string;
  private readonly matches: MatchWriter;
  private readonly depth: number;
  /** Readers give equal actions as one object, since many flows do the same. */
  private readonly actions = new WeakMap<Instructions, ActionText>();

  constructor(names: PrintNames, depth: number) {
    this.names = names;
    this.depth = depth;
    this.indent = '  '.repeat(depth);
    this.matches = new MatchWriter(this.said, names);
  }

  /** Writes the flow without comments; it ends with a newline. */
  write(buffer: TextBuffer, flow: PrintedFlow, remarks: FlowRemarks): void {
    const { said, indent } = this;
    said.length = 0;
    this.matches.write(flow.match);
    const actions = this.actionText(flow.instructions);
    const attributes = attributesOf(flow, remarks);
    const head = remarks.name == null ? 'flow' : `flow ${remarks.name}`;
    if (actions.line === null) {
      this.writeBlock(buffer, head, attributes, actions);
      return;
    }
    const before = attributes.length === 0 ? 0 : attributes.reduce((n, a) => n + a.length + 2, 0);
    const match = said.length === 0 ? 'match {}'.length : 'match {  }'.length + said.length;
    // Beside these there are a brace with blanks around it, a blank, and a blank with a brace.
    if (indent.length + head.length + before + match + actions.line.length + 6 > WIDTH) {
      this.writeBlock(buffer, head, attributes, actions);
      return;
    }
    buffer.put(indent);
    buffer.put(head);
    buffer.put(' { ');
    for (const attribute of attributes) {
      buffer.put(attribute);
      buffer.put('; ');
    }
    this.writeMatch(buffer);
    buffer.put(' ');
    buffer.put(actions.line);
    buffer.put(' }\n');
  }

  private writeMatch(buffer: TextBuffer): void {
    const { said } = this;
    if (said.length === 0) buffer.put('match {}');
    else {
      buffer.put('match { ');
      buffer.copy(said, 0, said.length);
      buffer.put(' }');
    }
  }

  /** One part on each line. */
  private writeBlock(
    buffer: TextBuffer,
    head: string,
    attributes: readonly string[],
    actions: ActionText,
  ): void {
    const { said, indent, matches } = this;
    const inner = `${indent}  `;
    buffer.put(`${indent}${head} {\n`);
    for (const attribute of attributes) buffer.put(`${inner}${attribute}\n`);
    if (inner.length + 'match {  }'.length + said.length <= WIDTH) {
      buffer.put(inner);
      this.writeMatch(buffer);
      buffer.put('\n');
    } else {
      buffer.put(`${inner}match {\n`);
      let start = 0;
      for (let i = 0; i < matches.count; i++) {
        const end = matches.ends[i] ?? start;
        buffer.put(`${inner}  `);
        buffer.copy(said, start, end);
        buffer.put('\n');
        start = end + '; '.length;
      }
      buffer.put(`${inner}}\n`);
    }
    actions.block ??= render({ head: 'action', body: actions.nodes }, this.depth + 1);
    buffer.put(actions.block);
    buffer.put(`${indent}}\n`);
  }

  /** What a flow is made of, before it is laid out. The terms of the match have the index of their field, or -1. */
  partsOf(flow: PrintedFlow, remarks: FlowRemarks): FlowParts {
    const { said, matches } = this;
    said.length = 0;
    matches.write(flow.match);
    const terms: { text: string; source: number }[] = [];
    let start = 0;
    for (let i = 0; i < matches.count; i++) {
      const end = matches.ends[i] ?? start;
      terms.push({ text: said.slice(start, end), source: matches.sources[i] ?? -1 });
      start = end + '; '.length;
    }
    return {
      attributes: attributesOf(flow, remarks),
      terms,
      actions: this.actionText(flow.instructions).nodes,
    };
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

export interface FlowParts {
  readonly attributes: readonly string[];
  readonly terms: readonly { readonly text: string; readonly source: number }[];
  readonly actions: readonly Node[];
}

/** What is printed of a flow besides its remarks. */
export type PrintedFlow = Omit<FlowMod, 'table' | 'name' | 'origin' | 'cookie'>;

function attributesOf(flow: PrintedFlow, { cookie, allow }: FlowRemarks): string[] {
  const attributes: string[] = [];
  if (flow.priority !== DEFAULT_PRIORITY) attributes.push(`priority = ${flow.priority}`);
  if (cookie !== null) attributes.push(`cookie = ${number(cookie)}`);
  if (flow.idleTimeout !== 0) attributes.push(`idle_timeout = ${secondsText(flow.idleTimeout)}`);
  if (flow.hardTimeout !== 0) attributes.push(`hard_timeout = ${secondsText(flow.hardTimeout)}`);
  if (flow.importance !== 0) attributes.push(`importance = ${flow.importance}`);
  if (flow.flags !== 0) attributes.push(`flags = ${oneOrList(flagNames(flow.flags))}`);
  if (allow !== undefined && allow.length > 0) attributes.push(`allow = ${oneOrList(allow)}`);
  return attributes;
}

function flagNames(flags: number): string[] {
  return Object.entries(FLOW_FLAGS)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name);
}

const oneOrList = (words: readonly string[]): string =>
  words.length === 1 ? (words[0] ?? '') : `[${words.join(', ')}]`;
