// The page in a real browser, before a real daemon. By hand: see docs/testing.md.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import { decodeBase32 } from "../eris/base32.js";
import { MemoryBlocks, contentOf, officialVectors, ownVectors } from "./vectors.js";

const ERIS = process.env.ERIS ?? join(process.env.ERIS_ROOT, "eris");
const SCREENSHOTS = "screenshots";
const CHROMIUM = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox", // as root there is none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

const scratch = mkdtempSync(join(tmpdir(), "eris-console-"));
const store = join(scratch, "store");
const earlier = randomBytes(100_000);
let earlierUrn;
let daemon;
let origin;
let browser;

before(async () => {
  const file = join(scratch, "earlier");
  writeFileSync(file, earlier);
  earlierUrn = eris("put", "--store", `dir:${store}`, file).toString().trim();
  await serve(`dir:${store}`);
  browser = await chromium.launch(CHROMIUM);
});

after(async () => {
  await browser?.close();
  daemon?.kill();
  rmSync(scratch, { recursive: true, force: true });
});

/** Starts a daemon, in place of the one before. */
async function serve(url) {
  daemon?.kill();
  daemon = spawn(ERIS, ["serve", "--http", "127.0.0.1:0", "--console", "on", "--store", url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: daemon.stdout })) {
    origin = line;
    break;
  }
}

let context;
let page;
let complaints;

beforeEach(async () => {
  [context, page] = await open({});
});

afterEach(async () => {
  await context.close();
  assert.deepEqual(complaints, []);
});

/** Opens the page, and notes what nothing should do: errors, violations, requests to elsewhere. */
async function open(options) {
  const opened = await browser.newContext({ acceptDownloads: true, ...options });
  complaints = [];
  opened.on("request", (request) => {
    if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== origin) {
      complaints.push(`request to ${request.url()}`);
    }
  });
  const shown = await opened.newPage();
  shown.on("pageerror", (error) => complaints.push(String(error)));
  shown.on("console", (message) => {
    if (message.type() === "error" && !/status of [45]\d\d/.test(message.text())) {
      complaints.push(message.text());
    }
  });
  await shown.goto(origin);
  await shown.waitForSelector("#health[data-state=good]");
  return [opened, shown];
}

test("what the browser puts, the command gets, and so does the browser", async () => {
  const content = randomBytes(5_000_000);
  const urn = await put(content);
  const file = join(scratch, "urn");
  writeFileSync(file, urn);
  assert.ok(eris("get", "--store", `dir:${store}`, `@${file}`).equals(content));
  assert.ok((await get(urn)).equals(content));
});

test("what the command puts, the browser gets", async () => {
  assert.ok((await get(earlierUrn)).equals(earlier));
});

test("empty content goes there and back", async () => {
  assert.equal((await get(await put(Buffer.alloc(0)))).length, 0);
});

test("unique content has another capability each time, convergent content has not", async () => {
  const content = Buffer.from("Hello world!");
  assert.notEqual(await put(content), await put(content));
  await page.check("[name=secrecy][value=convergent]");
  assert.equal(
    await put(content),
    "urn:eris:BIAD77QDJMFAKZYH2DXBUZYAP3MXZ3DJZVFYQ5DFWC6T65WSFCU5S2IT4YZGJ7AC4SYQMP2DM2ANS2ZTCP3DJJIRV733CRAAHOSWIYZM3M",
  );
});

test("a text that is no capability is told at once", async () => {
  assert.match(await failureOf("urn:eris:AAAA"), /^Malformed read capability: 4 characters/);
});

test("a missing block is named", async () => {
  const [vector] = ownVectors("negative").filter(({ name }) => name === "store-empty-1kib");
  assert.match(await failureOf(vector.urn), /^Block [A-Z2-7]{4}…[A-Z2-7]{4} is missing\.$/);
});

test("a daemon that lies is found out", async () => {
  await context.route(/N2R/, async (route) => {
    const answer = await route.fetch();
    const body = Buffer.from(await answer.body());
    body[7] ^= 1;
    await route.fulfill({ response: answer, body });
  });
  assert.match(await failureOf(earlierUrn), /is corrupt: does not hash to its reference\.$/);
});

test("a block that went bad on the disk is told here and in the list of errors", async () => {
  const urn = await put(randomBytes(100));
  const newest = newestBlock();
  const bytes = readFileSync(newest);
  bytes[9] ^= 1;
  rmSync(newest);
  writeFileSync(newest, bytes);
  assert.match(await failureOf(urn), /the daemon answers 500: the block is corrupt\.$/);
  await page.waitForFunction(() => /corrupt/.test(document.getElementById("errors").innerText));
});

test("content is got with the keyboard alone", async () => {
  await page.focus("#capability");
  await page.keyboard.insertText(earlierUrn);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement.id === "save");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.keyboard.press("Enter"),
  ]);
  assert.ok(readFileSync(await download.path()).equals(earlier));
});

