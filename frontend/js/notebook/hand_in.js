// Hands the notebook in, through the API as any program does, and shows its mark on this page when it comes.

import { keepFresh } from "../poll.js";
import { element } from "./dom.js";
import { say } from "./words.js";

const LISTS = ["handed-in", "attempts"]; // parts of the page that tell what was handed in

// Those parts as they are now: read from the page itself. Where that fails they stay as they are.
async function refresh() {
  try {
    const answer = await fetch(location.pathname, { signal: AbortSignal.timeout(60_000) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of LISTS) {
      const [old, now] = [document, page].map((each) => each.getElementById(id));
      if (now && !old.contains(document.activeElement)) old.replaceWith(now);
    }
  } catch {
    // offline: the part of the mark says so
  }
}

export class HandIn {
  #about; // { url, csrf, notebook, answer_id, state_url, page_url }: answer_id stands in the addresses
  #place;
  #last = { text: null, key: null }; // the same answer keeps its key: sending it twice is safe

  constructor(about, place) {
    this.#about = about;
    this.#place = place;
  }

  // The notebook with what the learner has written, as text: only cells that are theirs count, whatever else is in it.
  notebook(texts) {
    const cells = this.#about.notebook.cells.map((cell) => (texts.has(cell.id) ? { ...cell, source: texts.get(cell.id) } : cell));
    return JSON.stringify({ ...this.#about.notebook, cells }, null, 1);
  }

  // True once it was accepted; else the reason stands on the page.
  async send(texts) {
    const text = this.notebook(texts);
    if (text !== this.#last.text) this.#last = { text, key: crypto.randomUUID() };
    try {
      const answer = await fetch(this.#about.url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.#about.csrf, "Idempotency-Key": this.#last.key },
        body: `{"notebook": ${text}}`,
        signal: AbortSignal.timeout(60_000),
      });
      const said = await answer.json().catch(() => ({}));
      const isTaken = answer.ok && Boolean(said.public_id); // else somebody on the way has answered
      if (isTaken) this.#accepted(said);
      else this.#refused(answer.status, said);
      return isTaken;
    } catch {
      this.#error(say("hand_in_offline"));
      return false;
    }
  }

  #accepted({ public_id: id, attempt }) {
    const address = (template) => template.replace(this.#about.answer_id, id);
    const heading = element("h3", "govuk-heading-m", say("attempt", { n: attempt }));
    heading.tabIndex = -1;
    const status = element("p", "govuk-visually-hidden");
    status.id = "marking-status";
    status.setAttribute("role", "status");
    const state = element("div");
    state.dataset.poll = address(this.#about.state_url);
    state.dataset.pollStatus = status.id;
    state.dataset.pollOffline = say("poll_offline");
    state.append(element("p", "govuk-body", say("handed_in")));
    const link = element("a", "govuk-link", say("attempt_page"));
    link.href = address(this.#about.page_url);
    const line = element("p", "govuk-body");
    line.append(link);
    this.#place.replaceChildren(heading, status, state, line);
    this.#place.hidden = false;
    heading.focus();
    refresh();
    keepFresh(state).then(refresh);
  }

  #refused(status, said) {
    const errors = Object.values(said.errors ?? {}).flat();
    if (status === 401 || status === 403) this.#error(say("signed_out"));
    else this.#error(errors[0] ?? said.detail ?? say("hand_in_failed"));
  }

  #error(words) {
    const box = element("div", "govuk-error-summary");
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.append(element("h3", "govuk-error-summary__title", say("not_handed_in")), element("p", "govuk-body", words));
    this.#place.replaceChildren(box);
    this.#place.hidden = false;
    box.focus();
  }
}
