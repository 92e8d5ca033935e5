/** One line for people: how many of what. */
import type { Paint } from './style.ts';
import type { Counts } from './types.ts';

const many = (n: number, one: string, more = `${one}s`): string => `${n} ${n === 1 ? one : more}`;

export function summary(counts: Counts, programs: number, paint: Paint): string {
  const parts: string[] = [];
  if (counts.error > 0) parts.push(paint('error', many(counts.error, 'error')));
  if (counts.warning > 0) parts.push(paint('warning', many(counts.warning, 'warning')));
  if (counts.information > 0) parts.push(many(counts.information, 'remark'));
  return parts.length === 0 ? `no problems in ${many(programs, 'file')}` : parts.join(', ');
}
