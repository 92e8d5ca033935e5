/** From the IR to the source that says the same: the writer of an import. */
import { foreignCookie } from '../diagnostics/codes/program.ts';
import { commentText } from '../emit/flows.ts';
import type { CookieSpace, GroupMod, MeterMod, TlvMapping } from '../ir/types.ts';
import { instructionNodes } from './print/actions.ts';
import { TextBuffer } from './print/buffer.ts';
import type { PrintableFlow } from './print/flow.ts';
import { FlowPrinter } from './print/flow.ts';
import { groupNode, idRanges, meterNode, VIRTUAL_METERS } from './print/declarations.ts';
import type { Node } from './print/layout.ts';
import { render } from './print/layout.ts';
import type { PrintNames } from './print/names.ts';

export type { FlowRemarks, PrintableFlow } from './print/flow.ts';
export { FlowPrinter } from './print/flow.ts';
export type { PrintNames } from './print/names.ts';
export { NUMBERS_ONLY } from './print/names.ts';

export interface PrintablePort {
  readonly name: string;
  /** A number, or the name of an interface. */
  readonly value: number | string;
}

export interface PrintableTable {
  readonly name: string;
  readonly number: number;
  readonly flows: readonly PrintableFlow[];
  readonly comments?: readonly string[];
}

/** A declaration; without a body it is somebody else's. */
export interface External {
  readonly name: string;
  readonly id: number;
}

export type PrintableGroup = Omit<GroupMod, 'origin' | 'buckets'> & {
  readonly buckets: readonly Omit<GroupMod['buckets'][number], 'origin'>[];
  readonly comments?: readonly string[];
};

export type PrintableMeter = Omit<MeterMod, 'origin'> & { readonly comments?: readonly string[] };

export interface PrintableProgram {
  readonly name: string;
  /** Lines at the top of the file. */
  readonly comments?: readonly string[];
  /** Which flows on a switch are its own; without either it is what the name says. */
  readonly id?: number | null;
  readonly cookies?: CookieSpace | null;
  /** Flows may state others. */
  readonly foreignCookies?: boolean;
  /** A bridge for one version of OpenFlow; without it the program is for any. */
  readonly bridge?: { readonly name: string; readonly protocol: string } | null;
  readonly ports?: readonly PrintablePort[];
  readonly tables: readonly PrintableTable[];
  readonly groups?: readonly PrintableGroup[];
  readonly externalGroups?: readonly External[];
  readonly meters?: readonly PrintableMeter[];
  readonly externalMeters?: readonly External[];
  readonly tlvs?: readonly Omit<TlvMapping, 'origin'>[];
  /** Lines at the end of the file. */
  readonly trailer?: readonly string[];
}

/** The flow at that depth of blocks, with its comments; it ends with a newline. */
export function printFlow(flow: PrintableFlow, names: PrintNames, depth = 0): string {
  const buffer = new TextBuffer();
  new FlowPrinter(names, depth).write(buffer, flow, flow);
  return printComments(flow.comments, depth) + buffer.slice();
}

export function printComments(lines: readonly string[] | undefined, depth: number): string {
  const indent = '  '.repeat(depth);
  return (lines ?? []).map((line) => `${indent}// ${commentText(line)}`.trimEnd() + '\n').join('');
}

/** A whole file. */
export function printProgram(program: PrintableProgram): string {
  return printTo(program).join('');
}

/** The same in pieces, for files that are larger than a string should be. */
export function printTo(program: PrintableProgram): string[] {
  const { groups = [], meters = [], ports = [], tables } = program;
  const names: PrintNames = {
    tables: new Map(tables.map((t) => [t.number, t.name])),
    ports: new Map(ports.flatMap(({ name, value }) => (typeof value === 'number' ? [[value, name]] : []))),
    groups: new Map([...groups, ...(program.externalGroups ?? [])].map((g) => [g.id, g.name])),
    meters: new Map([...meters, ...(program.externalMeters ?? [])].map((m) => [m.id, m.name])),
  };
  return printWith(program, names);
}

/** With names that the caller gives: of ports that are known by their interface only, for one. */
export function printWith(program: PrintableProgram, names: PrintNames): string[] {
  const sections = headSections(program, names);
  for (const table of program.tables) printTable(table, names, sections);
  if ((program.trailer ?? []).length > 0) sections.push(`\n${printComments(program.trailer, 0)}`);
  return sections;
}

