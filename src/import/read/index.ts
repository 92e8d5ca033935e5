/** Readers of what ovs-ofctl takes and prints: flows, groups, meters, maps of tunnel options. */
export { readFlow } from './flow.ts';
export { readGroup } from './group.ts';
export { readMeter } from './meter.ts';
export { readTlvMap } from './tlv-map.ts';
export { InputNames } from './names.ts';
export type * from './types.ts';
