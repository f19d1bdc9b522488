// What putting and getting have in common: a worker at work, its progress, and how it ended.

import * as format from "./format.js";

/** The script of the worker, which the build puts here. */
const WORKER_URL = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: "text/javascript" }));

/** One of the two forms, with what is shown below it. */
export class TaskForm {
  #form;
  #submit;
  #cancel;
  #progress;
  #message;
  #result;
  #worker;

  /**
   * @param start called when the form is sent, once it is valid; its failures are shown
   */
  constructor(form, result, start) {
    const card = form.closest("section");
    this.#form = form;
    this.#result = result;
    this.#submit = form.querySelector("[type=submit]");
    this.#cancel = form.querySelector("[data-cancel]");
    this.#progress = card.querySelector("progress");
    this.#message = card.querySelector(".message");
    this.#cancel.addEventListener("click", () => this.#end("Cancelled."));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      this.#begin();
      try {
        await start();
      } catch (e) {
        this.fail(e.message);
      }
    });
  }

  /** Gives `task` to a worker. Calls `done` with its answer, unless that is a failure. */
  run(task, done) {
    this.#worker = new Worker(WORKER_URL);
    this.#worker.onerror = () => this.fail("the browser does not run the codec");
    this.#worker.onmessage = ({ data }) => {
      if (data.progress) {
        this.#show(data.progress);
      } else if (data.failure) {
        this.fail(data.failure);
      } else {
        done(data);
      }
    };
    this.#worker.postMessage({ origin: location.origin, ...task });
  }

  succeed(text) {
    this.#end(text, "good");
    this.#result.hidden = false;
  }

  fail(text) {
    this.#end(`${text[0].toUpperCase()}${text.slice(1)}.`, "bad");
  }

  #begin() {
    this.#submit.disabled = true;
    this.#cancel.hidden = false;
    this.#cancel.focus();
    this.#result.hidden = true;
    this.#progress.hidden = false;
    this.#progress.removeAttribute("value"); // not known yet
    this.#say("Working…");
  }

  #show({ done, total }) {
    this.#progress.max = total;
    this.#progress.value = done;
    this.#message.textContent = `${format.bytes(done)} of ${format.bytes(total)}`;
  }

  #end(text, kind = "") {
    this.#worker?.terminate();
    this.#worker = undefined;
    const hadFocus = this.#form.contains(document.activeElement);
    this.#submit.disabled = false;
    this.#cancel.hidden = true;
    this.#progress.hidden = true;
    this.#say(text, kind);
    if (hadFocus) {
      this.#submit.focus();
    }
  }

  #say(text, kind = "") {
    this.#message.dataset.kind = kind;
    this.#message.textContent = text;
  }
}
