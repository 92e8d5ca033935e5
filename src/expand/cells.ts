/** Cells of data files, when they are used. */
import type { Expr, Given, Span } from '../../grammar/ast.ts';
import { parseExpression } from '../../grammar/parser.ts';
import { nameExpr } from './values.ts';
import type { Cell, Literal, Value } from './values.ts';

const NOWHERE: Span = { start: 0, end: 0 };
const NUMBER = /^\d{1,15}$/;
const WORD = /^[A-Za-z_]\w*$/;
const OCTET = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = new RegExp(`^${OCTET}\\.${OCTET}\\.${OCTET}\\.${OCTET}$`);
const MAC = /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$/;
/** Longer ones are texts. */
const MAX_LITERAL = 200;

/** Where a cell's value came from, worked out when somebody asks. */
class CellGiven implements Given {
  private readonly cellOf: Cell;
  readonly name: string;
  readonly cell = true;

  constructor(cell: Cell, name: string) {
    this.cellOf = cell;
    this.name = name;
  }

  get file(): number {
    return this.cellOf.place.file;
  }

  examine(): void {
    this.cellOf.examine?.();
  }

  compare(text: string): void {
    this.cellOf.compare?.(text);
  }

  get span(): Span {
    return this.cellOf.place.span;
  }
}

/** Says of the cell that a value is, or was, that its text decides something: see `ExpandedRows`. */
export function examine(value: Value): void {
  if (value.kind === 'cell') value.examine?.();
  else if (value.kind === 'literal') examineExpr(value.expr);
}

/** Says of the cell that a value is, or was, that it was compared with a default, to leave it out where it is the same. */
export function compareWith(value: Value, text: string): void {
  if (value.kind === 'cell') value.compare?.(text);
  else if (value.kind === 'literal' && value.expr.given instanceof CellGiven) value.expr.given.compare(text);
  else examineAll(value);
}

/** The same of all within it. */
export function examineAll(value: Value): void {
  if (value.kind === 'sequence') for (let i = 0; i < value.length; i++) examineAll(value.at(i));
  else if (value.kind === 'record') {
    for (const key of value.keys) {
      const member = value.get(key);
      if (member !== undefined) examineAll(member);
    }
  } else examine(value);
}

function examineExpr(expr: Expr): void {
  if (expr.given instanceof CellGiven) expr.given.examine();
  if (expr.kind === 'masked') {
    examineExpr(expr.value);
    examineExpr(expr.mask);
  } else if (expr.kind === 'range') {
    examineExpr(expr.from);
    examineExpr(expr.to);
  }
}

/** Has it been complained about already? It is from now on. */
export function markBad(cell: Cell): boolean {
  const { badCells } = cell.home.module.program;
  const key = keyOf(cell);
  if (badCells.has(key)) return true;
  badCells.add(key);
  return false;
}

export function isBad(cell: Cell): boolean {
  const { badCells } = cell.home.module.program;
  return badCells.size > 0 && badCells.has(keyOf(cell));
}

const keyOf = ({ place: { file, span } }: Cell): string => `${file} ${span.start}`;

/** What a cell says, at the place of its use, which calls it `name`. What is no literal and no word is a text. */
export function cellLiteral(cell: Cell, span: Span, name: string, file: number): Literal {
  const given = new CellGiven(cell, name);
  const bare = readCell(cell.text);
  const word = bare.kind === 'name' ? bare.path[0]?.text : undefined;
  if (word !== undefined) {
    const symbol = cell.home.symbol(word);
    if (symbol !== undefined && symbol.kind !== 'module' && symbol.kind !== 'template') {
      const expr: Expr = { ...nameExpr(symbol.unique, span, word), given };
      return { kind: 'literal', expr, place: { file, span }, symbol };
    }
    return { kind: 'literal', expr: { ...nameExpr(word, span), given }, place: { file, span } };
  }
  return { kind: 'literal', expr: moved(bare, span, given), place: { file, span } };
}

/** The same as a text, whatever it says. */
export function cellText(cell: Cell, span: Span, name: string, file: number): Literal {
  const expr: Expr = { kind: 'string', value: cell.text, span, given: new CellGiven(cell, name) };
  return { kind: 'literal', expr, place: { file, span } };
}

/** A literal at another place. */
function moved(expr: Expr, span: Span, given: Given): Expr {
  switch (expr.kind) {
    case 'masked':
      return {
        ...expr,
        value: moved(expr.value, span, given),
        mask: moved(expr.mask, span, given),
        span,
        given,
      };
    case 'range':
      return { ...expr, from: moved(expr.from, span, given), to: moved(expr.to, span, given), span, given };
    case 'set':
    case 'list':
      return { ...expr, elements: expr.elements.map((e) => moved(e, span, given)), span, given };
    default:
      return { ...expr, span, given };
  }
}

function readCell(text: string): Expr {
  const span = NOWHERE;
  if (NUMBER.test(text)) return { kind: 'int', value: BigInt(text), radix: 10, span };
  if (WORD.test(text)) return nameExpr(text, span);
  const octets = IPV4.exec(text);
  if (octets !== null) {
    const [, a, b, c, d] = octets.map(Number);
    const value = BigInt((a ?? 0) * 2 ** 24 + (b ?? 0) * 2 ** 16 + (c ?? 0) * 2 ** 8 + (d ?? 0));
    return { kind: 'ipv4', value, span };
  }
  if (MAC.test(text)) return { kind: 'mac', value: BigInt(`0x${text.replaceAll(':', '')}`), span };
  const asText: Expr = { kind: 'string', value: text, span };
  if (text === '' || text.length > MAX_LITERAL) return asText;
  const { expr, errors } = parseExpression(text);
  return errors.length === 0 && isLiteral(expr) ? expr : asText;
}

/** Data computes nothing, and names nothing but by a word that is all of a cell. */
function isLiteral(expr: Expr): boolean {
  switch (expr.kind) {
    case 'int':
    case 'mac':
    case 'ipv4':
    case 'ipv6':
    case 'duration':
    case 'flags':
      return true;
    case 'string':
      return expr.parts === undefined;
    case 'masked':
      return isLiteral(expr.value) && isLiteral(expr.mask);
    case 'range':
      return isLiteral(expr.from) && isLiteral(expr.to);
    case 'set':
    case 'list':
      return expr.elements.every(isLiteral);
    default:
      return false;
  }
}
