/**
 * Source to program: the whole pipeline, pure.
 *
 * Two roads lead through it and give the same result (a property test holds them together). The plain one parses
 * the whole file and lowers each flow from its tree. The quick one, for files with many flows, reads an outline,
 * parses one flow of each shape, lowers a few, and makes the bytes of the others by patching (`shapes.ts`).
 */
import type { FileNode } from '../../grammar/ast.ts';
import type { GrammarError } from '../../grammar/errors.ts';
import { outline } from '../../grammar/outline.ts';
import { parse, parseTokens, type ParseResult } from '../../grammar/parser.ts';
import { allocationOf, isLeftToUs } from '../check/allocation.ts';
import type { PlacedFlow } from '../check/allocation.ts';
import { place, placeOf } from '../check/report.ts';
import { lowerResources } from '../check/resources.ts';
import { checkDeclarations } from '../check/scope.ts';
import type { Bindings } from '../check/scope.ts';
import { syntaxDiagnostic } from '../check/syntax.ts';
import type { Expansion } from '../check/sets/expansion.ts';
import type { Scope } from '../check/types.ts';
import { unknownName } from '../diagnostics/codes/names.ts';
import { DiagnosticBag } from '../diagnostics/define.ts';
import type { Diagnostic, Place } from '../diagnostics/types.ts';
import { expand } from '../expand/index.ts';
import { plainItems } from '../expand/plain.ts';
import type { Expanded, Library, SourceFile } from '../expand/types.ts';
import type { Allocation, Lock, ProgramIr } from '../ir/types.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { atUse } from './at-use.ts';
import { Collector } from './collector.ts';
import { FlowStore } from './flow-store.ts';
import { outlineFlows } from './outline-flows.ts';
import { collectOutline, type Outlined } from './outline-road.ts';
import { sampledFlows } from './row-samples.ts';
import { RowsRoad } from './rows.ts';
import { checkPipeline } from './pipeline.ts';
import { checkGroupSizes } from './sizes.ts';

export type { Library, SourceFile } from '../expand/types.ts';

export interface CompileOptions {
  /** Of OpenFlow, as asked for outside the program; null or left out: the newest that its `bridge` allows. */
  readonly version?: OpenFlowVersion | null;
  /** The other files of its project; left out or null, a program has none. */
  readonly library?: Library | null;
  /** What a switch has for the names in the program. */
  readonly bindings?: Bindings;
  /** What earlier compilations numbered and placed; null or left out: nothing is to be kept. */
  readonly lock?: Lock | null;
  /** False for a part of a program: what concerns its tables together is not looked at. */
  readonly pipeline?: boolean;
  /** Files with at least this many characters take the quick road; for tests, 0 or Infinity. */
  readonly quickFrom?: number;
  /** Loops over data of at least this many rows take their quick road; for tests. */
  readonly rowsFrom?: number;
  /** Shapes with at least this many flows are learnt; for tests. */
  readonly learnFrom?: number;
}

export type { Bindings } from '../check/scope.ts';

