/** The `sample` action, for which ovs-ofctl takes the least of three forms that can say it (ovs-actions(7)). */
import type { ByteWriter } from '../../ir/bytes.ts';
import type { Action } from '../../ir/types.ts';
import { closeAction, openNicira } from './frame.ts';
import { wireNumber } from './numbers.ts';

type Sample = Extract<Action, { kind: 'sample' }>;

const NXAST_SAMPLE = wireNumber('sample', 'nicira', 0);
const NXAST_SAMPLE2 = wireNumber('sample', 'nicira', 1);
const NXAST_SAMPLE3 = wireNumber('sample', 'nicira', 2);

/** enum nx_action_sample_direction. */
const DIRECTION = { ingress: 1, egress: 2 } as const;

const NO_PORT = 0xffff;

export function writeSample(writer: ByteWriter, sample: Sample): void {
  const { direction, samplingPort } = sample;
  const port = samplingPort ?? NO_PORT;
  const subtype = direction !== null ? NXAST_SAMPLE3 : port !== NO_PORT ? NXAST_SAMPLE2 : NXAST_SAMPLE;
  const start = openNicira(writer, subtype);
  writer.u16(sample.probability);
  writer.u32(sample.collectorSetId);
  writer.u32(sample.obsDomainId);
  writer.u32(sample.obsPointId);
  if (subtype !== NXAST_SAMPLE) {
    writer.u16(port);
    writer.u8(direction === null ? 0 : DIRECTION[direction]);
  }
  closeAction(writer, start);
}
