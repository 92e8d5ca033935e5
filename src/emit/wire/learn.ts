/** The `learn` action (ovs-actions(7), "The learn action"; `nx_action_learn` in ofp-actions.c). */
import type { ByteWriter } from '../../ir/bytes.ts';
import { hasExperimenterHeader, writeHeader } from '../../ir/tlv.ts';
import type { Action, LearnSpec, SubfieldRef } from '../../ir/types.ts';
import { closeAction, openNicira } from './frame.ts';
import { wireNumber } from './numbers.ts';

type Learn = Extract<Action, { kind: 'learn' }>;

const NXAST_LEARN = wireNumber('learn', 'nicira', 0);
const NXAST_LEARN2 = wireNumber('learn', 'nicira', 1);

/** enum nx_learn_flags. */
const FLAG = { sendFlowRem: 1, deleteLearned: 2, writeResult: 4 } as const;

/** What a spec does, in its header of 16 bits, above the number of bits. */
const SPEC = { match: 0, load: 1 << 11, output: 2 << 11, immediate: 1 << 13 } as const;

/** The second form has room for a limit and a result, and is taken only where they are said. */
export function writeLearn(writer: ByteWriter, learn: Learn): void {
  const extended = learn.limit !== 0 || learn.result !== null;
  const start = openNicira(writer, extended ? NXAST_LEARN2 : NXAST_LEARN);
  writer.u16(learn.idleTimeout);
  writer.u16(learn.hardTimeout);
  writer.u16(learn.priority);
  writer.uint(learn.cookie, 8);
  writer.u16(
    (learn.sendFlowRem ? FLAG.sendFlowRem : 0) |
      (learn.deleteLearned ? FLAG.deleteLearned : 0) |
      (learn.result === null ? 0 : FLAG.writeResult),
  );
  writer.u8(learn.table);
  writer.zeros(1);
  writer.u16(learn.finIdleTimeout);
  writer.u16(learn.finHardTimeout);
  if (extended) {
    writer.u32(learn.limit);
    writer.u16(learn.result?.offset ?? 0);
    writer.zeros(2);
    if (learn.result !== null) writeHeader(writer, learn.result.field, 'NXM');
  }
  for (const spec of learn.specs) writeSpec(writer, spec);
  closeAction(writer, start);
}

function writeSpec(writer: ByteWriter, spec: LearnSpec): void {
  if (spec.kind === 'output') {
    writer.u16(SPEC.output | spec.source.bits);
    writeSubfield(writer, spec.source);
    return;
  }
  const { source, destination } = spec;
  const immediate = source.kind === 'value';
  writer.u16(SPEC[spec.kind] | (immediate ? SPEC.immediate : 0) | destination.bits);
  // A constant has whole words of 16 bits.
  if (immediate) writer.uint(source.value, Math.ceil(destination.bits / 16) * 2);
  else writeSubfield(writer, source.subfield);
  writeSubfield(writer, destination);
}

function writeSubfield(writer: ByteWriter, { field, offset }: SubfieldRef): void {
  if (hasExperimenterHeader(field, 'NXM')) throw new Error(`learn has no room for the header of ${field}`);
  writeHeader(writer, field, 'NXM');
  writer.u16(offset);
}
