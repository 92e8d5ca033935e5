/** `protocol in {tcp, udp6}` */
import type { Name, RelationStatement } from '../../../grammar/ast.ts';
import * as codes from '../../diagnostics/codes/sets.ts';
import { isProtocolName } from '../../openflow/protocols.ts';
import { complain, literal, symbolOf, valueOf } from '../constants.ts';
import type { Literal } from '../constants.ts';
import { unknownWord } from '../match-words.ts';
import { label, report } from '../report.ts';
import { kindOf } from '../show.ts';
import type { ConstSymbol, FlowContext } from '../types.ts';
import { isNegative } from './choice.ts';

/** The protocols, each once, where they stand; null where something is wrong, which is reported. */
export function readProtocols(ctx: FlowContext, statement: RelationStatement): readonly Name[] | null {
  const { operator, operatorSpan, value, target } = statement;
  if (isNegative(statement)) {
    report(ctx, codes.protocolNegated, { operator }, operatorSpan, {
      help: 'write a flow of higher priority for the exception',
    });
    return null;
  }
  const names = new Map<string, Name>();
  const open = new Set<ConstSymbol>();
  let sound = value.kind !== 'missing';
  const read = (at: Literal): void => {
    const { expr, span } = at;
    if (expr.kind === 'set' || expr.kind === 'list') {
      for (const e of expr.elements) read(literal(e, at));
      return;
    }
    if (expr.kind !== 'name' || expr.path.length !== 1 || expr.subfield !== null) {
      sound = false;
      if (expr.kind !== 'missing') complain(ctx, at, codes.notAProtocolValue, { found: kindOf(expr) });
      return;
    }
    const [name] = expr.path;
    if (name === undefined) return;
    if (isProtocolName(name.text)) {
      const earlier = names.get(name.text);
      if (earlier === undefined) names.set(name.text, { text: name.text, span });
      else if (earlier.span !== span) {
        const related = [label({ file: ctx.file, span: earlier.span }, 'here')];
        report(ctx, codes.elementTwice, { element: name.text }, span, { related });
      }
      return;
    }
    const symbol = symbolOf(ctx, expr);
    if (symbol?.kind !== 'const') {
      sound = false;
      unknownWord(ctx, { name: { text: name.text, span }, span });
      return;
    }
    const behind = open.has(symbol) ? null : valueOf(at, symbol);
    if (behind === null) sound = false;
    else {
      open.add(symbol);
      read(behind);
      open.delete(symbol);
    }
  };
  read(literal(value));
  if (sound && names.size === 0) {
    report(ctx, codes.noValueLeft, { field: target.kind === 'name' ? 'protocol' : '' }, value.span);
    return null;
  }
  return sound ? [...names.values()] : null;
}
