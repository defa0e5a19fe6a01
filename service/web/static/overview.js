// @ts-check
/** The overview needs a script for its map alone. */

import { drawMaps } from "./map.js";

const map = /** @type {HTMLElement | null} */ (document.querySelector("[data-map]"));
drawMaps(document, map?.dataset.service ?? "");
