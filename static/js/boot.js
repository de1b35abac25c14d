// Runs at the start of <body>, before anything is drawn, so that components do not flicker. A file of its own because
// the Content-Security-Policy allows no inline script.
document.body.classList.add(
  "js-enabled",
  ...("noModule" in HTMLScriptElement.prototype ? ["govuk-frontend-supported"] : []),
);
