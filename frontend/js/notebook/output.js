// Draws what a cell shows: text, values, tables, pictures and errors. Everything in it is learners' code's word: HTML is
// cleaned, and nothing of it may look like a part of the page, send a form or load anything.

import { DOMPurify } from "../../vendor/editor/editor.js";
import { element, folded } from "./dom.js";
import { say } from "./words.js";

const COLOURS = /\u001b\[[0-9;]*m/g;
const CLEAN = {
  ALLOWED_TAGS: [
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "details", "div", "dl", "dt", "em", "h3",
    "h4", "h5", "h6", "hr", "i", "kbd", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "summary", "sup", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var",
  ],
  ALLOWED_ATTR: ["colspan", "rowspan", "scope", "title", "lang", "dir"],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

// Browsers report a style or a handler that the policy of this page refuses as soon as HTML is parsed: they go before.
// DOMPurify is what makes the rest safe.
const STYLES = /<style[\s>][^]*?(?:<\/style>|$)/gi;
const TAG = /<[a-z][^<>]*>/gi;
const STYLE = /\s(?:style|on\w+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;
const unstyled = (html) => html.replace(STYLES, "").replace(TAG, (tag) => tag.replace(STYLE, ""));

const MOST_OUTPUTS = 2_000; // of one cell: the kernel counts characters, but learners' code can go round it
const joined = (text) => (Array.isArray(text) ? text.join("") : String(text ?? ""));


export class Outputs {
  #box;
  #name;
  #stream = null; // the <pre> that goes on
  #displays = new Map();
  #count = 0; // since the cell began
  error = null; // { ename, evalue } of the last run

  // `box` is a region of the page; `name` is what its cell is called.
  constructor(box, name) {
    this.#box = box;
    this.#name = name;
  }

  clear() {
    this.#box.replaceChildren();
    this.#box.hidden = true;
    this.#stream = null;
    this.#displays.clear();
    this.#count = 0;
    this.error = null;
  }

  add(output) {
    const draw = DRAW[output.output_type];
    this.#count += 1;
    if (this.#count === MOST_OUTPUTS) this.cut();
    if (draw && this.#count < MOST_OUTPUTS) draw.call(this, output);
  }

  text(output) {
    if (this.#stream?.dataset.name !== output.name) {
      this.#stream = element("pre", `app-out__text${output.name === "stderr" ? " app-out__text--warning" : ""}`);
      this.#stream.dataset.name = output.name;
      this.#stream.tabIndex = 0;
      this.#put(this.#stream);
    }
    this.#stream.append(joined(output.text).replace(COLOURS, ""));
  }

  value(output) {
    const drawn = this.#drawn(output.data ?? {}, output.metadata ?? {});
    const id = output.transient?.display_id;
    const before = id === undefined ? undefined : this.#displays.get(id);
    if (before?.isConnected) before.replaceWith(drawn);
    else if (output.output_type !== "update_display_data") this.#put(drawn);
    if (id !== undefined) this.#displays.set(id, drawn);
    this.#stream = null;
  }

  fault(output) {
    this.error = { ename: String(output.ename), evalue: joined(output.evalue), cell: output.cell };
    const box = element("div", "app-out__error");
    const said = [this.error.ename, this.error.evalue].filter(Boolean).join(": ");
    box.append(element("p", "app-out__what", output.line ? say("at_line", { cell: output.cell, line: output.line, said }) : said));
    const advice = say(`advice_${this.error.ename}`, {}, "");
    if (advice) box.append(element("p", "app-out__advice", advice));
    const trace = joined((output.traceback ?? []).map((line) => `${line}\n`)).replace(COLOURS, "");
    box.append(folded(say("traceback"), [trace]));
    this.#put(box);
    this.#stream = null;
  }

  // What a cell imports could not be downloaded, so it was not run.
  lost(output) {
    this.error = { ename: "", isLost: true, evalue: say("not_downloaded", { names: output.names }) };
    const box = element("div", "app-out__error");
    box.append(element("p", "app-out__what", this.error.evalue));
    this.#put(box);
  }

  cut() {
    this.#put(element("p", "app-out__cut", say("cut")));
  }

  // A sentence of ours below what the cell has shown.
  note(words) {
    this.#put(element("p", "app-out__cut", words));
  }

  #drawn(data, metadata) {
    const picture = ["image/png", "image/jpeg"].find((kind) => data[kind]);
    if (picture) return this.#picture(picture, joined(data[picture]), metadata[picture]?.alt ?? metadata.alt);
    if (data["text/html"]) return this.#html(joined(data["text/html"]));
    const pre = element("pre", "app-out__text", joined(data["text/markdown"] ?? data["text/plain"]).replace(COLOURS, ""));
    pre.tabIndex = 0;
    return pre;
  }

  #picture(kind, base64, alt) {
    const image = element("img", "app-out__picture");
    image.src = `data:${kind};base64,${base64.replace(/\s/g, "")}`;
    image.alt = alt ? say("chart", { about: alt }) : say("chart_of", { cell: this.#name });
    return image;
  }

  #html(html) {
    const box = element("div", "app-out__html");
    box.append(DOMPurify.sanitize(unstyled(html), { ...CLEAN, RETURN_DOM_FRAGMENT: true }));
    for (const empty of box.querySelectorAll("th:empty")) empty.replaceWith(element("td")); // no header says nothing
    box.tabIndex = 0; // a wide table is scrolled
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", say("table_of", { cell: this.#name }));
    return box;
  }

  #put(drawn) {
    this.#box.hidden = false;
    this.#box.append(drawn);
  }
}

const DRAW = {
  stream: Outputs.prototype.text,
  display_data: Outputs.prototype.value,
  update_display_data: Outputs.prototype.value,
  execute_result: Outputs.prototype.value,
  error: Outputs.prototype.fault,
  lost: Outputs.prototype.lost,
  cut: Outputs.prototype.cut,
  clear: Outputs.prototype.clear,
};
