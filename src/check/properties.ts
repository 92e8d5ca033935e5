/** `name = value` lists: the bodies of `program`, `bridge`, `flow` and their like. */
import type { CommandStatement, Expr, RelationStatement, Statement } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/program.ts';
import { label, replaceFix, report } from './report.ts';
import type { Reporter } from './report.ts';
import { nearest } from '../diagnostics/suggest.ts';

/** What stands in a flow beside its blocks. */
export const FLOW_ATTRIBUTES = [
  'priority',
  'cookie',
  'idle_timeout',
  'hard_timeout',
  'importance',
  'flags',
  'expand',
  'masks',
  'allow',
] as const;

/** The properties of a list by name. */
export interface Properties {
  /** `name = value` */
  get(name: string): RelationStatement | undefined;
  /** `name { … }` */
  block(name: string): CommandStatement | undefined;
}

/**
 * Reads a list; what is unknown, given twice or not in the form of a property is reported and left out. `blocks` are
 * the properties that can have a block instead of (or, where they are not among the `known`, never) a value.
 */
export function readProperties(
  ctx: Reporter,
  statements: readonly Statement[],
  of: string,
  known: readonly string[],
  blocks: readonly string[] = [],
): Properties {
  const relations = new Map<string, RelationStatement>();
  const commands = new Map<string, CommandStatement>();
  const first = new Map<string, Statement>();
  for (const s of statements) {
    const name = propertyName(s);
    if (name === '') continue;
    const span = s.kind === 'command' ? s.name.span : s.target.span;
    if (!known.includes(name) && !blocks.includes(name)) {
      unknownProperty(ctx, s, name, of, [...known, ...blocks]);
      continue;
    }
    const valid =
      s.kind === 'relation'
        ? s.operator === '=' && known.includes(name)
        : s.block !== null && s.args === null && s.operand === null && blocks.includes(name);
    if (!valid) {
      const form = blocks.includes(name) && !known.includes(name) ? `${name} { … }` : `${name} = …`;
      report(ctx, codes.notAProperty, { of, form }, s.span);
      continue;
    }
    const earlier = first.get(name);
    if (earlier !== undefined) {
      const at = earlier.kind === 'command' ? earlier.name.span : earlier.target.span;
      report(ctx, codes.duplicateProperty, { name }, span, {
        related: [label({ file: ctx.file, span: at }, 'first given here')],
      });
      continue;
    }
    first.set(name, s);
    if (s.kind === 'command') commands.set(name, s);
    else relations.set(name, s);
  }
  return { get: (name) => relations.get(name), block: (name) => commands.get(name) };
}

export function propertyName(s: Statement): string {
  if (s.kind === 'command') return s.name.text;
  return s.target.kind === 'name' ? (s.target.path[0]?.text ?? '') : s.target.value;
}

function unknownProperty(
  ctx: Reporter,
  s: Statement,
  name: string,
  of: string,
  known: readonly string[],
): void {
  const span = s.kind === 'command' ? s.name.span : s.target.span;
  const suggestion = nearest(name, known);
  if (s.kind === 'command' && s.block === null && suggestion === undefined) {
    report(ctx, codes.notAProperty, { of, form: 'name = value' }, s.span, {
      notes: [`it takes ${quoted(known)}`],
    });
    return;
  }
  report(ctx, codes.unknownProperty, { name, of, suggestion }, span, {
    notes: suggestion === undefined ? [`it takes ${quoted(known)}`] : [],
    fixes: suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, span, suggestion)],
  });
}

function quoted(words: readonly string[]): string {
  return words.map((w) => `\`${w}\``).join(', ');
}

/** A value that is one word of a few; null, and reported, when it is not. `allowed` describes the words where they are many. */
export function word<W extends string>(
  ctx: Reporter,
  name: string,
  value: Expr,
  words: readonly W[],
  allowed = words.map((w) => `\`${w}\``).join(' or '),
): W | null {
  if (value.kind === 'missing') return null;
  const text = wordOf(value);
  const found = words.find((w) => w === text);
  if (found !== undefined) return found;
  const suggestion = text === null ? undefined : nearest(text, words);
  report(ctx, codes.badPropertyValue, { name, allowed, suggestion }, value.span, {
    fixes:
      suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, value.span, suggestion)],
  });
  return null;
}

/** `secure` or `"secure"` */
export function wordOf(value: Expr): string | null {
  if (value.kind === 'string') return value.value;
  return value.kind === 'name' && value.path.length === 1 && value.subfield === null
    ? (value.path[0]?.text ?? '')
    : null;
}

/** The elements of a list, or the one value that stands for a list of one. */
export function elements(value: Expr): readonly Expr[] {
  if (value.kind === 'missing') return [];
  return value.kind === 'list' || value.kind === 'set' ? value.elements : [value];
}