test("a put that takes too long can be cancelled", async () => {
  const file = join(scratch, "large");
  writeFileSync(file, Buffer.alloc(20_000_000));
  await page.setInputFiles("#file", file);
  await page.click("#put-form [type=submit]");
  await page.waitForFunction(() => document.querySelector("#put .message").innerText.includes(" of "));
  await page.keyboard.press("Enter"); // the button to cancel has the focus
  await page.waitForFunction(() => document.activeElement.type === "submit");
  assert.equal(await page.innerText("#put .message"), "Cancelled.");
  await put(Buffer.from("after that"));
});

test("requests show in the charts", async () => {
  await put(randomBytes(50_000));
  await page.waitForFunction(() => /[1-9]/.test(document.getElementById("rate-detail").innerText));
  await page.waitForSelector("#requests-chart path.second[d^=M]");
  await page.focus("#latency-chart svg");
  await page.keyboard.press("ArrowLeft");
  await page.waitForSelector("#latency-chart .cursor", { state: "attached" });
});

/** The official ones, or else our own; what takes a browser long is left to the tests of the codec. */
function positiveVectors() {
  const official = officialVectors("positive");
  return official.length > 0
    ? official
    : ownVectors("positive").filter((vector) => (vector["content-size"] ?? 0) < 100_000);
}

test("the positive vectors pass in the browser", async () => {
  await page.check("[name=secrecy][value=secret]");
  for (const vector of positiveVectors()) {
    const content = contentOf(vector);
    await page.setInputFiles("#secret", fileOf(decodeBase32(vector["convergence-secret"])));
    await page.selectOption("#block-size", String(vector["block-size"]));
    assert.equal(await put(content), vector.urn, vector.file);
    assert.ok((await get(vector.urn)).equals(content), vector.file);
  }
});

test("the negative vectors fail in the browser as they should", async () => {
  let blocks;
  await context.route(/N2R/, (route) => {
    const block = blocks.get(route.request().url().slice(-52));
    return block
      ? route.fulfill({ body: Buffer.from(block) })
      : route.fulfill({ status: 404, body: "there is no such block here\n" });
  });
  for (const vector of [...officialVectors("negative"), ...ownVectors("negative")]) {
    blocks = MemoryBlocks.of(vector).blocks;
    assert.match(await failureOf(vector.urn), MESSAGES[vector.expect] ?? /./, vector.file);
  }
});

test("what a volume holds is shown, and the page fits into any window", async () => {
  await serve(`volume:${join(scratch, "volume")}`);
  mkdirSync(SCREENSHOTS, { recursive: true });
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      await context.close();
      [context, page] = await open({ colorScheme, viewport: { width, height: 800 } });
      await get(await put(randomBytes(200_000)));
      await page.waitForFunction(() => /KiB|MiB/.test(document.getElementById("stored").innerText));
      await page.waitForSelector("#size-chart path[d^=M]", { state: "attached" });
      await page.screenshot({
        path: join(SCREENSHOTS, `${colorScheme}-${width}.png`),
        fullPage: true,
      });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(overflow, 0, `the page is wider than a window of ${width}`);
    }
  }
});

const MESSAGES = {
  MissingBlock: /^Block .* is missing\.$/,
  CorruptBlock: /^Block .* is corrupt: /,
  WrongKey: /^The root key does not match/,
  MalformedTree: /^Malformed tree: /,
  MalformedCapability: /^Malformed read capability: /,
};

async function put(content) {
  await page.setInputFiles("#file", fileOf(content));
  await page.click("#put-form [type=submit]");
  await outcome("#put");
  assert.equal(await page.locator("#put .message").getAttribute("data-kind"), "good");
  return page.inputValue("#urn");
}

async function get(urn) {
  assert.equal(await ask(urn), "Every block is verified.");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#save")]);
  return readFileSync(await download.path());
}

async function failureOf(urn) {
  const message = await ask(urn);
  assert.equal(await page.locator("#get .message").getAttribute("data-kind"), "bad");
  return message;
}

/** Sends the form, and returns how that ended. */
async function ask(urn) {
  await page.fill("#capability", urn);
  await page.click("#get-form [type=submit]");
  await outcome("#get");
  return page.innerText("#get .message");
}

async function outcome(card) {
  await page.waitForSelector(`${card} .message:is([data-kind=good], [data-kind=bad])`);
}

function fileOf(bytes) {
  return { name: "content", mimeType: "application/octet-stream", buffer: Buffer.from(bytes) };
}

function eris(...args) {
  return execFileSync(ERIS, args, { maxBuffer: 1 << 26 });
}

/** Of the blocks on disk, the one that came last. */
function newestBlock() {
  const script = `find ${store} -type f -size -3k -printf '%T@ %p\\n' | sort -n | tail -1 | cut -d' ' -f2-`;
  return execFileSync("sh", ["-c", script]).toString().trim();
}
