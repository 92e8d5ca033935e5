// The language server, from outside: `wbfc lsp --stdio` and JSON-RPC.
/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- what is looked at is JSON */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BAD, GOOD } from '../cli/programs.ts';
import { wbfc } from '../cli/wbfc.ts';
import { applyEdits, Client, textIn } from './client.ts';

let client: Client;
let capabilities: any;
let count = 0;

const newUri = (): string => `file:///work/space%20x/rules${++count}.wbf`;

beforeAll(async () => {
  client = new Client();
  ({ capabilities } = await client.initialize());
});

afterAll(async () => {
  expect(await client.shutdown()).toBe(0);
  expect(client.stderr).toBe('');
});

async function open(text: string): Promise<{ uri: string; diagnostics: readonly any[] }> {
  const uri = newUri();
  const published = client.diagnostics(uri);
  client.open(uri, text);
  return { uri, diagnostics: (await published).diagnostics };
}

function positionOf(text: string, what: string): { line: number; character: number } {
  const before = text.slice(0, text.indexOf(what)).split(/\r\n|\r|\n/);
  return { line: before.length - 1, character: before.at(-1)!.length };
}

test('says what it can do', () => {
  expect(capabilities).toMatchObject({
    positionEncoding: 'utf-16',
    textDocumentSync: { openClose: true, change: 1 },
    hoverProvider: true,
    definitionProvider: true,
    documentSymbolProvider: true,
    codeActionProvider: { codeActionKinds: ['quickfix'] },
    documentFormattingProvider: true,
    documentRangeFormattingProvider: true,
  });
});

describe('diagnostics', () => {
  test('after opening and after every change, empty ones too', async () => {
    const { uri, diagnostics } = await open(GOOD);
    expect(diagnostics).toEqual([]);

    client.change(uri, BAD, 2);
    const bad = await client.diagnostics(uri);
    expect(bad.version).toBe(2);
    expect(bad.diagnostics).toMatchObject([
      { code: 'WBF3001', severity: 1, source: 'wbfc', message: expect.stringContaining('OFPBMC_BAD_PREREQ') },
    ]);
    expect(textIn(BAD, bad.diagnostics[0].range)).toBe('icmp_type');

    client.change(uri, GOOD, 3);
    expect(await client.diagnostics(uri)).toMatchObject({ version: 3, diagnostics: [] });

    client.notify('textDocument/didClose', { textDocument: { uri } });
    expect((await client.diagnostics(uri)).diagnostics).toEqual([]);
  });

  test('are those of `wbfc check`', async () => {
    const { diagnostics } = await open(BAD);
    const { diagnostics: checked } = JSON.parse(wbfc(['check', '-', '--format', 'json'], { input: BAD }).out);
    expect(diagnostics).toHaveLength(checked.length);
    expect(diagnostics[0].code).toBe(checked[0].code);
    expect(diagnostics[0].range.start).toEqual({
      line: checked[0].location.start.line - 1,
      character: checked[0].location.start.column - 1,
    });
  });

  test('a burst of changes ends with those of the last version', async () => {
    const { uri } = await open(GOOD);
    for (let version = 2; version < 60; version++)
      client.change(uri, version % 2 === 0 ? BAD : GOOD, version);
    client.change(uri, BAD, 60);
    const last = await client.diagnostics(uri, 60);
    expect(last.diagnostics).toHaveLength(1);
  });

  test('columns count UTF-16 code units', async () => {
    const text = BAD.replace('match { ', 'match { /* 😀𝔘 */ ');
    const { diagnostics } = await open(text);
    expect(textIn(text, diagnostics[0].range)).toBe('icmp_type');
  });

  test('every line end of the protocol', async () => {
    for (const end of ['\r\n', '\n']) {
      const text = BAD.replaceAll('\n', end);
      const { diagnostics } = await open(text);
      expect(diagnostics).toHaveLength(1);
      expect(textIn(text, diagnostics[0].range)).toBe('icmp_type');
    }
  });
});

test('half-typed text never ends the server', async () => {
  const { uri } = await open('');
  for (let end = 1; end <= GOOD.length; end += 7) client.change(uri, GOOD.slice(0, end), end + 1);
  for (const [i, text] of [
    '{{{{((((',
    'flow {',
    'table',
    '"',
    '/*',
    '\u0000\ud800',
    'match = = =',
  ].entries()) {
    const version = 1000 + i;
    client.change(uri, text, version);
    const { diagnostics } = await client.diagnostics(uri, version);
    expect(diagnostics.length, text).toBeGreaterThan(0);
    const position = { line: 0, character: Math.min(1, text.length) };
    await client.request('textDocument/hover', { textDocument: { uri }, position });
    await client.request('textDocument/documentSymbol', { textDocument: { uri } });
  }
});

