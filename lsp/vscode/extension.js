/* eslint-disable @typescript-eslint/no-require-imports */
/* global require, module, process */
// Starts `wbfc lsp --stdio` and lets VS Code talk to it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

/** @type {import('vscode-languageclient/node').LanguageClient | undefined} */
let client;

/** The compiler: the one that is configured, else that of the workspace, else the one on the PATH. */
function compiler() {
  const configured = vscode.workspace.getConfiguration('wbf').get('compiler', '').trim();
  if (configured !== '') return configured;
  // A workspace that is not trusted must not choose what is run.
  if (vscode.workspace.isTrusted) {
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const candidate = path.join(folder.uri.fsPath, 'node_modules', '.bin', 'wbfc');
      if (process.platform !== 'win32' && fs.existsSync(candidate)) return candidate;
    }
  }
  return 'wbfc';
}

function start() {
  const command = compiler();
  const script = /\.c?js$/.test(command);
  // Without a `transport` the client talks over standard input and output, and adds no arguments of its own.
  const server = {
    command: script ? process.execPath : command,
    args: [...(script ? [command] : []), 'lsp', '--stdio'],
    // VS Code's own executable runs scripts as Node does when told so.
    options: script ? { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } } : {},
  };
  client = new LanguageClient('wbf', 'White-box flows', server, {
    documentSelector: [{ language: 'wbf' }],
  });
  return client.start().catch((error) => {
    void vscode.window.showErrorMessage(
      `The language server of wbfc could not be started (${command}): ${error.message}. Install wbfc, or set wbf.compiler.`,
    );
  });
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('wbf.restart', async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (!event.affectsConfiguration('wbf.compiler')) return;
      await stop();
      await start();
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
