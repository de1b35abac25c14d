// Saves what the learner writes: by itself, on top of the revision that this window knows. What could not be sent stays in
// this tab (sessionStorage, which ends with it: the next person at this computer finds nothing) and is sent later. Once
// its learner signs out, in whatever tab, nothing of it stays.
//
// onState is told: "saving", "saved" { at }, "offline", "signed_out", "changed" (the exercise has other cells now), "refused"
// { words }, and "conflict" { theirs, at }: another window has saved. Then keepMine() or takeTheirs() goes on.

const REST = 1_000; // after the last key
const LEAST_GAP = 3_000; // between two saves: the API takes 30 a minute
const RETRY = 10_000;
const LONGEST = 20_000; // of one request: after a closed lid a connection may be dead without a word
const SIGNED_OUT = "upskill signed out"; // signed_out.js says so
const KEEPALIVE_BYTES = 60_000; // browsers send no more after a page is closed

export class Drafts {
  #url;
  #csrf;
  #key;
  #onState;
  #revision;
  #pending = {}; // id -> text, not saved yet
  #isSaving = false;
  #isHeld = false; // until somebody chooses, or for good
  #timer;
  #lastAt = 0;
  #others = new BroadcastChannel(SIGNED_OUT);

  constructor({ url, csrf, person, revision }, onState) {
    this.#url = url;
    this.#csrf = csrf;
    this.#revision = revision;
    this.#key = `upskill draft ${person} ${url}`;
    this.#onState = onState;
    this.#others.onmessage = () => this.#leave();
    window.addEventListener("online", () => this.#plan(0));
    window.addEventListener("pagehide", () => this.#sendLast());
    window.addEventListener("beforeunload", (event) => this.hasUnsaved && event.preventDefault());
  }

  get hasUnsaved() {
    return Object.keys(this.#pending).length > 0;
  }

  // What this tab kept of an earlier visit and could not send: { cells } to show, { gone } of cells that are not among
  // `known` any more, and whether another window saved since.
  recover(known) {
    const kept = readKept(this.#key);
    if (!kept) return null;
    const [here, gone] = [true, false].map((is) => Object.fromEntries(Object.entries(kept.cells).filter(([id]) => known.has(id) === is)));
    this.#pending = here;
    this.#keep();
    const isOutdated = kept.revision !== this.#revision && this.hasUnsaved;
    if (isOutdated) this.#isHeld = true;
    else this.#plan(0);
    return { cells: here, gone, isOutdated };
  }

  // The learner has changed this cell.
  change(id, text) {
    this.#pending[id] = text;
    this.#keep();
    if (this.#isHeld) return;
    this.#onState("saving");
    this.#plan(Math.max(REST, this.#lastAt + LEAST_GAP - Date.now()));
  }

  // Everything is saved, or as much as can be: before handing in.
  async flush() {
    clearTimeout(this.#timer);
    if (this.hasUnsaved && !this.#isHeld) await this.#save();
  }

  // Reads what another window has saved, and lets the learner choose.
  async askOther() {
    try {
      await this.#ask();
    } catch {
      this.#onState("offline");
      setTimeout(() => this.askOther(), RETRY);
    }
  }

  // What the other window saved is overwritten by what stands here.
  keepMine({ revision, cells }) {
    this.#revision = revision;
    this.#pending = { ...this.#pending, ...cells };
    this.#isHeld = false;
    this.#keep();
    return this.#save();
  }

  // What stands here is given up for what the other window saved.
  takeTheirs({ revision, at }) {
    this.#revision = revision;
    this.#pending = {};
    this.#isHeld = false;
    this.#keep();
    this.#onState("saved", { at });
  }

  #plan(milliseconds) {
    clearTimeout(this.#timer);
    if (this.hasUnsaved && !this.#isHeld) this.#timer = setTimeout(() => this.#save(), milliseconds);
  }

  #request(cells, more = {}) {
    return fetch(this.#url, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.#csrf },
      body: JSON.stringify({ revision: this.#revision, cells }),
      signal: AbortSignal.timeout(LONGEST),
      ...more,
    });
  }

  async #save() {
    if (this.#isSaving || this.#isHeld) return;
    this.#isSaving = true;
    this.#lastAt = Date.now();
    const sent = { ...this.#pending };
    try {
      await this.#hear(await this.#request(sent), sent);
    } catch {
      this.#onState("offline");
      this.#plan(RETRY);
    } finally {
      this.#isSaving = false;
    }
  }

  async #hear(answer, sent) {
    const said = await answer.json().catch(() => ({}));
    if (answer.ok && Number.isInteger(said.revision)) return this.#saved(said, sent);
    if (answer.ok || answer.status === 429 || answer.status >= 500) {
      this.#onState("offline");
      return this.#plan(Math.max(RETRY, 1_000 * (Number(answer.headers.get("Retry-After")) || 0)));
    }
    if (answer.status === 409 && String(said.type).endsWith("saved-elsewhere")) return this.#ask();
    this.#isHeld = answer.status !== 400 && answer.status !== 413; // what is refused can be mended by typing
    const state = { 401: "signed_out", 403: "signed_out", 404: "changed", 409: "changed" }[answer.status] ?? "refused";
    return this.#onState(state, { words: said.detail ?? "" });
  }

  #saved({ revision, saved_at: at }, sent) {
    this.#revision = revision;
    for (const [id, text] of Object.entries(sent)) if (this.#pending[id] === text) delete this.#pending[id];
    this.#keep();
    if (this.hasUnsaved) this.#plan(LEAST_GAP);
    else this.#onState("saved", { at });
  }

  async #ask() {
    const answer = await fetch(this.#url, { signal: AbortSignal.timeout(LONGEST) });
    if (!answer.ok) throw new Error(`The draft could not be read: ${answer.status}`);
    const { revision, cells, saved_at: at } = await answer.json();
    this.#isHeld = true;
    this.#onState("conflict", { revision, cells, at });
  }

  // Another tab says that its learner has signed out. Learners' code could say so as well: the service is asked.
  async #leave() {
    const answer = await fetch(this.#url).catch(() => null);
    if (answer?.status !== 401) return;
    clearTimeout(this.#timer);
    this.#isHeld = true;
    this.#pending = {};
    this.#keep();
    location.reload(); // to signing in
  }

  #keep() {
    const { length } = Object.keys(this.#pending);
    try {
      if (length) sessionStorage.setItem(this.#key, JSON.stringify({ revision: this.#revision, cells: this.#pending }));
      else sessionStorage.removeItem(this.#key);
    } catch {
      // full, or forbidden: what is typed is then kept by this page and the server alone
    }
  }

  #sendLast() {
    if (!this.hasUnsaved || this.#isHeld) return;
    if (JSON.stringify(this.#pending).length < KEEPALIVE_BYTES) {
      this.#request(this.#pending, { keepalive: true }).catch(() => {}); // the tab keeps it besides
    }
  }
}

function readKept(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "null");
    return kept && typeof kept.cells === "object" ? kept : null;
  } catch {
    return null;
  }
}
