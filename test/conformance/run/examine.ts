// Flows under the judge: what the switch says of each, what we say, and whether everything that is made of an accepted one
// means the same.
import { flowText } from '../../../src/emit/flows.ts';
import { textLosses } from '../../../src/emit/text/limits.ts';
import type { FlowMod } from '../../../src/ir/types.ts';
import { bytesOf } from '../judge.ts';
import { STRICTER, type Stricter } from '../stricter.ts';
import type { Bridge, Description } from './bridge.ts';
import { allowance, judgeAll, type Fault, type Ours } from './ours.ts';
import { hasBytes, rawBytes } from './raw.ts';
import { readDumped } from './reading.ts';
import { smaller } from './smaller.ts';

/** What two parties do not agree about. */
export type Question =
  /** Is the flow to be accepted, and if not, what is the fault called? */
  | 'verdict'
  /** Does what we compile mean what was written? */
  | 'compiled'
  /** Does ovs-ofctl make our bytes of our text? */
  | 'text'
  /** Does our reader find in a dump what was installed? */
  | 'dump';

export interface Disagreement {
  readonly question: Question;
  /** The switch's answer, and ours, in short: equal for disagreements of one kind. */
  readonly theirs: string;
  readonly ours: string;
  /** Anything more that helps to understand it. */
  readonly detail: readonly string[];
}

export interface Examined<T = FlowMod> {
  readonly flow: T;
  /** The name of the switch's error; null where it took the flow. */
  readonly refusal: string | null;
  /** Codes of ours that are stricter on purpose, where that made the difference. */
  readonly stricter: readonly string[];
  readonly source: string | null;
  readonly disagreement: Disagreement | null;
}

const ACCEPTED = 'accepted';
const AT_ONCE = 500;
/** Lines that neither our reader nor ovs-ofctl reads, of each lot. */
const MOST_UNREAD = 5;
/** What is allowed may uncover something else. */
const MOST_ALLOWANCES = 3;
/** What these are about ovs-ofctl cannot list. */
const UNREADABLE = new Set(['WBF3017', 'WBF4326']);
const STRICT_CODES = new Set(STRICTER.map((s) => s.code));
const isStricter = ({ code }: Fault, source: string, what: Stricter['of']): boolean =>
  STRICTER.some(
    (s) =>
      s.code === code &&
      (s.of ?? what) === what &&
      (s.within === undefined || source.includes(`${s.within}(`)) &&
      s.matching?.test(source) !== false,
  );

/** Flows with priorities and cookies that differ, by which everything finds them again. */
export function numbered(flows: readonly FlowMod[]): FlowMod[] {
  const first = flows[0]?.priority ?? 0;
  const cookies = new Set<bigint>();
  return flows.map((flow, i) => {
    let { cookie } = flow;
    while (cookies.has(cookie)) cookie = BigInt.asUintN(64, cookie + 1n);
    cookies.add(cookie);
    return { ...flow, cookie, priority: (first + i * 61) % 0x10000 };
  });
}

function sayOurs({ faults, source }: Ours): string {
  if (source === null) return 'no source';
  if (faults.length === 0) return ACCEPTED;
  return [...new Set(faults.map((f) => (f.name === null ? f.code : `${f.name} (${f.code})`)))].join(', ');
}

/**
 * A flow may have several faults, of which the switch names the one that it finds first, and we name all that we see:
 * we agree when its name is among ours. What the language has no words for is refused under any name. See `hidden` for
 * faults that keep us from seeing others.
 */
export function verdictOn(
  refusal: string | null,
  ours: Ours,
  what: Stricter['of'] = 'flows',
): Disagreement | null {
  const theirs = refusal ?? ACCEPTED;
  const { faults, source } = ours;
  const detail = faults.map((f) => `${f.code}: ${f.message}`);
  const accepted = source !== null && faults.length === 0;
  if (refusal === null && accepted) return null;
  if (refusal !== null && (source === null || faults.some((f) => f.name === refusal))) return null;
  if (refusal === null && source !== null && faults.every((f) => isStricter(f, source, what))) return null;
  return { question: 'verdict', theirs, ours: sayOurs(ours), detail };
}

