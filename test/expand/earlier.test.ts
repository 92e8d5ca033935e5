// Two flows that are the same, out of a loop or a template: not the line that made both, but what made each is of interest.
import { expect, test } from 'vitest';
import { compileAll, expectProject } from './support.ts';

test('two elements of a loop', () => {
  expectProject(`const hosts = [
  {name: "web", ip: 10.0.0.1},
  --------------------------- the earlier flow is for \`h\` = {ip:10.0.0.1,name:web}
  {name: "nas", ip: 10.0.0.1},
  --------------------------- for \`h\` = {ip:10.0.0.1,name:nas}
]
table t = 0 {
  miss = drop
  for h in hosts { flow "\${h.name}" { match { ip; ip_src = h.ip } action { normal } } }
                        ~~~~~~~~~~~ WBF5104 another flow of this table has the same match and priority 32768
                        ----------- the earlier flow
}`);
});

test('a template that is used twice', () => {
  expectProject(`template allow(name: string, ip: ipv4) { flow "\${name}" { match { ip; ip_src = ip } action { normal } } }
                                              ~~~~~~~~~ WBF5104 another flow of this table has the same match and priority 32768
                                              --------- the earlier flow
table t = 0 {
  miss = drop
  use allow("web", 10.0.0.1)
  -------------------------- the earlier flow is in \`allow(web, 10.0.0.1)\`, used here
  use allow("nas", 10.0.0.1)
  -------------------------- in \`allow(nas, 10.0.0.1)\`, used here
}`);
});

test('what is written out has no way to it', () => {
  const { diagnostics } = compileAll(`table t = 0 {
  miss = drop
  flow web { match { ip; ip_src = 10.0.0.1 } action { normal } }
  for n in [1, 2] { flow { match { ip; ip_src = addr(10.0.0.0/24, n) } action { normal } } }
}`);
  expect(diagnostics.map((d) => d.related.map((r) => r.message))).toEqual([
    ['the earlier flow', expect.stringMatching(/^for `n` = 1/)],
  ]);
});
