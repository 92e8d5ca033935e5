/**
 * Source to program: the whole pipeline, pure.
 *
 * Two roads lead through it and give the same result (a property test holds them together). The plain one parses
 * the whole file and lowers each flow from its tree. The quick one, for files with many flows, reads an outline,
 * parses one flow of each shape, lowers a few, and makes the bytes of the others by patching (`shapes.ts`).
 */
import type { FileNode, FlowDecl, Item, TableDecl } from '../../grammar/ast.ts';
import type { GrammarError } from '../../grammar/errors.ts';
import { outline, type Outline } from '../../grammar/outline.ts';
import { parse, parseFlow, parseTokens } from '../../grammar/parser.ts';
import { allows } from '../check/allow.ts';
import { Duplicates } from '../check/duplicates.ts';
import { lowerFlow, statesCookie } from '../check/flow.ts';
import { checkNoMiss, lowerMiss, missOf } from '../check/miss.ts';
import { place, placeOf } from '../check/report.ts';
import { lowerResources } from '../check/resources.ts';
import { checkDeclarations } from '../check/scope.ts';
import type { Bindings } from '../check/scope.ts';
import { syntaxDiagnostic } from '../check/syntax.ts';
import type { Scope, TableSymbol } from '../check/types.ts';
import { DiagnosticBag } from '../diagnostics/define.ts';
import type { Diagnostic, Place } from '../diagnostics/types.ts';
import { MAIN } from '../expand/origin.ts';
import type { FlowMod, ProgramIr } from '../ir/types.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { FlowStore } from './flow-store.ts';
import { Relowerer } from './relower.ts';
import { ShapeCompiler } from './shapes.ts';
import { checkFlowSize, checkGroupSizes } from './sizes.ts';

/** A source file in memory. `path` is as the user gave it. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface CompileOptions {
  /** Of OpenFlow, as asked for outside the program; null or left out: the newest that its `bridge` allows. */
  readonly version?: OpenFlowVersion | null;
  /** What a switch has for the names in the program. */
  readonly bindings?: Bindings;
  /** Files with at least this many characters take the quick road; for tests, 0 or Infinity. */
  readonly quickFrom?: number;
  /** Shapes with at least this many flows are learnt; for tests. */
  readonly learnFrom?: number;
}

export type { Bindings } from '../check/scope.ts';

export interface Compilation {
  readonly files: readonly SourceFile[];
  /** In the order of the source. */
  readonly diagnostics: readonly Diagnostic[];
  readonly hasErrors: boolean;
  /** Null when there are errors. */
  readonly program: ProgramIr | null;
  /** Name of the `bridge` block, which is the switch's LOCAL port too; null where the program has none. */
  readonly bridge: string | null;
  /** The ports that are known by the name of their interface only, in the order of their declarations. */
  readonly unresolved: readonly UnresolvedPort[];
}

/** A port whose number a switch has to tell. */
export interface UnresolvedPort {
  readonly name: string;
  readonly interfaceName: string;
  /** Of the text with the interface's name. */
  readonly place: Place;
  /** Where its number is needed in text too, as the value of a register; null where a name will do. */
  readonly numberUse: Place | null;
}

/** What an editor wants to know beside the diagnostics. */
export interface Analysis extends Compilation {
  readonly tree: FileNode;
  readonly scope: Scope;
}

/** Below this, reading an outline first costs more than it saves. */
const QUICK_FROM = 100_000;
/** Errors of the same file past this are counted, not listed. */
const MAX_SYNTAX_ERRORS = 1_000;

/** Compiles one program. Never throws for what is in the file. */
export function compile(file: SourceFile, options: CompileOptions = {}): Compilation {
  // Which flows overlap cannot be told from bytes alone.
  const quick = file.text.length >= (options.quickFrom ?? QUICK_FROM) && !file.text.includes('check_overlap');
  if (quick) {
    const skimmed = outline(file.text);
    if (skimmed !== null) return compileOutline(file, skimmed, options);
  }
  const { files, diagnostics, hasErrors, program, bridge, unresolved } = analyse(file, options);
  return { files, diagnostics, hasErrors, program, bridge, unresolved };
}

