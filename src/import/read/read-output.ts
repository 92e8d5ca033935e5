/** Actions that send packets somewhere: output, controller, enqueue, group, resubmit (ovs-actions(7)). */
import {
  badArgument,
  badPort,
  badTarget,
  badValue,
  ignored,
  unknownWord,
} from '../../diagnostics/codes/import.ts';
import type { Action, ControllerReason } from '../../ir/types.ts';
import { portTo32 } from '../../openflow/ports.ts';
import { bytesFrom } from './bytes.ts';
import { readSmall, readU32 } from './numbers.ts';
import { MAX_PORTS, readPort, readTable, reservedPort } from './ports.ts';
import type { Args, Parsed } from './parsed.ts';
import { just, parsed } from './parsed.ts';
import { KeyValues } from './scanner.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';
import { plain, readSubfield } from './subfields.ts';
import { fieldByName } from '../../openflow/fields.ts';

/** Ports in the numbers of OpenFlow 1.0. */
const PORT = { unset: 0xfff7, inPort: 0xfff8, controller: 0xfffd, local: 0xfffe, none: 0xffff } as const;

/** The least of a packet that can be sent: its Ethernet header. */
const LEAST_LENGTH = 14;
const WHOLE_PACKET = 0xffff;

/** Can a packet be sent there? */
export function isOutput(port: number): boolean {
  return port < MAX_PORTS || (port >= PORT.inPort && port !== PORT.none);
}

/** An `output` to a port; null is reported. */
export function outputTo(args: Args, port: number): Parsed | null {
  const { source, whole } = args;
  if (!isOutput(port)) {
    const what = `nothing can be sent to the port ${shown(source.slice(args.start, args.end)) || args.name}`;
    return source.fail(badTarget, { action: args.name, what }, whole.start, whole.end, {
      switchError: 'OFPBAC_BAD_OUT_PORT',
    });
  }
  return just(args, {
    kind: 'output',
    port: portTo32(port),
    maxLen: port === PORT.controller ? WHOLE_PACKET : 0,
  });
}

