/**
 * The TextMate grammar, made from the tables: `lsp/vscode/syntaxes/wbf.tmLanguage.json` is what `textmate()` returns
 * (`test/lsp/textmate.test.ts` keeps them equal).
 */
import { DECLARATION_KEYWORDS, OTHER_KEYWORDS } from '../../grammar/tokens.ts';
import { ACTIONS } from '../openflow/actions.ts';
import { FIELDS } from '../openflow/fields.ts';
import { flagBits, valueNames } from '../openflow/names.ts';
import { RESERVED_PORTS } from '../openflow/ports.ts';
import { PROTOCOL_NAMES } from '../openflow/protocols.ts';
import { STATEMENTS } from './words.ts';

type Rule =
  | { readonly include: string }
  | { readonly name: string; readonly match: string }
  | {
      readonly name: string;
      readonly begin: string;
      readonly end: string;
      readonly patterns?: readonly Rule[];
    }
  | {
      readonly match: string;
      readonly captures: Readonly<Record<string, { readonly name: string }>>;
    };

interface Grammar {
  readonly $schema: string;
  readonly name: string;
  readonly scopeName: string;
  readonly fileTypes: readonly string[];
  readonly patterns: readonly Rule[];
  readonly repository: Readonly<Record<string, { readonly patterns: readonly Rule[] }>>;
}

/** One regular expression for a list of words, the same whatever their order. */
function words(list: Iterable<string>): string {
  return `(?:${[...new Set(list)].sort().join('|')})`;
}

const whole = (pattern: string): string => `\\b${pattern}\\b`;

/** Attributes of declarations: highlighted before `=` only. */
const ATTRIBUTES = [
  'allow',
  'bucket_id',
  'burst_size',
  'cookie',
  'cookies',
  'controller',
  'datapath',
  'fail_mode',
  'fields',
  'flags',
  'groups',
  'hard_timeout',
  'id',
  'idle_timeout',
  'importance',
  'in_band',
  'meters',
  'miss',
  'prec_level',
  'priority',
  'protocols',
  'rate',
  'selection_method',
  'selection_param',
  'type',
  'unit',
  'watch_group',
  'watch_port',
  'weight',
];

/** Blocks that open without being declarations. */
const BLOCKS = ['match', 'action', 'bucket', 'packet', 'expect', 'options'];

