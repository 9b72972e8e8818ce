/** Builds the page: `node src/web/bundle.ts [folder]`. */
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

export interface BuiltFile {
  readonly name: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Writes the page to `folder`, which is emptied first: index.html, and what it loads under hashed names, each beside its
 * gzip form.
 */
export async function bundlePage(folder = join(root, "dist/web")): Promise<BuiltFile[]> {
  const files = new Map<string, Buffer>();
  const add = (stem: string, extension: string, bytes: string | Buffer): string => {
    const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8);
    const name = `${stem}-${hash}.${extension}`;
    files.set(name, Buffer.from(bytes));
    return name;
  };
  const scripts = await build({
    absWorkingDir: root,
    entryPoints: ["src/web/page.ts"],
    outdir: folder,
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    minify: true,
    write: false,
    metafile: true,
    legalComments: "none",
    // Style sheets of libraries go into shadow roots, as text.
    loader: { ".css": "text" },
    logLevel: "error",
  });
  for (const { path, contents } of scripts.outputFiles) files.set(basename(path), Buffer.from(contents));
  const [script, { imports }] = Object.entries(scripts.metafile.outputs).find(([, { entryPoint }]) => entryPoint) ?? [
    "",
    { imports: [] },
  ];
  const preloads = imports
    .filter(({ kind }) => kind === "import-statement")
    .map(({ path }) => `<link rel="modulepreload" href="${basename(path)}">`);
  const theme = await transform(await source("src/web/look/theme.css"), { loader: "css", minify: true });
  const html = (await source("src/web/index.html"))
    .replace("page.ts", basename(script))
    .replace("<!-- preloads -->", preloads.join(""))
    .replace("look/theme.css", add("theme", "css", theme.code))
    .replace("../../addon/art/icon.svg", add("icon", "svg", await source("addon/art/icon.svg")));
  files.set("index.html", Buffer.from(html));
  return await write(folder, files);
}

const source = (path: string) => readFile(join(root, path), "utf8");

async function write(folder: string, files: ReadonlyMap<string, Buffer>): Promise<BuiltFile[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return await Promise.all(
    Array.from(files, async ([name, bytes]) => {
      const zipped = gzipSync(bytes, { level: 9 });
      await writeFile(join(folder, name), bytes);
      await writeFile(join(folder, `${name}.gz`), zipped);
      return { name, bytes: bytes.length, gzipBytes: zipped.length };
    }),
  );
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, bytes, gzipBytes } of await bundlePage(argv[2])) console.log(name, bytes, gzipBytes);
}
