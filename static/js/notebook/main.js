// The page of an exercise that runs in the browser. The page itself comes from the server and works without this script:
// then the notebook is downloaded and handed in as a file. Everything that this script needs to know stands in #notebook.

import { Cell } from "./cells.js";
import { Practice } from "./check.js";
import { button, element, folded, setUsable } from "./dom.js";
import { Drafts } from "./drafts.js";
import { HandIn } from "./hand_in.js";
import { Python } from "./python.js";
import { say, setWords } from "./words.js";

const PLAIN = "upskill plain boxes";
const COMES = "app-python-comes"; // arrival.js: the way without Python is hidden
const MUCH_MEMORY = 1.5e9; // bytes; a browser gives a page 2 to 4 GB
const find = (id) => document.getElementById(id);
const about = JSON.parse(find("notebook").dataset.about);
setWords(about.words);

const places = Object.fromEntries(
  ["python-state", "python-tools", "saved", "said", "practice", "conflict", "result", "hand-in-here"].map((id) => [id, find(id)]),
);
const practice = new Practice(places.practice);
let wantsPlain = readPreference();
let python;
let drafts;
let cells = [];
let lastDraft = "saved";

const page = {
  get python() {
    return python;
  },
  nonce: about.nonce,
  wantsPlain: () => wantsPlain,
  words: () => cells.filter((cell) => cell.kind !== "text").map((cell) => cell.text).join("\n"),
  onChange(cell) {
    drafts.change(cell.id, cell.text);
    if (!cell.runs) return;
    for (const check of cells.filter((each) => each.isCheck)) check.outdate();
    practice.outdate();
  },
  async runCell(cell, { goOn = false } = {}) {
    if (goOn) next(cell)?.focus();
    const { ok, isStopped } = await cell.run();
    if (!isStopped) tell(say(ok ? "ran" : "ran_with_error", { cell: cell.name }));
  },
};

function next(cell) {
  return cells.slice(cells.indexOf(cell) + 1).find((other) => other.isOpen);
}

function tell(words) {
  places.said.textContent = words;
}

// --- What Python does ---

const tools = {
  runAll: button(say("run_all"), runAll),
  check: button(say("check"), check, { kind: "primary" }),
  stop: button(say("stop"), () => python.stop(), { kind: "warning" }),
  restart: button(say("restart"), restart),
};

function onPython(state, { words = "", bytes = 0, reason = "" } = {}) {
  const isBusy = ["running", "slow", "stuck"].includes(state);
  const isLoading = state === "loading";
  if (isLoading && (python?.isRunning || (words && !words.startsWith("Loading ")))) return; // no news
  if (!isLoading) document.body.dataset.python = state;
  setUsable(tools.stop, isBusy);
  setUsable(tools.check, !isBusy && state !== "failed");
  setUsable(tools.runAll, !isBusy && state !== "failed");
  if (state === "failed") {
    document.body.classList.remove(COMES);
    places["python-state"].textContent = say(reason === "files" ? "files_failed" : "python_failed");
    tell(places["python-state"].textContent);
    return;
  }
  const named = words.slice("Loading ".length).split(", ").filter((name) => about.python.packages.includes(name));
  const what = named.join(", ") || "Python"; // learners' code may say anything here: only known names are shown
  const text = isLoading ? say("python_loading", { what }) : say(`python_${state}`);
  places["python-state"].textContent = bytes > MUCH_MEMORY ? say("python_full") : text;
  if (state === "late") document.body.classList.remove(COMES);
  if (["late", "slow", "stuck"].includes(state)) tell(text);
}

async function runAll() {
  for (const cell of cells.filter((each) => each.runs)) {
    const { isStopped } = await cell.run();
    if (isStopped) return;
  }
  tell(say("ran_all"));
}

async function check() {
  tell(say("checking"));
  if (await practice.check(cells, python)) places.practice.scrollIntoView({ block: "nearest" });
}

function restart() {
  for (const cell of cells) cell.forget();
  document.body.classList.add(COMES);
  python.restart();
  tell(say("python_starting"));
}

// --- What is saved ---

function onDraft(state, more = {}) {
  const time = more.at ? new Date(more.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }) : "";
  places.saved.textContent = say(`draft_${state}`, { time, words: more.words ?? "" });
  places.saved.dataset.state = state;
  if (!["saving", "saved", lastDraft].includes(state)) tell(places.saved.textContent);
  lastDraft = state;
  if (state === "conflict") showConflict({ ...more, time });
}

