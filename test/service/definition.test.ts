// From a name to its declaration.
import { describe, expect, test } from 'vitest';
import { definition, readDocument } from '../../src/service/index.ts';
import type { Library } from '../../src/project/compile.ts';

const LIB = `const limit = 5
table policy { miss = drop }
template deny(ip: ipv4, prio: int = 10) { flow { match { ip; ip_src = ip } action { drop } } }
const _own = 1
`;
const FLAT = 'const flat = 7\n';

const PROGRAM = `import "lib.wbf" as lib
import "flat.wbf"
import "std/arp"
const self_ip = 10.0.0.1
const hosts = load "hosts.csv"
port uplink = 1
register zone = reg0[0..15]
group web = 5
meter web = 6
template vm(ip: ipv4, out: int = 2) {
  const inner = 3
  flow "vm_\${ip}" { match { ip; ip_dst = ip; zone = inner } action { output out } }
}
table ingress = 0 {
  miss = goto acl
  use vm(self_ip, out = uplink)
  use lib.deny(self_ip, prio = lib.limit)
  for {name, vid}, i in hosts { flow "f_\${name}" { priority = i; match { vlan_vid = vid } action { drop } } }
  flow a { match { ip; ip_dst = self_ip } action { zone = flat; group web; meter web; resubmit(,acl); ct(table = acl) } }
}
table acl = 1 { miss = drop }
if self_ip == 10.0.0.1 { const late = 1 }
const more = [late, lib._own]
extend table lib.policy { flow { match { arp } action { drop } } }
`;

const library: Library = {
  find: (_from, wanted) => {
    const text = { 'lib.wbf': LIB, 'flat.wbf': FLAT, 'hosts.csv': 'name,vid\na,1\n' }[wanted];
    return text === undefined
      ? { kind: 'missing', why: 'absent', detail: '' }
      : { kind: 'found', file: { path: `/p/${wanted}`, text }, identity: wanted, module: wanted };
  },
};

const document = readDocument('/p/main.wbf', PROGRAM);

/** Of the name at the `|` of `context`: the file, and the line where it is declared with `|` before the name. */
function at(context: string): string | null {
  const offset = PROGRAM.indexOf(context.replace('|', '')) + context.indexOf('|');
  expect(PROGRAM, context).toContain(context.replace('|', ''));
  const found = definition(document, offset, library);
  if (found === null) return null;
  const { path, text } = found.file ?? { path: '', text: PROGRAM };
  const start = text.lastIndexOf('\n', found.span.start - 1) + 1;
  const line = text.slice(start).split('\n', 1)[0] ?? '';
  const column = found.span.start - start;
  return `${path}:${line.slice(0, column)}|${line.slice(column)}`.slice(0, 40);
}

describe('goes to', () => {
  test.each([
    ['constants', 'ip_dst = |self_ip', ':const |self_ip = 10.0.0.1'],
    ['ports', 'out = |uplink', ':port |uplink = 1'],
    ['registers', 'action { |zone = flat', ':register |zone = reg0[0..15]'],
    ['tables after goto', 'goto |acl', ':table |acl = 1 { miss = drop }'],
    ['tables in arguments', 'resubmit(,|acl', ':table |acl = 1 { miss = drop }'],
    ['tables by the name of an argument', 'ct(table = |acl', ':table |acl = 1 { miss = drop }'],
    ['groups', 'group |web; meter', ':group |web = 5'],
    ['meters', 'meter |web; resubmit', ':meter |web = 6'],
    ['templates', 'use |vm(', ':template |vm(ip: ipv4, out: int = 2) {'],
    ['parameters', 'ip_dst = |ip; zone', ':template vm(|ip: ipv4, out: int = 2) {'],
    ['parameters in a text', '"vm_${|ip}', ':template vm(|ip: ipv4, out: int = 2) {'],
    ['parameters by name', 'self_ip, |out = ', ':template vm(ip: ipv4, |out: int = 2) {'],
    ['what is in a template, from there', 'zone = |inner', ':  const |inner = 3'],
    ['what a loop binds', 'vlan_vid = |vid', ':  for {name, |vid}, i in hosts { flow "f_'],
    ['the index of a loop', 'priority = |i', ':  for {name, vid}, |i in hosts { flow "f_'],
    ['what is declared on a condition', '[|late', ':if self_ip == 10.0.0.1 { const |late = 1'],
    ['an import', '|lib.limit', ':import "lib.wbf" as |lib'],
    ['the file of an import', 'import "|lib', '/p/lib.wbf:|const limit = 5'],
    ['the file of a load', 'load "|hosts', '/p/hosts.csv:|name,vid'],
    ['names of other files', 'lib.|limit', '/p/lib.wbf:const |limit = 5'],
    ['names of files without a prefix', 'zone = |flat', '/p/flat.wbf:const |flat = 7'],
    ['templates of other files', 'lib.|deny', '/p/lib.wbf:template |deny(ip: ipv4, prio: int = 10)'],
    ['parameters of other files', 'self_ip, |prio', '/p/lib.wbf:template deny(ip: ipv4, |prio: int = 10)'],
    ['tables of other files', 'extend table lib.|policy', '/p/lib.wbf:table |policy { miss = drop }'],
    ['a declaration from itself', 'const |self_ip', ':const |self_ip = 10.0.0.1'],
  ])('%s', (_what, context, expected) => {
    expect(at(context)).toBe(expected.slice(0, 40));
  });

  test.each([
    ['fields', 'ip; |ip_dst'],
    ['keywords', '|action { zone'],
    ['what is private to another file', 'lib.|_own'],
    ['the standard library', 'import "|std/arp'],
    ['actions', '|resubmit('],
  ])('nothing for %s', (_what, context) => {
    expect(at(context)).toBe(null);
  });
});

test('half-typed text', () => {
  for (let end = 0; end < PROGRAM.length; end += 7) {
    const text = PROGRAM.slice(0, end);
    const half = readDocument('/p/main.wbf', text);
    for (let offset = 0; offset <= end; offset += 11) {
      const found = definition(half, offset, library);
      if (found?.file === null) expect(found.span.end).toBeLessThanOrEqual(end);
    }
  }
});
