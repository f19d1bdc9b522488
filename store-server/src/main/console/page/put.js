import { decodeBase32 } from "../eris/base32.js";
import { recommendedBlockSize } from "../eris/encoder.js";
import * as format from "./format.js";
import { TaskForm } from "./task.js";

const SECRET_BYTES = 32;
const $ = (id) => document.getElementById(id);

export function startPut() {
  const form = $("put-form");
  const task = new TaskForm(form, $("put-result"), async () => {
    const file = $("file").files[0];
    const secret = await secretFor(form.elements.secrecy.value);
    task.run({ file, blockSize: blockSizeFor(file), secret }, ({ urn }) => {
      $("urn").value = urn;
      task.succeed(`Stored ${file.name}, ${format.bytes(file.size)}. All blocks are durable.`);
    });
  });
  form.addEventListener("change", () => showChoices(form));
  acceptDrops($("drop"), $("file"), form);
  $("copy").addEventListener("click", copy);
  showChoices(form); // a browser may have kept them over a reload
}

function blockSizeFor(file) {
  const chosen = $("block-size").value;
  return chosen === "auto" ? recommendedBlockSize(file.size) : Number(chosen);
}

async function secretFor(secrecy) {
  if (secrecy === "secret") {
    return readSecret($("secret").files[0]);
  }
  const secret = new Uint8Array(SECRET_BYTES);
  return secrecy === "unique" ? crypto.getRandomValues(secret) : secret;
}

/** 32 bytes or their base32, as `eris put --secret-file` takes them. */
async function readSecret(file) {
  const bytes = new Uint8Array(await file.slice(0, 64).arrayBuffer());
  if (bytes.length === SECRET_BYTES) {
    return bytes;
  }
  try {
    const secret = decodeBase32(new TextDecoder().decode(bytes).trim());
    if (secret.length === SECRET_BYTES) {
      return secret;
    }
  } catch {
    // told below, whatever is wrong with it
  }
  throw new Error("a secret is 32 bytes, or 52 characters of base32");
}

function showChoices(form) {
  const file = $("file").files[0];
  $("file-name").textContent = file ? file.name : "Choose a file";
  $("file-hint").textContent = file ? format.bytes(file.size) : "or drop it here";
  const needsSecret = form.elements.secrecy.value === "secret";
  $("secret-field").hidden = !needsSecret;
  $("secret").required = needsSecret;
}

function acceptDrops(area, input, form) {
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.classList.add("over");
  });
  area.addEventListener("dragleave", () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    if (event.dataTransfer.files.length > 0) {
      input.files = event.dataTransfer.files;
      showChoices(form);
    }
  });
}

async function copy() {
  const button = $("copy");
  $("urn").select();
  try {
    await navigator.clipboard.writeText($("urn").value);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl+C"; // without TLS there is no clipboard, but for this machine
  }
  setTimeout(() => (button.textContent = "Copy"), 2000);
}
