// What is wrong between tables.
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/project/compile.ts';
import { applyFix, expectDiagnostics } from './expect.ts';

/** No diagnostics at all. */
const fine = (text: string): void => {
  expect(compile({ path: 't.wbf', text }).diagnostics).toEqual([]);
};

describe('tables that no packet gets to', () => {
  test('the first of those that lead to each other is told', () => {
    expectDiagnostics(`table in = 0 { miss = goto acl }
table acl = 1 { miss = drop }
table lost = 2 { miss = goto more }
      ~~~~ WBF5601 no packet gets to table \`lost\`
table more = 3 { miss = drop }
table round = 4 { miss = drop; flow { match { ip } action { resubmit(,trip) } } }
      ~~~~~ WBF5601 no packet gets to table \`round\`
table trip = 5 { miss = drop; flow { match { arp } action { resubmit(,round) } } }
`);
  });

  test('every way counts: goto, resubmit, ct, buckets, nested lists', () => {
    fine(`group g = 1 { type = indirect; bucket { action { resubmit(,d) } } }
table in = 0 {
  miss = drop
  flow { match { arp } action { clone { resubmit(,a) }; output 1 } }
  flow { match { ip } action { ct(table = b) } }
  flow { match { ipv6 } action { group g } }
  flow { match { mpls } action { goto c } }
}
table a = 1 { miss { output 1 } }
table b = 2 { miss { output 1 } }
table c = 3 { miss { output 1 } }
table d = 4 { miss { output 1 } }
`);
  });

  test('a learned flow leads nowhere, it lies there', () => {
    expectDiagnostics(`table in = 0 { miss { learn(table = macs) { match { eth_dst = pkt.eth_src } action { output pkt.in_port } }; flood } }
table macs = 1 { miss = drop }
      ~~~~ WBF5601 no packet gets to table \`macs\`
`);
  });

  test('where others lead to it, the table says so', () => {
    fine(`table in = 0 { miss = drop }
table ours = 1 { allow = WBF5601; miss = goto next; flow { match { reg3 = 5 } action { output 1 } } }
table next = 2 { miss = drop; flow { match { reg3 = 5 } action { output 1 } } }
`);
    expectDiagnostics(`table in = 0 { miss = goto ours }
table ours = 1 { allow = WBF5601; miss = drop }
                         ~~~~~~~ WBF5404 \`WBF5601\` would not be reported here: there is nothing to allow
`);
  });

  test('nothing is said of a part of a pipeline', () => {
    fine(`table a = 3 { miss = drop; flow { match { reg0 = 1 } action { resubmit(,b); output 1 } } }
table b = 5 { miss = drop; flow { match { reg0 = 1 } action { eth_dst = eth_src } } }
`);
  });
});

describe('flows below one that takes every packet', () => {
  test('in its table', () => {
    expectDiagnostics(`table in = 0 {
  miss = goto acl
  flow low { priority = 4; match { arp } action { output 1 } }
       ~~~ WBF5602 no packet gets to this flow: \`all\` matches every packet at a higher priority
  flow same { priority = 5; match { arp } action { output 1 } }
  flow all { priority = 5; match {} action { output 2 } }
       --- this one matches every packet
  flow high { priority = 6; match { arp } action { output 1 } }
}
table acl = 1 { miss = drop; flow low { priority = 4; match { arp } action { output 1 } } }
`);
  });

  test('unless it expires', () => {
    fine(`table in = 0 { miss = drop
  flow low { priority = 4; match { arp } action { output 1 } }
  flow all { priority = 5; idle_timeout = 5s; match {} action { output 2 } } }
`);
  });

  test('allowed by either of them', () => {
    fine(`table in = 0 { miss = drop
  flow low { allow = WBF5602; priority = 4; match { arp } action { output 1 } }
  flow all { priority = 5; match {} action { output 2 } } }
`);
    fine(`table in = 0 { miss = drop
  flow low { priority = 4; match { arp } action { output 1 } }
  flow all { allow = WBF5602; priority = 5; match {} action { output 2 } } }
`);
  });
});

