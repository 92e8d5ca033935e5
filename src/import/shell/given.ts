/** Flows that a command is given in a word, or that one says to another. */
import type { ShellCommand } from './commands.ts';
import type { Word } from './words.ts';

/** A command for another shell, in a word. */
export const GIVEN_FLOWS =
  /\bovs-ofctl\b[^|;&]*\s(?:(?:add|mod|del|replace)-(?:flow|flows|group|groups|meter)|bundle)\b/;

/** The one word that `echo` or `printf` says, as it stands; null where it is more, or something made of it. */
export function spoken({ words }: ShellCommand): { name: string; word: Word } | null {
  const [first, ...rest] = words;
  const name = first?.text ?? '';
  if (name !== 'echo' && name !== 'printf') return null;
  const [word, more] = rest;
  if (word === undefined || more !== undefined || word.expansions.length > 0) return null;
  return /^-[neE]+$|[\\%]/.test(word.text) ? null : { name, word };
}
