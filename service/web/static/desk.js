// @ts-check
/** The desk: the focus never leaves the input unless an arrow takes it to the choices. Nothing is kept past the tab. */

import { enhance, find } from "./search.js";

const MOST_RECENT = 10;

const form = find(document, "[data-search]", HTMLFormElement);
const recent = find(document, "[data-recent]", HTMLElement);
const day = find(form, "[name=on]", HTMLInputElement);
/** @type {{fields: Record<string, string>, title: string}[]} */
const lookUps = [];

const search = enhance(document, form.dataset.service ?? "", {
  keepFocus: true,
  asked(fields) {
    day.value = fields.on ?? "";
  },
  answered(article, fields) {
    if (document.activeElement !== search.input) search.input.focus();
    search.input.select();
    remember(fields, article.dataset.title ?? search.input.value);
  },
});

/** @param {Record<string, string>} fields @param {string} title */
function remember(fields, title) {
  const same = lookUps.findIndex((one) => JSON.stringify(one.fields) === JSON.stringify(fields));
  if (same >= 0) lookUps.splice(same, 1);
  lookUps.unshift({ fields, title: fields.on ? `${title} (${fields.on})` : title });
  lookUps.splice(MOST_RECENT);
  recent.hidden = false;
  find(recent, "ol", HTMLOListElement).replaceChildren(...lookUps.map((one) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = one.title;
    button.addEventListener("click", () => void search.ask(one.fields));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}

async function copy() {
  const plain = /** @type {HTMLTemplateElement | null} */ (search.result.querySelector("[data-plain]"));
  if (!plain) {
    search.say(form.dataset.nothing ?? "");
    return;
  }
  try {
    await navigator.clipboard.writeText(plain.content.textContent ?? "");
    search.say(form.dataset.copied ?? "");
  } catch {
    search.say(form.dataset.notCopied ?? "");
  }
}

function begin() {
  search.clear();
  search.input.value = day.value = "";
  search.input.focus();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  F2: () => void copy(),
  F4: begin,
  F8: () => day.focus(),
  F9: () => recent.querySelector("button")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
    return;
  }
  walk(event);
});

/**
 * Walk from the input into the choices of an answer, or along the recent look-ups, with the arrows.
 *
 * @param {KeyboardEvent} event
 */
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.defaultPrevented) return;
  const inRecent = recent.contains(document.activeElement);
  if (document.activeElement !== search.input && !inRecent && !search.result.contains(document.activeElement)) return;
  const choices = /** @type {HTMLElement[]} */ ([
    ...(inRecent ? recent.querySelectorAll("button") : search.result.querySelectorAll("[data-address-id]")),
  ]);
  const here = choices.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (!choices.length || (here < 0 && step < 0)) return;
  event.preventDefault();
  (choices[here + step] ?? (step < 0 ? search.input : choices[here])).focus();
}
