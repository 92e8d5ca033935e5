/** Everything that is declared outside flows. */
import type {
  ConstDecl,
  Expr,
  FileNode,
  Item,
  Name,
  PortDecl,
  ProgramDecl,
  RegisterDecl,
  TableDecl,
} from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/program.ts';
import type { Sink } from '../diagnostics/define.ts';
import { programCookies, programIdFromName } from '../ir/identity.ts';
import type { CookieSpace, SubfieldRef } from '../ir/types.ts';
import { field, fieldByName, FIELDS } from '../openflow/fields.ts';
import { valueName } from '../openflow/names.ts';
import { reservedPort } from '../openflow/ports.ts';
import { isProtocolName } from '../openflow/protocols.ts';
import { storage } from '../openflow/storage.ts';
import { checkBridge, checkTest } from './bridge.ts';
import { symbolKind } from './constants.ts';
import { evaluateInt, MAX_TABLE } from './numbers.ts';
import { elements, readProperties } from './properties.ts';
import { label, report } from './report.ts';
import { ANY_PACKET } from './state.ts';
import type { ConstSymbol, PortSymbol, RegisterSymbol, Scope, Symbol, TableSymbol } from './types.ts';
import { resolveField } from './values.ts';

export interface DeclarationOptions {
  /** Name of the program where the file declares none. */
  readonly defaultProgramName: string;
  /** The source, for fixes that fit its layout. */
  readonly text?: string;
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

const LAST_PORT = 0xfeffn;
const MAX_COOKIE = (1n << 64n) - 1n;

class ScopeBuilder {
  private readonly file: number;
  private readonly sink: Sink;
  private readonly symbols = new Map<string, Symbol>();
  private readonly consts: ConstSymbol[] = [];
  private readonly ports: PortSymbol[] = [];
  private readonly registers: RegisterSymbol[] = [];
  private readonly tables: TableSymbol[] = [];
  readonly scope: Scope & { programName: string; cookies: CookieSpace };
  private topFlows = false;

  constructor(file: number, options: DeclarationOptions, sink: Sink) {
    this.file = file;
    this.sink = sink;
    const { symbols, tables, ports } = this;
    const hasTop = (): boolean => this.topFlows;
    this.scope = {
      programName: options.defaultProgramName,
      text: options.text ?? '',
      cookies: programCookies(programIdFromName(options.defaultProgramName)),
      lookup: (name) => symbols.get(name),
      table: (name) => {
        const symbol = symbols.get(name);
        return symbol?.kind === 'table' ? symbol : undefined;
      },
      hasTable: (number) => (number === 0 && hasTop()) || tables.some((t) => t.number === number),
      portByNumber: (number) => ports.find((p) => p.number === number),
      tables,
      ports,
      registers: this.registers,
      consts: this.consts,
      packetTypeAware: false,
    };
  }

  /** An `EvalContext`: where reports go and what names mean. */
  private get ctx() {
    return { sink: this.sink, file: this.file, scope: this.scope };
  }

  read(items: readonly Item[]): void {
    // Constants first, since the other declarations may use them wherever they stand.
    for (const item of items) if (item.kind === 'const') this.constant(item);
    for (const symbol of this.consts) this.cycle(symbol);
    let program: ProgramDecl | null = null;
    for (const item of items) {
      if (item.kind === 'port') this.port(item);
      else if (item.kind === 'bridge') for (const port of item.ports) this.port(port);
      else if (item.kind === 'register') this.register(item);
      else if (item.kind === 'table') this.table(item);
      else if (item.kind === 'flow') this.topFlows = true;
      else if (item.kind === 'program') {
        if (program === null) this.program(item);
        else {
          const first = label({ file: this.file, span: program.keyword }, 'first declared here');
          report(this.ctx, codes.duplicateProgram, {}, item.keyword, { related: [first] });
        }
        program ??= item;
      }
    }
    for (const item of items) {
      if (item.kind === 'bridge') checkBridge(this.ctx, item);
      else if (item.kind === 'test') checkTest(this.ctx, item);
    }
  }

  /** Enters a name; false, and reported, where it is taken. An empty one is where the parser found none. */
  private declare(name: Name, symbol: Symbol): void {
    if (name.text === '') return;
    const taken = reserved(name.text, symbol.kind);
    if (taken !== undefined) {
      report(this.ctx, codes.reservedName, { name: name.text, what: taken }, name.span);
    }
    const earlier = this.symbols.get(name.text);
    if (earlier !== undefined) {
      const related = [label(nameOf(earlier), 'first declared here')];
      report(this.ctx, codes.duplicateName, { name: name.text, what: symbolKind(earlier) }, name.span, {
        related,
      });
      return;
    }
    this.symbols.set(name.text, symbol);
  }

