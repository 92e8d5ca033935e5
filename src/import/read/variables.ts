/** What a shell would have replaced before ovs-ofctl sees it. */
import { unexpanded } from '../../diagnostics/codes/import-files.ts';
import { Finder } from './scanner.ts';
import { make } from '../../diagnostics/define.ts';
import { shown } from './source.ts';
import type { ReadContext } from './types.ts';

const dollars = new Finder('$');
const backquotes = new Finder('`');

/** `$NAME`, `${…}`, `$1`, `$(…)`, or a command in backquotes. */
const VARIABLE = /^(?:\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[^}\n]*\}?|\([^)\n]*\)?|[0-9@*#?$!-])|`[^`\n]*`?)/;

/** Reports the first of them; says whether there is one. */
export function hasVariable(ctx: ReadContext, start: number, end: number): boolean {
  const dollar = dollars.find(ctx.text, start, end);
  const backquote = backquotes.find(ctx.text, start, end);
  if (dollar === -1 && backquote === -1) return false;
  const at = dollar === -1 ? backquote : backquote === -1 ? dollar : Math.min(dollar, backquote);
  const text = VARIABLE.exec(ctx.text.slice(at, Math.min(end, at + 200)))?.[0] ?? ctx.text.charAt(at);
  ctx.sink.add(make(unexpanded, { text: shown(text) }, { file: ctx.file, start: at, end: at + text.length }));
  return true;
}
