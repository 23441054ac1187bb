/* The list without a new page for each tick. htmx puts the #finder of the address that the form would open in the place
 * of this one; here is what a reader needs beside: the number is announced, facets stay unfolded and scrolled, and the
 * keyboard goes on where it was. */
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
    state.top = scrollY;
  }

  /* On a phone filters unfold as a link's target, which those of the new list are not; only the button or the link that
   * closes them folds them. */
  function unfold() {
    if (!state.isOnFilters || filters().offsetParent !== null) return;
    filters().classList.add(OPEN);
    scrollTo({ top: state.top, behavior: "instant" });
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

  const on = (events, act, options) => {
    for (const event of events.split(" ")) document.addEventListener(event, act, options);
  };
  const onFinder = (events, act) => on(events, (event) => event.detail.target?.id === "finder" && act(event));

  /* htmx notes the present address for the tab: what somebody looks for should stay nowhere. */
  on("htmx:load htmx:pushedIntoHistory htmx:afterSettle", () =>
    sessionStorage.removeItem("htmx-current-path-for-history"),
  );

  /* Who ticks or types on before the answer comes is not shown a list without that: htmx asks once more, at the latest
   * when the field is left. */
  on("input change submit", () => (request.isStale ||= request.isBusy), true);
  function askAgain() {
    if (request.isStale && !request.isBusy) htmx.trigger(finder().querySelector("form"), "change");
  }
  on("focusout", askAgain);
  /* A box that is replaced between the press and the release would not be ticked. */
  on("pointerdown", (event) => (request.isPressed = event.button === 0));
  on("pointerup pointercancel", () => {
    request.isPressed = false;
    setTimeout(askAgain);
  });
  onFinder("htmx:beforeRequest", () => Object.assign(request, { isBusy: true, isStale: false }));
  onFinder("htmx:afterRequest", () => (request.isBusy = false));
  onFinder("htmx:beforeSwap", (event) => {
    request.isStale ||= request.isPressed;
    if (request.isStale) event.detail.shouldSwap = false;
    else remember(event);
  });
  onFinder("htmx:afterSwap htmx:afterSettle", unfold);
  onFinder("htmx:afterSettle", restore);
  addEventListener("hashchange", () => filters().classList.remove(OPEN));
  /* Without an answer the form does what forms do. */
  onFinder("htmx:sendError htmx:responseError htmx:timeout", ({ detail }) =>
    location.assign(detail.pathInfo.finalRequestPath || location.href),
  );
})();
