// @ts-check
/** A search that answers in place: the same for the page, the desk and the widget. */

import { Combobox } from "./combobox.js";
import { drawMaps } from "./map.js";

/** After this long the service counts as unreachable. */
const PATIENCE_MS = 15_000;

/**
 * @typedef {Record<string, string>} Fields - of a question: `q`, or `address_id` (with the `numbers` that it stands for),
 * and perhaps `on`
 *
 * @typedef {object} Happenings
 * @property {(fields: Fields) => void} [asked] - before an answer comes
 * @property {(answer: HTMLElement, fields: Fields) => void} [answered] - it is shown
 * @property {boolean} [keepFocus] - the focus stays on the input
 * @property {boolean} [embedded] - on a page of somebody else, which links must not replace
 *
 * @typedef {object} Search
 * @property {(fields: Fields) => Promise<void>} ask
 * @property {() => void} clear
 * @property {HTMLInputElement} input
 * @property {HTMLElement} result
 * @property {(message: string) => void} say
 */

/**
 * Make the search in `root` answer without a new page.
 *
 * @param {Document | ShadowRoot | HTMLElement} root
 * @param {string} service - where the service stands, without a slash at the end
 * @param {Happenings} [happenings]
 * @returns {Search}
 */
export function enhance(root, service, happenings = {}) {
  const form = find(root, "[data-search]", HTMLFormElement);
  const input = find(form, "[name=q]", HTMLInputElement);
  const status = find(form, "[data-status]", HTMLElement);
  const result = find(root, "[data-result]", HTMLElement);
  const language = form.dataset.language ?? "nl";
  /** @type {AbortController | null} */
  let asking = null;

  const combobox = new Combobox(
    { input, list: find(form, "[role=listbox]", HTMLElement), status,
      lastOption: find(form, "[data-option-not-listed]", HTMLTemplateElement) },
    {
      suggest: (text, signal) => suggestions(service, text, language, signal),
      choose: (text) => void ask({ q: text, ...day() }),
      chooseLast: showNotListed,
      tell: (count) => (count ? say("suggestions").replace("{count}", String(count)) : say("noSuggestions")),
    },
  );

  input.addEventListener("input", () => tell(""));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask({ q: input.value, ...day() });
  });
  result.addEventListener("click", (event) => {
    const clicked = /** @type {Element} */ (event.target);
    if (clicked.closest("[data-today]") && input.value) {
      event.preventDefault();
      void ask({ q: input.value });
      return;
    }
    const link = clicked.closest("[data-address-id]");
    if (!(link instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const { addressId = "", numbers } = link.dataset;
    void ask({ address_id: addressId, ...(numbers ? { numbers } : {}), ...day() });
  });

  /** @param {string} name */
  function say(name) {
    return form.dataset[name] ?? "";
  }

  /** @returns {Fields} */
  function day() {
    const on = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=on]"))?.value;
    return on ? { on } : {};
  }

  /** What stands elsewhere on the page is only to be heard. @param {string} message */
  function tell(message, standsElsewhere = false) {
    status.textContent = message;
    status.toggleAttribute("data-heard", standsElsewhere);
  }

  function showNotListed() {
    const details = find(form, "[data-not-listed]", HTMLDetailsElement);
    details.open = true;
    tell(details.innerText, true);
  }

  /** @param {Fields} fields */
  async function ask(fields) {
    combobox.close();
    asking?.abort();
    const mine = (asking = new AbortController());
    const patience = setTimeout(() => mine.abort(), PATIENCE_MS);
    happenings.asked?.(fields);
    tell(say("searching"));
    result.setAttribute("aria-busy", "true");
    const shown = await answer(service, { ...fields, lang: language }, mine.signal);
    clearTimeout(patience);
    if (mine !== asking) return; // something else was asked meanwhile
    result.removeAttribute("aria-busy");
    const article = shown ?? /** @type {HTMLElement} */ (
      find(form, "[data-unreachable]", HTMLTemplateElement).content.firstElementChild?.cloneNode(true));
    for (const link of article.querySelectorAll("a[href^='/']")) {
      link.setAttribute("href", new URL(link.getAttribute("href") ?? "", new URL(service || "/", location.href)).href);
      if (happenings.embedded) {
        link.setAttribute("target", "_blank");
        link.setAttribute("rel", "noopener");
      }
    }
    result.replaceChildren(article);
    if (article.dataset.label) input.value = article.dataset.label;
    drawMaps(article, service);
    tell(article.querySelector("[data-summary]")?.textContent ?? "", true);
    happenings.answered?.(article, fields);
    if (happenings.keepFocus) return;
    const heading = /** @type {HTMLElement | null} */ (article.querySelector("h2"));
    heading?.focus({ preventScroll: true });
    for (const part of [article.querySelector(".card"), heading]) { // whom to call, on a phone too
      part?.scrollIntoView({ block: "nearest", behavior: "instant" });
    }
  }

  function clear() {
    asking?.abort();
    asking = null;
    combobox.close();
    result.removeAttribute("aria-busy");
    result.replaceChildren();
    tell("");
  }

  drawMaps(result, service);
  return { ask, clear, input, result, say: (message) => tell(message) };
}

/**
 * @template {Element} T
 * @param {ParentNode} root @param {string} selector @param {new () => T} kind
 * @returns {T}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`there is no ${selector}`);
  return found;
}

/** @param {string} service @param {string} text @param {string} language @param {AbortSignal} signal */
async function suggestions(service, text, language, signal) {
  const query = new URLSearchParams({ q: text, lang: language });
  const response = await fetch(`${service}/v1/addresses?${query}`, { signal, credentials: "omit" });
  if (!response.ok) throw new Error("no suggestions");
  /** @type {{features: {properties: {geocoding: {label: string}}}[]}} */
  const collection = await response.json();
  return collection.features.map((feature) => feature.properties.geocoding.label);
}

/**
 * The answer as the service writes it, or null where it cannot be reached. It is HTML in which everything that comes
 * from data is escaped; scripts in it would not run.
 *
 * @param {string} service @param {Fields} fields @param {AbortSignal} signal
 * @returns {Promise<HTMLElement | null>}
 */
async function answer(service, fields, signal) {
  try {
    const response = await fetch(`${service}/v1/find`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "text/html" },
      body: JSON.stringify(fields),
      credentials: "omit",
      signal,
    });
    const ours = [200, 422].includes(response.status) && response.headers.get("Content-Type")?.startsWith("text/html");
    if (!ours) return null; // such as what a proxy says of itself
    const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
    return parsed.querySelector("article.answer[data-outcome]");
  } catch {
    return null;
  }
}
