// The least of an editor: opens a document in `wbfc lsp --stdio` and hears what is wrong with it.
import { spawn } from 'node:child_process';
import { wbfcEnv, wbfcWords } from './wbfc.ts';

interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface EditorDiagnostic {
  readonly range: Range;
  readonly code: string;
  readonly message: string;
  readonly severity: number;
}

export interface CodeAction {
  readonly title: string;
  readonly edit?: { readonly changes?: Readonly<Record<string, readonly TextEdit[]>> };
}

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

type Message = Readonly<Record<string, unknown>> & { readonly id?: number; readonly method?: string };

export interface Editor {
  /** Opens the text and returns its diagnostics. */
  readonly open: (uri: string, text: string) => Promise<EditorDiagnostic[]>;
  /** Replaces the whole text. */
  readonly change: (uri: string, text: string) => Promise<EditorDiagnostic[]>;
  readonly request: (method: string, params: unknown) => Promise<unknown>;
  /** Ends the server and returns its exit status. */
  readonly close: () => Promise<number | null>;
}

export async function startEditor(): Promise<Editor> {
  const [command, ...words] = wbfcWords('lsp', '--stdio');
  const child = spawn(command, words, { stdio: ['pipe', 'pipe', 'inherit'], env: wbfcEnv() });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const waiting = new Set<(m: Message) => boolean>();
  let rest: Buffer = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const head = rest.indexOf('\r\n\r\n');
      const length = Number(
        /Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, Math.max(head, 0)))?.[1],
      );
      if (head < 0 || rest.length < head + 4 + length) return;
      const message = JSON.parse(rest.toString('utf8', head + 4, head + 4 + length)) as Message;
      rest = rest.subarray(head + 4 + length);
      for (const taker of waiting) if (taker(message)) waiting.delete(taker);
    }
  });

  const send = (message: object): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  const hear = (wanted: (m: Message) => boolean): Promise<Message> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error('the language server does not answer'));
      }, 10_000);
      waiting.add((m) => {
        if (!wanted(m)) return false;
        clearTimeout(timer);
        resolve(m);
        return true;
      });
    });

  let id = 0;
  const request = async (method: string, params: unknown): Promise<unknown> => {
    const own = ++id;
    const answer = hear((m) => m.id === own && m.method === undefined);
    send({ id: own, method, params });
    const { result, error } = await answer;
    if (error !== undefined) throw new Error(JSON.stringify(error));
    return result;
  };
  const diagnostics = async (uri: string, version: number): Promise<EditorDiagnostic[]> => {
    const heard = await hear((m) => {
      if (m.method !== 'textDocument/publishDiagnostics') return false;
      const params = m['params'] as { uri: string; version?: number };
      return params.uri === uri && (params.version ?? version) === version;
    });
    return (heard['params'] as { diagnostics: EditorDiagnostic[] }).diagnostics;
  };

  let version = 0;
  await request('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  send({ method: 'initialized', params: {} });
  return {
    open: (uri, text) => {
      const answer = diagnostics(uri, ++version);
      const textDocument = { uri, languageId: 'wbf', version, text };
      send({ method: 'textDocument/didOpen', params: { textDocument } });
      return answer;
    },
    change: (uri, text) => {
      const answer = diagnostics(uri, ++version);
      const params = { textDocument: { uri, version }, contentChanges: [{ text }] };
      send({ method: 'textDocument/didChange', params });
      return answer;
    },
    request,
    close: async () => {
      await request('shutdown', null);
      send({ method: 'exit' });
      return ended;
    },
  };
}

/** The text with the edits made; they do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lines = text.split('\n');
  const offset = ({ line, character }: Position): number =>
    lines.slice(0, line).reduce((sum, l) => sum + l.length + 1, 0) + character;
  return [...edits]
    .sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((t, e) => t.slice(0, offset(e.range.start)) + e.newText + t.slice(offset(e.range.end)), text);
}
