// What the .NET build runs: npm ci when the lock file changed, then npm run build. Two builds that come here at once
// (two solutions, two configurations) take turns, and the second finds nothing left to do.
import { execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const lock = join(root, '.lock');
const stamp = join(root, '../wwwroot/.built');
const installed = join(root, 'node_modules/.installed');
const waitMs = 5 * 60_000; // Longer than any install takes; then something is wrong and should be seen.
const inputs = ['src', 'public', ...readdirSync(root).filter((name) => name.endsWith('.html')).sort(), 'package.json', 'package-lock.json', '.npmrc', 'tsconfig.json', 'vite.config.ts', 'build.mjs'];

await takeLock();
try {
  const wanted = digestOf(inputs);
  if (textOf(stamp) === wanted) {
    writeFileSync(stamp, wanted); // Same content, newer clock: what asked by time is now answered.
  } else {
    install();
    execSync('npm run build', { cwd: root, stdio: 'inherit' });
    writeFileSync(stamp, wanted);
  }
} finally {
  rmSync(lock, { recursive: true, force: true });
}

function install() {
  const wanted = digestOf(['package.json', 'package-lock.json', '.npmrc']);
  if (textOf(installed) === wanted) return;
  execSync('npm ci', { cwd: root, stdio: 'inherit' });
  writeFileSync(installed, wanted);
}

/** A directory is made by one process only; one whose owner is gone is taken over. */
async function takeLock() {
  const until = Date.now() + waitMs;
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (isAbandoned()) rmSync(lock, { recursive: true, force: true });
    else if (Date.now() > until) throw new Error(`Another build holds ${lock} for five minutes. Delete it if none is running.`);
    else await new Promise((done) => setTimeout(done, 200));
  }
}

function isAbandoned() {
  const pid = Number(textOf(join(lock, 'pid')));
  try {
    if (!pid) return Date.now() - statSync(lock).mtimeMs > 10_000; // Its owner may be about to sign it.
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function textOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function digestOf(names) {
  const hash = createHash('sha256');
  const add = (name) => {
    const path = join(root, name);
    if (statSync(path).isDirectory()) {
      for (const child of readdirSync(path).sort()) add(`${name}/${child}`);
    } else {
      hash.update(name).update('\0').update(readFileSync(path)).update('\0');
    }
  };
  names.forEach(add);
  return hash.digest('hex');
}