/** Examines up to 1,000 flows or so at a time; the bridge has no flows afterwards. */
export async function examine(bridge: Bridge, given: readonly FlowMod[]): Promise<Examined[]> {
  const flows = numbered(given);
  const answers = await bridge.send(flows.map(rawBytes));
  const ours = judgeAll(flows);
  const allowed = allowWhatIsStricter(flows, answers, ours);
  const meant = await bridge.described();
  await bridge.clear();

  const disagreements = flows.map((_, i) => verdictOn(answers[i] ?? null, ours[i]!));
  const otherwise = otherNames(disagreements, answers, ours);
  const ask = async (some: readonly FlowMod[]): Promise<{ answer: string | null; ours: Ours }[]> => {
    const tried = numbered(some);
    const said = await bridge.send(tried.map(rawBytes));
    await bridge.clear();
    return judgeAll(tried).map((o, i) => ({ answer: said[i] ?? null, ours: o }));
  };
  const parts = (flow: FlowMod): FlowMod[] => [...smaller(flow)].filter(hasBytes);
  for (const index of await hidden(flows, otherwise, parts, ask)) disagreements[index] = null;
  const agreed = flows.flatMap((flow, index) => {
    const compiled = ours[index]!.flow;
    return disagreements[index] !== null || compiled === null ? [] : [{ index, flow, compiled }];
  });
  for (const look of [compiledOtherwise, printedOtherwise]) {
    for (const [index, d] of await look(bridge, agreed, meant, allowed)) disagreements[index] ??= d;
    await bridge.clear();
  }
  return flows.map((flow, i): Examined => {
    const refusal = answers[i] ?? null;
    const { faults, source } = ours[i]!;
    const stricter =
      refusal !== null || disagreements[i] !== null
        ? []
        : [...faults.map((f) => f.code), ...(allowed[i] ?? [])];
    return { flow, refusal, stricter, source, disagreement: disagreements[i] ?? null };
  });
}

/**
 * Where we are stricter than the switch and the source can say that this is meant, it does: what is compiled then has to be
 * the same flow, and what the strictness has hidden shows. Replaces our verdict in these places, and returns what was
 * allowed where.
 */
function allowWhatIsStricter(
  flows: readonly FlowMod[],
  answers: readonly (string | null)[],
  ours: Ours[],
): (string[] | undefined)[] {
  const allowed: (string[] | undefined)[] = [];
  for (let round = 0; round < MOST_ALLOWANCES; round++) {
    const again = flows.flatMap((_, i) => {
      const { faults } = ours[i]!;
      const codes = allowance(faults).filter((code) => STRICT_CODES.has(code));
      if (codes.length === 0 || faults.some((f) => f.name !== null && f.name === answers[i])) return [];
      allowed[i] = [...(allowed[i] ?? []), ...codes];
      return [i];
    });
    if (again.length === 0) break;
    const judged = judgeAll(
      again.map((i) => flows[i]!),
      again.map((i) => allowed[i]!),
    );
    again.forEach((i, n) => {
      ours[i] = judged[n]!;
    });
  }
  return allowed;
}

/**
 * A fault of ours in one part may keep us from looking at another, as `eth_type = 0x10000` leaves open what the packet is.
 * So we agree as well when, with one part or two left out or made plain, the switch still says what it said, and then we say so too. Returns the
 * indices of these.
 */
