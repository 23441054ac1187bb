/* The shortlist: up to MOST slugs in this browser's localStorage. data-shortlist says what an element does, data-slugs
 * with whom. Where nothing can be stored, the buttons stay hidden. */

const KEY = "shortlist";
const MOST = 8;
const status = document.getElementById("shortlist-status");
let timer;

const named = ({ dataset }) => (dataset.slugs || "").split(" ").filter(Boolean);
const unique = (slugs) => [...new Set(slugs)].filter((slug) => slug?.match?.(/^[-\w]{1,120}$/)).slice(0, MOST);

/* Throws where storage is forbidden. */
function read() {
  const text = localStorage.getItem(KEY);
  try {
    const kept = JSON.parse(text);
    return Array.isArray(kept) ? unique(kept) : [];
  } catch {
    return [];
  }
}

function say(what) {
  clearTimeout(timer);
  status.textContent = status.dataset[what].replace("{count}", read().length);
  timer = setTimeout(() => (status.textContent = ""), 8_000);
}

function write(slugs, what) {
  if (slugs.length > MOST) return say("full");
  try {
    if (slugs.length) localStorage.setItem(KEY, JSON.stringify(slugs));
    else localStorage.removeItem(KEY);
    if (what) say(what);
  } catch {
    say("failed");
  }
  show();
}

/* By role: whether it is hidden. */
const hidden = {
  plain: () => true,
  link: (own) => !own.length,
  forget: (own) => !own.length,
  keep: (own, slugs) => slugs.every((slug) => own.includes(slug)),
  copy: () => !navigator.clipboard,
};

function show() {
  const own = read();
  for (const element of document.querySelectorAll("[data-shortlist]")) {
    const role = element.dataset.shortlist;
    const slugs = named(element);
    element.hidden = !!hidden[role]?.(own, slugs);
    if (role === "remember") element.setAttribute("aria-pressed", own.includes(slugs[0]));
    if (role !== "link") continue;
    element.firstElementChild.search = own.map((slug) => `p=${slug}`).join("&");
    element.querySelector("[data-count]").textContent = own.length;
  }
}

const add = (own, slugs) => write([...new Set([...own, ...slugs])], "added");
const drop = (own, [gone]) => write(own.filter((slug) => slug !== gone), "removed");

/* By role: what a click does. */
const actions = {
  keep: add,
  remember: (own, slugs) => (own.includes(slugs[0]) ? drop : add)(own, slugs),
  // Off another list than one's own, nobody is forgotten.
  remove: (own, slugs) => document.querySelector("[data-shortlist=keep]").hidden && drop(own, slugs),
  forget(own, slugs, button) {
    write([]);
    location.replace(button.value);
  },
  copy() {
    const field = document.getElementById("shortlist-address");
    field.select();
    navigator.clipboard.writeText(field.value).then(
      () => say("copied"),
      () => say("marked"),
    );
  },
  print: () => window.print(),
};

function start() {
  const moved = new Map(Object.entries(JSON.parse(document.querySelector("[data-moved]")?.dataset.moved || "{}")));
  const own = read();
  // Slugs that have changed or gone since they were remembered.
  if (own.some((slug) => moved.has(slug))) write(unique(own.map((slug) => moved.get(slug) ?? slug)));
  show();
  document.addEventListener("click", ({ target }) => {
    const element = target.closest("[data-shortlist]");
    if (element) actions[element.dataset.shortlist]?.(read(), named(element), element);
  });
  document.addEventListener("htmx:load", show);
  // Changed elsewhere, perhaps while this page waited behind the Back button.
  for (const moment of ["storage", "pageshow"]) addEventListener(moment, show);
}

try {
  start();
} catch {
  // No storage.
}
