/* Suggestions while somebody types: makes every input[data-suggest] an ARIA 1.2 combobox. Its address answers with
 * components/suggestions.html: an option with data-href leads there, others fill the field. */

const DELAY_MS = 120;
const FEWEST_LETTERS = 2;
const MOST_OPTIONS = 8;
const enhanced = new WeakSet();
let made = 0;

function set(element, attributes) {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  return element;
}

/* The live region of all fields: there before it speaks, or screen readers would not notice. */
function region() {
  const status = document.getElementById("suggest-status") || document.createElement("p");
  if (!status.id) document.body.append(set(status, { id: "suggest-status", class: "visually-hidden", role: "status" }));
  return status;
}

class Combobox {
  constructor(input) {
    // A page that htmx restores has the list of its former life.
    document.getElementById(input.getAttribute("aria-controls"))?.remove();
    this.input = input;
    const id = `suggest-${(made += 1)}`;
    this.list = set(document.createElement("ul"), { id, class: "suggestions", role: "listbox" });
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    set(input, { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": id });
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    input.parentElement.classList.add("suggest");
    input.after(this.list);
    this.close();
  }

  get isOpen() {
    return !this.list.hidden;
  }

  get text() {
    return this.input.value.trim();
  }

  /* What is under way shall not show. */
  stop() {
    clearTimeout(this.timer);
    this.request?.abort();
  }

  close() {
    this.stop();
    this.toggle(false);
    region().textContent = "";
  }

  toggle(isOpen) {
    this.list.hidden = !isOpen;
    set(this.input, { "aria-expanded": isOpen });
    this.mark(-1);
    if (isOpen) this.place();
  }

  /* Below the field; moved left where it would leave the window. */
  place() {
    const { input, list } = this;
    list.style.top = `${input.offsetTop + input.offsetHeight}px`;
    list.style.left = 0;
    list.style.left = `${Math.min(0, document.documentElement.clientWidth - list.getBoundingClientRect().right)}px`;
  }

  /* The option at `index` is the active one; -1: none, the person is in the text. */
  mark(index) {
    const options = [...this.list.children];
    this.active = options[index];
    for (const option of options) set(option, { "aria-selected": option === this.active });
    this.input.removeAttribute("aria-activedescendant");
    if (!this.active) return;
    set(this.input, { "aria-activedescendant": this.active.id });
    this.active.scrollIntoView({ block: "nearest" });
  }

  typed() {
    this.stop();
    this.mark(-1);
    if (this.text.length < FEWEST_LETTERS) this.close();
    else this.timer = setTimeout(() => this.ask(), DELAY_MS);
  }

  /* Shows new suggestions; `step` then moves into them, as an arrow key would. */
  async ask(step = 0) {
    this.stop();
    const { text } = this;
    const { signal } = (this.request = new AbortController());
    const address = new URL(this.input.dataset.suggest, location);
    address.searchParams.set("q", text);
    let found = null;
    try {
      const answer = await fetch(address, { signal });
      const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      found = page.querySelector("[role=listbox]");
    } catch {
      // Aborted or offline.
    }
    if (!signal.aborted) this.show(found, text, step);
  }

  show(found, text, step) {
    const options = [...(found?.querySelectorAll("[role=option]") || [])].slice(0, MOST_OPTIONS);
    options.forEach((option, index) => (option.id = `${this.list.id}-${index}`));
    this.list.replaceChildren(...options);
    set(this.list, { "aria-label": found?.getAttribute("aria-label") || "" });
    this.shown = text;
    this.toggle(options.length > 0);
    region().textContent = found?.dataset.status || "";
    if (step) this.move(step);
  }

  /* From option to option; beyond either end back into the text, for Enter to search. */
  move(step) {
    const places = this.list.children.length + 1;
    this.stop();
    this.mark(([...this.list.children].indexOf(this.active) + 1 + step + places) % places - 1);
  }

  open(step) {
    if (this.text.length < FEWEST_LETTERS) return;
    if (this.shown !== this.text || !this.list.firstChild) this.ask(step);
    else {
      this.toggle(true);
      this.move(step);
    }
  }

  arrow(step, withAlt) {
    if (withAlt && step < 0) this.close();
    else if (!this.isOpen) this.open(withAlt ? 0 : step);
    else if (!withAlt) this.move(step);
  }

  choose(option) {
    if (!option) return;
    const { href, value } = option.dataset;
    if (!href) return this.fill(value);
    this.close();
    location.assign(href);
  }

  fill(value) {
    this.close();
    this.input.value = value;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Whether the key has done its work here. */
  takes({ key, altKey }) {
    const { active, isOpen } = this;
    if (key === "ArrowDown" || key === "ArrowUp") this.arrow(key === "ArrowDown" ? 1 : -1, altKey);
    else if (active && key === "Home") this.mark(0);
    else if (active && key === "End") this.mark(this.list.children.length - 1);
    else if (active && key === "Enter") this.choose(active);
    else if (key === "Escape" && (isOpen || this.input.value)) isOpen ? this.close() : this.fill("");
    else {
      if (key === "Enter") this.close();
      if (key === "ArrowLeft" || key === "ArrowRight") this.mark(-1);
      return false;
    }
    return true;
  }

  pressed(event) {
    if (!event.isComposing && this.takes(event)) event.preventDefault();
  }
}

function enhance() {
  for (const input of document.querySelectorAll("input[data-suggest]")) {
    if (!enhanced.has(input)) new Combobox(input);
    enhanced.add(input);
  }
}

enhance();
// What htmx has swapped in.
document.addEventListener("htmx:load", enhance);
