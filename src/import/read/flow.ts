/** A flow as `add-flow`, `add-flows` and `dump-flows` of ovs-ofctl have it (ovs-ofctl(8), "Flow Syntax"). */
import {
  badValue,
  noActions,
  notForCommand,
  tableZero,
  unusableField,
} from '../../diagnostics/codes/import.ts';
import { unexpanded } from '../../diagnostics/codes/import-files.ts';
import type { Instructions } from '../../ir/types.ts';
import { readActions } from './actions.ts';
import type { MatchToken } from './match.ts';
import { readMatch } from './match.ts';
import { memoryOf } from './memory.ts';
import { readSmall, readU64 } from './numbers.ts';
import { groupFrom, readPort32, readTable } from './ports.ts';
import { Finder, isSeparator, KeyValues } from './scanner.ts';
import { report, shown, Source } from './source.ts';
import type { FlowCommand, ReadContext, ReadFlow } from './types.ts';

const ALL_TABLES = 255;
const DEFAULT_PRIORITY = 32768;
const KEEP_COOKIE = 0xffff_ffff_ffff_ffffn;
const NO_INSTRUCTIONS: Instructions = { apply: [], clear: false, write: null, writeMetadata: null, goto: null };

const actionFinder = new Finder('action');
const dollarFinder = new Finder('$');
const backquoteFinder = new Finder('`');

/** Commands of a file of flows, in the order in which ovs-ofctl tries them: the first letters will do. */
const COMMANDS: readonly FlowCommand[] = ['add', 'delete', 'delete_strict', 'modify', 'modify_strict'];

/** What a flow says besides its match. */
interface Settings {
  table: number | null;
  priority: number;
  idleTimeout: number;
  hardTimeout: number;
  importance: number;
  cookie: bigint | null;
  cookieMask: bigint | null;
  outPort: number | null;
  outGroup: number | null;
  flags: number;
}

/** Reads one flow of `add-flow`, `add-flows` or `dump-flows`. Null where it cannot be read, which has been reported. */
export function readFlow(ctx: ReadContext, start: number, end: number): ReadFlow | null {
  return new FlowReader(ctx, start, end).read();
}

class FlowReader {
  private readonly ctx: ReadContext;
  private readonly start: number;
  private readonly end: number;
  private command: FlowCommand = 'add';
  private warnings = 0;
  private readonly settings: Settings = {
    table: null,
    priority: DEFAULT_PRIORITY,
    idleTimeout: 0,
    hardTimeout: 0,
    importance: 0,
    cookie: null,
    cookieMask: null,
    outPort: null,
    outGroup: null,
    flags: 0,
  };
  private readonly tokens: MatchToken[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** For what concerns all of the flow; its offsets are those of the input. */
  private whole: Source | null = null;

  constructor(ctx: ReadContext, start: number, end: number) {
    this.ctx = ctx;
    this.start = start;
    this.end = end;
  }

  read(): ReadFlow | null {
    const { ctx, start, end, settings } = this;
    if (this.hasVariable()) return this.give(null);
    const from = this.readCommand();
    const acts = this.command === 'add' || this.command.startsWith('modify');
    const action = acts ? actionFinder.find(ctx.text, from, end) : end;
    const equals = acts && action !== -1 ? equalsBehind(ctx.text, action, end) : -1;
    if (acts && equals === -1) {
      const at = action === -1 ? Math.max(end - 1, start) : action;
      return this.give(this.source.fail(noActions, {}, at, Math.max(end, at)));
    }
    if (!this.readTokens(from, action)) return this.give(null);
    const { match, context } = readMatch(this.tokens, this.starts, this.ends, () => this.source);
    if (!this.isUsable()) return this.give(null);
    let instructions: Instructions | null = NO_INSTRUCTIONS;
    if (acts) {
      const source = this.source_();
      instructions = readActions(ctx, equals + 1, end, context, settings.table, (notes, base) => {
        report(ctx, notes, base);
        this.warnings += notes.length;
      });
      this.whole = source;
    }
    if (instructions === null) return this.give(null);
    const all = settings.table === ALL_TABLES;
    const { cookie, cookieMask } = settings;
    return this.give({
      command: this.command,
      flow: {
        table: all && acts ? 0 : (settings.table ?? (acts ? 0 : ALL_TABLES)),
        priority: settings.priority,
        cookie: cookie ?? (this.command.startsWith('modify') && cookieMask !== null ? KEEP_COOKIE : 0n),
        idleTimeout: settings.idleTimeout,
        hardTimeout: settings.hardTimeout,
        importance: settings.importance,
        flags: settings.flags,
        match,
        instructions,
      },
      cookieStated: cookie !== null,
      cookieMask,
      tableStated: settings.table !== null,
      outPort: settings.outPort,
      outGroup: settings.outGroup,
      start,
      end,
      warnings: this.warnings,
    });
  }
}
