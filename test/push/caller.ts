// A switch that calls, and knows little more than who it is. For what a real one would need 8 seconds of patience for.
import { connect } from 'node:net';
import {
  bundleControlMessage,
  message,
  MessageSplitter,
  ofpt,
  readBundleControl,
  typeOf,
  xidOf,
} from '../lab/openflow.ts';

export interface Caller {
  /** What it was told before it was dropped. */
  readonly heard: () => string;
  readonly closed: Promise<void>;
  readonly hangUp: () => void;
  /** Sends an echo request; resolves when it is answered. */
  readonly echo: () => Promise<void>;
}

export function callAs(port: number, who: { dpid: bigint; bridge: string | null }): Caller {
  const socket = connect(port, '127.0.0.1');
  const splitter = new MessageSplitter();
  let said = '';
  let echoed: () => void = () => undefined;
  socket.on('error', () => undefined);
  socket.write(message(6, ofpt.hello, 1));
  socket.on('data', (chunk: Buffer) => {
    for (const m of splitter.push(chunk)) {
      const xid = xidOf(m);
      const control = readBundleControl(m);
      if (typeOf(m) === ofpt.error) said = m.subarray(12).toString('latin1');
      else if (typeOf(m) === ofpt.echoReply) echoed();
      else if (typeOf(m) === ofpt.featuresRequest) {
        const body = Buffer.alloc(24);
        body.writeBigUInt64BE(who.dpid, 0);
        socket.write(message(6, 6, xid, body));
      } else if (typeOf(m) === 18) socket.write(message(6, 19, xid, multipart(m, who.bridge)));
      else if (typeOf(m) === 20) socket.write(message(6, 21, xid));
      else if (control !== undefined)
        socket.write(bundleControlMessage(6, xid, control.id, control.type + 1, control.flags));
    }
  });
  return {
    heard: () => said,
    closed: new Promise((resolve) => socket.on('close', () => resolve())),
    hangUp: () => socket.destroy(),
    echo: () =>
      new Promise((resolve) => {
        echoed = resolve;
        socket.write(message(6, ofpt.echoRequest, 77, Buffer.from('are you there?')));
      }),
  };
}

function multipart(request: Buffer, bridge: string | null): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(request.readUInt16BE(8), 0);
  if (request.readUInt16BE(8) !== 13 || bridge === null) return head;
  const port = Buffer.alloc(40);
  port.writeUInt32BE(0xfffffffe, 0);
  port.writeUInt16BE(40, 4);
  port.write(bridge, 16, 'latin1');
  return Buffer.concat([head, port]);
}
