/** Groups as `add-group` and `dump-groups` of ovs-ofctl have them (ovs-ofctl(8), "Group Syntax"). */
import { badGroup, badMask, badPort, badValue, unknownWord } from '../../diagnostics/codes/import.ts';
import type { Bucket, GroupMod } from '../../ir/types.ts';
import { portTo32 } from '../../openflow/ports.ts';
import { readList } from './actions.ts';
import { resolveBucket } from './consistency.ts';
import { readSmall, readU32, readU64 } from './numbers.ts';
import { MAX_PORTS, readPort } from './ports.ts';
import { KeyValues } from './scanner.ts';
import { report, shown, Source } from './source.ts';
import { fieldByPlainName, onesOf } from './subfields.ts';
import type { GroupCommand, ReadContext, ReadGroup } from './types.ts';
import { readExact } from './values.ts';
import { hasVariable } from './variables.ts';

/** OFPG_MAX, OFPG_ALL, OFPG_ANY and OFPG_BUCKET_MAX (OpenFlow 1.5.1 §7.3.4.3). */
const GROUP = { max: 0xffffff00, all: 0xfffffffc, any: 0xffffffff, maxBucket: 0xffffff00 } as const;
const ANY_PORT = 0xffff;
const MAX_METHOD = 15;

const COMMANDS: readonly GroupCommand[] = [
  'add',
  'delete',
  'modify',
  'add_or_mod',
  'insert_bucket',
  'remove_bucket',
];

const TYPES: Readonly<Record<string, GroupMod['type']>> = {
  all: 'all',
  select: 'select',
  indirect: 'indirect',
  ff: 'fast_failover',
  fast_failover: 'fast_failover',
};

type Field = NonNullable<GroupMod['selection']>['fields'][number];

interface Head {
  id: number;
  type: GroupMod['type'] | null;
  method: { text: string; start: number; end: number } | null;
  param: bigint;
  fields: Field[];
  bucketId: boolean;
}

/** Reads one group of `add-group` or `dump-groups`. Null where it cannot be read, which has been reported. */
export function readGroup(ctx: ReadContext, start: number, end: number): ReadGroup | null {
  if (hasVariable(ctx, start, end)) return null;
  const source = new Source(ctx.text.slice(start, end), ctx.names);
  const read = readWhole(source);
  report(ctx, source.notes, start);
  return read === null ? null : { ...read, start, end, warnings: source.notes.length };
}

function readWhole(source: Source): Omit<ReadGroup, 'start' | 'end' | 'warnings'> | null {
  const { text } = source;
  const { command, next } = commandIn(text);
  const buckets = text.indexOf('bucket=', next);
  const headEnd = buckets === -1 ? text.length : buckets;
  const refuse = (what: string, from: number, to: number): null =>
    source.fail(badGroup, { what }, from, Math.max(to, from));
  if (command === 'delete' && text.slice(next).trim() === '')
    return { command, group: { id: GROUP.all, type: 'all', selection: null, buckets: [] } };
  if (buckets !== -1 && (command === 'delete' || command === 'remove_bucket'))
    return refuse('a deletion has no buckets', buckets, text.length);
  const head = readHead(source, command, next, headEnd);
  if (head === null) return null;
  const typed = command === 'add' || command === 'modify' || command === 'add_or_mod';
  if (head.id === GROUP.any) return refuse('`group_id=` is missing', next, headEnd);
  if (typed && head.type === null) return refuse('`type=` is missing', next, headEnd);
  if (command === 'insert_bucket' && !head.bucketId)
    return refuse('`command_bucket_id=` is missing', next, headEnd);
  const selection = selectionOf(source, head);
  if (selection === undefined) return null;
  const type = head.type ?? 'all';
  const list = readBuckets(source, buckets, type);
  if (list === null) return null;
  if (type === 'indirect' && list.length > 1)
    return refuse('an indirect group has one bucket at most', buckets, text.length);
  return { command, group: { id: head.id, type, selection, buckets: list } };
}

