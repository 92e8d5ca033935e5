/** What may be bound by a parameter or a loop. */
import type { Name } from '../../grammar/ast.ts';
import { duplicateBinding, reservedBinding } from '../diagnostics/codes/expand-templates.ts';
import { isProtocolName } from '../openflow/protocols.ts';
import { reservedMeaning } from '../openflow/well-known.ts';
import type { Env } from './env.ts';
import { labelAt } from './env.ts';
import { kindOfSymbol } from './show.ts';
import { wordIn } from './values.ts';
import type { Value } from './values.ts';

/** Reports what a name cannot be bound as; false where it is not bound then. An empty one has been reported. */
export function checkBinding(env: Env, { text, span }: Name, others: readonly Name[]): boolean {
  if (text === '') return false;
  const meaning =
    text === 'true' || text === 'false' || text === 'pkt'
      ? 'a word of the language'
      : isProtocolName(text)
        ? undefined
        : reservedMeaning(text, 'const');
  if (meaning !== undefined) {
    env.report(reservedBinding, { name: text, what: meaning }, span);
    return false;
  }
  const twin = others.find((n) => n.text === text && n.span.start !== span.start);
  if (twin !== undefined && twin.span.start < span.start) {
    env.report(duplicateBinding, { name: text, what: 'bound here' }, span, {
      related: [labelAt({ file: env.file, span: twin.span }, 'first bound here')],
    });
    return false;
  }
  const symbol = env.symbol(text);
  if (symbol !== undefined) {
    env.report(duplicateBinding, { name: text, what: kindOfSymbol(symbol) }, span, {
      related: [labelAt(symbol.place, 'declared here')],
    });
    return false;
  }
  if (env.bound(text) !== undefined) {
    env.report(duplicateBinding, { name: text, what: 'bound around it' }, span);
    return false;
  }
  return true;
}

/** The name of a protocol is not bound to a protocol: a bare word in a match would be another one than it says. */
export function misleads(name: string, value: Value): boolean {
  return isProtocolName(name) && value.kind === 'literal' && isProtocolName(wordIn(value.expr) ?? '');
}

export function reportMisleading(env: Env, { text, span }: Name): null {
  return env.report(reservedBinding, { name: text, what: 'a protocol' }, span);
}
