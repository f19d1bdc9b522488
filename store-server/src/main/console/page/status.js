// The state of the daemon, asked for again and again while somebody looks.

import { Chart } from "./chart.js";
import * as format from "./format.js";

const EVERY_MILLIS = 2000;
const PATH = "/eris/v1/status";
/** What the modes of a store mean. */
const MODES = {
  archive: "archive: nothing is ever removed",
  leased: "leased: a collection removes what nobody keeps",
  cache: "cache: what was not asked for makes room",
};
const $ = (id) => document.getElementById(id);

export function startStatus() {
  const charts = makeCharts();
  const poll = async () => {
    if (!document.hidden) {
      await refresh(charts);
    }
    setTimeout(poll, EVERY_MILLIS);
  };
  poll();
}

function makeCharts() {
  const perSecond = (name) => (history) =>
    history[name].map((each) => (each === null ? null : (each * 1000) / history.everyMillis));
  return [
    new Chart($("requests-chart"), {
      series: [
        { name: "get", values: perSecond("gets") },
        { name: "put", values: perSecond("puts") },
      ],
      format: format.rate,
    }),
    new Chart($("latency-chart"), {
      series: [
        { name: "p50", values: (history) => history.p50Micros },
        { name: "p99", values: (history) => history.p99Micros },
      ],
      format: format.duration,
    }),
    new Chart($("size-chart"), {
      series: [{ name: "stored", values: (history) => history.storedBytes }],
      format: format.bytes,
      step: 1024,
      fromZero: false,
    }),
  ];
}

async function refresh(charts) {
  try {
    const answer = await fetch(PATH, { cache: "no-store", credentials: "same-origin" });
    if (!answer.ok) {
      throw new Error(`status ${answer.status}`);
    }
    show(await answer.json(), charts);
  } catch {
    tellHealth("bad", "The daemon does not answer");
  }
}

function show(status, charts) {
  tellHealth("good", `Serving for ${format.uptime(status.uptimeMillis)}`);
  showTiles(status);
  const shown = sinceStart(status.history);
  charts.forEach((chart) => chart.show(shown));
  showCare(status);
  showErrors(status.errors, status.time);
}

/** Not said again while it is the same: it is read out. */
function tellHealth(state, text) {
  const health = $("health");
  health.dataset.state = state;
  if (health.textContent !== text) {
    health.textContent = text;
  }
}

function showTiles({ store, requests, history, put }) {
  $("stored").textContent = known(store.bytes, format.bytes);
  $("stored-detail").textContent = limit(store) ?? growth(history);
  $("size").hidden = !isKnown(store.bytes);
  $("blocks").textContent = known(store.blocks, format.count);
  $("blocks-detail").textContent = put ? "takes new blocks" : "takes no new blocks";
  const latest = (history.gets.at(-1) ?? 0) + (history.puts.at(-1) ?? 0);
  $("rate").textContent = format.rate((latest * 1000) / history.everyMillis);
  $("rate-detail").textContent = `${format.count(requests.gets + requests.puts)} in all`;
  $("latency").textContent = known(history.p99Micros.at(-1), format.duration);
  $("latency-detail").textContent = `p50 ${known(history.p50Micros.at(-1), format.duration)}`;
}

/** Leaves out what was before the start, but for the last minute. */
function sinceStart(history) {
  const length = history.gets.length;
  const first = history.gets.findIndex(isKnown);
  const from = Math.min(first < 0 ? length : first, length - 1 - 60_000 / history.everyMillis);
  const cut = (value) => (Array.isArray(value) ? value.slice(from) : value);
  return Object.fromEntries(Object.entries(history).map(([name, value]) => [name, cut(value)]));
}

/** What the store may hold, if there is a limit; or that this kind of store doesn't count. */
function limit({ bytes, capacityBytes }) {
  if (!isKnown(bytes)) {
    return "this store keeps no count";
  }
  return isKnown(capacityBytes) ? `of ${format.bytes(capacityBytes)}` : undefined;
}

/** By how much the store has grown in the time that the charts show. */
function growth({ storedBytes, everyMillis }) {
  const first = storedBytes.findIndex((value) => value !== null);
  if (first < 0) {
    return "";
  }
  const bytes = storedBytes.at(-1) - storedBytes[first];
  const minutes = Math.round(((storedBytes.length - 1 - first) * everyMillis) / 60_000);
  return minutes > 0 ? `+${format.bytes(bytes)} in ${minutes} min` : "";
}

function showCare({ store }) {
  const facts = [
    ["Scrub", store.setAside > 0 ? `${format.count(store.setAside)} set aside` : "nothing set aside"],
    ["Trash", known(store.trash, (blocks) => `${format.count(blocks)} blocks`)],
    ["Mode", known(store.keeps, (mode) => MODES[mode] ?? mode)],
  ];
  const shown = isKnown(store.blocks) ? facts : [["Store", "of a kind that keeps no count"]];
  $("care").replaceChildren(
    ...shown.flatMap(([name, value]) => [textOf("dt", name), textOf("dd", value)]),
  );
}

function showErrors(errors, now) {
  $("no-errors").hidden = errors.length > 0;
  $("errors-table").hidden = errors.length === 0;
  $("errors").replaceChildren(
    ...errors.map(({ time, event, detail, count }) => {
      const row = document.createElement("tr");
      const cells = [format.ago(now - time), event, detail, format.count(count)];
      row.append(...cells.map((text) => textOf("td", text)));
      return row;
    }),
  );
}

function isKnown(value) {
  return value !== null && value !== undefined;
}

function known(value, shown) {
  return isKnown(value) ? shown(value) : "–";
}

function textOf(name, text) {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
}
