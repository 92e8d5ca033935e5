/** Bytes in hexadecimal: `01.02.ff`, `0102ff`, with dots and blanks between them. */
import { badValue } from '../../diagnostics/codes/import.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';

/** Null is reported. */
export function bytesFrom(source: Source, start: number, end: number, name: string): Uint8Array | null {
  const { text } = source;
  const bytes = new Uint8Array((end - start + 1) >> 1);
  let count = 0;
  for (let at = start; at < end;) {
    const code = text.charCodeAt(at);
    if (code === 46 || code === 32 || code === 9 || code === 10 || code === 13) {
      at++;
      continue;
    }
    const pair = text.slice(at, Math.min(at + 2, end));
    if (!/^[0-9a-fA-F]{2}$/.test(pair)) {
      const needed = 'pairs of hexadecimal digits';
      return source.fail(badValue, { value: shown(text.slice(at, end)), name, needed }, at, end);
    }
    bytes[count++] = parseInt(pair, 16);
    at += 2;
  }
  return bytes.slice(0, count);
}