export function readOutput(args: Args): Parsed | null {
  const { source, start, end } = args;
  const text = source.slice(start, end);
  if (text.includes('port') && text.includes('max_len')) return readTruncated(args);
  const name = /^[^[-]*/.exec(text)?.[0] ?? '';
  if (reservedPort(text) === undefined && (fieldByName(name) !== undefined || text.includes('['))) {
    const field = readSubfield(source, start, end);
    if (field === null) return null;
    return just(args, { kind: 'output_reg', source: plain(field), maxLen: WHOLE_PACKET });
  }
  const port = readPort(source, start, end);
  return port === null ? null : outputTo(args, port);
}

function readTruncated(args: Args): Parsed | null {
  const { source } = args;
  const pairs = new KeyValues(source.text, args.start, args.end);
  let port = 0;
  let maxLen = 0;
  while (pairs.next()) {
    const { key, valueStart, valueEnd } = pairs;
    if (key === 'port') {
      const read = readPort(source, valueStart, valueEnd);
      if (read === null) return null;
      if (read >= MAX_PORTS && read !== PORT.local && read !== PORT.inPort)
        return source.fail(badPort, { port: shown(pairs.value) }, valueStart, valueEnd);
      port = read;
    } else if (key === 'max_len') {
      const read = readU32(source, valueStart, valueEnd, 'max_len');
      if (read === null) return null;
      if (read < LEAST_LENGTH)
        return source.fail(
          badArgument,
          { action: 'output', what: `max_len is ${LEAST_LENGTH} or more` },
          valueStart,
          valueEnd,
        );
      maxLen = read;
    } else return unknownArgument(source, pairs, args.name);
  }
  if (maxLen === 0) {
    // ovs-ofctl sends this, and the switch refuses it.
    const what = `max_len is ${LEAST_LENGTH} or more`;
    return source.fail(badArgument, { action: 'output', what }, args.start, args.end, {
      switchError: 'OFPBAC_BAD_ARGUMENT',
    });
  }
  return just(args, { kind: 'output_trunc', port: portTo32(port), maxLen });
}

/** Reports an argument that the action does not have. */
export function unknownArgument(source: Source, { key, keyStart, keyEnd }: KeyValues, action: string): null {
  return source.fail(
    unknownWord,
    { word: shown(key), where: `\`${action}\`` },
    keyStart,
    Math.max(keyEnd, keyStart + 1),
  );
}

const REASONS: readonly ControllerReason[] = [
  'no_match',
  'action',
  'invalid_ttl',
  'action_set',
  'group',
  'packet_out',
];

/** Meter 0xffffffff is none. */
const NO_METER = 0xffffffff;

export function readController(args: Args): Parsed | null {
  const { source, start, end } = args;
  const text = source.slice(start, end);
  if (text === '') return outputTo(args, PORT.controller);
  if (/^[0-9]+$/.test(text)) {
    const maxLen = readSmall(source, start, end, 'max_len', 0xffff);
    return maxLen === null ? null : just(args, { kind: 'output', port: portTo32(PORT.controller), maxLen });
  }
  let reason: ControllerReason = 'action';
  let maxLen = WHOLE_PACKET;
  let id = 0;
  let userdata: Uint8Array | null = null;
  let pause = false;
  let meterId = NO_METER;
  const pairs = new KeyValues(source.text, start, end);
  while (pairs.next()) {
    const { key, valueStart, valueEnd } = pairs;
    if (key === 'reason') {
      const found = REASONS.find((r) => r === pairs.value.toLowerCase());
      if (found === undefined)
        return source.fail(
          badValue,
          { value: shown(pairs.value), name: key, needed: `one of ${REASONS.join(', ')}` },
          valueStart,
          valueEnd,
        );
      reason = found;
    } else if (key === 'max_len' || key === 'id') {
      const read = readSmall(source, valueStart, valueEnd, key, 0xffff);
      if (read === null) return null;
      if (key === 'id') id = read;
      else maxLen = read;
    } else if (key === 'userdata') {
      userdata = bytesFrom(source, valueStart, valueEnd, 'userdata');
      if (userdata === null) return null;
    } else if (key === 'pause') pause = true;
    else if (key === 'meter_id') {
      const read = readU32(source, valueStart, valueEnd, key);
      if (read === null) return null;
      meterId = read;
    } else return unknownArgument(source, pairs, args.name);
  }
  const action: Action = {
    kind: 'controller',
    maxLen,
    reason,
    id,
    userdata,
    pause,
    meterId: meterId === NO_METER ? null : meterId,
  };
  const only = reason === 'action' && id === 0 && userdata === null && !pause && meterId === NO_METER;
  return just(args, only ? { kind: 'output', port: portTo32(PORT.controller), maxLen } : action);
}

export function readEnqueue(args: Args): Parsed | null {
  const { source, start, end } = args;
  const text = source.slice(start, end);
  const [whole = '', before = '', word = ''] = /^([:q,]*)([^:q,]+)[:q,]/.exec(text) ?? [];
  if (word === '' || whole.length === text.length)
    return source.fail(
      badArgument,
      { action: args.name, what: 'a port and a queue are needed' },
      start,
      Math.max(end, start),
    );
  const from = start + before.length;
  const port = readPort(source, from, from + word.length);
  if (port === null) return null;
  const queue = readU32(source, start + whole.length, end, 'queue');
  if (queue === null) return null;
  if (port >= MAX_PORTS && port !== PORT.inPort && port !== PORT.local)
    return source.fail(
      badTarget,
      { action: args.name, what: `\`${shown(word)}\` has no queues` },
      from,
      from + word.length,
      {
        switchError: 'OFPBAC_BAD_OUT_PORT',
      },
    );
  return just(args, { kind: 'enqueue', port: portTo32(port), queue });
}

export function readGroupAction(args: Args): Parsed | null {
  const id = readU32(args.source, args.start, args.end, 'group');
  return id === null ? null : parsed(args, { action: { kind: 'group', id }, in10: true });
}

export function readResubmit(args: Args): Parsed | null {
  const { source, start, end } = args;
  const parts: { start: number; end: number }[] = [];
  let at = start;
  for (const part of source.slice(start, end).split(',')) {
    parts.push({ start: at, end: at + part.length });
    at += part.length + 1;
  }
  const [portAt, tableAt, ctAt, more] = parts;
  let port: number | null = null;
  if (portAt !== undefined && portAt.end > portAt.start) {
    const read = readPort(source, portAt.start, portAt.end);
    if (read === null) return null;
    port = read === PORT.inPort ? null : read;
  }
  let table: number | null = null;
  if (tableAt !== undefined && tableAt.end > tableAt.start) {
    const read = readTable(source, tableAt.start, tableAt.end);
    if (read === null) return null;
    table = read === 255 ? null : read;
  }
  const ct = ctAt !== undefined && ctAt.end > ctAt.start;
  if (ct && source.slice(ctAt.start, ctAt.end) !== 'ct')
    return source.fail(
      unknownWord,
      { word: shown(source.slice(ctAt.start, ctAt.end)), where: '`resubmit`' },
      ctAt.start,
      ctAt.end,
    );
  if (more !== undefined)
    source.warn(
      ignored,
      { text: shown(source.slice(more.start, end)), why: '`resubmit` has three arguments' },
      more.start,
      end,
    );
  if (port === null && table === null)
    return source.fail(
      badArgument,
      { action: args.name, what: 'a port or a table is needed' },
      args.whole.start,
      args.whole.end,
    );
  return just(args, { kind: 'resubmit', port, table, ct });
}