export async function hidden<T>(
  values: readonly T[],
  refusals: readonly (string | null)[],
  less: (value: T) => Iterable<T>,
  ask: (some: readonly T[]) => Promise<readonly { readonly answer: string | null; readonly ours: Ours }[]>,
): Promise<Set<number>> {
  const agreed = new Set<number>();
  const once = values.flatMap((value, index) =>
    refusals[index] == null ? [] : [...less(value)].map((part) => ({ index, part })),
  );
  await tryParts(once);
  const twice = once
    .filter(({ index }) => !agreed.has(index))
    .flatMap(({ index, part }) => [...less(part)].map((lesser) => ({ index, part: lesser })));
  await tryParts(twice);
  return agreed;

  async function tryParts(parts: readonly { readonly index: number; readonly part: T }[]): Promise<void> {
    for (let at = 0; at < parts.length; at += AT_ONCE) {
      const some = parts.slice(at, at + AT_ONCE).filter(({ index }) => !agreed.has(index));
      const asked = await ask(some.map((p) => p.part));
      some.forEach(({ index }, i) => {
        const name = refusals[index];
        const { answer, ours } = asked[i]!;
        if (answer === name && ours.faults.some((f) => f.name === name)) agreed.add(index);
      });
    }
  }
}

/** The names that the two have for what both refuse, where they differ. */
export function otherNames(
  disagreements: readonly (Disagreement | null)[],
  answers: readonly (string | null)[],
  ours: readonly Ours[],
): (string | null)[] {
  return disagreements.map((d, i) =>
    d === null || ours[i]!.faults.length === 0 ? null : (answers[i] ?? null),
  );
}

interface Agreed {
  readonly index: number;
  readonly flow: FlowMod;
  readonly compiled: FlowMod;
}

type Found = Map<number, Disagreement>;

/** Installs what we have compiled: the switch must describe it as it does the flow that was sent raw. */
async function compiledOtherwise(
  bridge: Bridge,
  agreed: readonly Agreed[],
  meant: ReadonlyMap<number, Description>,
  allowed: readonly (readonly string[] | undefined)[],
): Promise<Found> {
  const found: Found = new Map();
  const messages = agreed.map((a) => bytesOf(a.compiled));
  const answers = await bridge.send(messages);
  const described = await bridge.described();
  const lines = await bridge.dumped(agreed.map((a) => a.compiled));
  const again: Reread[] = [];
  agreed.forEach(({ index, flow, compiled }, i) => {
    const answer = answers[i] ?? null;
    if (answer !== null) {
      found.set(index, { question: 'compiled', theirs: answer, ours: ACCEPTED, detail: [] });
      return;
    }
    const wanted = meant.get(flow.priority);
    const has = described.get(flow.priority);
    if (wanted !== has) {
      const detail = [`as sent:  ${wanted ?? 'nothing'}`, `compiled: ${has ?? 'nothing'}`];
      found.set(index, { question: 'compiled', theirs: 'another flow', ours: 'the same', detail });
      return;
    }
    const line = lines.get(flow.priority);
    const unreadable = allowed[index]?.some((code) => UNREADABLE.has(code)) === true;
    if (line === null && unreadable) return;
    const why =
      line === null
        ? 'ovs-ofctl cannot print it'
        : line === undefined
          ? 'not in the dump'
          : readDumped(line, compiled);
    if (typeof why === 'string' && line == null) found.set(index, inDump('', why));
    else if (line != null) again.push({ index, read: why, line, installed: compiled });
  });
  await bridge.clear();
  for (const [index, d] of await readOtherwise(bridge, again, meant)) found.set(index, d);
  return found;
}

interface Reread {
  readonly index: number;
  /** The flow that our reader finds in the line, or why it finds none. */
  readonly read: FlowMod | string;
  readonly line: string;
  readonly installed: FlowMod;
}

/**
 * What our reader makes of a dump must be the flow that was installed. Where ovs-ofctl prints less than that, or what it
 * does not take back, our reader must make of it what ovs-ofctl makes of it.
 */
