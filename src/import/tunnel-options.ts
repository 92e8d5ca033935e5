/** Tunnel options that flows use. */
import type { Action, Instructions, MatchField, TlvMapping } from '../ir/types.ts';
import type { FieldName } from '../openflow/fields.ts';

/** Bits that each tun_metadata field is used with, by its number. */
export type OptionWidths = Map<number, number>;

/** Looks through a flow, whose text has the word. */
export function collectOptions(
  { match, instructions }: { readonly match: readonly MatchField[]; readonly instructions: Instructions },
  widths: OptionWidths,
): void {
  const use = (name: FieldName, bits: number): void => {
    const index = /^tun_metadata(\d+)$/.exec(name)?.[1];
    if (index !== undefined) widths.set(Number(index), Math.max(bits, widths.get(Number(index)) ?? 1));
  };
  const inValue = (name: FieldName, value: bigint, mask: bigint | null): void => {
    use(name, (value | (mask ?? 0n)).toString(2).length);
  };
  /** References to some bits stand anywhere in an action. */
  const inAction = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    if ('field' in part && 'offset' in part && 'bits' in part)
      use(part.field as FieldName, part.bits === WHOLE ? 1 : Number(part.offset) + Number(part.bits));
    for (const inner of Object.values(part)) inAction(inner);
  };
  for (const { field, value, mask } of match) inValue(field, value, mask);
  const visit = (action: Action): void => {
    if (action.kind === 'set_field') inValue(action.field, action.value, action.mask);
    else if (action.kind === 'delete_field') use(action.field, 1);
    else if (action.kind === 'clone') action.actions.forEach(visit);
    else inAction(action);
  };
  [...instructions.apply, ...(instructions.write ?? [])].forEach(visit);
}

/** Bits of an option that is used as a whole, however long it is. */
const WHOLE = 992;

/** The option that OVN keeps its ports in. */
const OVN = { class: 0x102, type: 0x80, length: 4 } as const;

/** An option of that size that stands for the one that the input does not tell of. */
export function placeholder(index: number, bits: number): Omit<TlvMapping, 'origin'> {
  const length = Math.ceil(bits / 32) * 4;
  if (index === 0 && length === OVN.length) return { ...OVN, index };
  return { class: 0xffff, type: index, length, index };
}
