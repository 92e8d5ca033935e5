/**
 * Matches as OXM TLVs (OpenFlow 1.5.1 §7.2.3), as ovs-ofctl writes them in OpenFlow 1.3, 1.4 and 1.5.
 *
 * A match goes out under the headers that OVS itself chooses for the version, so some fields travel as others:
 * - `in_port` as the 32-bit OXM_OF_IN_PORT, `nw_tos` as OXM_OF_IP_DSCP (without the two ECN bits);
 * - `reg0`…, `xreg0`…, `xxreg0`… as OXM_OF_PKT_REG, 64 bits each, masked where only a part is matched, in
 *   OpenFlow 1.5; as NXM_NX_REG, 32 bits each, before;
 * - `vlan_tci`, `dl_vlan`, `dl_vlan_pcp` as OXM_OF_VLAN_VID and, where it is matched, OXM_OF_VLAN_PCP;
 * - `tun_flags` and `ct_state` always with a mask, of the bits that exist;
 * - `packet_type = (0,0)` is left out where another term already says that the packet is Ethernet.
 *
 * We differ from ovs-ofctl 3.1.0 where it does not send what was written; see `textLosses` in
 * `../emit/text/limits.ts` for the first two:
 * - a partial priority in `vlan_tci` (it sends another one, or none) goes as NXM_OF_VLAN_TCI;
 * - `ct_nw_proto = 0`, and `ct_tp_src` and `ct_tp_dst` without `ct_nw_proto` (it drops them) are sent;
 * - `tun_erspan_ver`, `_dir`, `_hwid`, `tun_gtpu_flags`, `_msgtype` (it replaces the mask by the value) go with
 *   their own mask. A switch of 3.1.0 makes the same mistake when it reads them, so there the outcome is the
 *   same; one without it does what the source says.
 */
import type { Field, FieldName } from '../openflow/fields.ts';
import { field } from '../openflow/fields.ts';
import type { WireVersion } from '../openflow/oxm.ts';
import { matchOrder as rank } from '../openflow/oxm.ts';
import { portTo32 } from '../openflow/ports.ts';
import { storage, toStorage, VLAN_PRESENT } from '../openflow/storage.ts';
import { ByteWriter } from './bytes.ts';
import { carrier, hasVariableLength, ones, writeTlv } from './tlv.ts';
import type { MatchField } from './types.ts';

/** Sorts the terms of a match as OVS sends them, which also puts a prerequisite before what needs it. */
export function matchOrder(fields: Iterable<MatchField>): MatchField[] {
  return [...fields].sort((a, b) => rank(field(a.field)) - rank(field(b.field)));
}

/** Masks of fewer bits than the bytes have, which OVS nevertheless knows to be whole in a match. */
const WHOLE_IN_MATCH: Readonly<Partial<Record<FieldName, bigint>>> = {
  ipv6_label: ones(20),
  ip_frag: ones(2),
};

/** An exact match on these goes out with a mask of the bits that exist. */
const MASK_OF_EXACT: Readonly<Partial<Record<FieldName, bigint>>> = { tun_flags: ones(1), ct_state: ones(8) };

/** Fields that are matched under the header of another one. Terms with the same way stand side by side in a match. */
type Way = 'as it is' | 'packet_type' | 'in_port' | 'vlan' | 'tos' | 'register';

const WAYS: Readonly<Partial<Record<FieldName, Way>>> = {
  packet_type: 'packet_type',
  in_port: 'in_port',
  vlan_tci: 'vlan',
  dl_vlan: 'vlan',
  vlan_vid: 'vlan',
  dl_vlan_pcp: 'vlan',
  vlan_pcp: 'vlan',
  nw_tos: 'tos',
};

interface MatchInfo {
  readonly field: Field;
  readonly way: Way;
  readonly whole: bigint | undefined;
  readonly maskOfExact: bigint | undefined;
}

const infos = new Map<FieldName, MatchInfo>();

function info(name: FieldName): MatchInfo {
  const known = infos.get(name);
  if (known !== undefined) return known;
  const f = field(name);
  const made: MatchInfo = {
    field: f,
    way: WAYS[name] ?? (storage(f).unit.startsWith('xxreg') ? 'register' : 'as it is'),
    whole: WHOLE_IN_MATCH[name],
    maskOfExact: MASK_OF_EXACT[name],
  };
  infos.set(name, made);
  return made;
}

/** The TLVs of a match, without the header and the padding of ofp_match. The terms are in `matchOrder`. */
export function encodeMatch(fields: readonly MatchField[], version: WireVersion = '1.5'): Uint8Array {
  const writer = new ByteWriter(128);
  writeMatchFields(writer, fields, version);
  return writer.take();
}

/** A mask of no bits, which OVS does not send; but of a Geneve option it says that the packet has it. */
export function saysNothing(term: MatchField): boolean {
  return term.mask === 0n && !hasVariableLength(term.field);
}