function commandIn(text: string): { command: GroupCommand; next: number } {
  const [blanks = '', word = ''] = /^([ \t\r\n]*)([^, \t\r\n]*)/.exec(text)?.slice(1) ?? [];
  const command = word === '' ? undefined : COMMANDS.find((c) => c.startsWith(word));
  if (command === undefined) return { command: 'add', next: 0 };
  return { command, next: blanks.length + word.length };
}

function readHead(source: Source, command: GroupCommand, start: number, end: number): Head | null {
  const head: Head = { id: GROUP.any, type: null, method: null, param: 0n, fields: [], bucketId: false };
  const pairs = new KeyValues(source.text, start, end);
  while (pairs.next()) {
    const { key, keyStart, keyEnd } = pairs;
    const typed = command === 'add' || command === 'modify' || command === 'add_or_mod';
    const bucketCommand = command === 'insert_bucket' || command === 'remove_bucket';
    const known =
      key === 'group_id' || (key === 'command_bucket_id' ? bucketCommand : typed && isTypeWord(key));
    if (!known)
      return source.fail(
        unknownWord,
        { word: shown(key), where: 'a group' },
        keyStart,
        Math.max(keyEnd, keyStart + 1),
      );
    if (!readPart(source, pairs, head, command)) return null;
  }
  return head;
}

function isTypeWord(key: string): boolean {
  return ['type', 'selection_method', 'selection_method_param', 'fields'].includes(key);
}

function readPart(source: Source, pairs: KeyValues, head: Head, command: GroupCommand): boolean {
  const { key, value, valueStart, valueEnd } = pairs;
  const refuse = (needed: string): false => {
    source.fail(
      badValue,
      { value: shown(value), name: key, needed },
      valueStart,
      Math.max(valueEnd, valueStart),
    );
    return false;
  };
  switch (key) {
    case 'group_id': {
      const id = value === 'all' ? GROUP.all : readU32(source, valueStart, valueEnd, key);
      if (id === null) return false;
      if (id > GROUP.max && id !== GROUP.all) return refuse('a number up to 0xffffff00');
      head.id = id;
      return true;
    }
    case 'type': {
      const type = Object.hasOwn(TYPES, value) ? TYPES[value] : undefined;
      if (type === undefined) return refuse(`one of ${Object.keys(TYPES).join(', ')}`);
      head.type = type;
      return true;
    }
    case 'command_bucket_id': {
      head.bucketId = true;
      if (value === 'first' || value === 'last') return true;
      if (value === 'all') return command === 'remove_bucket' || refuse('first, last or a number');
      return readU32(source, valueStart, valueEnd, key) !== null;
    }
    case 'selection_method':
      if (value.length > MAX_METHOD) return refuse(`a word of ${MAX_METHOD} letters at most`);
      head.method = { text: value, start: valueStart, end: valueEnd };
      return true;
    case 'selection_method_param': {
      const param = readU64(source, valueStart, valueEnd, key);
      head.param = param ?? 0n;
      return param !== null;
    }
    default:
      return readFields(source, pairs, head.fields);
  }
}

/** `fields(ip_dst,tcp_src=0xff00)`: what stands behind a field is the mask of it that counts. */
function readFields(source: Source, outer: KeyValues, fields: Field[]): boolean {
  const pairs = new KeyValues(source.text, outer.valueStart, outer.valueEnd);
  while (pairs.next()) {
    const { key, keyStart, keyEnd, valueStart, valueEnd } = pairs;
    const f = fieldByPlainName(key);
    const refuse = (what: string): false => {
      source.fail(badGroup, { what }, keyStart, Math.max(valueEnd, keyEnd, keyStart + 1));
      return false;
    };
    if (f === undefined) return refuse(`there is no field \`${shown(key)}\``);
    if (fields.some((g) => g.field === f.name)) return refuse(`\`${f.name}\` is there twice`);
    if (valueStart === valueEnd) {
      fields.push({ field: f.name, mask: null });
      continue;
    }
    const mask = readExact(source, f, valueStart, valueEnd);
    if (mask === null) return false;
    const all = onesOf(f.bytes * 8);
    if (mask === 0n && !f.name.startsWith('tun_metadata'))
      return refuse(`a mask of \`${f.name}\` without bits hashes nothing`);
    if (mask !== all && mask !== 0n && !f.maskable) {
      source.fail(badMask, { name: f.name, partly: true }, valueStart, valueEnd);
      return false;
    }
    fields.push({ field: f.name, mask: mask === all ? null : mask });
  }
  return true;
}

