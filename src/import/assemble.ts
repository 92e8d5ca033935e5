/** Puts the parts of a program together to a file. */
import { noMiss } from '../diagnostics/codes/program.ts';
import type { CookieSpace, TlvMapping } from '../ir/types.ts';
import { programIdFromName } from '../ir/identity.ts';
import { identifier } from './naming.ts';
import type { External } from './print.ts';
import { headSections, printComments } from './print.ts';
import type { TextSpan } from './piece.ts';
import type { FlowEntry, Session } from './session.ts';

export interface Frame {
  readonly name: string;
  readonly cookies: CookieSpace | null;
  readonly foreignCookies: boolean;
  /** The bridge, where the input names it. */
  readonly bridge: string | null;
  readonly header: readonly string[];
  readonly trailer: readonly string[];
  readonly tlvs: readonly Omit<TlvMapping, 'origin'>[];
  /** The number of each table, by that in the flows. */
  readonly numberOf: (table: number) => number;
}

/** A group or a meter in the text. */
export interface Placed {
  readonly start: number;
  readonly end: number;
  /** Where it is in the input. */
  readonly at: TextSpan;
}

export interface Assembled {
  readonly text: string;
  readonly declared: readonly Placed[];
  /** Flows in the order of the text, and where each begins in it. */
  readonly order: readonly FlowEntry[];
  readonly starts: readonly number[];
}

/** `protocol` is the one version of OpenFlow that can say it; null where any can. */
export function assemble(session: Session, frame: Frame, protocol: string | null): Assembled {
  const { names } = session;
  const { groups, meters } = session.declared;
  const sections = headSections(
    {
      name: frame.name,
      id: frame.cookies === null ? programIdFromName(frame.name) : null,
      cookies: frame.cookies,
      foreignCookies: frame.foreignCookies,
      comments: frame.header,
      bridge: protocol === null ? null : { name: identifier(frame.bridge ?? '', 'br0'), protocol },
      ports: names.portDeclarations(),
      groups: [...groups.values()],
      externalGroups: externals(names.usedGroups, groups, 'g'),
      meters: [...meters.values()],
      externalMeters: externals(names.usedMeters, meters, 'm'),
      tlvs: frame.tlvs,
    },
    names,
  );
  const parts: string[] = [];
  let length = 0;
  const declared: Placed[] = [];
  // Meters and groups are the last of them, a section each.
  const sources = [...meters.values(), ...groups.values()];
  sections.forEach((section, i) => {
    const at = sources[i - sections.length + sources.length]?.at;
    if (at !== undefined) declared.push({ start: length, end: length + section.length, at });
    parts.push(section);
    length += section.length;
  });
  const order: FlowEntry[] = [];
  const starts: number[] = [];
  const put = (text: string, entry?: FlowEntry): void => {
    if (entry !== undefined) {
      order.push(entry);
      starts.push(length);
    }
    parts.push(text);
    length += text.length;
  };
  const byTable = new Map<number, FlowEntry[]>();
  for (const entry of session.entries) {
    const list = byTable.get(entry.table);
    if (list === undefined) byTable.set(entry.table, [entry]);
    else list.push(entry);
  }
  const tables = [...names.tableEntries]
    .map(([table, name]) => ({ name, number: frame.numberOf(table), flows: byTable.get(table) ?? [] }))
    .sort((a, b) => a.number - b.number);
  for (const { name, number, flows } of tables) {
    put(`\ntable ${name} = ${number} {\n`);
    if (!flows.some((f) => f.gone === null && f.catchesAll)) put(NO_MISS + (flows.length > 0 ? '\n' : ''));
    const miss = flows.find((f) => f.gone === null && f.miss !== null);
    if (miss !== undefined) {
      put(miss.miss ?? '', miss);
      if (flows.length > 1) put('\n');
    }
    for (const flow of inOrder(flows)) {
      if (flow.gone !== null) put(asComment(flow));
      else if (flow !== miss) put(flow.text, flow);
    }
    put('}\n');
  }
  if (frame.trailer.length > 0) put(`\n${printComments(frame.trailer, 0)}`);
  return { text: parts.join(''), declared, order, starts };
}

/** The order of a dump is that of a hash table: the higher priorities come first. */
function inOrder(flows: readonly FlowEntry[]): readonly FlowEntry[] {
  if (!flows.every((f) => f.item.dumped && f.item.comments.length === 0)) return flows;
  let previous = Infinity;
  const sorted = flows.every((f) => f.priority <= previous && ((previous = f.priority), true));
  return sorted ? flows : [...flows].sort((a, b) => b.priority - a.priority);
}

/** Adding one would be another flow than the input has. */
const NO_MISS = `  allow = ${noMiss.code}\n`;

const GONE = {
  replaced: 'Replaced by a later flow with the same match and priority:',
  deleted: 'Deleted further down:',
  refused: 'Refused:',
} as const;

function asComment({ text, gone }: FlowEntry): string {
  if (gone === null) return text;
  const lines = text.trimEnd().split('\n');
  return [`  // ${GONE[gone]}`, ...lines.map((line) => `  // ${line.slice(2)}`)].join('\n') + '\n';
}

function externals(
  used: ReadonlyMap<number, unknown>,
  own: ReadonlyMap<number, unknown>,
  prefix: string,
): External[] {
  return [...used.keys()]
    .filter((id) => !own.has(id))
    .sort((a, b) => a - b)
    .map((id) => ({ name: `${prefix}${id}`, id }));
}
