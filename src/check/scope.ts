/** Everything that is declared outside flows. */
import type {
  ConstDecl,
  Expr,
  Name,
  PortDecl,
  ProgramDecl,
  RegisterDecl,
  TableDecl,
} from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/program.ts';
import type { Sink } from '../diagnostics/define.ts';
import { duplicateBridge } from '../diagnostics/codes/bridge.ts';
import type { ExpandedItem, Origin } from '../expand/types.ts';
import { NO_ALLOCATION } from '../ir/types.ts';
import type { Lock } from '../ir/types.ts';
import { allocateRegisters, allocateTables, flowsOf } from './allocation.ts';
import type { PlacedFlow } from './allocation.ts';
import { NeededAllowances } from './allow.ts';
import { checkBridge, checkPortBody } from './bridge.ts';
import { checkConstants } from './constant-values.ts';
import { symbolKind } from './constants.ts';
import type { EvalContext } from './constants.ts';
import { UnresolvedPorts } from './interface-ports.ts';
import { PortNumbering } from './port-numbers.ts';
import { evaluateInt, MAX_TABLE, tableRefusal } from './numbers.ts';
import { checkProgram, cookiesOfName, DEFAULT_EXPANSION } from './program.ts';
import type { Ownership } from './program.ts';
import { readProperties } from './properties.ts';
import { checkOverlap, registerWidth, reportCircles, resolveStated } from './registers.ts';
import type { Unplaced } from './registers.ts';
import { label, report, within } from './report.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { NO_RESOURCES, readResources } from './resources.ts';
import { checkTest } from './tests.ts';
import type {
  ConstSymbol,
  Located,
  PortSymbol,
  RegisterSymbol,
  Scope,
  Symbol,
  TableSymbol,
} from './types.ts';
import { newestOffered } from './versions.ts';
import { reservedMeaning } from '../openflow/well-known.ts';

export interface DeclarationOptions {
  /** Name of the program where the file declares none. */
  readonly defaultProgramName: string;
  /** The sources by number of the file, for fixes that fit their layout. */
  readonly texts?: readonly string[];
  /** The version of OpenFlow that is asked for outside the program; null where it is left to the program. */
  readonly version?: OpenFlowVersion | null;
  /** Numbers that are known of a switch. */
  readonly bindings?: Bindings;
  /** What is to be kept of each program. */
  readonly lock?: Lock | null;
  /** All flows, where those in the items are not all; asked for only when something is left to the compiler. */
  readonly flows?: () => Iterable<PlacedFlow>;
}

/** Numbers that a program leaves to the switch. */
export interface Bindings {
  /** OpenFlow ports by the name of the interface. */
  readonly ports?: ReadonlyMap<string, number>;
  /** Ids of meters by the name of their declaration, where they are to differ from what the program says. */
  readonly meters?: ReadonlyMap<string, number>;
}

/** Reads the declarations of a program. Flows are not looked at; that is `lowerFlow`. */
export function checkDeclarations(
  items: readonly ExpandedItem[],
  options: DeclarationOptions,
  sink: Sink,
): Scope {
  const builder = new ScopeBuilder(options, sink);
  builder.read(items);
  return builder.scope;
}

type Mutable<X> = { -readonly [P in keyof X]: X[P] };

/** Where reports go and what names mean. */
type Context = EvalContext & { readonly scope: Scope };

class ScopeBuilder {
  private readonly symbols = new Map<string, Symbol>();
  private readonly portNumbers = new Map<number, PortSymbol>();
  private readonly tableNumbers = new Map<number, TableSymbol>();
  private readonly consts: ConstSymbol[] = [];
  private readonly ports: PortSymbol[] = [];
  private readonly registers: Unplaced[] = [];
  private readonly widths = new Map<RegisterSymbol, number>();
  private readonly tables: Mutable<TableSymbol>[] = [];
  private topFlows = false;
  private ownership: Ownership | null = null;
  private readonly bindings: Bindings;
  private readonly wanted: OpenFlowVersion | null;
  private readonly portNumbering: PortNumbering;
  private readonly lock: Lock;
  private readonly flows: (() => Iterable<PlacedFlow>) | null;
  readonly scope: Mutable<Scope>;
  /** Of the program as a whole. */
  private readonly program: Context;

