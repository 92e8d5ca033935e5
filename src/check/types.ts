/** What the parts of the checker tell each other. */
import type {
  Expr,
  FlowDecl,
  GroupDecl,
  MeterDecl,
  NameExpr,
  PortDecl,
  RegisterDecl,
  Span,
  TableDecl,
} from '../../grammar/ast.ts';
import type { Sink } from '../diagnostics/define.ts';
import type { Origin } from '../expand/types.ts';
import type { Field } from '../openflow/fields.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import type { Allocation, CookieSpace, IdRange, MatchField, SubfieldRef, TlvMapping } from '../ir/types.ts';
import type { NeededAllowances } from './allow.ts';
import type { UnresolvedPorts } from './interface-ports.ts';

/** A span in a file of the compilation. */
export interface Located {
  readonly file: number;
  readonly span: Span;
}

/** What is declared. Its `file` is that of its origin. */
interface Declared extends Located {
  readonly origin: Origin;
}

export interface ConstSymbol extends Declared {
  readonly kind: 'const';
  readonly name: string;
  /** The literal (or name) that it stands for, as written; evaluated again at each use, typed by the field there. */
  readonly value: Expr;
}

export interface PortSymbol extends Declared {
  readonly kind: 'port';
  readonly name: string;
  /**
   * OpenFlow port number (1..0xfeff); one that stands for it where it is known by interface name only (then it is among
   * `Scope.unresolvedPorts`); null where its declaration is in error.
   */
  readonly number: number | null;
  readonly interfaceName: string | null;
  readonly decl: PortDecl;
}

export interface RegisterSymbol extends Declared {
  readonly kind: 'register';
  readonly name: string;
  /** Stated or, where the declaration has a width, placed by the compiler; null where it is in error. */
  readonly subfield: SubfieldRef | null;
  readonly decl: RegisterDecl;
}

export interface TableSymbol extends Declared {
  readonly kind: 'table';
  readonly name: string;
  /** 0..253, stated or (where `decl.value` is null) given by the compiler; null where its declaration is in error. */
  readonly number: number | null;
  readonly decl: TableDecl;
}

/** A `group`; without a body it is somebody else's, to be referred to only. */
export interface GroupSymbol extends Declared {
  readonly kind: 'group';
  readonly name: string;
  /** null where its declaration is in error. */
  readonly id: number | null;
  readonly external: boolean;
  readonly decl: GroupDecl;
}

export interface MeterSymbol extends Declared {
  readonly kind: 'meter';
  readonly name: string;
  /** null where its declaration is in error. */
  readonly id: number | null;
  readonly external: boolean;
  readonly decl: MeterDecl;
}

/** Groups and meters have name spaces of their own and are not among these. */
export type Symbol = ConstSymbol | PortSymbol | RegisterSymbol | TableSymbol;

/** Everything that is declared outside flows. */
export interface Scope {
  readonly programName: string;
  /** The source of a file, for fixes that fit its layout; empty where there is none. */
  textOf(file: number): string;
  /** What `allow` has turned off so far. */
  readonly needed: NeededAllowances;
  readonly cookies: CookieSpace;
  /** The program allows cookies that are not of that space. */
  readonly foreignCookies: boolean;
  /** What an earlier compilation of the program has numbered and placed. */
  readonly kept: Allocation;
  /** So many flows may come from one of the source. */
  readonly maxExpansion: number;
  /** Constants, ports, registers and tables by name; each has a name space of its own kind only where the language says so. */
  lookup(name: string): Symbol | undefined;
  table(name: string): TableSymbol | undefined;
  /** True if some table is declared with that number (table 0 is, when flows stand at top level). */
  hasTable(number: number): boolean;
  /** The port declared with that number, if any. */
  portByNumber(number: number): PortSymbol | undefined;
  readonly tables: readonly TableSymbol[];
  readonly ports: readonly PortSymbol[];
  readonly registers: readonly RegisterSymbol[];
  readonly consts: readonly ConstSymbol[];
  /** The version of OpenFlow that the program is for. */
  readonly version: OpenFlowVersion;
  /** Ports that are declared by the name of their interface, and whose numbers nobody has told. */
  readonly unresolvedPorts: UnresolvedPorts;
  group(name: string): GroupSymbol | undefined;
  groupById(id: number): GroupSymbol | undefined;
  meter(name: string): MeterSymbol | undefined;
  meterById(id: number): MeterSymbol | undefined;
  readonly groups: readonly GroupSymbol[];
  readonly meters: readonly MeterSymbol[];
  /** The ids that are the program's, of groups and of meters. */
  readonly groupIds: readonly IdRange[];
  readonly meterIds: readonly IdRange[];
  /** What `tunnel_metadata` maps, in the order of the source. */
  readonly tlvs: readonly TlvMapping[];
  /** Bytes of the option that `tunnel_metadata` maps to tun_metadataN; undefined where it maps none. */
  tunnelOption(index: number): number | undefined;
}

/** The flow that is being checked. */
export interface FlowContext {
  readonly scope: Scope;
  readonly sink: Sink;
  readonly file: number;
  /** Number of the table the flow is in; null where its declaration is in error (then nothing about order is said). */
  readonly table: number | null;
  readonly flow: FlowDecl;
}

/** A match after checking. */
export interface CheckedMatch {
  /** Canonical: see `FlowMod.match`. */
  readonly fields: readonly MatchField[];
  /** Which statement gave a field, for related spans of later errors. */
  readonly sources: ReadonlyMap<Field['name'], Located>;
  /** Where a missing protocol would be inserted: right after `match {`. */
  readonly insertAt: number;
  /** False where an error has been reported: what follows from the match is then unknown and later stages say nothing that depends on it. */
  readonly sound: boolean;
}

/** A field or some bits of it, as named in the source (a register name resolved). */
export interface ResolvedField {
  readonly field: Field;
  /** null is the whole field. */
  readonly subfield: SubfieldRef | null;
  readonly node: NameExpr;
}
