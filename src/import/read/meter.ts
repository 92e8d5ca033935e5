/** Meters as `add-meter` and `dump-meters` of ovs-ofctl have them (ovs-ofctl(8), "Meter Syntax"). */
import { badMeter, badValue, ignored, unknownWord } from '../../diagnostics/codes/import.ts';
import type { MeterBand, MeterMod } from '../../ir/types.ts';
import { readSmall, readU32 } from './numbers.ts';
import { Words } from './scanner.ts';
import { report, shown, Source } from './source.ts';
import type { MeterCommand, ReadContext, ReadMeter } from './types.ts';
import { hasVariable } from './variables.ts';

/** OFPM_MAX, OFPM_SLOWPATH, OFPM_CONTROLLER, OFPM_ALL (OpenFlow 1.5.1 §7.3.4.5). */
const METER = { max: 0xffff0000, slowpath: 0xfffffffd, controller: 0xfffffffe, all: 0xffffffff } as const;

const NAMED: Readonly<Record<string, number>> = {
  all: METER.all,
  controller: METER.controller,
  slowpath: METER.slowpath,
};

const NAME_END = '=, \t\r\n';
const VALUE_END = ', \t\r\n';

type Flag = 'kbps' | 'pktps' | 'burst' | 'stats';
const FLAGS: readonly Flag[] = ['kbps', 'pktps', 'burst', 'stats'];

/** Reads one meter of `add-meter` or `dump-meters`. Null where it cannot be read, which has been reported. */
export function readMeter(ctx: ReadContext, start: number, end: number): ReadMeter | null {
  if (hasVariable(ctx, start, end)) return null;
  const source = new Source(ctx.text.slice(start, end), ctx.names);
  const read = readWhole(source);
  report(ctx, source.notes, start);
  return read === null ? null : { ...read, start, end, warnings: source.notes.length };
}

function readWhole(source: Source): Omit<ReadMeter, 'start' | 'end' | 'warnings'> | null {
  const { text } = source;
  const { command, next } = commandIn(text);
  const deletes = command === 'delete';
  const band = deletes ? -1 : text.indexOf('band', next);
  const refuse = (what: string, start = next, end = text.length): null =>
    source.fail(badMeter, { what }, start, Math.max(end, start));
  if (!deletes && band === -1) return refuse('`bands=` is missing');
  const equals = deletes ? -1 : text.indexOf('=', band);
  if (!deletes && equals === -1) return refuse('`bands=` is missing', band);
  const flags = new Set<Flag>();
  let id = 0;
  const words = new Words(text, next, deletes ? text.length : band);
  while (words.next(NAME_END)) {
    const { word: name, start, end } = words;
    const flag = deletes ? undefined : FLAGS.find((f) => f === name);
    if (flag !== undefined) flags.add(flag);
    else {
      if (name !== 'meter')
        return source.fail(unknownWord, { word: shown(name), where: 'a meter' }, start, end);
      if (!words.next(VALUE_END))
        return source.fail(badValue, { value: '', name, needed: 'a number' }, start, end);
      const read = readId(source, words);
      if (read === null) return null;
      id = read;
    }
  }
  if (id === 0 && !(deletes && text.slice(next).trim() === '')) return refuse('`meter=` is missing');
  if (deletes)
    return {
      command,
      meter: { id: id === 0 ? METER.all : id, unit: 'kbps', burst: false, stats: false, bands: [] },
    };
  const unit = unitOf(source, flags, next, band);
  if (unit === null) return null;
  const bands = readBands(source, equals + 1, flags.has('burst'));
  if (bands === null) return null;
  return { command, meter: { id, unit, burst: flags.has('burst'), stats: flags.has('stats'), bands } };
}

function commandIn(text: string): { command: MeterCommand; next: number } {
  const [all = '', command] = /^[ \t\r\n]*(add|modify|delete)(?=[, \t\r\n]|$)/.exec(text) ?? [];
  if (command === undefined) return { command: 'add', next: 0 };
  return { command: command as MeterCommand, next: all.length };
}

