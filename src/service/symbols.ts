/** The outline of a file. */
import type { FlowDecl, Item, Span } from '../../grammar/ast.ts';
import type { Document } from './document.ts';

export interface OutlineSymbol {
  readonly name: string;
  readonly kind: Item['kind'];
  /** What is said beside the name, in a lighter colour. */
  readonly detail: string;
  readonly span: Span;
  /** What to select; lies within `span`. */
  readonly selection: Span;
  readonly children: readonly OutlineSymbol[];
}

export function symbols(document: Document): readonly OutlineSymbol[] {
  const make = (item: Item): OutlineSymbol => symbol(item, document.text);
  return document.analysis.tree.items.map(make);
}

function symbol(item: Item, text: string): OutlineSymbol {
  const named = 'name' in item ? item.name : null;
  const name = named === null ? '' : 'text' in named ? named.text : named.value;
  const selection = named === null || name === '' ? item.keyword : named.span;
  return {
    name: name === '' ? unnamed(item, text) : name,
    kind: item.kind,
    detail: detail(item, text),
    span: item.span,
    selection: within(selection, item.span),
    children: childrenOf(item).map((child) => symbol(child, text)),
  };
}

function within(span: Span, outer: Span): Span {
  const start = Math.max(outer.start, Math.min(span.start, outer.end));
  return { start, end: Math.max(start, Math.min(span.end, outer.end)) };
}

function childrenOf(item: Item): readonly Item[] {
  if (item.kind === 'table') return item.flows;
  return item.kind === 'bridge' ? item.ports : [];
}

/** An unnamed flow is known by its match. */
function unnamed(item: Item, text: string): string {
  return item.kind === 'flow' ? matchOf(item, text) : item.kind;
}

const LONGEST = 60;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function matchOf(flow: FlowDecl, text: string): string {
  const block = flow.matches[0];
  const first = block?.statements[0];
  const last = block?.statements.at(-1);
  if (first === undefined || last === undefined) return 'flow';
  return oneLine(text.slice(first.span.start, last.span.end));
}

function detail(item: Item, text: string): string {
  switch (item.kind) {
    case 'const':
    case 'port':
    case 'register':
    case 'table':
    case 'group':
    case 'meter': {
      const value = item.value;
      return value === null || value.kind === 'missing'
        ? ''
        : oneLine(text.slice(value.span.start, value.span.end));
    }
    case 'flow':
      return item.name === null || item.name.text === '' ? '' : matchOf(item, text);
    case 'tunnel_metadata':
      return '';
    default:
      return item.kind;
  }
}
