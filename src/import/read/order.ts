/** Which actions may stand together, and in which order (ovs-actions(7), "Instructions"). */
import { notHere } from '../../diagnostics/codes/import.ts';
import type { Outer } from './actions.ts';
import type { Parsed, Role } from './parsed.ts';
import type { Source } from './source.ts';

/** The order of execution (OpenFlow 1.5.1 §5.5). */
const ORDER: readonly Role[] = [
  'meter',
  'action',
  'clear_actions',
  'write_actions',
  'write_metadata',
  'goto_table',
];

const isCtField = (field: string | null): boolean => field === 'ct_mark' || field === 'ct_label';

/** Reports the first action that is out of place. */
export function verify(source: Source, list: readonly Parsed[], outer: Outer): boolean {
  const refuse = ({ name, start, end }: Parsed, why: string): false => {
    source.fail(notHere, { action: name, why }, start, end);
    return false;
  };
  let last: Parsed | null = null;
  for (const p of list) {
    if (p.action?.kind === 'conjunction') {
      const other = list.find((q) => q.action?.kind !== 'conjunction' && q.action?.kind !== 'note');
      return other === undefined || refuse(other, '`conjunction` stands alone, but for `note`');
    }
    const why = objection(p, outer) ?? misplaced(p, last);
    if (why !== null) return refuse(p, why);
    if (outer !== 'flow' && p.role !== 'action' && p.role !== 'meter')
      return refuse(p, 'it is an instruction, and only actions can stand inside');
    last = p;
  }
  return true;
}

function objection(p: Parsed, outer: Outer): string | null {
  if (p.nat !== null) return outer === 'ct' ? null : 'it belongs into `ct(…)`';
  if (isCtField(p.writes))
    return outer === 'ct' ? null : `\`${p.writes}\` is written in \`ct(exec(…))\` only`;
  if (outer === 'ct') return 'inside `ct(exec(…))` only ct_mark and ct_label are written';
  if (p.role === 'meter' && (outer === 'clone' || outer === 'write_actions')) return 'a meter is not nested';
  return null;
}

function misplaced({ role }: Parsed, last: Parsed | null): string | null {
  if (last === null) return null;
  const before = ORDER.indexOf(last.role);
  const now = ORDER.indexOf(role);
  if (now > before || (now === before && role === 'action')) return null;
  return now === before ? 'it is there already' : `it has to come before \`${last.name}\``;
}
