// Programs of several files in an editor: its own texts come before those on the disk, and whoever imports a file is
// told when it changes.
/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- what is looked at is JSON */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { directory } from '../cli/wbfc.ts';
import { Client, textIn } from './client.ts';
import type { Range } from './client.ts';

const MAIN = `import "lib/acl.wbf" as acl
const hosts = load "hosts.csv"
table t = 0 {
  miss = drop
  use acl.deny(10.0.0.0/24)
  for h in hosts { flow { match { ip; ip_src = h.ip } action { output h.port } } }
}
`;
const ACL = `template deny(from: prefix) {
  flow deny { match { ip; ip_src = from } action { drop } }
}
`;
const HOSTS = 'ip,port\n10.0.0.1,1\n10.0.0.2,2\n';

let client: Client;
let dir: string;
let main: string;
let acl: string;
let hosts: string;

beforeEach(async () => {
  dir = directory({ 'main.wbf': MAIN, 'lib/acl.wbf': ACL, 'hosts.csv': HOSTS });
  [main, acl, hosts] = ['main.wbf', 'lib/acl.wbf', 'hosts.csv'].map(
    (path) => pathToFileURL(join(dir, path)).href,
  ) as [string, string, string];
  client = new Client();
  await client.initialize();
});

afterEach(async () => {
  expect(await client.shutdown()).toBe(0);
  expect(client.stderr).toBe('');
});

test('what a program imports and loads is found on the disk', async () => {
  const published = client.diagnostics(main);
  client.open(main, MAIN);
  expect((await published).diagnostics).toEqual([]);
});

test('a bad cell is shown in the data file, and goes when it is mended', async () => {
  const bad = HOSTS.replace('10.0.0.2', '10.0.0.256');
  writeFileSync(join(dir, 'hosts.csv'), bad);
  const [inMain, inHosts] = [client.diagnostics(main), client.diagnostics(hosts)];
  client.open(main, MAIN);
  expect((await inMain).diagnostics).toEqual([]);
  const [found] = (await inHosts).diagnostics;
  expect(textIn(bad, found.range as Range)).toBe('10.0.0.256');
  expect(found.relatedInformation[0].location.uri).toBe(main);

  writeFileSync(join(dir, 'hosts.csv'), HOSTS);
  const mended = client.diagnostics(hosts);
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: hosts, type: 2 }] });
  expect((await mended).diagnostics).toEqual([]);
});

test('the text in the editor comes before the file, and its importers are read anew', async () => {
  const first = client.diagnostics(main);
  client.open(main, MAIN);
  expect((await first).diagnostics).toEqual([]);

  // Another parameter: the mistake is in the program that uses it.
  const second = client.diagnostics(main);
  client.open(acl, ACL.replace('from: prefix', 'from: mac').replace('ip; ip_src', 'eth_src'));
  const [found] = (await second).diagnostics;
  expect(textIn(MAIN, found.range as Range)).toBe('10.0.0.0/24');

  const third = client.diagnostics(main);
  client.notify('textDocument/didClose', { textDocument: { uri: acl } });
  expect((await third).diagnostics).toEqual([]);
});

test('a mistake in a module is shown there once, though the program and the module itself have it', async () => {
  const bad = ACL.replace('ip_src = from', 'ip_srcc = from');
  const opened = client.diagnostics(acl);
  client.open(acl, bad);
  await opened;
  const shown = client.diagnostics(acl);
  client.open(main, MAIN);
  const { diagnostics } = await shown;
  expect(diagnostics).toMatchObject([{ code: 'WBF2001' }]);
  expect(textIn(bad, diagnostics[0].range as Range)).toBe('ip_srcc');

  // With the program it goes, as far as it was the program's.
  const closed = client.diagnostics(acl);
  client.notify('textDocument/didClose', { textDocument: { uri: main } });
  await closed;
});

test('what goes wrong in the standard library is shown where it is used', async () => {
  const text =
    'import "std/l2" as l2\ntable t = 0 {\n  miss = drop\n  use l2.static_vlan(5000, 02:00:00:00:00:01, 1)\n}\n';
  const published = client.diagnostics(main);
  client.open(main, text);
  const { diagnostics } = await published;
  expect(diagnostics).toHaveLength(1);
  expect(textIn(text, diagnostics[0].range as Range)).toMatch(/5000/);
});

test('a text that is no file has no other files', async () => {
  const published = client.diagnostics('untitled:Untitled-1');
  client.open('untitled:Untitled-1', 'import "lib/acl.wbf" as acl\n');
  expect((await published).diagnostics).toMatchObject([{ code: 'WBF6410' }]);
});

test('from a name to its declaration, in the file that has it', async () => {
  client.open(main, MAIN);
  const ask = (word: string): Promise<any> => {
    const before = MAIN.slice(0, MAIN.indexOf(word)).split('\n');
    const position = { line: before.length - 1, character: before.at(-1)!.length };
    return client.request('textDocument/definition', { textDocument: { uri: main }, position });
  };
  const inAcl = await ask('deny(');
  expect({ uri: inAcl.uri, word: textIn(ACL, inAcl.range as Range) }).toEqual({ uri: acl, word: 'deny' });
  const here = await ask('hosts {');
  expect({ uri: here.uri, word: textIn(MAIN, here.range as Range), line: here.range.start.line }).toEqual({
    uri: main,
    word: 'hosts',
    line: 1,
  });
  expect((await ask('hosts.csv')).uri).toBe(hosts);
  expect(await ask('miss')).toBe(null);
});
