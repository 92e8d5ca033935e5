/** The walk through a program: imports are read, templates used, loops unrolled; what is left are entries. */
import type {
  ExtendDecl,
  ForItem,
  IfItem,
  Item,
  Name,
  TableDecl,
  TableMaker,
  UseItem,
} from '../../grammar/ast.ts';
import {
  misplacedDeclaration,
  outOfFuel,
  repeatedElement,
  repeatedUse,
} from '../diagnostics/codes/expand-templates.ts';
import { checkConstants, checkTemplates, declareAll, declares } from './declare.ts';
import type { Entry, FlowEntry, TableEntry } from './entries.ts';
import { labelAt, pathOf, Scope } from './env.ts';
import type { Env, TemplateSym } from './env.ts';
import { evaluateCondition } from './evaluate.ts';
import { extended, reportAttributes } from './extend.ts';
import { makesOnlyFlows } from './only-flows.ts';
import { emitFlow } from './emit.ts';
import { Rows } from './load.ts';
import { bind, identityOfRound, open, roundEnv } from './loop.ts';
import type { Opened } from './loop.ts';
import { consumerOf } from './rewrite-blocks.ts';
import { show } from './show.ts';
import type { ExpandedFlow, ExpandedRows } from './types.ts';
import { instantiate, nested, templateOf } from './use.ts';
import type { Place, Value } from './values.ts';

/** Where flows go: among the declarations, or into a table. */
interface Into {
  readonly flow: (flow: FlowEntry) => void;
  /** The table, which tells apart what a template declares that is used in several. */
  readonly table: TableEntry | null;
  /** The body of the table itself. */
  readonly direct: boolean;
}

/** Is the file part of the standard library? */
const isShipped = (env: Env): boolean => env.module.name.startsWith('std/');

/** Looks at the names of the templates that a template uses which nobody uses itself. */
function checkUses(items: readonly Item[], env: Env): void {
  // Its own templates are known only where it is used.
  if (items.some((item) => item.kind === 'template')) return;
  for (const item of items) {
    if (item.kind === 'use') templateOf(item, env);
    else if (item.kind === 'for') checkUses(item.items, env);
    else if (item.kind === 'if') {
      checkUses(item.then, env);
      checkUses(item.else, env);
    } else if (item.kind === 'table' || item.kind === 'extend') checkUses(item.nested, env);
  }
}

const NO_NAMES: ReadonlyMap<Item, Name> = new Map();

export class Walk {
  readonly entries: Entry[] = [];
  /** Loops over so many rows of data are left to who asks for them. */
  private readonly rowsFrom: number;
  private readonly extensions: { readonly decl: ExtendDecl; readonly env: Env }[] = [];
  private readonly uses = new Map<string, Place>();
  /** Templates of the program, and those that have been used. */
  private readonly templates: TemplateSym[] = [];
  private readonly used = new Set<TemplateSym['decl']>();
  private readonly top: Into = {
    flow: (flow) => {
      this.entries.push(flow);
    },
    table: null,
    direct: false,
  };

  constructor(rowsFrom: number) {
    this.rowsFrom = rowsFrom;
  }

  /** The declarations of a file; `imports` brings names of others in when its own are known. */
  file(items: readonly Item[], env: Env, imports: () => void): void {
    const names = declareAll(items, env);
    imports();
    checkTemplates(items, env);
    checkConstants(items, env);
    // What comes with the compiler is used in parts.
    for (const symbol of isShipped(env) ? [] : env.module.scope.value.values())
      if (symbol.kind === 'template' && symbol.env === env) this.templates.push(symbol);
    this.items(items, env, this.top, names, true);
  }

  /** Adds the flows of `extend table`, when all tables are known. */
  finish(): void {
    for (let next = this.extensions.shift(); next !== undefined; next = this.extensions.shift()) {
      const { decl, env } = next;
      reportAttributes(decl, env);
      const entry = extended(decl, env);
      if (entry !== null) this.tableBody(decl, env, entry);
    }
    for (const { decl, env } of this.templates) if (!this.used.has(decl)) checkUses(decl.items, env);
  }