describe('registers that are read before they are written', () => {
  test('bits count, whatever name they have', () => {
    expectDiagnostics(`register zone = reg0[0..15]
register mark = reg0[16..31]
table in = 0 { miss { zone = 5; goto acl } }
table acl = 1 {
  miss = drop
  flow { match { zone = 1 } action { output 1 } }
  flow { match { reg0 = 1 } action { output 1 } }
  flow { match { xreg0 = 0x100000000/0x100000000 } action { output 1 } }
  flow { match { mark = 1 } action { output 1 } }
                 ~~~~ WBF5603 \`mark\` is read before any flow can have written it: it is 0 here
  flow { match { xxreg0 = 0x1/0xff } action { output 1 } }
                 ~~~~~~ WBF5603 \`xxreg0\` is read before any flow can have written it: it is 0 here
  flow { match { arp } action { reg5 = reg4; output reg5[0..15] } }
                                       ~~~~ WBF5603 \`reg4\` is read before any flow can have written it: it is 0 here
  flow { match { ip } action { ct(zone = mark, table = out) } }
                                         ~~~~ WBF5603 \`mark\` is read before any flow can have written it: it is 0 here
}
table out = 2 { miss { output mark } }
                              ~~~~ WBF5603 \`mark\` is read before any flow can have written it: it is 0 here
`);
  });

  test('a flow may have visited a table that writes them', () => {
    fine(`table in = 0 { miss { resubmit(,find); output reg0 } }
table find = 1 { miss = drop; flow { match { arp } action { reg0 = 5 } } }
`);
    expectDiagnostics(`table in = 0 { miss { output reg0; resubmit(,find); output reg0 } }
                             ~~~~ WBF5603 \`reg0\` is read before any flow can have written it: it is 0 here
table find = 1 { miss = drop; flow { match { arp } action { reg0 = 5 } } }
`);
  });

  test('what is learned, what buckets and clones write, and the metadata', () => {
    fine(`group g = 1 { type = indirect; bucket { action { reg3 = 5; resubmit(,b) } } }
table in = 0 {
  miss { learn(table = macs) { match { eth_dst = pkt.eth_src } action { reg1[0..15] = pkt.in_port } }; resubmit(,macs); resubmit(,a) }
  flow { match { ip } action { clone { reg2 = 5; output 1 }; group g } }
  flow { match { ipv6 } action { write_metadata 5; goto c } }
}
table macs = 1 { miss = drop }
table a = 2 { miss { output reg1[0..15] } }
table b = 3 { miss { output reg3[0..15] } }
table c = 4 { miss = drop; flow { match { metadata = 5 } action { output 1 } } }
`);
  });

  test('somebody else’s group may write anything', () => {
    fine(`group theirs = 7
table in = 0 { miss { group theirs; goto a } }
table a = 1 { miss { output reg1[0..15] } }
table b = 2 { miss { output reg1[0..15] } }
`);
  });

  test('flows at top level alone are a fragment', () => {
    fine('flow { match { reg0 = 1 } action { drop } }\n');
  });
});

describe('drop', () => {
  test('with an action set', () => {
    const checked = expectDiagnostics(`table in = 0 { miss { write_actions { output 1 }; goto acl } }
table acl = 1 {
  miss = goto out
  flow deny { match { arp } action { drop } }
                                     ~~~~ WBF5604 this \`drop\` may not drop: the packet can have an action set, which is carried out now
  flow none { match { ip } action { clear_actions; goto last } }
}
table out = 2 { miss = drop }
                       ~~~~ WBF5604 this \`drop\` may not drop: the packet can have an action set, which is carried out now
table last = 3 { miss = drop }
`);
    expect(applyFix(checked)).toContain('flow deny { match { arp } action { clear_actions } }');
    fine(`table in = 0 { miss { write_actions { eth_dst = 02:00:00:00:00:01 }; goto acl } }
table acl = 1 { miss = drop }
`);
  });

  test('in a table that is visited', () => {
    expectDiagnostics(`table in = 0 { miss { resubmit(,acl); output 1 } }
table acl = 1 { miss = drop; flow deny { match { arp } action { drop } } }
                                                                ~~~~ WBF5605 this \`drop\` does not drop: a flow that visits the table with \`resubmit\` goes on after it
`);
  });

  test('where nothing follows, or a register tells, it is fine', () => {
    fine(`table in = 0 { miss { output 1; resubmit(,acl) } }
table acl = 1 { miss = drop; flow deny { match { arp } action { drop } } }
`);
    fine(`table in = 0 { miss { resubmit(,find); output reg0 } }
table find = 1 { miss = drop; flow known { match { ip } action { reg0 = 1 } }; flow none { match { arp } action { drop } } }
`);
    fine(`table in = 0 { miss { resubmit(,find); resubmit(,use) } }
table find = 1 { miss = drop; flow known { match { ip } action { reg0 = 1 } }; flow none { match { arp } action { drop } } }
table use = 2 { miss = drop; flow one { match { reg0 = 1 } action { output 1 } } }
`);
  });
});

