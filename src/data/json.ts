/** JSON, with comments allowed. A number is the text that stands there; `null` is a cell without text. */
import type { Node, ParseError } from 'jsonc-parser';
import { createScanner, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Span } from '../../grammar/ast.ts';
import { LIMITS, type Problems } from './problems.ts';
import type { DataRecord, DataValue } from './types.ts';

/** Null where the file is not sound. */
export function readJson(text: string, problems: Problems): DataValue | null {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const body = start === 0 ? text : ` ${text.slice(1)}`;
  const deep = tooDeep(body);
  if (deep !== null) {
    problems.add({ kind: 'limit', span: { start: deep, end: deep + 1 }, limit: 'depth' });
    return null;
  }
  const errors: ParseError[] = [];
  const tree = parseTree(body, errors);
  const [error] = errors;
  if (error !== undefined || tree === undefined) {
    // What follows the first mistake is mostly a consequence of it.
    const at = Math.min(error?.offset ?? 0, text.length);
    problems.add({
      kind: 'syntax',
      span: { start: at, end: Math.min(at + Math.max(error?.length ?? 0, 1), text.length) },
      format: 'JSON',
      reason: reasonOf(error, body),
    });
    return null;
  }
  return new Reader(text, problems).value(tree);
}

/** Offset of the bracket that is one too many; the parser itself is recursive. */
function tooDeep(text: string): number | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const first = text.charAt(scanner.getTokenOffset());
    if (first === '{' || first === '[') {
      if (++depth > LIMITS.depth) return scanner.getTokenOffset();
    } else if (first === '}' || first === ']') depth--;
  }
  return null;
}

function reasonOf(error: ParseError | undefined, text: string): string {
  if (error === undefined || text.trim() === '') return 'the file is empty';
  return REASONS[printParseErrorCode(error.error)] ?? 'this is not JSON';
}

/** By the parser's name for the mistake. */
const REASONS: Readonly<Record<string, string>> = {
  InvalidNumberFormat: 'this is no number',
  PropertyNameExpected: 'a key in quotes is expected here',
  ValueExpected: 'a value is expected here',
  ColonExpected: '`:` is expected here',
  CommaExpected: '`,` is expected here',
  CloseBraceExpected: '`}` is expected here',
  CloseBracketExpected: '`]` is expected here',
  EndOfFileExpected: 'the value has ended, and something follows',
  UnexpectedEndOfComment: 'this comment has no end',
  UnexpectedEndOfString: 'this text has no closing quote',
  UnexpectedEndOfNumber: 'this number has no end',
  InvalidUnicode: 'there is no such escape',
  InvalidEscapeCharacter: 'there is no such escape',
  InvalidCharacter: 'a control character in a text: write it as an escape',
  InvalidSymbol: 'this is neither a text in quotes nor a number, `true`, `false` or `null`',
};

class Reader {
  private readonly text: string;
  private readonly problems: Problems;

  constructor(text: string, problems: Problems) {
    this.text = text;
    this.problems = problems;
  }

  value(node: Node): DataValue {
    const { offset, length, type, children = [] } = node;
    const span = { start: offset, end: offset + length };
    if (type === 'object') return this.record(children, span);
    if (type === 'array')
      return { kind: 'list', elements: children.map((c) => this.value(c)), span, table: null };
    if (type === 'string')
      return { kind: 'cell', text: String(node.value), span: { start: offset + 1, end: span.end - 1 } };
    return { kind: 'cell', text: type === 'null' ? '' : this.text.slice(span.start, span.end), span };
  }

  private record(properties: readonly Node[], span: Span): DataRecord {
    const entries = new Map<string, DataValue>();
    const keys = new Map<string, Span>();
    for (const { children: [key, value] = [] } of properties) {
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      const here = { start: key.offset + 1, end: key.offset + key.length - 1 };
      const first = keys.get(name);
      if (first !== undefined) this.problems.add({ kind: 'repeated', span: here, name, first });
      else {
        keys.set(name, here);
        entries.set(name, this.value(value));
      }
    }
    return { kind: 'record', entries, span };
  }
}
