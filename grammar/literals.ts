/** Literal tokens to nodes. While chevrotain records the grammar the tokens have no text; the values are then 0. */
import type { IToken } from 'chevrotain';
import type { Expr, Name, Span } from './ast.ts';
import { parseIpv6 } from './scanner.ts';

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: (token.endOffset ?? 0) + 1 };
}

export function nameOf(token: IToken): Name {
  return { text: token.image, span: spanOf(token) };
}

/** `text` as a number; what is none (only in tokens that were never in a file) is 0. */
function toBigInt(text: string): bigint {
  return /^(0x[0-9a-fA-F]+|0b[01]+|\d+)$/.test(text) ? BigInt(text) : 0n;
}

export function integerOf(token: IToken): Expr {
  const text = token.image.replaceAll('_', '');
  const radix = text.startsWith('0x') ? 16 : text.startsWith('0b') ? 2 : 10;
  return { kind: 'int', value: toBigInt(text), radix, span: spanOf(token) };
}

export function macOf(token: IToken): Expr {
  return { kind: 'mac', value: toBigInt(`0x${token.image.replaceAll(':', '')}`), span: spanOf(token) };
}

export function ipv4Of(token: IToken): Expr {
  const value = token.image.split('.').reduce((sum, octet) => (sum << 8n) | toBigInt(octet), 0n);
  return { kind: 'ipv4', value, span: spanOf(token) };
}

export function ipv6Of(token: IToken): Expr {
  return { kind: 'ipv6', value: parseIpv6(token.image) ?? 0n, span: spanOf(token) };
}

const SECONDS: Readonly<Record<string, bigint>> = { s: 1n, m: 60n, h: 3600n, d: 86_400n };

export function durationOf(token: IToken): Expr {
  const seconds = toBigInt(token.image.slice(0, -1)) * (SECONDS[token.image.slice(-1)] ?? 1n);
  return { kind: 'duration', seconds, span: spanOf(token) };
}

export function flagsOf(token: IToken): Expr {
  const flags: { set: boolean; name: Name }[] = [];
  for (const m of token.image.matchAll(/([+-])([A-Za-z0-9_]+)/g)) {
    const start = token.startOffset + m.index + 1;
    const text = m[2] ?? '';
    flags.push({ set: m[1] === '+', name: { text, span: { start, end: start + text.length } } });
  }
  return { kind: 'flags', flags, span: spanOf(token) };
}