function showConflict({ revision, cells: theirs, at, time }) {
  const box = places.conflict;
  const heading = element("h2", "govuk-heading-m", say("conflict_title"));
  const differs = (cell) => cell.isOpen && cell.text !== (theirs[cell.id] ?? cell.original);
  const differing = cells.filter(differs);
  const close = (act) => () => {
    box.hidden = true;
    act();
    differing[0]?.focus();
  };
  const take = () => {
    for (const cell of cells.filter(differs)) cell.text = theirs[cell.id] ?? cell.original;
    drafts.takeTheirs({ revision, at });
  };
  const keep = () => drafts.keepMine({ revision, cells: Object.fromEntries(texts(cells.filter(differs))) });
  if (!differing.length) {
    take();
    return;
  }
  box.replaceChildren(heading, element("p", "govuk-body", say("conflict_text", { time })));
  for (const cell of differing) {
    box.append(folded(say("saved_there", { cell: cell.name }), [theirs[cell.id] ?? cell.original]));
  }
  const choice = element("div", "govuk-button-group");
  choice.append(button(say("keep_mine"), close(keep), { kind: "primary" }), button(say("take_theirs"), close(take)));
  box.append(choice);
  box.hidden = false;
  box.focus();
}

const texts = (some) => some.map((cell) => [cell.id, cell.text]);

// --- The rest of the page ---

function readPreference() {
  try {
    return localStorage.getItem(PLAIN) === "1";
  } catch {
    return false;
  }
}

function preferPlain(event) {
  wantsPlain = event.target.checked;
  try {
    localStorage.setItem(PLAIN, wantsPlain ? "1" : "0");
  } catch {
    // forbidden: it holds for this visit
  }
  for (const cell of cells) cell.refresh();
}

function makeCells(recovered) {
  const sections = new Map([...document.querySelectorAll("[data-cell]")].map((section) => [section.dataset.cell, section]));
  return about.cells.map((each) => {
    const text = recovered[each.id] ?? about.draft.cells[each.id] ?? each.original;
    return new Cell(sections.get(each.id), { ...each, text }, page);
  });
}

// What was written in cells that the exercise has no longer: nothing is lost when an author changes it.
function showEarlier(gone) {
  if (gone.length) places.practice.before(folded(say("earlier"), gone));
}

// An exercise that cannot be handed in yet can still be downloaded with what was written in it.
function offerHandIn() {
  const handIn = new HandIn({ ...about.hand_in, csrf: about.csrf, notebook: about.notebook }, places.result);
  const open = () => new Map(texts(cells.filter((cell) => cell.isOpen)));
  const send = button(say("hand_in"), async () => {
    setUsable(send, false);
    await drafts.flush();
    await handIn.send(open());
    setUsable(send, true);
  }, { kind: "primary" });
  const download = element("a", "govuk-link", say("download"));
  download.href = "#";
  download.addEventListener("click", () => {
    download.href = `data:application/x-ipynb+json;charset=utf-8,${encodeURIComponent(handIn.notebook(open()))}`;
    download.download = about.filename;
  });
  const group = element("div", "govuk-button-group");
  group.append(...(about.hand_in ? [send] : []), download);
  places["hand-in-here"].prepend(group);
}

function start() {
  drafts = new Drafts({ ...about.draft, csrf: about.csrf, person: about.person }, onDraft);
  const known = new Set(about.cells.map((each) => each.id));
  const recovered = drafts.recover(known);
  cells = makeCells(recovered?.cells ?? {});
  const saved = Object.entries(about.draft.cells).filter(([id]) => !known.has(id));
  showEarlier([...saved, ...Object.entries(recovered?.gone ?? {})].map(([, text]) => text));
  if (recovered?.isOutdated) drafts.askOther();
  places["python-tools"].append(tools.check, tools.runAll, tools.stop, tools.restart);
  const plain = find("plain-boxes");
  plain.checked = wantsPlain;
  plain.addEventListener("change", preferPlain);
  offerHandIn();
  if (about.draft.saved_at) onDraft("saved", { at: about.draft.saved_at });
  python = new Python(about.python, onPython);
}

start();
