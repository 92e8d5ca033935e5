/** `learn(…) { match { … } action { … } }`. */
import type { Action, LearnSpec } from '../../ir/types.ts';
import { field } from '../../openflow/fields.ts';
import type { BlockNode, Node } from './layout.ts';
import { protocolWord } from './match.ts';
import type { PrintNames } from './names.ts';
import { tableName } from './names.ts';
import { exact, number, refWord, secondsText } from './values.ts';

const DEFAULT_PRIORITY = 0x8000;

export function learnNode(learn: Extract<Action, { kind: 'learn' }>, names: PrintNames): Node {
  const args = [`table = ${tableName(learn.table, names)}`];
  if (learn.priority !== DEFAULT_PRIORITY) args.push(`priority = ${learn.priority}`);
  const timeout = (name: string, seconds: number): void => {
    if (seconds !== 0) args.push(`${name} = ${secondsText(seconds)}`);
  };
  timeout('idle_timeout', learn.idleTimeout);
  timeout('hard_timeout', learn.hardTimeout);
  timeout('fin_idle_timeout', learn.finIdleTimeout);
  timeout('fin_hard_timeout', learn.finHardTimeout);
  // Without one the compiler would give it one of its own.
  args.push(`cookie = ${number(learn.cookie)}`);
  if (learn.sendFlowRem) args.push('send_flow_rem');
  if (learn.deleteLearned) args.push('delete_learned');
  if (learn.limit !== 0) args.push(`limit = ${learn.limit}`);
  if (learn.result !== null) args.push(`result_dst = ${refWord(learn.result)}`);
  return { head: `learn(${args.join(', ')})`, body: specBlocks(learn.specs, names) };
}

/** Blocks of specs that follow one another and are of one kind: their order is that of the message. */
function specBlocks(specs: readonly LearnSpec[], names: PrintNames): BlockNode[] {
  const blocks: { readonly head: string; readonly body: string[] }[] = [];
  /** Values that a word may have said already: it says nothing twice. */
  const said = new Set<string>();
  for (let i = 0; i < specs.length; i++) {
    const spec = specs[i];
    if (spec === undefined) break;
    const head = spec.kind === 'match' ? 'match' : 'action';
    let block = blocks.at(-1);
    if (block?.head !== head) blocks.push((block = { head, body: [] }));
    const ethType = constant(spec, 'eth_type');
    const protocol =
      ethType === null || said.has('eth_type')
        ? null
        : protocolWord(ethType, said.has('nw_proto') ? null : constant(specs[i + 1], 'nw_proto'));
    if (spec.kind === 'match') said.add(spec.destination.field);
    if (protocol !== null) {
      if (protocol.withProto) said.add('nw_proto');
      block.body.push(protocol.word);
      if (protocol.withProto) i++;
    } else block.body.push(specText(spec, names));
  }
  return blocks;
}

/** The number that the whole field is matched with; null where that is not what the spec does. */
function constant(spec: LearnSpec | undefined, name: 'eth_type' | 'nw_proto'): bigint | null {
  if (spec?.kind !== 'match' || spec.source.kind !== 'value') return null;
  const { destination } = spec;
  const whole = destination.field === name && destination.offset === 0;
  return whole && destination.bits === field(name).bits ? spec.source.value : null;
}

function specText(spec: LearnSpec, names: PrintNames): string {
  if (spec.kind === 'output') return `output pkt.${refWord(spec.source)}`;
  const { source, destination } = spec;
  if (source.kind === 'field') return `${refWord(destination)} = pkt.${refWord(source.subfield)}`;
  const f = field(destination.field);
  const whole = destination.offset === 0 && destination.bits === f.bits;
  const plain = !whole || f.name === 'vlan_vid';
  return `${refWord(destination)} = ${plain ? number(source.value) : exact(f, source.value, names)}`;
}
