/** From what an input contains to the parts of a program. */
import * as codes from '../diagnostics/codes/import-files.ts';
import { foreignCookie } from '../diagnostics/codes/program.ts';
import { DiagnosticBag, make } from '../diagnostics/define.ts';
import type { Definition } from '../diagnostics/define.ts';
import { programCookies, programIdFromName } from '../ir/identity.ts';
import type { CookieSpace, TlvMapping } from '../ir/types.ts';
import { commonSpace, isIn } from './cookies.ts';
import { deletes } from './deletions.ts';
import type { Item } from './items.ts';
import type { ImportNames } from './naming.ts';
import type { Piece } from './piece.ts';
import { contextOf, PieceBuilder, placeIn, spanOf } from './piece.ts';
import type { PrintableFlow, PrintableGroup, PrintableMeter } from './print.ts';
import { isMiss, printFlow, printMiss } from './print.ts';
import { matchTerms } from './print/match.ts';
import { readFlow, readGroup, readMeter, readTlvMap } from './read/index.ts';
import type { ReadContext, ReadFlow } from './read/index.ts';
import type { TextSpan } from './scan.ts';
import type { Edge } from './table-order.ts';
import { collectOptions } from './tunnel-options.ts';
import type { OptionWidths } from './tunnel-options.ts';

/** One flow of the result. */
export interface FlowEntry {
  readonly item: Item;
  readonly table: number;
  readonly priority: number;
  /** Its cookie, where the input states one other than 0. */
  readonly cookie: bigint | null;
  /** With its comments, as it stands in a table. */
  text: string;
  /** The same as `miss = …`, where it is one. */
  miss: string | null;
  /** Every packet that no other flow of the table matches. */
  readonly catchesAll: boolean;
  /** Why it is not on the switch in the end; null where it is. */
  gone: 'replaced' | 'deleted' | 'refused' | null;
  /** Codes to be allowed at it, with what they say. */
  readonly allow: Map<string, string>;
  /** It has to be a flow, so that it can have attributes. */
  plain: boolean;
}

interface Unreadable extends TextSpan {
  readonly messages: readonly string[];
}

const ALL_GROUPS = 0xfffffffc;

/** Reads items and keeps what they make of the switch. */
export class Session {
  readonly bag: DiagnosticBag;
  readonly names: ImportNames;
  readonly entries: FlowEntry[] = [];
  readonly groups = new Map<number, PrintableGroup & { readonly at: TextSpan }>();
  readonly meters = new Map<number, PrintableMeter & { readonly at: TextSpan }>();
  readonly tlvs = new Map<number, Omit<TlvMapping, 'origin'>>();
  readonly unreadable: Unreadable[] = [];
  readonly edges: Edge[] = [];
  readonly options: OptionWidths = new Map();
  /** Cookies that need no permission. */
  space: CookieSpace | null = null;
  private readonly ctx: ReadContext;
  /** The flow that a switch would have, by table, priority and match. */
  private readonly current = new Map<string, FlowEntry>();

  constructor(ctx: ReadContext, bag: DiagnosticBag, names: ImportNames) {
    this.ctx = ctx;
    this.bag = bag;
    this.names = names;
  }

  read(item: Item): void {
    const before = this.bag.all.length;
    const sound =
      item.kind === 'flow'
        ? this.flow(item)
        : item.kind === 'group'
          ? this.group(item)
          : item.kind === 'meter'
            ? this.meter(item)
            : this.tlv(item);
    if (!sound) this.lose(item, before);
  }

  /** Remembers an item that has been reported since the diagnostics were so many. */
  private lose({ piece }: Item, since: number): void {
    const messages = this.bag.all.slice(since).map((d) => d.message);
    this.unreadable.push({ ...spanOf(piece), messages });
  }

  private report<P>(definition: Definition<P>, params: P, { start, end }: TextSpan): void {
    this.bag.add(make(definition, params, { file: 0, start, end }));
  }

