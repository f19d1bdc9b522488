import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

const [light, dark] = readFileSync(new URL("../page/page.css", import.meta.url), "utf8")
  .split("prefers-color-scheme: dark")
  .map(colours);

/** What stands on what, and the contrast it needs (WCAG 2.2, AA: text 4.5, the rest 3). */
const PAIRS = [
  ["text", "card", 4.5],
  ["text", "sunken", 4.5],
  ["soft", "card", 4.5],
  ["soft", "ground", 4.5],
  ["accent-strong", "sunken", 4.5],
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-strong", 4.5],
  ["good", "card", 4.5],
  ["bad", "bad-ground", 4.5],
  ["bad", "ground", 4.5],
  ["warn", "warn-ground", 4.5],
  ["strong-line", "card", 3],
  ["accent", "card", 3],
  ["second", "card", 3],
];

for (const [name, scheme] of Object.entries({ light, dark })) {
  describe(`${name} colours can be told apart`, () => {
    for (const [front, back, least] of PAIRS) {
      test(`${front} on ${back}`, () => {
        const ratio = contrast(scheme[front], scheme[back]);
        assert.ok(ratio >= least, `${ratio.toFixed(2)} is less than ${least}`);
      });
    }
  });
}

function colours(css) {
  return Object.fromEntries(
    [...css.matchAll(/--([a-z-]+): #([0-9a-f]+);/g)].map(([, name, hex]) => [name, hex]),
  );
}

function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex) {
  const digits = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  const [r, g, b] = [0, 2, 4].map((i) => {
    const part = parseInt(digits.slice(i, i + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