/** undefined where it has been refused. */
function selectionOf(source: Source, { method, param, fields }: Head): GroupMod['selection'] | undefined {
  const name = method?.text ?? '';
  let what: string | null = null;
  if (name !== 'hash' && fields.length > 0) what = '`fields` go with `selection_method=hash` only';
  else if (name === '' && param !== 0n) what = '`selection_method_param` needs a `selection_method`';
  if (what === null) {
    if (name === '') return null;
    if (name === 'hash' || name === 'dp_hash') return { method: name, param, fields };
    what = `the switch has no selection method \`${shown(name)}\``;
  }
  source.fail(badGroup, { what }, method?.start ?? 0, method?.end ?? source.text.length);
  return undefined;
}

function readBuckets(source: Source, first: number, type: GroupMod['type']): Bucket[] | null {
  const { text } = source;
  const buckets: Bucket[] = [];
  for (let at = first; at !== -1;) {
    const start = at + 'bucket='.length;
    const next = text.indexOf('bucket=', start);
    const bucket = readBucket(source, start, next === -1 ? text.length : next, type, buckets.length);
    if (bucket === null) return null;
    buckets.push(bucket);
    at = next;
  }
  return buckets;
}

function readBucket(
  source: Source,
  start: number,
  end: number,
  type: GroupMod['type'],
  index: number,
): Bucket | null {
  let weight: number | null = null;
  let id = index;
  let watchPort: number | null = null;
  let watchGroup: number | null = null;
  const lists: { start: number; end: number }[] = [];
  const pairs = new KeyValues(source.text, start, end);
  while (pairs.next()) {
    const { valueStart, valueEnd } = pairs;
    const key = pairs.key.toLowerCase();
    const refuse = (needed: string): null =>
      source.fail(
        badValue,
        { value: shown(pairs.value), name: key, needed },
        valueStart,
        Math.max(valueEnd, valueStart),
      );
    if (key === 'weight') {
      weight = readSmall(source, valueStart, valueEnd, key, 0xffff);
      if (weight === null) return null;
      if (type !== 'select' && weight !== 0)
        return source.fail(
          badGroup,
          { what: 'only buckets of a select group have weights' },
          pairs.keyStart,
          valueEnd,
        );
    } else if (key === 'watch_port') {
      const port = readPort(source, valueStart, valueEnd);
      if (port === null) return null;
      if (port >= MAX_PORTS && port !== ANY_PORT)
        return source.fail(badPort, { port: shown(pairs.value) }, valueStart, valueEnd);
      watchPort = port === ANY_PORT ? null : portTo32(port);
    } else if (key === 'watch_group' || key === 'bucket_id') {
      const number = readU32(source, valueStart, valueEnd, key);
      if (number === null) return null;
      if (number > GROUP.max) return refuse('a number up to 0xffffff00');
      if (key === 'bucket_id') id = number;
      else watchGroup = number;
    } else if (key === 'action' || key === 'actions') lists.push({ start: valueStart, end: valueEnd });
    else lists.push({ start: pairs.keyStart, end: pairs.end });
  }
  if (lists.length === 0)
    return source.fail(badGroup, { what: 'a bucket without actions' }, start, Math.max(end, start));
  const actions = [];
  for (const list of lists) {
    const read = readList(source, list.start, list.end, 'bucket');
    if (read === null) return null;
    actions.push(...resolveBucket(read));
  }
  return { id, weight, watchPort, watchGroup, actions, origin: { file: 0, start, end } };
}
