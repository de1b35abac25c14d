// Making parts of the page.

const UNUSABLE = "aria-disabled";

export function element(tag, className = "", text = undefined) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export function button(text, act, { kind = "secondary", about = "" } = {}) {
  const made = element("button", `govuk-button govuk-button--${kind} app-small-button`, text);
  made.type = "button";
  if (about) made.append(element("span", "govuk-visually-hidden", ` ${about}`));
  made.addEventListener("click", (event) => made.hasAttribute(UNUSABLE) || act(event));
  return made;
}

// Whether a button does something now. It stays where it is and keeps the focus: hidden or disabled, it would drop
// whoever uses a keyboard at the top of the page.
export function setUsable(made, isUsable) {
  if (isUsable) made.removeAttribute(UNUSABLE);
  else made.setAttribute(UNUSABLE, "true");
}

// Texts that somebody opens when they want to read them.
export function folded(title, texts) {
  const details = element("details", "app-out__trace");
  details.append(element("summary", "", title));
  for (const text of texts) {
    const pre = element("pre", "app-out__text", text);
    pre.tabIndex = 0; // a long one is scrolled
    details.append(pre);
  }
  return details;
}
