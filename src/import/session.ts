/** From what an input contains to the parts of a program. */
import * as codes from '../diagnostics/codes/import-files.ts';
import { DiagnosticBag, make } from '../diagnostics/define.ts';
import type { Definition } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import { Repeats } from '../check/repeats.ts';
import type { FieldName } from '../openflow/fields.ts';
import { Alike } from './alike.ts';
import { TextBuffer } from './print/buffer.ts';
import { programCookies, programIdFromName } from '../ir/identity.ts';
import type { CookieSpace } from '../ir/types.ts';
import { FLOW_FLAGS } from '../ir/types.ts';
import { field } from '../openflow/fields.ts';
import { overlap } from '../openflow/storage.ts';
import { commonSpace, isIn } from './cookies.ts';
import { Declared } from './declared.ts';
import { deletes } from './deletions.ts';
import type { Item } from './items.ts';
import type { ImportNames } from './naming.ts';
import { contextOf, placeIn, spanOf } from './piece.ts';
import type { PrintableFlow } from './print.ts';
import { FlowPrinter, isMiss, printComments, printMiss } from './print.ts';
import { readFlow } from './read/index.ts';
import type { ReadContext, ReadFlow } from './read/index.ts';
import type { TextSpan } from './piece.ts';
import type { Learned } from './shapes/road.ts';
import { QuickRoad } from './shapes/road.ts';
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
  /** With its comments, as it stands in a table; null where it is a part of the table's text. */
  text: string | null;
  /** Where it is in the text of its table. */
  readonly from: number;
  readonly to: number;
  /** Which flows the compiler judges like this one. */
  readonly alike: number;
  /** The same as `miss = …`, where it is one. */
  miss: string | null;
  /** Every packet that no other flow of the table matches. */
  readonly catchesAll: boolean;
  /** Why it is not on the switch in the end; null where it is. */
  gone: 'replaced' | 'deleted' | 'refused' | null;
  /** Codes to be allowed at it, with what they say. */
  allow: Map<string, string> | null;
  /** It has to be a flow, so that it can have attributes. */
  plain: boolean;
}

const NOTHING: readonly Diagnostic[] = [];

interface Unreadable extends TextSpan {
  readonly messages: readonly string[];
}

/** Deletions of more are not worked out. */
const MOST_REREAD = 2_000_000;

/** Reads items and keeps what they make of the switch. */
export class Session {
  readonly bag: DiagnosticBag;
  readonly names: ImportNames;
  readonly entries: FlowEntry[] = [];
  readonly declared: Declared;
  readonly unreadable: Unreadable[] = [];
  readonly edges: Edge[] = [];
  readonly options: OptionWidths = new Map();
  /** What flows match. */
  private readonly fields = new Set<FieldName>();
  private checksOverlap = false;
  /** Flows state cookies that have nothing in common by which a push could know them. */
  foreignCookies = false;
  /** Numbers of tables to which nothing in the input leads: others do, or it is a part of a dump. */
  readonly entered = new Set<number>();
  private readonly ctx: ReadContext;
  /** For what has been read, and reported, before. */
  private readonly quietly: ReadContext;
  private printer: FlowPrinter;
  private readonly alike = new Alike();
  /** By the number of the entry that had the match first; for those that are not the last, `latest` knows it. */
  private readonly matches: Repeats;
  private readonly latest = new Map<number, number>();
  private readonly texts = new Map<number, TextBuffer>();
  private readonly hasOptions: boolean;
  /** Null: every flow is read. */
  private readonly road: QuickRoad | null;
  /** Flows that deletions have looked at. */
  private reread = 0;

  /** `expected`: how many flows there may be. */
  constructor(ctx: ReadContext, bag: DiagnosticBag, names: ImportNames, expected: number, quick = true) {
    this.ctx = ctx;
    this.quietly = { ...ctx, sink: { add: () => undefined } };
    this.bag = bag;
    this.names = names;
    this.printer = new FlowPrinter(names, 1);
    this.declared = new Declared(ctx, bag);
    this.matches = new Repeats(expected);
    this.road = quick ? new QuickRoad(this.quietly, names, this.alike) : null;
    this.hasOptions = /tun_metadata|tun_md/i.test(ctx.text);
  }

