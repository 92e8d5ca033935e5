/** `name = value` lists: the bodies of `program`, `bridge`, `flow` and their like. */
import type { Expr, RelationStatement, Statement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/program.ts';
import { label, replaceFix, report } from './report.ts';
import type { Reporter } from './report.ts';
import { nearest } from './suggest.ts';

/** The properties of a list by name; what is unknown or given twice is reported and left out. */
export function readProperties(
  ctx: Reporter,
  statements: readonly Statement[],
  of: string,
  known: readonly string[],
): Map<string, RelationStatement> {
  const found = new Map<string, RelationStatement>();
  for (const s of statements) {
    if (s.kind === 'command' && !known.includes(s.name.text)) {
      report(ctx, codes.notAProperty, { of }, s.span);
      continue;
    }
    const name =
      s.kind === 'command'
        ? s.name.text
        : s.target.kind === 'name'
          ? (s.target.path[0]?.text ?? '')
          : s.target.value;
    const span = s.kind === 'command' ? s.name.span : s.target.span;
    if (!known.includes(name)) {
      if (name === '') continue;
      const suggestion = nearest(name, known);
      report(ctx, codes.unknownProperty, { name, of, suggestion }, span, {
        notes: suggestion === undefined ? [`it takes ${known.map((k) => `\`${k}\``).join(', ')}`] : [],
        fixes: suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, span, suggestion)],
      });
      continue;
    }
    if (s.kind === 'command' || s.operator !== '=') {
      report(ctx, codes.notAProperty, { of }, s.span);
      continue;
    }
    const earlier = found.get(name);
    if (earlier !== undefined) {
      report(ctx, codes.duplicateProperty, { name }, span, {
        related: [label({ file: ctx.file, span: earlier.target.span }, 'first given here')],
      });
      continue;
    }
    found.set(name, s);
  }
  return found;
}

/** A value that is one word of a few; null, and reported, when it is not. */
export function word<W extends string>(
  ctx: Reporter,
  name: string,
  value: Expr,
  words: readonly W[],
): W | null {
  if (value.kind === 'missing') return null;
  const text =
    value.kind === 'name' && value.path.length === 1
      ? (value.path[0]?.text ?? '')
      : value.kind === 'string'
        ? value.value
        : '';
  const found = words.find((w) => w === text);
  if (found !== undefined) return found;
  const suggestion = nearest(text, words);
  report(
    ctx,
    codes.badPropertyValue,
    { name, allowed: words.map((w) => `\`${w}\``).join(' or ') },
    value.span,
    {
      fixes:
        suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, value.span, suggestion)],
    },
  );
  return null;
}

/** The elements of a list, or the one value that stands for a list of one. */
export function elements(value: Expr): readonly Expr[] {
  return value.kind === 'list' || value.kind === 'set'
    ? value.elements
    : value.kind === 'missing'
      ? []
      : [value];
}