async function readOtherwise(
  bridge: Bridge,
  again: readonly Reread[],
  meant: ReadonlyMap<number, Description>,
): Promise<Found> {
  const found: Found = new Map();
  const readable = again.filter((a): a is Reread & { read: FlowMod } => typeof a.read !== 'string');
  const said = await bridge.send(readable.map((a) => bytesOf(a.read)));
  const ours = await bridge.described();
  await bridge.clear();
  const refused = new Map(readable.map((a, i) => [a.index, said[i] ?? null]));
  const otherwise = readable.filter(
    ({ installed: { priority } }) => ours.get(priority) !== meant.get(priority),
  );
  // ovs-ofctl stops at each line that it does not take, so that asking about all of them would take long.
  const unread = again.filter((a) => typeof a.read === 'string').slice(0, MOST_UNREAD);
  const doubtful: readonly Reread[] = [...otherwise, ...unread];
  const texts = await bridge.fromText(doubtful.map((a) => a.line));
  await bridge.send(texts.filter((t): t is Buffer => typeof t !== 'string'));
  const theirs = await bridge.described();
  await bridge.clear();
  doubtful.forEach(({ index, read, line, installed: { priority, match } }, i) => {
    const text = texts[i]!;
    if (typeof read === 'string') {
      if (typeof text !== 'string') found.set(index, inDump(line, read));
    } else if (typeof text === 'string') {
      // Of these the dump has the value, under a name that ovs-ofctl does not know.
      if (!match.some((t) => LOSES_MASK.test(t.field)))
        found.set(index, inDump(line, `read, which ovs-ofctl does not: ${text}`));
    } else if (ours.get(priority) !== theirs.get(priority)) {
      const detail = [line, `ovs-ofctl: ${theirs.get(priority) ?? 'nothing'}`];
      detail.push(`as read:   ${ours.get(priority) ?? refused.get(index) ?? 'nothing'}`);
      found.set(index, { ...inDump(line, 'another flow'), detail });
    }
  });
  return found;
}

const inDump = (line: string, why: string): Disagreement => ({
  question: 'dump',
  theirs: line,
  ours: why,
  detail: [line],
});

/** Fields whose mask ovs-ofctl 3.1.0 replaces by the value when it sends them, and the switch when it reads them. */
const LOSES_MASK = /^tun_(erspan_(ver|dir|hwid)|gtpu_(flags|msgtype))$/;

/** What ovs-ofctl makes of our text must be our bytes. */
async function printedOtherwise(
  bridge: Bridge,
  agreed: readonly Agreed[],
  meant: ReadonlyMap<number, Description>,
): Promise<Found> {
  const found: Found = new Map();
  const sayable = agreed.filter((a) => textLosses(a.compiled).length === 0);
  const texts = sayable.map((a) => flowText(a.compiled));
  const sent = await bridge.fromText(texts);
  // Where the bytes may differ, the flow must not.
  const lossy = sayable.flatMap((a, i) => {
    const bytes = sent[i];
    return bytes instanceof Buffer && a.compiled.match.some((t) => LOSES_MASK.test(t.field)) ? [bytes] : [];
  });
  await bridge.send(lossy);
  const described = lossy.length === 0 ? new Map<number, Description>() : await bridge.described();
  sayable.forEach(({ index, compiled }, i) => {
    const theirs = sent[i]!;
    const text = texts[i] ?? '';
    if (typeof theirs === 'string')
      found.set(index, { question: 'text', theirs: 'refused', ours: ACCEPTED, detail: [text, theirs] });
    else if (
      !theirs.equals(bytesOf(compiled)) &&
      (!lossy.includes(theirs) || described.get(compiled.priority) !== meant.get(compiled.priority))
    )
      found.set(index, {
        question: 'text',
        theirs: 'other bytes',
        ours: ACCEPTED,
        detail: [text, `ours:   ${bytesOf(compiled).toString('hex')}`, `theirs: ${theirs.toString('hex')}`],
      });
  });
  return found;
}
