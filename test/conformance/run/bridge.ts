// A bridge of a private switch, as the judge asks it: FLOW_MODs in, verdicts and descriptions out.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { captureAddFlows } from '../../lab/proxy.ts';
import { message, readError, withXid, type WireError } from '../../lab/openflow.ts';
import type { Lab } from '../../lab/switch.ts';
import { errorNames, openWire, type WireClient } from '../../lab/wire.ts';
import { GROUPS, METERS, PORTS, TLVS } from './world.ts';

/** A flow as the switch itself describes it, in hexadecimal, with what stands before the match and the statistics. */
export type Description = string;

/** Milliseconds that an answer may take: the judge's word is not to depend on what else the machine does. */
const PATIENCE = 60_000;

const LOST = /failed to connect to socket|receive failed \(End of file\)|Connection reset by peer/;
/** Connections that fail, for one text. */
const MOST_ATTEMPTS = 10;

const FIRST_XID = 0x4000_0000;
const OFPT = { flowMod: 14, multipartRequest: 18, multipartReply: 19 } as const;
/** enum ofp_multipart_type. */
export const MULTIPART = { flowDesc: 1, groupDesc: 7, meterDesc: 10 } as const;
const OFPFC_DELETE = 3;
/** OFPTT_ALL, OFPP_ANY, OFPG_ANY. */
const [ALL_TABLES, ANY] = [0xff, 0xffffffff];
/** OFPG_ALL. */
const ALL_GROUPS = 0xfffffffc;

/** Names of errors by what stands in the message. */
const known = new Map<string, string>();