function readId(source: Source, { word, start, end }: Words): number | null {
  const named = Object.hasOwn(NAMED, word) ? NAMED[word] : undefined;
  if (named !== undefined) return named;
  const id = readU32(source, start, end, 'meter');
  if (id === null || (id > 0 && id <= METER.max)) return id;
  return source.fail(
    badValue,
    { value: shown(word), name: 'meter', needed: 'a number from 1 to 0xffff0000' },
    start,
    end,
  );
}

function unitOf(
  source: Source,
  flags: ReadonlySet<Flag>,
  start: number,
  end: number,
): MeterMod['unit'] | null {
  if (flags.has('kbps') !== flags.has('pktps')) return flags.has('kbps') ? 'kbps' : 'pktps';
  const what = flags.has('kbps') ? 'it is `kbps` or `pktps`, and not both' : '`kbps` or `pktps` is missing';
  return source.fail(badMeter, { what }, start, Math.max(end, start));
}

interface Band {
  type: MeterBand['type'];
  rate: number;
  burstSize: number;
  precLevel: number;
  readonly start: number;
  end: number;
}

function readBands(source: Source, start: number, burst: boolean): MeterBand[] | null {
  const { text } = source;
  const bands: Band[] = [];
  const words = new Words(text, start, text.length);
  while (words.next(NAME_END)) {
    const { word: name, start: nameStart, end: nameEnd } = words;
    if (!words.next(VALUE_END))
      return source.fail(badValue, { value: '', name: shown(name), needed: 'a number' }, nameStart, nameEnd);
    const band = name === 'type' ? newBand(source, words, bands) : bands.at(-1);
    if (band === null) return null;
    if (band === undefined)
      return source.fail(badMeter, { what: 'a band begins with `type=`' }, nameStart, words.end);
    band.end = words.end;
    if (name !== 'type' && !readPart(source, band, name, nameStart, words)) return null;
  }
  if (bands.length === 0)
    return source.fail(badMeter, { what: 'a meter has a band at least' }, start, text.length);
  for (const band of bands) {
    const what = objection(band, burst);
    if (what !== null) return source.fail(badMeter, { what }, band.start, band.end);
  }
  return bands.map(({ type, rate, burstSize, precLevel }) => ({ type, rate, burstSize, precLevel }));
}

function newBand(source: Source, { word, start, end }: Words, bands: Band[]): Band | null {
  if (word !== 'drop' && word !== 'dscp_remark')
    return source.fail(
      badValue,
      { value: shown(word), name: 'type', needed: 'drop or dscp_remark' },
      start,
      end,
    );
  const band: Band = { type: word, rate: 0, burstSize: 0, precLevel: 0, start: start - 'type='.length, end };
  bands.push(band);
  return band;
}

/** Statistics of the band, which meter-stats and some dumps print. */
const STATISTICS = ['packet_count', 'byte_count'];

function readPart(source: Source, band: Band, name: string, nameStart: number, words: Words): boolean {
  const { start, end } = words;
  if (name === 'rate' || name === 'burst_size') {
    const value = readU32(source, start, end, name);
    if (value === null) return false;
    if (name === 'rate') band.rate = value;
    else band.burstSize = value;
    return true;
  }
  if (name === 'prec_level') {
    const value = readSmall(source, start, end, name, 255);
    band.precLevel = value ?? 0;
    return value !== null;
  }
  if (STATISTICS.includes(name)) {
    source.warn(ignored, { text: name, why: 'it is a statistic' }, nameStart, end);
    return true;
  }
  source.fail(unknownWord, { word: shown(name), where: 'a band' }, nameStart, nameStart + name.length);
  return false;
}

function objection({ type, rate, burstSize, precLevel }: Band, burst: boolean): string | null {
  if (type === 'dscp_remark' && precLevel === 0) return 'a band of type dscp_remark needs `prec_level=`';
  if (type === 'drop' && precLevel !== 0) return 'only a band of type dscp_remark has `prec_level=`';
  if (rate === 0) return 'a band needs `rate=`';
  if (burst && burstSize === 0) return 'with the flag `burst`, a band needs `burst_size=`';
  if (!burst && burstSize !== 0) return '`burst_size=` needs the flag `burst`';
  return null;
}