  constructor(options: DeclarationOptions, sink: Sink) {
    const { defaultProgramName, texts = [], version = null, bindings = {}, lock, flows = null } = options;
    this.lock = lock ?? new Map();
    this.flows = flows;
    this.wanted = version;
    this.bindings = bindings;
    this.scope = {
      programName: defaultProgramName,
      textOf: (index) => texts[index] ?? '',
      needed: new NeededAllowances(),
      cookies: cookiesOfName(defaultProgramName),
      foreignCookies: false,
      kept: NO_ALLOCATION,
      maxExpansion: DEFAULT_EXPANSION,
      lookup: (name) => this.symbols.get(name),
      table: (name) => {
        const symbol = this.symbols.get(name);
        return symbol?.kind === 'table' ? symbol : undefined;
      },
      hasTable: (number) => (number === 0 && this.topFlows) || this.tableNumbers.has(number),
      portByNumber: (number) => this.portNumbers.get(number),
      tables: this.tables,
      ports: this.ports,
      registers: this.registers,
      consts: this.consts,
      version: version ?? '1.5',
      unresolvedPorts: new UnresolvedPorts(),
      ...NO_RESOURCES,
    };
    this.program = { sink, file: 0, scope: this.scope };
    this.portNumbering = new PortNumbering(this.program, bindings.ports ?? new Map());
  }

  read(items: readonly ExpandedItem[]): void {
    const decls = items.map((item) => item.decl);
    this.scope.version = this.wanted ?? newestOffered(decls) ?? '1.5';
    this.portNumbering.decls = decls.flatMap((decl) =>
      decl.kind === 'port' ? [decl] : decl.kind === 'bridge' ? decl.ports : [],
    );
    // Constants first, since the other declarations may use them wherever they stand.
    for (const { decl, origin } of items) if (decl.kind === 'const') this.constant(decl, origin);
    let program: (Located & { readonly decl: ProgramDecl }) | null = null;
    for (const { decl, origin } of items) {
      switch (decl.kind) {
        case 'port':
          this.port(decl, origin);
          break;
        case 'bridge':
          decl.ports.forEach((port) => {
            this.port(port, origin);
          });
          break;
        case 'register':
          this.register(decl, origin);
          break;
        case 'table':
          this.table(decl, origin);
          break;
        case 'flow':
          this.topFlows = true;
          break;
        case 'program': {
          const ctx = within(this.program, origin);
          if (program === null) this.identity(ctx, decl);
          else {
            const first = label(program, 'first declared here');
            report(ctx, codes.duplicateProgram, {}, decl.keyword, { related: [first] });
          }
          program ??= { decl, file: origin.file, span: decl.keyword };
          break;
        }
        default:
      }
    }
    this.scope.kept = this.lock.get(this.scope.programName) ?? NO_ALLOCATION;
    const flows = this.flows ?? ((): Iterable<PlacedFlow> => flowsOf(items));
    this.placeRegisters(items, flows);
    // What constants stand for may be declared behind them.
    checkConstants(this.program, this.consts);
    const resources = readResources(this.program, items, this.ownership, this.bindings.meters);
    Object.assign(this.scope, resources);
    this.numberTables(flows);
    this.bridges(items);
  }

  /** The stated ones, then those that are left to us, then those that are some bits of these. */
  private placeRegisters(items: readonly ExpandedItem[], flows: () => Iterable<PlacedFlow>): void {
    const contextOf = ({ origin }: RegisterSymbol): Context => within(this.program, origin);
    for (const register of this.registers) {
      const width = registerWidth(contextOf(register), register.decl);
      if (width !== null) this.widths.set(register, width);
    }
    const stated = this.registers.filter(({ decl }) => decl.width === null);
    const waiting = resolveStated(stated, contextOf);
    if (this.widths.size > 0) {
      allocateRegisters(this.program, this.registers, this.widths, items, flows());
    }
    reportCircles(resolveStated(waiting, contextOf), contextOf);
    this.registers.forEach((register, i) => {
      if (register.decl.width !== null) return;
      const others = this.registers.filter((r, at) => at < i || r.decl.width !== null);
      checkOverlap(contextOf(register), register, others);
    });
  }

  private numberTables(flows: () => Iterable<PlacedFlow>): void {
    if (this.tables.every(({ decl }) => decl.value !== null)) return;
    allocateTables(this.program, this.tables, flows(), this.topFlows);
    for (const table of this.tables) {
      if (table.number !== null) this.tableNumbers.set(table.number, table);
    }
  }

  /** These may name ports, wherever they are declared. */
  private bridges(items: readonly ExpandedItem[]): void {
    let bridge: Located | null = null;
    for (const { decl, origin } of items) {
      if (decl.kind === 'test') checkTest(within(this.program, origin), decl);
      else if (decl.kind === 'port') checkPortBody(within(this.program, origin), decl);
      else if (decl.kind === 'bridge') {
        const ctx = within(this.program, origin);
        if (bridge !== null) {
          const first = label(bridge, 'first declared here');
          report(ctx, duplicateBridge, {}, decl.name.span, { related: [first] });
        }
        bridge ??= { file: origin.file, span: decl.name.span };
        checkBridge(ctx, decl);
      }
    }
  }

