// "Check my answers": everything is run from the top, with variables and files made anew (packages stay), as the official
// marking does, but here, with the tests that everybody can read. It is practice and is sent nowhere.
//
// Once the learner has changed a cell, what a check found is of another answer: it stays to be read and claims nothing.

import { element } from "./dom.js";
import { say } from "./words.js";

export class Practice {
  #place;
  #found = null; // [{ cell, ok }] of the last check
  #cells = [];
  #isStale = false;

  constructor(place) {
    this.#place = place;
  }

  // Runs all cells; draws what passes and what to mend first. True unless it was stopped.
  async check(cells, python) {
    this.#isStale = false;
    const { isStopped } = await python.reset();
    if (isStopped) return false;
    const found = [];
    for (const cell of cells) cell.forget();
    for (const cell of cells.filter((each) => each.runs)) {
      const result = await cell.run();
      if (result.isStopped || cell.outputs.error?.isLost) return false; // nothing is said of an answer that did not run
      found.push({ cell, ok: result.ok });
    }
    this.#found = found;
    this.#cells = cells;
    this.#draw();
    this.#place.focus();
    return true;
  }

  // The learner has changed something that is run.
  outdate() {
    if (this.#isStale) return;
    this.#isStale = true;
    if (this.#found) this.#draw();
  }

  #draw() {
    const checks = this.#found.filter(({ cell }) => cell.isCheck);
    const right = checks.filter(({ ok }) => ok).length;
    const first = firstToMend(this.#found, this.#cells);
    const list = element("ul", "app-practice__list");
    for (const { cell, ok } of checks) list.append(this.#line(cell, ok));
    const parts = [element("h2", "govuk-heading-m", this.#title(right, checks.length)), list];
    parts.push(element("p", "govuk-body", say("practice_only")), element("p", "app-meta", say("practice_keeps")));
    if (first) parts.splice(1, 0, mend(first));
    if (this.#isStale) parts.splice(1, 0, element("p", "govuk-body", say("practice_stale")));
    this.#place.replaceChildren(...parts);
    this.#place.hidden = false;
    const state = right === checks.length && !first ? "passed" : "failed";
    this.#place.dataset.state = this.#isStale ? "stale" : state;
  }

  #title(right, all) {
    if (!all) return say("no_checks");
    if (this.#isStale) return say("stale_pass", { right, all });
    return say(right === all ? "all_pass" : "some_pass", { right, all });
  }

  #line(cell, ok) {
    const state = ok ? "passed" : "failed";
    const line = element("li", `app-practice__line app-practice__line--${state}`);
    line.append(element("strong", "", say(this.#isStale ? `stale_${state}` : `check_${state}`)), ` ${cell.name}`);
    return line;
  }
}

// What fails first, and where: a cell that fails may call what another cell says.
function firstToMend(found, cells) {
  const first = found.find(({ ok }) => !ok);
  if (!first) return null;
  const { error } = first.cell.outputs;
  const cell = cells.find((other) => other.isOpen && other.name === error?.cell) ?? first.cell;
  return { cell, error };
}

function why(error) {
  if (!error) return "";
  if (error.ename === "NotImplementedError") return say("advice_NotImplementedError");
  return error.ename === "AssertionError" ? error.evalue : [error.ename, error.evalue].filter(Boolean).join(": ");
}

function mend({ cell, error }) {
  const box = element("div", "app-practice__first");
  const link = element("a", "govuk-link", cell.name);
  link.href = `#${cell.section.id}`;
  const line = element("p", "govuk-body");
  line.append(element("strong", "", say("mend_first")), " ", link);
  box.append(line, element("p", "app-practice__why", why(error) || say("no_message")));
  return box;
}
