/** Prints the grammar as EBNF, from what chevrotain recorded of the parser's rules. */
import { parserInstance } from './parser.ts';

type Production = ReturnType<ReturnType<typeof parserInstance>['getSerializedGastProductions']>[number];

/** Tokens that are written as themselves. */
const MARKS: Readonly<Record<string, string>> = {
  LeftBrace: '{',
  RightBrace: '}',
  LeftParen: '(',
  RightParen: ')',
  LeftBracket: '[',
  RightBracket: ']',
  Comma: ',',
  Equals: '=',
  NotEquals: '!=',
  Slash: '/',
  Dot: '.',
  DotDot: '..',
  Colon: ':',
  RangeDash: '-',
  EqualEqual: '==',
  Less: '<',
  LessEqual: '<=',
  Greater: '>',
  GreaterEqual: '>=',
  Bar: '|',
  Caret: '^',
  Ampersand: '&',
  ShiftLeft: '<<',
  ShiftRight: '>>',
  Plus: '+',
  Minus: '-',
  Star: '*',
  Tilde: '~',
};

/** Rules that exist for the parser's sake and say nothing to a reader. */
const HIDDEN = new Set(['oneFlow', 'cell']);

function terminal(name: string): string {
  const mark = MARKS[name];
  if (mark !== undefined) return `"${mark}"`;
  // Keywords are named in lower case, classes of tokens in upper camel case.
  return /^[a-z]/.test(name) ? `"${name}"` : name.toUpperCase();
}

function sequence(parts: readonly unknown[]): string {
  return (parts as Production[])
    .map(print)
    .filter((text) => text !== '')
    .join(' ');
}

const group = (text: string): string => (/^("[^"]*"|\w+)$/.test(text) ? text : `( ${text} )`);

function print(production: Production): string {
  const node = production as Production & {
    name?: string;
    definition?: unknown[];
    separator?: { name: string };
  };
  const inside = (): string => sequence(node.definition ?? []);
  switch (node.type) {
    case 'Terminal':
      return node.name === 'Invalid' ? '' : terminal(node.name ?? '');
    case 'NonTerminal':
      return HIDDEN.has(node.name ?? '') ? '' : (node.name ?? '');
    case 'Option':
      return `${group(inside())}?`;
    case 'Repetition':
      return `${group(inside())}*`;
    case 'RepetitionMandatory':
      return `${group(inside())}+`;
    case 'RepetitionWithSeparator': {
      const element = inside();
      return `( ${element} ( ${terminal(node.separator?.name ?? '')} ${element} )* )?`;
    }
    case 'Alternation': {
      const alternatives = ((node.definition ?? []) as Production[]).map(print).filter((text) => text !== '');
      return `( ${alternatives.join(' | ')} )`;
    }
    default:
      return inside();
  }
}

/** The whole grammar, a rule a line. */
export function ebnf(): string {
  const rules = parserInstance()
    .getSerializedGastProductions()
    .map((rule) => rule as Production & { name: string; definition: unknown[] })
    .filter((rule) => !HIDDEN.has(rule.name));
  const width = Math.max(...rules.map((rule) => rule.name.length));
  return `${rules.map((rule) => `${rule.name.padEnd(width)} ::= ${sequence(rule.definition)}`).join('\n')}\n`;
}
