// @ts-check
/**
 * The combobox of the ARIA Authoring Practices Guide, with a list that only suggests
 * (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/): the focus stays on the input, the option that is
 * chosen is named by aria-activedescendant, Esc closes, Enter always acts, every other key stays the browser's own.
 */

/**
 * @typedef {object} Parts
 * @property {HTMLInputElement} input
 * @property {HTMLElement} list
 * @property {HTMLElement} status - the live region
 * @property {HTMLTemplateElement} lastOption - the option that stands under every list
 *
 * @typedef {object} Behaviour
 * @property {(text: string, signal: AbortSignal) => Promise<string[]>} suggest
 * @property {(text: string) => void} choose - an option is chosen
 * @property {() => void} chooseLast - the last option is chosen
 * @property {(count: number) => string} tell - what is said of so many suggestions
 */

export class Combobox {
  /** @type {AbortController | null} */
  #asking = null;
  #active = -1;
  /** A step that was taken while suggestions were still on their way: it goes into those that come. */
  #step = 0;

  /** @param {Parts} parts @param {Behaviour} behaviour */
  constructor(parts, behaviour) {
    this.parts = parts;
    this.behaviour = behaviour;
    const { input, list } = parts;
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.#ask());
    input.addEventListener("keydown", (event) => this.#press(event));
    input.addEventListener("blur", () => this.close());
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays on the input
    list.addEventListener("click", (event) => {
      const option = /** @type {Element} */ (event.target).closest("[role=option]");
      if (option) this.#choose(this.#options().indexOf(/** @type {HTMLElement} */ (option)));
    });
  }

  get open() {
    return !this.parts.list.hidden;
  }

  /** Close the list and forget what is still being asked: a late reply opens nothing. */
  close() {
    this.#asking?.abort();
    this.#asking = null;
    this.parts.list.hidden = true;
    this.parts.input.setAttribute("aria-expanded", "false");
    this.#activate(-1);
  }

  /** @returns {HTMLElement[]} */
  #options() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.parts.list.querySelectorAll("[role=option]"))];
  }

  async #ask() {
    const text = this.parts.input.value;
    this.#asking?.abort();
    if (!/\p{L}/u.test(text)) {
      this.close(); // nothing yet, or coordinates, for which there is nothing to suggest
      this.parts.status.textContent = "";
      return;
    }
    this.#activate(-1); // what is listed is of an earlier text
    this.#step = 0;
    const asking = (this.#asking = new AbortController());
    try {
      const labels = await this.behaviour.suggest(text, asking.signal);
      if (asking !== this.#asking) return; // whatever was asked earlier is late
      this.#asking = null;
      this.#show(labels);
    } catch {
      if (asking === this.#asking) this.close(); // suggestions are a help; without them the search still works
    }
  }

  /** @param {string[]} labels */
  #show(labels) {
    const { input, list, status, lastOption } = this.parts;
    const options = labels.map((label) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option");
      option.textContent = label;
      return option;
    });
    const last = /** @type {HTMLElement} */ (lastOption.content.firstElementChild?.cloneNode(true));
    list.replaceChildren(...options, last);
    this.#options().forEach((option, position) => {
      option.id = `${list.id}-${position}`;
      option.setAttribute("aria-selected", "false");
    });
    list.hidden = labels.length === 0 && input.value.trim().length < 3;
    input.setAttribute("aria-expanded", String(!list.hidden));
    this.#activate(-1);
    if (this.open && this.#step) this.#move(this.#step);
    status.textContent = this.behaviour.tell(labels.length);
  }

  /** @param {number} position */
  #activate(position) {
    const options = this.#options();
    options.forEach((option, each) => option.setAttribute("aria-selected", String(each === position)));
    this.#active = position;
    if (position < 0) {
      this.parts.input.removeAttribute("aria-activedescendant");
    } else {
      this.parts.input.setAttribute("aria-activedescendant", options[position].id);
      options[position].scrollIntoView({ block: "nearest" });
    }
  }

  /** One option on or back, round the end of the list. @param {number} step */
  #move(step) {
    const count = this.#options().length;
    if (this.#asking) this.#step = step;
    else if (step > 0) this.#activate((this.#active + 1) % count);
    else this.#activate((this.#active <= 0 ? count : this.#active) - 1);
  }

  /** @param {number} position */
  #choose(position) {
    const options = this.#options();
    const last = position === options.length - 1;
    const text = options[position].textContent ?? "";
    this.close();
    if (last) {
      this.behaviour.chooseLast();
    } else {
      this.parts.input.value = text;
      this.behaviour.choose(text);
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.altKey) {
      if (event.key === "ArrowUp" && this.open) this.close();
      else if (event.key === "ArrowDown" && !this.open) this.#ask();
      else return;
    } else if (event.key === "ArrowDown" && (this.open || this.#asking)) {
      this.#move(1);
    } else if (event.key === "ArrowUp" && (this.open || this.#asking)) {
      this.#move(-1);
    } else if (event.key === "Enter" && this.open && this.#active >= 0) {
      this.#choose(this.#active);
    } else if (event.key === "Escape" && this.open) {
      this.close();
    } else {
      if (event.key === "Enter") this.close(); // and the form is sent
      return;
    }
    event.preventDefault();
  }
}
