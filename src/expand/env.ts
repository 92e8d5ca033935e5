/** What names mean where something stands. */
import type { ConstDecl, FileNode, NameExpr, Span, TemplateDecl } from '../../grammar/ast.ts';
import type { DataValue } from '../data/types.ts';
import type { Definition, Details, Sink } from '../diagnostics/define.ts';
import { make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { Fuel } from './fuel.ts';
import { chained } from './origin.ts';
import type { TableEntry } from './entries.ts';
import type { Library, Origin, SourceFile } from './types.ts';
import type { Place, Value } from './values.ts';

/** What a declaration declares. */
export type Sym = ConstSym | DeclaredSym | TemplateSym | ModuleSym;

interface Named {
  /** As the source says it. */
  readonly name: string;
  readonly place: Place;
}

export interface ConstSym extends Named {
  readonly kind: 'const';
  readonly unique: string;
  readonly decl: ConstDecl;
  readonly env: Env;
  /** Belongs to an instance: nobody else sees it, and uses are replaced by its value. */
  readonly local: boolean;
  state: 'new' | 'busy' | 'done';
  /** Null until it is done, and where something is wrong with it. */
  value: Value | null;
  /** Says nothing but literals and names: it is in the expanded program as it stands. */
  plain: boolean | null;
}

export interface DeclaredSym extends Named {
  readonly kind: 'port' | 'register' | 'table' | 'group' | 'meter';
  readonly unique: string;
  /** Of a table, once the walk has come to it. */
  entry: TableEntry | null;
}

export interface TemplateSym extends Named {
  readonly kind: 'template';
  readonly decl: TemplateDecl;
  readonly env: Env;
}

export interface ModuleSym extends Named {
  readonly kind: 'module';
  /** Null where it could not be read, which has been reported. */
  readonly module: Module | null;
}

/** Groups and meters have names of their own; all other things share theirs. */
export type Space = 'value' | 'group' | 'meter';

/** Names that are declared together: by a file, or by an instance of a template or loop. */
export class Scope {
  readonly value = new Map<string, Sym>();
  readonly group = new Map<string, Sym>();
  readonly meter = new Map<string, Sym>();
  /** Before the names of its symbols in the expanded program. */
  readonly prefix: string;
  /** Something that it imports could not be read: what is not found may come from there. */
  incomplete = false;
  /** Something of the file could not be read: what others do not find may be that. */
  broken = false;

  constructor(prefix: string) {
    this.prefix = prefix;
  }
}

/** One file of the program. */
export interface Module {
  /** Index into the files of the program. */
  readonly file: number;
  readonly path: string;
  /** As cookies know it; empty for the main file. */
  readonly name: string;
  readonly tree: FileNode;
  readonly scope: Scope;
  readonly program: Program;
}

/** Where reports go; for a while elsewhere. */
export class Redirected implements Sink {
  private readonly usual: Sink;
  private current: Sink;

  constructor(usual: Sink) {
    this.usual = usual;
    this.current = usual;
  }

  add(diagnostic: Diagnostic): void {
    this.current.add(diagnostic);
  }

  /** `sink` null: the usual one. */
  during<T>(sink: Sink | null, work: () => T): T {
    const before = this.current;
    this.current = sink ?? this.usual;
    const result = work();
    this.current = before;
    return result;
  }
}

/** What is the same for all files of a program. */
export interface Program {
  readonly sink: Redirected;
  readonly library: Library | null;
  readonly files: SourceFile[];
  readonly fuel: Fuel;
  /** Data files that have been read, by their identity. */
  readonly data: Map<string, LoadedData>;
  /** Cells that have been complained about, by their places: nothing more is said of them. */
  readonly badCells: Set<string>;
}

export interface LoadedData {
  /** Null where nothing of it is to be used, which has been reported. */
  readonly value: DataValue | null;
  /** Index into the files of the program. */
  readonly file: number;
}

/** Names that are bound to values; null is a value that has been complained about. */
export type Bindings = ReadonlyMap<string, Value | null>;

const NONE: Bindings = new Map();

/** Where something stands: the bindings and declarations around it, and how it came there. */
export class Env {
  readonly module: Module;
  readonly parent: Env | null;
  readonly bindings: Bindings;
  readonly scope: Scope | null;
  readonly origin: Origin;
  /** Uses of templates around it. */
  readonly depth: number;
  /** Names of which it has been reported that they mean two things. */
  private ambiguous: Set<string> | null = null;

  constructor(
    module: Module,
    origin: Origin,
    parent: Env | null = null,
    scope: Scope | null = null,
    bindings: Bindings = NONE,
    depth = parent?.depth ?? 0,
  ) {
    this.module = module;
    this.origin = origin;
    this.parent = parent;
    this.scope = scope;
    this.bindings = bindings;
    this.depth = depth;
  }

  get file(): number {
    return this.module.file;
  }

  get fuel(): Fuel {
    return this.module.program.fuel;
  }

  /** What a name is bound to; undefined where it is not bound. */
  bound(name: string): Value | null | undefined {
    for (let env = innermost(this); env !== null; env = env.parent) {
      if (env.ambiguous?.has(name) === true) return null;
      const value = env.bindings.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Nothing more is to be said of a name, which has been reported. */
  silence(name: string): void {
    this.ambiguous ??= new Set();
    this.ambiguous.add(name);
  }

  symbol(name: string, space: Space = 'value'): Sym | undefined {
    for (let env = innermost(this); env !== null; env = env.parent) {
      const symbol = env.scope?.[space].get(name);
      if (symbol !== undefined) return symbol;
    }
    return undefined;
  }

  /** The names that can be seen, for suggestions. */
  *names(space: Space = 'value'): Iterable<string> {
    for (let env = innermost(this); env !== null; env = env.parent) {
      yield* env.bindings.keys();
      if (env.scope !== null) yield* env.scope[space].keys();
    }
  }

  /** The scope into which plain declarations go. */
  get home(): Scope {
    for (let env = innermost(this); env !== null; env = env.parent) if (env.scope !== null) return env.scope;
    return this.module.scope;
  }

  /** With other bindings in front. */
  with(bindings: Bindings): Env {
    return new Env(this.module, this.origin, this, null, bindings);
  }

  report<P>(definition: Definition<P>, params: P, span: Span, details: Details = {}): null {
    return this.reportAt(definition, params, { file: this.file, span }, details);
  }

  reportAt<P>(definition: Definition<P>, params: P, { file, span }: Place, details: Details = {}): null {
    const place = { file, start: span.start, end: span.end };
    chained(this.module.program.sink, this.origin).add(make(definition, params, place, details));
    return null;
  }
}

export function labelAt(
  { file, span }: Place,
  message: string,
): { file: number; start: number; end: number; message: string } {
  return { file, start: span.start, end: span.end, message };
}

export function pathOf(node: NameExpr): string {
  return node.path.map((n) => n.shown ?? n.text).join('.');
}

/** Where a search outwards begins. */
function innermost(env: Env): Env | null {
  return env;
}
