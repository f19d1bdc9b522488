const HEIGHT = 150;
const TOP = 8;
const BOTTOM = 20;
const LEFT = 56;
const SVG = "http://www.w3.org/2000/svg";

/**
 * A chart of what happened in the last minutes, in SVG. The legend tells the newest figures, or those
 * at the cursor, which the pointer and the arrow keys move.
 */
export class Chart {
  #series;
  #format;
  #step;
  #fromZero;
  #svg = element("svg", { role: "img", tabindex: "0" });
  #legend = document.createElement("ul");
  #history;
  #cursor;

  /**
   * @param series each with `name`, and `values(history)`: an array that may have nulls
   * @param format of a value, for people; of one on the axis, with the distance to the next
   * @param step the factor between units: 1000 or 1024
   * @param fromZero whether the axis starts at zero, or near the least value
   */
  constructor(container, { series, format, step = 1000, fromZero = true }) {
    this.#series = series;
    this.#format = format;
    this.#step = step;
    this.#fromZero = fromZero;
    this.#legend.className = "legend";
    container.replaceChildren(this.#legend, this.#svg);
    this.#svg.addEventListener("pointermove", (event) => this.#pointAt(event));
    this.#svg.addEventListener("pointerleave", () => this.#moveTo(undefined));
    this.#svg.addEventListener("blur", () => this.#moveTo(undefined));
    this.#svg.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#draw()).observe(container);
  }

  /** Shows other figures. */
  show(history) {
    this.#history = history;
    this.#draw();
  }

  get #last() {
    return this.#series[0].values(this.#history).length - 1;
  }

  #pointAt(event) {
    if (this.#history) {
      const box = this.#svg.getBoundingClientRect();
      const position = (event.clientX - box.left - LEFT) / (box.width - LEFT);
      this.#moveTo(Math.round(position * this.#last));
    }
  }

  #key(event) {
    const move = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
    if (move && this.#history) {
      event.preventDefault();
      this.#moveTo((this.#cursor ?? this.#last) + move);
    }
  }

  #moveTo(index) {
    this.#cursor = index === undefined ? undefined : Math.min(this.#last, Math.max(0, index));
    this.#draw();
  }

  #draw() {
    const width = this.#svg.clientWidth;
    if (!this.#history || width === 0) {
      return;
    }
    const all = this.#series.map(({ values }) => values(this.#history));
    const scale = this.#scale(all.flat().filter((value) => value !== null));
    const x = (index) => LEFT + (index / Math.max(1, this.#last)) * (width - LEFT - 2);
    const y = (value) =>
      HEIGHT - BOTTOM - ((value - scale.from) / (scale.to - scale.from)) * (HEIGHT - BOTTOM - TOP);
    this.#svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    this.#svg.replaceChildren(
      ...this.#axes(scale, y, width),
      ...all.flatMap((values, i) => lines(values, x, y, i)),
      ...this.#cursorLine(x),
    );
    this.#tell(all);
  }

  /** The least and the greatest value of the axis, both round. */
  #scale(values) {
    const greatest = Math.max(1e-9, ...values);
    const least = this.#fromZero || values.length === 0 ? 0 : Math.min(...values);
    const tick = roundUp((greatest - least || greatest) / 2, this.#step);
    const from = Math.floor(least / tick) * tick;
    return { from, tick, to: Math.max(from + 2 * tick, Math.ceil(greatest / tick) * tick) };
  }

  #axes({ from, to, tick }, y, width) {
    const parts = [];
    for (let value = from; value <= to + tick / 2; value += tick) {
      const line = { class: "grid", x1: LEFT, x2: width, y1: y(value), y2: y(value) };
      parts.push(element("line", line), label(this.#format(value, tick), LEFT - 8, y(value) + 4, "end"));
    }
    const minutes = Math.round((this.#last * this.#history.everyMillis) / 60_000);
    parts.push(
      label(minutes > 0 ? `${minutes} min ago` : "", LEFT, HEIGHT - 4, "start"),
      label("now", width, HEIGHT - 4, "end"),
    );
    return parts;
  }

  #cursorLine(x) {
    if (this.#cursor === undefined) {
      return [];
    }
    const at = x(this.#cursor);
    return [element("line", { class: "cursor", x1: at, x2: at, y1: TOP, y2: HEIGHT - BOTTOM })];
  }

  #tell(all) {
    const index = this.#cursor ?? this.#last;
    const figures = this.#series.map(({ name }, i) => {
      const value = all[i][index];
      return [name, value === null || value === undefined ? "–" : this.#format(value)];
    });
    const items = figures.map(([name, value], i) => {
      const item = document.createElement("li");
      item.className = i === 0 ? "" : "second";
      const strong = document.createElement("b");
      strong.textContent = value;
      item.append(`${name} `, strong);
      return item;
    });
    const when = this.#when(index);
    if (this.#cursor !== undefined) {
      const item = document.createElement("li");
      item.className = "time";
      item.textContent = when;
      items.push(item);
    }
    this.#legend.replaceChildren(...items);
    const summary = figures.map(([name, value]) => `${name} ${value}`).join(", ");
    this.#svg.setAttribute("aria-label", `${when}: ${summary}`);
  }

  #when(index) {
    const time = this.#history.end - (this.#last - index) * this.#history.everyMillis;
    return this.#cursor === undefined ? "now" : new Date(time).toLocaleTimeString();
  }
}

/** The lines of one series, with gaps where there is no value; below the first one an area. */
function lines(values, x, y, series) {
  let path = "";
  let area = "";
  for (let i = 0; i < values.length; i++) {
    if (values[i] === null) {
      continue;
    }
    const start = i === 0 || values[i - 1] === null;
    const end = i === values.length - 1 || values[i + 1] === null;
    const point = `${x(i).toFixed(1)},${y(values[i]).toFixed(1)}`;
    path += start ? `M${point}` : `L${point}`;
    area += start ? `M${x(i).toFixed(1)},${HEIGHT - BOTTOM}L${point}` : `L${point}`;
    if (end) {
      path += start ? "h0.01" : ""; // a dot
      area += `V${HEIGHT - BOTTOM}Z`;
    }
  }
  return series === 0
    ? [element("path", { class: "area", d: area }), element("path", { d: path })]
    : [element("path", { class: "second", d: path })];
}

/** The least of 1, 2, 5, 10, … that is not below `value`; `step` is where the digits start anew. */
function roundUp(value, step) {
  const unit = step ** Math.floor(Math.log(value) / Math.log(step));
  const power = 10 ** Math.floor(Math.log10(value / unit));
  return [1, 2, 5, 10].map((digit) => digit * power * unit).find((tick) => tick >= value * 0.999);
}

function label(text, x, y, anchor) {
  const node = element("text", { x, y, "text-anchor": anchor });
  node.textContent = text;
  return node;
}

function element(name, attributes) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    node.setAttribute(key, value);
  }
  return node;
}
