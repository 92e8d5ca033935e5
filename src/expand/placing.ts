/** Values as expressions where they are used. */
import type { Expr, Given, Span } from '../../grammar/ast.ts';
import { cellLiteral, isBad } from './cells.ts';
import { nameExpr } from './values.ts';
import type { Value } from './values.ts';

/**
 * A value as it stands at a use that calls it `name`. Whoever complains about it complains at the use, and shows where the
 * value was written.
 */
export function placed(value: Value, span: Span, name: string, file: number, constant = false): Expr {
  switch (value.kind) {
    case 'truth':
      return { ...nameExpr(String(value.value), span), given: givenAt(value.place, name, constant) };
    case 'cell':
      return isBad(value) ? { kind: 'missing', span } : cellLiteral(value, span, name, file).expr;
    case 'literal':
      return relocated(value.expr, span, (e) => givenFor(e, value.place.file, name, constant));
    case 'sequence': {
      const elements: Expr[] = [];
      for (let i = 0; i < value.length; i++) elements.push(placed(value.at(i), span, name, file, constant));
      // Each element says where it comes from.
      return { kind: value.form, elements, span };
    }
    case 'record': {
      const entries = value.keys.flatMap((key) => {
        const entry = value.get(key);
        return entry === undefined
          ? []
          : [{ name: { text: key, span }, value: placed(entry, span, `${name}.${key}`, file, constant) }];
      });
      return { kind: 'record', entries, span, given: givenAt(value.place, name, constant) };
    }
  }
}

function givenAt({ file, span }: { file: number; span: Span }, name: string, constant: boolean): Given {
  return constant ? { file, span, name, cell: false, constant } : { file, span, name, cell: false };
}

/** What came from elsewhere before keeps where it came from. */
function givenFor(expr: Expr, file: number, name: string, constant: boolean): Given {
  const { given } = expr;
  if (given === undefined) return givenAt({ file, span: expr.span }, name, constant);
  return given.cell ? given : { ...given, name };
}

function relocated(expr: Expr, span: Span, given: (expr: Expr) => Given): Expr {
  switch (expr.kind) {
    case 'masked':
      return {
        ...expr,
        value: relocated(expr.value, span, given),
        mask: relocated(expr.mask, span, given),
        span,
        given: given(expr),
      };
    case 'range':
      return {
        ...expr,
        from: relocated(expr.from, span, given),
        to: relocated(expr.to, span, given),
        span,
        given: given(expr),
      };
    case 'name': {
      const path = expr.path.map((name) => ({ ...name, span }));
      return { ...expr, path, span, given: given(expr) };
    }
    default:
      return { ...expr, span, given: given(expr) };
  }
}
