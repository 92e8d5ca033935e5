/**
 * Actions as ovs-ofctl writes them in OpenFlow 1.3, 1.4 and 1.5: those of the standard (OpenFlow 1.5.1 §7.2.6) where the
 * version has one, else Nicira's (ovs-actions(7); `ofp-actions.c` numbers them).
 */
import type { ByteWriter } from '../../ir/bytes.ts';
import { hasExperimenterHeader, writeHeader } from '../../ir/tlv.ts';
import type { Action, SubfieldRef } from '../../ir/types.ts';
import type { WireVersion } from '../../openflow/oxm.ts';
import { writeController } from './controller.ts';
import { writeCt } from './ct.ts';
import { writeDecap, writeEncap } from './encap.ts';
import { writeModVlan, writeMove, writeSetField } from './fields.ts';
import {
  closeAction,
  nicira,
  offsetAndBits,
  OFPP,
  openStandard,
  port16,
  standard16,
  standard32,
  WHOLE_PACKET,
} from './frame.ts';
import { writeBundle, writeMultipath } from './hash.ts';
import { writeLearn } from './learn.ts';
import { wireNumber } from './numbers.ts';
import { writeSample } from './sample.ts';

/** Action types of the standard. */
const OFPAT = {
  output: wireNumber('output', 'standard'),
  decMplsTtl: wireNumber('dec_mpls_ttl', 'standard'),
  pushVlan: wireNumber('push_vlan', 'standard'),
  popVlan: wireNumber('strip_vlan', 'standard'),
  pushMpls: wireNumber('push_mpls', 'standard'),
  popMpls: wireNumber('pop_mpls', 'standard'),
  setQueue: wireNumber('set_queue', 'standard'),
  group: wireNumber('group', 'standard'),
  decTtl: wireNumber('dec_ttl', 'standard'),
  setNwTtl: wireNumber('mod_nw_ttl', 'standard'),
  setMplsTtl: wireNumber('set_mpls_ttl', 'standard'),
  meter: wireNumber('meter', 'standard'),
} as const;

/** Subtypes of Nicira's. */
const NXAST = {
  outputReg: wireNumber('output', 'nicira', 0),
  outputReg2: wireNumber('output', 'nicira', 1),
  outputTrunc: wireNumber('output', 'nicira', 2),
  popQueue: wireNumber('pop_queue', 'nicira'),
  note: wireNumber('note', 'nicira'),
  resubmitTable: wireNumber('resubmit', 'nicira', 0),
  resubmitTableCt: wireNumber('resubmit', 'nicira', 2),
  exit: wireNumber('exit', 'nicira'),
  finTimeout: wireNumber('fin_timeout', 'nicira'),
  decTtlControllers: wireNumber('dec_ttl', 'nicira'),
  push: wireNumber('push', 'nicira'),
  pop: wireNumber('pop', 'nicira'),
  conjunction: wireNumber('conjunction', 'nicira'),
  clone: wireNumber('clone', 'nicira'),
  ctClear: wireNumber('ct_clear', 'nicira'),
  decNshTtl: wireNumber('dec_nsh_ttl', 'nicira'),
  checkPktLarger: wireNumber('check_pkt_larger', 'nicira'),
  deleteField: wireNumber('delete_field', 'nicira'),
} as const;

/** Table of a resubmit that stays in its table. */
const SAME_TABLE = 0xff;

export function writeActions(
  writer: ByteWriter,
  actions: readonly Action[],
  version: WireVersion = '1.5',
): void {
  for (const action of actions) writeAction(writer, action, version);
}

