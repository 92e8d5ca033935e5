/**
 * The syntax tree of a `.wbf` file.
 *
 * It says what stands in the text and nothing about what it means: names are not resolved, values have no
 * types. Every node carries the span it came from. Nodes of half-typed text exist too, with the parts that
 * are missing as `null` (or as an expression of kind `missing`), beside the errors that say so.
 *
 * Match terms, flow attributes, action statements and the bodies of `bridge`, `program` and `test` are all
 * `Statement`s: one grammar rule reads them, the checker says which forms mean something where.
 */

/** A piece of the source: UTF-16 offsets into the file's text, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An identifier where it stands. `text` is empty where one was expected and none was found. */
export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** A whole file. */
export interface FileNode {
  readonly kind: 'file';
  readonly items: readonly Item[];
  readonly span: Span;
}

export type Item =
  | ProgramDecl
  | ConstDecl
  | PortDecl
  | RegisterDecl
  | TableDecl
  | FlowDecl
  | GroupDecl
  | MeterDecl
  | TunnelMetadataDecl
  | BridgeDecl
  | TestDecl;

interface Declaration {
  readonly span: Span;
  /** The keyword (`table`, `flow` …) that opened it. */
  readonly keyword: Span;
  /** The text of the `///` lines above it, without the slashes; null where there are none. */
  readonly doc: string | null;
}

/** `program n { id = 0xa01; … }` */
export interface ProgramDecl extends Declaration {
  readonly kind: 'program';
  readonly name: Name;
  readonly body: Block | null;
}

/** `const n = value` */
export interface ConstDecl extends Declaration {
  readonly kind: 'const';
  readonly name: Name;
  readonly value: Expr;
}

/** `port uplink = 1`, at top level or (with a body) in a `bridge`. */
export interface PortDecl extends Declaration {
  readonly kind: 'port';
  readonly name: Name;
  readonly value: Expr;
  readonly body: Block | null;
}

/** `register zone = reg3[0..15]` or, for a later allocation by the compiler, `register zone: 16`. */
export interface RegisterDecl extends Declaration {
  readonly kind: 'register';
  readonly name: Name;
  /** What follows `=`; null where the width form was used. */
  readonly value: Expr | null;
  /** What follows `:`, in bits; null where the explicit form was used. */
  readonly width: Expr | null;
  /** Span of a trailing `alias`, which permits an overlap. */
  readonly alias: Span | null;
}

/** `table acl = 10 { miss = drop; flow … }` */
export interface TableDecl extends Declaration {
  readonly kind: 'table';
  readonly name: Name;
  readonly value: Expr | null;
  /** `miss = …` and what else stands in the body beside flows. */
  readonly attributes: readonly Statement[];
  readonly flows: readonly FlowDecl[];
  readonly body: Span;
}

/** `flow n { priority = 10; match { … } action { … } }` */
export interface FlowDecl extends Declaration {
  readonly kind: 'flow';
  readonly name: Name | null;
  readonly attributes: readonly Statement[];
  /** Every `match` block; more than one are alternatives. */
  readonly matches: readonly Block[];
  /** Every `action` block; more than one is an error of the checker. */
  readonly actions: readonly Block[];
  readonly body: Span;
}

/** `group web = 4096 { type = select; bucket { weight = 10; action { output 1 } } }` */
export interface GroupDecl extends Declaration {
  readonly kind: 'group';
  readonly name: Name;
  /** The id; null leaves it to the compiler. */
  readonly value: Expr | null;
  /** null: the group is made by somebody else. */
  readonly body: Block | null;
}

/** `meter limit = 100 { unit = kbps; band drop { rate = 1000 } }` */
export interface MeterDecl extends Declaration {
  readonly kind: 'meter';
  readonly name: Name;
  /** The id; null leaves it to the compiler. */
  readonly value: Expr | null;
  /** null: the meter is made by somebody else. */
  readonly body: Block | null;
}

/** `tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4} }`: the map of Geneve's options. */
export interface TunnelMetadataDecl extends Declaration {
  readonly kind: 'tunnel_metadata';
  readonly body: Block | null;
}

/** `bridge br0 { … }`: what the switch must be. */
export interface BridgeDecl extends Declaration {
  readonly kind: 'bridge';
  readonly name: Name;
  readonly attributes: readonly Statement[];
  readonly ports: readonly PortDecl[];
  readonly body: Span;
}

/** `test "…" { packet { … } expect { … } }` */
export interface TestDecl extends Declaration {
  readonly kind: 'test';
  readonly name: StringExpr | null;
  readonly body: Block | null;
}

/** `{ … }` with the keyword before it, if there was one. */
export interface Block {
  readonly kind: 'block';
  /** `match`, `action`, `packet`, `options` … or null for a block that trails a statement. */
  readonly keyword: Name | null;
  readonly statements: readonly Statement[];
  /** Something in it could not be read and is left out; the parser has said so. */
  readonly broken: boolean;
  /** The opening brace. */
  readonly brace: Span;
  /** From the keyword (or the brace) to the closing brace. */
  readonly span: Span;
}