/** The same into a writer. */
export function writeMatchFields(
  writer: ByteWriter,
  fields: readonly MatchField[],
  version: WireVersion = '1.5',
): void {
  for (let i = 0; i < fields.length; i++) {
    const term = fields[i];
    if (term === undefined || saysNothing(term)) continue;
    const { way, whole, maskOfExact } = info(term.field);
    switch (way) {
      case 'as it is': {
        let mask = term.mask;
        if (maskOfExact !== undefined) mask = mask === null ? maskOfExact : mask & maskOfExact;
        const c = carrier(term.field, version);
        writeTlv(writer, c, term.value, mask === whole || mask === c.whole ? null : mask);
        break;
      }
      case 'packet_type':
        if (term.value !== 0n || !fields.some(impliesEthernet))
          writeTlv(writer, carrier('packet_type', version), term.value, null);
        break;
      case 'in_port':
        writeTlv(writer, carrier('in_port_oxm', version), BigInt(portTo32(Number(term.value))), null);
        break;
      case 'tos':
        writeTlv(writer, carrier('ip_dscp', version), term.value >> 2n, null);
        break;
      case 'vlan':
      case 'register': {
        const end = endOfRun(fields, i, way);
        const run = fields.slice(i, end);
        if (way === 'vlan') writeVlan(writer, vlanTci(run), version);
        else writeRegisters(writer, run, version);
        i = end - 1;
        break;
      }
    }
  }
}

function endOfRun(fields: readonly MatchField[], start: number, way: Way): number {
  let end = start + 1;
  for (let next = fields[end]; next !== undefined && info(next.field).way === way; next = fields[end]) end++;
  return end;
}

/** OVS takes any term with a prerequisite to say that the packet is Ethernet, unless packet_type says otherwise. */
function impliesEthernet(term: MatchField): boolean {
  return !saysNothing(term) && info(term.field).field.prerequisite !== 'none';
}

/** A value under a mask. */
export interface Masked {
  readonly value: bigint;
  readonly mask: bigint;
}

/** The terms on the outermost VLAN tag as one match on its tag control word. */
export function vlanTci(terms: Iterable<MatchField>): Masked {
  let value = 0n;
  let mask = 0n;
  for (const term of terms) {
    const { field: f } = info(term.field);
    const { width, drop, implies } = storage(f);
    // OpenFlow 1.0 §5.2.3: dl_vlan = 0xffff is "no VLAN id".
    const untagged = term.field === 'dl_vlan' && term.value === 0xffffn;
    value |= untagged ? 0n : toStorage(f, term.value) | implies;
    mask |= toStorage(f, term.mask ?? ones(width + drop)) | implies;
  }
  return { value: value & mask, mask };
}

const VID_MASK = VLAN_PRESENT | 0xfffn;

/** Can OXM_OF_VLAN_VID and OXM_OF_VLAN_PCP say the same as this match on the whole tag control word? */
export function vlanFitsOxm({ value, mask }: Masked): boolean {
  const pcp = mask >> 13n;
  if (pcp === 0n) return true;
  if (pcp === 7n && (value & VLAN_PRESENT) !== 0n) return true;
  // Untagged: there is no priority to look at.
  return value === 0n && (mask & VLAN_PRESENT) !== 0n;
}

function writeVlan(writer: ByteWriter, tci: Masked, version: WireVersion): void {
  const { value, mask } = tci;
  if (!vlanFitsOxm(tci)) {
    writeTlv(writer, carrier('vlan_tci', version), value, mask);
    return;
  }
  const vidMask = mask & VID_MASK;
  if (vidMask !== 0n)
    writeTlv(writer, carrier('vlan_vid', version), value & VID_MASK, vidMask === VID_MASK ? null : vidMask);
  if (mask >> 13n !== 0n && value !== 0n) writeTlv(writer, carrier('vlan_pcp', version), value >> 13n, null);
}

/** The registers under whose headers a match on any of them travels: 64 bits wide in OpenFlow 1.5, else 32. */
const REGISTERS = { 64: wires('xreg', 8), 32: wires('reg', 16) } as const;

function wires(prefix: 'reg' | 'xreg', count: number): readonly FieldName[] {
  return Array.from({ length: count }, (_, n) => `${prefix}${n}` as FieldName);
}

function writeRegisters(writer: ByteWriter, terms: readonly MatchField[], version: WireVersion): void {
  const values = new Map<string, bigint>();
  const masks = new Map<string, bigint>();
  for (const term of terms) {
    const { field: f } = info(term.field);
    const { unit, width } = storage(f);
    values.set(unit, (values.get(unit) ?? 0n) | toStorage(f, term.value));
    masks.set(unit, (masks.get(unit) ?? 0n) | toStorage(f, term.mask ?? ones(width)));
  }
  const width = version === '1.5' ? 64 : 32;
  const perUnit = 128 / width;
  REGISTERS[width].forEach((name, n) => {
    const unit = `xxreg${Math.floor(n / perUnit)}`;
    const all = masks.get(unit);
    if (all === undefined) return;
    const shift = BigInt(128 - width * ((n % perUnit) + 1));
    const mask = BigInt.asUintN(width, all >> shift);
    if (mask === 0n) return;
    const value = BigInt.asUintN(width, (values.get(unit) ?? 0n) >> shift);
    writeTlv(writer, carrier(name, version), value, mask === ones(width) ? null : mask);
  });
}
