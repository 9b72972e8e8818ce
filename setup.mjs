// Brings a fresh clone to life before `npm start`, `npm test` and the rest: installs what is missing, says so, and does
// nothing the second time. It runs on the system's Node 20, hence plain JavaScript without a dependency.
//   --page  builds the page as well
//   --test  installs the real parts that tests run against as well
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { arch, platform } from "node:os";
import { delimiter, join } from "node:path";
import process, { argv, env, execPath, exit, stderr } from "node:process";

const root = import.meta.dirname;
const modules = join(root, "node_modules");
const bin = join(modules, ".bin");
const stampFile = join(modules, ".carport-setup");
const path = `${bin}${delimiter}${env.PATH}`;

/** How much a failed command may say. */
const TAIL = 3_000;

const say = (text) => console.log(`set-up: ${text}`);

/** Holds `name` until the process ends; waits while another one does. The kernel lets go of it however that one ends. */
async function hold(name) {
  if (platform() !== "linux") return;
  const address = `\0carport-setup ${process.getuid()} ${createHash("sha256").update(name).digest("hex")}`;
  for (;;) {
    // Whoever waits is connected; that must not keep us from ending.
    const server = createServer((waiting) => waiting.unref());
    const fault = await new Promise((resolve) => {
      server.once("error", (error) => resolve(error.code)).listen(address, () => resolve(undefined));
    });
    if (fault !== "EADDRINUSE") return void server.unref();
    say("another set-up is under way; waiting for it");
    await new Promise((resolve) => {
      connect(address).on("error", resolve).on("close", resolve).resume();
    });
  }
}

/** Runs to the end and says whether it succeeded; a quiet command is heard only when it failed. */
function run(command, args, { quiet = false, variables = {} } = {}) {
  const ended = spawnSync(command, args, {
    cwd: root,
    env: { ...env, PATH: path, ...variables },
    stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
    maxBuffer: 64 * 1024 * 1024,
    encoding: "utf8",
  });
  if (ended.error) console.error(ended.error.message);
  else if (quiet && ended.status !== 0) stderr.write(`${ended.stdout}${ended.stderr}`.slice(-TAIL));
  return ended.status === 0;
}

/** The npm that called this script, on the Node it belongs to: Debian's npm does not run on another one. */
function npm(args, options) {
  const call = [...args, "--loglevel=error", "--no-audit", "--no-fund"];
  return env.npm_execpath === undefined
    ? run("npm", call, options)
    : run(env.npm_node_execpath ?? execPath, [env.npm_execpath, ...call], options);
}

/** `npm ci` when package-lock.json is not the installed one. Scripts run by name: one that fails must not undo the rest. */
function installPackages() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = `${platform()} ${arch()} ${lock}\n`;
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8").startsWith(stamp)) return;
  say("installing the packages of package-lock.json (npm ci)");
  if (!npm(["ci", "--ignore-scripts", "--include=dev"], { quiet: true })) exit(1);
  say("installing Node 24 among them");
  if (!npm(["rebuild", "node", "esbuild"], { quiet: true })) exit(1);
  writeFileSync(stampFile, stamp);
}

/** Compiles the one native package. Without it everything works but real CAN interfaces. */
function compileSocketcan() {
  if (platform() !== "linux" || existsSync(join(modules, "socketcan/build/Release/can.node"))) return;
  const stamp = readFileSync(stampFile, "utf8");
  const missing = ["g++", "make", "python3"].filter(
    (tool) => !path.split(delimiter).some((d) => existsSync(join(d, tool))),
  );
  const outcome = missing.length > 0 ? `without ${missing.join(", ")}` : "failed";
  if (stamp.endsWith(`socketcan ${outcome}\n`)) return;
  if (missing.length === 0) {
    say("compiling the package socketcan");
    // The headers come with our Node: none to download, and none of another version by some npm configuration.
    const headers = join(modules, `node/node_modules/node-${platform()}-${arch()}`);
    const variables = existsSync(headers) ? { npm_config_nodedir: headers } : {};
    if (npm(["rebuild", "socketcan"], { quiet: true, variables })) return;
  }
  say(
    `going on without the package socketcan (${outcome}); real CAN interfaces need g++, make and python3 to compile it`,
  );
  writeFileSync(stampFile, `${stamp.split("\n", 1)[0]}\nsocketcan ${outcome}\n`);
}

const newest = (folder) =>
  readdirSync(folder, { recursive: true }).reduce(
    (time, name) => Math.max(time, statSync(join(folder, name)).mtimeMs),
    0,
  );

/** Bundles src/web into dist/web when a source or a package is newer. */
function buildPage() {
  const page = join(root, "dist/web/index.html");
  const sources = Math.max(
    newest(join(root, "src/web")),
    newest(join(root, "src/domain")),
    statSync(stampFile).mtimeMs,
  );
  if (existsSync(page) && statSync(page).mtimeMs > sources) return true;
  say("building the page");
  return run("node", [join(root, "src/web/bundle.ts")], { quiet: true });
}

await hold(root);
installPackages();
if (argv.includes("--test")) {
  await hold("real parts");
  const variables = { NODE_COMPILE_CACHE: join(modules, ".cache/compile") };
  if (!run("node", [join(root, "test/setup/real-parts.ts")], { variables })) exit(1);
}
compileSocketcan();
// Tests find out themselves what is wrong with the page.
if (argv.includes("--page") && !buildPage() && !argv.includes("--test")) exit(1);