export interface Compilation {
  /** The one that was compiled, then its modules and data files. */
  readonly files: readonly SourceFile[];
  /** File by file, in the order of the source. */
  readonly diagnostics: readonly Diagnostic[];
  readonly hasErrors: boolean;
  /** Null when there are errors. */
  readonly program: ProgramIr | null;
  /** Name of the `bridge` block, which is the switch's LOCAL port too; null where the program has none. */
  readonly bridge: string | null;
  /** The ports that are known by the name of their interface only, in the order of their declarations. */
  readonly unresolved: readonly UnresolvedPort[];
  /** What the compiler has numbered and placed, to be kept for the next time. */
  readonly lock: Allocation;
  /** What became of flows with sets or several matches. */
  readonly expansions: readonly Expansion[];
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
/** With fewer rows, nothing is gained. */
const ROWS_FROM = 500;
/** Room for such a flow to begin with. */
const BYTES_PER_FLOW = 144;
/** Errors of the same file past this are counted, not listed. */
const MAX_SYNTAX_ERRORS = 1_000;

/** Compiles one program. Never throws for what is in the file. */
export function compile(file: SourceFile, options: CompileOptions = {}): Compilation {
  // Which flows overlap cannot be told from bytes alone.
  const quick = file.text.length >= (options.quickFrom ?? QUICK_FROM) && !file.text.includes('check_overlap');
  const skimmed = quick ? skim(file, options) : null;
  if (skimmed !== null) return skimmed;
  const rowsFrom = options.rowsFrom ?? (options.quickFrom === Infinity ? Infinity : ROWS_FROM);
  const lowered = lower(file, parse(file.text), options, rowsFrom);
  const { files, diagnostics, hasErrors, program, bridge, unresolved, lock, expansions } = lowered;
  return { files, diagnostics, hasErrors, program, bridge, unresolved, lock, expansions };
}

/** Compiles by the plain road and keeps the tree and the scope. */
export function analyse(file: SourceFile, options: CompileOptions = {}): Analysis {
  const parsed = parse(file.text);
  return { ...lower(file, parsed, options, Infinity), tree: parsed.tree };
}

/**
 * Compiles what has been parsed. Loops over data of `rowsFrom` rows or more take the quick road, but for programs with
 * errors, of which only the plain one knows all.
 */
function lower(
  file: SourceFile,
  { tree, errors }: ParseResult,
  options: CompileOptions,
  rowsFrom: number,
): Omit<Analysis, 'tree'> {
  const bag = new DiagnosticBag();
  reportSyntax(errors, file, 0, bag);
  const expanded = expandProgram(file, tree, options, bag, rowsFrom);
  const expected = rowsIn(expanded.items);
  const byRows = expected > 0;
  const flows = byRows ? (): Iterable<PlacedFlow> => sampledFlows(expanded.items) : undefined;
  const scope = declarations(expanded, options, bag, flows);
  const store = new FlowStore(byRows ? expected * BYTES_PER_FLOW : 0);
  const collect = new Collector(scope, bag, store);
  const road = byRows ? new RowsRoad(scope, collect, store, expected) : null;
  for (const item of expanded.items) {
    if (item.kind === 'table') {
      const table = collect.enter(item);
      for (const flow of item.flows) {
        if (flow.kind === 'rows') road?.run(flow, table, bag);
        else collect.flow(table, flow.decl, flow.origin);
      }
      collect.leave(table);
    } else if (item.kind === 'flow') collect.flow(null, item.decl, item.origin);
  }
  const ids = collect.finish();
  const done = { ...finish(expanded, scope, { bag, store, collect, ids }, options), scope };
  const again = road !== null && (done.hasErrors || road.hasRepeats());
  return again ? lower(file, { tree, errors }, options, Infinity) : done;
}

/** How many flows loops over data will make, if all rows make as many as the first. */
function rowsIn(items: Expanded['items']): number {
  const flows = items.flatMap((item) => (item.kind === 'table' ? item.flows : []));
  return flows.reduce((sum, flow) => {
    if (flow.kind !== 'rows') return sum;
    const first = flow.expand(0, new DiagnosticBag()).flows.length;
    return sum + flow.count * Math.max(1, first);
  }, 0);
}

/** By way of an outline; null where more happens in the file than an outline shows. */
function skim(file: SourceFile, options: CompileOptions): Compilation | null {
  const skimmed = outline(file.text);
  if (skimmed === null) return null;
  const { tree, errors } = parseTokens(file.text, skimmed.vector);
  if (!tree.plain) return null;
  const bag = new DiagnosticBag();
  const syntax = (found: readonly GrammarError[]): void => {
    reportSyntax(found, file, 0, bag);
  };
  syntax(errors);
  const expanded = { items: plainItems(tree), files: [file] };
  const flows = expanded.items.some(isLeftToUs)
    ? outlineFlows(file.text, skimmed, expanded.items)
    : undefined;
  // What refers to a table by its number may be any flow of a shape.
  if (flows === null) return null;
  const scope = declarations(expanded, options, bag, flows && (() => flows));
  const outlined = collectOutline(
    { text: file.text, outline: skimmed, items: expanded.items, errors, scope },
    bag,
    syntax,
    options.learnFrom,
  );
  return finish(expanded, scope, { bag, ...outlined }, options);
}

function expandProgram(
  file: SourceFile,
  tree: FileNode,
  { library = null }: CompileOptions,
  bag: DiagnosticBag,
  rowsFrom: number,
): Expanded {
  if (tree.plain) return { items: plainItems(tree), files: [file] };
  return expand(file, tree, library, bag, {
    rowsFrom,
    syntax: (errors, module, index) => {
      reportSyntax(errors, module, index, bag);
    },
  });
}

function declarations(
  { items, files }: Expanded,
  { version = null, bindings = {}, lock = null }: CompileOptions,
  bag: DiagnosticBag,
  flows?: () => Iterable<PlacedFlow>,
): Scope {
  const defaultProgramName = programNameOf(files[0]?.path ?? '');
  return checkDeclarations(
    items,
    {
      defaultProgramName,
      texts: files.map((f) => f.text),
      version,
      bindings,
      lock,
      ...(flows === undefined ? {} : { flows }),
    },
    bag,
  );
}

function reportSyntax(
  errors: readonly GrammarError[],
  file: SourceFile,
  index: number,
  bag: DiagnosticBag,
): void {
  for (const error of errors) {
    if (bag.all.length >= MAX_SYNTAX_ERRORS) return;
    bag.add(syntaxDiagnostic(error, file.text, index));
  }
}

function finish(
  { items, files }: Expanded,
  scope: Scope,
  { bag, store, collect, ids }: Outlined & { readonly bag: DiagnosticBag },
  { pipeline = true }: CompileOptions,
): Compilation {
  const resources = lowerResources(scope, bag);
  checkGroupSizes(scope, resources.groups, bag);
  // Of a flow with an error nobody knows what it would do to others.
  if (!bag.hasErrors && pipeline) checkPipeline(scope, resources.groups, { collect, store, bag });
  const diagnostics = onceEach(
    scope.needed.without(bag.all).map((d) => atUse(d, files)),
    (file) => isData(files[file], file),
  ).sort((a, b) => a.place.file - b.place.file || a.place.start - b.place.start || a.place.end - b.place.end);
  const bridge = items.find((item) => item.decl.kind === 'bridge')?.decl;
  const hasErrors = bag.hasErrors;
  // Rather no program than one without a flow that its author believes to be there.
  if (collect.lost && !hasErrors) throw new Error('nothing came of a flow, and nothing was reported');
  const lock = allocationOf(scope, ids.given());
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
        registers: scope.registers.flatMap(({ name, subfield }) =>
          subfield === null ? [] : [{ name, place: subfield }],
        ),
        given: lock,
        expansions: collect.expansions.map(({ name, origin, flows, method, terms }) => ({
          name,
          origin,
          flows,
          method,
          values: terms.map(({ values }) => values),
        })),
        ports: new Map(scope.ports.flatMap((p) => (p.number === null ? [] : [[p.number, p.name] as const]))),
        files: files.map((f) => f.path),
        flows: store,
      };
  return {
    files,
    diagnostics,
    hasErrors,
    program,
    bridge: bridge?.kind === 'bridge' && bridge.name.text !== '' ? bridge.name.text : null,
    unresolved: unresolvedOf(scope),
    lock,
    expansions: collect.expansions,
  };
}

