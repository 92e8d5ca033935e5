/** `tunnel_metadata { tun_metadata0 = {class: 0xffff, type: 0x80, len: 4} }`: the map of Geneve's options. */
import type { RecordExpr, RelationStatement, TunnelMetadataDecl } from '../../grammar/ast.ts';
import { missingProperty } from '../diagnostics/codes/groups.ts';
import { duplicateProperty, unknownProperty } from '../diagnostics/codes/program.ts';
import * as codes from '../diagnostics/codes/tunnel-metadata.ts';
import type { TlvMapping } from '../ir/types.ts';
import { fieldByName } from '../openflow/fields.ts';
import type { Field } from '../openflow/fields.ts';
import type { EvalContext } from './constants.ts';
import { evaluateInt } from './numbers.ts';
import type { Placed } from './identified.ts';
import { label, replaceFix, report, within } from './report.ts';
import { nearest } from '../diagnostics/suggest.ts';
import { checkTunnelVersion } from './versions.ts';

/** TUN_METADATA_TOT_OPT_SIZE of OVS. */
const MAX_SPACE = 256;
const MAX_LENGTH = 124;

const PARTS = { class: 0xffff, type: 0xff, len: 0xffff } as const;
type Part = keyof typeof PARTS;

/** Which of the tun_metadata fields it is; null for another field. */
export function tunnelIndex(name: string): number | null {
  const digits = /^tun_metadata(\d+)$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

const SIZED = new Map<string, Field>();

/** The field as it is under a map: as wide as its option. Any other field as it is. */
export function sizedField(
  ctx: { readonly scope: Pick<EvalContext['scope'], 'tunnelOption'> },
  f: Field,
): Field {
  const index = tunnelIndex(f.name);
  const bytes = index === null ? undefined : ctx.scope.tunnelOption(index);
  if (bytes === undefined) return f;
  const key = `${f.name} ${bytes}`;
  let sized = SIZED.get(key);
  if (sized === undefined) {
    sized = { ...f, bytes, bits: bytes * 8 };
    SIZED.set(key, sized);
  }
  return sized;
}

/** Is it a tun_metadata field that the program ties to no option? */
export function isUnmapped(
  ctx: { readonly scope: Pick<EvalContext['scope'], 'tunnelOption'> },
  f: Field,
): boolean {
  const index = tunnelIndex(f.name);
  return index !== null && ctx.scope.tunnelOption(index) === undefined;
}

export interface TunnelMap {
  readonly tlvs: readonly TlvMapping[];
  /** Bytes by tun_metadata number: of those that are in error too, so that their uses are not. */
  readonly lengths: ReadonlyMap<number, number>;
}

/** What is known of the options while they are read. */
interface MapContext extends EvalContext {
  readonly lengths: Map<number, number>;
  /** Something could not be read, which has been reported. */
  readonly broken: boolean;
}

/** Reads the map; what is wrong is reported and left out. Several blocks make one map. */
export function readTunnelMetadata(
  outer: EvalContext,
  decls: readonly Placed<TunnelMetadataDecl>[],
): TunnelMap {
  const broken = decls.some(({ decl }) => decl.body?.broken === true);
  const ctx: MapContext = { ...outer, lengths: new Map(), broken };
  const found: TlvMapping[] = [];
  for (const { decl, origin } of decls.slice(0, 1)) checkTunnelVersion(within(ctx, origin), decl.keyword);
  for (const { decl, origin } of decls) {
    const there = within(ctx, origin);
    for (const statement of decl.body?.statements ?? []) {
      const mapping = readOption(there, statement.kind === 'relation' ? statement : null, statement.span);
      if (mapping !== null && !taken(there, mapping, found)) found.push(mapping);
    }
  }
  for (const t of found) ctx.lengths.set(t.index, t.length);
  let bytes = 0;
  const first = found.find((t) => (bytes += t.length) > MAX_SPACE);
  if (first !== undefined) {
    const { file, start, end } = first.origin;
    const params = { bytes: found.reduce((sum, t) => sum + t.length, 0) };
    report({ ...ctx, file }, codes.optionsTooLong, params, { start, end });
  }
  return { tlvs: found, lengths: ctx.lengths };
}

function readOption(
  ctx: MapContext,
  s: RelationStatement | null,
  span: RelationStatement['span'],
): TlvMapping | null {
  const name =
    s?.target.kind === 'name' && s.target.subfield === null ? (s.target.path[0]?.text ?? '') : null;
  if (s === null || name === null || s.operator !== '=') {
    report(ctx, codes.notATunnelOption, {}, span);
    return null;
  }
  if (name === '') return null;
  const index = tunnelIndex(fieldByName(name)?.name ?? name);
  if (index === null || index > 63) {
    if (s.value.kind !== 'missing') report(ctx, codes.noSuchTunnelField, { name }, s.target.span);
    return null;
  }
  ctx.lengths.set(index, MAX_LENGTH);
  if (s.value.kind === 'missing') return null;
  if (s.value.kind !== 'record') {
    report(ctx, codes.notATunnelOption, {}, s.value.span);
    return null;
  }
  const { class: cls, type, len: length } = readParts(ctx, s.value);
  if (length != null && length <= MAX_LENGTH) ctx.lengths.set(index, length);
  if (cls == null || type == null || length == null) return null;
  if (length > MAX_LENGTH || length % 4 !== 0) {
    const at = s.value.entries.find((e) => e.name.text === 'len')?.value.span ?? s.value.span;
    report(ctx, codes.optionLength, { length }, at);
    return null;
  }
  return {
    class: cls,
    type,
    length,
    index,
    origin: { file: ctx.file, start: s.span.start, end: s.span.end },
  };
}

/** What is stated soundly; without all three the rest has been reported. */
function readParts(ctx: MapContext, { entries, span }: RecordExpr): Partial<Record<Part, number | null>> {
  const parts: Partial<Record<Part, number | null>> = {};
  let sound = true;
  for (const { name, value } of entries) {
    if (!isPart(name.text)) {
      sound = false;
      const suggestion = name.text === 'length' ? 'len' : nearest(name.text, Object.keys(PARTS));
      report(ctx, unknownProperty, { name: name.text, of: 'an option', suggestion }, name.span, {
        fixes:
          suggestion === undefined ? [] : [replaceFix(ctx, `Write \`${suggestion}\``, name.span, suggestion)],
      });
    } else if (parts[name.text] !== undefined) {
      sound = false;
      report(ctx, duplicateProperty, { name: name.text }, name.span);
    } else {
      const max = BigInt(PARTS[name.text]);
      const number = evaluateInt(ctx, value, { what: `\`${name.text}\` of an option`, min: 0n, max });
      parts[name.text] = number === null ? null : Number(number);
    }
  }
  if (sound && !ctx.broken) {
    for (const part of ['class', 'type', 'len'] as const) {
      if (parts[part] !== undefined) continue;
      report(ctx, missingProperty, { of: 'an option', form: `${part}: …` }, span);
    }
  }
  return parts;
}

function isPart(name: string): name is Part {
  return Object.hasOwn(PARTS, name);
}

/** True, and reported, where the field or the option has been mapped before. */
function taken(ctx: EvalContext, mapping: TlvMapping, before: readonly TlvMapping[]): boolean {
  const at = { start: mapping.origin.start, end: mapping.origin.end };
  const related = ({ origin }: TlvMapping) => [
    label({ file: origin.file, span: { start: origin.start, end: origin.end } }, 'first mapped here'),
  ];
  const name = (t: TlvMapping): string => `tun_metadata${t.index}`;
  const same = before.find((t) => t.index === mapping.index);
  if (same !== undefined) {
    report(ctx, codes.fieldMappedTwice, { field: name(same) }, at, { related: related(same) });
    return true;
  }
  const option = before.find((t) => t.class === mapping.class && t.type === mapping.type);
  if (option !== undefined) {
    const params = { class: option.class, type: option.type, field: name(option) };
    report(ctx, codes.optionMappedTwice, params, at, { related: related(option) });
    return true;
  }
  return false;
}
