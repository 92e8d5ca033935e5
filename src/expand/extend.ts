/** `extend table acl { … }` */
import type { ExtendDecl } from '../../grammar/ast.ts';
import { extendAttribute, notATable } from '../diagnostics/codes/expand-modules.ts';
import { nearest } from '../diagnostics/suggest.ts';
import type { TableEntry } from './entries.ts';
import type { Env } from './env.ts';
import { pathOf } from './env.ts';
import { resolve } from './names.ts';
import { kindOf, kindOfSymbol } from './show.ts';

/** An extension adds flows, and says nothing else. */
export function reportAttributes({ attributes }: ExtendDecl, env: Env): void {
  for (const s of attributes) {
    const name =
      s.kind === 'command' ? s.name.text : s.target.kind === 'name' ? pathOf(s.target) : s.target.value;
    env.report(extendAttribute, { name }, s.kind === 'command' ? s.name.span : s.target.span);
  }
}

/** The table that is extended; null where there is none, which is reported. */
export function extended({ table }: ExtendDecl, env: Env): TableEntry | null {
  const meaning = resolve(env, table.path);
  const name = pathOf(table);
  switch (meaning.kind) {
    case 'reported':
      return null;
    case 'symbol': {
      const { symbol } = meaning;
      // A table that is in error has been reported.
      if (symbol.kind === 'table') return symbol.entry;
      return env.report(notATable, { name }, table.span, {
        notes: [`\`${name}\` is ${kindOfSymbol(symbol)}`],
      });
    }
    case 'value': {
      const { value } = meaning;
      if (value.kind === 'literal' && value.symbol?.kind === 'table') return value.symbol.entry;
      return env.report(notATable, { name }, table.span, { notes: [`\`${name}\` is ${kindOf(value)}`] });
    }
    case 'unknown': {
      if (env.module.scope.incomplete) return null;
      const tables = [...env.names()].filter((n) => env.symbol(n)?.kind === 'table');
      return env.report(notATable, { name, suggestion: nearest(name, tables) }, table.span);
    }
  }
}
