/** Puts the parts of a program together to a file. */
import { unreachedTable } from '../diagnostics/codes/pipeline.ts';
import { noMiss } from '../diagnostics/codes/program.ts';
import type { CookieSpace, TlvMapping } from '../ir/types.ts';
import { programIdFromName } from '../ir/identity.ts';
import { identifier } from './naming.ts';
import type { External } from './print.ts';
import { headSections, printComments } from './print.ts';
import { TextBuffer } from './print/buffer.ts';
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
  /** The text; bytes are ASCII. */
  readonly chunks: readonly (string | Uint8Array)[];
  readonly declared: readonly Placed[];
  /** Where each table begins. */
  readonly headers: readonly { readonly start: number; readonly number: number }[];
  /** Flows in the order of the text, and where each begins in it. */
  readonly order: readonly FlowEntry[];
  readonly starts: readonly number[];
}

const WORTH_SHARING = 4096;

/** A text that is put together from its parts. */
class Parts {
  length = 0;
  private ascii = new TextBuffer(1 << 16);
  private readonly done: (string | Uint8Array)[] = [];

  put(text: string): void {
    this.length += text.length;
    // eslint-disable-next-line no-control-regex -- that is what ASCII is
    if (/^[\u0000-\u007f]*$/.test(text)) this.ascii.put(text);
    else {
      this.flush();
      this.done.push(text);
    }
  }

  copy(from: TextBuffer, start: number, end: number): void {
    this.length += end - start;
    this.ascii.copy(from, start, end);
  }

  /** As `copy`, of a buffer that does not change any more. */
  share(from: TextBuffer, start: number, end: number): void {
    if (end - start < WORTH_SHARING) {
      this.copy(from, start, end);
      return;
    }
    this.flush();
    this.length += end - start;
    this.done.push(from.bytes.subarray(start, end));
  }

  private flush(): void {
    const { bytes, length } = this.ascii;
    if (length === 0) return;
    this.done.push(bytes.subarray(0, length));
    this.ascii = new TextBuffer(1 << 16);
  }

  /** The whole, in pieces; those that are bytes are ASCII. */
  chunks(): readonly (string | Uint8Array)[] {
    this.flush();
    return this.done;
  }
}

/**
 * `protocol` is the one version of OpenFlow that can say it; null where any can. `only` are the flows to be in it; null
 * for all, and for comments in the place of those that are gone. Without `places` nobody asks where in it they are.
 */
export function assemble(
  session: Session,
  frame: Frame,
  protocol: string | null,
  only: ReadonlySet<FlowEntry> | null,
  places: boolean,
): Assembled {
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
  const parts = new Parts();
  const declared: Placed[] = [];
  // Meters and groups are the last of them, a section each.
  const sources = [...meters.values(), ...groups.values()];
  sections.forEach((section, i) => {
    const at = sources[i - sections.length + sources.length]?.at;
    const start = parts.length;
    parts.put(section);
    if (at !== undefined) declared.push({ start, end: parts.length, at });
  });
  const headers: { start: number; number: number }[] = [];
  const order: FlowEntry[] = [];
  const starts: number[] = [];
  const putFlow = (flow: FlowEntry, buffer: TextBuffer, text: string | null): void => {
    if (places) {
      order.push(flow);
      starts.push(parts.length);
    }
    if (text === null) parts.copy(buffer, flow.from, flow.to);
    else parts.put(text);
  };
  const byTable = new Map<number, FlowEntry[]>();
  for (const entry of session.entries) {
    const list = byTable.get(entry.table);
    if (list === undefined) byTable.set(entry.table, [entry]);
    else list.push(entry);
  }
  const tables = [...names.tableEntries]
    .map(([table, name]) => ({ table, name, number: frame.numberOf(table), flows: byTable.get(table) ?? [] }))
    .sort((a, b) => a.number - b.number);
  for (const { table, name, number, flows } of tables) {
    const buffer = session.textOf(table);
    headers.push({ start: parts.length, number });
    parts.put(`\ntable ${name} = ${number} {\n`);
    // Adding one would be another flow than the input has.
    const lacksMiss = !flows.some((f) => f.gone === null && f.catchesAll);
    const codes = [
      ...(lacksMiss ? [noMiss.code] : []),
      ...(session.entered.has(number) ? [unreachedTable.code] : []),
    ];
    if (codes.length > 0) {
      const allowed = codes.length === 1 ? codes.join('') : `[${codes.join(', ')}]`;
      parts.put(`  allow = ${allowed}\n${flows.length > 0 ? '\n' : ''}`);
    }
    const miss = flows.find((f) => f.gone === null && f.miss !== null);
    if (miss !== undefined && only?.has(miss) !== false) {
      putFlow(miss, buffer, miss.miss);
      if (flows.length > 1) parts.put('\n');
    }
    // Neighbours that stand behind each other already are copied in one go.
    let from = 0;
    let to = 0;
    const copy = (): void => {
      if (to > from) parts.share(buffer, from, to);
      from = to = 0;
    };
    const chosen = only === null ? inOrder(flows) : flows.filter((f) => f.gone === null && only.has(f));
    for (const flow of chosen) {
      if (!places && flow.gone === null && flow !== miss && flow.text === null) {
        if (flow.from !== to) {
          copy();
          from = flow.from;
        }
        to = flow.to;
        continue;
      }
      copy();
      if (flow.gone !== null) parts.put(asComment(flow.text ?? buffer.slice(flow.from, flow.to), flow.gone));
      else if (flow !== miss) putFlow(flow, buffer, flow.text);
    }
    copy();
    parts.put('}\n');
  }
  if (frame.trailer.length > 0) parts.put(`\n${printComments(frame.trailer, 0)}`);
  return { chunks: parts.chunks(), declared, headers, order, starts };
}

const decoder = new TextDecoder();

export function textOf(chunks: readonly (string | Uint8Array)[]): string {
  return chunks.map((c) => (typeof c === 'string' ? c : decoder.decode(c))).join('');
}

/** The order of a dump is that of a hash table: the higher priorities come first. */
function inOrder(flows: readonly FlowEntry[]): readonly FlowEntry[] {
  if (!flows.every((f) => f.item.dumped && f.item.comments.length === 0)) return flows;
  let previous = Infinity;
  const sorted = flows.every((f) => f.priority <= previous && ((previous = f.priority), true));
  return sorted ? flows : [...flows].sort((a, b) => b.priority - a.priority);
}

const GONE = {
  replaced: 'Replaced by a later flow with the same match and priority:',
  deleted: 'Deleted further down:',
  refused: 'Refused:',
} as const;

function asComment(text: string, gone: keyof typeof GONE): string {
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
