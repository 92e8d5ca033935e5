/**
 * YAML 1.2. A plain scalar is the text that stands there (`02:00:00:00:00:01` is a MAC, not a number of base 60, and
 * `on` is a text); an empty one, `~` and `null` are cells without text. Aliases are followed and bounded.
 */
import type { Alias, Node, Pair, ParsedNode, Scalar, YAMLError } from 'yaml';
import { Composer, CST, isAlias, isMap, isScalar, isSeq, Parser } from 'yaml';
import type { Span } from '../../grammar/ast.ts';
import { LIMITS, type Problems } from './problems.ts';
import type { DataRecord, DataValue } from './types.ts';

/** Null where the file is not sound. */
export function readYaml(text: string, problems: Problems): DataValue | null {
  const tokens: CST.Token[] = [];
  for (const token of new Parser().parse(text)) {
    tokens.push(token);
  }
  const deep = tooDeep(tokens);
  if (deep !== null) {
    problems.add({ kind: 'limit', span: { start: deep, end: deep + 1 }, limit: 'depth' });
    return null;
  }
  const [document, second] = [...new Composer({ version: '1.2', stringKeys: false }).compose(tokens)];
  const wrong = (span: Span, reason: string): null => {
    problems.add({ kind: 'syntax', span, format: 'YAML', reason });
    return null;
  };
  const found = [...(document?.errors ?? []), ...(document?.warnings ?? [])][0];
  if (found !== undefined) return wrong(spanOf(found, text), sentence(found));
  if (second !== undefined) {
    return wrong(
      { start: second.range[0], end: second.range[0] },
      'a second document in the file: one is read',
    );
  }
  const root = document?.contents ?? null;
  if (root === null || (isScalar(root) && root.range[0] === root.range[1]))
    return wrong({ start: 0, end: 0 }, 'the file is empty');
  const reader = new Reader(problems);
  const value = reader.value(root);
  return reader.sound ? value : null;
}

/** Offset of a collection that is nested too deeply; the composer is recursive. */
function tooDeep(tokens: readonly CST.Token[]): number | null {
  const stack = tokens.map((token): [CST.Token, number] => [token, 0]);
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const [token, depth] = top;
    if (token.type === 'document') {
      if (token.value !== undefined) stack.push([token.value, depth]);
    } else if ('items' in token) {
      if (depth >= LIMITS.depth) return token.offset;
      for (const item of token.items) {
        if (item.key) stack.push([item.key, depth + 1]);
        if (item.value !== undefined) stack.push([item.value, depth + 1]);
      }
    }
  }
  return null;
}

function spanOf({ pos: [start, end] }: YAMLError, text: string): Span {
  const from = Math.min(start, text.length);
  return { start: from, end: Math.min(Math.max(end, from), text.length) };
}

/** The parser's own words, as one line like ours. */
function sentence({ message }: YAMLError): string {
  const line = (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]$/, '');
  return line.charAt(0).toLowerCase() + line.slice(1);
}

class Reader {
  sound = true;
  private readonly problems: Problems;
  private readonly anchors = new Map<string, { readonly value: DataValue; readonly size: number }>();
  private size = 0;

  constructor(problems: Problems) {
    this.problems = problems;
  }

  value(node: ParsedNode | Node | null): DataValue {
    const before = this.size;
    const value = this.make(node);
    if (node !== null && !isAlias(node) && node.anchor !== undefined)
      this.anchors.set(node.anchor, { value, size: this.size - before });
    return value;
  }

  private make(node: ParsedNode | Node | null): DataValue {
    const span = { start: node?.range?.[0] ?? 0, end: node?.range?.[1] ?? 0 };
    this.grow(1, span);
    if (node === null || !this.sound) return { kind: 'cell', text: '', span };
    if (isAlias(node)) return this.alias(node, span);
    if (isSeq(node)) {
      const elements = node.items.map((item) => this.value(item as Node));
      return { kind: 'list', elements, span, table: null };
    }
    if (isMap(node)) return this.record(node.items as Pair[], span);
    return this.scalar(node, span);
  }

  private scalar(node: Scalar, span: Span): DataValue {
    if (node.type === 'PLAIN') {
      const text = node.value === null ? '' : (node.source ?? '');
      return { kind: 'cell', text, span };
    }
    const inner =
      node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'
        ? { start: span.start + 1, end: span.end - 1 }
        : span;
    return {
      kind: 'cell',
      text: typeof node.value === 'string' ? node.value : (node.source ?? ''),
      span: inner,
    };
  }

  private record(pairs: readonly Pair[], span: Span): DataRecord {
    const entries = new Map<string, DataValue>();
    for (const { key, value } of pairs) {
      const node = key as Node | null;
      const here = { start: node?.range?.[0] ?? span.start, end: node?.range?.[1] ?? span.start };
      if (!isScalar(node)) this.wrong(here, 'a key is a plain text here');
      else if (node.type === 'PLAIN' && node.source === '<<')
        this.wrong(here, 'merge keys (`<<`) are not read: write the entries out');
      else
        entries.set(
          node.type === 'PLAIN' ? (node.source ?? '') : String(node.value),
          this.value(value as Node),
        );
    }
    return { kind: 'record', entries, span };
  }

  private alias(node: Alias, span: Span): DataValue {
    const known = this.anchors.get(node.source);
    if (known === undefined) {
      this.wrong(span, `\`*${node.source}\` has no anchor that ends before it`);
      return { kind: 'cell', text: '', span };
    }
    this.grow(known.size, span);
    return known.value;
  }

  private grow(by: number, span: Span): void {
    this.size += by;
    if (!this.sound || this.size <= LIMITS.values) return;
    this.sound = false;
    this.problems.add({ kind: 'limit', span, limit: 'values' });
  }

  private wrong(span: Span, reason: string): void {
    this.sound = false;
    this.problems.add({ kind: 'syntax', span, format: 'YAML', reason });
  }
}
