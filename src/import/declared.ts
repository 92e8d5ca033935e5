/** Groups, meters and tunnel options of an input. */
import * as codes from '../diagnostics/codes/import-files.ts';
import type { DiagnosticBag, Definition } from '../diagnostics/define.ts';
import { make } from '../diagnostics/define.ts';
import type { TlvMapping } from '../ir/types.ts';
import type { Item } from './items.ts';
import type { Piece, TextSpan } from './piece.ts';
import { contextOf, PieceBuilder, placeIn, spanOf } from './piece.ts';
import type { PrintableGroup, PrintableMeter } from './print.ts';
import { readGroup, readMeter, readTlvMap } from './read/index.ts';
import type { ReadContext } from './read/index.ts';

const ALL_GROUPS = 0xfffffffc;
const LAST_METER = 0xffff0000;

/** Reads them, and keeps what they make of the switch. */
export class Declared {
  readonly groups = new Map<number, PrintableGroup & { readonly at: TextSpan }>();
  readonly meters = new Map<number, PrintableMeter & { readonly at: TextSpan }>();
  readonly tlvs = new Map<number, Omit<TlvMapping, 'origin'>>();
  private readonly ctx: ReadContext;
  private readonly bag: DiagnosticBag;

  constructor(ctx: ReadContext, bag: DiagnosticBag) {
    this.ctx = ctx;
    this.bag = bag;
  }

  private report<P>(definition: Definition<P>, params: P, { start, end }: TextSpan): void {
    this.bag.add(make(definition, params, { file: 0, start, end }));
  }

  /** False where the item could not be read; as the next two. */
  group(piece: Item): boolean {
    const { comments } = piece;
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

  meter(piece: Item): boolean {
    const { comments } = piece;
    const since = this.bag.all.length;
    const read = readMeter(contextOf(this.ctx, piece), piece.start, piece.end);
    if (read === null) return false;
    const at = spanOf(piece);
    const { command, meter } = read;
    const known = this.meters.has(meter.id);
    if (command === 'delete') {
      if (known || (meter.id > LAST_METER && this.meters.size > 0)) return this.cannot('delete', at);
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

  tlv(piece: Item): boolean {
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