  private flow(item: Item): boolean {
    const since = this.bag.all.length;
    const { piece } = item;
    const read = readFlow(contextOf(this.ctx, piece), piece.start, piece.end);
    if (read === null) return false;
    if (read.command === 'delete' || read.command === 'delete_strict') {
      this.delete(read, spanOf(piece));
      return true;
    }
    if (read.command !== 'add') {
      this.report(codes.cannotBeSaid, { command: read.command }, spanOf(piece));
      return false;
    }
    const { flow, cookieStated } = read;
    const cookie = cookieStated && flow.cookie !== 0n ? flow.cookie : null;
    const entry: FlowEntry = {
      item,
      table: flow.table,
      priority: flow.priority,
      cookie,
      text: '',
      miss: null,
      catchesAll: flow.priority === 0 && flow.match.every((t) => t.field === 'packet_type' && t.value === 0n),
      gone: null,
      allow: new Map(),
      plain: false,
    };
    if (cookie !== null && (this.space === null || !isIn(cookie, this.space))) allowCookie(entry);
    const key = `${flow.table}/${flow.priority}/${this.print(entry, read, since)}`;
    const { goto } = flow.instructions;
    if (goto !== null && (this.names.isStandIn(goto) || this.names.isStandIn(flow.table)))
      this.edges.push({ from: flow.table, to: goto });
    if (entry.text.includes('tun_metadata')) collectOptions(flow, this.options);
    const earlier = this.current.get(key);
    if (earlier !== undefined) this.replace(earlier);
    this.current.set(key, entry);
    this.entries.push(entry);
    return true;
  }

  /** A later flow is in its place. */
  replace(earlier: FlowEntry): void {
    earlier.gone = 'replaced';
    this.report(codes.replacedFlow, { priority: earlier.priority }, spanOf(earlier.item.piece));
  }

  /** Sets the text of an entry; returns what its match says. */
  private print(entry: FlowEntry, { flow, start, end }: ReadFlow, since: number): string {
    const { names, bag } = this;
    const { all } = bag;
    names.user = entry.item;
    let { comments } = entry.item;
    // What ovs-ofctl makes of the line without a word stands at the flow.
    if (all.length > since) {
      const place = (at: number): number => placeIn(entry.item.piece, at);
      const own = all.slice(since).filter((d) => d.place.start >= place(start) && d.place.end <= place(end));
      comments = [...comments, ...own.map((d) => d.message)];
    }
    if (entry.allow.size > 0) {
      const reasons = [...entry.allow].filter(([, message]) => message !== '');
      comments = [...comments, ...reasons.map(([code, message]) => `${code}: ${message}`)];
    }
    const printable: PrintableFlow = { ...flow, cookie: entry.cookie, comments, allow: [...entry.allow.keys()] };
    const terms = matchTerms(flow.match, names);
    entry.text = printFlow(printable, names, 1, terms);
    entry.miss = !entry.plain && isMiss(printable) ? printMiss(printable, names) : null;
    names.tables.get(flow.table);
    return terms.join(';');
  }

  /** Prints an entry again, since something about it or the names has changed. */
  reprint(entry: FlowEntry): void {
    const { piece } = entry.item;
    const quiet = new DiagnosticBag();
    const read = readFlow(contextOf({ ...this.ctx, sink: quiet }, piece), piece.start, piece.end);
    if (read === null) return;
    const session = this.quiet(quiet);
    session.print(entry, read, 0);
  }

  reprintAll(): void {
    for (const entry of this.entries) this.reprint(entry);
  }

  /** Decides which cookies the program has for its own; null where that is left to its name. */
  settleCookies(name: string): CookieSpace | null {
    const kept = this.entries.filter((e) => e.gone === null);
    const stated = kept.flatMap((e) => (e.cookie === null ? [] : [e.cookie]));
    const space = commonSpace(stated, stated.length < kept.length);
    const own = space ?? programCookies(programIdFromName(name));
    for (const entry of this.entries) {
      if (entry.cookie === null) continue;
      const foreign = !isIn(entry.cookie, own);
      if (foreign === entry.allow.has(foreignCookie.code)) continue;
      if (foreign) allowCookie(entry);
      else entry.allow.delete(foreignCookie.code);
      this.reprint(entry);
    }
    return space;
  }

  private quiet(bag: DiagnosticBag): Session {
    return new Session(this.ctx, bag, this.names);
  }

