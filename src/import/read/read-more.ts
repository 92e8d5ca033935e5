/** The rest of the actions (ovs-actions(7)). */
import { badArgument, badTarget, badValue, ignored, padded } from '../../diagnostics/codes/import.ts';
import type { Action } from '../../ir/types.ts';
import { bytesFrom } from './bytes.ts';
import { readSmall, readU32, readU64, readWrapping } from './numbers.ts';
import { readPort, readTable } from './ports.ts';
import type { Args, ReadAction, SoftNeed } from './parsed.ts';
import { just, parsed } from './parsed.ts';
import { unknownArgument } from './read-output.ts';
import { KeyValues, Words } from './scanner.ts';
import { shown } from './source.ts';

/** An action without arguments. */
export function bare(action: Action, soft: SoftNeed | null = null, in10 = true): ReadAction {
  return (args) => {
    passOver(args);
    return parsed(args, { action, soft, in10 });
  };
}

function passOver({ source, name, start, end }: Args): void {
  if (end > start)
    source.warn(
      ignored,
      { text: shown(source.slice(start, end)), why: `\`${name}\` has no arguments` },
      start,
      end,
    );
}

export const readDrop: ReadAction = (args) => {
  passOver(args);
  return parsed(args, { drop: true });
};

export const readClearActions: ReadAction = (args) => {
  passOver(args);
  return parsed(args, { role: 'clear_actions' });
};

export const readGotoTable: ReadAction = (args) => {
  const { source, start, end } = args;
  const table = readTable(source, start, end);
  return table === null ? null : parsed(args, { role: 'goto_table', table });
};

export const readWriteMetadata: ReadAction = (args) => {
  const { source, start, end } = args;
  const slash = source.text.indexOf('/', start);
  const masked = slash !== -1 && slash < end;
  const mask = masked ? readU64(source, slash + 1, end, 'write_metadata') : null;
  if (masked && mask === null) return null;
  const value = readU64(source, start, masked ? slash : end, 'write_metadata');
  if (value === null) return null;
  const all = 0xffff_ffff_ffff_ffffn;
  return parsed(args, { role: 'write_metadata', metadata: { value, mask: mask === all ? null : mask } });
};

/** OFPM_MAX: meters above it are not for flows. */
const MAX_METER = 0xffff0000;

export const readMeterAction: ReadAction = (args) => {
  const { source, start, end } = args;
  const id = readU32(source, start, end, 'meter');
  if (id === null) return null;
  if (id === 0 || id > MAX_METER)
    return source.fail(
      badTarget,
      { action: args.name, what: `there is no meter ${id}` },
      args.whole.start,
      args.whole.end,
      {
        switchError: 'OFPMMFC_INVALID_METER',
      },
    );
  return parsed(args, { role: 'meter', action: { kind: 'meter', id }, in10: false });
};

/** `push_vlan`, `push_mpls`, `pop_mpls`. */
export function ethertype(kind: 'push_vlan' | 'push_mpls' | 'pop_mpls', soft: SoftNeed | null): ReadAction {
  return (args) => {
    const { source, start, end } = args;
    const type = readSmall(source, start, end, args.name, 0xffff);
    if (type === null) return null;
    if (kind === 'push_vlan' && type !== 0x8100 && type !== 0x88a8)
      return source.fail(
        badValue,
        { value: shown(source.slice(start, end)), name: args.name, needed: '0x8100 or 0x88a8' },
        start,
        end,
      );
    return parsed(args, { action: { kind, ethertype: type }, soft, in10: kind !== 'push_vlan' });
  };
}

export const readSetQueue: ReadAction = (args) => {
  const queue = readU32(args.source, args.start, args.end, args.name);
  return queue === null ? null : just(args, { kind: 'set_queue', queue });
};

export const readDecTtl: ReadAction = (args) => {
  const { source, start, end } = args;
  if (start === end) return parsed(args, { action: { kind: 'dec_ttl', controllers: [] }, soft: 'IP' });
  const words = new Words(source.text, start, end);
  const controllers: number[] = [];
  while (words.next(', ')) controllers.push(readWrapping(source, words.start, words.end, args.name, 16));
  if (controllers.length === 0)
    return source.fail(
      badArgument,
      { action: args.name, what: 'in parentheses stand ids of controllers' },
      start,
      end,
    );
  return parsed(args, { action: { kind: 'dec_ttl', controllers }, soft: 'IP' });
};