  private items(
    items: readonly Item[],
    env: Env,
    into: Into,
    names: ReadonlyMap<Item, Name>,
    whole = false,
  ): void {
    for (const item of items) {
      if (env.fuel.empty) return;
      switch (item.kind) {
        case 'flow':
          if (!env.fuel.take()) return;
          into.flow({ kind: 'flow', decl: item, env });
          break;
        case 'use':
          this.use(item, env, into);
          break;
        case 'for':
          this.loop(item, env, into);
          break;
        case 'if':
          this.choice(item, env, into);
          break;
        case 'table':
          this.table(item, env, names.get(item));
          break;
        case 'extend':
          this.extensions.push({ decl: item, env });
          break;
        case 'import':
        case 'template':
          if (item.kind === 'import' && !whole) this.misplaced('import', item, env);
          break;
        case 'program':
          if (!whole) this.misplaced('program', item, env);
          else if (env.module.name !== '')
            env.report(
              misplacedDeclaration,
              { construct: 'program', where: 'a file that is imported' },
              item.keyword,
            );
          else this.entries.push({ kind: 'other', decl: item, env, name: item.name });
          break;
        case 'test':
          // What an imported file says of itself is tested where that is compiled.
          if (env.module.name === '') this.entries.push({ kind: 'other', decl: item, env, name: null });
          break;
        default: {
          if (!env.fuel.take()) return;
          const name =
            'name' in item ? (names.get(item) ?? (item.kind === 'bridge' ? item.name : undefined)) : null;
          if (name === undefined) break;
          this.entries.push({ kind: 'other', decl: item, env, name });
        }
      }
    }
  }

  private misplaced(construct: string, { keyword }: Item, env: Env): void {
    env.report(misplacedDeclaration, { construct, where: 'a template, a loop or a condition' }, keyword);
  }

  private table(decl: TableDecl, env: Env, name: Name | undefined): void {
    if (name === undefined || !env.fuel.take()) return;
    const entry: TableEntry = { kind: 'table', decl, env, name, flows: [] };
    this.entries.push(entry);
    const symbol = env.symbol(name.shown ?? name.text);
    if (symbol?.kind === 'table' && symbol.entry === null && symbol.unique === name.text)
      symbol.entry = entry;
    this.tableBody(decl, env, entry);
  }

  private tableBody({ flows, nested: makers }: TableDecl | ExtendDecl, env: Env, table: TableEntry): void {
    const into: Into = {
      flow: (flow) => {
        table.flows.push(flow);
      },
      table,
      direct: true,
    };
    if (makers.length === 0) {
      this.items(flows, env, into, NO_NAMES);
      return;
    }
    const body: (TableMaker | (typeof flows)[number])[] = [...flows, ...makers];
    this.items(
      body.sort((a, b) => a.span.start - b.span.start),
      env,
      into,
      NO_NAMES,
    );
  }

  private use(use: UseItem, env: Env, into: Into): void {
    const template = templateOf(use, env);
    if (template === null || !env.fuel.take()) return;
    this.used.add(template.decl);
    const { items } = template.decl;
    const scoped = declares(items);
    const within = into.table === null ? '' : `${into.table.name.text}/`;
    const inner = instantiate(use, template, env, (instance) =>
      scoped ? new Scope(`${template.env.module.scope.prefix}${within}${instance}.`) : null,
    );
    if (inner === null) return;
    // Instances of templates that use themselves have ever longer names.
    if (!env.fuel.take(inner.origin.instance.length >> 6)) return;
    if (this.again(use, template, within, env, inner)) return;
    const consumer = {
      what: `the use of \`${pathOf(use.template)}\``,
      rounds: 1,
      blame: (what: string): void => {
        env.report(outOfFuel, { what, steps: env.fuel.limit }, use.span);
      },
    };
    env.fuel.during(consumer, () => {
      this.body(items, inner, { ...into, direct: false }, scoped);
    });
  }

  /** True (and reported) where the same has been used in the same place with the same arguments. */
  private again(use: UseItem, template: TemplateSym, within: string, env: Env, inner: Env): boolean {
    const key = `${inner.file} ${template.place.span.start} ${within}${inner.origin.instance}`;
    const earlier = this.uses.get(key);
    if (earlier === undefined) {
      this.uses.set(key, { file: env.file, span: use.span });
      return false;
    }
    env.report(repeatedUse, { name: pathOf(use.template) }, use.span, {
      related: [labelAt(earlier, 'the first time')],
    });
    return true;
  }

