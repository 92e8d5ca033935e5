/**
 * Fingerprints by which code scanning recognises a finding after lines were inserted above it: a hash of the code
 * and the text of its line without its white space, and how often that has occurred in the file.
 */
import { linesOf } from './lines.ts';
import type { ReportFile } from './types.ts';

/** FNV-1a with 64 bits. */
export function fnv1a64(text: string): string {
  const mask = 0xffffffffffffffffn;
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & mask;
  return hash.toString(16).padStart(16, '0');
}

export class Fingerprints {
  private readonly seen = new Map<string, number>();

  of(code: string, file: ReportFile, offset: number): string {
    const lines = linesOf(file);
    const line = lines.lineText(lines.lineAt(offset)).replace(/\s+/gu, ' ').trim();
    const hash = fnv1a64(`${code}\u0000${line.slice(0, 1000)}`);
    const key = `${file.path}\u0000${hash}`;
    const occurrence = (this.seen.get(key) ?? 0) + 1;
    this.seen.set(key, occurrence);
    return `${hash}:${occurrence}`;
  }
}