export const readFinTimeout: ReadAction = (args) => {
  const { source } = args;
  let idle = 0;
  let hard = 0;
  const pairs = new KeyValues(source.text, args.start, args.end);
  while (pairs.next()) {
    const { key, valueStart, valueEnd } = pairs;
    if (key !== 'idle_timeout' && key !== 'hard_timeout') return unknownArgument(source, pairs, args.name);
    const value = readSmall(source, valueStart, valueEnd, key, 0xffff);
    if (value === null) return null;
    if (key === 'idle_timeout') idle = value;
    else hard = value;
  }
  return parsed(args, { action: { kind: 'fin_timeout', idle, hard }, soft: 'TCP' });
};

export const readConjunction: ReadAction = (args) => {
  const { source, start, end } = args;
  const text = source.slice(start, end);
  const found = /^\s*([+-]?(?:0[xX][0-9a-fA-F]+|\d+))\s*,\s*(\d{1,9})\s*\/\s*(\d{1,9})\s*$/.exec(text);
  const refuse = (what: string): null =>
    source.fail(badArgument, { action: args.name, what }, args.whole.start, args.whole.end);
  if (found === null) return refuse('it is written `conjunction(id,k/n)`');
  const [, idText = '', k = '', n = ''] = found;
  const at = start + text.indexOf(idText);
  const id = readU32(source, at, at + idText.length, 'id');
  if (id === null) return null;
  const clause = readWrapping(
    source,
    end - text.length + text.indexOf(k, text.indexOf(',')),
    end - text.length + text.indexOf(k, text.indexOf(',')) + k.length,
    'k',
    8,
  );
  const nAt = start + text.indexOf(n, text.indexOf('/'));
  const clauses = readWrapping(source, nAt, nAt + n.length, 'n', 8);
  if (clauses < 2 || clauses > 64) return refuse('it has 2 to 64 parts');
  if (clause < 1 || clause > clauses) return refuse(`there is no part ${clause} of ${clauses}`);
  return parsed(args, { action: { kind: 'conjunction', id, clause, clauses } });
};

/** Bytes of a note before it is filled up, and what an action is a multiple of. */
const NOTE_HEADER = 10;
const ALIGNMENT = 8;

export const readNote: ReadAction = (args) => {
  const { source, start, end } = args;
  const bytes = bytesFrom(source, start, end, args.name);
  if (bytes === null) return null;
  const whole =
    Math.max(ALIGNMENT * 2, Math.ceil((NOTE_HEADER + bytes.length) / ALIGNMENT) * ALIGNMENT) - NOTE_HEADER;
  if (whole !== bytes.length)
    source.warn(padded, { bytes: bytes.length, becomes: whole }, args.whole.start, args.whole.end);
  const filled = new Uint8Array(whole);
  filled.set(bytes);
  return just(args, { kind: 'note', bytes: filled });
};

export const readSample: ReadAction = (args) => {
  const { source } = args;
  const numbers = { collector_set_id: 0, obs_domain_id: 0, obs_point_id: 0 };
  let probability = 0;
  let samplingPort: number | null = null;
  let direction: 'ingress' | 'egress' | null = null;
  const pairs = new KeyValues(source.text, args.start, args.end);
  while (pairs.next()) {
    const { key, valueStart, valueEnd } = pairs;
    if (key === 'probability') {
      const read = readSmall(source, valueStart, valueEnd, key, 0xffff);
      if (read === null) return null;
      probability = read;
      if (read === 0) break;
    } else if (key === 'collector_set_id' || key === 'obs_domain_id' || key === 'obs_point_id') {
      const read = readU32(source, valueStart, valueEnd, key);
      if (read === null) return null;
      numbers[key] = read;
    } else if (key === 'sampling_port') {
      const read = readPort(source, valueStart, valueEnd);
      if (read === null) return null;
      samplingPort = read === 0xffff ? null : read;
    } else if (key === 'ingress' || key === 'egress') direction = key;
    else return unknownArgument(source, pairs, args.name);
  }
  if (probability === 0)
    return source.fail(
      badArgument,
      { action: args.name, what: '`probability` is 1 to 65535' },
      args.whole.start,
      args.whole.end,
    );
  return just(args, {
    kind: 'sample',
    probability,
    collectorSetId: numbers.collector_set_id,
    obsDomainId: numbers.obs_domain_id,
    obsPointId: numbers.obs_point_id,
    samplingPort,
    direction,
  });
};

export const readDebug: ReadAction = (args) =>
  args.source.fail(
    badTarget,
    { action: args.name, what: 'no switch takes it, unless it was started for tests' },
    args.whole.start,
    args.whole.end,
    {
      switchError: 'OFPBAC_BAD_VENDOR_TYPE',
    },
  );