  /** The body of a template or a round. */
  private body(items: readonly Item[], env: Env, into: Into, scoped: boolean): void {
    const names = scoped ? declareAll(items, env) : NO_NAMES;
    if (scoped) {
      checkTemplates(items, env);
      checkConstants(items, env);
    }
    this.items(items, env, into, names);
  }

  private choice(item: IfItem, env: Env, into: Into): void {
    const holds = evaluateCondition(item.condition, env);
    if (holds !== null) this.body(holds ? item.then : item.else, env, { ...into, direct: false }, true);
  }

  private loop(item: ForItem, env: Env, into: Into): void {
    const opened = open(item, env);
    if (opened === null) return;
    if (into.direct && this.rows(item, opened, env, into)) return;
    const consumer = consumerOf(opened, env);
    const met = new Map<string, Value>();
    env.fuel.during(consumer, () => {
      const { elements } = opened;
      for (let i = 0; BigInt(i) < elements.length; i++) {
        consumer.rounds++;
        if (!env.fuel.take()) return;
        if (!this.round(item, opened, elements.at(i), i, env, into, met)) return;
      }
    });
  }

  /** False where the other rounds would only repeat what is wrong. */
  private round(
    { items }: ForItem,
    opened: Opened,
    element: Value,
    index: number,
    env: Env,
    into: Into,
    met: Map<string, Value>,
  ): boolean {
    const bindings = bind(opened, element, index, env);
    if (bindings === null) return false;
    const instance = identityOfRound(opened, element);
    const earlier = met.get(instance);
    if (earlier !== undefined) {
      env.reportAt(
        repeatedElement,
        { element: element.kind === 'record' ? 'this record' : show(element) },
        element.place,
        {
          related: [
            labelAt(earlier.place, 'the first time'),
            labelAt({ file: env.file, span: opened.loop.in.span }, 'the loop runs through it here'),
          ],
        },
      );
      return true;
    }
    met.set(instance, element);
    const scoped = declares(items);
    const within = into.table === null ? '' : `${into.table.name.text}/`;
    const prefix = `${env.module.scope.prefix}${within}${nested(env.origin.instance, instance)}.`;
    const inner = roundEnv(opened, element, instance, bindings, env, scoped ? new Scope(prefix) : null);
    this.body(items, inner, { ...into, direct: false }, scoped);
    return true;
  }

  /** True where the rows of a loop are left to who asks for them. */
  private rows(item: ForItem, opened: Opened, env: Env, into: Into): boolean {
    const { source } = opened.elements;
    if (!(source instanceof Rows) || source.length < this.rowsFrom || into.table === null) return false;
    // An index makes every row another one.
    if (item.binding.index !== null || !makesOnlyFlows(item.items, env)) return false;
    const { sink } = env.module.program;
    const one = (row: number, cells: readonly string[]): ExpandedFlow[] => {
      const flows: FlowEntry[] = [];
      const walk = new Walk(Infinity);
      const inner = { ...into, direct: false, flow: (flow: FlowEntry) => flows.push(flow) };
      env.fuel.during(consumerOf(opened, env), () =>
        walk.round(item, opened, source.row(row, cells), row, env, inner, new Map()),
      );
      return flows.map(emitFlow).filter((flow) => flow !== null);
    };
    const { table } = source;
    const rows: ExpandedRows = {
      kind: 'rows',
      table,
      count: source.length,
      expand: (row, to, cells = table.row(row)) => {
        const examined = new Set<number>();
        const { badCells } = env.module.program;
        const bad = new Set(badCells);
        const compared = new Map<number, Set<string>>();
        source.examined = examined;
        source.compared = compared;
        const flows = sink.during(to, () => one(row, cells));
        source.examined = null;
        source.compared = null;
        // Nothing is remembered of what was tried.
        for (const cell of badCells) if (!bad.has(cell)) badCells.delete(cell);
        return { flows, examined, compared };
      },
    };
    into.table.flows.push({ kind: 'rows', rows });
    return true;
  }
}
