/** What the project needs of the world outside, and how bytes from there become source text. */
import { invalidUtf8 } from '../diagnostics/codes/syntax.ts';
import { make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import { NO_ALLOCATION } from '../ir/types.ts';
import type { Compilation, CompileOptions, SourceFile } from './compile.ts';
import { compile } from './compile.ts';

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** What a path leads to, symbolic links followed; a dangling link is `other`. */
export type EntryKind = 'file' | 'directory' | 'other';

/** The files of a machine, or of a test. Paths are as the user wrote them or made of such with `/` between. */
export interface Host {
  /** Undefined where there is nothing. Throws `HostError` where one may not look. */
  kind(path: string): EntryKind | undefined;
  /** Bytes. Throws `HostError`. */
  size(path: string): number;
  /** Throws `HostError`. */
  read(path: string): Uint8Array;
  /** In any order. Throws `HostError`. */
  list(path: string): readonly DirectoryEntry[];
  /** The same text for two paths that lead to the same file or directory. */
  identity(path: string): string;
}

/** Something could not be read, for a reason that a user can understand. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly path: string;
  readonly reason: string;

  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
}

/** By its name: the language server is a bundle of its own, with a class of its own. */
export function isHostError(error: unknown): error is HostError {
  return error instanceof Error && error.name === 'HostError';
}

export interface Decoded {
  readonly file: SourceFile;
  /** Null when the bytes are text. */
  readonly invalid: Diagnostic | null;
}

/** Reads bytes as UTF-8. A byte order mark stays: offsets count it. */
export function decodeSource(path: string, bytes: Uint8Array): Decoded {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return { file: { path, text }, invalid: null };
  } catch {
    return decodeInvalid(path, bytes);
  }
}

function decodeInvalid(path: string, bytes: Uint8Array): Decoded {
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
  const text = lenient.decode(bytes);
  const at = invalidByte(bytes);
  const start = lenient.decode(bytes.subarray(0, at)).length;
  const byte = (bytes[at] ?? 0).toString(16).padStart(2, '0');
  const marks =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'little' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'big' : '';
  const invalid = make(
    invalidUtf8,
    {},
    { file: 0, start, end: start + 1 },
    {
      label: `byte 0x${byte} at offset ${at}`,
      help:
        marks === ''
          ? 'save the file as UTF-8'
          : `this looks like UTF-16 (${marks} endian): save the file as UTF-8`,
    },
  );
  return { file: { path, text }, invalid };
}

/** Offset of the first byte that is no part of a character (Unicode 15, table 3-7). */
function invalidByte(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i] ?? 0;
    let more = 0;
    let least = 0x80;
    let most = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) more = 1;
    else if (lead >= 0xe0 && lead <= 0xef) {
      more = 2;
      if (lead === 0xe0) least = 0xa0;
      if (lead === 0xed) most = 0x9f;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      more = 3;
      if (lead === 0xf0) least = 0x90;
      if (lead === 0xf4) most = 0x8f;
    } else if (lead >= 0x80) return i;
    for (let k = 1; k <= more; k++) {
      const next = bytes[i + k];
      if (next === undefined || next < least || next > most) return i;
      least = 0x80;
      most = 0xbf;
    }
    i += more + 1;
  }
  return bytes.length;
}

/** Compiles what stands in a file, whatever bytes those were. */
export function compileDecoded({ file, invalid }: Decoded, options: CompileOptions = {}): Compilation {
  if (invalid === null) return compile(file, options);
  return {
    files: [file],
    diagnostics: [invalid],
    hasErrors: true,
    program: null,
    bridge: null,
    unresolved: [],
    lock: NO_ALLOCATION,
    expansions: [],
  };
}
