/**
 * Flows of which only bytes were kept, lowered again: from the tree of the first flow of their shape, with their own
 * name and values put into it. Parsing each anew would take three times as long.
 */
import type { Expr, FlowDecl, Name, Span } from '../../grammar/ast.ts';
import type { Outline } from '../../grammar/outline.ts';
import { parseIpv6 } from '../../grammar/scanner.ts';
import { lowerFlow } from '../check/flow.ts';
import type { Scope, TableSymbol } from '../check/types.ts';
import { MAIN } from '../expand/origin.ts';
import { DiagnosticBag } from '../diagnostics/define.ts';
import type { FlowMod } from '../ir/types.ts';

type ValueNode = Extract<Expr, { kind: 'int' | 'mac' | 'ipv4' | 'ipv6' | 'duration' }>;

/** A tree whose values may be changed. */
interface Mould {
  readonly flow: { -readonly [P in keyof FlowDecl]: FlowDecl[P] };
  /** By literal of the shape. */
  readonly nodes: readonly ValueNode[];
}

export class Relowerer {
  private readonly text: string;
  private readonly outline: Outline;
  private readonly scope: Scope;
  private readonly treeOf: (start: number, end: number) => FlowDecl | null;
  private readonly moulds = new Map<number, Mould | null>();

  /** `treeOf` is the tree of the flow that starts there, for the first flow of each shape. */
  constructor(
    text: string,
    outline: Outline,
    scope: Scope,
    treeOf: (start: number, end: number) => FlowDecl | null,
  ) {
    this.text = text;
    this.outline = outline;
    this.scope = scope;
    this.treeOf = treeOf;
  }

  /** The flow with that index in the outline; null where it cannot be made so. */
  lower(index: number, table: TableSymbol | null): FlowMod | null {
    const { flows } = this.outline;
    const mould = this.mould(flows.shape[index] ?? -1);
    if (mould === null) return null;
    const { flow, nodes } = mould;
    const first = flows.firstLiteral[index] ?? 0;
    nodes.forEach((node, i) => this.fill(node, first + i));
    flow.span = { start: flows.start[index] ?? 0, end: flows.end[index] ?? 0 };
    if (flow.name !== null) flow.name = this.name(flows.nameStart[index] ?? 0, flows.nameEnd[index] ?? 0);
    return lowerFlow(this.scope, table, flow, MAIN, new DiagnosticBag())[0] ?? null;
  }

  private name(start: number, end: number): Name {
    return { text: this.text.slice(start, end), span: { start, end } };
  }

  private fill(node: ValueNode, literal: number): void {
    const { flows } = this.outline;
    const value = flows.literalValue[literal] ?? 0;
    const mutable = node as { value?: bigint; seconds?: bigint; span: Span };
    // The number of digits may count, and what the text says of the value is looked for there.
    mutable.span = { start: flows.literalStart[literal] ?? 0, end: flows.literalEnd[literal] ?? 0 };
    if (node.kind === 'duration') mutable.seconds = BigInt(value);
    else if (Number.isNaN(value)) {
      const text = this.text.slice(flows.literalStart[literal], flows.literalEnd[literal]);
      mutable.value = node.kind === 'ipv6' ? (parseIpv6(text) ?? 0n) : BigInt(text.replaceAll('_', ''));
    } else mutable.value = BigInt(value);
  }

  private mould(shapeId: number): Mould | null {
    const known = this.moulds.get(shapeId);
    if (known !== undefined) return known;
    const made = this.make(shapeId);
    // Of a shape that never recurs the mould is used once.
    if ((this.outline.shapes[shapeId]?.count ?? 0) > 1) this.moulds.set(shapeId, made);
    return made;
  }

  private make(shapeId: number): Mould | null {
    const { flows, shapes } = this.outline;
    const shape = shapes[shapeId];
    if (shape === undefined) return null;
    const tree = this.treeOf(flows.start[shape.exemplar] ?? 0, flows.end[shape.exemplar] ?? 0);
    if (tree === null) return null;
    // A copy: the tree itself may still be looked at.
    const flow = structuredClone(tree);
    const byStart = new Map<number, ValueNode>();
    collect(flow, byStart);
    const first = flows.firstLiteral[shape.exemplar] ?? 0;
    const nodes: ValueNode[] = [];
    for (let i = 0; i < shape.literals; i++) {
      const node = byStart.get(flows.literalStart[first + i] ?? -1);
      if (node === undefined) return null;
      nodes.push(node);
    }
    return { flow, nodes };
  }
}

/** All literals in a tree, by where they start. */
function collect(node: unknown, into: Map<number, ValueNode>): void {
  if (typeof node !== 'object' || node === null) return;
  const { kind, span } = node as { kind?: string; span?: Span };
  if (kind === 'int' || kind === 'mac' || kind === 'ipv4' || kind === 'ipv6' || kind === 'duration') {
    if (span !== undefined) into.set(span.start, node as ValueNode);
    return;
  }
  for (const child of Object.values(node)) collect(child, into);
}
