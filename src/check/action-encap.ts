/** Other headers around the packet, `encap` and `decap`, and samples of it (ovs-actions(7)). */
import type { CallExpr, CommandStatement, Expr } from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/actions.ts';
import type { Action } from '../ir/types.ts';
import { portTo16 } from '../openflow/ports.ts';
import { ETH_TYPE } from '../openflow/protocols.ts';
import { bytesOf, missing, numberOf, oneOf, readArguments, readCallExpr } from './action-args.ts';
import type { ActionList } from './action-list.ts';
import { evaluatePort } from './values.ts';
import { decap as decapped, encap as encapped, encapEthernet, unmet } from './state.ts';
import { kindOf } from './show.ts';

type Encap = Extract<Action, { kind: 'encap' }>;
type Tlv = Extract<Encap, { header: 'nsh' }>['tlvs'][number];

const HEADERS = ['ethernet', 'mpls', 'mpls_mc', 'nsh'] as const;
const TYPES = { mpls: ETH_TYPE.mpls, mpls_mc: ETH_TYPE.mplsMulticast, nsh: ETH_TYPE.nsh } as const;

/** `encap(ethernet)`, `encap(mpls)`, `encap(nsh(md_type = 2, tlv(0x1000, 10, "12.34.56.78")))` */
export function encap(list: ActionList, s: CommandStatement): Action | null {
  const form = 'encap(ethernet), encap(mpls), encap(mpls_mc), encap(nsh) or encap(nsh(md_type = 1 or 2, …))';
  const args = readArguments(list, s, { values: ['header'], positional: 1, calls: ['nsh'], form });
  const call = args.call('nsh');
  const expr = args.value('header');
  if (call === undefined && expr === undefined) {
    list.forget();
    return args.sound ? missing(list, s, 'a header', form) : null;
  }
  const header = expr === undefined ? 'nsh' : oneOf(list, expr, 'the header', HEADERS);
  if (header === null) {
    list.forget();
    return null;
  }
  const made: Encap | null =
    call !== undefined
      ? nsh(list, call)
      : header === 'nsh'
        ? { kind: 'encap', header, mdType: null, tlvs: [] }
        : { kind: 'encap', header };
  if (header === 'ethernet') {
    if (list.known && !list.inBucket && list.state.packetType === 0) {
      const why = 'it has an Ethernet header already';
      list.warn(codes.unsupportedPacket, { action: 'encap(ethernet)', why }, s.span);
    }
    list.change(
      'encap(ethernet)',
      'nothing is known of what is behind the Ethernet header',
      s.span,
      encapEthernet,
    );
  } else {
    const effect = `the packet is ${header === 'nsh' ? 'NSH' : 'MPLS'}`;
    const first = header !== 'nsh' && unmet('MPLS', list.state) !== null;
    list.change(`encap(${header})`, effect, s.span, (state) => encapped(state, TYPES[header]));
    list.firstLabel = first;
  }
  return args.sound && (expr === undefined || call === undefined) ? made : null;
}

/** What Open vSwitch can send behind the fixed part of a header, and what ends it (seen on OVS 3.1.0). */
const MAX_METADATA = 240;
const FATAL_METADATA = 244;
/** The length of a TLV has 7 bits there. */
const MAX_VALUE = 127;

function nsh(list: ActionList, call: CallExpr): Encap | null {
  const tlvCalls = call.args.filter(
    (a) => a.name === null && a.value.kind === 'call' && a.value.name.text === 'tlv',
  );
  const rest = { ...call, args: call.args.filter((a) => !tlvCalls.includes(a)) };
  const form = 'nsh(md_type = 1) or nsh(md_type = 2, tlv(CLASS, TYPE, "BYTES"), …)';
  const args = readCallExpr(list, rest, { values: ['md_type'], form });
  const mdType = numberOf(list, args, 'md_type', { what: '`md_type`', max: 0xff });
  const mdExpr = args.value('md_type');
  if (typeof mdType === 'number' && mdExpr !== undefined && mdType !== 1 && mdType !== 2) {
    if (list.refuses(codes.unknownMetadata, { mdType }, mdExpr.span)) return null;
  }
  const tlvs = tlvCalls.map((a) => (a.value.kind === 'call' ? tlv(list, a.value) : null));
  if (!args.sound || mdType === null || !tlvs.every((t) => t !== null)) return null;
  const [first] = tlvCalls;
  if (first !== undefined) {
    const size = tlvs.reduce((sum, { value }) => sum + 4 + Math.ceil(value.length / 4) * 4, 0);
    const fatal = mdType === 2 && size === FATAL_METADATA;
    if (fatal && list.refuses(codes.nshCrashes, {}, first.span)) return null;
    const why =
      (mdType ?? 1) !== 2
        ? 'only `md_type = 2` has them'
        : size > MAX_METADATA && !fatal
          ? `they take ${size} bytes, and there is room for ${MAX_METADATA}`
          : null;
    if (why !== null && list.refuses(codes.lostTlv, { why }, first.span)) return null;
  }
  return { kind: 'encap', header: 'nsh', mdType: mdType ?? null, tlvs };
}

