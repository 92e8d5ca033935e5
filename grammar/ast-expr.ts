/** The expressions of the syntax tree: see `ast.ts`. */
import type { Argument, Name, Span } from './ast.ts';

export type Expr =
  | IntExpr
  | MacExpr
  | Ipv4Expr
  | Ipv6Expr
  | DurationExpr
  | StringExpr
  | FlagsExpr
  | NameExpr
  | CallExpr
  | MaskedExpr
  | RangeExpr
  | SetExpr
  | ListExpr
  | RecordExpr
  | BinaryExpr
  | UnaryExpr
  | LoadExpr
  | MissingExpr;

/**
 * Where the value of an expression comes from that stands elsewhere: it was given for a name at `span`, and the
 * expression's own span is that of the name's use. Mistakes in it are reported at the use, with this place; those
 * of a cell of a data file at the cell, with the use.
 */
export interface Given {
  readonly file: number;
  readonly span: Span;
  /** As the use wrote it: `ip`, `h.mac`. */
  readonly name: string;
  /** It is a cell of a data file. */
  readonly cell: boolean;
  /** It is the value of a `const`. */
  readonly constant?: boolean;
}

interface Expression {
  readonly span: Span;
  /** Of expanded trees only. */
  readonly given?: Given;
}

/** `10`, `0x800`, `0b11`, `1_000`; any size. */
export interface IntExpr extends Expression {
  readonly kind: 'int';
  readonly value: bigint;
  readonly radix: 2 | 10 | 16;
}

/** `00:00:00:00:99:99` as a 48-bit number. */
export interface MacExpr extends Expression {
  readonly kind: 'mac';
  readonly value: bigint;
}

/** `10.0.0.1` as a 32-bit number. */
export interface Ipv4Expr extends Expression {
  readonly kind: 'ipv4';
  readonly value: bigint;
}

/** `fe80::1` as a 128-bit number. */
export interface Ipv6Expr extends Expression {
  readonly kind: 'ipv6';
  readonly value: bigint;
}

/** `30s`, `5m`, `2h`, in seconds. */
export interface DurationExpr extends Expression {
  readonly kind: 'duration';
  readonly seconds: bigint;
}

export interface StringExpr extends Expression {
  readonly kind: 'string';
  /** With its escapes resolved; of a text with `parts`, what stands between them is left out. */
  readonly value: string;
  /** `"web_${h.name}"`: texts and names in turn. Without any `${`, left out. */
  readonly parts?: readonly (string | NameExpr)[];
}

/** `+trk+est-new` */
export interface FlagsExpr extends Expression {
  readonly kind: 'flags';
  readonly flags: readonly { readonly set: boolean; readonly name: Name }[];
}

/** A name, perhaps qualified (`p.acl`), perhaps of some bits only (`reg0[0..15]`, `vlan_tci[12]`, `reg0[]`). */
export interface NameExpr extends Expression {
  readonly kind: 'name';
  readonly path: readonly Name[];
  readonly subfield: Subfield | null;
}

/** `[a..b]` with a ≤ b, `[a]` (then `to` is null), or `[]` for the whole field (then both are null). */
export interface Subfield {
  readonly from: Expr | null;
  readonly to: Expr | null;
  readonly span: Span;
}

/** `nat(src = 10.0.0.1)` as a value or an argument. */
export interface CallExpr extends Expression {
  readonly kind: 'call';
  readonly name: Name;
  readonly args: readonly Argument[];
}

/** `10.0.0.0/8`, `0x10/0xf0`. */
export interface MaskedExpr extends Expression {
  readonly kind: 'masked';
  readonly value: Expr;
  readonly mask: Expr;
}

/** `8000-8999` or `first..last`. */
export interface RangeExpr extends Expression {
  readonly kind: 'range';
  readonly from: Expr;
  readonly to: Expr;
}

/** `{80, 443, 8000-8999}` */
export interface SetExpr extends Expression {
  readonly kind: 'set';
  readonly elements: readonly Expr[];
}

/** `[OpenFlow15, OpenFlow14]` */
export interface ListExpr extends Expression {
  readonly kind: 'list';
  readonly elements: readonly Expr[];
}

/** `{ip: 10.0.0.1, mac: 02:00:00:00:00:01}` */
export interface RecordExpr extends Expression {
  readonly kind: 'record';
  readonly entries: readonly { readonly name: Name; readonly value: Expr }[];
}

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'and'
  | 'or'
  | 'in'
  | 'not in';

/** `a + b`; there is no `/`, which is a mask: `div(a, b)`. */
export interface BinaryExpr extends Expression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expr;
  readonly right: Expr;
}

/** `not a`, `~a` (all bits the other way round, of a value whose width is known). */
export interface UnaryExpr extends Expression {
  readonly kind: 'unary';
  readonly operator: 'not' | '~';
  readonly operand: Expr;
}

/** `load "hosts.csv"` */
export interface LoadExpr extends Expression {
  readonly kind: 'load';
  readonly path: StringExpr | null;
}

/** Where an expression was expected; the parser has already said so, or it is an empty argument. */
export interface MissingExpr extends Expression {
  readonly kind: 'missing';
}