  /** Enters a name, or reports that it is taken. An empty one is where the parser found none. */
  private declare(ctx: Context, name: Name, symbol: Symbol): void {
    if (name.text === '') return;
    const meaning = reservedMeaning(name.text, symbol.kind);
    if (meaning !== undefined) {
      // It is entered all the same: that its uses find nothing would be no news.
      report(ctx, codes.reservedName, { name: name.text, what: meaning }, name.span);
    }
    const earlier = this.symbols.get(name.text);
    if (earlier !== undefined) {
      const related = [label(earlier, 'first declared here')];
      const params = { name: name.shown ?? name.text, what: symbolKind(earlier) };
      report(ctx, codes.duplicateName, params, name.span, { related });
      return;
    }
    this.symbols.set(name.text, symbol);
  }

  private constant(decl: ConstDecl, origin: Origin): void {
    const { name, value } = decl;
    const symbol: ConstSymbol = { kind: 'const', value, ...declared(name, origin) };
    this.consts.push(symbol);
    this.declare(within(this.program, origin), name, symbol);
  }

  private port(decl: PortDecl, origin: Origin): void {
    const { name, value } = decl;
    const ctx = within(this.program, origin);
    const interfaceName = value.kind === 'string' ? value.value : null;
    const { number, known } = this.portNumbering.numberOf(decl, origin, this.ports);
    const symbol: PortSymbol = { kind: 'port', ...declared(name, origin), number, interfaceName, decl };
    if (number !== null) {
      const earlier = this.portNumbers.get(number);
      if (earlier === undefined) this.portNumbers.set(number, symbol);
      else numberTwice(ctx, 'port', number, earlier, value);
      if (!known) this.scope.unresolvedPorts.byNumber.set(number, symbol);
    }
    this.ports.push(symbol);
    this.declare(ctx, name, symbol);
  }

  private register(decl: RegisterDecl, origin: Origin): void {
    const ctx = within(this.program, origin);
    const { name } = decl;
    const symbol: Unplaced = { kind: 'register', ...declared(name, origin), subfield: null, decl };
    this.registers.push(symbol);
    this.declare(ctx, name, symbol);
  }

  private table(decl: TableDecl, origin: Origin): void {
    const ctx = within(this.program, origin);
    const { name, value } = decl;
    let number: number | null = null;
    if (value !== null) {
      const max = BigInt(MAX_TABLE);
      const limits = { what: 'the number of a table', min: 0n, max, switchError: tableRefusal };
      const found = evaluateInt(ctx, value, limits);
      number = found === null ? null : Number(found);
    }
    const earlier = number === null ? undefined : this.tableNumbers.get(number);
    if (earlier !== undefined && number !== null && value !== null) {
      numberTwice(ctx, 'table', number, earlier, value);
      // Its flows would only repeat those of the other one.
      number = null;
    }
    const symbol: Mutable<TableSymbol> = { kind: 'table', ...declared(name, origin), number, decl };
    if (number !== null) this.tableNumbers.set(number, symbol);
    // Under a name that is taken its flows would only repeat those of the other one.
    if (this.symbols.has(name.text)) symbol.number = null;
    this.tables.push(symbol);
    this.declare(ctx, name, symbol);
    readProperties(ctx, decl.attributes, 'a table', ['miss', 'allow'], ['miss']);
  }

  private identity(ctx: Context, decl: ProgramDecl): void {
    if (decl.name.text !== '') this.scope.programName = decl.name.text;
    this.ownership = checkProgram(ctx, decl);
    this.scope.cookies = this.ownership.cookies;
    this.scope.foreignCookies = this.ownership.foreignCookies;
    this.scope.maxExpansion = this.ownership.maxExpansion;
  }
}

function declared(name: Name, origin: Origin): Pick<Symbol, 'name' | 'origin' | 'file' | 'span'> {
  return { name: name.text, origin, file: origin.file, span: name.span };
}

function numberTwice(
  ctx: Context,
  what: string,
  number: number,
  earlier: PortSymbol | TableSymbol,
  at: Expr,
): void {
  report(ctx, codes.duplicateNumber, { what, number, other: earlier.name }, at.span, {
    related: [label(earlier, 'first declared here')],
  });
}
