/* The list of specialists without a new page for each tick. htmx (on #finder) fetches the same address that the form
 * would open and puts its #finder in the place of this one; here is what a reader needs beside: the number of results is
 * announced, facets stay as they were unfolded and scrolled, and the keyboard goes on where it was. */
(() => {
  const finder = () => document.getElementById("finder");
  const filters = () => document.getElementById("filters");
  const OPEN = "finder__filters--open";
  const state = { open: new Set(), scrolled: new Map(), focused: "", isOnFilters: false, top: 0 };
  const request = { isBusy: false, isStale: false, isPressed: false };

  /* Where an element will be in the new list, as a selector. */
  function place(element) {
    if (element.id) return `#${CSS.escape(element.id)}`;
    const facet = element.closest("details[data-facet]");
    return facet ? `[data-facet="${facet.dataset.facet}"] ${element.localName}` : "#results";
  }

  function remember({ detail }) {
    state.open.clear();
    state.scrolled.clear();
    for (const facet of finder().querySelectorAll("details[data-facet]")) {
      if (facet.open) state.open.add(facet.dataset.facet);
      const options = facet.querySelector("fieldset");
      if (options) state.scrolled.set(facet.dataset.facet, options.scrollTop);
    }
    state.focused = finder().contains(document.activeElement) ? place(document.activeElement) : "";
    const isSent = detail.requestConfig?.triggeringEvent?.type === "submit";
    state.isOnFilters = !isSent && filters().offsetParent !== null;
    state.top = window.scrollY;
  }

  /* On a phone the filters unfold as the target of a link, which those of the new list are not: a tick must not fold
   * them; the button, or the link that closes them, does. */
  function unfold() {
    if (!state.isOnFilters || filters().offsetParent !== null) return;
    filters().classList.add(OPEN);
    window.scrollTo({ top: state.top, behavior: "instant" });
  }

  function restore() {
    for (const facet of finder().querySelectorAll("details[data-facet]")) {
      facet.open = state.open.has(facet.dataset.facet) || facet.querySelector("input:checked") !== null;
      const options = facet.querySelector("fieldset");
      if (options) options.scrollTop = state.scrolled.get(facet.dataset.facet) || 0;
    }
    if (state.focused && !finder().contains(document.activeElement)) {
      const former = finder().querySelector(state.focused);
      const next = former?.offsetParent ? former : document.getElementById("results");
      next.focus({ preventScroll: next.id !== "results" });
    }
    document.getElementById("announcement").textContent = document.getElementById("results").textContent.trim();
  }

  /* htmx notes the present address for the tab: what somebody looks for should stay nowhere. */
  const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
  for (const moment of ["htmx:load", "htmx:pushedIntoHistory", "htmx:afterSettle"]) {
    document.addEventListener(moment, forget);
  }

  const isFinder = (event) => event.detail.target && event.detail.target.id === "finder";
  /* Who ticks or types on before the answer comes is not shown a list without that, nor loses it: htmx asks once more,
   * or does so when the field is left as it was. */
  for (const change of ["input", "change", "submit"]) {
    document.addEventListener(change, () => (request.isStale ||= request.isBusy), { capture: true });
  }
  function askAgain() {
    if (request.isStale && !request.isBusy) htmx.trigger(finder().querySelector("form"), "change");
  }
  document.addEventListener("focusout", askAgain);
  /* A box that is replaced between the press and the release would not be ticked. */
  document.addEventListener("pointerdown", (event) => (request.isPressed = event.button === 0));
  for (const release of ["pointerup", "pointercancel"]) {
    document.addEventListener(release, () => {
      request.isPressed = false;
      setTimeout(askAgain);
    });
  }
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isFinder(event)) Object.assign(request, { isBusy: true, isStale: false });
  });
  document.addEventListener("htmx:afterRequest", (event) => isFinder(event) && (request.isBusy = false));
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isFinder(event)) return;
    request.isStale ||= request.isPressed;
    if (request.isStale) event.detail.shouldSwap = false;
    else remember(event);
  });
  document.addEventListener("htmx:afterSwap", (event) => isFinder(event) && unfold());
  document.addEventListener("htmx:afterSettle", (event) => isFinder(event) && (unfold(), restore()));
  window.addEventListener("hashchange", () => filters().classList.remove(OPEN));
  /* Without an answer the form does what forms do. */
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(failure, (event) => {
      if (isFinder(event)) window.location.assign(event.detail.pathInfo.finalRequestPath || window.location.href);
    });
  }
})();
