/** What a switch says no to: a request, or our versions of OpenFlow. */
import { noCommonVersion, refusedRequest } from '../diagnostics/codes/push.ts';
import type { DecodedError } from '../openflow/errors.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { WIRE_VERSION } from '../openflow/types.ts';
import { OPENFLOW_VERSIONS } from '../openflow/versions.ts';
import { errorText, problem, PushError } from './problem.ts';

/** The error for a request that was refused. */
export function refusal(what: string, error: DecodedError, says = ''): PushError {
  const name = errorText(error);
  const [only, second] = error.names;
  return new PushError(
    problem(
      refusedRequest,
      { what, error: says === '' ? name : `${name} ("${says}")` },
      {
        ...(only !== undefined && second === undefined ? { switchError: only } : {}),
        ...(only === undefined ? {} : { help: `see \`wbfc explain ${only}\`` }),
      },
    ),
  );
}

/** The error when a switch's versions (their bytes) are none of those that we offer. */
export function disagreement(
  target: string,
  bridge: string,
  offer: readonly OpenFlowVersion[],
  offered: readonly number[],
): PushError {
  return new PushError(
    problem(
      noCommonVersion,
      { target, offered: versionNames(offered), wanted: offer.map((v) => `OpenFlow ${v}`).join(', ') },
      { help: versionHelp(bridge, offer, offered) },
    ),
  );
}

function versionNames(bytes: readonly number[]): string {
  const names = bytes.map((byte) => {
    const known = OPENFLOW_VERSIONS.find((v) => WIRE_VERSION[v] === byte);
    return known === undefined ? `version byte ${byte}` : `OpenFlow ${known}`;
  });
  return names.length === 0 ? 'nothing' : names.join(', ');
}

const FIRST_WITH_BUNDLES: OpenFlowVersion = '1.3';

/** As ovs-vsctl names them: OpenFlow15. */
function protocolName(version: OpenFlowVersion): string {
  return `OpenFlow${version.replace('.', '')}`;
}

function versionHelp(bridge: string, offer: readonly OpenFlowVersion[], offered: readonly number[]): string {
  const keep = OPENFLOW_VERSIONS.filter((v) => offered.includes(WIRE_VERSION[v]) || offer.includes(v));
  const other = OPENFLOW_VERSIONS.filter((v) => v >= FIRST_WITH_BUNDLES && offered.includes(WIRE_VERSION[v]));
  const newest = other.at(-1);
  const way =
    newest === undefined ? 'allow it' : `push for what it offers, with \`--of ${newest}\`, or allow ours`;
  return `${way}: \`ovs-vsctl set bridge ${bridge} protocols=${keep.map(protocolName).join(',')}\``;
}
