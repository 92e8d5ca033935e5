/** The map of Geneve options of a switch: it is everybody's, and can only grow. */
import type { Finding } from './finding.ts';
import type { Tlv, WireTlv } from './plan.ts';

const isSame = (a: Tlv, b: Tlv): boolean =>
  a.index === b.index && a.class === b.class && a.type === b.type && a.length === b.length;

/** The entries that lack, by their index in the program; one that contradicts what is there is an error. */
export function planTlvs(
  wanted: readonly WireTlv[],
  existing: readonly Tlv[],
): { readonly adds: readonly number[]; readonly findings: readonly Finding[] } {
  const adds: number[] = [];
  const findings: Finding[] = [];
  wanted.forEach((tlv, index) => {
    if (existing.some((other) => isSame(tlv, other))) return;
    const other = existing.find(
      (e) => e.index === tlv.index || (e.class === tlv.class && e.type === tlv.type),
    );
    if (other === undefined) adds.push(index);
    else findings.push({ kind: 'tlv conflict', index, existing: other });
  });
  return { adds, findings };
}
