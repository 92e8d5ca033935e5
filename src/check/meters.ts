/**
 * `meter limit = 100 { unit = kbps; flags = [burst, stats]; band drop { rate = 1000; burst_size = 100 } }`
 *
 * What the switch says was seen on OVS 3.1.0 with its userspace datapath.
 */
import type { CommandStatement, Statement } from '../../grammar/ast.ts';
import { missingProperty } from '../diagnostics/codes/groups.ts';
import * as codes from '../diagnostics/codes/meters.ts';
import { duplicateProperty, notAProperty } from '../diagnostics/codes/program.ts';
import type { Sink } from '../diagnostics/define.ts';
import { chained } from '../expand/origin.ts';
import type { MeterBand, MeterMod } from '../ir/types.ts';
import { bareWord } from './action-args.ts';
import { FlowSink } from './allow.ts';
import type { EvalContext } from './constants.ts';
import { evaluateInt } from './numbers.ts';
import { elements, propertyName, readProperties, word } from './properties.ts';
import { report } from './report.ts';
import type { MeterSymbol, Scope } from './types.ts';
import { checkMeterVersion } from './versions.ts';

const UNITS = ['kbps', 'pktps'] as const;
const FLAGS = ['burst', 'stats'] as const;
const BANDS = ['drop', 'dscp_remark'] as const;
const BAND: readonly string[] = ['rate', 'burst_size', 'prec_level'];
const MAX_BANDS = 8;
const MAX_U32 = 0xffffffffn;
/** The highest drop precedence of RFC 2597 is 3, but a switch takes any number of its 8 bits. */
const MAX_LEVEL = 0xffn;

/** The meters of the program, checked. */
export function lowerMeters(scope: Scope, sink: Sink): readonly MeterMod[] {
  return scope.meters.flatMap((symbol) => {
    const { file, origin } = symbol;
    const mod = lowerMeter({ scope, file, sink: new FlowSink(chained(sink, origin)) }, symbol);
    return mod === null ? [] : [mod];
  });
}

interface MeterContext extends EvalContext {
  readonly sink: FlowSink;
}

function lowerMeter(ctx: MeterContext, { decl, id, name }: MeterSymbol): MeterMod | null {
  if (decl.body === null) return null;
  const isBand = (s: Statement): s is CommandStatement => s.kind === 'command' && s.name.text === 'band';
  const { statements, broken } = decl.body;
  const written = statements.filter(isBand);
  // `band drop rate = 5`: what belongs to the band has been reported with it.
  const spilled = written.some((s) => s.block === null) ? BAND : [];
  const rest = statements.filter((s) => !isBand(s) && !spilled.includes(propertyName(s)));
  const bandRelations = rest.filter((s) => propertyName(s) === 'band');
  for (const s of bandRelations)
    report(ctx, notAProperty, { of: 'a meter', form: 'band drop { … }' }, s.span);
  const properties = rest.filter((s) => !bandRelations.includes(s));
  const p = readProperties(ctx, properties, 'a meter', ['unit', 'flags'], ['band']);
  const at = decl.name.text === '' ? decl.keyword : decl.name.span;
  checkMeterVersion(ctx, at);
  const unitAt = p.get('unit')?.value;
  const unit = unitAt === undefined ? null : word(ctx, 'unit', unitAt, UNITS);
  if (unitAt === undefined && !broken && !rest.some((s) => propertyName(s) === 'unit')) {
    report(ctx, missingProperty, { of: 'a meter', form: 'unit = kbps` or `unit = pktps' }, at);
  }
  const flags = new Set<string>();
  let known = true;
  for (const e of elements(p.get('flags')?.value ?? { kind: 'missing', span: at })) {
    const flag = word(ctx, 'flags', e, FLAGS);
    if (flag === null) {
      known = false;
      continue;
    }
    if (flags.has(flag)) report(ctx, duplicateProperty, { name: flag }, e.span);
    flags.add(flag);
  }
  const burst = flags.has('burst');
  const bands = written.map((s) => lowerBand(ctx, s, burst || known ? burst : null));
  // A band under another name has been reported.
  const none =
    written.length === 0 && !broken && rest.every((s) => ['unit', 'flags'].includes(propertyName(s)));
  if (none || written.length > MAX_BANDS) {
    report(ctx, codes.bandCount, { count: written.length }, written[MAX_BANDS]?.span ?? at);
  }
  if (id === null || unit === null || ctx.sink.failed || broken) return null;
  const { start, end } = decl.span;
  return {
    id,
    unit,
    burst,
    stats: flags.has('stats'),
    bands: bands.filter((b) => b !== null),
    name,
    origin: { file: ctx.file, start, end },
  };
}

/** `band drop { rate = 1000 }`; `burst` is null where the flags of the meter are not known. */
function lowerBand(ctx: MeterContext, s: CommandStatement, burst: boolean | null): MeterBand | null {
  const found = s.operand === null ? undefined : bareWord(s.operand);
  const type = BANDS.find((t) => t === found);
  if (s.operand?.kind === 'missing') return null;
  if (type === undefined) {
    report(ctx, codes.unknownBand, { found: found ?? '' }, s.operand?.span ?? s.name.span);
    return null;
  }
  if (s.block === null || s.args !== null) {
    report(ctx, notAProperty, { of: 'a meter', form: `band ${type} { … }` }, s.span);
    return null;
  }
  const p = readProperties(ctx, s.block.statements, 'a band', BAND);
  const number = (name: string, min: bigint, max: bigint): number | null | undefined => {
    const value = p.get(name)?.value;
    if (value === undefined) return undefined;
    const switchError = name === 'rate' ? ('OFPMMFC_BAD_RATE' as const) : undefined;
    const result = evaluateInt(ctx, value, { what: `\`${name}\``, min, max, switchError });
    return result === null ? null : Number(result);
  };
  const rate = number('rate', 1n, MAX_U32);
  const burstSize = number('burst_size', 0n, MAX_U32);
  const precLevel = number('prec_level', 1n, MAX_LEVEL);
  const complete = !s.block.broken;
  if (rate === undefined && complete) {
    report(ctx, missingProperty, { of: 'a band', form: 'rate = …' }, s.name.span);
  }
  if (burst === true && burstSize === undefined && complete)
    report(ctx, codes.burstWithoutSize, {}, s.name.span);
  const size = p.get('burst_size');
  if (burst === false && size !== undefined) {
    report(ctx, codes.burstWithoutFlag, {}, size.target.span, { help: 'add `flags = [burst]` to the meter' });
  }
  const level = p.get('prec_level');
  if (type === 'drop' && level !== undefined) report(ctx, codes.precLevelOfDrop, {}, level.target.span);
  if (type === 'dscp_remark') report(ctx, codes.remarkUnsupported, {}, s.operand?.span ?? s.name.span);
  if (rate == null || burstSize === null || precLevel === null) return null;
  return { type, rate, burstSize: burstSize ?? 0, precLevel: precLevel ?? 0 };
}
