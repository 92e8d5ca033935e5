// Files of the corpus on a switch: as ovs-ofctl installs them, and as their import does.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { emitScript } from '../../src/emit/script.ts';
import type { Imported } from '../../src/import/import.ts';
import { textOf } from '../../src/import/assemble.ts';
import { importText } from '../../src/import/import.ts';
import { compile } from '../../src/project/compile.ts';
import type { Lab } from '../lab/switch.ts';
import { flowLines } from '../lab/switch.ts';

const dir = fileURLToPath(new URL('corpus/', import.meta.url));

export interface Case {
  readonly name: string;
  readonly script: boolean;
  /** What is imported: groups, meters and options first. */
  readonly text: string;
  readonly path: string;
  /** The version in which ovs-ofctl can say all of it. */
  readonly version: 'OpenFlow10' | 'OpenFlow15';
}

/** Flows that only OpenFlow 1.0 takes: they change a VLAN tag that there may not be. */
const OLD = new Set(['learning', 'neutron-firewall']);

const part = (base: string, suffix: string): string =>
  existsSync(`${base}.${suffix}`) ? `${readFileSync(`${base}.${suffix}`, 'utf8')}\n` : '';

export function cases(): Case[] {
  return readdirSync(dir)
    .filter((file) => /\.(?:flows|sh)$/.test(file))
    .map((file): Case => {
      const name = file.replace(/\.\w+$/, '');
      const base = dir + name;
      const rest = ['tlv', 'meters', 'groups'].map((suffix) => part(base, suffix)).join('');
      return {
        name,
        script: file.endsWith('.sh'),
        text: rest + readFileSync(dir + file, 'utf8'),
        path: dir + file,
        version: OLD.has(name) ? 'OpenFlow10' : 'OpenFlow15',
      };
    });
}

/** Names of tables that the file `names` has. */
export async function nameTables(lab: Lab): Promise<void> {
  const tables = ['classifier', 'acl', 'egress'];
  const words = tables.flatMap((name, n) => [
    ...['--', `--id=@${name}`, 'create', 'flow_table', `name=${name}`],
    ...['--', 'set', 'bridge', 'br0', `flow_tables:${n}=@${name}`],
  ]);
  await lab.vsctl(...words.slice(1), { check: true });
}

export async function empty(lab: Lab): Promise<void> {
  for (const what of ['del-flows', 'del-groups', 'del-meters', 'del-tlv-map'])
    await lab.ofctl('-O', 'OpenFlow15', what, 'br0', { check: true });
}

/** As its author would: flows that the switch refuses are in no file. */
export async function installOriginal(lab: Lab, { name, path, script, version }: Case): Promise<void> {
  if (script) {
    await lab.exec('sh', path, { check: true });
    return;
  }
  const base = dir + name;
  const ofctl = (...words: string[]): Promise<unknown> =>
    lab.ofctl('-O', words[0] === 'add-flows' ? version : 'OpenFlow15', ...words, { check: true });
  const tlv = part(base, 'tlv').trim();
  const rows = [...tlv.matchAll(/^ *(0x\w+) +(0x\w+) +(\d+) +(tun_metadata\d+)/gm)];
  const map = rows.map(([, c, type, length, field]) => `{class=${c},type=${type},len=${length}}->${field}`);
  if (tlv !== '') await ofctl('add-tlv-map', 'br0', map.length > 0 ? map.join(',') : tlv);
  for (const meter of part(base, 'meters')
    .split(/^(?=meter=)/m)
    .slice(1))
    await ofctl(
      'add-meter',
      'br0',
      meter
        .trim()
        .replace(/bands=\n?/, 'band=')
        .replace(/\n/g, ','),
    );
  const groups = part(base, 'groups').replace(/^OFPST.*$/m, '');
  if (groups !== '')
    await lab.ofctl('-O', 'OpenFlow15', 'add-groups', 'br0', '-', { input: groups, check: true });
  const flows = readFileSync(path, 'utf8')
    .replace(/^.*reply.*$/gm, '')
    .replace(/ (?:duration|n_packets|n_bytes|idle_age|hard_age)=[^, ]*,/g, '');
  await lab.ofctl('-O', version, 'add-flows', 'br0', '-', { input: flows, check: true });
}

/** Everything on the bridge, without cookies and statistics; the version is the oldest that can say it all. */
export async function contents(lab: Lab, version: string): Promise<string> {
  const dump = async (v: string, what: string): Promise<string> =>
    (await lab.ofctl('-O', v, '--no-names', what, 'br0', { check: true })).stdout;
  const flows = flowLines(await dump(version, 'dump-flows'))
    // Adds of OpenFlow 1.0 and 1.1 have the flag without saying so.
    .map((line) => line.replace(/^cookie=\w+, */, '').replace(/\breset_counts */, ''))
    // A frame without a tag has no priority either.
    .map((line) => line.replace('vlan_tci=0x0000/0x1fff', 'vlan_tci=0x0000'))
    .sort();
  const groups = (await dump('OpenFlow15', 'dump-groups')).split('\n').slice(1).sort();
  const meters = (await dump('OpenFlow15', 'dump-meters'))
    .split(/^(?=meter=)/m)
    .slice(1)
    .map((m) => m.trim())
    .sort();
  const options = (await dump('OpenFlow15', 'dump-tlv-map')).split('\n').slice(1);
  return [...flows, ...groups, ...meters, ...options].filter((line) => line.trim() !== '').join('\n');
}

/** Compiles the import and installs it; what the compiler has to say is in the result. */
export async function installImport(
  lab: Lab,
  { chunks }: Imported,
  ports?: ReadonlyMap<string, number>,
): Promise<string> {
  if (chunks === null) return 'nothing was written';
  const text = textOf(chunks);
  const file = { path: 'imported.wbf', text };
  const { program, diagnostics } = compile(file, ports === undefined ? {} : { bindings: { ports } });
  const told = diagnostics.map((d) => `${d.code}: ${d.message} ${text.slice(d.place.start, d.place.end)}`);
  if (program === null || told.length > 0) return told.join('\n');
  await empty(lab);
  const script = emitScript(program, { nonAtomic: true });
  const { status, stderr } = await lab.exec('sh', '-s', 'br0', { input: script });
  return status === 0 ? '' : stderr;
}

export const imported = (path: string, text: string, keepGoing = false): Imported =>
  importText({ path, text }, { name: 'corpus', keepGoing });
