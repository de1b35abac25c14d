// The cells of the notebook: what the learner writes, what it shows, whether its check passes here.

import { button, element } from "./dom.js";
import { codeEditor, plainEditor } from "./editor.js";
import { Outputs } from "./output.js";
import { say } from "./words.js";

export class Cell {
  #page; // { python, nonce, wantsPlain, onChange(cell), say }
  #bar;
  #state;
  #again;
  #kept = null; // what stood here before the learner took the original back
  #editor = null;
  #isWaiting = false; // for its end
  #isOutdated = false; // since it was last run, the learner has changed a cell

  // `about`: { id, kind, name, original, text, points }; kind: code, answer, text, locked or check.
  constructor(section, { text, ...about }, page) {
    this.section = section;
    this.#page = page;
    Object.assign(this, about);
    this.shown = section.querySelector(".app-code, .app-cell__text");
    if (this.isOpen) this.#open(text);
    if (this.runs) this.#addBar();
    section.classList.add("app-cell--ready");
  }

  get isOpen() {
    return ["code", "answer", "text"].includes(this.kind);
  }

  get runs() {
    return this.kind !== "text";
  }

  get isCheck() {
    return this.kind === "check";
  }

  get text() {
    return this.#editor ? this.#editor.text : this.original;
  }

  set text(other) {
    this.#kept = this.text;
    this.#editor.text = other;
    this.#sayAgain();
  }

  // Draws the editor anew, as code or as a plain box.
  refresh() {
    if (!this.isOpen) return;
    const { text } = this;
    this.#editor.remove();
    this.#open(text);
  }

  // { ok, isStopped }; what it shows is drawn.
  async run() {
    if (this.#isWaiting) return { ok: false, isStopped: true }; // pressed twice
    this.#isWaiting = true;
    this.#isOutdated = false;
    this.outputs.clear();
    this.#mark("running");
    const result = await this.#page.python.run(this.text, this.name, (output) => this.outputs.add(output));
    this.#isWaiting = false;
    if (result.isFailed) this.outputs.note(say("failed"));
    else if (result.isRestarted) this.outputs.note(say("restarted"));
    else if (result.isStopped) this.outputs.note(say("stopped"));
    this.#mark(result.isStopped || this.outputs.error?.isLost ? "" : result.ok ? "passed" : "failed");
    if (this.#isOutdated) this.outdate();
    return result;
  }

  // Another cell has changed: what this check found says nothing about the answer as it is now.
  outdate() {
    this.#isOutdated = true;
    if (["passed", "failed"].includes(this.section.dataset.state)) this.#mark("stale");
  }

  forget() {
    this.outputs?.clear();
    this.#mark("");
  }

  focus() {
    if (this.#editor) this.#editor.focus();
    else this.#bar.querySelector("button").focus();
  }

  #open(text) {
    this.place ??= element("div", "app-cell__editor");
    this.shown.replaceWith(this.place);
    const keys = {
      run: () => this.runs && this.#page.runCell(this),
      runAndGoOn: () => this.runs && this.#page.runCell(this, { goOn: true }),
    };
    const isPlain = this.kind === "text" || this.#page.wantsPlain();
    const make = isPlain ? plainEditor : codeEditor;
    this.#editor = make({
      place: this.place,
      label: say(this.kind === "text" ? "your_text" : "your_code", { cell: this.name }),
      text,
      nonce: this.#page.nonce,
      words: this.#page.words,
      keys,
      className: this.kind === "text" ? "app-plain-text" : "app-plain-code",
      onChange: () => this.#changed(),
    });
    if (this.kind === "text") this.#addReset(this.section);
  }

  #changed() {
    this.#mark("");
    this.#page.onChange(this);
    this.#sayAgain();
  }

  #addBar() {
    this.#bar = element("div", "app-cell__bar");
    const words = this.isCheck ? "run_check" : "run";
    this.#bar.append(button(say(words), () => this.#page.runCell(this), { about: this.name }));
    if (this.isOpen) this.#addReset(this.#bar);
    this.#state = element("span", "app-cell__state");
    this.#bar.append(this.#state);
    const box = element("div", "app-out");
    box.hidden = true;
    this.outputs = new Outputs(box, this.name);
    this.section.append(this.#bar, box);
  }

  #addReset(place) {
    if (this.#again) return;
    this.#again = button("", () => this.#takeBack(), { kind: "secondary app-button-quiet" });
    place.append(this.#again);
    this.#sayAgain();
  }

  #takeBack() {
    const other = this.text === this.original && this.#kept !== null ? this.#kept : this.original;
    this.text = other;
    this.focus();
  }

  #sayAgain() {
    if (!this.#again) return;
    const isOriginal = this.text === this.original;
    this.#again.hidden = isOriginal && (this.#kept === null || this.#kept === this.original);
    this.#again.textContent = say(isOriginal ? "put_back" : "original");
    this.#again.append(element("span", "govuk-visually-hidden", ` ${this.name}`));
  }

  #mark(state) {
    if (!this.#state) return;
    this.section.dataset.state = state;
    const kind = this.isCheck ? "check" : "cell";
    this.#state.textContent = state ? say(`${kind}_${state}`) : "";
  }
}
