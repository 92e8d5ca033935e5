/** Groups and meters. */
import { macText } from '../../emit/text/values.ts';
import type { Bucket, GroupMod, MeterBand, MeterMod } from '../../ir/types.ts';
import { field } from '../../openflow/fields.ts';
import { actionNodes } from './actions.ts';
import type { BlockNode, Node } from './layout.ts';
import type { PrintNames } from './names.ts';
import { groupName, portName } from './names.ts';
import { fieldWord, number, prefixMask } from './values.ts';

type Unplaced<T> = Omit<T, 'origin'>;

export function groupNode(
  group: Omit<GroupMod, 'origin' | 'buckets'> & { readonly buckets: readonly Unplaced<Bucket>[] },
  names: PrintNames,
): BlockNode {
  const body: Node[] = [`type = ${group.type}`];
  const { selection } = group;
  if (selection !== null) {
    body.push(`selection_method = ${selection.method}`);
    if (selection.param !== 0n) body.push(`selection_param = ${number(selection.param)}`);
    if (selection.fields.length > 0) body.push(`fields = {${selection.fields.map(fieldText).join(', ')}}`);
  }
  // Beside one that is said, the compiler would choose the others.
  const said = group.buckets.some((bucket, index) => bucket.id !== index);
  for (const bucket of group.buckets) body.push(bucketNode(bucket, said, names));
  return { head: `group ${group.name} = ${group.id}`, body };
}

function fieldText({
  field: name,
  mask,
}: {
  field: Parameters<typeof field>[0];
  mask: bigint | null;
}): string {
  if (mask === null) return fieldWord(name);
  const f = field(name);
  const text = f.format === 'Ethernet' ? macText(mask) : prefixMask(f, mask);
  return `${fieldWord(name)}/${text}`;
}

function bucketNode(bucket: Unplaced<Bucket>, said: boolean, names: PrintNames): BlockNode {
  const body: Node[] = [];
  if (said) body.push(`bucket_id = ${bucket.id}`);
  if (bucket.weight !== null) body.push(`weight = ${bucket.weight}`);
  if (bucket.watchPort !== null) body.push(`watch_port = ${portName(bucket.watchPort, names)}`);
  if (bucket.watchGroup !== null) body.push(`watch_group = ${groupName(bucket.watchGroup, names)}`);
  const actions = actionNodes(bucket.actions, names);
  body.push({ head: 'action', body: actions.length === 0 ? ['drop'] : actions });
  return { head: 'bucket', body };
}

/** Meters of the switch itself, which no ids are set aside for. */
export const VIRTUAL_METERS: Readonly<Record<number, string>> = {
  0xfffffffd: 'slowpath',
  0xfffffffe: 'controller',
};

export function meterNode(meter: Unplaced<MeterMod>): BlockNode {
  const flags = [...(meter.burst ? ['burst'] : []), ...(meter.stats ? ['stats'] : [])];
  const body: Node[] = [`unit = ${meter.unit}`];
  if (flags.length > 0) body.push(`flags = [${flags.join(', ')}]`);
  for (const band of meter.bands) body.push(bandNode(band));
  return { head: `meter ${meter.name} = ${VIRTUAL_METERS[meter.id] ?? String(meter.id)}`, body };
}

function bandNode(band: MeterBand): BlockNode {
  const body = [`rate = ${band.rate}`];
  if (band.burstSize !== 0) body.push(`burst_size = ${band.burstSize}`);
  if (band.type === 'dscp_remark') body.push(`prec_level = ${band.precLevel}`);
  return { head: `band ${band.type}`, body };
}

/** `1`, `[1-3, 7]`: just these ids. */
export function idRanges(ids: readonly number[]): string {
  const sorted = [...new Set(ids)].sort((a, b) => a - b);
  const ranges: { first: number; last: number }[] = [];
  for (const id of sorted) {
    const range = ranges.at(-1);
    if (range !== undefined && range.last === id - 1) range.last = id;
    else ranges.push({ first: id, last: id });
  }
  const texts = ranges.map(({ first, last }) => (first === last ? String(first) : `${first}-${last}`));
  return texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
}