  read(item: Item): void {
    const before = this.bag.all.length;
    const sound =
      item.kind === 'flow'
        ? this.flow(item)
        : item.kind === 'group'
          ? this.declared.group(item)
          : item.kind === 'meter'
            ? this.declared.meter(item)
            : this.declared.tlv(item);
    if (!sound) this.lose(item, before);
  }

  /** Remembers an item that has been reported since the diagnostics were so many. */
  private lose(item: Item, since: number): void {
    const messages = this.bag.all.slice(since).map((d) => d.message);
    this.unreadable.push({ ...spanOf(item), messages });
  }

  private report<P>(definition: Definition<P>, params: P, { start, end }: TextSpan): void {
    this.bag.add(make(definition, params, { file: 0, start, end }));
  }

  private flow(item: Item): boolean {
    const learned = this.road?.find(item.text, item.start, item.end) ?? null;
    if (learned !== null && item.comments.length === 0) {
      this.quickFlow(item, learned);
      return true;
    }
    const since = this.bag.all.length;
    const read = readFlow(contextOf(this.ctx, item), item.start, item.end);
    if (read === null) return false;
    if (read.command === 'delete' || read.command === 'delete_strict') {
      this.delete(read, spanOf(item));
      return true;
    }
    if (read.command !== 'add') {
      this.report(codes.cannotBeSaid, { command: read.command }, spanOf(item));
      return false;
    }
    const { flow, cookieStated } = read;
    const cookie = cookieStated && flow.cookie !== 0n ? flow.cookie : null;
    const notes = since === this.bag.all.length ? NOTHING : this.bag.all.slice(since);
    const text = this.textOf(flow.table);
    const from = text.length;
    this.names.user = item;
    this.printer.write(text, flow, { cookie });
    const entry: FlowEntry = {
      item,
      table: flow.table,
      priority: flow.priority,
      cookie,
      text: null,
      from,
      to: text.length,
      alike: this.alike.of(flow),
      miss: null,
      catchesAll: flow.priority === 0 && flow.match.every((t) => t.field === 'packet_type' && t.value === 0n),
      gone: null,
      allow: null,
      plain: false,
    };
    if (notes.length > 0 || item.comments.length > 0 || entry.catchesAll) this.print(entry, read, notes);
    this.used(flow);
    const { said } = this.printer;
    this.replaces(entry, said.bytes, 0, said.length);
    this.entries.push(entry);
    if (notes.length === 0) this.road?.learn(item.text, item.start, item.end, read, cookie);
    return true;
  }

  /** A flow of a shape that is known. */
  private quickFlow(item: Item, learned: Learned): void {
    const { names, road } = this;
    if (road === null) return;
    const { skeleton } = road;
    const { template, table, alike, priorityHole, cookieHole } = learned;
    const text = this.textOf(table);
    const from = text.length;
    names.user = item;
    template.write(text, skeleton, road.input, names);
    const entry: FlowEntry = {
      item,
      table,
      priority: priorityHole === -1 ? learned.priority : (skeleton.values[priorityHole] ?? 0),
      cookie:
        cookieHole === -1
          ? learned.cookie
          : BigInt(item.text.slice(skeleton.starts[cookieHole], skeleton.ends[cookieHole])),
      text: null,
      from,
      to: text.length,
      alike,
      miss: null,
      catchesAll: false,
      gone: null,
      allow: null,
      plain: false,
    };
    this.replaces(entry, template.said, template.saidFrom, template.saidTo);
    this.entries.push(entry);
  }

  /** What of the flow concerns the rest of the program. */
  private used(flow: ReadFlow['flow']): void {
    const { goto } = flow.instructions;
    if (goto !== null && (this.names.isStandIn(goto) || this.names.isStandIn(flow.table)))
      this.edges.push({ from: flow.table, to: goto });
    if (this.hasOptions) collectOptions(flow, this.options);
    for (const term of flow.match) this.fields.add(term.field);
    if ((flow.flags & FLOW_FLAGS.check_overlap) !== 0) this.checksOverlap = true;
  }

  /** Are two equal matches always written alike? Not where a field has two names that both are used. */
  get tellsRepeats(): boolean {
    if (this.checksOverlap) return false;
    const used = [...this.fields].map((name) => field(name));
    return !used.some((a) => a.name === 'packet_type' || used.some((b) => a !== b && overlap(a, b)));
  }

