/** Shell scripts: the flows that their ovs-ofctl commands install. */
import * as codes from '../diagnostics/codes/import-files.ts';
import { make } from '../diagnostics/define.ts';
import type { Sink } from '../diagnostics/define.ts';
import { fieldByName } from '../openflow/fields.ts';
import { isProtocolName } from '../openflow/protocols.ts';
import type { Item, ItemKind } from './items.ts';
import { readLines } from './lines.ts';
import type { Piece, TextSpan } from './piece.ts';
import { movedSink, PieceBuilder, placeIn, withPlaces } from './piece.ts';
import type { HereDocument, ScriptVisitor, ShellCommand } from './shell/commands.ts';
import { readScript } from './shell/commands.ts';
import type { OfctlCall } from './shell/ofctl.ts';
import { changesFlows, isTalk, ofctlCall } from './shell/ofctl.ts';
import { prefixed, SUBCOMMANDS, wordless } from './shell/subcommands.ts';
import { GIVEN_FLOWS, spoken } from './shell/given.ts';
import { Variables } from './shell/variables.ts';
import { expansionEnd } from './shell/words.ts';
import type { Word } from './shell/words.ts';

/** Where what is found goes. */
export interface Found {
  readonly sink: Sink;
  item(item: Item): void;
  /** A line that cannot be read, which has been reported. */
  unreadable(at: TextSpan): void;
  blank(comments: string[]): void;
  leftover(comments: readonly string[]): void;
}