  private constant(decl: ConstDecl): void {
    const symbol: ConstSymbol = {
      kind: 'const',
      name: decl.name.text,
      value: decl.value,
      file: this.file,
      span: decl.name.span,
    };
    this.consts.push(symbol);
    this.declare(decl.name, symbol);
    if (
      decl.value.kind === 'list' ||
      decl.value.kind === 'set' ||
      decl.value.kind === 'record' ||
      decl.value.kind === 'range' ||
      decl.value.kind === 'call'
    ) {
      const what =
        decl.value.kind === 'call' ? 'a computed constant' : `a constant that is a ${decl.value.kind}`;
      report(this.ctx, codes.laterDeclaration, { what, instead: '' }, decl.value.span, {
        help: 'write a constant for each value',
      });
    }
  }

  private cycle(start: ConstSymbol): void {
    let current: Symbol | undefined = start;
    for (let hops = 0; hops <= this.consts.length; hops++) {
      if (current?.kind !== 'const') return;
      const { value }: { value: Expr } = current;
      if (value.kind !== 'name' || value.path.length !== 1 || value.subfield !== null) return;
      const next: string = value.path[0]?.text ?? '';
      if (next === start.name) {
        report(this.ctx, codes.constantCycle, { name: start.name }, start.span);
        return;
      }
      current = this.symbols.get(next);
    }
  }

  private port(decl: PortDecl): void {
    const { value } = decl;
    let number: number | null = null;
    let interfaceName: string | null = null;
    if (value.kind === 'string') {
      interfaceName = value.value;
      report(
        this.ctx,
        codes.laterDeclaration,
        { what: 'a port by interface name', instead: '' },
        value.span,
        {
          help: 'give its OpenFlow port number: `ovs-vsctl get Interface NAME ofport` tells it',
        },
      );
    } else {
      const found = evaluateInt(this.ctx, value, { what: 'a port number', min: 1n, max: LAST_PORT });
      number = found === null ? null : Number(found);
    }
    const symbol: PortSymbol = {
      kind: 'port',
      name: decl.name.text,
      number,
      interfaceName,
      decl,
      file: this.file,
      span: decl.name.span,
    };
    const earlier = number === null ? undefined : this.scope.portByNumber(number);
    if (earlier !== undefined && number !== null) {
      report(this.ctx, codes.duplicateNumber, { what: 'port', number, other: earlier.name }, value.span, {
        related: [label(earlier, 'first declared here')],
      });
    }
    this.ports.push(symbol);
    this.declare(decl.name, symbol);
  }

  private register(decl: RegisterDecl): void {
    const subfield = this.registerBits(decl);
    const symbol: RegisterSymbol = {
      kind: 'register',
      name: decl.name.text,
      subfield,
      decl,
      file: this.file,
      span: decl.name.span,
    };
    if (subfield !== null && decl.alias === null) {
      const other = this.registers.find((r) => r.subfield !== null && overlaps(r.subfield, subfield));
      if (other !== undefined) {
        report(
          this.ctx,
          codes.registerOverlap,
          { name: symbol.name, other: other.name },
          decl.value?.span ?? decl.name.span,
          {
            related: [label(other, `\`${other.name}\` is declared here`)],
            help: 'end the declaration with `alias` if that is what is meant',
          },
        );
      }
    }
    this.registers.push(symbol);
    this.declare(decl.name, symbol);
  }

  private registerBits(decl: RegisterDecl): SubfieldRef | null {
    if (decl.width !== null) {
      report(
        this.ctx,
        codes.laterDeclaration,
        { what: 'a register allocated by the compiler', instead: '' },
        decl.width.span,
        {
          help: 'say which bits: `register zone = reg0[0..15]`',
        },
      );
      return null;
    }
    const { value } = decl;
    if (value === null || value.kind === 'missing') return null;
    if (value.kind !== 'name') {
      report(this.ctx, codes.notARegister, { what: 'this' }, value.span);
      return null;
    }
    const resolved = resolveField(this.ctx, value, ANY_PACKET);
    if (resolved === null) return null;
    const { field: f, subfield } = resolved;
    if (!/^(x{0,2}reg\d+|metadata|pkt_mark)$/.test(f.name)) {
      report(this.ctx, codes.notARegister, { what: `\`${f.name}\`` }, value.span);
      return null;
    }
    return subfield ?? { field: f.name, offset: 0, bits: f.bits };
  }