/** Compiles by the plain road and keeps the tree and the scope. */
export function analyse(file: SourceFile, options: CompileOptions = {}): Analysis {
  const bag = new DiagnosticBag();
  const { tree, errors } = parse(file.text);
  reportSyntax(errors, file, bag);
  const scope = declarations(file, tree, options, bag);
  const store = new FlowStore();
  const collect = new Collector(file, scope, bag, store);
  for (const item of tree.items) {
    if (item.kind === 'table') {
      const table = collect.enter(item);
      for (const flow of item.flows) collect.flow(table, flow);
      collect.leave(table);
    } else if (item.kind === 'flow') collect.flow(null, item);
  }
  return { ...finish(file, tree, scope, bag, store), tree, scope };
}

function declarations(
  file: SourceFile,
  tree: FileNode,
  { version = null, bindings = {} }: CompileOptions,
  bag: DiagnosticBag,
): Scope {
  const { path, text } = file;
  return checkDeclarations(
    tree,
    0,
    { defaultProgramName: programNameOf(path), texts: [text], version, bindings },
    bag,
  );
}

function compileOutline(file: SourceFile, skimmed: Outline, options: CompileOptions): Compilation {
  const bag = new DiagnosticBag();
  const { tree, errors } = parseTokens(file.text, skimmed.vector);
  reportSyntax(errors, file, bag);
  const scope = declarations(file, tree, options, bag);
  const { flows, shapes } = skimmed;
  const store = new FlowStore(skimmed.flows.count * 192 + 4096);
  const collect = new Collector(file, scope, bag, store, flows.count);

  // The flows that the parser has seen, by where they start.
  const parsed = new Map<number, FlowDecl>();
  for (const item of tree.items) {
    if (item.kind === 'flow') parsed.set(item.span.start, item);
    else if (item.kind === 'table') for (const flow of item.flows) parsed.set(flow.span.start, flow);
  }
  const broken = brokenShapes(skimmed, errors);
  const quick = new ShapeCompiler(file.text, skimmed, scope, collect.duplicates.repeats, options.learnFrom);
  const again = new Relowerer(
    file.text,
    skimmed,
    scope,
    (start, end) => parsed.get(start) ?? parseFlow(file.text, start, end).flow,
  );
  store.relower = (index, table) => again.lower(index, table);

  let next = 0;
  const upTo = (end: number, table: TableSymbol | null): void => {
    for (; next < flows.count && (flows.start[next] as number) < end; next++) {
      const shape = shapes[flows.shape[next] as number];
      if (shape === undefined) continue;
      if (quick.emit(next, table, store)) continue;
      const start = flows.start[next] as number;
      let flow = parsed.get(start) ?? null;
      if (flow === null) {
        const result = parseFlow(file.text, start, flows.end[next] as number);
        if (broken.has(shape.id) || !shape.listed) reportSyntax(result.errors, file, bag);
        flow = result.flow;
      }
      if (flow === null) continue;
      const mod = collect.flow(table, flow, next);
      if (mod !== null && !broken.has(shape.id) && !allows(flow)) quick.learn(next, table, flow, mod);
    }
  };
  for (const item of tree.items) {
    upTo(item.span.start, null);
    if (item.kind !== 'table') continue;
    const table = collect.enter(item);
    upTo(item.span.end, table);
    collect.leave(table);
  }
  upTo(Infinity, null);
  return finish(file, tree, scope, bag, store);
}

/** Shapes whose flow in the token vector has a syntax error: all their flows have it. */
function brokenShapes(skimmed: Outline, errors: readonly GrammarError[]): ReadonlySet<number> {
  const broken = new Set<number>();
  if (errors.length === 0) return broken;
  const { flows, shapes } = skimmed;
  for (const shape of shapes) {
    const start = flows.start[shape.exemplar] as number;
    const end = flows.end[shape.exemplar] as number;
    if (errors.some((e) => e.span.start >= start && e.span.start <= end)) broken.add(shape.id);
  }
  return broken;
}

/** Lowers flows one by one and keeps what concerns several of them. */
class Collector {
  readonly duplicates: Duplicates;
  private readonly scope: Scope;
  private readonly bag: DiagnosticBag;
  private readonly store: FlowStore;

  constructor(file: SourceFile, scope: Scope, bag: DiagnosticBag, store: FlowStore, expected?: number) {
    this.scope = scope;
    this.bag = bag;
    this.store = store;
    this.duplicates = new Duplicates(bag, file.text, expected);
  }

