// "Check my answers": everything is run from the top in a fresh session, as the official marking does, but here, with the
// tests that everybody can read. It is practice and is sent nowhere.

import { element } from "./dom.js";
import { say } from "./words.js";

// Runs all cells; draws into `place` what passes and what to mend first. True unless it was stopped.
export async function checkAll({ cells, python, place }) {
  const { isStopped } = await python.reset();
  if (isStopped) return false;
  const found = [];
  for (const cell of cells) cell.forget();
  for (const cell of cells.filter((each) => each.runs)) {
    const result = await cell.run();
    if (result.isStopped) return false;
    found.push({ cell, ok: result.ok });
  }
  draw(place, found, cells);
  return true;
}

function draw(place, found, cells) {
  const checks = found.filter(({ cell }) => cell.isCheck);
  const right = checks.filter(({ ok }) => ok).length;
  const first = firstToMend(found, cells);
  const heading = element("h2", "govuk-heading-m", said(right, checks.length));
  const list = element("ul", "app-practice__list");
  for (const { cell, ok } of checks) {
    const line = element("li", `app-practice__line app-practice__line--${ok ? "passed" : "failed"}`);
    line.append(element("strong", "", say(ok ? "check_passed" : "check_failed")), ` ${cell.name}`);
    list.append(line);
  }
  place.replaceChildren(heading, ...(first ? [mend(first)] : []), list, element("p", "govuk-body", say("practice_only")));
  place.hidden = false;
  place.dataset.state = right === checks.length && !first ? "passed" : "failed";
  place.focus();
}

function said(right, all) {
  if (!all) return say("no_checks");
  return say(right === all ? "all_pass" : "some_pass", { right, all });
}

// What fails first, and where: a cell that fails may call what another cell says.
function firstToMend(found, cells) {
  const first = found.find(({ ok }) => !ok);
  if (!first) return null;
  const { error } = first.cell.outputs;
  const cell = cells.find((other) => other.isOpen && other.name === error?.cell) ?? first.cell;
  return { cell, error };
}

function mend({ cell, error }) {
  const box = element("div", "app-practice__first");
  const link = element("a", "govuk-link", cell.name);
  link.href = `#${cell.section.id}`;
  const line = element("p", "govuk-body");
  line.append(element("strong", "", say("mend_first")), " ", link);
  const words = error && (error.ename === "AssertionError" ? error.evalue : [error.ename, error.evalue].filter(Boolean).join(": "));
  box.append(line, element("p", "app-practice__why", words || say("no_message")));
  return box;
}
