/** Why a connection could not be made, in words that help. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cannotConnect, noPermission } from '../diagnostics/codes/push.ts';
import { problem, PushError } from './problem.ts';
import { formatTarget, type Target } from './target.ts';

/** The exception of a failed connect or listen. */
export async function explainConnect(target: Target, error: NodeJS.ErrnoException): Promise<PushError> {
  const name = formatTarget(target);
  const failed = (reason: string, help: string, transient = false): PushError =>
    new PushError(problem(cannotConnect, { target: name, reason }, { help }), transient);
  const isUnix = target.kind === 'unix';
  const file = isUnix ? await stat(target.path).catch(() => null) : null;
  if (isUnix && file?.isDirectory() === true)
    return failed(
      'it is a directory',
      `the socket of a bridge is in it, perhaps: write unix:${join(target.path, 'BRIDGE.mgmt')}`,
    );
  if (file?.isFile() === true)
    return failed('that is not a socket', 'the socket of a bridge is called BRIDGE.mgmt');
  switch (error.code) {
    case 'ENOENT':
      return failed(
        'there is no such socket',
        'is ovs-vswitchd running, and does the bridge exist (`ovs-vsctl list-br`)? Its socket is BRIDGE.mgmt, mostly in /var/run/openvswitch',
        true,
      );
    case 'ENOTDIR':
      return failed('a part of the path is not a folder', 'check the path');
    case 'ENOTSOCK':
      return failed('that is not a socket', 'the socket of a bridge is called BRIDGE.mgmt');
    case 'ECONNREFUSED':
      return isUnix
        ? failed('nobody listens on that socket', 'ovs-vswitchd seems to have ended: start it', true)
        : failed(
            'nobody listens on that port',
            'let the bridge listen with `ovs-vsctl set-controller BRIDGE ptcp:PORT`',
            true,
          );
    case 'EACCES':
    case 'EPERM':
      if (isUnix) return explainUnix(target.path);
      return failed(
        'this user may not use that port',
        'ports below 1024 belong to root: take another one, or run as root',
      );
    case 'EADDRINUSE':
      return failed(
        'somebody listens on that port already',
        'a controller, or another push? Take another port, and tell the switch (`ovs-vsctl set-controller`)',
      );
    case 'EADDRNOTAVAIL':
      return failed(
        'that is no address of this machine',
        'write ptcp:PORT for 127.0.0.1, ptcp:PORT:0.0.0.0 for all',
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failed('no such host is known', 'check the name, or write the address');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failed('there is no way to that host', 'check the address and the routes', true);
    case 'ETIMEDOUT':
      return failed(
        'the host does not answer',
        'check the address, and that no firewall drops the packets',
        true,
      );
    default:
      return failed(error.message, 'check the target');
  }
}

async function explainUnix(path: string): Promise<PushError> {
  const [uid, gid] = [process.geteuid?.() ?? -1, process.getegid?.() ?? -1];
  const [users, groups] = await Promise.all([names('/etc/passwd'), names('/etc/group')]);
  const you = `you are ${named(users, uid)}`;
  const failed = (at: string, access: string, help: string): PushError =>
    new PushError(problem(noPermission, { path: at, access: `${access}; ${you}` }, { help }));
  try {
    const s = await stat(path);
    const user = named(users, s.uid);
    const group = named(groups, s.gid);
    const mode = (s.mode & 0o7777).toString(8).padStart(4, '0');
    const groupMay = (s.mode & 0o020) !== 0 && s.gid !== gid;
    const who = groupMay ? `user ${user} and group ${group}` : `user ${user}`;
    return failed(
      path,
      `it belongs to ${user}:${group} with mode ${mode}, so only ${who} may`,
      s.uid === 0 && !groupMay
        ? 'run it as root: `sudo wbfc push …`'
        : groupMay
          ? `join the group (\`sudo usermod -aG ${group} "$USER"\`, then log in again), or run it as ${user} with sudo`
          : `run it as that user: \`sudo -u ${user} wbfc push …\``,
    );
  } catch {
    // The socket cannot even be seen: a folder on the way is closed.
    const folder = await closedFolder(path);
    if (folder === null)
      return failed(path, 'the system refuses it', 'is there a security module (SELinux, AppArmor) at work?');
    const s = await stat(folder).catch(() => null);
    const user = s === null ? 'somebody else' : named(users, s.uid);
    const of =
      s === null
        ? ''
        : ` belongs to ${user}:${named(groups, s.gid)} with mode ${(s.mode & 0o7777).toString(8).padStart(4, '0')} and`;
    return failed(
      path,
      `the folder ${folder}${of} does not let this user in`,
      'run it as root: `sudo wbfc push …`',
    );
  }
}

/** The topmost folder on the way that cannot be searched: its own metadata can be read, those of its content cannot. */
async function closedFolder(path: string): Promise<string | null> {
  let at = path;
  for (;;) {
    const parent = dirname(at);
    if (parent === at) return null;
    const seen = await stat(parent).then(
      () => true,
      () => false,
    );
    if (seen) return parent;
    at = parent;
  }
}

async function names(file: string): Promise<ReadonlyMap<number, string>> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return new Map(
    text.split('\n').flatMap((line) => {
      const [name, , id] = line.split(':');
      return name !== undefined && id !== undefined ? [[Number(id), name] as const] : [];
    }),
  );
}

function named(known: ReadonlyMap<number, string>, id: number): string {
  return known.get(id) ?? String(id);
}
