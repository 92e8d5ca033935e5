/** What the subcommands of ovs-ofctl do, in the words with which a file of flows says the same. */
import type { ItemKind } from '../items.ts';
import type { Piece } from '../piece.ts';
import { PieceBuilder } from '../piece.ts';
import type { OfctlCall } from './ofctl.ts';
import type { Word } from './words.ts';

export interface Subcommand {
  readonly kind: ItemKind;
  /** The word with which a file says the same. */
  readonly prefix: (call: OfctlCall) => string;
  /** Its argument is a file. */
  readonly file: boolean;
  /** It may come without an argument. */
  readonly alone: boolean;
  /** It takes away what is there first. */
  readonly replaces?: boolean;
}

const one = (kind: ItemKind, word: string): Subcommand => ({
  kind,
  prefix: () => word,
  file: false,
  alone: false,
});
const file = (kind: ItemKind): Subcommand => ({ kind, prefix: () => '', file: true, alone: false });
const strict = (word: string) => (call: OfctlCall) => (call.strict ? `${word}_strict` : word);

export const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  'add-flow': one('flow', ''),
  'add-flows': file('flow'),
  'replace-flows': { ...file('flow'), replaces: true },
  bundle: file('flow'),
  'mod-flows': { ...one('flow', ''), prefix: strict('modify') },
  'del-flows': { ...one('flow', ''), prefix: strict('delete'), alone: true },
  'add-group': one('group', ''),
  'add-groups': file('group'),
  'mod-group': { ...one('group', ''), prefix: (call) => (call.mayCreate ? 'add_or_mod' : 'modify') },
  'del-groups': { ...one('group', 'delete'), alone: true },
  'insert-buckets': one('group', 'insert_bucket'),
  'remove-buckets': one('group', 'remove_bucket'),
  'add-meter': one('meter', ''),
  'mod-meter': one('meter', 'modify'),
  'del-meter': { ...one('meter', 'delete'), alone: true },
  'del-meters': { ...one('meter', 'delete'), alone: true },
  'add-tlv-map': one('tlv', ''),
  'del-tlv-map': { ...one('tlv', 'delete'), alone: true },
};

/** A command's argument behind the word with which a file says what the command does. */
export function prefixed(prefix: string, { piece, start }: Word): Piece {
  if (prefix === '') return piece;
  const builder = new PieceBuilder();
  for (const char of `${prefix} `) builder.add(char, start);
  for (let i = piece.start; i < piece.end; i++)
    builder.add(piece.text[i] ?? '', piece.map === null ? i : (piece.map[i] ?? start));
  return builder.build(piece.map === null ? piece.end : (piece.map[piece.end] ?? start));
}

export function wordless(prefix: string, { start, end }: Word): Piece {
  const builder = new PieceBuilder();
  for (const char of prefix) builder.add(char, start);
  return builder.build(end);
}