  private delete(read: ReadFlow, at: TextSpan): void {
    let count = 0;
    for (const [key, entry] of this.current) {
      const { piece } = entry.item;
      const quiet = new DiagnosticBag();
      const again = readFlow(contextOf({ ...this.ctx, sink: quiet }, piece), piece.start, piece.end);
      if (again === null || !deletes(read, again.flow)) continue;
      entry.gone = 'deleted';
      this.current.delete(key);
      count++;
    }
    if (count === 0) this.report(codes.deletesNothing, {}, at);
    else this.report(codes.deletesFlows, { count }, at);
  }

  private group({ piece, comments }: Item): boolean {
    const since = this.bag.all.length;
    const read = readGroup(contextOf(this.ctx, piece), piece.start, piece.end);
    if (read === null) return false;
    const at = spanOf(piece);
    const { command, group } = read;
    const known = this.groups.has(group.id);
    if (command === 'delete') {
      const any = group.id === ALL_GROUPS ? this.groups.size > 0 : known;
      if (any) return this.cannot(`delete of group ${group.id}`, at);
      this.report(codes.deletesNothing, {}, at);
      return true;
    }
    const changes = command === 'modify' || command === 'add_or_mod';
    if (command === 'insert_bucket' || command === 'remove_bucket' || (command === 'modify' && !known))
      return this.cannot(command, at);
    if (known && !changes) {
      this.report(codes.existsAlready, { what: `group ${group.id}` }, at);
      return true;
    }
    const own = this.bag.all.slice(since).map((d) => d.message);
    const all = [...(this.groups.get(group.id)?.comments ?? []), ...comments, ...own];
    this.groups.set(group.id, { ...group, name: `g${group.id}`, comments: all, at });
    return true;
  }

  private cannot(command: string, at: TextSpan): boolean {
    this.report(codes.cannotBeSaid, { command }, at);
    return false;
  }

  private meter({ piece, comments }: Item): boolean {
    const since = this.bag.all.length;
    const read = readMeter(contextOf(this.ctx, piece), piece.start, piece.end);
    if (read === null) return false;
    const at = spanOf(piece);
    const { command, meter } = read;
    const known = this.meters.has(meter.id);
    if (command === 'delete') {
      if (known || (meter.id > 0xffff0000 && this.meters.size > 0)) return this.cannot('delete', at);
      this.report(codes.deletesNothing, {}, at);
      return true;
    }
    if (command === 'modify' && !known) return this.cannot('modify', at);
    if (known && command === 'add') {
      this.report(codes.existsAlready, { what: `meter ${meter.id}` }, at);
      return true;
    }
    const own = this.bag.all.slice(since).map((d) => d.message);
    const all = [...(this.meters.get(meter.id)?.comments ?? []), ...comments, ...own];
    this.meters.set(meter.id, { ...meter, name: `m${meter.id}`, comments: all, at });
    return true;
  }

  private tlv({ piece }: Item): boolean {
    const at = spanOf(piece);
    const text = piece.text.slice(piece.start, piece.end);
    if (/^delete\b/.test(text)) {
      if (this.tlvs.size > 0) return this.cannot('delete', at);
      this.report(codes.deletesNothing, {}, at);
      return true;
    }
    const source = asArgument(piece);
    const read = readTlvMap(contextOf(this.ctx, source), source.start, source.end);
    if (read === null) return false;
    for (const mapping of read.mappings) {
      if (!this.tlvs.has(mapping.index)) this.tlvs.set(mapping.index, mapping);
      else this.report(codes.existsAlready, { what: `tun_metadata${mapping.index}` }, at);
    }
    return true;
  }
}

function allowCookie(entry: FlowEntry): void {
  entry.allow.set(foreignCookie.code, '');
  entry.plain = true;
}

/** A row of dump-tlv-map as add-tlv-map takes it. */
function asArgument(piece: Piece): Piece {
  const row = /^(0x[0-9a-f]+)[ \t]+(0x[0-9a-f]+)[ \t]+(\d+)[ \t]+(tun_metadata\d+)$/.exec(
    piece.text.slice(piece.start, piece.end),
  );
  if (row === null) return piece;
  const [, optionClass = '', type = '', length = '', name = ''] = row;
  const builder = new PieceBuilder();
  const at = placeIn(piece, piece.start);
  for (const char of `{class=${optionClass},type=${type},len=${length}}->${name}`) builder.add(char, at);
  return builder.build(placeIn(piece, piece.end));
}