/** The program itself may be called anything. */
const isData = (file: SourceFile | undefined, index: number): boolean =>
  index > 0 && file !== undefined && /\.(csv|tsv|json|ya?ml)$/.test(file.path);

/** What is wrong with a template shows in each of its instances: it is told once, with the number of the others. */
function onceEach(all: readonly Diagnostic[], inData: (file: number) => boolean): Diagnostic[] {
  const first = new Map<string, { diagnostic: Diagnostic; others: number }>();
  for (const diagnostic of all) {
    const { code, place: at, message, severity } = diagnostic;
    // A name that is none is none as a constant, as a value, as a port: whoever looked first has said it.
    const what = code === unknownName.code ? code : `${code} ${message}`;
    // A cell that does not fit where it is declared does not fit where it is used.
    const key = `${at.file} ${at.start} ${at.end} ${inData(at.file) ? severity : what}`;
    const known = first.get(key);
    if (known === undefined) first.set(key, { diagnostic, others: 0 });
    else if (known.diagnostic.message === message) known.others++;
  }
  return [...first.values()].map(({ diagnostic, others }) => {
    if (others === 0) return diagnostic;
    const note = `the same in ${others} other ${others === 1 ? 'instance' : 'instances'}`;
    return { ...diagnostic, notes: [...diagnostic.notes, note] };
  });
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
