// Flows as bytes that no checker and no normalisation of ours has touched: each term of a match is one TLV.
import { encodeFlowMod } from '../../../src/emit/wire/flow-mod.ts';
import { ByteWriter } from '../../../src/ir/bytes.ts';
import { matchOrder, vlanTci } from '../../../src/ir/oxm.ts';
import type { FlowMod, MatchField } from '../../../src/ir/types.ts';
import { field } from '../../../src/openflow/fields.ts';
import { withMatch } from '../judge.ts';
import { OPTION_BYTES } from './world.ts';

/** Fields of OpenFlow 1.0 that have no header: one term on the tag stands for them. */
function onTheTag(terms: readonly MatchField[]): MatchField[] {
  const old = terms.filter((t) => t.field === 'dl_vlan' || t.field === 'dl_vlan_pcp');
  if (old.length === 0) return [...terms];
  const { value, mask } = vlanTci(old);
  const tag: MatchField = { field: 'vlan_tci', value, mask };
  return matchOrder([...terms.filter((t) => !old.includes(t)), tag]);
}

function writeTerm(writer: ByteWriter, { field: name, value, mask }: MatchField): void {
  const f = field(name);
  const [header] = f.headers;
  if (header === undefined) throw new Error(`${name} has no header`);
  const bytes = name.startsWith('tun_metadata') ? (OPTION_BYTES[Number(name.slice(12))] ?? 4) : f.bytes;
  const experimenter = header.experimenter === null ? 0 : 4;
  writer.u16(header.class);
  writer.u8(header.field * 2 + (mask === null ? 0 : 1));
  writer.u8(experimenter + bytes * (mask === null ? 1 : 2));
  if (header.experimenter !== null) writer.u32(header.experimenter);
  writer.uint(value, bytes);
  if (mask !== null) writer.uint(mask, bytes);
}

/** The FLOW_MOD with the terms as they stand; throws where the encoder has no bytes for an action. */
export function rawBytes(flow: FlowMod): Buffer {
  const writer = new ByteWriter();
  encodeFlowMod({ ...flow, match: [] }, writer, 0);
  const terms = new ByteWriter();
  for (const term of onTheTag(flow.match)) writeTerm(terms, term);
  return withMatch(Buffer.from(writer.take()), Buffer.from(terms.take()));
}

export function hasBytes(flow: FlowMod): boolean {
  try {
    rawBytes(flow);
    return true;
  } catch {
    return false;
  }
}
