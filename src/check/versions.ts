/** What a version of OpenFlow has no way to say. */
import type { Item } from '../../grammar/ast.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { WIRE_VERSION } from '../openflow/types.ts';
import { OPENFLOW_VERSIONS } from '../openflow/versions.ts';
import { elements, propertyName, wordOf } from './properties.ts';

/** As ovs-vsctl(8) writes a version: `OpenFlow13`. */
export function protocolName(version: OpenFlowVersion): string {
  return `OpenFlow${version.replace('.', '')}`;
}

/** The newest version that a `bridge` lists in its `protocols`; null where none does. */
export function newestOffered(items: readonly Item[]): OpenFlowVersion | null {
  const bridge = items.find((item) => item.kind === 'bridge');
  const protocols = bridge?.attributes.find((s) => propertyName(s) === 'protocols');
  if (protocols?.kind !== 'relation') return null;
  const words = elements(protocols.value).map(wordOf);
  return OPENFLOW_VERSIONS.findLast((v) => words.includes(protocolName(v))) ?? null;
}

/** The first later version of which that is true; null where it is of none. */
export function firstLater(
  version: OpenFlowVersion,
  has: (version: OpenFlowVersion) => boolean,
): OpenFlowVersion | null {
  return OPENFLOW_VERSIONS.find((v) => WIRE_VERSION[v] > WIRE_VERSION[version] && has(v)) ?? null;
}
