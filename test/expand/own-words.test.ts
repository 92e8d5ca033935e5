// Words that an action or a property has of its own are not taken for what a program happens to call so.
import { expect, test } from 'vitest';
import { bodiesOf, expectProject } from './support.ts';

test('a file called like a flag of an action', () => {
  const program = (alias: string): string => `import "lib.wbf" as ${alias}
table t = 0 {
  miss = drop
  use ${alias}.allow()
  flow { match { ip } action { ct(table = u, zone = 1, nat) } }
}
table u = 1 { miss = drop }
=== lib.wbf
template allow() { flow { match { arp } action { normal } } }`;
  const flows = bodiesOf(program('nat'));
  expect(flows).toContain('table=0,priority=32768,ip actions=ct(table=1,zone=1,nat)');
  expect(flows).toEqual(bodiesOf(program('lib')));
});

test('a port called like its type, in an imported file', () => {
  expectProject(`program p { id = 1 }
import "lib.wbf"
table t = 0 {
  miss = drop
  flow { match { in_port = vxlan } action { output geneve } }
}
=== lib.wbf
bridge br0 {
  port vxlan  = 1 { type = vxlan; options { remote_ip = "flow" } }
  port geneve = 2 { type = geneve; options { remote_ip = "flow" } }
}`);
});

test('a register called like a property is a register', () => {
  const flows = bodiesOf(`import "lib.wbf" as lib
table t = 0 {
  miss = drop
  flow { match { ip } action { lib.type = lib.unit } }
}
=== lib.wbf
register type = reg0[0..7]
register unit = reg1[0..7]`);
  expect(flows).toContain('table=0,priority=32768,ip actions=move:reg1[0..7]->reg0[0..7]');
});
