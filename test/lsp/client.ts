/** A small client of the Language Server Protocol: JSON-RPC over the standard streams of `wbfc lsp --stdio`. */
/* eslint-disable @typescript-eslint/no-unsafe-assignment -- what is looked at is JSON */
import { start } from '../cli/wbfc.ts';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: any;
  readonly result?: any;
  readonly error?: { readonly message: string };
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly any[];
}

export class Client {
  readonly published: Published[] = [];
  stderr = '';
  private readonly server = start(['lsp', '--stdio']);
  private input = Buffer.alloc(0);
  private nextId = 1;
  private readonly answers = new Map<number, (message: Message) => void>();
  private readonly waiting: { test: (p: Published) => boolean; resolve: (p: Published) => void }[] = [];
  readonly exited: Promise<number | null>;

  constructor() {
    this.server.stdout.on('data', (data: Buffer) => {
      this.input = Buffer.concat([this.input, data]);
      this.read();
    });
    this.server.stderr.on('data', (data: Buffer) => {
      this.stderr += data.toString();
    });
    this.exited = new Promise((resolve) => this.server.on('exit', resolve));
  }

  private read(): void {
    for (;;) {
      const end = this.input.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(this.input.subarray(0, end).toString())?.[1]);
      if (end < 0 || this.input.length < end + 4 + length) return;
      const message = JSON.parse(this.input.subarray(end + 4, end + 4 + length).toString()) as Message;
      this.input = this.input.subarray(end + 4 + length);
      this.received(message);
    }
  }

  private received(message: Message): void {
    if (message.id !== undefined && message.method === undefined) {
      this.answers.get(message.id)?.(message);
      this.answers.delete(message.id);
    } else if (message.method === 'textDocument/publishDiagnostics') {
      const published = message.params as Published;
      this.published.push(published);
      const i = this.waiting.findIndex((w) => w.test(published));
      if (i >= 0) this.waiting.splice(i, 1)[0]!.resolve(published);
    }
  }

  private send(message: object): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.server.stdin.write(body);
  }

  notify(method: string, params: object = {}): void {
    this.send({ method, params });
  }

  request(method: string, params: object = {}): Promise<any> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.answers.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(error.message));
      });
      this.send({ id, method, params });
    });
  }

  async initialize(): Promise<any> {
    const result = await this.request('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
    });
    this.notify('initialized');
    return result;
  }

  open(uri: string, text: string, version = 1): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'wbf', version, text } });
  }

  change(uri: string, text: string, version: number): void {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
  }

  /** The next diagnostics for a text, or those of a version. */
  diagnostics(uri: string, version?: number): Promise<Published> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`no diagnostics for ${uri}; stderr: ${this.stderr}`));
      }, 10_000);
      this.waiting.push({
        test: (p) => p.uri === uri && (version === undefined || p.version === version),
        resolve: (p) => {
          clearTimeout(timer);
          resolve(p);
        },
      });
    });
  }

  async shutdown(): Promise<number | null> {
    await this.request('shutdown');
    this.notify('exit');
    return this.exited;
  }

  kill(): void {
    this.server.kill();
  }

  endInput(): void {
    this.server.stdin.end();
  }
}

/** Applies the edits that a server gives for a text, as an editor does. */
export function applyEdits(text: string, edits: readonly { range: Range; newText: string }[]): string {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((m) => m.index + m[0].length)];
  const offset = (p: Position): number => (starts[p.line] ?? text.length) + p.character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((t, e) => t.slice(0, offset(e.range.start)) + e.newText + t.slice(offset(e.range.end)), text);
}

/** The part of a text that a range covers. */
export function textIn(text: string, range: Range): string {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((m) => m.index + m[0].length)];
  return text.slice(
    (starts[range.start.line] ?? 0) + range.start.character,
    (starts[range.end.line] ?? 0) + range.end.character,
  );
}
