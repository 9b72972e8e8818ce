/**
 * Makes `dist/`: the server in one folder of plain JavaScript, and the page. What the image runs: no node_modules,
 * a start without type stripping, and heavy parts still loaded only when they are used.
 */
import { copyFile, mkdir, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

await rm(`${root}/dist/server`, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  // The second is a thread, which is started from its file.
  entryPoints: { carport: "src/cli/carport.ts", "socketcan-thread": "src/transports/socketcan-thread.ts" },
  outdir: "dist/server",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  splitting: true,
  platform: "node",
  target: "node24",
  format: "esm",
  minifySyntax: true,
  sourcemap: "linked",
  sourcesContent: false,
  loader: { ".node": "copy" },
  // dbus-next asks a desktop for its bus with it, where no address is set: there is no desktop here.
  external: ["x11"],
  // CommonJS packages in the bundle ask for Node's own modules with require.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  logLevel: "warning",
});

await mkdir(`${root}/dist/docs`, { recursive: true });
for (const name of ["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE"]) {
  await copyFile(`${root}/node_modules/swagger-ui-dist/${name}`, `${root}/dist/docs/${name}`);
}
