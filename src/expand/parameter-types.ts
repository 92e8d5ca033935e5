/** The types of parameters. */
import { fieldByName } from '../openflow/fields.ts';
import { reservedPort } from '../openflow/ports.ts';
import { isProtocolName } from '../openflow/protocols.ts';
import type { Space } from './env.ts';
import { wordIn } from './values.ts';
import type { Literal, Value } from './values.ts';

export interface ParameterType {
  readonly name: string;
  /** Completes "`a` is …". */
  readonly needed: string;
  /** For the reference. */
  readonly summary: string;
  /** Where its names are looked up. */
  readonly space: Space;
  /** Is told what a cell says, not the cell. */
  readonly accepts: (value: Value) => boolean;
  /** A cell is a text, whatever it says. */
  readonly text?: boolean;
}

const literal = (of: (value: Literal) => boolean) => (value: Value) => value.kind === 'literal' && of(value);
const kind = (...kinds: readonly string[]) => literal(({ expr }) => kinds.includes(expr.kind));

const isPrefix = literal(
  ({ expr }) =>
    expr.kind === 'ipv4' ||
    expr.kind === 'ipv6' ||
    (expr.kind === 'masked' && (expr.value.kind === 'ipv4' || expr.value.kind === 'ipv6')),
);

/** A word, whatever bits of it are meant. */
const word = ({ expr }: Literal): string =>
  expr.kind === 'name' && expr.path.length === 1 ? (expr.path[0]?.text ?? '') : '';

const named = (
  symbol: 'port' | 'table' | 'group' | 'meter',
  more: (value: Literal) => boolean = () => false,
) => literal((value) => value.expr.kind === 'int' || value.symbol?.kind === symbol || more(value));

const type = (
  name: string,
  needed: string,
  summary: string,
  accepts: (value: Value) => boolean,
  more: Partial<ParameterType> = {},
): ParameterType => ({ name, needed, summary, accepts, space: 'value', ...more });

/** All of them; the reference is made of this table. */
export const PARAMETER_TYPES: readonly ParameterType[] = [
  type('any', 'anything', 'whatever the body makes of it', () => true),
  type('bool', '`true` or `false`', '`true`, `false` or a comparison', (v) => v.kind === 'truth'),
  type('duration', 'a duration', '`30s`, `5m`, or seconds as a number', kind('duration', 'int')),
  type(
    'field',
    'a field',
    'a field of the packet or a register, or some bits of one',
    literal((v) => v.symbol?.kind === 'register' || fieldByName(word(v)) !== undefined),
  ),
  type('group', 'a group', 'a `group` of the program, or its id', named('group'), { space: 'group' }),
  type('int', 'a number', '`40`, `0x800`', kind('int')),
  type('ip', 'an IP address', 'an IPv4 or an IPv6 address', kind('ipv4', 'ipv6')),
  type('ipv4', 'an IPv4 address', '`10.0.0.1`', kind('ipv4')),
  type('ipv6', 'an IPv6 address', '`fe80::1`', kind('ipv6')),
  type('list', 'a list', '`[…]`, or the rows of a file', (v) => v.kind === 'sequence' && v.form === 'list'),
  type('mac', 'a MAC address', '`02:00:00:00:00:01`', kind('mac')),
  type('meter', 'a meter', 'a `meter` of the program, or its id', named('meter'), { space: 'meter' }),
  type(
    'port',
    'a port',
    'a `port` of the program, a reserved one, or a number',
    named('port', (v) => reservedPort(wordIn(v.expr) ?? '') !== undefined),
  ),
  type('prefix', 'a prefix', '`10.0.0.0/8`, `fd00::/64`, or a single address', isPrefix),
  type(
    'protocol',
    'a protocol',
    '`tcp`, `udp6` …: what may stand alone in a match',
    literal((v) => isProtocolName(wordIn(v.expr) ?? '')),
  ),
  type('record', 'a record', '`{ip: 10.0.0.1, …}`, or a row of a file', (v) => v.kind === 'record'),
  type(
    'set',
    'a set',
    '`{80, 443}`, a list, or a range',
    (v) => v.kind === 'sequence' || (v.kind === 'literal' && v.expr.kind === 'range'),
  ),
  type('string', 'a text', '`"web"`, or any cell of a file', kind('string'), { text: true }),
  type('table', 'a table', 'a `table` of the program, or its number', named('table')),
];

const BY_NAME: ReadonlyMap<string, ParameterType> = new Map(PARAMETER_TYPES.map((t) => [t.name, t]));

export function parameterType(name: string): ParameterType | undefined {
  return BY_NAME.get(name);
}
