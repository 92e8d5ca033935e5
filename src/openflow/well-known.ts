/** Names that always mean themselves. */
import { fieldByName, FIELDS } from './fields.ts';
import type { Field } from './fields.ts';
import { valueNames } from './names.ts';
import { reservedPort } from './ports.ts';
import { isProtocolName } from './protocols.ts';

let owners: ReadonlyMap<string, Field> | undefined;

/** A field that has a well-known value of that name; undefined when there is none. */
export function ownerOfValue(name: string): Field | undefined {
  owners ??= new Map([...FIELDS].reverse().flatMap((f) => valueNames(f).map((n) => [n, f] as const)));
  return owners.get(name);
}

/** What kind of declaration a name is wanted for. */
export type Declared = 'const' | 'port' | 'register' | 'table';

/**
 * What a name means already, wherever one would use it; undefined where it is free. Fields and protocols are reserved
 * everywhere, reserved ports where ports stand, well-known values where constants stand.
 */
export function reservedMeaning(name: string, declared: Declared): string | undefined {
  if (fieldByName(name) !== undefined) return 'a field';
  if (isProtocolName(name)) return 'a protocol';
  if (name === 'true' || name === 'false') return 'a word of the language';
  if ((declared === 'port' || declared === 'const') && reservedPort(name) !== undefined)
    return 'a reserved port';
  const owner = declared === 'const' ? ownerOfValue(name) : undefined;
  return owner === undefined ? undefined : `a well-known value of \`${owner.name}\``;
}
