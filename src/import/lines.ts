/** Files with a flow, group or meter on each line: what `add-flows` reads, and what the `dump-` commands print. */
import type { ItemKind } from './items.ts';
import type { Piece } from './piece.ts';
import { Finder } from './read/scanner.ts';

export interface LineVisitor {
  item(kind: ItemKind, piece: Piece, comments: readonly string[], dumped: boolean): void;
  /** A line that says nothing of flows. */
  other(piece: Piece): void;
  /** A blank line behind comments. */
  blank(comments: string[]): void;
  /** Comments that nothing follows. */
  leftover(comments: readonly string[]): void;
}

/** `NXST_FLOW reply (xid=0x4):`, `OFPST_METER_CONFIG reply (OF1.5) (xid=0x2):`, and what dump-tlv-map prints above its table. */
const HEADER =
  /^(?:(?:NXST|OFPST|NXT|OFPT|ST|OFPMP)_\w+ ?(?:reply|REPLY)?.*\(xid=0x[0-9a-f]+\).*:|max option space=.*|allocated option space=.*|mapping table:|class[ \t]+type[ \t]+length[ \t]+match field|-[ -]+-)$/;

/** A band stands on a line of its own, below its meter. */
const BAND = /^type[ \t]*=[ \t]*(?:drop|dscp_remark|experimenter|\d+)\b/;

/** `0x102 0x80 4 tun_metadata0`: a row of dump-tlv-map. */
const TLV_ROW = /^0x[0-9a-f]+[ \t]+0x[0-9a-f]+[ \t]+\d+[ \t]+tun_metadata\d+$/;

const GROUP =
  /^(?:group[ \t]+)?(?:(?:add|add_or_mod|modify|delete|insert_bucket|remove_bucket)[ \t]+)?group_id[ \t]*=/;
const METER = /^(?:meter[ \t]*[=:][ \t]*\w+[ \t,]|meter[ \t]*=)/;
const STATISTICS = /\b(?:ref_count|flow_count|byte_in_count)[ \t]*[:=]/;
const DUMPED = /(?:^|[ ,])(?:duration=|n_packets=)/;
const STATISTIC_WORDS = ['duration=', 'n_packets='];
/** What flows begin with, and nothing else that has actions. */
const BEGINNINGS = ['cookie=', 'table=', 'priority='];
/** The command of a bundle file before what it adds. */
const BUNDLE_FLOW = /^flow[ \t]+/;

const isSpace = (c: number): boolean => c === 0x20 || c === 0x09 || c === 0x0d || c === 0x0b || c === 0x0c;

export function readLines(source: Piece, visitor: LineVisitor): void {
  const { text, map } = source;
  const piece = (start: number, end: number): Piece => ({ text, start, end, map });
  let comments: string[] = [];
  let dumped = false;
  let next = source.start;
  const actions = new Finder('actions=');
  const statistics = STATISTIC_WORDS.map((word) => new Finder(word));
  /** The first `#` from there on; looked for again when it is passed. */
  let hash = -1;
  const lineAt = (from: number): number => {
    const end = text.indexOf('\n', from);
    return end === -1 || end > source.end ? source.end : end;
  };
  while (next < source.end) {
    let start = next;
    let end = lineAt(start);
    next = end + 1;
    while (start < end && isSpace(text.charCodeAt(start))) start++;
    while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
    if (start === end) {
      if (comments.length > 0) visitor.blank(comments);
      continue;
    }
    if (hash < start) {
      hash = text.indexOf('#', start);
      if (hash === -1) hash = text.length;
    }
    if (hash < end) {
      const comment = text.slice(hash + 1, end).trim();
      if (hash === start && comment.startsWith('!')) continue;
      comments.push(comment);
      end = hash;
      while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
      if (start === end) continue;
    }
    // Nearly every line begins so: a flow.
    if (BEGINNINGS.some((word) => text.startsWith(word, start)) && actions.find(text, start, end) !== -1) {
      if (!dumped && statistics.some((s) => s.find(text, start, end) !== -1))
        dumped = DUMPED.test(text.slice(start, end));
      visitor.item('flow', piece(start, end), comments, dumped);
      if (comments.length > 0) comments = [];
      continue;
    }
    const take = (kind: ItemKind, from: number, to: number): void => {
      visitor.item(kind, piece(from, to), comments, dumped);
      if (comments.length > 0) comments = [];
    };
    const line = text.slice(start, end);
    if (HEADER.test(line)) {
      dumped = true;
      continue;
    }
    if (STATISTICS.test(line) && !line.includes('actions=')) visitor.other(piece(start, end));
    else if (GROUP.test(line))
      take(
        'group',
        line.startsWith('group') && !line.startsWith('group_id')
          ? start + (/^group[ \t]+/.exec(line)?.[0].length ?? 0)
          : start,
        end,
      );
    else if (METER.test(line) && !line.includes('actions=')) {
      // Its bands follow, one on each line.
      for (;;) {
        let from = next;
        const to = lineAt(from);
        while (from < to && isSpace(text.charCodeAt(from))) from++;
        if (next >= source.end || !BAND.test(text.slice(from, to))) break;
        end = to;
        next = to + 1;
      }
      while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
      take('meter', start, end);
    } else if (line.startsWith('{') || TLV_ROW.test(line)) take('tlv', start, end);
    else if (isOther(line)) visitor.other(piece(start, end));
    else {
      if (!dumped) dumped = DUMPED.test(line);
      take('flow', start + (BUNDLE_FLOW.exec(line)?.[0].length ?? 0), end);
    }
  }
  if (comments.length > 0) visitor.leftover(comments);
}

/** A prompt, a message of a tool, the header of another dump. */
function isOther(line: string): boolean {
  return (
    /^(?:[$>][ \t]|ovs-\w+: |(?:NXST|OFPST|NXT|OFPT|OFPMP)_|\w+@[\w.-]+[:\]~])/.test(line) ||
    // Neither a match nor actions, nor one of the words that are both.
    (!line.includes('=') && !/^(?:add|modify|modify_strict|delete|delete_strict|[a-z0-9]+)\b/.test(line))
  );
}
