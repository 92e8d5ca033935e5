/** The words by which a flow or a table turns a diagnostic off. */
import type { FileNode, FlowDecl, Item, Span, Statement, TableDecl } from '../../grammar/ast.ts';
import { ALLOW, isAllowable, isAllowableInTable } from '../check/allow.ts';
import { insertFirst } from '../check/layout.ts';
import { elements, propertyName } from '../check/properties.ts';
import type { Diagnostic, Fix } from '../diagnostics/types.ts';
import type { Document } from './document.ts';

/**
 * Puts the code among those that the flow allows, or the table where no flow has it (as a `miss` does); null where there
 * is neither, or where it cannot be allowed.
 */
export function allowFix({ text, analysis }: Document, { code, place }: Diagnostic): Fix | null {
  if (!isAllowable(code)) return null;
  const found = innermost(analysis.tree, place.start);
  if (found === null || (found.kind === 'table' && !isAllowableInTable(code))) return null;
  const title = `Allow ${code} at this ${found.kind}`;
  const stated = found.attributes.find((s) => propertyName(s) === ALLOW);
  if (stated === undefined) {
    const brace = { start: found.body.start, end: found.body.start + 1 };
    const ctx = { sink: { add: () => undefined }, file: place.file, scope: { textOf: () => text } };
    return insertFirst(ctx, title, brace, contents(found), `${ALLOW} = ${code}`);
  }
  if (stated.kind !== 'relation' || stated.value.kind === 'missing') return null;
  const { span } = stated.value;
  const codes = elements(stated.value).map((e) => text.slice(e.span.start, e.span.end));
  return { title, edits: [{ file: place.file, ...span, newText: `[${[...codes, code].join(', ')}]` }] };
}

/** What stands in the body, in the order of the source. */
function contents(found: FlowDecl | TableDecl): readonly Pick<Statement, 'span'>[] {
  const inside =
    found.kind === 'flow' ? [...found.matches, ...found.actions] : [...found.flows, ...found.nested];
  return [...found.attributes, ...inside].sort((a, b) => a.span.start - b.span.start);
}

/** The flow in which that is, also one that is made at compile time; else the table. */
function innermost(tree: FileNode, offset: number): FlowDecl | TableDecl | null {
  let items: readonly Item[] = tree.items;
  let table: TableDecl | null = null;
  for (;;) {
    const item = items.find(({ span }) => contains(span, offset));
    if (item?.kind === 'flow') return item;
    if (item?.kind === 'table') table = item;
    const within = item === undefined ? [] : inside(item);
    if (within.length === 0) return table;
    items = within;
  }
}

function contains({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset < end;
}

function inside(item: Item): readonly Item[] {
  switch (item.kind) {
    case 'table':
    case 'extend':
      return [...item.flows, ...item.nested];
    case 'template':
    case 'for':
      return item.items;
    case 'if':
      return [...item.then, ...item.else];
    default:
      return [];
  }
}
