/** Lists of actions, and what ovs-actions(7) has in them. */
import { notHere, nothingToDo, tooDeep, unknownWord } from '../../diagnostics/codes/import.ts';
import { nearest } from '../../diagnostics/suggest.ts';
import { looksLikeInterface, readPort, reservedPort } from './ports.ts';
import type { Args, Parsed, ReadAction } from './parsed.ts';
import { parsed } from './parsed.ts';
import { readCt, readNat } from './read-ct.ts';
import { readDecap, readEncap } from './read-encap.ts';
import * as fields from './read-fields.ts';
import { readBundle, readMultipath } from './read-hash.ts';
import { readLearn } from './read-learn.ts';
import * as more from './read-more.ts';
import * as output from './read-output.ts';
import { KeyValues } from './scanner.ts';
import type { Source } from './source.ts';
import { shown } from './source.ts';
import { verify } from './order.ts';

/** What encloses a list. */
export type Outer = 'flow' | 'bucket' | 'clone' | 'ct' | 'write_actions';

const MAX_DEPTH = 64;
/** Actions to remember. */
const MAX_KNOWN = 4096;

const BY_NAME: Readonly<Record<string, ReadAction>> = {
  output: output.readOutput,
  output_reg: output.readOutput,
  controller: output.readController,
  enqueue: output.readEnqueue,
  group: output.readGroupAction,
  resubmit: output.readResubmit,
  bundle: readBundle,
  bundle_load: readBundle,
  multipath: readMultipath,
  set_field: fields.readSetField,
  load: fields.readLoad,
  move: fields.readMove,
  push: fields.readPush,
  pop: fields.readPop,
  delete_field: fields.readDeleteField,
  check_pkt_larger: fields.readCheckPktLarger,
  set_tunnel: fields.readSetTunnel,
  set_tunnel64: fields.readSetTunnel,
  set_vlan_vid: fields.vlan('vlan_vid', false),
  set_vlan_pcp: fields.vlan('vlan_pcp', false),
  mod_vlan_vid: fields.vlan('vlan_vid', true),
  mod_vlan_pcp: fields.vlan('vlan_pcp', true),
  mod_dl_src: fields.mac('eth_src'),
  mod_dl_dst: fields.mac('eth_dst'),
  mod_nw_src: fields.ipv4('ip_src'),
  mod_nw_dst: fields.ipv4('ip_dst'),
  mod_nw_tos: fields.readModTos,
  mod_nw_ecn: fields.number('nw_ecn', 3, 'IP'),
  mod_nw_ttl: fields.ttl('mod_nw_ttl', 'IP'),
  set_nw_ttl: fields.ttl('mod_nw_ttl', 'IP'),
  mod_tp_src: fields.port(true),
  mod_tp_dst: fields.port(false),
  set_mpls_label: fields.number('mpls_label', 0xfffff, 'MPLS'),
  set_mpls_tc: fields.number('mpls_tc', 7, 'MPLS'),
  set_mpls_ttl: fields.ttl('set_mpls_ttl', 'MPLS'),
  strip_vlan: more.bare({ kind: 'pop_vlan' }, 'VLAN'),
  pop_vlan: more.bare({ kind: 'pop_vlan' }, 'VLAN'),
  push_vlan: more.ethertype('push_vlan', null),
  push_mpls: more.ethertype('push_mpls', 'Ethernet'),
  pop_mpls: more.ethertype('pop_mpls', 'Ethernet, MPLS'),
  dec_ttl: more.readDecTtl,
  dec_mpls_ttl: more.bare({ kind: 'dec_mpls_ttl' }, 'MPLS'),
  dec_nsh_ttl: more.bare({ kind: 'dec_nsh_ttl' }, 'NSH'),
  set_queue: more.readSetQueue,
  pop_queue: more.bare({ kind: 'pop_queue' }),
  fin_timeout: more.readFinTimeout,
  learn: readLearn,
  conjunction: more.readConjunction,
  note: more.readNote,
  sample: more.readSample,
  exit: more.bare({ kind: 'exit' }),
  ct: (args) => readCt(args, readList),
  ct_clear: more.bare({ kind: 'ct_clear' }),
  nat: readNat,
  clone: (args) => {
    const nested = readList(args.source, args.start, args.end, 'clone');
    return nested === null ? null : parsed(args, { action: { kind: 'clone', actions: [] }, nested });
  },
  encap: readEncap,
  decap: readDecap,
  debug_recirc: more.readDebug,
  debug_slow: more.readDebug,
  meter: more.readMeterAction,
  clear_actions: more.readClearActions,
  write_actions: (args) => {
    const nested = readList(args.source, args.start, args.end, 'write_actions');
    return nested === null ? null : parsed(args, { role: 'write_actions', nested });
  },
  write_metadata: more.readWriteMetadata,
  goto_table: more.readGotoTable,
  drop: more.readDrop,
};

