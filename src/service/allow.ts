/** The words by which a flow turns a diagnostic off. */
import type { FileNode, FlowDecl } from '../../grammar/ast.ts';
import { ALLOW, isAllowable } from '../check/allow.ts';
import { insertFirst } from '../check/layout.ts';
import { elements, propertyName } from '../check/properties.ts';
import type { Diagnostic, Fix } from '../diagnostics/types.ts';
import type { Document } from './document.ts';

/** Puts the code among those that the flow allows; null where there is no flow, or it cannot be allowed. */
export function allowFix({ text, analysis }: Document, { code, place }: Diagnostic): Fix | null {
  if (!isAllowable(code)) return null;
  const flow = flowAt(analysis.tree, place.start);
  if (flow === null) return null;
  const title = `Allow ${code} at this flow`;
  const stated = flow.attributes.find((s) => propertyName(s) === ALLOW);
  if (stated === undefined) {
    const brace = { start: flow.body.start, end: flow.body.start + 1 };
    const inside = [...flow.attributes, ...flow.matches, ...flow.actions].sort(
      (a, b) => a.span.start - b.span.start,
    );
    const ctx = { sink: { add: () => undefined }, file: place.file, scope: { textOf: () => text } };
    return insertFirst(ctx, title, brace, inside, `${ALLOW} = ${code}`);
  }
  if (stated.kind !== 'relation' || stated.value.kind === 'missing') return null;
  const { span } = stated.value;
  const codes = elements(stated.value).map((e) => text.slice(e.span.start, e.span.end));
  return { title, edits: [{ file: place.file, ...span, newText: `[${[...codes, code].join(', ')}]` }] };
}

function flowAt(tree: FileNode, offset: number): FlowDecl | null {
  const flows = tree.items.flatMap((item) =>
    item.kind === 'flow' ? [item] : item.kind === 'table' ? item.flows : [],
  );
  return flows.find(({ span }) => span.start <= offset && offset < span.end) ?? null;
}