  /** Starts a table: its symbol, its `miss` flow first. */
  enter(decl: TableDecl): TableSymbol {
    const table = this.scope.tables.find((t) => t.decl === decl);
    if (table === undefined) throw new Error(`table ${decl.name.text} has no symbol`);
    const miss = lowerMiss(this.scope, table, MAIN, this.bag);
    if (miss !== null) {
      const { start, end } = miss.origin;
      this.duplicates.add(miss, { start, end, nameStart: start, nameEnd: end }, true);
      this.store.addLowered(miss, table, -1);
    }
    return table;
  }

  /** Ends a table, when all its flows have been seen. */
  leave(table: TableSymbol): void {
    const lacksMiss =
      missOf(table) === undefined && table.number !== null && !this.duplicates.hasMiss(table.number);
    checkNoMiss(this.scope, table, this.bag, lacksMiss);
  }

  /** Lowers a flow; null where anything was found about it, be it a warning. */
  flow(table: TableSymbol | null, decl: FlowDecl, outlineIndex = -1): FlowMod | null {
    const before = this.bag.all.length;
    const named = decl.name?.span ?? decl.keyword;
    const mods = lowerFlow(this.scope, table, decl, MAIN, this.bag, (made, sink) => {
      checkFlowSize(made, this.scope.version, { sink, file: 0 }, named);
    });
    const [mod] = mods;
    if (mod === undefined) return null;
    this.duplicates.add(
      mod,
      { start: mod.origin.start, end: mod.origin.end, nameStart: named.start, nameEnd: named.end },
      !statesCookie(decl),
    );
    this.store.addLowered(mod, table, outlineIndex);
    return this.bag.all.length === before ? mod : null;
  }
}

function reportSyntax(errors: readonly GrammarError[], file: SourceFile, bag: DiagnosticBag): void {
  for (const error of errors) {
    if (bag.all.length >= MAX_SYNTAX_ERRORS) return;
    bag.add(syntaxDiagnostic(error, file.text, 0));
  }
}

function finish(
  file: SourceFile,
  tree: FileNode,
  scope: Scope,
  bag: DiagnosticBag,
  store: FlowStore,
): Compilation {
  const resources = lowerResources(scope, 0, bag);
  checkGroupSizes(scope, resources.groups, bag);
  const diagnostics = [...bag.all].sort(
    (a, b) => a.place.file - b.place.file || a.place.start - b.place.start || a.place.end - b.place.end,
  );
  const bridge = tree.items.find((item: Item) => item.kind === 'bridge');
  const hasErrors = bag.hasErrors;
  const program: ProgramIr | null = hasErrors
    ? null
    : {
        ...resources,
        name: scope.programName,
        version: scope.version,
        cookies: scope.cookies,
        tables: new Map(
          scope.tables.flatMap((t) => (t.number === null ? [] : [[t.number, t.name] as const])),
        ),
        unresolvedPorts: new Map(
          [...scope.unresolvedPorts.byNumber].map(([number, { interfaceName }]) => [
            number,
            interfaceName ?? '',
          ]),
        ),
        ports: new Map(scope.ports.flatMap((p) => (p.number === null ? [] : [[p.number, p.name] as const]))),
        files: [file.path],
        flows: store,
      };
  return {
    files: [file],
    diagnostics,
    hasErrors,
    program,
    bridge: bridge?.kind === 'bridge' && bridge.name.text !== '' ? bridge.name.text : null,
    unresolved: unresolvedOf(scope),
  };
}

function unresolvedOf({ unresolvedPorts: { byNumber, numberUses } }: Scope): UnresolvedPort[] {
  return [...byNumber.values()].map((port) => {
    const { name, interfaceName, file, decl } = port;
    const use = numberUses.get(port);
    return {
      name,
      interfaceName: interfaceName ?? '',
      place: place(file, decl.value.span),
      numberUse: use === undefined ? null : placeOf(use),
    };
  });
}

/** `dir/rules.wbf` is the program `rules` unless the file says otherwise. */
function programNameOf(path: string): string {
  const base = path.split(/[/\\]/).at(-1) ?? '';
  const stem = base.replace(/\.wbf$/, '').replace(/[^A-Za-z0-9_]/g, '_');
  return stem === '' || stem === '_' ? 'program' : stem;
}
