import { startGet } from "./get.js";
import { startPut } from "./put.js";
import { startStatus } from "./status.js";

startPut();
startGet();
startStatus();
