/** `--ports FILE`: which numbers the ports of a switch have. */
import { make } from '../diagnostics/define.ts';
import type { Diagnostic } from '../diagnostics/types.ts';
import { badPort } from './build-codes.ts';

export interface PortsFile {
  readonly path: string;
  readonly text: string;
  /** By the name of the interface. */
  readonly ports: ReadonlyMap<string, number>;
  /** What is wrong with it; places are in `text`. */
  readonly diagnostics: readonly Diagnostic[];
}

const LAST_PORT = 0xfeff;
const LOCAL = 0xfffffffe;

/** ` 1(eth0): addr:02:00:00:00:00:01`, as `ovs-ofctl show` prints a port. */
const SHOWN = /^\s*(\d+|LOCAL)\((.+)\): addr:/;
/** What else it prints. */
const BESIDE =
  /^\s*(OFP[A-Z]*_|NXT_|n_tables:|capabilities:|actions:|config:|state:|current:|advertised:|supported:|peer:|speed:)/;
/** `eth0 1` and `eth0 = 1` */
const PAIR = /^\s*("[^"]*"|[^\s="]+)(?:\s*=\s*|\s+)(\S+)\s*$/;

/** Reads lines of names and numbers, the output of `ovs-ofctl show`, or a JSON object. Never throws. */
export function readPorts(path: string, text: string): PortsFile {
  const reader = new Reader();
  // A byte order mark is no part of the first name.
  const start = text.startsWith('\ufeff') ? 1 : 0;
  if (/^\s*\{/.test(text.slice(start))) reader.json(text, start);
  else reader.lines(text, start);
  return { path, text, ports: reader.ports, diagnostics: reader.diagnostics };
}

class Reader {
  readonly ports = new Map<string, number>();
  readonly diagnostics: Diagnostic[] = [];

  lines(text: string, from: number): void {
    const line = /[^\n]*/gy;
    line.lastIndex = from;
    for (let found = line.exec(text); found !== null; found = line.exec(text)) {
      this.line(found[0].replace(/\r$/, ''), found.index);
      if (++line.lastIndex > text.length) break;
    }
  }

  private line(line: string, start: number): void {
    const shown = SHOWN.exec(line);
    if (shown !== null) {
      const [, number = '', name = ''] = shown;
      this.add(unquote(name), number === 'LOCAL' ? LOCAL : Number(number), start, start + line.length);
      return;
    }
    if (BESIDE.test(line)) return;
    const text = line.replace(/#.*/, '').trimEnd();
    if (text.trim() === '') return;
    const at = start + text.length - text.trimStart().length;
    const pair = PAIR.exec(text);
    const number = pair === null ? null : numberOf(pair[2] ?? '');
    if (pair === null || number === null) {
      this.complain('a line has a name and a number: `eth0 1`', at, start + text.length);
    } else this.add(unquote(pair[1] ?? ''), number, at, start + text.length);
  }

  json(text: string, from: number): void {
    let value: unknown;
    try {
      value = JSON.parse(text.slice(from));
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      const position = /position (\d+)/.exec(why)?.[1];
      const at = position === undefined ? from : Math.min(from + Number(position), text.length);
      this.complain('this is not JSON', at, Math.min(at + 1, text.length));
      return;
    }
    for (const [name, number] of Object.entries(value as Record<string, unknown>)) {
      const found = text.indexOf(JSON.stringify(name));
      const at = found < 0 ? from : found;
      const end = found < 0 ? from : found + JSON.stringify(name).length;
      if (typeof number === 'number') this.add(name, number, at, end);
      else this.complain(`the number of ${JSON.stringify(name)} is a number`, at, end);
    }
  }

  private add(name: string, stated: number, start: number, end: number): void {
    const number = stated === 0xfffe ? LOCAL : stated;
    const known = this.ports.get(name);
    if (!(Number.isInteger(number) && ((number >= 1 && number <= LAST_PORT) || number === LOCAL))) {
      this.complain(`ports are 1 to ${LAST_PORT}, and this is ${stated}`, start, end);
    } else if (known !== undefined && known !== number) {
      this.complain(`\`${name}\` is already ${known === LOCAL ? 'LOCAL' : known}`, start, end);
    } else this.ports.set(name, number);
  }

  private complain(why: string, start: number, end: number): void {
    this.diagnostics.push(make(badPort, { why }, { file: 0, start, end: Math.max(end, start) }));
  }
}

function unquote(name: string): string {
  return name.replace(/^"(.*)"$/, '$1');
}

function numberOf(text: string): number | null {
  if (text === 'LOCAL') return LOCAL;
  return /^(\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : null;
}
