/** `learn` in the words of ovs-ofctl (ovs-actions(7), "The learn action"). */
import type { Action, LearnSpec } from '../../ir/types.ts';
import { field } from '../../openflow/fields.ts';
import { refText } from './fields.ts';
import type { Dialect } from './names.ts';
import { tableText } from './names.ts';
import { hex, subfieldText, valueText } from './values.ts';

type Learn = Extract<Action, { kind: 'learn' }>;

export function learnText(learn: Learn, words: Dialect): string {
  const args = [`table=${tableText(learn.table, words)}`];
  const add = (name: string, value: number, unless: number): void => {
    if (value !== unless) args.push(`${name}=${value}`);
  };
  add('idle_timeout', learn.idleTimeout, 0);
  add('hard_timeout', learn.hardTimeout, 0);
  add('fin_idle_timeout', learn.finIdleTimeout, 0);
  add('fin_hard_timeout', learn.finHardTimeout, 0);
  add('priority', learn.priority, 0x8000);
  if (learn.sendFlowRem) args.push('send_flow_rem');
  if (learn.deleteLearned) args.push('delete_learned');
  if (learn.cookie !== 0n) args.push(`cookie=${hex(learn.cookie)}`);
  add('limit', learn.limit, 0);
  if (learn.result !== null) args.push(`result_dst=${refText(learn.result)}`);
  args.push(...learn.specs.map((spec) => specText(spec, words)));
  return `learn(${args.join(',')})`;
}

function specText(spec: LearnSpec, words: Dialect): string {
  if (spec.kind === 'output') return `output:${refText(spec.source)}`;
  const { source, destination } = spec;
  const to = refText(destination);
  if (source.kind === 'field') {
    const from = refText(source.subfield);
    return spec.kind === 'load' ? `load:${from}->${to}` : `${to}=${from}`;
  }
  if (spec.kind === 'load') return `load:${hex(source.value)}->${to}`;
  const f = field(destination.field);
  const whole = to === subfieldText(f, 0, f.bits);
  return whole ? `${f.name}=${wholeText(f, source.value, words)}` : `${to}=${hex(source.value)}`;
}

function wholeText(f: ReturnType<typeof field>, value: bigint, words: Dialect): string {
  if (f.format === 'frag') return FRAG[Number(value)] ?? hex(value);
  const text = valueText(f, value, null, words);
  // Here a name is a field's before it is a port's.
  return text === 'in_port' ? hex(value) : text;
}

/** ip_frag takes words only. */
const FRAG: readonly (string | undefined)[] = ['no', 'first', undefined, 'later'];
