/* Cleans what is pasted into a rich text editor: Word's imitation lists become lists, headings of any level become
 * the one level the editor has, tables get header cells, dashes at line starts become list items. The server's
 * allow-list stays the judge of what is stored; this only keeps structure that the editor would otherwise drop. */

const EDITOR = ".ProseMirror";
const WORD_LIST = /mso-list:\s*l(\d+)\s+level(\d+)/i;
const NUMBERED = /^\s*(?:\d+|[a-z]|[ivx]+)[.)]/i;
const STYLE_SHEET = /<style\b[^>]*>[\s\S]*?<\/style\s*>/gi;
const OPENING_TAG = /<[a-z][^>]*>/gi;
const REFUSED_ATTRIBUTE = /([\s"'/])(style|on\w+)(\s*=)/gi;
const KEPT_ATTRIBUTES = ["href", "start", "colspan", "rowspan"];
const NO_TEXT = "script, style, meta, link, title, xml, button, select, textarea, iframe, object, noscript, template";
// Word's own properties end like these: mso-bidi-font-weight:normal stands on words that are bold.
const NOT_BOLD = /(?:^|[;\s])font-weight:\s*(?:normal|400)/i;
const BOLD = /(?:^|[;\s])font-weight:\s*(?:bold|[67]00)/i;
const ITALIC = /(?:^|[;\s])font-style:\s*italic/i;
const BULLET_LINE = /^\s*[-•–*·]\s+(.+)$/;

/* The site's policy reports each style and handler as soon as it is parsed, even in a document that is never shown:
 * they are renamed before. What a tag escapes here stays blocked, and is taken out below. */
function setAside(html) {
  return html.replace(STYLE_SHEET, "").replace(OPENING_TAG, (tag) => tag.replace(REFUSED_ATTRIBUTE, "$1data-pasted-$2$3"));
}

function styleOf(element) {
  return element.getAttribute("data-pasted-style") || "";
}

function rename(element, tag) {
  const renamed = element.ownerDocument.createElement(tag);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
  return renamed;
}

/* Word writes a list item as a paragraph with its level in the style and its bullet as hidden text. */
function wordItem(paragraph) {
  const match = WORD_LIST.exec(styleOf(paragraph));
  if (!match) return null;
  const marker = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)));
  const tag = marker && NUMBERED.test(marker.textContent) ? "ol" : "ul";
  marker?.remove();
  return { level: Number(match[2]), tag };
}

function convertWordLists(root) {
  let stack = [];
  let previous = null;
  for (const paragraph of [...root.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const item = wordItem(paragraph);
    if (!item) {
      stack = [];
      previous = paragraph;
      continue;
    }
    if (previous !== paragraph.previousElementSibling && stack.length === 0) previous = null;
    while (stack.length > item.level) stack.pop();
    while (stack.length < item.level) {
      const list = root.ownerDocument.createElement(item.tag);
      const parent = stack.at(-1);
      if (!parent) paragraph.before(list);
      else (parent.lastElementChild || parent.appendChild(root.ownerDocument.createElement("li"))).append(list);
      stack.push(list);
    }
    stack.at(-1).append(rename(paragraph, "li"));
  }
}

/* In an editor of one section, its heading is a field of its own: what is pasted are headings below it. */
function levelHeadings(root, keepsLevels) {
  for (const heading of [...root.querySelectorAll("h1, h2, h3, h4, h5, h6")]) {
    if (!heading.textContent.trim()) heading.remove();
    else if (!keepsLevels && heading.tagName !== "H3") rename(heading, "h3");
  }
}

function giveTablesHeaders(root) {
  for (const table of root.querySelectorAll("table")) {
    if (table.querySelector("th")) continue;
    for (const cell of [...(table.rows[0]?.cells || [])]) rename(cell, "th");
  }
}

function unwrapStyles(root) {
  for (const element of [...root.querySelectorAll("b, strong, i, em, span")]) {
    const style = styleOf(element);
    if (/^(b|strong)$/i.test(element.tagName) && NOT_BOLD.test(style)) element.replaceWith(...element.childNodes);
    else if (/^span$/i.test(element.tagName) && BOLD.test(style)) rename(element, "strong");
    else if (/^span$/i.test(element.tagName) && ITALIC.test(style)) rename(element, "em");
  }
}

/* Word and mail programs part their paragraphs with empty ones. A cell of a table may be empty. */
function dropEmptyParagraphs(root) {
  for (const paragraph of root.querySelectorAll("p")) {
    if (!paragraph.textContent.trim() && !paragraph.closest("td, th")) paragraph.remove();
  }
}

function dropAttributes(root) {
  for (const element of root.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) if (!KEPT_ATTRIBUTES.includes(name)) element.removeAttribute(name);
  }
}

function cleanHtml(html, keepsLevels) {
  const page = new DOMParser().parseFromString(setAside(html), "text/html");
  for (const element of page.querySelectorAll(NO_TEXT)) element.remove();
  convertWordLists(page.body);
  unwrapStyles(page.body);
  levelHeadings(page.body, keepsLevels);
  giveTablesHeaders(page.body);
  dropEmptyParagraphs(page.body);
  dropAttributes(page.body);
  return page.body.innerHTML;
}

/* Lines of plain text: a paragraph each, runs of dashed lines one list. */
function htmlOfText(text) {
  const page = document.implementation.createHTMLDocument();
  let list = null;
  for (const line of text.split(/\r?\n/)) {
    if (!line.trim()) continue;
    const bullet = BULLET_LINE.exec(line);
    if (!bullet) list = null;
    else if (!list) list = page.body.appendChild(page.createElement("ul"));
    const block = (list || page.body).appendChild(page.createElement(list ? "li" : "p"));
    block.textContent = bullet ? bullet[1] : line.trim();
  }
  return page.body.innerHTML;
}

let isOurs = false;

document.addEventListener(
  "paste",
  (event) => {
    const editor = event.target instanceof Element && event.target.closest(EDITOR);
    if (isOurs || !editor || !event.clipboardData) return;
    const html = event.clipboardData.getData("text/html");
    const text = event.clipboardData.getData("text/plain");
    if (!html && !text.includes("\n")) return;
    if (html.includes("data-pm-slice")) return; // copied from an editor of ours: already clean
    const keepsLevels = editor.closest("[data-keeps-heading-levels]") !== null;
    const clean = new DataTransfer();
    clean.setData("text/html", html ? cleanHtml(html, keepsLevels) : htmlOfText(text));
    clean.setData("text/plain", text);
    event.preventDefault();
    event.stopImmediatePropagation();
    isOurs = true;
    event.target.dispatchEvent(new ClipboardEvent("paste", { clipboardData: clean, bubbles: true, cancelable: true }));
    isOurs = false;
  },
  { capture: true },
);

/* ProseMirror's text box has no name of its own: it takes that of the field it stands for. */
function nameEditors() {
  for (const editor of document.querySelectorAll(`${EDITOR}:not([aria-label])`)) {
    const field = editor.closest(".form-row, .field-body, .flex-container");
    const label = field?.querySelector("label");
    const heading = editor.closest(".inline-related")?.querySelector("[name$='-heading']")?.value;
    editor.setAttribute("role", "textbox");
    editor.setAttribute("aria-multiline", "true");
    editor.setAttribute("aria-label", [label?.textContent.replace(/:\s*$/, "").trim() || "Text", heading].filter(Boolean).join(": "));
  }
}

document.addEventListener("DOMContentLoaded", () => {
  nameEditors();
  new MutationObserver(nameEditors).observe(document.body, { childList: true, subtree: true });
});
