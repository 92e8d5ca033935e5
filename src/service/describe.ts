/** Facts of the OpenFlow tables as Markdown, for hover and reference. */
import type { Action } from '../openflow/actions.ts';
import { actionVersions } from '../openflow/actions.ts';
import type { Field } from '../openflow/fields.ts';
import { field } from '../openflow/fields.ts';
import { flagBits, nameOfValue, valueName, valueNames } from '../openflow/names.ts';
import type { ReservedPort } from '../openflow/ports.ts';
import type { GenericName, ProtocolName } from '../openflow/protocols.ts';
import { genericCandidates, impliedTerms, PREREQUISITES } from '../openflow/protocols.ts';
import type { OpenFlowVersion } from '../openflow/types.ts';
import { OPENFLOW_VERSIONS } from '../openflow/versions.ts';

const code = (text: string): string => `\`${text}\``;
const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** `OpenFlow 1.0–1.5, and 1.0 with NXM`; gaps are written out. */
export function versionSpan(versions: readonly (OpenFlowVersion | 'NXM')[]): string {
  const known = OPENFLOW_VERSIONS.filter((v) => versions.includes(v));
  const parts: string[] = [];
  for (let i = 0; i < known.length;) {
    let j = i;
    while (
      j + 1 < known.length &&
      OPENFLOW_VERSIONS.indexOf(known[j + 1] ?? '1.0') === OPENFLOW_VERSIONS.indexOf(known[j] ?? '1.0') + 1
    )
      j++;
    parts.push(i === j ? (known[i] ?? '') : `${known[i] ?? ''}–${known[j] ?? ''}`);
    i = j + 1;
  }
  const standard = parts.length === 0 ? '' : `OpenFlow ${parts.join(', ')}`;
  if (!versions.includes('NXM') || known.includes('1.0'))
    return standard === '' ? 'no version of OpenFlow' : standard;
  return standard === '' ? 'OpenFlow 1.0 with NXM' : `${standard}, and 1.0 with NXM`;
}

function masks(f: Field): string {
  if (!f.maskable) return 'none: compared as a whole';
  const any = versionSpan(f.maskedIn);
  const prefix = f.prefixIn.filter((v) => !f.maskedIn.includes(v));
  return prefix.length === 0 ? `any (${any})` : `any (${any}); prefixes only (${versionSpan(prefix)})`;
}

function needs(f: Field): string {
  const p = PREREQUISITES[f.prerequisite];
  if (p.conditions.length === 0) return 'nothing';
  const write = p.remedies.map((r) => code([r.protocol, r.term].filter((t) => t !== undefined).join('; ')));
  const how = write.length === 0 ? '' : ` — write ${write.join(' or ')}`;
  return `${p.terms}${how}`;
}

/** At most so many well-known values are listed. */
const LISTED = 16;

export function describeField(f: Field): string {
  const also = [...f.aliases, ...f.headers.map((h) => h.name)];
  const names =
    flagBits(f) === undefined ? valueNames(f) : [...(flagBits(f)?.keys() ?? [])].map((n) => `+${n}`);
  const values = names.slice(0, LISTED).map(code).join(', ') + (names.length > LISTED ? ', …' : '');
  return [
    `**${f.name}** — field, ${f.bits} bit${f.bits === 1 ? '' : 's'}`,
    f.summary + (/[.!?]$/.test(f.summary) ? '' : '.'),
    [
      `- needs: ${needs(f)}`,
      `- masks: ${masks(f)}`,
      `- access: ${f.writable ? 'match and write' : 'match only'}`,
      `- in: ${versionSpan(f.exactIn)}`,
      ...(also.length === 0 ? [] : [`- also called: ${also.map(code).join(', ')}`]),
      ...(names.length === 0 ? [] : [`- values: ${values}`]),
    ].join('\n'),
  ].join('\n\n');
}

export function describeGeneric(name: GenericName): string {
  const rows = genericCandidates(name).map(
    (f) => `- ${code(f.name)} where the packet is ${PREREQUISITES[f.prerequisite].terms}`,
  );
  return `**${name}** — a name that follows the protocol of the match:\n\n${rows.join('\n')}`;
}

export function describeProtocol(name: ProtocolName): string {
  const terms = impliedTerms(name).map((t) => {
    const known = nameOfValue(field(t.field), t.value);
    return `- ${code(`${t.field} = ${hex(t.value)}`)}${known === undefined ? '' : ` (${known})`}`;
  });
  return `**${name}** — protocol; says the same as\n\n${terms.join('\n')}`;
}

export function describeValue(f: Field, name: string): string | null {
  const flag = flagBits(f)?.get(name);
  if (flag !== undefined) return `**${name}** — flag of ${code(f.name)}: ${hex(flag)}`;
  const known = valueName(f, name);
  if (known === undefined) return null;
  const mask = known.mask === undefined ? '' : `/${hex(known.mask)}`;
  const value = f.format === 'decimal' ? `${known.value}` : hex(known.value);
  return `**${name}** — value of ${code(f.name)}: ${mask === '' ? value : hex(known.value) + mask}`;
}

export function describePort(p: ReservedPort): string {
  return `**${p.name}** — reserved port ${hex(BigInt(p.number32))}: ${p.summary}`;
}

export function describeAction(a: Action): string {
  return [
    `**${a.name}** — ${a.instruction ? 'instruction' : 'action'}`,
    a.summary + (/[.!?]$/.test(a.summary) ? '' : '.'),
    [
      `- ovs-ofctl: ${a.forms.map(code).join(', ')}`,
      `- in: ${versionSpan(actionVersions(a))}`,
      ...(a.instead === null ? [] : [`- preferred: ${code(a.instead)}`]),
    ].join('\n'),
  ].join('\n\n');
}
