/** A shell script that installs a program on the bridge that it is given. */
import type { ProgramIr } from '../ir/types.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { WIRE_VERSION } from '../openflow/types.ts';
import { commentText, emitFlows, programWords } from './flows.ts';
import { NoScriptError, NoTextResourceError } from './script/errors.ts';
import * as part from './script/parts.ts';
import { groupLosses, meterLosses } from './text/limits.ts';
import { hex } from './text/values.ts';

export { NoScriptError, NoTextResourceError } from './script/errors.ts';

export interface ScriptOptions {
  /** Names of ports and tables instead of numbers. Default false. */
  readonly names?: boolean;
  /** Seconds after which ovs-ofctl gives up. Default 60. */
  readonly timeout?: number;
  /** What the script says of its origin, such as `wbfc 0.1.0`. */
  readonly generator?: string;
  /** The program's unless said. */
  readonly version?: OpenFlowVersion;
  /** Let there be a script that is not atomic, as all are below OpenFlow 1.3. Default false. */
  readonly nonAtomic?: boolean;
}

/** No line of flows looks like it: those begin with a word and a `=`, or with `flow` or `group`. */
const END_OF_FLOWS = 'END_OF_FLOWS';

/**
 * From OpenFlow 1.3 on one atomic bundle: groups, deletion of the flows of the program's cookie space, flows, deletion of
 * groups that are no longer there. Flows of others stay; when anything is refused, nothing has changed. Meters and the
 * TLV map, which no bundle takes, come before and after such that a failure leaves what was there working.
 *
 * Throws `NoScriptError` where the version has no such script, and `NoTextError` and `NoTextResourceError`.
 */
export function emitScript(program: ProgramIr, options: ScriptOptions = {}): string {
  const version = options.version ?? program.version;
  const atomic = WIRE_VERSION[version] >= WIRE_VERSION['1.3'];
  if (!atomic) refuse(program, version, options.nonAtomic ?? false);
  for (const group of program.groups) {
    const losses = groupLosses(group, version);
    if (losses.length > 0) throw new NoTextResourceError(group, losses);
  }
  for (const meter of program.meters) {
    const losses = meterLosses(meter);
    if (losses.length > 0) throw new NoTextResourceError(meter, losses);
  }
  const names = options.names ?? false;
  const setting: part.Setting = {
    program,
    version,
    words: programWords(program, { names, version }),
    flows: emitFlows(program, { names, version }),
    end: END_OF_FLOWS,
  };
  const ofctl = `"\${OVS_OFCTL:-ovs-ofctl}" --timeout=${options.timeout ?? 60} -O OpenFlow${version.replace('.', '')}`;
  const onlyFlows =
    program.groups.length + program.groupIds.length + program.meters.length + program.meterIds.length === 0 &&
    program.tlvs.length === 0;
  const body = !atomic
    ? part.stepByStep(setting, ofctl)
    : onlyFlows
      ? `${ofctl} --bundle -- add-flows "$1" - ${part.document(setting, [deletion(program)])}`
      : part.withResources(setting, ofctl);
  return `#!/bin/sh
${header(program, options.generator ?? 'wbfc', atomic, onlyFlows)}
set -eu

if [ "$#" -ne 1 ] || [ -z "$1" ]; then
  echo "usage: $0 BRIDGE" >&2
  exit 2
fi

${body}`;
}

function refuse(program: ProgramIr, version: OpenFlowVersion, nonAtomic: boolean): void {
  if (!nonAtomic)
    throw new NoScriptError(`OpenFlow ${version} has no bundles, so its script is not atomic`, 'not atomic');
  if (program.meters.length > 0) throw new NoScriptError(`OpenFlow ${version} has no meters`, 'meters');
  if (version === '1.1' && program.tlvs.length > 0)
    throw new NoScriptError('OpenFlow 1.1 has no TLV map', 'TLV map');
}

/** The line that deletes what the program had. */
function deletion({ cookies }: ProgramIr): string {
  return `delete cookie=${hex(cookies.value)}/${hex(cookies.mask)}`;
}

function header(program: ProgramIr, generator: string, atomic: boolean, onlyFlows: boolean): string {
  const { value, mask } = program.cookies;
  const sources = program.files.map((path) => `#   ${commentText(path)}\n`).join('');
  const how = !atomic
    ? `# Replaces all flows of that cookie space on BRIDGE (a name, or a connection such as unix:/path or
# tcp:127.0.0.1:6653) step by step: packets may meet the flows half done, and an error on the way leaves them so.`
    : `# Replaces all flows of that cookie space on BRIDGE (a name, or a connection such as unix:/path or
# tcp:127.0.0.1:6653) in one step, or changes nothing and exits with the status of ovs-ofctl.`;
  const more =
    atomic && !onlyFlows
      ? `# Groups go with the flows in that step. Meters and the map of tunnel options cannot: the map is filled up and new
# meters are made before it, changed meters are changed and old ones deleted after it, and an error in between makes
# the script fail while the flows are those of before (in front of that step) or of now (behind it).
`
      : '';
  return `# Flows of the program ${commentText(program.name)}: ${program.flows.length} in the cookie space ${hex(value)}/${hex(mask)}.
# Made by ${commentText(generator)} from
${sources}#
# Usage: sh SCRIPT BRIDGE
#
${how} Flows with other
# cookies stay. It can be run again at any time. OVS_OFCTL names another ovs-ofctl.
${more}`;
}
