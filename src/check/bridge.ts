/**
 * `bridge` blocks: what the switch must be. Checked now, provisioned by a later version. The properties are those of
 * the tables Bridge, Controller and Interface of ovs-vswitchd.conf.db(5), with `_` for `-` and without their prefixes.
 */
import type {
  BridgeDecl,
  CommandStatement,
  Expr,
  PortDecl,
  RelationStatement,
  Statement,
} from '../../grammar/ast.ts';
import * as codes from '../diagnostics/codes/bridge.ts';
import { badPropertyValue } from '../diagnostics/codes/program.ts';
import { notOffered } from '../diagnostics/codes/versions.ts';
import type { Fix } from '../diagnostics/types.ts';
import type { EvalContext } from './constants.ts';
import { insertFirst } from './layout.ts';
import { evaluateInt } from './numbers.ts';
import { PACKET_MODES, packetTypeOption } from './packet-types.ts';
import { elements, readProperties, word } from './properties.ts';
import type { Properties } from './properties.ts';
import { replaceFix, report } from './report.ts';
import type { Scope } from './types.ts';
import { protocolName } from './versions.ts';

type BridgeContext = EvalContext & { readonly scope: Scope };

const PROPERTIES = ['datapath', 'datapath_id', 'protocols', 'fail_mode', 'in_band', 'controller'] as const;
/** Blocks of `"key" = "value"` that are passed on as they are. */
const VERBATIM = ['options', 'other_config', 'external_ids'] as const;

const DATAPATHS = ['netdev', 'system'] as const;
const FAIL_MODES = ['secure', 'standalone'] as const;
const BOOLEANS = ['true', 'false'] as const;
// The newest first: of equally near names it is the one to suggest.
const PROTOCOLS = [
  'OpenFlow15',
  'OpenFlow14',
  'OpenFlow13',
  'OpenFlow12',
  'OpenFlow11',
  'OpenFlow10',
] as const;

/** Interface types of OVS 3.1 (ovs-vswitchd.conf.db(5), Interface, "type"). */
const PORT_TYPES = [
  'system',
  'internal',
  'tap',
  'patch',
  'geneve',
  'gre',
  'ip6gre',
  'vxlan',
  'lisp',
  'stt',
  'erspan',
  'ip6erspan',
  'gtpu',
  'bareudp',
  'dpdk',
  'dpdkvhostuser',
  'dpdkvhostuserclient',
  'afxdp',
  'afxdp-nonpmd',
] as const;

/** Methods of Controller, "target"; a missing port is 6653. */
const ENDPOINT =
  /^((tcp|ssl):(\[[0-9a-fA-F:.]+(%\w+)?\]|[^\s:[\]]+)(:\d{1,5})?|(ptcp|pssl):(\d{1,5}(:\S+)?)?|p?unix:\S+)$/;

export function checkBridge(ctx: BridgeContext, decl: BridgeDecl): void {
  const p = readProperties(ctx, decl.attributes, 'a bridge', PROPERTIES, [...VERBATIM, 'dpdk']);
  const datapath = p.get('datapath')?.value;
  if (datapath !== undefined) word(ctx, 'datapath', datapath, DATAPATHS);
  const protocols = p.get('protocols')?.value;
  if (protocols !== undefined) checkProtocols(ctx, protocols);
  const id = p.get('datapath_id')?.value;
  if (id !== undefined) checkDatapathId(ctx, id);
  const failMode = p.get('fail_mode')?.value;
  const mode = failMode === undefined ? undefined : word(ctx, 'fail_mode', failMode, FAIL_MODES);
  const inBand = p.get('in_band')?.value;
  const band = inBand === undefined ? undefined : word(ctx, 'in_band', inBand, BOOLEANS);
  const controller = p.get('controller');
  if (controller !== undefined) {
    const endpoints = elements(controller.value);
    for (const e of endpoints) {
      if (e.kind === 'missing' || (e.kind === 'string' && ENDPOINT.test(e.value))) continue;
      report(ctx, codes.badEndpoint, {}, e.span, {
        help: 'write `"tcp:127.0.0.1:6653"`, or what else ovs-vsctl takes',
      });
    }
    // null is a value that has been reported; without any controller neither of the two does anything.
    if (endpoints.length > 0 && (band === undefined || band === 'true')) {
      const fix = setProperty(ctx, decl, 'in_band = false', inBand);
      report(ctx, codes.inBand, {}, place(inBand, controller), {
        help: 'write `in_band = false`',
        fixes: [fix],
      });
    }
    if (endpoints.length > 0 && (mode === undefined || mode === 'standalone')) {
      const fix = setProperty(ctx, decl, 'fail_mode = secure', failMode);
      report(ctx, codes.standalone, {}, place(failMode, controller), {
        help: 'write `fail_mode = secure`',
        fixes: [fix],
      });
    }
  }
  verbatim(ctx, p);
  const dpdk = p.block('dpdk');
  if (dpdk !== undefined) checkDpdk(ctx, dpdk);
  for (const port of decl.ports) checkPortBody(ctx, port);
}