/** `tlv(0x1000, 10, "12.34.56.78")` */
function tlv(list: ActionList, call: CallExpr): Tlv | null {
  const form = 'tlv(CLASS, TYPE, "BYTES")';
  const args = readCallExpr(list, call, { values: ['class', 'type', 'value'], positional: 3, form });
  const tlvClass = numberOf(list, args, 'class', { what: 'the class', max: 0xffff });
  const type = numberOf(list, args, 'type', { what: 'the type', max: 0xff });
  const expr = args.value('value');
  const value = expr === undefined ? undefined : valueOf(list, expr);
  if (!args.sound) return null;
  for (const [part, what] of [
    [tlvClass, 'a class'],
    [type, 'a type'],
    [value, 'a value'],
  ] as const) {
    if (part === undefined) return list.error(codes.missingPart, { action: 'tlv', what, form }, call.span);
  }
  if (typeof tlvClass !== 'number' || typeof type !== 'number' || value === null || value === undefined)
    return null;
  return { class: tlvClass, type, value };
}

/** Bytes in quotes, or a hexadecimal number, as many as its value needs. */
function valueOf(list: ActionList, expr: Expr): Uint8Array | null {
  if (expr.kind === 'string') return bytesOf(list, expr, 'the value of a `tlv`', MAX_VALUE, 0);
  if (expr.kind === 'missing') return list.fail();
  if (expr.kind !== 'int' || expr.radix !== 16) {
    const found = expr.kind === 'int' ? 'a decimal number' : kindOf(expr);
    return list.error(codes.badTlv, { why: `its value is ${found}, not hexadecimal digits` }, expr.span);
  }
  // Zeros in front count: the text says how many bytes there are.
  const written = list.ctx.scope
    .textOf(list.ctx.file)
    .slice(expr.span.start + 2, expr.span.end)
    .replaceAll('_', '');
  const shortest = expr.value.toString(16);
  const digits = /^[0-9a-f]+$/i.test(written) && written.length >= shortest.length ? written : shortest;
  const why =
    digits.length % 2 === 1
      ? 'its digits do not come in pairs'
      : digits.length > 2 * MAX_VALUE
        ? `its value has more than ${MAX_VALUE} bytes`
        : null;
  if (why !== null) return list.error(codes.badTlv, { why }, expr.span);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** `decap`, `decap(packet_type(ns = 1, type = 0x0800))` */
export function decap(list: ActionList, s: CommandStatement): Action | null {
  const form = 'decap or decap(packet_type(ns = NAMESPACE, type = TYPE))';
  const args = readArguments(list, s, { calls: ['packet_type'], form });
  const call = args.call('packet_type');
  let packetType: { readonly ns: number; readonly type: number } | null = null;
  let sound = args.sound;
  if (call !== undefined) {
    const inner = readCallExpr(list, call, { values: ['ns', 'type'], positional: 2, form });
    const ns = numberOf(list, inner, 'ns', { what: 'the namespace', max: 0xffff });
    const type = numberOf(list, inner, 'type', { what: 'the type', max: 0xffff });
    const lacking = ns === undefined ? 'a namespace' : type === undefined ? 'a type' : null;
    if (inner.sound && lacking !== null) {
      list.error(codes.missingPart, { action: 'packet_type', what: lacking, form }, call.span);
    }
    if (!inner.sound || typeof ns !== 'number' || typeof type !== 'number') sound = false;
    else packetType = { ns, type };
  }
  if (list.known && list.tagKnown && list.state.packetType === 0 && list.state.vlan[0]) {
    list.warn(codes.unsupportedPacket, { action: 'decap', why: 'it has a VLAN tag' }, s.span);
  }
  if (list.firstLabel && packetType?.ns !== 1 && list.refuses(codes.decapCrashes, {}, s.span)) sound = false;
  list.change('decap', 'little is known of the packet', s.span, decapped);
  return sound ? { kind: 'decap', packetType } : null;
}

/**
 * `sample(probability = 100, collector_set_id = 1, obs_domain_id = 2, obs_point_id = 3, sampling_port = uplink,
 * ingress)`
 */
export function sample(list: ActionList, s: CommandStatement): Action | null {
  const form = 'sample(probability = NUMBER, collector_set_id = NUMBER, sampling_port = PORT, ingress, …)';
  const args = readArguments(list, s, {
    values: ['probability', 'collector_set_id', 'obs_domain_id', 'obs_point_id', 'sampling_port'],
    flags: ['ingress', 'egress'],
    form,
  });
  const number = (name: string): number | null =>
    numberOf(list, args, name, { what: `\`${name}\``, max: 0xffffffff }) ??
    (args.value(name) === undefined ? 0 : null);
  const probability = numberOf(list, args, 'probability', {
    what: '`probability`',
    min: 1,
    max: 0xffff,
    switchError: 'OFPBAC_BAD_ARGUMENT',
  });
  const collectorSetId = number('collector_set_id');
  const obsDomainId = number('obs_domain_id');
  const obsPointId = number('obs_point_id');
  const portExpr = args.value('sampling_port');
  const port = portExpr === undefined ? undefined : (evaluatePort(list.ctx, portExpr, 'any') ?? list.fail());
  const egress = args.flag('egress');
  const ingress = args.flag('ingress');
  if (egress !== undefined && ingress !== undefined) return list.error(codes.bothDirections, {}, egress);
  if (probability === undefined) return args.sound ? missing(list, s, '`probability`', form) : null;
  if (!args.sound || probability === null || port === null) return null;
  if (collectorSetId === null || obsDomainId === null || obsPointId === null) return null;
  const samplingPort = port === undefined ? null : (portTo16(port) ?? null);
  return {
    kind: 'sample',
    probability,
    collectorSetId,
    obsDomainId,
    obsPointId,
    samplingPort: samplingPort === NO_PORT ? null : samplingPort,
    direction: ingress !== undefined ? 'ingress' : egress !== undefined ? 'egress' : null,
  };
}

/** OFPP_NONE, which is what is sent where no port is said. */
const NO_PORT = 0xffff;
