/**
 * Meters are not part of a bundle, and changing one changes what the old program does. So a meter that is not on the
 * switch as it should be is added under another id before the flows, and the old one is deleted after them.
 */
import { meterContent, type Configured } from './config-wire.ts';
import type { Finding } from './finding.ts';
import type { BindingRequest } from './plan.ts';
import { isWithin, numbersOf } from './ranges.ts';

/** The highest id that flows can name, OFPM13_MAX. Meters beyond are the switch's own and mean something by their id. */
const MAX_METER = 0xffff0000;

const VIRTUAL_NAMES: Readonly<Record<number, string>> = { 0xfffffffd: 'slowpath', 0xfffffffe: 'controller' };

/** The name of a meter of the switch's own; null for any other. */
export function virtualMeter(id: number): string | null {
  return id <= MAX_METER ? null : (VIRTUAL_NAMES[id] ?? id.toString());
}

/**
 * An id for every meter of the program, in its order; null where there is none left. Where no range is stated, a meter
 * has its own id or none, and so has one of the switch's own.
 */
export function bindMeters(
  { meters, meterIds }: BindingRequest,
  existing: readonly Configured[],
): (number | null)[] {
  const onSwitch = new Map(existing.map((meter) => [meter.id, meter.content]));
  const ids: (number | null)[] = meters.map(() => null);
  const taken = new Set<number>();
  const take = (i: number, id: number): void => {
    ids[i] = id;
    taken.add(id);
  };
  const each = (visit: (i: number, id: number, content: string) => void): void =>
    meters.forEach((meter, i) => {
      if (ids[i] === null) visit(i, meter.id, meterContent(meter));
    });
  // As it is and where it is.
  each((i, id, content) => {
    if (onSwitch.get(id) === content && !taken.has(id)) take(i, id);
  });
  each((i, id, content) => {
    if (virtualMeter(id) !== null) return;
    for (const meter of existing)
      if (meter.content === content && !taken.has(meter.id) && isWithin(meterIds, meter.id)) {
        take(i, meter.id);
        return;
      }
  });
  const isFree = (id: number): boolean => !onSwitch.has(id) && !taken.has(id);
  each((i, id) => {
    if (isFree(id)) take(i, id);
  });
  const free = numbersOf(meterIds);
  each((i, id) => {
    if (virtualMeter(id) !== null) return;
    for (let next = free.next(); next.done !== true; next = free.next())
      if (isFree(next.value)) {
        take(i, next.value);
        return;
      }
  });
  return ids;
}

export interface MeterWork {
  /** The program's meters to add, by their index. */
  readonly adds: readonly number[];
  /** Ids of ours that nothing of the program uses. */
  readonly deletes: readonly number[];
}

export const NO_METER_WORK: MeterWork = { adds: [], deletes: [] };

/** For a program whose meters have their ids. */
export function planMeters(
  { meters, meterIds }: BindingRequest,
  existing: readonly Configured[],
  replace: boolean,
): { readonly work: MeterWork; readonly findings: readonly Finding[] } {
  const onSwitch = new Map(existing.map((meter) => [meter.id, meter.content]));
  const adds: number[] = [];
  const findings: Finding[] = [];
  meters.forEach((meter, index) => {
    const content = onSwitch.get(meter.id);
    if (content === undefined) adds.push(index);
    else if (content !== meterContent(meter)) findings.push({ kind: 'meter taken', index, id: meter.id });
  });
  const wanted = new Set(meters.map((meter) => meter.id));
  const deletes = existing.map((meter) => meter.id).filter((id) => isWithin(meterIds, id) && !wanted.has(id));
  return { work: { adds, deletes: replace ? deletes : [] }, findings };
}
