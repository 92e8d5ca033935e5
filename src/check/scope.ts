/** Everything that is declared outside flows. */
import type {
  ConstDecl,
  Expr,
  FileNode,
  Item,
  Name,
  PortDecl,
  ProgramDecl,
  TableDecl,
} from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/program.ts';
import type { Sink } from '../diagnostics/define.ts';
import { duplicateBridge } from '../diagnostics/codes/bridge.ts';
import { checkBridge, checkPortBody } from './bridge.ts';
import { checkConstants } from './constant-values.ts';
import { symbolKind } from './constants.ts';
import type { EvalContext } from './constants.ts';
import { UnresolvedPorts } from './interface-ports.ts';
import { PortNumbering } from './port-numbers.ts';
import { evaluateInt, MAX_TABLE, tableRefusal } from './numbers.ts';
import { checkProgram, cookiesOfName } from './program.ts';
import type { Ownership } from './program.ts';
import { readProperties } from './properties.ts';
import { checkOverlap, registerBits } from './registers.ts';
import { label, report } from './report.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { NO_RESOURCES, readResources } from './resources.ts';
import { checkTest } from './tests.ts';
import type { ConstSymbol, PortSymbol, RegisterSymbol, Scope, Symbol, TableSymbol } from './types.ts';
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
}

/** Numbers that a program leaves to the switch. */
export interface Bindings {
  /** OpenFlow ports by the name of the interface. */
  readonly ports?: ReadonlyMap<string, number>;
  /** Ids of meters by the name of their declaration, where they are to differ from what the program says. */
  readonly meters?: ReadonlyMap<string, number>;
}

/** Reads the declarations of a file. Flows are not looked at; that is `lowerFlow`. */
export function checkDeclarations(
  tree: FileNode,
  file: number,
  options: DeclarationOptions,
  sink: Sink,
): Scope {
  const builder = new ScopeBuilder(file, options, sink);
  builder.read(tree.items);
  return builder.scope;
}

type Mutable<X> = { -readonly [P in keyof X]: X[P] };

class ScopeBuilder {
  private readonly file: number;
  private readonly symbols = new Map<string, Symbol>();
  private readonly portNumbers = new Map<number, PortSymbol>();
  private readonly tableNumbers = new Map<number, TableSymbol>();
  private readonly consts: ConstSymbol[] = [];
  private readonly ports: PortSymbol[] = [];
  private readonly registers: RegisterSymbol[] = [];
  private readonly tables: TableSymbol[] = [];
  private topFlows = false;
  private ownership: Ownership | null = null;
  private readonly bindings: Bindings;
  private readonly wanted: OpenFlowVersion | null;
  private readonly portNumbering: PortNumbering;
  readonly scope: Mutable<Scope>;
  /** Where reports go and what names mean. */
  private readonly ctx: EvalContext & { readonly scope: Scope };

