/** What an ovs-ofctl command line says: its options, its subcommand, the bridge and what else it is given. */
import type { ShellCommand } from './commands.ts';
import { SUBCOMMANDS } from './subcommands.ts';
import type { Word } from './words.ts';

export interface OfctlCall {
  readonly subcommand: string;
  readonly name: Word;
  readonly bridge: Word | null;
  /** Behind the bridge. */
  readonly args: readonly Word[];
  readonly strict: boolean;
  readonly mayCreate: boolean;
}

/** Options whose value is the next word, where it does not stand behind `=`. */
const WITH_VALUE = new Set([
  '-O',
  '-F',
  '-t',
  '-p',
  '-c',
  '-C',
  '-T',
  '--protocols',
  '--flow-format',
  '--timeout',
  '--private-key',
  '--certificate',
  '--ca-cert',
  '--bootstrap-ca-cert',
  '--sort',
  '--rsort',
  '--unixctl',
  '--color',
]);

/** Words before which a command is still a command. */
const PREFIXES = new Set([
  'if',
  'then',
  'else',
  'elif',
  'while',
  'until',
  'do',
  '{',
  '!',
  'time',
  'exec',
  'eval',
  'command',
  'sudo',
  'doas',
  'env',
  'nohup',
  'nice',
]);

/** Words behind which the name of a program is just a word. */
const TALKERS =
  /^(?:echo|printf|which|type|man|alias|test|\[|\[\[|grep|sed|awk|apt|apt-get|yum|dnf|hash|cat|export|local|declare|readonly|return|trap|set|source|\.)$/;

/** Does the command only speak of others? */
export function isTalk({ words }: ShellCommand): boolean {
  return TALKERS.test(words[0]?.text ?? '');
}

/** Is it a subcommand of ovs-ofctl that changes flows, groups, meters or options? */
export function changesFlows(subcommand: string): boolean {
  return Object.hasOwn(SUBCOMMANDS, subcommand);
}

/** The call of ovs-ofctl that a command is; null where it is none. */
export function ofctlCall({ words }: ShellCommand): OfctlCall | null {
  let first = 0;
  while (first < words.length && isPrefix(words[first]?.text ?? '')) first++;
  if (TALKERS.test(words[first]?.text ?? '')) return null;
  // What stands before it may be `sudo -u ovs`, `docker exec ovs`, `ip netns exec blue` and the like.
  let at = words.findIndex(
    (w, i) => i >= first && /(?:^|\/)ovs-ofctl$/.test(w.text) && w.expansions.length === 0,
  );
  if (at === -1) {
    // `$OFCTL add-flow …`
    const word = words[first];
    const variable = word !== undefined && word.expansions.length > 0 && /^[$`"]/.test(word.text);
    if (!variable || !words.slice(first + 1, first + 5).some((w) => changesFlows(w.text))) return null;
    at = first;
  }
  return readCall(words.slice(at + 1));
}

function isPrefix(word: string): boolean {
  return PREFIXES.has(word) || /^[A-Za-z_]\w*=/.test(word) || /^-\w$/.test(word);
}

function readCall(words: readonly Word[]): OfctlCall | null {
  const rest: Word[] = [];
  let strict = false;
  let mayCreate = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === undefined) break;
    const { text } = word;
    if (text === '--strict') strict = true;
    else if (text === '--may-create') mayCreate = true;
    else if (WITH_VALUE.has(text)) i++;
    else if (text.startsWith('-') && text !== '-' && (rest.length < 2 || /^--?[a-z]/.test(text))) continue;
    else rest.push(word);
  }
  const [name, bridge = null, ...args] = rest;
  return name === undefined ? null : { subcommand: name.text, name, bridge, args, strict, mayCreate };
}
