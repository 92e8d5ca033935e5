/** WBF6xxx: `bridge` and `test` blocks. */
import { define } from '../define.ts';

export const inBand = define({
  code: 'WBF6001',
  severity: 'warning',
  title: 'In-band control',
  message: () => 'with a controller and `in_band` not false, the switch adds hidden flows',
  explanation:
    'Open vSwitch controls in-band unless told otherwise: it adds flows of priorities above 65535 that no dump shows and that beat every flow of the program. Write `in_band = false` where the controller is reached by another network.',
  example: {
    bad: 'bridge br0 { protocols = [OpenFlow15]; fail_mode = secure; controller = "tcp:127.0.0.1:6633" }\n',
    good: 'bridge br0 { protocols = [OpenFlow15]; fail_mode = secure; in_band = false; controller = "tcp:127.0.0.1:6633" }\n',
  },
});

export const standalone = define({
  code: 'WBF6002',
  severity: 'warning',
  title: 'Standalone fail mode',
  message: () =>
    'with a controller and `fail_mode` not secure, the switch forwards by itself when it is gone',
  explanation:
    'In the standalone mode, the default, Open vSwitch replaces the flows by one with `normal` when no controller has answered for some seconds. Write `fail_mode = secure` to keep the flows of the program.',
  example: {
    bad: 'bridge br0 { protocols = [OpenFlow15]; in_band = false; controller = "tcp:127.0.0.1:6633" }\n',
    good: 'bridge br0 { protocols = [OpenFlow15]; fail_mode = secure; in_band = false; controller = "tcp:127.0.0.1:6633" }\n',
  },
});

export const badEndpoint = define({
  code: 'WBF6004',
  title: 'Not an endpoint',
  message: () => 'this is no endpoint of a controller',
  explanation:
    'Endpoints are written as ovs-vsctl takes them: `"tcp:127.0.0.1:6633"`, `"ssl:[::1]:6653"`, `"unix:/run/x"`, `"ptcp:6653"`.',
  example: {
    bad: 'bridge br0 { fail_mode = secure; in_band = false; controller = "127.0.0.1" }\n',
    good: 'bridge br0 { fail_mode = secure; in_band = false; controller = "tcp:127.0.0.1:6653" }\n',
  },
});

export const duplicateBridge = define({
  code: 'WBF6005',
  title: 'Two bridges',
  message: () => 'a program runs on one bridge',
  explanation:
    'The `bridge` block says what the switch must be that runs the program. Another switch runs another program.',
  example: { bad: 'bridge br0 {\n}\nbridge br1 {\n}\n', good: 'bridge br0 {\n}\n' },
});

export const testWithout = define<{ block: string }>({
  code: 'WBF6101',
  title: 'Incomplete test',
  message: ({ block }) => `this test has no \`${block}\``,
  explanation: 'A test has one `packet` that comes in and one `expect` that says what is to become of it.',
  example: {
    bad: 'test "x" { packet { tcp } }\n',
    good: 'test "x" { packet { tcp } expect { drop } }\n',
  },
});

export const notExpected = define<{ what: string }>({
  code: 'WBF6102',
  title: 'Not an expectation',
  message: ({ what }) => `\`${what}\` is nothing that a test can expect`,
  explanation: 'A test expects `output PORT`, perhaps with fields in braces, `controller` or `drop`.',
  example: {
    bad: 'test "x" { packet { tcp } expect { forward 1 } }\n',
    good: 'test "x" { packet { tcp } expect { output 1 } }\n',
  },
});