/** Everything above the tables. */
export function headSections(program: Omit<PrintableProgram, 'tables'>, names: PrintNames): string[] {
  const { tlvs = [], ports = [] } = program;
  const sections: string[] = [printComments(program.comments, 0) + render(programNode(program), 0)];
  const section = (text: string): void => {
    if (text !== '') sections.push(`\n${text}`);
  };
  if (program.bridge != null) {
    const { name, protocol } = program.bridge;
    section(render({ head: `bridge ${name}`, body: [`protocols = [${protocol}]`] }, 0));
  }
  section(ports.map(portLine).join(''));
  section(tlvs.length === 0 ? '' : render(tlvNode(tlvs), 0));
  section((program.externalMeters ?? []).map((m) => `meter ${m.name} = ${m.id}\n`).join(''));
  section((program.externalGroups ?? []).map((g) => `group ${g.name} = ${g.id}\n`).join(''));
  for (const meter of program.meters ?? [])
    section(printComments(meter.comments, 0) + render(meterNode(meter), 0));
  for (const group of program.groups ?? [])
    section(printComments(group.comments, 0) + render(groupNode(group, names), 0));
  return sections;
}

/** The ids that the program's groups and meters have are its own. */
function programNode(program: Omit<PrintableProgram, 'tables'>): Node {
  const { name, id, cookies, foreignCookies, groups = [], meters = [] } = program;
  const body: string[] = [];
  if (id != null) body.push(`id = 0x${id.toString(16).padStart(5, '0')}`);
  if (cookies != null) body.push(`cookies = 0x${cookies.value.toString(16)}/0x${cookies.mask.toString(16)}`);
  if (groups.length > 0) body.push(`groups = ${idRanges(groups.map((g) => g.id))}`);
  const own = meters.map((m) => m.id).filter((id) => VIRTUAL_METERS[id] === undefined);
  if (own.length > 0) body.push(`meters = ${idRanges(own)}`);
  if (foreignCookies === true) body.push(`allow = ${foreignCookie.code}`);
  return { head: `program ${name}`, body };
}

function portLine({ name, value }: PrintablePort): string {
  return `port ${name} = ${typeof value === 'number' ? String(value) : stringText(value)}\n`;
}

/** A string literal: control characters and their like are escaped. */
export function stringText(text: string): string {
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);
  return `"${escaped}"`;
}

function tlvNode(tlvs: readonly Omit<TlvMapping, 'origin'>[]): Node {
  const body = tlvs.map(
    ({ class: c, type, length, index }) =>
      `tun_metadata${index} = {class: 0x${c.toString(16)}, type: 0x${type.toString(16)}, len: ${length}}`,
  );
  return { head: 'tunnel_metadata', body };
}

function printTable(table: PrintableTable, names: PrintNames, out: string[]): void {
  out.push(`\n${printComments(table.comments, 0)}table ${table.name} = ${table.number} {`);
  if (table.flows.length === 0) {
    out.push('}\n');
    return;
  }
  out.push('\n');
  const miss = table.flows.find(isMiss);
  if (miss !== undefined) {
    out.push(printMiss(miss, names));
    if (table.flows.length > 1) out.push('\n');
  }
  for (const flow of table.flows) if (flow !== miss) out.push(printFlow(flow, names, 1));
  out.push('}\n');
}

/** Is it what `miss` says: every packet, priority 0, and nothing special about it? */
export function isMiss(flow: PrintableFlow): boolean {
  return (
    flow.priority === 0 &&
    flow.match.length === 0 &&
    flow.cookie === null &&
    flow.name == null &&
    flow.idleTimeout === 0 &&
    flow.hardTimeout === 0 &&
    flow.importance === 0 &&
    flow.flags === 0 &&
    (flow.allow ?? []).length === 0
  );
}

/** Actions that may stand behind `miss =`; others need a block. */
const ONE_ACTION = /^(?:drop|exit|controller(?:\([^"]*\))?|resubmit\(.*\)|(?:output|goto|group) \w+)$/;

export function printMiss(flow: PrintableFlow, names: PrintNames): string {
  const body = instructionNodes(flow.instructions, names);
  const [only, more] = body;
  const text =
    more === undefined && typeof only === 'string' && ONE_ACTION.test(only)
      ? `  miss = ${only}\n`
      : render({ head: 'miss', body }, 1);
  return printComments(flow.comments, 1) + text;
}
