// Goal: the pages stay light. Method: everything the build embeds, gzipped as a server would send it.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const built = join(dirname(fileURLToPath(import.meta.url)), '../../../src/CapacityMesh.Web/wwwroot');
const bytesMax = 200 * 1024;

test('all pages together are below 200 KiB gzipped', (t) => {
  const files = readdirSync(built, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== '.built');
  const bytes = files.reduce((sum, entry) => sum + gzipSync(readFileSync(join(entry.parentPath ?? entry.path, entry.name))).length, 0);
  t.diagnostic(`${files.length} files, ${(bytes / 1024).toFixed(1)} KiB gzipped`);
  assert.ok(files.some((entry) => entry.name === 'index.html'));
  assert.ok(bytes < bytesMax, `${bytes} bytes`);
});
