/* "Use my position": fills the field that the button names in data-locate, rounded to about a kilometre before anything
 * else sees it. Hidden where the browser cannot tell; the texts are the button's data. */

const OPTIONS = { enableHighAccuracy: false, timeout: 10_000, maximumAge: 600_000 };
const BUTTON = "button[data-locate]";

/* Degrees with two decimals: 0.01 degrees of latitude are 1.1 km. */
const rounded = (degrees) => (Math.round(degrees * 100) / 100 || 0).toFixed(2);

function reveal() {
  if (!isSecureContext || !navigator.geolocation) return;
  for (const button of document.querySelectorAll(BUTTON)) button.hidden = false;
}

function say(button, text = "") {
  const status = button.parentElement?.querySelector("[role=status]");
  if (status) status.textContent = text;
}

function fill(button, value) {
  const input = button.form?.elements.namedItem(button.dataset.locate);
  if (!input) return; // The form was replaced meanwhile.
  input.value = value;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function locate(button) {
  const { asking, found, refused, failed } = button.dataset;
  const finish = (text) => {
    button.removeAttribute("aria-disabled");
    say(button, text);
  };
  button.setAttribute("aria-disabled", "true");
  say(button, asking);
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      const value = `${rounded(coords.latitude)},${rounded(coords.longitude)}`;
      finish(found);
      fill(button, value);
    },
    (error) => finish(error.code === error.PERMISSION_DENIED ? refused : failed),
    OPTIONS,
  );
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest(BUTTON);
  if (button && !button.hasAttribute("aria-disabled")) locate(button);
});
document.addEventListener("htmx:load", reveal);
reveal();