/** Is the text a script rather than a file of flows? */
export function isScript(text: string): boolean {
  if (/^#!.*sh\b/.test(text.slice(0, 100))) return true;
  return text.includes('ovs-ofctl') && /^(?![ \t]*#).*\bovs-ofctl[ \t\\]/m.test(text);
}

export function readShell(text: string, found: Found, variables = new Variables()): void {
  const visitor = new ShellVisitor(text, found, variables);
  readScript(text, visitor);
  visitor.finish();
}

/** Commands of one name that have been left out. */
interface LeftOut {
  readonly first: TextSpan;
  count: number;
}

const CONTROL = /^(?:for|while|until|if|case|select)$/;
const CLOSING = /^(?:do|done|then|else|elif|fi|esac|\{|\}|!|break|continue)$/;

class ShellVisitor implements ScriptVisitor {
  private readonly text: string;
  private readonly found: Found;
  private readonly leftOut = new Map<string, LeftOut>();
  /** Files that the script itself writes. */
  private readonly written = new Map<string, HereDocument>();

  private readonly variables: Variables;

  constructor(text: string, found: Found, variables: Variables) {
    this.text = text;
    this.found = found;
    this.variables = variables;
  }

  finish(): void {
    for (const [name, { first, count }] of this.leftOut)
      this.report(codes.otherCommand, { name, more: count - 1 }, first);
  }

  blank(comments: string[]): void {
    this.found.blank(comments);
  }

  leftover(comments: readonly string[]): void {
    this.found.leftover(comments);
  }

  unclosed(at: TextSpan, what: string): void {
    this.report(codes.unclosed, { what }, at);
    this.found.unreadable(at);
  }

  /** A line of a dump or of a flow file, in the middle of a script. */
  isRaw(start: number, end: number): boolean {
    const line = this.text.slice(start, end);
    if (!line.includes('actions=') || /\bovs-ofctl\b/.test(line)) return false;
    const [, word = '', next = ''] = /^[ \t]*([a-z_0-9]+)[ \t]*(.?)/.exec(line) ?? [];
    if (/^[ \t]*\w+=["'$`]/.test(line) && fieldByName(word) === undefined) return false;
    return (
      (next === '=' && (fieldByName(word) !== undefined || ATTRIBUTES.has(word))) ||
      (next === ',' && isProtocolName(word)) ||
      (word === 'actions' && next === '=')
    );
  }

  raw(start: number, end: number, comments: readonly string[]): void {
    this.lines({ text: this.text, start, end, map: null }, null, comments);
  }

  command(command: ShellCommand): void {
    const call = ofctlCall(command);
    if (call !== null && changesFlows(call.subcommand)) {
      this.call(command, call);
      return;
    }
    if (command.writes !== null && command.here !== null) this.written.set(command.writes, command.here);
    const name = command.words[0]?.text ?? '';
    if (command.words.length === 1) this.variables.assign(name);
    if (name === '' || CLOSING.test(name) || command.here !== null) {
      this.comments(command.comments);
      return;
    }
    this.comments(command.comments);
    const inner = command.words.slice(1).filter((w) => GIVEN_FLOWS.test(w.text));
    if (call === null && inner.length > 0 && !isTalk(command)) {
      for (const word of inner) this.inside(word);
      return;
    }
    if (CONTROL.test(name)) this.report(codes.controlFlow, { keyword: name }, command);
    else this.leave(call === null ? describe(name) : `ovs-ofctl ${call.subcommand}`, command);
  }

  /** A script that is given to another shell: `ssh host "ovs-ofctl add-flow …"`, `sh -c '…'`. */
  private inside(word: Word): void {
    const script = withPlaces(word.piece);
    const { found } = this;
    readShell(
      script.text,
      {
        ...found,
        sink: movedSink(found.sink, script),
        item: (item) => {
          const places = Int32Array.from({ length: item.text.length + 1 }, (_, i) =>
            placeIn(script, placeIn(item, i)),
          );
          found.item({ ...item, map: places });
        },
        unreadable: ({ start, end }) => {
          found.unreadable({ start: placeIn(script, start), end: placeIn(script, end) });
        },
      },
      this.variables,
    );
  }

  private comments(comments: readonly string[]): void {
    if (comments.length > 0) this.found.leftover(comments);
  }

  private leave(name: string, at: TextSpan): void {
    const known = this.leftOut.get(name);
    if (known === undefined) this.leftOut.set(name, { first: { start: at.start, end: at.end }, count: 1 });
    else known.count++;
  }

  /** One command of the name was of use after all. */
  private unleave(name: string): void {
    const known = this.leftOut.get(name);
    if (known !== undefined && --known.count === 0) this.leftOut.delete(name);
  }

  private call(command: ShellCommand, call: OfctlCall): void {
    const { subcommand, args } = call;
    const bridge = call.bridge === null ? null : this.variables.bridge(call.bridge.text);
    const [arg, more] = args;
    if (more !== undefined) {
      this.report(codes.tooManyArguments, { command: subcommand }, { start: more.start, end: command.end });
      this.found.unreadable(command);
      return;
    }
    const what = SUBCOMMANDS[subcommand];
    if (what === undefined) return;
    const prefix = what.prefix(call);
    if (arg === undefined && !what.alone) {
      this.report(codes.missingArgument, { command: subcommand }, command);
      this.found.unreadable(command);
    } else if (arg !== undefined && (what.file || arg.text === '-')) {
      if (what.replaces) this.take('flow', wordless('delete', call.name), bridge, []);
      this.file(command, arg, bridge);
    } else if (arg === undefined || this.constant(arg, command)) {
      const piece = arg === undefined ? wordless(prefix, call.name) : prefixed(prefix, arg);
      this.take(what.kind, piece, bridge, command.comments);
    }
  }

  private take(kind: ItemKind, piece: Piece, bridge: string | null, comments: readonly string[]): void {
    this.found.item({ ...piece, kind, comments, bridge, dumped: false });
  }

  /** False, and reported, where the shell would put in something that only it knows. */
  private constant(word: Word, command: TextSpan): boolean {
    for (const at of word.expansions) {
      this.report(codes.unexpanded, { text: this.text.slice(at.start, at.end) }, at);
    }
    if (word.expansions.length > 0) this.found.unreadable(command);
    return word.expansions.length === 0;
  }

  /** The file of `add-flows`: standard input, one that the script has written, or one that we do not have. */
  private file(command: ShellCommand, arg: Word, bridge: string | null): void {
    const here =
      arg.text === '-' || arg.text === '/dev/stdin'
        ? (command.here ?? command.pipedFrom?.here ?? null)
        : (this.written.get(arg.text) ?? null);
    const said = arg.text === '-' && command.pipedFrom !== null ? spoken(command.pipedFrom) : null;
    if (here === null && said !== null) {
      this.unleave(said.name);
      this.lines(withPlaces(said.word.piece), bridge, command.comments);
      return;
    }
    if (here === null) {
      const piped = command.pipedFrom?.words[0]?.text ?? null;
      this.report(codes.otherFile, { name: arg.text, piped }, arg);
      this.found.unreadable(command);
      return;
    }
    this.here(here, bridge, command.comments);
  }

  private here(
    { start, end, expands }: HereDocument,
    bridge: string | null,
    comments: readonly string[],
  ): void {
    const body = { text: this.text, start, end, map: null };
    if (!expands || !/[$`\\]/.test(this.text.slice(start, end))) this.lines(body, bridge, comments);
    else this.lines(withoutBackslashes(body), bridge, comments, this.expansionsIn(start, end));
  }

  private expansionsIn(start: number, end: number): TextSpan[] {
    const { text } = this;
    const spans: TextSpan[] = [];
    for (let i = start; i < end; i++) {
      if (text[i] === '\\') i++;
      else if (text[i] === '$') {
        const stop = expansionEnd(text, i, end);
        if (stop > i) spans.push({ start: i, end: stop });
        i = Math.max(i, stop - 1);
      } else if (text[i] === '`') {
        const stop = text.indexOf('`', i + 1);
        spans.push({ start: i, end: stop === -1 || stop >= end ? end : stop + 1 });
        i = (spans.at(-1)?.end ?? i + 1) - 1;
      }
    }
    return spans;
  }

  /** Lines of a flow file inside the script; those with a variable in them cannot be read. */
  private lines(
    source: Piece,
    bridge: string | null,
    comments: readonly string[],
    expansions: readonly TextSpan[] = [],
  ): void {
    let above = comments;
    readLines(source, {
      item: (kind, piece, own, dumped) => {
        const all = [...above, ...own];
        above = [];
        const from = piece.map === null ? piece.start : (piece.map[piece.start] ?? 0);
        const to = piece.map === null ? piece.end : (piece.map[piece.end] ?? 0);
        const inside = expansions.filter((e) => e.start >= from && e.start < to);
        for (const at of inside)
          this.report(codes.unexpanded, { text: this.text.slice(at.start, at.end) }, at);
        if (inside.length > 0) this.found.unreadable({ start: from, end: to });
        else this.found.item({ ...piece, kind, comments: all, bridge, dumped });
      },
      other: (piece) => {
        const start = piece.map === null ? piece.start : (piece.map[piece.start] ?? 0);
        const end = piece.map === null ? piece.end : (piece.map[piece.end] ?? 0);
        this.leave('a line', { start, end });
      },
      blank: (own) => {
        this.found.blank(own);
      },
      leftover: (own) => {
        this.found.leftover(own);
      },
    });
    if (above.length > 0) this.found.leftover(above);
  }

  private report<P>(definition: Parameters<typeof make<P>>[0], params: P, { start, end }: TextSpan): void {
    this.found.sink.add(make(definition, params, { file: 0, start, end }));
  }
}

const ATTRIBUTES = new Set([
  'cookie',
  'table',
  'priority',
  'idle_timeout',
  'hard_timeout',
  'importance',
  'duration',
  'n_packets',
]);

/** A here-document as its command gets it: `\$` is a dollar, a backslash before a newline joins the lines. */
function withoutBackslashes({ text, start, end }: Piece): Piece {
  const builder = new PieceBuilder();
  for (let i = start; i < end; i++) {
    if (text[i] !== '\\' || !/[$`\\\n]/.test(text[i + 1] ?? '')) builder.add(text[i] ?? '', i);
    else if (text[++i] !== '\n') builder.add(text[i] ?? '', i);
  }
  return builder.build(end);
}

function describe(name: string): string {
  return /^\w+=/.test(name) ? `${/^\w+/.exec(name)?.[0] ?? ''}=…` : name;
}
