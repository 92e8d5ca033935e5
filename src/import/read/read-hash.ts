/** Actions that hash: bundle, bundle_load, multipath (ovs-actions(7)). */
import { badArgument, badTarget, badValue, ignored } from '../../diagnostics/codes/import.ts';
import type { Action, HashFields } from '../../ir/types.ts';
import { portTo32 } from '../../openflow/ports.ts';
import { readWrapping } from './numbers.ts';
import { readPort } from './ports.ts';
import type { Args, Parsed } from './parsed.ts';
import { just } from './parsed.ts';
import { isOutput } from './read-output.ts';
import { Words } from './scanner.ts';
import { shown } from './source.ts';
import type { Subfield } from './subfields.ts';
import { hasShortHeader, plain, readSubfield } from './subfields.ts';

type Multipath = Extract<Action, { kind: 'multipath' }>;
type Bundle = Extract<Action, { kind: 'bundle' }>;

const FIELDS: readonly HashFields[] = [
  'eth_src',
  'symmetric_l4',
  'symmetric_l3l4',
  'symmetric_l3l4+udp',
  'nw_src',
  'nw_dst',
  'symmetric_l3',
];
const LINK_ALGORITHMS: readonly Multipath['algorithm'][] = ['modulo_n', 'hash_threshold', 'hrw', 'iter_hash'];
const MEMBER_ALGORITHMS: readonly Bundle['algorithm'][] = ['active_backup', 'hrw'];

/** Ports in the numbers of OpenFlow 1.0. */
const PORT = { controller: 0xfffd, none: 0xffff } as const;
/** A bundle has no more. */
const MAX_MEMBERS = 2048;

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function take(words: Words, delimiters: string): Word | null {
  return words.next(delimiters) ? { text: words.word, start: words.start, end: words.end } : null;
}

function oneOf<T extends string>(args: Args, word: Word, name: string, known: readonly T[]): T | null {
  const wanted = word.text.toLowerCase();
  const found = known.find((k) => k === wanted);
  if (found !== undefined) return found;
  const needed = `one of ${known.join(', ')}`;
  return args.source.fail(badValue, { value: shown(word.text), name, needed }, word.start, word.end);
}

function tooFew(args: Args): null {
  const { source, name, whole } = args;
  return source.fail(badArgument, { action: name, what: 'arguments are missing' }, whole.start, whole.end);
}

function destination(args: Args, { start, end }: Word): Subfield | null {
  const to = readSubfield(args.source, start, end);
  if (to === null || hasShortHeader(to.info)) return to;
  const what = `there is no room for \`${to.field}\` in it`;
  return args.source.fail(badArgument, { action: args.name, what }, start, end);
}

export function readMultipath(args: Args): Parsed | null {
  const { source } = args;
  const words = new Words(source.text, args.start, args.end);
  const all = Array.from({ length: 6 }, () => take(words, ', '));
  const [fieldsWord, basisWord, algorithmWord, linksWord, argWord, toWord] = all;
  if (!fieldsWord || !basisWord || !algorithmWord || !linksWord || !argWord || !toWord) return tooFew(args);
  const fields = oneOf(args, fieldsWord, 'fields', FIELDS);
  if (fields === null) return null;
  const basis = readWrapping(source, basisWord.start, basisWord.end, 'basis', 16);
  const algorithm = oneOf(args, algorithmWord, 'algorithm', LINK_ALGORITHMS);
  if (algorithm === null) return null;
  const links = readWrapping(source, linksWord.start, linksWord.end, 'n_links', 32);
  if (links < 1 || links > 65536)
    return source.fail(
      badValue,
      { value: shown(linksWord.text), name: 'n_links', needed: 'a number from 1 to 65536' },
      linksWord.start,
      linksWord.end,
    );
  const arg = readWrapping(source, argWord.start, argWord.end, 'arg', 32);
  const to = destination(args, toWord);
  if (to === null) return null;
  if (to.bits < 16 && links > 2 ** to.bits)
    return source.fail(
      badArgument,
      { action: args.name, what: `${to.bits} bits are too few for ${links} links` },
      toWord.start,
      toWord.end,
    );
  passOver(args, words);
  return just(args, { kind: 'multipath', fields, basis, algorithm, links, arg, destination: plain(to) });
}

function passOver({ source, name }: Args, words: Words): void {
  const more = take(words, ', ');
  if (more !== null)
    source.warn(
      ignored,
      { text: shown(more.text), why: `\`${name}\` has no more arguments` },
      more.start,
      more.end,
    );
}

export function readBundle(args: Args): Parsed | null {
  const { source } = args;
  const loads = args.name.toLowerCase() === 'bundle_load';
  const words = new Words(source.text, args.start, args.end);
  const fieldsWord = take(words, ', ');
  const basisWord = take(words, ', ');
  const algorithmWord = take(words, ', ');
  const typeWord = take(words, ', ');
  const toWord = loads ? take(words, ', ') : null;
  const delimiter = take(words, ': ');
  if (!fieldsWord || !basisWord || !algorithmWord || !typeWord || (loads && !toWord) || !delimiter)
    return tooFew(args);
  if (oneOf(args, delimiter, 'members', ['members', 'slaves']) === null) return null;
  const members = readMembers(args, words);
  if (members === null) return null;
  const basis = readWrapping(source, basisWord.start, basisWord.end, 'basis', 16);
  const fields = oneOf(args, fieldsWord, 'fields', FIELDS);
  if (fields === null) return null;
  const algorithm = oneOf(args, algorithmWord, 'algorithm', MEMBER_ALGORITHMS);
  if (algorithm === null || oneOf(args, typeWord, 'member_type', ['ofport']) === null) return null;
  const to = toWord === null ? null : destination(args, toWord);
  if (toWord !== null && to === null) return null;
  return just(args, {
    kind: 'bundle',
    fields,
    basis,
    algorithm,
    members,
    destination: to === null ? null : plain(to),
  });
}

function readMembers(args: Args, words: Words): number[] | null {
  const { source } = args;
  const members: number[] = [];
  for (let word = take(words, ', []'); word !== null; word = take(words, ', []')) {
    if (members.length >= MAX_MEMBERS) {
      source.warn(
        ignored,
        { text: shown(word.text), why: `a bundle has ${MAX_MEMBERS} members at most` },
        word.start,
        word.end,
      );
      break;
    }
    const port = readPort(source, word.start, word.end);
    if (port === null) return null;
    if (port === PORT.controller || (port !== PORT.none && !isOutput(port))) {
      const what = `\`${shown(word.text)}\` cannot be a member`;
      return source.fail(badTarget, { action: args.name, what }, word.start, word.end, {
        switchError: 'OFPBAC_BAD_OUT_PORT',
      });
    }
    members.push(portTo32(port));
  }
  return members;
}
