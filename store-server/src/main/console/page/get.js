import { ReadCapability } from "../eris/capability.js";
import * as format from "./format.js";
import { TaskForm } from "./task.js";

/** What a browser can be trusted to keep until it is saved. A few blocks can stand for exabytes. */
const MAX_BYTES = 4 * 1024 ** 3;
const $ = (id) => document.getElementById(id);

export function startGet() {
  let url;
  const task = new TaskForm($("get-form"), $("get-result"), () => {
    URL.revokeObjectURL(url); // lets go of the content before
    const urn = $("capability").value.trim();
    ReadCapability.parse(urn);
    task.run({ urn, maxBytes: MAX_BYTES }, ({ content, tooLarge }) => {
      if (tooLarge !== undefined) {
        const size = format.bytes(tooLarge);
        task.fail(`it has ${size}, and this page takes ${format.bytes(MAX_BYTES)}: use eris get`);
        return;
      }
      url = URL.createObjectURL(content);
      offer(url, content.size);
      task.succeed("Every block is verified.");
      $("save").focus();
    });
  });
}

function offer(url, size) {
  const save = $("save");
  save.href = url;
  save.download = $("save-as").value.trim() || "content.bin";
  save.textContent = `Save ${save.download} (${format.bytes(size)})`;
}