function place(value: Expr | undefined, controller: RelationStatement) {
  return value?.span ?? controller.target.span;
}

/** Changes the value that is there, or adds the property. */
function setProperty(ctx: BridgeContext, decl: BridgeDecl, text: string, value: Expr | undefined): Fix {
  const title = `Write \`${text}\``;
  if (value !== undefined) return replaceFix(ctx, title, value.span, text.slice(text.indexOf('=') + 2));
  const { start } = decl.body;
  return insertFirst(ctx, title, { start, end: start + 1 }, decl.attributes, text);
}

function checkProtocols(ctx: BridgeContext, value: Expr): void {
  const offered = elements(value).map((e) =>
    word(ctx, 'protocols', e, PROTOCOLS, '`OpenFlow10` to `OpenFlow15`'),
  );
  const { version } = ctx.scope;
  const protocol = protocolName(version);
  if (offered.length === 0 || offered.includes(null) || offered.some((name) => name === protocol)) return;
  report(ctx, notOffered, { version, protocol }, value.span, {
    help: `add \`${protocol}\`, or compile for one of these with \`--of\``,
  });
}

function checkDatapathId(ctx: BridgeContext, value: Expr): void {
  if (value.kind === 'missing' || (value.kind === 'string' && /^(0x)?[0-9a-fA-F]{1,16}$/.test(value.value)))
    return;
  if (value.kind === 'int' || value.kind === 'name') {
    evaluateInt(ctx, value, { what: '`datapath_id`', min: 1n, max: (1n << 64n) - 1n });
    return;
  }
  report(
    ctx,
    badPropertyValue,
    { name: 'datapath_id', allowed: 'a number, or 16 hexadecimal digits in quotes' },
    value.span,
  );
}

/** The body of a port: its type, and what the type wants to know. */
export function checkPortBody(ctx: BridgeContext, { body }: PortDecl): void {
  if (body === null) return;
  const p = readProperties(ctx, body.statements, 'a port', ['type'], VERBATIM);
  const type = p.get('type')?.value;
  if (type !== undefined) word(ctx, 'type', type, PORT_TYPES, 'an interface type of ovs-vswitchd.conf.db(5)');
  verbatim(ctx, p);
  const mode = packetTypeOption(p.block('options')?.block?.statements ?? [])?.value;
  if (mode !== undefined) word(ctx, 'packet_type', mode, PACKET_MODES);
}

function verbatim(ctx: BridgeContext, p: Properties): void {
  for (const name of VERBATIM) {
    const statements = p.block(name)?.block?.statements ?? [];
    for (const s of statements) keyAndValue(ctx, name, s);
  }
}

/** `"key" = "value"`, or without the quotes where they are not needed. */
function keyAndValue(ctx: BridgeContext, name: string, s: Statement): void {
  const values = ['string', 'int', 'name', 'mac', 'ipv4', 'ipv6', 'missing'];
  if (s.kind === 'relation' && s.operator === '=' && values.includes(s.value.kind)) return;
  report(ctx, badPropertyValue, { name, allowed: 'a list of `"key" = "value"`' }, s.span);
}

/** Cores by number rather than as a mask, and megabytes of memory for each NUMA node. */
function checkDpdk(ctx: BridgeContext, { block }: CommandStatement): void {
  const statements = block?.statements ?? [];
  const quoted = (s: Statement): boolean => s.kind === 'relation' && s.target.kind === 'string';
  for (const s of statements) if (quoted(s)) keyAndValue(ctx, 'dpdk', s);
  const rest = statements.filter((s) => !quoted(s));
  const p = readProperties(ctx, rest, '`dpdk`', ['cores', 'socket_memory']);
  const numbers = (name: string, what: string, max: bigint): void => {
    const value = p.get(name)?.value;
    for (const e of value === undefined ? [] : elements(value)) evaluateInt(ctx, e, { what, min: 0n, max });
  };
  numbers('cores', 'a core', 1023n);
  numbers('socket_memory', 'the memory of a NUMA node, in megabytes,', 1n << 30n);
}