  private table(decl: TableDecl): void {
    let number: number | null = null;
    if (decl.value === null) {
      report(
        this.ctx,
        codes.laterDeclaration,
        { what: 'a table without a number', instead: '' },
        decl.name.span,
        {
          help: `give it a number: \`table ${decl.name.text} = 0\``,
        },
      );
    } else {
      const found = evaluateInt(this.ctx, decl.value, {
        what: 'a table number',
        min: 0n,
        max: BigInt(MAX_TABLE),
      });
      number = found === null ? null : Number(found);
    }
    const earlier = number === null ? undefined : this.tables.find((t) => t.number === number);
    if (earlier !== undefined && number !== null) {
      report(
        this.ctx,
        codes.duplicateNumber,
        { what: 'table', number, other: earlier.name },
        decl.value?.span ?? decl.name.span,
        {
          related: [label(earlier, 'first declared here')],
        },
      );
    }
    const symbol: TableSymbol = {
      kind: 'table',
      name: decl.name.text,
      number,
      decl,
      file: this.file,
      span: decl.name.span,
    };
    this.tables.push(symbol);
    this.declare(decl.name, symbol);
    const plain = decl.attributes.filter((s) => !(s.kind === 'command' && s.name.text === 'miss'));
    readProperties(this.ctx, plain, 'a table', ['miss']);
  }

  private program(decl: ProgramDecl): void {
    if (decl.name.text !== '') {
      this.scope.programName = decl.name.text;
      this.scope.cookies = programCookies(programIdFromName(decl.name.text));
    }
    const { ctx } = this;
    const properties = readProperties(ctx, decl.body?.statements ?? [], 'a program', [
      'id',
      'cookies',
      'groups',
      'meters',
    ]);
    const id = properties.get('id');
    if (id !== undefined) {
      const found = evaluateInt(ctx, id.value, { what: 'the id of a program', min: 1n, max: 0xffffen });
      if (found !== null) this.scope.cookies = programCookies(Number(found));
    }
    const cookies = properties.get('cookies');
    if (cookies !== undefined) this.cookies(cookies.value);
    for (const name of ['groups', 'meters'] as const) {
      const value = properties.get(name)?.value;
      if (value === undefined) continue;
      for (const e of elements(value)) {
        const ends = e.kind === 'range' ? [e.from, e.to] : [e];
        const numbers = ends.map((x) =>
          evaluateInt(ctx, x, { what: `a number of ${name}`, min: 1n, max: 0xffffff00n }),
        );
        const [from, to] = numbers;
        if (from != null && to != null && from > to) {
          report(
            ctx,
            codes.badPropertyValue,
            { name, allowed: 'a range from the lower to the higher number' },
            e.span,
          );
        }
      }
    }
  }

  private cookies(value: Expr): void {
    const { ctx } = this;
    if (value.kind === 'missing') return;
    if (value.kind !== 'masked') {
      report(
        ctx,
        codes.badPropertyValue,
        { name: 'cookies', allowed: 'a value and a mask: `0x1030000000000/0xffff000000000000`' },
        value.span,
      );
      return;
    }
    const v = evaluateInt(ctx, value.value, { what: 'a cookie', min: 0n, max: MAX_COOKIE });
    const m = evaluateInt(ctx, value.mask, { what: 'a mask of cookies', min: 0n, max: MAX_COOKIE });
    if (v === null || m === null) return;
    if (m === 0n) {
      report(
        ctx,
        codes.badPropertyValue,
        { name: 'cookies', allowed: 'a space of its own: a mask of 0 is everybody’s flows' },
        value.mask.span,
      );
    } else if ((v & ~m) !== 0n) {
      report(
        ctx,
        codes.badPropertyValue,
        { name: 'cookies', allowed: 'a value whose bits are all in its mask' },
        value.span,
      );
    } else this.scope.cookies = { value: v, mask: m };
  }
}

function nameOf(symbol: Symbol) {
  return { file: symbol.file, span: symbol.span };
}

/**
 * What a name always means; undefined where it may be declared. Well-known values are in the way of what could stand
 * in their place: constants beside any field, registers beside fields that can be written.
 */
function reserved(name: string, kind: Symbol['kind']): string | undefined {
  if (kind === 'table') return undefined;
  if (fieldByName(name) !== undefined) return 'a field';
  if (isProtocolName(name)) return 'a protocol';
  if (reservedPort(name) !== undefined) return 'a reserved port';
  if (kind === 'port') return undefined;
  const owner = FIELDS.find((f) => (kind === 'const' || f.writable) && valueName(f, name) !== undefined);
  return owner === undefined ? undefined : `a well-known value of \`${owner.name}\``;
}

function overlaps(a: SubfieldRef, b: SubfieldRef): boolean {
  const x = storage(field(a.field));
  const y = storage(field(b.field));
  if (x.unit !== y.unit) return false;
  const [from, to] = [x.offset + a.offset, y.offset + b.offset];
  return from < to + b.bits && to < from + a.bits;
}
