/** The outline of a file. */
import type { FlowDecl, Item, Name, Span } from '../../grammar/ast.ts';
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
  const { name, selection } = titleOf(item, text);
  return {
    name: name === '' ? item.kind : name,
    kind: item.kind,
    detail: detail(item, text),
    span: item.span,
    selection: within(name === '' ? item.keyword : selection, item.span),
    children: childrenOf(item).map((child) => symbol(child, text)),
  };
}

interface Title {
  /** Empty where nothing can be said. */
  readonly name: string;
  readonly selection: Span;
}

/** What a declaration is called, or what it says where it has no name. */
function titleOf(item: Item, text: string): Title {
  const said = (start: number, end: number): string => oneLine(text.slice(start, end));
  const { keyword } = item;
  switch (item.kind) {
    case 'import':
      return { name: item.path?.value ?? '', selection: item.path?.span ?? keyword };
    case 'extend': {
      const { span } = item.table;
      return { name: said(span.start, span.end), selection: span };
    }
    case 'use': {
      const { template, argsSpan } = item;
      return { name: said(template.span.start, (argsSpan ?? template.span).end), selection: template.span };
    }
    case 'for':
    case 'if':
      return { name: said(keyword.start, Math.max(keyword.end, item.body.start)), selection: keyword };
    case 'tunnel_metadata':
      return { name: '', selection: keyword };
    case 'test':
      return { name: item.name?.value ?? '', selection: item.name?.span ?? keyword };
    case 'flow':
      return item.name === null || isNameless(item.name)
        ? { name: matchOf(item, text), selection: keyword }
        : named(item.name, text);
    default:
      return named(item.name, text);
  }
}

/** A text may stand for a name: it is shown as it was written. */
function named({ text: name, quoted, span }: Name, text: string): Title {
  return { name: quoted === undefined ? name : oneLine(text.slice(span.start, span.end)), selection: span };
}

const isNameless = ({ text, quoted }: Name): boolean => text === '' && quoted === undefined;

function within(span: Span, outer: Span): Span {
  const start = Math.max(outer.start, Math.min(span.start, outer.end));
  return { start, end: Math.max(start, Math.min(span.end, outer.end)) };
}

function childrenOf(item: Item): readonly Item[] {
  switch (item.kind) {
    case 'table':
    case 'extend':
      return inOrder([...item.flows, ...item.nested]);
    case 'bridge':
      return item.ports;
    case 'template':
    case 'for':
      return item.items;
    case 'if':
      return [...item.then, ...item.else];
    default:
      return [];
  }
}

function inOrder(items: readonly Item[]): readonly Item[] {
  return [...items].sort((a, b) => a.span.start - b.span.start);
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
      const value = item.kind === 'register' ? (item.value ?? item.width) : item.value;
      return value === null || value.kind === 'missing'
        ? ''
        : oneLine(text.slice(value.span.start, value.span.end));
    }
    case 'flow':
      return item.name === null || isNameless(item.name) ? '' : matchOf(item, text);
    case 'import':
      return item.alias === null ? 'import' : `import as ${item.alias.text}`;
    case 'template':
      return oneLine(text.slice(item.parametersSpan.start, item.parametersSpan.end));
    case 'for':
    case 'if':
    case 'tunnel_metadata':
      return '';
    default:
      return item.kind;
  }
}
