/** A match in the words of ovs-ofctl, such that it sends the match that was meant. */
import { saysNothing } from '../../ir/oxm.ts';
import type { MatchField } from '../../ir/types.ts';
import type { Field } from '../../openflow/fields.ts';
import { field } from '../../openflow/fields.ts';
import type { ProtocolName } from '../../openflow/protocols.ts';
import { protocolsFor } from '../../openflow/protocols.ts';
import type { Dialect } from './names.ts';
import { flagsText, hex, isReadableMask, subfieldText, valueText } from './values.ts';

/** The terms of the match, one text each. `eth_type` and `ip_proto` become `tcp` and the like where there is a word. */
export function matchTerms(match: readonly MatchField[], words: Dialect): string[] {
  const protocol = protocolOf(match);
  const terms: string[] = [];
  for (const term of match) {
    // All that OpenFlow 1.1 matches is Ethernet, and ovs-ofctl has no form for saying so there.
    if (saysNothing(term) || (words.version === '1.1' && term.field === 'packet_type')) continue;
    if (protocol?.says.has(term.field) === true) {
      if (term.field === 'eth_type') terms.push(protocol.word);
    } else {
      terms.push(...termTexts(term, words));
    }
  }
  return terms;
}

interface Shorthand {
  readonly word: ProtocolName;
  readonly says: ReadonlySet<string>;
}

const shorthands = new Map<number, Shorthand | undefined>();

function protocolOf(match: readonly MatchField[]): Shorthand | undefined {
  const exact = (name: string): number | undefined => {
    const term = match.find((t) => t.field === name);
    return term?.mask === null ? Number(term.value) : undefined;
  };
  const ethType = exact('eth_type');
  if (ethType === undefined) return undefined;
  const ipProto = exact('nw_proto');
  const key = ethType * 0x200 + (ipProto ?? 0x100);
  if (!shorthands.has(key)) shorthands.set(key, shorthand(ethType, ipProto));
  return shorthands.get(key);
}

function shorthand(ethType: number, ipProto: number | undefined): Shorthand | undefined {
  const [both] = ipProto === undefined ? [] : protocolsFor(ethType, ipProto);
  if (both !== undefined) return { word: both, says: new Set(['eth_type', 'nw_proto']) };
  const [one] = protocolsFor(ethType);
  return one === undefined ? undefined : { word: one, says: new Set(['eth_type']) };
}

/** The combinations of value and mask that ovs-ofctl has a word for, as `value/mask`. */
const FRAG_WORDS: Readonly<Record<string, string>> = {
  '0/3': 'no',
  '1/3': 'first',
  '3/3': 'later',
  '1/1': 'yes',
  '0/2': 'not_later',
};

function termTexts(term: MatchField, words: Dialect): string[] {
  const f = field(term.field);
  const { value, mask } = term;
  if (mask === 0n) return [f.name];
  switch (f.format) {
    case 'frag': {
      const word = FRAG_WORDS[`${value}/${mask ?? 3n}`];
      // ovs-ofctl takes no numbers here, but any bits of a field.
      return word === undefined ? bitTexts(f, value, mask ?? 3n) : [`${f.name}=${word}`];
    }
    case 'ct state':
    case 'TCP flags':
    case 'tunnel flags': {
      const flags = mask === null ? undefined : flagsText(f, value, mask);
      return [`${f.name}=${flags ?? valueText(f, value, mask, words)}`];
    }
    case 'IPv6':
      if (mask !== null && !isReadableMask(f, mask)) return bitTexts(f, value, mask);
      break;
    default:
  }
  return [`${f.name}=${valueText(f, value, mask, words)}`];
}

/** A masked match as one on each run of bits. */
function bitTexts(f: Field, value: bigint, mask: bigint): string[] {
  return bitRuns(mask).map(
    ({ offset, bits }) =>
      `${subfieldText(f, offset, bits)}=${hex(BigInt.asUintN(bits, value >> BigInt(offset)))}`,
  );
}

export interface BitRun {
  readonly offset: number;
  readonly bits: number;
}

/** The runs of ones in a mask, lowest first. */
export function bitRuns(mask: bigint): BitRun[] {
  const runs: BitRun[] = [];
  for (let bit = 0; mask >> BigInt(bit) !== 0n; bit++) {
    if (((mask >> BigInt(bit)) & 1n) === 0n) continue;
    const offset = bit;
    while (((mask >> BigInt(bit)) & 1n) !== 0n) bit++;
    runs.push({ offset, bits: bit - offset });
  }
  return runs;
}
