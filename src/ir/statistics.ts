/** What a program takes up on a switch: for `--stats` and the JSON. */
import type { ProgramIr, SubfieldRef } from './types.ts';

export interface Statistics {
  readonly flows: number;
  /** By number: those with a name, and those that have flows. */
  readonly tables: readonly TableStatistics[];
  /** In the order of the source. */
  readonly registers: readonly RegisterStatistics[];
  /** Ids of conjunctions that the compiler gave, by name. */
  readonly conjunctions: readonly { readonly name: string; readonly id: number }[];
}

export interface TableStatistics {
  readonly number: number;
  /** null for table 0 of the flows at top level. */
  readonly name: string | null;
  readonly flows: number;
  /** The compiler gave it its number. */
  readonly allocated: boolean;
}

export interface RegisterStatistics {
  readonly name: string;
  readonly place: SubfieldRef;
  /** The compiler gave it its place. */
  readonly allocated: boolean;
}

/** Offset of the table in a FLOW_MOD of OpenFlow 1.5 (§7.3.4.2). */
const TABLE_AT = 24;

/** Looks at every flow once. */
export function statisticsOf({ flows, tables, registers, given }: ProgramIr): Statistics {
  const counts = new Map<number, number>();
  const count = (table: number): void => {
    counts.set(table, (counts.get(table) ?? 0) + 1);
  };
  const encoded = flows.encoded?.();
  if (encoded === undefined) for (const { table } of flows) count(table);
  else for (let i = 0; i < flows.length; i++) count(encoded.bytes[(encoded.offsets[i] ?? 0) + TABLE_AT] ?? 0);
  const numbers = [...new Set([...tables.keys(), ...counts.keys()])].sort((a, b) => a - b);
  return {
    flows: flows.length,
    tables: numbers.map((number) => {
      const name = tables.get(number) ?? null;
      return {
        number,
        name,
        flows: counts.get(number) ?? 0,
        allocated: name !== null && given.tables.has(name),
      };
    }),
    registers: registers.map(({ name, place }) => ({ name, place, allocated: given.registers.has(name) })),
    conjunctions: [...given.conjunctions]
      .map(([name, id]) => ({ name, id }))
      .sort((a, b) => a.id - b.id || (a.name < b.name ? -1 : 1)),
  };
}
