/** The `match` block of a flow. */
import type { MatchField } from '../../ir/types.ts';
import { impliedTerms, protocolsFor } from '../../openflow/protocols.ts';
import type { PrintNames } from './names.ts';
import { assignment } from './values.ts';

/** The terms of the block: the protocol first, the others in their order. */
export function matchTerms(match: readonly MatchField[], names: PrintNames): string[] {
  let ethType: bigint | null = null;
  let ipProto: bigint | null = null;
  let icmpType: bigint | undefined;
  let twice = false;
  for (const { field, value, mask } of match) {
    if (mask !== null) continue;
    if (field === 'eth_type') {
      twice ||= ethType !== null;
      ethType = value;
    } else if (field === 'nw_proto') {
      twice ||= ipProto !== null;
      ipProto = value;
    } else if (field === 'icmp_type' || field === 'icmpv6_type') icmpType = value;
  }
  const protocol = ethType === null || twice ? null : protocolWord(ethType, ipProto);
  const terms: string[] = protocol === null ? [] : [protocol.word];
  for (const { field, value, mask } of match) {
    if (mask === null) {
      if (field === 'eth_type' && protocol !== null) continue;
      if (field === 'nw_proto' && protocol?.withProto === true) continue;
      if (field === 'packet_type' && value === 0n) {
        terms.push('eth');
        continue;
      }
    }
    terms.push(assignment(field, value, mask, 'match', names, icmpType));
  }
  return terms;
}

export interface ProtocolWord {
  readonly word: string;
  /** Does the word say the ip_proto too? */
  readonly withProto: boolean;
}

const words = new Map<number, ProtocolWord | null>();

/** `tcp` for 0x0800 and 6; null where there is no word for the eth_type. */
export function protocolWord(ethType: bigint, ipProto: bigint | null): ProtocolWord | null {
  const key = Number(ethType) * 0x1_0000 + Number(ipProto ?? -1n);
  let known = words.get(key);
  if (known === undefined) words.set(key, (known = findWord(Number(ethType), ipProto)));
  return known;
}

function findWord(ethType: number, ipProto: bigint | null): ProtocolWord | null {
  const [both] = ipProto === null ? [] : protocolsFor(ethType, Number(ipProto));
  if (both !== undefined) return { word: both, withProto: impliedTerms(both).length > 1 };
  const [alone] = protocolsFor(ethType);
  return alone === undefined ? null : { word: alone, withProto: false };
}
