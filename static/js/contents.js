/* The article's page: marks the section being read in the list of contents, and shows explained words where they stand.
 * Without this the list is a plain list, and a word's link leads to its explanation at the end. */

const LINKS = "a.contents__link";
const CURRENT = "aria-current";
/* A line a quarter down the window: what crosses it is being read. */
const LINE = { rootMargin: "-25% 0px -75% 0px" };

function markCurrent(links) {
  const byTarget = new Map(
    links.map((link) => [document.getElementById(decodeURIComponent(link.hash.slice(1)))?.closest("section"), link]),
  );
  byTarget.delete(undefined);
  const observer = new IntersectionObserver((entries) => {
    const reached = entries.filter((entry) => entry.isIntersecting).at(-1);
    if (!reached) return; // Between two sections the last one stays.
    for (const link of links) link.removeAttribute(CURRENT);
    const link = byTarget.get(reached.target);
    link.setAttribute(CURRENT, "true");
    // Beside the text a long list scrolls by itself.
    const list = link.closest("nav");
    list.scrollTop = link.offsetTop - list.clientHeight / 2;
  }, LINE);
  for (const section of byTarget.keys()) observer.observe(section);
}

function show(link, box) {
  const entry = document.getElementById(link.hash.slice(1));
  for (const part of ["word", "explanation"]) {
    box.querySelector(`.word-box__${part}`).textContent = entry.querySelector(`.words__${part}`).textContent;
  }
  box.showPopover();
  box.focus();
}

function showWordsInPlace(box) {
  box.hidden = false;
  for (const link of document.querySelectorAll("a.explained")) link.setAttribute("aria-haspopup", "dialog");
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.explained");
    // With a modifier key a link opens elsewhere, as always.
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    show(link, box);
  });
}

const links = [...document.querySelectorAll(LINKS)];
const box = document.getElementById("word-box");
if (links.length && "IntersectionObserver" in window) markCurrent(links);
if (box && "showPopover" in box) showWordsInPlace(box);
