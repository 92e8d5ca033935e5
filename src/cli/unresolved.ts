/** Ports that a program names by their interfaces, where nobody has told their numbers. */
import { nearest } from '../diagnostics/suggest.ts';
import { portByInterfaceName } from '../diagnostics/codes/names.ts';
import { make } from '../diagnostics/define.ts';
import type { Details } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { Compilation, UnresolvedPort } from '../project/compile.ts';
import type { Form } from './forms.ts';
import type { PortsFile } from './ports-file.ts';

/** What cannot be written in the form without a number. `file` is that of `--ports`, null where there is none. */
export function unresolvedErrors(
  { unresolved }: Compilation,
  form: Form,
  file: PortsFile | null,
): Diagnostic[] {
  const help = file === null ? 'say `--ports FILE`; what `ovs-ofctl show BRIDGE` prints will do' : null;
  return unresolved.flatMap((port) => {
    const { interfaceName } = port;
    const why =
      file === null
        ? `nothing says that of \`${interfaceName}\``
        : `${file.path} has no \`${interfaceName}\``;
    const details = suggest(port, file?.ports.keys() ?? [], help);
    if (form === 'bundle') return [complain(port, port.place, why, details)];
    if (port.numberUse === null) return [];
    const related = [{ ...port.place, message: 'the port is declared here' }];
    const notes = ['a name can stand where a port is meant, but not in a register'];
    return [complain(port, port.numberUse, why, { ...details, related, notes })];
  });
}

const MOST_LISTED = 20;

/** What of the program the switch does not have. */
export function missingOnSwitch(
  { unresolved }: Compilation,
  ports: ReadonlyMap<string, number>,
): Diagnostic[] {
  const names = [...ports.keys()].sort();
  const listed = names.slice(0, MOST_LISTED).map((name) => `\`${name}\``);
  const more = names.length > MOST_LISTED ? ` and ${names.length - MOST_LISTED} more` : '';
  const notes = [names.length === 0 ? 'it has no ports' : `its ports are ${listed.join(', ')}${more}`];
  return unresolved
    .filter((port) => !ports.has(port.interfaceName))
    .map((port) =>
      complain(port, port.place, `the switch has no port \`${port.interfaceName}\``, {
        ...suggest(port, names, null),
        notes,
      }),
    );
}

function suggest(port: UnresolvedPort, known: Iterable<string>, help: string | null): Details {
  const found = nearest(port.interfaceName, known);
  if (found === undefined) return help === null ? {} : { help };
  const edits = [{ ...port.place, newText: JSON.stringify(found) }];
  return { help: `did you mean \`${found}\`?`, fixes: [{ title: `Write \`${found}\``, edits }] };
}

function complain(
  { name }: UnresolvedPort,
  place: Diagnostic['place'],
  why: string,
  details: Details,
): Diagnostic {
  return make(portByInterfaceName, { name, why }, place, details);
}
