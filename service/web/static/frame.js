// @ts-check
/** The search inside a frame: nothing of it stands in the frame's history. */

import { enhance } from "./search.js";

const form = /** @type {HTMLFormElement} */ (document.querySelector("[data-search]"));
enhance(document, form.dataset.service ?? "", { embedded: true });
