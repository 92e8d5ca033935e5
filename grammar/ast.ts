/**
 * The syntax tree of a `.wbf` file.
 *
 * It says what stands in the text and nothing about what it means: names are not resolved, values have no
 * types. Every node carries the span it came from. Nodes of half-typed text exist too, with the parts that
 * are missing as `null` (or as an expression of kind `missing`), beside the errors that say so.
 *
 * Match terms, flow attributes, action statements and the bodies of `bridge`, `program` and `test` are all
 * `Statement`s: one grammar rule reads them, the checker says which forms mean something where.
 *
 * What happens at compile time (`import`, `template`, `use`, `for`, `if`, operators) is in the tree as it was written.
 * `src/expand/` makes of it a tree without any of that, which is all the checker ever sees.
 */
import type { Expr, StringExpr, NameExpr } from './ast-expr.ts';

export type * from './ast-expr.ts';

/** A piece of the source: UTF-16 offsets into the file's text, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An identifier where it stands. `text` is empty where one was expected and none was found. */
export interface Name {
  readonly text: string;
  readonly span: Span;
  /** Where a text stands for the name (`flow "web_${h.name}"`): the text. `text` is then empty until it is expanded. */
  readonly quoted?: StringExpr;
  /** As it was written, where `text` is the unique name that an expansion made of it (`p.acl`). */
  readonly shown?: string;
}

/** A whole file. */
export interface FileNode {
  readonly kind: 'file';
  readonly items: readonly Item[];
  /** Nothing in it happens at compile time: an expansion would give the same tree. */
  readonly plain: boolean;
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
  | TestDecl
  | CompileTimeItem;

/** What an expansion replaces by what it makes. */
export type CompileTimeItem = ImportDecl | ExtendDecl | TemplateDecl | UseItem | ForItem | IfItem;

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
  /** Those that stand in the body itself, not in a `for` or `if` there. */
  readonly flows: readonly FlowDecl[];
  /** What makes further flows, in the order of the source; their spans say where between the flows. */
  readonly nested: readonly TableMaker[];
  readonly body: Span;
}

/** What stands in a table and makes flows. */
export type TableMaker = UseItem | ForItem | IfItem;

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

/** `import "lib/acl.wbf"`, `import "std/arp"`, `import "lib/acl.wbf" as acl` */
export interface ImportDecl extends Declaration {
  readonly kind: 'import';
  readonly path: StringExpr | null;
  /** The name before the dot of what it declares; null: its names are used as they are. */
  readonly alias: Name | null;
}

/** `extend table p.acl { flow … }`: more flows for a table of this or another file. */
export interface ExtendDecl extends Declaration {
  readonly kind: 'extend';
  readonly table: NameExpr;
  readonly attributes: readonly Statement[];
  readonly flows: readonly FlowDecl[];
  readonly nested: readonly TableMaker[];
  readonly body: Span;
}

/** `template t(ip: ipv4, proto: protocol = tcp) { … }`. The body is that of a table (flows) or of a file (any declaration). */
export interface TemplateDecl extends Declaration {
  readonly kind: 'template';
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  /** From `(` to `)`. */
  readonly parametersSpan: Span;
  readonly items: readonly Item[];
  readonly body: Span;
}

export interface Parameter {
  readonly name: Name;
  /** `ipv4`, `mac`, `int` …; null (and reported) where none was written. */
  readonly type: Name | null;
  readonly default: Expr | null;
  readonly span: Span;
}

/** `use t(10.0.0.1, mac = 02:00:00:00:00:01)`, `use p.t()` */
export interface UseItem extends Declaration {
  readonly kind: 'use';
  readonly template: NameExpr;
  /** Null without parentheses, which is as `()`. */
  readonly args: readonly Argument[] | null;
  readonly argsSpan: Span | null;
}

/** What `for` binds: `h`, `h, i`, `{name, vid}`, `{name, vid}, i`. */
export interface ForBinding {
  /** One name for each element, or the fields of a record that become names. */
  readonly value:
    | { readonly kind: 'name'; readonly name: Name }
    | { readonly kind: 'fields'; readonly names: readonly Name[]; readonly span: Span };
  /** Counts the elements from 0. */
  readonly index: Name | null;
}

/** `for h in hosts { … }` around declarations. */
export interface ForItem extends Declaration {
  readonly kind: 'for';
  readonly binding: ForBinding;
  readonly in: Expr;
  readonly items: readonly Item[];
  readonly body: Span;
}

/** `if a == 1 { … } else if … { … } else { … }` around declarations. */
export interface IfItem extends Declaration {
  readonly kind: 'if';
  readonly condition: Expr;
  readonly then: readonly Item[];
  /** Empty without `else`; `else if` is an `if` alone in it. */
  readonly else: readonly Item[];
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
  /** What makes further statements, in the order of the source; their spans say where between the others. */
  readonly nested: readonly StatementMaker[];
  /** Something in it could not be read and is left out; the parser has said so. */
  readonly broken: boolean;
  /** The opening brace. */
  readonly brace: Span;
  /** From the keyword (or the brace) to the closing brace. */
  readonly span: Span;
}

export type Statement = RelationStatement | CommandStatement;

/** What stands in a block and makes statements. */
export type StatementMaker = ForStatement | IfStatement;

/** `for port in [1, 2, 3] { output port }` */
export interface ForStatement {
  readonly kind: 'for';
  readonly keyword: Span;
  readonly binding: ForBinding;
  readonly in: Expr;
  /** `keyword` null. */
  readonly body: Block;
  readonly span: Span;
}

/** `if proto == tcp { tcp_dst = 80 } else { … }` */
export interface IfStatement {
  readonly kind: 'if';
  readonly keyword: Span;
  readonly condition: Expr;
  readonly then: Block;
  /** `else if` is a block with nothing but that `if`. */
  readonly else: Block | null;
  readonly span: Span;
}

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
