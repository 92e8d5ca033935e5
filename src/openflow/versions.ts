/** Spans of OpenFlow versions, as the tables write them. */
import type { OpenFlowVersion } from './types.ts';
import { WIRE_VERSION } from './types.ts';

/** One version, a span with both ends, or a version and all later ones. */
export type Versions = OpenFlowVersion | `${OpenFlowVersion}-${OpenFlowVersion}` | `${OpenFlowVersion}+`;

export const OPENFLOW_VERSIONS: readonly OpenFlowVersion[] = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5'];

export function inVersions(versions: Versions, version: OpenFlowVersion): boolean {
  const first = versions.slice(0, 3) as OpenFlowVersion;
  const last = versions.endsWith('+') ? '1.5' : (versions.slice(-3) as OpenFlowVersion);
  const v = WIRE_VERSION[version];
  return WIRE_VERSION[first] <= v && v <= WIRE_VERSION[last];
}