function writeAction(writer: ByteWriter, action: Action, version: WireVersion): void {
  switch (action.kind) {
    case 'output':
      // Only packets to a controller are ever cut here.
      writeOutput(writer, action.port, action.port === OFPP.controller.number32 ? action.maxLen : 0);
      return;
    case 'output_reg':
      writeOutputReg(writer, action.source, action.maxLen);
      return;
    case 'output_trunc':
      nicira(writer, NXAST.outputTrunc, () => {
        writer.u16(port16(action.port));
        writer.u32(action.maxLen);
      });
      return;
    case 'controller':
      writeController(writer, action, writeOutput);
      return;
    case 'set_field':
      writeSetField(writer, action, version);
      return;
    case 'move':
      writeMove(writer, action, version);
      return;
    case 'push':
      writeStack(writer, NXAST.push, action.source);
      return;
    case 'pop':
      writeStack(writer, NXAST.pop, action.destination);
      return;
    case 'group':
      standard32(writer, OFPAT.group, action.id);
      return;
    case 'meter':
      // Before, it is an instruction: `writeInstructions` has written it.
      if (version !== '1.5') throw new Error(`OpenFlow ${version} has a meter in the first place only`);
      standard32(writer, OFPAT.meter, action.id);
      return;
    case 'set_queue':
      standard32(writer, OFPAT.setQueue, action.queue);
      return;
    case 'pop_queue':
      nicira(writer, NXAST.popQueue);
      return;
    case 'enqueue':
      standard32(writer, OFPAT.setQueue, action.queue);
      writeOutput(writer, action.port, WHOLE_PACKET);
      nicira(writer, NXAST.popQueue);
      return;
    case 'push_vlan':
      standard16(writer, OFPAT.pushVlan, action.ethertype);
      return;
    case 'pop_vlan':
      standard32(writer, OFPAT.popVlan, 0);
      return;
    case 'push_mpls':
      standard16(writer, OFPAT.pushMpls, action.ethertype);
      return;
    case 'pop_mpls':
      standard16(writer, OFPAT.popMpls, action.ethertype);
      return;
    case 'dec_ttl':
      if (action.controllers.length === 0) standard32(writer, OFPAT.decTtl, 0);
      else writeDecTtl(writer, action.controllers);
      return;
    case 'dec_mpls_ttl':
      standard32(writer, OFPAT.decMplsTtl, 0);
      return;
    case 'dec_nsh_ttl':
      nicira(writer, NXAST.decNshTtl);
      return;
    case 'resubmit':
      nicira(writer, action.ct ? NXAST.resubmitTableCt : NXAST.resubmitTable, () => {
        writer.u16(action.port ?? OFPP.inPort.number16);
        writer.u8(action.table ?? SAME_TABLE);
      });
      return;
    case 'ct':
      writeCt(writer, action, version, writeActions);
      return;
    case 'ct_clear':
      nicira(writer, NXAST.ctClear);
      return;
    case 'clone':
      nicira(writer, NXAST.clone, () => {
        writer.zeros(6);
        writeActions(writer, action.actions, version);
      });
      return;
    case 'fin_timeout':
      nicira(writer, NXAST.finTimeout, () => {
        writer.u16(action.idle);
        writer.u16(action.hard);
      });
      return;
    case 'check_pkt_larger':
      nicira(writer, NXAST.checkPktLarger, () => {
        writer.u16(action.size);
        writer.u16(action.destination.offset);
        writeHeader(writer, action.destination.field, 'NXM');
        writer.zeros(hasExperimenterHeader(action.destination.field, 'NXM') ? 2 : 6);
      });
      return;
    case 'delete_field':
      nicira(writer, NXAST.deleteField, () => {
        writeHeader(writer, action.field, 'NXM');
        writer.zeros(10);
      });
      return;
    case 'conjunction':
      nicira(writer, NXAST.conjunction, () => {
        writer.u8(action.clause - 1);
        writer.u8(action.clauses);
        writer.u32(action.id);
      });
      return;
    case 'note':
      nicira(writer, NXAST.note, () => {
        writer.bytes(action.bytes);
      });
      return;
    case 'exit':
      nicira(writer, NXAST.exit);
      return;
    case 'learn':
      writeLearn(writer, action);
      return;
    case 'bundle':
      writeBundle(writer, action);
      return;
    case 'multipath':
      writeMultipath(writer, action);
      return;
    case 'sample':
      writeSample(writer, action);
      return;
    case 'encap':
      writeEncap(writer, action);
      return;
    case 'decap':
      writeDecap(writer, action);
      return;
    case 'mod_vlan_vid':
    case 'mod_vlan_pcp':
      writeModVlan(writer, action, version);
      return;
    case 'mod_nw_ttl':
    case 'set_mpls_ttl': {
      const start = openStandard(writer, action.kind === 'mod_nw_ttl' ? OFPAT.setNwTtl : OFPAT.setMplsTtl);
      writer.u8(action.ttl);
      closeAction(writer, start);
      return;
    }
  }
}

function writeOutput(writer: ByteWriter, port: number, maxLen: number): void {
  const start = openStandard(writer, OFPAT.output);
  writer.u32(port);
  writer.u16(maxLen);
  closeAction(writer, start);
}

/** The older form has no room for an experimenter's header. */
function writeOutputReg(writer: ByteWriter, source: SubfieldRef, maxLen: number): void {
  if (hasExperimenterHeader(source.field, 'NXM')) {
    nicira(writer, NXAST.outputReg2, () => {
      writer.u16(offsetAndBits(source));
      writer.u16(maxLen);
      writeHeader(writer, source.field, 'NXM');
    });
  } else {
    nicira(writer, NXAST.outputReg, () => {
      writer.u16(offsetAndBits(source));
      writeHeader(writer, source.field, 'NXM');
      writer.u16(maxLen);
      writer.zeros(6);
    });
  }
}

function writeStack(writer: ByteWriter, subtype: number, subfield: SubfieldRef): void {
  nicira(writer, subtype, () => {
    writer.u16(subfield.offset);
    writeHeader(writer, subfield.field, 'NXM');
    writer.u16(subfield.bits);
  });
}

function writeDecTtl(writer: ByteWriter, controllers: readonly number[]): void {
  nicira(writer, NXAST.decTtlControllers, () => {
    writer.u16(controllers.length);
    writer.zeros(4);
    for (const id of controllers) writer.u16(id);
  });
}
