import { test } from 'vitest';
import { startSwitch } from '/work/main/test/lab/switch.ts';
test('x', async () => {
  const lab = await startSwitch({ dummy: true });
  await lab.addBridge('br0', { dummyPorts: 5 });
  const r = await lab.exec('sh', '-c', process.env.CMD!, {timeout: 60000});
  console.log(r.stdout + '---\n' + r.stderr + r.status);
  await lab.stop();
}, 120000);
