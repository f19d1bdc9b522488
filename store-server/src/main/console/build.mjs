// Makes the one page that the daemon serves, and the Content-Security-Policy that goes with it.
// usage: node build.mjs OUTPUT-DIRECTORY

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const [output] = process.argv.slice(2);

const worker = await bundle("page/worker.js", {});
const script = await bundle("page/main.js", { WORKER_SOURCE: JSON.stringify(worker) });
const style = readFileSync("page/page.css", "utf8");
// Functions, because in a replacement text `$` has a meaning.
const page = readFileSync("page/page.html", "utf8")
  .replace("/* STYLE */", () => style)
  .replace("/* SCRIPT */", () => script)
  .replace("LICENCES", () => licencesOf("@noble/ciphers", "@noble/hashes"));

const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "connect-src 'self'", // blocks and status
  "worker-src blob:", // the codec, which the script has in it
  "img-src data:", // the icon
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

mkdirSync(output, { recursive: true });
writeFileSync(join(output, "console.html"), page);
writeFileSync(join(output, "console.csp"), policy);

async function bundle(entry, define) {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    define,
    legalComments: "none", // the licences are in the page in full
    write: false,
    logLevel: "warning",
  });
  return result.outputFiles[0].text;
}

function licencesOf(...names) {
  return names
    .map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, "utf8").trim()}`)
    .join("\n\n");
}

function hashOf(text) {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