export type Statement = RelationStatement | CommandStatement;

export type RelationOperator = '=' | '!=' | 'in' | 'not in';

/** `field = value`, `field != value`, `field in {…}`, `field not in {…}`, `"key" = value`. */
export interface RelationStatement {
  readonly kind: 'relation';
  readonly target: NameExpr | StringExpr;
  readonly operator: RelationOperator;
  readonly operatorSpan: Span;
  readonly value: Expr;
  readonly span: Span;
}

/**
 * `tcp`, `drop`, `output in_port`, `resubmit(,3)`, `ct(commit, zone = 5) { … }`, `write_actions { … }`.
 * A bare word is a command without arguments, operand and block.
 */
export interface CommandStatement {
  readonly kind: 'command';
  readonly name: Name;
  /** What stands in parentheses; null without parentheses. */
  readonly args: readonly Argument[] | null;
  /** From `(` to `)`, null without parentheses. */
  readonly argsSpan: Span | null;
  /** What follows without parentheses: the port in `output in_port`; null where there is nothing. */
  readonly operand: Expr | null;
  readonly block: Block | null;
  readonly span: Span;
}

/** One argument. An empty place, as the first in `resubmit(,3)`, has no name and a `missing` value. */
export interface Argument {
  readonly name: Name | null;
  readonly value: Expr;
  readonly span: Span;
}

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
  | MissingExpr;

/** `10`, `0x800`, `0b11`, `1_000`; any size. */
export interface IntExpr {
  readonly kind: 'int';
  readonly value: bigint;
  readonly radix: 2 | 10 | 16;
  readonly span: Span;
}

/** `00:00:00:00:99:99` as a 48-bit number. */
export interface MacExpr {
  readonly kind: 'mac';
  readonly value: bigint;
  readonly span: Span;
}

/** `10.0.0.1` as a 32-bit number. */
export interface Ipv4Expr {
  readonly kind: 'ipv4';
  readonly value: bigint;
  readonly span: Span;
}

/** `fe80::1` as a 128-bit number. */
export interface Ipv6Expr {
  readonly kind: 'ipv6';
  readonly value: bigint;
  readonly span: Span;
}

/** `30s`, `5m`, `2h`, in seconds. */
export interface DurationExpr {
  readonly kind: 'duration';
  readonly seconds: bigint;
  readonly span: Span;
}

export interface StringExpr {
  readonly kind: 'string';
  /** With its escapes resolved. */
  readonly value: string;
  readonly span: Span;
}

/** `+trk+est-new` */
export interface FlagsExpr {
  readonly kind: 'flags';
  readonly flags: readonly { readonly set: boolean; readonly name: Name }[];
  readonly span: Span;
}

/** A name, perhaps qualified (`p.acl`), perhaps of some bits only (`reg0[0..15]`, `vlan_tci[12]`, `reg0[]`). */
export interface NameExpr {
  readonly kind: 'name';
  readonly path: readonly Name[];
  readonly subfield: Subfield | null;
  readonly span: Span;
}

/** `[a..b]` with a ≤ b, `[a]` (then `to` is null), or `[]` for the whole field (then both are null). */
export interface Subfield {
  readonly from: Expr | null;
  readonly to: Expr | null;
  readonly span: Span;
}

/** `nat(src = 10.0.0.1)` as a value or an argument. */
export interface CallExpr {
  readonly kind: 'call';
  readonly name: Name;
  readonly args: readonly Argument[];
  readonly span: Span;
}

/** `10.0.0.0/8`, `0x10/0xf0`. */
export interface MaskedExpr {
  readonly kind: 'masked';
  readonly value: Expr;
  readonly mask: Expr;
  readonly span: Span;
}

/** `8000-8999` or `first..last`. */
export interface RangeExpr {
  readonly kind: 'range';
  readonly from: Expr;
  readonly to: Expr;
  readonly span: Span;
}

/** `{80, 443, 8000-8999}` */
export interface SetExpr {
  readonly kind: 'set';
  readonly elements: readonly Expr[];
  readonly span: Span;
}

/** `[OpenFlow15, OpenFlow14]` */
export interface ListExpr {
  readonly kind: 'list';
  readonly elements: readonly Expr[];
  readonly span: Span;
}

/** `{ip: 10.0.0.1, mac: 02:00:00:00:00:01}` */
export interface RecordExpr {
  readonly kind: 'record';
  readonly entries: readonly { readonly name: Name; readonly value: Expr }[];
  readonly span: Span;
}

/** Where an expression was expected; the parser has already said so, or it is an empty argument. */
export interface MissingExpr {
  readonly kind: 'missing';
  readonly span: Span;
}
