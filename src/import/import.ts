/** Text of ovs-ofctl to a program: the whole of `wbfc import`, pure. */
import * as codes from '../diagnostics/codes/import-files.ts';
import type { Sink } from '../diagnostics/define.ts';
import { DiagnosticBag, make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import type { SourceFile } from '../project/compile.ts';
import type { Assembled } from './assemble.ts';
import { assemble } from './assemble.ts';
import { leftovers, optionsOf, reportExternals, tableNumbers } from './frame.ts';
import type { Item } from './items.ts';
import { identifier, ImportNames } from './naming.ts';
import { InputNames } from './read/index.ts';
import { spanOf } from './piece.ts';
import type { Scanned } from './scan.ts';
import { scan } from './scan.ts';
import { Session } from './session.ts';
import type { Put } from './verify.ts';
import { settle } from './verify.ts';

export interface ImportOptions {
  /** What the program is called; other characters than those of a name are replaced. */
  readonly name: string;
  /** Of a script with several bridges, the one that counts. */
  readonly bridge?: string | null;
  /** Write what could be read, with comments for the rest. */
  readonly keepGoing?: boolean;
  /** Read every flow, also those of a shape that is known: to compare. */
  readonly plain?: boolean;
}

export interface Imported {
  /** The program in pieces, of which bytes are ASCII; null where something could not be read. */
  readonly chunks: readonly (string | Uint8Array)[] | null;
  /** In the order of the input; places are in it. */
  readonly diagnostics: readonly Diagnostic[];
  readonly flows: number;
  readonly groups: number;
  readonly meters: number;
}

/** Imports one file. Never throws for what is in it. */
export function importText(file: SourceFile, options: ImportOptions): Imported {
  const bag = new DiagnosticBag();
  const scanned = scan(file.text, bag);
  const items = ofOneBridge(scanned.items, options.bridge ?? null, bag);
  const input = new InputNames(file.text);
  const names = new ImportNames(input);
  const session = new Session(
    { sink: bag, file: 0, text: file.text, names: input },
    bag,
    names,
    items.length,
    options.plain !== true,
  );
  const name = identifier(options.name, 'imported');
  for (const item of items) session.read(item);
  if (items.length === 0 && !bag.hasErrors)
    bag.add(make(codes.nothingFound, {}, { file: 0, start: 0, end: 0 }));
  const keepGoing = options.keepGoing === true;
  const assembled = keepGoing || !bag.hasErrors ? write(file.text, name, scanned, session) : null;
  const complete = assembled !== null && (keepGoing || !bag.hasErrors);
  const { declared, entries } = session;
  return {
    chunks: complete ? assembled.chunks : null,
    diagnostics: inOrder(bag.all, keepGoing),
    flows: entries.reduce((n, e) => n + (e.gone === null ? 1 : 0), 0),
    groups: declared.groups.size,
    meters: declared.meters.size,
  };
}

function inOrder(all: readonly Diagnostic[], keepGoing: boolean): Diagnostic[] {
  const shown = keepGoing
    ? all.map((d): Diagnostic => (d.severity === 'error' ? { ...d, severity: 'warning' } : d))
    : [...all];
  return shown.sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end);
}

/** The items of the bridge that is asked for, or of the only one. */
function ofOneBridge(items: readonly Item[], wanted: string | null, sink: Sink): readonly Item[] {
  const bridges = new Map<string, Item>();
  for (const item of items)
    if (item.bridge !== null && !bridges.has(item.bridge)) bridges.set(item.bridge, item);
  const all = [...bridges.keys()];
  if (wanted !== null) {
    const chosen = items.filter((i) => i.bridge === wanted);
    if (chosen.length === 0)
      sink.add(make(codes.noSuchBridge, { bridge: wanted, bridges: all }, { file: 0, start: 0, end: 0 }));
    return chosen;
  }
  const [, second] = bridges.values();
  if (second !== undefined)
    sink.add(
      make(
        codes.severalBridges,
        { bridges: all },
        { file: 0, ...spanOf(second) },
        {
          help: all.map((b) => `\`--bridge ${b}\``).join(' or '),
        },
      ),
    );
  return items;
}

function write(text: string, name: string, scanned: Scanned, session: Session): Assembled {
  const { names } = session;
  // Where one port has a name, a number alone would look like a mistake.
  if (!names.declaresNumbers && names.portDeclarations().length > 0 && names.portNumbers.size > 0) {
    names.declaresNumbers = true;
    session.reprintAll();
  }
  const cookies = session.settleCookies(name);
  const numbers = tableNumbers(session);
  const frame = {
    name,
    cookies,
    foreignCookies: session.foreignCookies,
    bridge: scanned.items.find((i) => i.bridge !== null)?.bridge ?? null,
    header: scanned.header,
    tlvs: optionsOf(session),
    numberOf: (table: number): number => numbers.get(table) ?? table,
  };
  const put: Put = (protocol, only, places) => {
    const trailer = [...scanned.trailer, ...leftovers(text, scanned, session)];
    return assemble(session, { ...frame, trailer }, protocol, only, places);
  };
  const assembled = settle(session, put);
  reportExternals(session);
  return assembled;
}
