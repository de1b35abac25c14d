// Keeps a part of the page fresh while marking goes on.
//
// <p role="status" id="says"></p>
// <div data-poll="/url/" data-poll-status="says" data-poll-offline="words for a lost connection"> ... </div>
//
// The element's content is replaced by what the URL answers. An answer with the header "X-Poll: done" is the last one.
// The words marked with data-poll-say are copied to the status element when they change: screen readers then hear one
// sentence, not the whole page again.
// Asks every 250 ms for 3 seconds, every second up to 30 seconds, then every 5 seconds; waits while the tab is hidden.
// "X-Poll-After: 1.5" asks it to wait at least so many seconds: many others are before this one.
// After a failure it waits twice as long each time, up to 30 seconds, and says so in the element's own words.

const STEPS = [[3_000, 250], [30_000, 1_000], [Infinity, 5_000]];
const LONGEST_WAIT = 30_000;

function pause(startedAt, failures) {
  const age = Date.now() - startedAt;
  const usual = STEPS.find(([until]) => age < until)[1];
  return failures ? Math.min(LONGEST_WAIT, Math.max(usual, 500) * 2 ** failures) : usual;
}

function sayOffline(element) {
  if (element.querySelector("[data-poll-notice]")) return;
  const line = document.createElement("p");
  line.className = "govuk-inset-text app-offline";
  line.dataset.pollNotice = "";
  line.textContent = element.dataset.pollOffline;
  element.prepend(line);
}

function announce(element) {
  const status = document.getElementById(element.dataset.pollStatus);
  const words = element.querySelector("[data-poll-say]")?.textContent.trim().replace(/\s+/g, " ") ?? "";
  if (status && status.textContent !== words) status.textContent = words;
}

async function ask(element) {
  const answer = await fetch(element.dataset.poll, { redirect: "manual" });
  if (answer.type === "opaqueredirect") {
    location.reload(); // signed out in the meantime: the page itself leads to signing in, and back
    return { isLast: true, after: 0 };
  }
  if (!answer.ok) throw new Error(`The state could not be read: ${answer.status}`);
  const html = await answer.text();
  // Unchanged content is left alone: somebody may be selecting or reading it.
  if (html !== element.pollHtml) element.innerHTML = html;
  element.pollHtml = html;
  announce(element);
  element.querySelector("[data-poll-notice]")?.remove();
  const after = Number(answer.headers.get("X-Poll-After")) * 1_000;
  return { isLast: answer.headers.get("X-Poll") === "done", after: Math.min(after, LONGEST_WAIT) };
}

async function visible() {
  while (document.hidden) {
    await new Promise((resume) => document.addEventListener("visibilitychange", resume, { once: true }));
  }
}

// Settles when the last answer has come.
export async function keepFresh(element) {
  const startedAt = Date.now();
  let failures = 0;
  let after = 0;
  for (;;) {
    await new Promise((resume) => setTimeout(resume, Math.max(after, pause(startedAt, failures))));
    await visible();
    if (!element.isConnected) return; // another answer is in its place
    try {
      const answer = await ask(element);
      if (answer.isLast) return;
      failures = 0;
      after = answer.after;
    } catch {
      failures += 1;
      after = 0;
      element.pollHtml = undefined;
      sayOffline(element);
    }
  }
}

document.querySelectorAll("[data-poll]").forEach(keepFresh);
