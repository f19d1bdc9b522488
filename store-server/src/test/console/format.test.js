import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../page/format.js";

test("sizes have three digits, or those that an axis needs", () => {
  assert.equal(format.bytes(0), "0 B");
  assert.equal(format.bytes(1023), "1,023 B");
  assert.equal(format.bytes(1024), "1.00 KiB");
  assert.equal(format.bytes(1024 ** 3 * 12.34), "12.3 GiB");
  assert.equal(format.bytes((1n << 60n) - 1n), "1.00 EiB");
  assert.equal(format.bytes(1024 ** 3 * 383.5, 1024 ** 3 / 2), "383.5 GiB");
  assert.equal(format.bytes(1024 ** 3 * 10, 1024 ** 3 * 5), "10 GiB");
});

test("rates and durations", () => {
  assert.equal(format.rate(0), "0/s");
  assert.equal(format.rate(0.5), "0.500/s");
  assert.equal(format.rate(2000, 1000), "2,000/s");
  assert.equal(format.duration(340.4), "340 µs");
  assert.equal(format.duration(1200), "1.20 ms");
  assert.equal(format.duration(2000, 1000), "2 ms");
  assert.equal(format.duration(61e6), "61.0 s");
});

test("times tell their two largest units", () => {
  assert.equal(format.uptime(0), "0 s");
  assert.equal(format.uptime(61_000), "1 min 1 s");
  assert.equal(format.uptime(3_600_000), "1 h 0 min");
  assert.equal(format.uptime(93_784_000), "1 d 2 h");
  assert.equal(format.ago(-5), "now");
  assert.equal(format.ago(45_000), "45 seconds ago");
  assert.equal(format.ago(86_400_000), "yesterday");
});
