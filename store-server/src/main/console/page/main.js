import { startGet } from "./get.js";
import { startPut } from "./put.js";
import { startStatus } from "./status.js";

document.getElementById("insecure").hidden = isSecureContext;
startPut();
startGet();
startStatus();