  /** A flow of the same table, priority and match is replaced by this one. */
  private replaces(entry: FlowEntry, said: Uint8Array, from: number, to: number): void {
    const { table, priority } = entry;
    const at = this.entries.length;
    const same = this.matches.findMatch(table, priority, said, from, to);
    if (same === null) {
      this.matches.addMatchAt(table, priority, said, from, to, at, at, at, at);
      return;
    }
    const earlier = this.entries[this.latest.get(same.start) ?? same.start];
    if (earlier?.gone === null) this.replace(earlier);
    this.latest.set(same.start, at);
  }

  /** The flows of a table as they stand in it; some of them are printed otherwise in the end. */
  textOf(table: number): TextBuffer {
    let text = this.texts.get(table);
    if (text === undefined) {
      this.names.tables.get(table);
      this.texts.set(table, (text = new TextBuffer(4096)));
    }
    return text;
  }

  /** A later flow is in its place. */
  replace(earlier: FlowEntry): void {
    earlier.gone = 'replaced';
    this.report(codes.replacedFlow, { priority: earlier.priority }, spanOf(earlier.item));
  }

  /** Sets the text of an entry; `notes` is what has been said about its line. */
  private print(entry: FlowEntry, { flow, start, end }: ReadFlow, notes: readonly Diagnostic[]): void {
    const { names } = this;
    names.user = entry.item;
    const { allow, cookie } = entry;
    let { comments } = entry.item;
    // What ovs-ofctl makes of the line without a word stands at the flow.
    if (notes.length > 0) {
      const place = (at: number): number => placeIn(entry.item, at);
      const own = notes.filter((d) => d.place.start >= place(start) && d.place.end <= place(end));
      comments = [...comments, ...own.map((d) => d.message)];
    }
    if (allow !== null) comments = [...comments, ...[...allow].map(([code, why]) => `${code}: ${why}`)];
    const remarks = allow === null ? { cookie } : { cookie, allow: [...allow.keys()] };
    const text = new TextBuffer();
    this.printer.write(text, flow, remarks);
    entry.text = printComments(comments, 1) + text.slice();
    entry.miss = null;
    if (flow.priority !== 0 || cookie !== null || entry.plain) return;
    const printable: PrintableFlow = { ...flow, cookie, comments };
    if (isMiss(printable)) entry.miss = printMiss(printable, names);
  }

  /** Prints an entry again, since something about it or the names has changed. */
  reprint(entry: FlowEntry): void {
    const { item } = entry;
    const own = new DiagnosticBag();
    const read = readFlow(contextOf({ ...this.ctx, sink: own }, item), item.start, item.end);
    if (read !== null) this.print(entry, read, own.all);
  }

  /** The names have changed. */
  reprintAll(): void {
    this.printer = new FlowPrinter(this.names, 1);
    for (const entry of this.entries) this.reprint(entry);
  }

  /** Decides which cookies the program has for its own; null where that is left to its name. */
  settleCookies(name: string): CookieSpace | null {
    const kept = this.entries.filter((e) => e.gone === null);
    const stated = kept.flatMap((e) => (e.cookie === null ? [] : [e.cookie]));
    const space = commonSpace(stated, stated.length < kept.length);
    const own = space ?? programCookies(programIdFromName(name));
    this.foreignCookies = stated.some((cookie) => !isIn(cookie, own));
    return space;
  }

  private delete(read: ReadFlow, at: TextSpan): void {
    const there = this.entries.filter((e) => e.gone === null);
    this.reread += there.length;
    if (this.reread > MOST_REREAD) {
      this.cannot(read.command, at);
      return;
    }
    let count = 0;
    for (const entry of there) {
      const { item } = entry;
      const again = readFlow(contextOf(this.quietly, item), item.start, item.end);
      if (again === null || !deletes(read, again.flow)) continue;
      entry.gone = 'deleted';
      count++;
    }
    if (count === 0) this.report(codes.deletesNothing, {}, at);
    else this.report(codes.deletesFlows, { count }, at);
  }

  private cannot(command: string, at: TextSpan): boolean {
    this.report(codes.cannotBeSaid, { command }, at);
    return false;
  }
}
