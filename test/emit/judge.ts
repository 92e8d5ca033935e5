// What ovs-ofctl makes of the text of flows, beside what we make of the flows themselves.
import { flowText } from '../../src/emit/flows.ts';
import { encodeFlowMod } from '../../src/emit/wire/flow-mod.ts';
import { ByteWriter } from '../../src/ir/bytes.ts';
import { matchOrder } from '../../src/ir/oxm.ts';
import type { Action, FlowMod, Instructions, MatchField } from '../../src/ir/types.ts';
import { type Field, type FieldName } from '../../src/openflow/fields.ts';
import type { WireVersion } from '../../src/openflow/oxm.ts';
import type { PrerequisiteName } from '../../src/openflow/types.ts';
import { captureAddFlows } from '../lab/proxy.ts';
import type { Lab, OpenFlowVersion } from '../lab/switch.ts';
import { dialect } from '../../src/emit/text/names.ts';

/** A flow of which only what matters is given; its terms are put into order. */
export function flow(parts: Partial<FlowMod> = {}): FlowMod {
  return {
    table: 0,
    priority: 100,
    cookie: 0x1234n,
    idleTimeout: 0,
    hardTimeout: 0,
    importance: 0,
    flags: 0,
    instructions: instructions({}),
    name: null,
    origin: { file: 0, start: 0, end: 0 },
    ...parts,
    match: matchOrder(parts.match ?? []),
  };
}

export function instructions(parts: Partial<Instructions>): Instructions {
  return { apply: [], clear: false, write: null, writeMetadata: null, goto: null, ...parts };
}

export const withActions = (match: readonly MatchField[], ...apply: readonly Action[]): FlowMod =>
  flow({ match, instructions: instructions({ apply }) });

export const term = (
  name: FieldName,
  value: bigint | number,
  mask: bigint | number | null = null,
): MatchField => ({
  field: name,
  value: BigInt(value),
  mask: mask === null ? null : BigInt(mask),
});

const ip4 = term('eth_type', 0x800);
const ip6 = term('eth_type', 0x86dd);
const nd = [ip6, term('nw_proto', 58), term('icmpv6_code', 0)];

/** A match under which fields with that prerequisite may be used. */
export const PREREQUISITES: Readonly<Record<PrerequisiteName, readonly MatchField[]>> = {
  none: [],
  Ethernet: [],
  ARP: [term('eth_type', 0x806)],
  'VLAN VID': [term('vlan_vid', 0x1005)],
  IPv4: [ip4],
  IPv6: [ip6],
  'IPv4/IPv6': [ip4],
  MPLS: [term('eth_type', 0x8847)],
  NSH: [term('eth_type', 0x894f)],
  CT: [ip4, term('ct_state', 0x22, 0x22), term('ct_nw_proto', 6)],
  TCP: [ip4, term('nw_proto', 6)],
  UDP: [ip4, term('nw_proto', 17)],
  SCTP: [ip6, term('nw_proto', 132)],
  ICMPv4: [ip4, term('nw_proto', 1)],
  ICMPv6: [ip6, term('nw_proto', 58)],
  ND: [...nd, term('icmpv6_type', 136)],
  'ND solicit': [...nd, term('icmpv6_type', 135)],
  'ND advert': [...nd, term('icmpv6_type', 136)],
};

/** The same for a field; without the field itself. */
export function prerequisitesOf(f: Field): readonly MatchField[] {
  if (f.name.startsWith('ct_ipv6')) return [ip6, term('ct_state', 0x22, 0x22)];
  return PREREQUISITES[f.prerequisite].filter((t) => t.field !== f.name);
}

/** Bytes of the Geneve options in the slots of `prepareBridge`. */
const OPTIONS = [8, 8, 124, 16];

/** Fields that a flow of OpenFlow 1.5 can match on that bridge. */
export function usable(f: Field): boolean {
  if (f.name.startsWith('tun_metadata')) return Number(f.name.slice('tun_metadata'.length)) < OPTIONS.length;
  return !['tun_ttl', 'tun_tos', 'skb_priority'].includes(f.name);
}

/** As ovs-ofctl calls it. */
export const ofctlVersion = (version: string): OpenFlowVersion =>
  `OpenFlow${version.replace('.', '')}` as OpenFlowVersion;

export function encoded(flow: FlowMod, version: WireVersion = '1.5'): string {
  const writer = new ByteWriter();
  encodeFlowMod(flow, writer, 0, version);
  return Buffer.from(writer.view()).toString('hex');
}

export interface Difference {
  readonly text: string;
  readonly ours: string;
  readonly theirs: string;
}

/** One bridge with ports 1 to 4 and Geneve options in the slots 0 to 3, of 8, 8, 124 and 16 bytes. */
export async function prepareBridge(lab: Lab): Promise<void> {
  await lab.addBridge('br0', { dummyPorts: 4 });
  const map = OPTIONS.map((length, n) => `{class=0xffff,type=${n},len=${length}}->tun_metadata${n}`);
  await lab.ofctl('add-tlv-map', 'br0', map.join(','), { check: true });
}

/** The flows of which ovs-ofctl sends other bytes for our text than we do ourselves. */
export async function differences(
  lab: Lab,
  flows: readonly FlowMod[],
  version: WireVersion = '1.5',
): Promise<Difference[]> {
  const texts = flows.map((f) => flowText(f, dialect(version)));
  const sent = await captureAddFlows(lab, 'br0', texts.map((line) => `${line}\n`).join(''), {
    version: ofctlVersion(version),
    bundle: true,
    install: false,
  });
  if (sent.length !== flows.length) throw new Error(`${flows.length} flows, ${sent.length} messages`);
  return flows.flatMap((f, i) => {
    const ours = encoded(f, version);
    const theirs = sent[i]!.toString('hex');
    return ours === theirs ? [] : [{ text: texts[i]!, ours, theirs }];
  });
}