async function nameOf(lab: Lab, error: WireError): Promise<string> {
  const key = `${error.type}/${error.code}/${error.vendor ?? ''}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const [name] = await errorNames(lab, [error]);
  if (name === undefined) throw new Error(`an error without a name: ${error.raw.toString('hex')}`);
  known.set(key, name);
  return name;
}

export class Bridge {
  readonly lab: Lab;
  readonly name: string;
  private readonly client: WireClient;

  private constructor(lab: Lab, name: string, client: WireClient) {
    this.lab = lab;
    this.name = name;
    this.client = client;
  }

  /** With the ports, groups, meters and Geneve options of `world.ts`. */
  static async create(lab: Lab, name: string): Promise<Bridge> {
    const ports = Array.from({ length: PORTS }, (_, i) => `${name}p${i + 1}`);
    const socket = await lab.addBridge(name, { dummyPorts: ports });
    const map = TLVS.map(
      (t) => `{class=0x${t.class.toString(16)},type=${t.type},len=${t.length}}->tun_metadata${t.index}`,
    );
    await lab.ofctl('add-tlv-map', name, map.join(','), { check: true });
    const bridge = new Bridge(lab, name, await openWire(socket));
    await bridge.restoreGroups();
    await bridge.restoreMeters();
    return bridge;
  }

  close(): void {
    this.client.close();
  }

  /** What the switch says to each message: null where it takes it. What it takes is installed. */
  async send(messages: readonly Buffer[]): Promise<(string | null)[]> {
    const said = messages.map((): string | null => null);
    if (messages.length === 0) return said;
    const bytes = Buffer.concat(messages.map((m, i) => withXid(m, FIRST_XID + i)));
    for (const reply of await this.client.request(bytes, PATIENCE)) {
      const error = readError(reply);
      const index = error === undefined ? -1 : error.xid - FIRST_XID;
      if (error !== undefined && index >= 0 && index < messages.length)
        said[index] = await nameOf(this.lab, error);
    }
    return said;
  }

  /** Deletes all flows. */
  async clear(): Promise<void> {
    const body = Buffer.alloc(48);
    body[16] = ALL_TABLES;
    body[17] = OFPFC_DELETE;
    body.writeUInt32BE(ANY, 24);
    body.writeUInt32BE(ANY, 28);
    body.writeUInt32BE(ANY, 32);
    body.writeUInt16BE(1, 40);
    body.writeUInt16BE(4, 42);
    const command = message(this.client.version, OFPT.flowMod, this.client.xid(), body);
    await this.client.request(command, PATIENCE);
  }

  /** The switch's own description of its flows by their priority. */
  async described(): Promise<Map<number, Description>> {
    const body = Buffer.alloc(40);
    body[0] = ALL_TABLES;
    body.writeUInt32BE(ANY, 4);
    body.writeUInt32BE(ANY, 8);
    body.writeUInt16BE(1, 32);
    body.writeUInt16BE(4, 34);
    const found = new Map<number, Description>();
    for (const desc of await this.multipart(MULTIPART.flowDesc, body)) {
      const match = Math.ceil(desc.readUInt16BE(26) / 8) * 8;
      const stats = 24 + match;
      const instructions = stats + Math.ceil(desc.readUInt16BE(stats + 2) / 8) * 8;
      const parts = [desc.subarray(4, stats), desc.subarray(instructions)];
      found.set(desc.readUInt16BE(6), parts.map((p) => p.toString('hex')).join(' '));
    }
    return found;
  }

  /** The same of groups or meters by their id. */
  async descriptions(type: number): Promise<Map<number, Description>> {
    const body = Buffer.alloc(8);
    body.writeUInt32BE(type === MULTIPART.groupDesc ? ALL_GROUPS : ANY, 0);
    const found = await this.multipart(type, body);
    return new Map(found.map((desc) => [desc.readUInt32BE(4), desc.toString('hex')]));
  }

  /** The parts of an answer, each of which begins with its length. */
  private async multipart(type: number, body: Buffer): Promise<Buffer[]> {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(type, 0);
    const request = Buffer.concat([head, body]);
    const replies = await this.client.request(
      message(this.client.version, OFPT.multipartRequest, this.client.xid(), request),
      PATIENCE,
    );
    const parts: Buffer[] = [];
    for (const reply of replies) {
      if (reply[1] !== OFPT.multipartReply) throw new Error(`no description: ${reply.toString('hex')}`);
      for (let at = 16; at < reply.length; at += reply.readUInt16BE(at))
        parts.push(reply.subarray(at, at + reply.readUInt16BE(at)));
    }
    return parts;
  }

  /** Makes the groups those of `world.ts` again. */
  async restoreGroups(): Promise<void> {
    await this.ofctl('del-groups', this.name);
    for (const { id, type } of GROUPS) {
      const watched = type === 'fast_failover' ? 'watch_port:1,' : '';
      const word = type === 'fast_failover' ? 'ff' : type;
      await this.ofctl(
        'add-group',
        this.name,
        `group_id=${id},type=${word},bucket=${watched}actions=output:1`,
      );
    }
  }

  async restoreMeters(): Promise<void> {
    await this.ofctl('del-meters', this.name);
    for (const { id } of METERS)
      await this.ofctl('add-meter', this.name, `meter=${id},kbps,band=type=drop,rate=1`);
  }

  private async ofctl(...args: string[]): Promise<void> {
    await this.lab.ofctl('-O', 'OpenFlow15', ...args, { check: true, timeout: PATIENCE });
  }

  /** The lines of `dump-flows` by priority; null where ovs-ofctl cannot print the flow. */
  async dumped(
    flows: readonly { table: number; priority: number; cookie: bigint }[],
  ): Promise<Map<number, string | null>> {
    const found = new Map<number, string | null>();
    const dump = async (filter: string): Promise<boolean> => {
      const { status, stdout } = await this.lab.ofctl(
        ...['-O', 'OpenFlow15', '--no-stats', '--no-names', 'dump-flows', this.name],
        ...(filter === '' ? [] : [filter]),
        { timeout: PATIENCE },
      );
      if (status !== 0) return false;
      for (const line of stdout.split('\n'))
        if (line.includes('actions='))
          found.set(Number(/\bpriority=(\d+)/.exec(line)?.[1] ?? 0x8000), line.trim());
      return true;
    };
    if (await dump('')) return found;
    // A flow that makes ovs-ofctl abort: find it.
    for (const table of new Set(flows.map((f) => f.table))) {
      if (await dump(`table=${table}`)) continue;
      for (const f of flows.filter((g) => g.table === table))
        if (!(await dump(`table=${table},cookie=${f.cookie}/-1`))) found.set(f.priority, null);
    }
    return found;
  }

  /** The FLOW_MODs that ovs-ofctl makes of lines of text, or why it does not. They do not reach the bridge. */
  async fromText(lines: readonly string[]): Promise<(Buffer | string)[]> {
    const refused = new Map<number, string>();
    let attempts = 0;
    for (;;) {
      const kept = lines.filter((_, i) => !refused.has(i));
      const numbers = lines.flatMap((_, i) => (refused.has(i) ? [] : [i]));
      try {
        const sent =
          kept.length === 0
            ? []
            : await captureAddFlows(this.lab, this.name, `${kept.join('\n')}\n`, {
                bundle: true,
                install: false,
              });
        if (sent.length !== kept.length) throw new Error(`${kept.length} lines, ${sent.length} messages`);
        let next = 0;
        return lines.map((_, i) => refused.get(i) ?? sent[next++]!);
      } catch (error) {
        const said = error instanceof Error ? error.message : '';
        // On a busy machine the switch's queue of connections is full at times, or a bundle is given up.
        if (LOST.test(said) && attempts++ < MOST_ATTEMPTS) {
          await new Promise((resolve) => setTimeout(resolve, 100 * attempts));
          continue;
        }
        const [, line, why] = /-:(\d+): (.*)/.exec(said) ?? [];
        const index = line === undefined ? undefined : numbers[Number(line) - 1];
        if (index === undefined || why === undefined) throw error;
        refused.set(index, why);
      }
    }
  }

  /** What ovs-ofctl makes of a description, for people. */
  async words(bytes: Buffer): Promise<string> {
    const file = join(this.lab.dir, `${this.name}.message`);
    await writeFile(file, bytes);
    const { stdout } = await this.lab.ofctl('ofp-parse', file);
    await rm(file);
    return stdout.trim();
  }
}