  constructor(file: number, options: DeclarationOptions, sink: Sink) {
    const { defaultProgramName, texts = [], version = null, bindings = {} } = options;
    this.file = file;
    this.wanted = version;
    this.bindings = bindings;
    this.scope = {
      programName: defaultProgramName,
      textOf: (index) => texts[index] ?? '',
      cookies: cookiesOfName(defaultProgramName),
      foreignCookies: false,
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
    this.ctx = { sink, file, scope: this.scope };
    this.portNumbering = new PortNumbering(this.ctx, bindings.ports ?? new Map());
  }

  read(items: readonly Item[]): void {
    this.scope.version = this.wanted ?? newestOffered(items) ?? '1.5';
    this.portNumbering.decls = items.flatMap((item) =>
      item.kind === 'port' ? [item] : item.kind === 'bridge' ? item.ports : [],
    );
    // Constants first, since the other declarations may use them wherever they stand.
    for (const item of items) if (item.kind === 'const') this.constant(item);
    let program: ProgramDecl | null = null;
    for (const item of items) {
      switch (item.kind) {
        case 'port':
          this.port(item);
          break;
        case 'bridge':
          item.ports.forEach((port) => {
            this.port(port);
          });
          break;
        case 'register':
          this.register(item);
          break;
        case 'table':
          this.table(item);
          break;
        case 'flow':
          this.topFlows = true;
          break;
        case 'program':
          if (program === null) this.program(item);
          else {
            const first = label({ file: this.file, span: program.keyword }, 'first declared here');
            report(this.ctx, codes.duplicateProgram, {}, item.keyword, { related: [first] });
          }
          program ??= item;
          break;
        default:
      }
    }
    // What constants stand for may be declared behind them.
    checkConstants(this.ctx, this.consts);
    const resources = readResources(this.ctx, items, this.ownership, this.bindings.meters);
    Object.assign(this.scope, resources);
    this.bridges(items);
  }

  /** These may name ports, wherever they are declared. */
  private bridges(items: readonly Item[]): void {
    let bridge: Name | null = null;
    for (const item of items) {
      if (item.kind === 'test') checkTest(this.ctx, item);
      else if (item.kind === 'port') checkPortBody(this.ctx, item);
      else if (item.kind === 'bridge') {
        if (bridge !== null) {
          const first = label({ file: this.file, span: bridge.span }, 'first declared here');
          report(this.ctx, duplicateBridge, {}, item.name.span, { related: [first] });
        }
        bridge ??= item.name;
        checkBridge(this.ctx, item);
      }
    }
  }

  /** Enters a name, or reports that it is taken. An empty one is where the parser found none. */
  private declare(name: Name, symbol: Symbol): void {
    if (name.text === '') return;
    const meaning = reservedMeaning(name.text, symbol.kind);
    if (meaning !== undefined) {
      // It is entered all the same: that its uses find nothing would be no news.
      report(this.ctx, codes.reservedName, { name: name.text, what: meaning }, name.span);
    }
    const earlier = this.symbols.get(name.text);
    if (earlier !== undefined) {
      const related = [label({ file: earlier.file, span: earlier.span }, 'first declared here')];
      report(this.ctx, codes.duplicateName, { name: name.text, what: symbolKind(earlier) }, name.span, {
        related,
      });
      return;
    }
    this.symbols.set(name.text, symbol);
  }

  private constant(decl: ConstDecl): void {
    const { name, value } = decl;
    const symbol: ConstSymbol = { kind: 'const', name: name.text, value, file: this.file, span: name.span };
    this.consts.push(symbol);
    this.declare(name, symbol);
  }

  private port(decl: PortDecl): void {
    const { name, value } = decl;
    const interfaceName = value.kind === 'string' ? value.value : null;
    const { number, known } = this.portNumbering.numberOf(decl, this.ports);
    const symbol: PortSymbol = {
      kind: 'port',
      name: name.text,
      number,
      interfaceName,
      decl,
      file: this.file,
      span: name.span,
    };
    if (number !== null) {
      const earlier = this.portNumbers.get(number);
      if (earlier === undefined) this.portNumbers.set(number, symbol);
      else this.numberTwice('port', number, earlier, value);
      if (!known) this.scope.unresolvedPorts.byNumber.set(number, symbol);
    }
    this.ports.push(symbol);
    this.declare(name, symbol);
  }

  private numberTwice(what: string, number: number, earlier: PortSymbol | TableSymbol, at: Expr): void {
    report(this.ctx, codes.duplicateNumber, { what, number, other: earlier.name }, at.span, {
      related: [label(earlier, 'first declared here')],
    });
  }

  private register(decl: Extract<Item, { kind: 'register' }>): void {
    const subfield = registerBits(this.ctx, decl);
    const { name } = decl;
    const symbol: RegisterSymbol = {
      kind: 'register',
      name: name.text,
      subfield,
      decl,
      file: this.file,
      span: name.span,
    };
    checkOverlap(this.ctx, symbol, this.registers);
    this.registers.push(symbol);
    this.declare(name, symbol);
  }

  private table(decl: TableDecl): void {
    const { name, value } = decl;
    let number: number | null = null;
    if (value === null) {
      const what = 'a table that the compiler numbers';
      report(this.ctx, codes.laterDeclaration, { what }, name.span, {
        help: `give it a number: \`table ${name.text} = ${this.freeTable()}\``,
      });
    } else {
      const max = BigInt(MAX_TABLE);
      const limits = { what: 'the number of a table', min: 0n, max, switchError: tableRefusal };
      const found = evaluateInt(this.ctx, value, limits);
      number = found === null ? null : Number(found);
    }
    const earlier = number === null ? undefined : this.tableNumbers.get(number);
    if (earlier !== undefined && number !== null && value !== null) {
      this.numberTwice('table', number, earlier, value);
      // Its flows would only repeat those of the other one.
      number = null;
    }
    const symbol: Mutable<TableSymbol> = {
      kind: 'table',
      name: name.text,
      number,
      decl,
      file: this.file,
      span: name.span,
    };
    if (number !== null) this.tableNumbers.set(number, symbol);
    // Under a name that is taken its flows would only repeat those of the other one.
    if (this.symbols.has(name.text)) symbol.number = null;
    this.tables.push(symbol);
    this.declare(name, symbol);
    readProperties(this.ctx, decl.attributes, 'a table', ['miss', 'allow'], ['miss']);
  }

  private freeTable(): number {
    let number = 0;
    while (this.tableNumbers.has(number)) number++;
    return number;
  }

  private program(decl: ProgramDecl): void {
    if (decl.name.text !== '') this.scope.programName = decl.name.text;
    this.ownership = checkProgram(this.ctx, decl);
    this.scope.cookies = this.ownership.cookies;
    this.scope.foreignCookies = this.ownership.foreignCookies;
  }
}
