/** A shell script that installs a program on the bridge that it is given. */
import type { ProgramIr } from '../ir/types.ts';
import { commentText, emitFlows } from './flows.ts';
import { hex } from './text/values.ts';

export interface ScriptOptions {
  /** Names of ports and tables instead of numbers. Default false. */
  readonly names?: boolean;
  /** Seconds after which ovs-ofctl gives up. Default 60. */
  readonly timeout?: number;
  /** What the script says of its origin, such as `wbfc 0.1.0`. */
  readonly generator?: string;
}

/** No line of flows looks like it: those begin with a word and a `=`. */
const END_OF_FLOWS = 'END_OF_FLOWS';

/**
 * One atomic bundle: it deletes the flows of the program's cookie space and adds those of the program. Flows of
 * others stay; when any flow is refused, nothing has changed.
 */
export function emitScript(program: ProgramIr, options: ScriptOptions = {}): string {
  const { value, mask } = program.cookies;
  const cookies = `${hex(value)}/${hex(mask)}`;
  const timeout = options.timeout ?? 60;
  const sources = program.files.map((path) => `#   ${commentText(path)}\n`).join('');
  return `#!/bin/sh
# Flows of the program ${commentText(program.name)}: ${program.flows.length} in the cookie space ${cookies}.
# Made by ${commentText(options.generator ?? 'wbfc')} from
${sources}#
# Usage: sh SCRIPT BRIDGE
#
# Replaces all flows of that cookie space on BRIDGE (a name, or a connection such as unix:/path or
# tcp:127.0.0.1:6653) in one step, or changes nothing and exits with the status of ovs-ofctl. Flows with other
# cookies stay. It can be run again at any time. OVS_OFCTL names another ovs-ofctl.

set -eu

if [ "$#" -ne 1 ] || [ -z "$1" ]; then
  echo "usage: $0 BRIDGE" >&2
  exit 2
fi

"\${OVS_OFCTL:-ovs-ofctl}" --timeout=${timeout} -O OpenFlow15 --bundle -- add-flows "$1" - <<'${END_OF_FLOWS}'
delete cookie=${cookies}
${emitFlows(program, { names: options.names ?? false })}${END_OF_FLOWS}
`;
}