export function textmate(): Grammar {
  const fields = FIELDS.flatMap((f) => [f.name, ...f.aliases, ...f.headers.map((h) => h.name)]);
  const values = [
    ...FIELDS.flatMap((f) => (flagBits(f) === undefined ? valueNames(f) : [])),
    ...RESERVED_PORTS.map((p) => p.name),
  ];
  const flags = FIELDS.flatMap((f) => [...(flagBits(f)?.keys() ?? [])]);
  const actions = [...ACTIONS.flatMap((a) => [a.name, ...a.aliases]), ...Object.keys(STATEMENTS)].filter(
    (n) => /^[a-z_0-9]+$/.test(n),
  );
  // `group web` and `meter limit` alone are actions.
  const actionsToo = ['group', 'meter'];
  const declarations = words(DECLARATION_KEYWORDS.filter((w) => !actionsToo.includes(w)));
  const others = OTHER_KEYWORDS.filter((w) => !BLOCKS.includes(w));
  const octet = '[0-9A-Fa-f]{1,2}';

  return {
    $schema: 'https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json',
    name: 'White-box flows',
    scopeName: 'source.wbf',
    fileTypes: ['wbf'],
    patterns: [
      { include: '#comments' },
      { include: '#strings' },
      { include: '#literals' },
      { include: '#declarations' },
      { include: '#values' },
      { include: '#fields' },
      { include: '#protocols' },
      { include: '#actions' },
      { include: '#operators' },
    ],
    repository: {
      comments: {
        patterns: [
          { name: 'comment.line.documentation.wbf', match: '///.*$' },
          { name: 'comment.line.double-slash.wbf', match: '//.*$' },
          { name: 'comment.block.wbf', begin: '/\\*', end: '\\*/' },
        ],
      },
      strings: {
        patterns: [
          {
            name: 'string.quoted.double.wbf',
            begin: '"',
            end: '"|$',
            patterns: [
              { name: 'constant.character.escape.wbf', match: '\\\\(?:["\\\\nt]|u\\{[0-9A-Fa-f]{1,6}\\})' },
            ],
          },
        ],
      },
      literals: {
        patterns: [
          { name: 'constant.numeric.mac.wbf', match: `\\b${octet}(?::${octet}){5}\\b(?!:)` },
          {
            name: 'constant.numeric.ipv6.wbf',
            match:
              '(?<![\\w:.])(?=[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f:]+(?:\\d{1,3}(?:\\.\\d{1,3}){3})?(?![\\w:])',
          },
          { name: 'constant.numeric.ipv4.wbf', match: '\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b' },
          { name: 'constant.numeric.hex.wbf', match: '\\b0x[0-9A-Fa-f_]+\\b' },
          { name: 'constant.numeric.binary.wbf', match: '\\b0b[01_]+\\b' },
          { name: 'constant.numeric.duration.wbf', match: '\\b\\d[\\d_]*(?:ms|s|m|h|d)\\b' },
          { name: 'constant.numeric.decimal.wbf', match: '\\b\\d[\\d_]*\\b' },
          { name: 'constant.language.boolean.wbf', match: whole(words(['true', 'false'])) },
          { name: 'constant.other.flag.wbf', match: `[+-]${words(flags)}\\b` },
        ],
      },
      declarations: {
        patterns: [
          {
            // A word that opens a declaration, and the name that it declares.
            match: `^\\s*(${declarations})\\b(?!\\s*(?:[=!;(]|$))(?:\\s+([A-Za-z_]\\w*))?`,
            captures: {
              '1': { name: 'keyword.declaration.wbf' },
              '2': { name: 'entity.name.wbf' },
            },
          },
          {
            match: `(?<=[{;])\\s*(${declarations})\\b(?=\\s+[A-Za-z_]\\w*\\s*[={]|\\s*\\{)(?:\\s+([A-Za-z_]\\w*))?`,
            captures: {
              '1': { name: 'keyword.declaration.wbf' },
              '2': { name: 'entity.name.wbf' },
            },
          },
          {
            match: `^\\s*(${words(actionsToo)})\\s+([A-Za-z_]\\w*)(?=\\s*[={])`,
            captures: {
              '1': { name: 'keyword.declaration.wbf' },
              '2': { name: 'entity.name.wbf' },
            },
          },
          { name: 'keyword.control.block.wbf', match: '\\bband(?=\\s+\\w+\\s*\\{)' },
          { name: 'keyword.control.block.wbf', match: `${whole(words(BLOCKS))}(?=\\s*\\{)` },
          { name: 'variable.other.property.wbf', match: `${whole(words(ATTRIBUTES))}(?=\\s*=)` },
          { name: 'keyword.operator.word.wbf', match: whole(words(others)) },
        ],
      },
      values: {
        patterns: [
          // A field's own well-known names win on its right.
          { name: 'support.constant.wbf', match: `(?<==\\s)${words(values)}\\b(?!\\s*[=\\[])` },
          {
            name: 'support.constant.wbf',
            match: `(?<=\\boutput\\s)${words(RESERVED_PORTS.map((p) => p.name))}\\b`,
          },
        ],
      },
      fields: {
        patterns: [{ name: 'variable.language.field.wbf', match: whole(words(fields)) }],
      },
      protocols: {
        patterns: [{ name: 'support.type.protocol.wbf', match: whole(words(PROTOCOL_NAMES)) }],
      },
      actions: {
        patterns: [{ name: 'support.function.action.wbf', match: whole(words(actions)) }],
      },
      operators: {
        patterns: [{ name: 'keyword.operator.wbf', match: '!=|=|\\.\\.|/' }],
      },
    },
  };
}