describe('changes that nobody sees', () => {
  test('behind the last output, or without any', () => {
    expectDiagnostics(`table in = 0 {
  miss { output 1; eth_dst = 02:00:00:00:00:01; eth_src = 02:00:00:00:00:02 }
                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~ WBF5606 nobody sees this change: the packet has been sent before it
  flow a { match { arp } action { eth_dst = eth_src; eth_src = 02:00:00:00:00:02 } }
                                  ~~~~~~~~~~~~~~~~~ WBF5606 nobody sees this change: the packet is dropped after it
  flow b { match { ip } action { clone { output 1; ip_dst = 10.0.0.1 }; output 2 } }
                                                   ~~~~~~~~~~~~~~~~~ WBF5606 nobody sees this change: the copy ends here
}
`);
  });

  test('seen later', () => {
    fine(`table in = 0 {
  miss { output 1; eth_dst = 02:00:00:00:00:01; goto next }
  flow a { match { arp } action { eth_dst = eth_src; resubmit(,visit); output 1 } }
  flow b { match { ip } action { eth_dst = eth_src; ct(commit) } }
  flow c { match { ipv6 } action { eth_dst = eth_src; write_actions { output 1 } } }
}
table next = 1 { miss { output 1 } }
table visit = 2 { miss { eth_src = 02:00:00:00:00:02 } }
`);
    fine(`table in = 0 { miss { write_actions { output 1 }; goto next } }
table next = 1 { miss { eth_dst = 02:00:00:00:00:01 } }
`);
  });
});

describe('loops', () => {
  test('a packet that comes back as it was', () => {
    expectDiagnostics(`table in = 0 {
  miss = goto a
  flow f { match { arp } action { resubmit(,in) } }
                                  ~~~~~~~~~~~~~ WBF5607 every packet of this flow comes back to it: \`in\` → \`in\`
  flow g { match { ip } action { output 2; clone { resubmit(in_port) } } }
                                                   ~~~~~~~~~~~~~~~~~ WBF5607 every packet of this flow comes back to it: \`in\` → \`in\`
  flow h { match { ipv6 } action { output 1; resubmit(,a) } }
}
table a = 1 { miss { reg0 = 1; goto b } }
                               ~~~~~~ WBF5607 every packet of this flow comes back to it: \`a\` → \`b\` → \`a\`
table b = 2 { miss { reg1 = 2; resubmit(,a) } }
`);
  });

  test('not where it may have changed', () => {
    fine(`table in = 0 {
  miss = drop
  flow f { match { arp; reg0 = 0 } action { reg0 = 1; resubmit(,in) } }
  flow g { match { in_port = 1; ip } action { resubmit(2, in) } }
  flow h { match { ipv6 } action { ct(table = in) } }
  flow i { match { mpls } action { resubmit(,b) } }
}
table b = 2 { miss = drop; flow { match { mpls; mpls_label = 5 } action { resubmit(,in) } } }
`);
  });

  test('it can be allowed', () => {
    fine(`table in = 0 { miss = drop; flow f { allow = WBF5607; match { arp } action { resubmit(,in) } } }
`);
  });
});

test('one diagnostic for a flow, and a hundred of a kind', () => {
  const flows = Array.from(
    { length: 150 },
    (_, i) => `flow f${i} { match { ip; ip_dst = 10.0.0.${i} } action { output 1; eth_dst = eth_src } }\n`,
  );
  const { diagnostics } = compile({
    path: 't.wbf',
    text: `table in = 0 { miss = drop\n${flows.join('')}}\n`,
  });
  expect(diagnostics.map((d) => d.code)).toEqual(Array.from({ length: 100 }, () => 'WBF5606'));
});
