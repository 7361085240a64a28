// The real server as a process of its own, on a free loopback port, over a folder that is deleted at the end.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const startMs = 60_000; // A cold start on a busy machine.
const stopMs = 20_000;

export const adminKey = 'an-admin-key-for-tests-only';

/** The built host: $CAPACITYMESH_HOST, or what `dotnet build` left. */
export function hostPath() {
  const built = ['Release', 'Debug'].map((kind) => join(root, `src/CapacityMesh.Host/bin/${kind}/net10.0/capacitymesh.dll`));
  const found = [process.env.CAPACITYMESH_HOST, ...built].find((path) => path && existsSync(path));
  if (!found) throw new Error('The host is not built: dotnet build -c Release src/CapacityMesh.Host');
  return found;
}

export class Host {
  #process;
  #output = '';
  #folder = mkdtempSync(join(tmpdir(), 'capacitymesh-browser-'));

  constructor(command) {
    this.command = command;
  }

  static async start(command) {
    const host = new Host(command);
    host.port = await freePort();
    await host.run();
    return host;
  }

  get base() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts over the same folder and port; resolves when it is ready. */
  async run() {
    this.#output = '';
    const env = { ...process.env, CAPACITYMESH_ADMIN_KEY: adminKey };
    delete env.CAPACITYMESH_POSTGRES;
    this.#process = spawn('dotnet', [hostPath(), this.command, '--urls', this.base, '--data', join(this.#folder, 'data')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) stream.on('data', (text) => { this.#output = (this.#output + text).slice(-20_000); });
    const until = Date.now() + startMs;
    while (!(await this.isReady())) {
      if (this.#process.exitCode !== null || Date.now() > until) throw new Error(`The server did not start: ${this.#output}`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async isReady() {
    return fetch(`${this.base}/readyz`).then((r) => r.ok, () => false);
  }

  /** SIGTERM, then SIGKILL: a test must not hang on it. */
  async stop(signal = 'SIGTERM') {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), stopMs);
    await ended;
    clearTimeout(late);
  }

  async dispose() {
    await this.stop('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', failed).listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
