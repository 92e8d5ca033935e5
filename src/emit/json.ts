/**
 * The flows as JSON, for programs that want neither text to parse nor bytes: `docs/ir-json.md` describes it.
 *
 * Whatever may need more than 53 bits (values, masks, cookies, addresses) is a string `0x…`, bytes are a string of
 * hexadecimal digits, everything else is as in `src/ir/types.ts`. Keys have a fixed order; the same program gives
 * the same bytes.
 */
import type { Action, FlowMod, GroupMod, MeterMod, Origin, ProgramIr, TlvMapping } from '../ir/types.ts';
import { FLOW_FLAGS } from '../ir/types.ts';
import { statisticsOf } from '../ir/statistics.ts';
import { hex } from './text/values.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Version of the format: grows when something is renamed or removed, not when something is added. */
export const JSON_FORMAT = 1;

/** From 1, as editors count. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface JsonOptions {
  /** Where an offset of a file is. Without it origins have offsets only. */
  readonly place?: (file: number, offset: number) => Place;
  /** Spaces per level; default 2, 0 for one line. */
  readonly indent?: number;
}

export function emitJson(program: ProgramIr, options: JsonOptions = {}): string {
  return `${JSON.stringify(programJson(program, options), null, options.indent ?? 2)}\n`;
}

export function programJson(program: ProgramIr, options: JsonOptions = {}): Json {
  const flows: Json[] = [];
  for (const flow of program.flows) flows.push(flowJson(flow, program.files, options));
  return {
    format: JSON_FORMAT,
    program: program.name,
    version: program.version,
    cookies: { value: cookieJson(program.cookies.value), mask: cookieJson(program.cookies.mask) },
    tables: namesJson(program.tables),
    ports: namesJson(program.ports),
    unresolved_ports: namesJson(program.unresolvedPorts),
    files: program.files,
    groups: program.groups.map((group) => groupJson(group, program.files, options)),
    group_ids: plain(program.groupIds),
    meters: program.meters.map((meter) => meterJson(meter, program.files, options)),
    meter_ids: plain(program.meterIds),
    stats: statsJson(program, options),
    tunnel_metadata: program.tlvs.map((tlv) => tlvJson(tlv, program.files, options)),
    flows,
  };
}

function statsJson(program: ProgramIr, options: JsonOptions): Json {
  const { flows, tables, registers, conjunctions } = statisticsOf(program);
  return {
    flows,
    tables: tables.map(({ number, name, flows: count, allocated }) => ({
      number,
      name,
      flows: count,
      allocated,
    })),
    registers: registers.map(({ name, place: { field, offset, bits }, allocated }) => ({
      name,
      field,
      offset,
      bits,
      allocated,
    })),
    conjunctions: conjunctions.map(({ name, id }) => ({ name, id })),
    expansions: program.expansions.map(({ name, origin, flows: made, method, values }) => ({
      name,
      flows: made,
      method,
      values,
      origin: originJson(origin, program.files, options),
    })),
  };
}

/** One flow of a program with those files. */
export function flowJson(flow: FlowMod, files: readonly string[], options: JsonOptions = {}): Json {
  const { apply, clear, write, writeMetadata, goto } = flow.instructions;
  return {
    name: flow.name,
    table: flow.table,
    priority: flow.priority,
    cookie: cookieJson(flow.cookie),
    idle_timeout: flow.idleTimeout,
    hard_timeout: flow.hardTimeout,
    importance: flow.importance,
    flags: Object.entries(FLOW_FLAGS)
      .filter(([, bit]) => (flow.flags & bit) !== 0)
      .map(([name]) => name),
    match: flow.match.map((term) => ({
      field: term.field,
      value: hex(term.value),
      mask: term.mask === null ? null : hex(term.mask),
    })),
    instructions: {
      apply: apply.map(actionJson),
      clear,
      write: write === null ? null : write.map(actionJson),
      write_metadata: plain(writeMetadata),
      goto,
    },
    origin: originJson(flow.origin, files, options),
  };
}

function groupJson(group: GroupMod, files: readonly string[], options: JsonOptions): Json {
  const { name, id, type, selection, buckets, origin } = group;
  return {
    name,
    id,
    type,
    selection: plain(selection),
    buckets: buckets.map((bucket) => ({
      id: bucket.id,
      weight: bucket.weight,
      watch_port: bucket.watchPort,
      watch_group: bucket.watchGroup,
      actions: bucket.actions.map(actionJson),
      origin: originJson(bucket.origin, files, options),
    })),
    origin: originJson(origin, files, options),
  };
}

function meterJson(meter: MeterMod, files: readonly string[], options: JsonOptions): Json {
  const { name, id, unit, burst, stats, bands, origin } = meter;
  const flags = [...(burst ? ['burst'] : []), ...(stats ? ['stats'] : [])];
  return { name, id, unit, flags, bands: plain(bands), origin: originJson(origin, files, options) };
}

function tlvJson(tlv: TlvMapping, files: readonly string[], options: JsonOptions): Json {
  const { index, class: tlvClass, type, length, origin } = tlv;
  return {
    field: `tun_metadata${index}`,
    class: tlvClass,
    type,
    length,
    origin: originJson(origin, files, options),
  };
}

function originJson(origin: Origin, files: readonly string[], { place }: JsonOptions): Json {
  const { file, start, end } = origin;
  const where = place?.(file, start);
  return {
    file: files[file] ?? null,
    ...(where === undefined ? {} : { line: where.line, column: where.column }),
    start,
    end,
  };
}

/** `kind` first, the other keys in alphabetical order: an action's arguments have no order of their own. */
function actionJson(action: Action): Json {
  const { kind, ...rest } = action;
  return { kind, ...(plain(rest) as Readonly<Record<string, Json>>) };
}

function plain(value: unknown): Json {
  if (typeof value === 'bigint') return hex(value);
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (value instanceof Uint8Array)
    return [...value].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  if (Array.isArray(value))
    return value.map((item: unknown) => (isAction(item) ? actionJson(item) : plain(item)));
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(
      entries.map(([key, item]: [string, unknown]) => [
        snake(key),
        key === 'cookie' && typeof item === 'bigint' ? cookieJson(item) : plain(item),
      ]),
    );
  }
  throw new TypeError(`not in the intermediate representation: ${typeof value}`);
}

function isAction(value: unknown): value is Action {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

/** `maxLen` is `max_len` outside: the words of ovs-ofctl. */
function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** All 16 digits: cookies are compared by eye. */
function cookieJson(cookie: bigint): string {
  return `0x${cookie.toString(16).padStart(16, '0')}`;
}

function namesJson(names: ReadonlyMap<number, string>): Json {
  return [...names].sort(([a], [b]) => a - b).map(([number, name]) => ({ number, name }));
}
