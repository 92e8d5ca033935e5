/** Reports what only shows when flows are seen together: one match twice, one name twice, one cookie twice. */
import * as codes from '../diagnostics/codes/program.ts';
import { make, type Sink } from '../diagnostics/define.ts';
import { encodeMatch } from '../ir/oxm.ts';
import { FLOW_FLAGS, type FlowMod, type MatchField } from '../ir/types.ts';
import type { Diagnostic, Place } from '../diagnostics/types.ts';
import { chained } from '../expand/origin.ts';
import type { Frame, Origin } from '../expand/types.ts';
import { Peers } from './overlaps.ts';
import { Repeats, type FlowPlace } from './repeats.ts';

/** What two matches that select the same packets have in common: every packet is Ethernet unless one says otherwise. */
export function matchKey(match: readonly MatchField[]): Uint8Array {
  return encodeMatch(match.filter((t) => t.field !== 'packet_type' || t.value !== 0n));
}

/** So many steps of the way to an earlier flow are shown. */
const MAX_FRAMES = 3;

const keyOf = ({ file, span }: Frame): string => `${file}:${span.start}:${span.end}`;

/** Keeps every flow of a program; `repeats` is shared with those who have only bytes. */
export class Duplicates {
  readonly repeats: Repeats;
  private readonly sink: Sink;
  private readonly textOf: (file: number) => string;
  /** Flows by table and priority; without those that take the quick road, which are known by their bytes alone. */
  private readonly peers = new Map<number, Peers>();
  /** Of the flows that a template or loop made, by their numbers in `repeats`. */
  private readonly origins = new Map<number, Origin>();

  /** `textOf` gives the sources, in which two names are compared. */
  constructor(sink: Sink, textOf: (file: number) => string, expected?: number) {
    this.repeats = new Repeats(expected);
    this.sink = sink;
    this.textOf = textOf;
  }

  /**
   * Adds a flow; reports it where an earlier one is the same. `computed`: its cookie comes from the compiler, and no other
   * may have it. `origin` is for who looks for it as the earlier one of two.
   */
  add(flow: FlowMod, place: FlowPlace, computed: boolean, sink = this.sink, origin?: Origin): void {
    const { repeats } = this;
    const key = matchKey(flow.match);
    const { file } = flow.origin;
    const at = { file, start: place.nameStart, end: place.nameEnd };
    const same = repeats.findMatch(flow.table, flow.priority, key, 0, key.length);
    if (same !== null) {
      const notes = ['the switch would let the later one replace the earlier one without an error'];
      this.report(make(codes.duplicateFlow, { priority: flow.priority }, at, { notes }), same, sink, origin);
      return;
    }
    this.overlap(flow, at, place, sink);
    const high = Number(flow.cookie >> 32n);
    const low = Number(flow.cookie & 0xffff_ffffn);
    const taken = computed ? repeats.findCookie(high, low) : null;
    if (taken !== null) {
      const [a, b] = [place, taken].map((p) => this.textOf(p.file).slice(p.nameStart, p.nameEnd));
      const diagnostic =
        a === b && a !== undefined && a !== 'flow'
          ? make(codes.duplicateFlowName, { name: a }, at)
          : make(codes.cookieCollision, {}, at);
      this.report(diagnostic, taken, sink, origin);
      return;
    }
    repeats.addMatch(flow.table, flow.priority, key, 0, key.length, place);
    if (origin !== undefined && origin.chain.length > 0) this.origins.set(repeats.last, origin);
    if (computed) repeats.addCookie(high, low);
  }

  /**
   * Reports the later of two flows, with the earlier one beside it, and how the compiler came to that as far as it is not
   * the way to the later one. The way to the later one stands before it.
   */
  private report(diagnostic: Diagnostic, other: FlowPlace, sink: Sink, later: Origin | undefined): void {
    const { file, nameStart: start, nameEnd: end, entry } = other;
    const earlier = entry === undefined ? undefined : this.origins.get(entry);
    const known = new Set(later?.chain.map(keyOf));
    const way = (earlier?.chain ?? [])
      .filter((frame) => !known.has(keyOf(frame)))
      .slice(0, MAX_FRAMES)
      .map(({ message, span, file: at }) => ({
        file: at,
        start: span.start,
        end: span.end,
        message: `the earlier flow is ${message}`,
      }));
    const last: Sink = {
      add: (d) => {
        this.sink.add({ ...d, related: [...d.related, ...way] });
      },
    };
    const to = way.length === 0 || later === undefined ? sink : chained(last, later);
    to.add({
      ...diagnostic,
      related: [...diagnostic.related, { file, start, end, message: 'the earlier flow' }],
    });
  }

  /** Reports a flow with `check_overlap` if a packet could match it and an earlier flow of its priority. */
  private overlap(flow: FlowMod, at: Place, place: FlowPlace, sink: Sink): void {
    const key = flow.table * 0x1_0000 + flow.priority;
    let peers = this.peers.get(key);
    if (peers === undefined) this.peers.set(key, (peers = new Peers()));
    if ((flow.flags & FLOW_FLAGS.check_overlap) !== 0) {
      const other = peers.find(flow.match);
      if (other !== null) {
        const related = [
          { file: other.file, start: other.nameStart, end: other.nameEnd, message: 'the earlier flow' },
        ];
        sink.add(make(codes.overlappingFlow, { priority: flow.priority }, at, { related }));
      }
    }
    peers.add(flow.match, place);
  }

  /** True if there is a flow with the table, priority and match of this one. */
  has({ table, priority, match }: FlowMod): boolean {
    const key = matchKey(match);
    return this.repeats.findMatch(table, priority, key, 0, key.length) !== null;
  }

  /** True if a flow of that table matches every packet at priority 0. */
  hasMiss(table: number): boolean {
    return this.repeats.findMatch(table, 0, new Uint8Array(0), 0, 0) !== null;
  }
}
