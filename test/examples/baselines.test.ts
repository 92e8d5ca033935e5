// Every example is built in every form, compared with what it was built to before (`npm run baselines` accepts what is
// new; review the difference), and given to a real switch in each of the ways in which it can get there.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundleControl, MessageSplitter, readBundleControl, readError } from '../lab/openflow.ts';
import { startSwitch, type Lab } from '../lab/switch.ts';
import { openWire } from '../lab/wire.ts';
import { root, wbfc } from '../e2e/wbfc.ts';

const wbf = (folder: string): string[] =>
  readdirSync(join(root, 'examples', folder))
    .filter((name) => name.endsWith('.wbf'))
    .map((name) => join(folder, name));
/** The bigger ones: the programs of a folder, not what they import. They are tried with packets, in test/e2e. */
const bigger = ['antrea', 'firewall', 'load-balancer', 'nat-gateway', 'vtep']
  .flatMap(wbf)
  .filter((file) => /^program /m.test(readFileSync(join(root, 'examples', file), 'utf8')));
const examples = [...wbf('.'), ...bigger];
const forms = ['flows', 'json', 'script', 'bundle'] as const;
const extension = { flows: 'flows', json: 'json', script: 'sh', bundle: 'bundle' } as const;

let lab: Lab;
let mgmt: string;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'wbfc-examples-'));
  lab = await startSwitch({ dummy: true });
  mgmt = await lab.addBridge('br0', { dummyPorts: 5, protocols: ['OpenFlow15'] });
});

afterAll(async () => {
  rmSync(dir, { recursive: true, force: true });
  await lab.stop();
});

test('there are examples', () => {
  expect(examples).toEqual([
    'acl.wbf',
    'balancer.wbf',
    'l2-switch.wbf',
    'learning.wbf',
    'router.wbf',
    'seed.wbf',
    'stateful.wbf',
    'whitebox.wbf',
    'antrea/main.wbf',
    'firewall/main.wbf',
    'load-balancer/main.wbf',
    'nat-gateway/main.wbf',
    'vtep/east.wbf',
    'vtep/west.wbf',
  ]);
});

describe.each(examples)('examples/%s', (file) => {
  const name = file.replace(/(\/main)?\.wbf$/, '').replace('/', '-');
  const built = (form: keyof typeof extension): string => join(dir, `${name}.${extension[form]}`);
  const baseline = (what: string): string => join(root, 'test/baselines', name, what);

  beforeAll(async () => {
    for (const form of forms) {
      // `wbf.lock` is the one in the repository.
      const args = ['build', `examples/${file}`, '--locked', '--emit', form, '-o', built(form)];
      // Nothing but the word that it is done.
      const stderr = expect.stringMatching(/^wrote .*\n$/) as string;
      expect(await wbfc(args), form).toEqual({ status: 0, stdout: '', stderr });
    }
  });

  test('has nothing to complain about', async () => {
    const checked = await wbfc(['check', `examples/${file}`, '--format', 'concise']);
    expect(checked).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('is built to what it was before', async () => {
    await expect(readFileSync(built('flows'), 'utf8')).toMatchFileSnapshot(baseline('flows.txt'));
    await expect(readFileSync(built('json'), 'utf8')).toMatchFileSnapshot(baseline('program.json'));
    await expect(readFileSync(built('script'), 'utf8')).toMatchFileSnapshot(baseline('install.sh'));
    const messages = new MessageSplitter().push(readFileSync(built('bundle')));
    const hex = messages.map((m) => `${m.toString('hex')}\n`).join('');
    await expect(hex).toMatchFileSnapshot(baseline('bundle.hex'));
  });

  test('is built to the same twice, and to standard output', async () => {
    for (const form of bigger.includes(file) ? (['bundle'] as const) : forms) {
      const { status, stdout } = await wbfc(['build', `examples/${file}`, '--emit', form, '-o', '-']);
      expect(status).toBe(0);
      expect(stdout).toBe(readFileSync(built(form)).toString());
    }
  });

  test('its script is clean', async () => {
    const { status, stdout } = await lab.exec('shellcheck', built('script'));
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  describe('on a switch', () => {
    // Flow files have no groups, and bundles no meters: both find those that the script has made.
    beforeAll(() => lab.exec('sh', built('script'), 'br0', { check: true }));
    beforeEach(() => lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true }));

    const sendBundle = async (): Promise<void> => {
      const client = await openWire(mgmt);
      try {
        const replies = await client.request(readFileSync(built('bundle')));
        expect(replies.flatMap((m) => readError(m) ?? [])).toEqual([]);
        expect(replies.map((m) => readBundleControl(m)?.type)).toContain(bundleControl.commitReply);
      } finally {
        client.close();
      }
    };

    test('its bytes, its flow file and its script all mean the same', async () => {
      const ways: Readonly<Record<string, () => Promise<unknown>>> = {
        bundle: sendBundle,
        'flow file': () =>
          lab.ofctl('-O', 'OpenFlow15', '--bundle', 'add-flows', 'br0', built('flows'), { check: true }),
        script: () => lab.exec('sh', built('script'), 'br0', { check: true }),
      };
      const dumps: Record<string, string[]> = {};
      for (const [way, install] of Object.entries(ways)) {
        await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
        await install();
        dumps[way] = await lab.dumpFlows('br0');
        // A second time changes nothing.
        await install();
        expect(await lab.dumpFlows('br0'), way).toEqual(dumps[way]);
      }
      expect(dumps['flow file']).toEqual(dumps['bundle']);
      expect(dumps['script']).toEqual(dumps['bundle']);
      const flows = JSON.parse(readFileSync(built('json'), 'utf8')) as { flows: unknown[] };
      expect(dumps['bundle']).toHaveLength(flows.flows.length);
    });

    test.runIf(!bigger.includes(file))('it means what was written by hand for ovs-ofctl', async () => {
      const meaning = async (): Promise<string[]> =>
        (await lab.dumpFlows('br0')).map((line) => line.replace(/cookie=0x[0-9a-f]+, ?/g, '')).sort();
      await sendBundle();
      const ours = await meaning();
      await lab.ofctl('-O', 'OpenFlow15', 'del-flows', 'br0', { check: true });
      const byHand = join(root, 'test/examples/by-hand', `${name}.txt`);
      await lab.ofctl('-O', 'OpenFlow15', 'add-flows', 'br0', byHand, { check: true });
      expect(ours).toEqual(await meaning());
    });

    test('it spares what others have put there', async () => {
      const foreign = 'cookie=0x77,table=0,priority=7,udp,nw_dst=10.9.9.9,actions=drop';
      await lab.ofctl('-O', 'OpenFlow15', 'add-flow', 'br0', foreign, { check: true });
      await sendBundle();
      const script = await lab.exec('sh', built('script'), 'br0');
      expect(script).toMatchObject({ status: 0 });
      expect(await lab.dumpFlows('br0', { filter: 'cookie=0x77/-1' })).toHaveLength(1);
    });
  });
});
