/** The `match` block of a flow. */
import type { MatchField } from '../../ir/types.ts';
import { impliedTerms, protocolsFor } from '../../openflow/protocols.ts';
import type { PrintNames } from './names.ts';
import { assignment } from './values.ts';

/** The terms of the block: the protocol first, the others in their order. */
export function matchTerms(match: readonly MatchField[], names: PrintNames): string[] {
  const ethType = exactly(match, 'eth_type');
  const protocol = ethType === null ? null : protocolWord(ethType, exactly(match, 'nw_proto'));
  const terms: string[] = [];
  if (protocol !== null) terms.push(protocol.word);
  const icmpType = exactly(match, 'icmp_type') ?? exactly(match, 'icmpv6_type') ?? undefined;
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

/** The value of the one term on the field, where it is an exact one. */
function exactly(match: readonly MatchField[], name: MatchField['field']): bigint | null {
  let value: bigint | null = null;
  for (const term of match) {
    if (term.field !== name) continue;
    if (term.mask !== null || value !== null) return null;
    ({ value } = term);
  }
  return value;
}

export interface ProtocolWord {
  readonly word: string;
  /** Does the word say the ip_proto too? */
  readonly withProto: boolean;
}

const words = new Map<string, ProtocolWord | null>();

/** `tcp` for 0x0800 and 6; null where there is no word for the eth_type. */
export function protocolWord(ethType: bigint, ipProto: bigint | null): ProtocolWord | null {
  const key = `${ethType}/${ipProto ?? ''}`;
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
