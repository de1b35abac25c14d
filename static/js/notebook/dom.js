// Making parts of the page.

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
  made.addEventListener("click", act);
  return made;
}