const READERS: ReadonlyMap<string, ReadAction> = new Map(Object.entries(BY_NAME));

/** Reads the actions from `start` to `end`; null is reported. */
export function readList(source: Source, start: number, end: number, outer: Outer): readonly Parsed[] | null {
  if (source.depth >= MAX_DEPTH) return source.fail(tooDeep, {}, start, Math.max(end, start));
  source.depth++;
  const list: Parsed[] = [];
  const pairs = new KeyValues(source.text, start, end);
  while (pairs.next()) {
    const read =
      source.depth === 1 && source.known !== null
        ? recall(source, pairs, source.known)
        : readAction(source, pairs);
    if (read === null) return null;
    list.push(read);
  }
  source.depth--;
  if (list.length === 0 && outer === 'flow') source.warn(nothingToDo, {}, start, Math.max(end, start));
  const drop = list.find((p) => p.drop);
  if (drop !== undefined && list.some((p) => !p.drop))
    return source.fail(notHere, { action: 'drop', why: 'it stands alone' }, drop.start, drop.end);
  const rest = list.filter((p) => !p.drop);
  return verify(source, rest, outer) ? rest : null;
}

/** An action that may have been read before, elsewhere. */
function recall(source: Source, pairs: KeyValues, known: Map<string, Parsed>): Parsed | null {
  const { keyStart: start, end } = pairs;
  const text = source.text.slice(start, end);
  const earlier = known.get(text);
  if (earlier !== undefined) return { ...earlier, start, end };
  const before = source.notes.length;
  const read = readAction(source, pairs);
  if (read !== null && read.nested === null && source.notes.length === before) {
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, read);
  }
  return read;
}

function readAction(source: Source, pairs: KeyValues): Parsed | null {
  const { key, keyStart, keyEnd, valueStart, valueEnd, end } = pairs;
  const name = key.toLowerCase();
  const reader = READERS.get(name);
  const args: Args = {
    source,
    name: reader === undefined ? shown(key) : name,
    start: valueStart,
    end: valueEnd,
    whole: { start: keyStart, end },
  };
  if (reader !== undefined) return reader(args);
  const bareWord = keyEnd === end;
  if (
    /^\+?\d+$/.test(key) ||
    reservedPort(key) !== undefined ||
    (bareWord && looksLikeInterface(source, key))
  ) {
    const port = readPort(source, keyStart, keyEnd);
    return port === null ? null : output.outputTo({ ...args, start: keyStart, end: keyEnd }, port);
  }
  const word = shown(key === '' ? source.slice(keyStart, end) : key);
  const suggestion = nearest(name, READERS.keys());
  const details = bareWord && key !== '' ? { help: `if it is a port, write \`output:${word}\`` } : {};
  return source.fail(
    unknownWord,
    { word, where: 'actions', suggestion },
    keyStart,
    Math.max(keyEnd, keyStart + 1),
    details,
  );
}