test('quick fixes carry an edit that mends the text', async () => {
  for (const text of [BAD, BAD.replaceAll('\n', '\r\n'), BAD.replace('match { ', 'match { /* 😀 */ ')]) {
    const { uri, diagnostics } = await open(text);
    const actions = await client.request('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostics[0].range,
      context: { diagnostics },
    });
    expect(actions.length).toBeGreaterThan(0);
    expect(actions[0]).toMatchObject({
      kind: 'quickfix',
      isPreferred: true,
      diagnostics: [{ code: 'WBF3001' }],
    });
    expect(actions[0].title).toContain('icmp');
    const mended = applyEdits(text, actions[0].edit.changes[uri]);
    client.change(uri, mended, 2);
    expect((await client.diagnostics(uri, 2)).diagnostics).toEqual([]);
  }
});

test('quick fixes only where they are asked for', async () => {
  const { uri, diagnostics } = await open(BAD);
  const ask = (range: object, only?: readonly string[]): Promise<any> =>
    client.request('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics, ...(only === undefined ? {} : { only }) },
    });
  expect(await ask({ start: { line: 0, character: 0 }, end: { line: 0, character: 3 } })).toEqual([]);
  expect(await ask(diagnostics[0].range, ['refactor'])).toEqual([]);
  expect(await ask(diagnostics[0].range, ['quickfix'])).toHaveLength(1);
});

test('hover on a field', async () => {
  const { uri } = await open(GOOD);
  const hover = await client.request('textDocument/hover', {
    textDocument: { uri },
    position: positionOf(GOOD, 'icmp_type'),
  });
  expect(hover.contents.kind).toBe('markdown');
  expect(hover.contents.value).toContain('**icmp_type** — field, 8 bits');
  expect(textIn(GOOD, hover.range)).toBe('icmp_type');
  const nothing = { textDocument: { uri }, position: positionOf(GOOD, '{') };
  expect(await client.request('textDocument/hover', nothing)).toBeNull();
});

test('document symbols', async () => {
  const { uri } = await open(GOOD);
  const symbols = await client.request('textDocument/documentSymbol', { textDocument: { uri } });
  expect(symbols).toMatchObject([
    { name: 'good', kind: 2 },
    { name: 'self_ip', kind: 14, detail: '10.11.22.26' },
    { name: 'ingress', kind: 3, children: [{ name: 'ping', kind: 12 }] },
  ]);
  expect(textIn(GOOD, symbols[2].children[0].selectionRange)).toBe('ping');
});

test('questions about texts that are not open are answered', async () => {
  const textDocument = { uri: 'file:///nowhere.wbf' };
  expect(await client.request('textDocument/documentSymbol', { textDocument })).toEqual([]);
  expect(
    await client.request('textDocument/hover', { textDocument, position: { line: 3, character: 3 } }),
  ).toBeNull();
});

test('ends when its editor is gone', async () => {
  const other = new Client();
  await other.initialize();
  other.endInput();
  expect(await other.exited).not.toBeNull();
});

test('without --stdio it says how', () => {
  const { code, err } = wbfc(['lsp']);
  expect(code).toBe(2);
  expect(err).toContain('--stdio');
});

describe('formatting', () => {
  const options = { tabSize: 2, insertSpaces: true };
  const UGLY =
    'table  t=0 {\n  miss = drop // \u{1f600}\n  flow a {match{tcp;tcp_dst in {80,443,}} action{drop}}\n}';
  const PRETTY =
    'table t = 0 {\n  miss = drop  // \u{1f600}\n  flow a { match { tcp; tcp_dst in {80, 443} } action { drop } }\n}\n';

  const ask = (method: string, uri: string, more: object = {}): Promise<any> =>
    client.request(`textDocument/${method}`, { textDocument: { uri }, options, ...more });

  test.each(['\n', '\r\n'])('changes what is between the tokens, %j', async (newline) => {
    const text = UGLY.replaceAll('\n', newline);
    const { uri } = await open(text);
    const edits = await ask('formatting', uri);
    expect(applyEdits(text, edits)).toBe(PRETTY.replaceAll('\n', newline));
    for (const { range } of edits) expect(textIn(text, range)).toMatch(/^[\s,]*$/);
  });

  test('changes nothing in what is formatted or cannot be read', async () => {
    expect(await ask('formatting', (await open(PRETTY)).uri)).toEqual([]);
    expect(await ask('formatting', (await open(`${UGLY}}`)).uri)).toEqual([]);
  });

  test('of some lines changes only them', async () => {
    const { uri } = await open(UGLY);
    const range = { start: { line: 2, character: 0 }, end: { line: 3, character: 0 } };
    const edits = await ask('rangeFormatting', uri, { range });
    const expected = [...UGLY.split('\n').slice(0, 2), ...PRETTY.split('\n').slice(2, 4)].join('\n');
    expect(applyEdits(UGLY, edits)).toBe(expected);
  });
});
