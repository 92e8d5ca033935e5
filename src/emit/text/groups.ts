/** Groups, meters and the TLV map in the words of ovs-ofctl(8). */
import type { Action, Bucket, GroupMod, MeterMod, TlvMapping } from '../../ir/types.ts';
import { field } from '../../openflow/fields.ts';
import { listText } from './actions.ts';
import { hasExtendedGroups } from './limits.ts';
import type { Dialect } from './names.ts';
import { portText } from './names.ts';
import { hex, valueText } from './values.ts';

/** What follows `add-group BRIDGE` and, in a file for `ovs-ofctl bundle`, `group add_or_mod`. */
export function groupText(group: GroupMod, words: Dialect): string {
  const { id, type, selection, buckets } = group;
  const parts = [`group_id=${id}`, `type=${type}`];
  if (selection !== null) {
    const { method, param, fields } = selection;
    parts.push(`selection_method=${method}`);
    if (param !== 0n) parts.push(`selection_method_param=${param}`);
    const texts = fields.map(({ field: name, mask }) =>
      mask === null ? name : `${name}=${valueText(field(name), mask, null, words)}`,
    );
    if (texts.length > 0) parts.push(`fields(${texts.join(',')})`);
  }
  // Where some are said, ovs-ofctl gives the others the least that are left.
  const withIds = hasExtendedGroups(words.version) && buckets.some((bucket, index) => bucket.id !== index);
  for (const bucket of buckets) parts.push(`bucket=${bucketText(bucket, withIds, words)}`);
  return parts.join(',');
}

/** In a bucket ovs-ofctl does not see that there is a tag, and pushes another one for these. */
function withoutPush(action: Action): Action {
  if (action.kind === 'mod_vlan_vid' && action.tagged)
    return { kind: 'set_field', field: 'vlan_vid', value: BigInt(0x1000 | action.vid), mask: null };
  if (action.kind === 'mod_vlan_pcp' && action.tagged)
    return { kind: 'set_field', field: 'vlan_pcp', value: BigInt(action.pcp), mask: null };
  return action;
}

function bucketText(bucket: Bucket, withId: boolean, words: Dialect): string {
  const parts: string[] = [];
  if (withId) parts.push(`bucket_id:${bucket.id}`);
  if (bucket.weight !== null) parts.push(`weight:${bucket.weight}`);
  if (bucket.watchPort !== null) parts.push(`watch_port:${portText(bucket.watchPort, words)}`);
  if (bucket.watchGroup !== null) parts.push(`watch_group:${bucket.watchGroup}`);
  parts.push(
    `actions=${bucket.actions.length === 0 ? 'drop' : listText(bucket.actions.map(withoutPush), words)}`,
  );
  return parts.join(',');
}

/** What follows `add-meter BRIDGE`. */
export function meterText(meter: MeterMod): string {
  const parts = [`meter=${meter.id}`, meter.unit];
  if (meter.burst) parts.push('burst');
  if (meter.stats) parts.push('stats');
  const bands = meter.bands.map((band) => {
    const args = [`type=${band.type}`, `rate=${band.rate}`];
    if (band.burstSize !== 0) args.push(`burst_size=${band.burstSize}`);
    if (band.type === 'dscp_remark') args.push(`prec_level=${band.precLevel}`);
    return args.join(',');
  });
  parts.push(`bands=${bands.join(',')}`);
  return parts.join(',');
}

/** One mapping of `add-tlv-map`. */
export function tlvText({ class: tlvClass, type, length, index }: TlvMapping): string {
  return `{class=${hex(tlvClass)},type=${hex(type)},len=${length}}->tun_metadata${index}`;
}
