// The one door from npm's scripts into the project: `node apps/launch.mjs <what> [arguments]`.
// It installs what is missing, compiles what is stale, and then becomes what was asked for. Nothing here needs
// an installed package, so that it works in a fresh clone.
import { createHash } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);
const lockWaitMillisecondsMax = 15 * 60_000;
const sourceFolders = ['apps', 'libs', 'test'];

const say = (line) => process.stderr.write(`${line}\n`);

const readText = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Runs `work` while no other launch of this checkout installs or compiles. A lock whose owner died is taken over. */
const locked = async (work) => {
  mkdirSync(dist, { recursive: true });
  const lock = join(dist, '.lock');
  const deadline = Date.now() + lockWaitMillisecondsMax;
  for (;;) {
    try {
      const handle = openSync(lock, 'wx');
      writeFileSync(handle, String(process.pid));
      closeSync(handle);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = Number(readText(lock));
      if (owner && !alive(owner)) rmSync(lock, { force: true });
      if (Date.now() > deadline) throw new Error(`process ${owner} has held ${lock} for too long`, { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
};

const installStamp = join(root, 'node_modules', '.casefold-installed');
const wantedInstall = () =>
  createHash('sha256')
    .update(readText(join(root, 'package-lock.json')))
    .update(`${process.platform}-${process.arch}-${process.versions.modules}`)
    .digest('hex');
const installed = () => readText(installStamp) === wantedInstall();

const install = () => {
  say('Installing packages (once) …');
  // Tests and type checks are part of the checkout, so development packages come along whatever NODE_ENV says.
  execFileSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  writeFileSync(installStamp, wantedInstall());
};

const sources = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'console' ? [] : sources(path);
    return /\.ts$/.test(entry.name) && !/\.(spec|d)\.ts$/.test(entry.name) ? [path] : [];
  });

const outputOf = (source) => join(dist, relative(root, source)).replace(/\.ts$/, '.js');

const stale = () =>
  sourceFolders
    .flatMap((folder) => sources(join(root, folder)))
    .filter((source) => {
      const output = statSync(outputOf(source), { throwIfNoEntry: false });
      return !output || output.mtimeMs < statSync(source).mtimeMs;
    });

const compile = async (files) => {
  const { transformFile } = require('@swc/core');
  if (files.length > 10) say(`Compiling ${files.length} files …`);
  await Promise.all(
    files.map(async (file) => {
      const { code, map } = await transformFile(file, { sourceFileName: file });
      const output = outputOf(file);
      mkdirSync(dirname(output), { recursive: true });
      writeFileSync(`${output}.map`, map);
      writeFileSync(output, `${code}\n//# sourceMappingURL=${output.split('/').pop()}.map\n`);
    }),
  );
};

const prepare = async () => {
  if (installed() && !stale().length) return;
  await locked(async () => {
    if (!installed()) install();
    await compile(stale());
  });
};

const run = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });

const become = (entry, args) => {
  const file = join(dist, entry);
  if (!existsSync(file)) throw new Error(`${file} is missing`);
  process.setSourceMapsEnabled(true);
  process.argv = [process.argv[0], file, ...args];
  require(file);
};

const [what, ...args] = process.argv.slice(2);
const program = (name) => () => become(`apps/${name}/main.js`, args);
const programs = {
  build: () => undefined,
  server: program('server'),
  cli: program('cli'),
  eventstore: program('eventstore'),
  bench: () => become('test/bench/main.js', args),
  soak: () => become('test/soak/main.js', args),
  test: async () => {
    process.exitCode = await run(process.execPath, ['node_modules/jest/bin/jest.js', ...args]);
  },
};

if (!programs[what]) {
  say(`usage: node apps/launch.mjs ${Object.keys(programs).join('|')}`);
  process.exit(2);
}
try {
  await prepare();
} catch (error) {
  say(`Casefold could not be prepared: ${error.message}`);
  process.exit(3);
}
await programs[what]();
