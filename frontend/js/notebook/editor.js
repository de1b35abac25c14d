// Where a learner writes: CodeMirror for code, a plain box for text, and for code as well where somebody prefers that.
//
// const editor = codeEditor({ place, label, text, nonce, keys, words, onChange }) has: text, text = ..., focus(), element.
// words() is the text whose names are offered beside Python's own when somebody presses Ctrl and Space.
// Tab leaves the editor, as in every form (WCAG 2.1.2); Ctrl and M makes it indent, and again makes it leave.

import {
  EditorState, EditorView, HighlightStyle, Prec, acceptCompletion, autocompletion, bracketMatching, closeBrackets,
  closeBracketsKeymap, completionKeymap, defaultKeymap, drawSelection, highlightSpecialChars, history,
  historyKeymap, indentOnInput, indentUnit, indentWithTab, keymap, lineNumbers, python, syntaxHighlighting, tags, toggleTabFocusMode,
} from "../../vendor/editor/editor.js";

// The colours of .app-code in the style sheet.
const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null], color: "#54319f", fontWeight: "700" },
  { tag: [tags.string, tags.special(tags.string)], color: "#0f6a47" },
  { tag: tags.comment, color: "#5a5f61", fontStyle: "italic" },
  { tag: tags.number, color: "#a8320a" },
  { tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.className)], color: "#12436d", fontWeight: "700" },
  { tag: [tags.function(tags.variableName), tags.standard(tags.variableName), tags.meta], color: "#1a65a6" },
]);

// Else browsers write the colours of what was replaced into style attributes, which the policy of the page refuses.
const KNOWS_PLAIN = (() => {
  try {
    document.createElement("div").contentEditable = "plaintext-only";
    return true;
  } catch {
    return false;
  }
})();

const namesIn = (words) => (context) => {
  const typed = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u);
  const names = new Set(words().match(/[\p{L}_][\p{L}\p{N}_]+/gu));
  names.delete(typed?.text);
  return { from: typed?.from ?? context.pos, options: [...names].map((label) => ({ label, boost: 1 })), validFor: /^[\p{L}\p{N}_]*$/u };
};

export function codeEditor({ place, label, text, nonce, keys, words, onChange }) {
  const names = namesIn(words); // one function for good: CodeMirror drops what another one has found
  const view = new EditorView({
    parent: place,
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, ...(KNOWS_PLAIN ? { contenteditable: "plaintext-only" } : {}) }),
        lineNumbers(),
        history(),
        drawSelection(),
        highlightSpecialChars(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        indentUnit.of("    "),
        python(),
        syntaxHighlighting(COLOURS),
        autocompletion({ activateOnTyping: false, interactionDelay: 0 }),
        EditorState.languageData.of(() => [{ autocomplete: names }]),
        Prec.highest(keymap.of([...shortcuts(keys), { key: "Tab", run: acceptCompletion }, { key: "Ctrl-m", run: toggleTabFocusMode }, indentWithTab])),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        EditorView.updateListener.of((update) => update.docChanged && onChange()),
      ],
    }),
  });
  view.setTabFocusMode(true); // Tab leaves, until somebody wants it to indent
  return {
    element: view.contentDOM,
    get text() {
      return view.state.doc.toString();
    },
    set text(other) {
      if (other !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: other } });
    },
    focus: () => view.focus(),
    remove: () => view.destroy(),
  };
}

export function plainEditor({ place, label, text, keys, onChange, className }) {
  const box = document.createElement("textarea");
  box.className = `govuk-textarea ${className}`;
  box.setAttribute("aria-label", label);
  box.spellcheck = className !== "app-plain-code";
  const grow = () => {
    box.rows = Math.min(40, Math.max(3, box.value.split("\n").length + 1));
  };
  box.value = text;
  grow();
  box.addEventListener("input", () => {
    grow();
    onChange();
  });
  box.addEventListener("keydown", (event) => {
    const act = event.key === "Enter" && (event.ctrlKey || event.metaKey ? keys.run : event.shiftKey && keys.runAndGoOn);
    if (!act) return;
    event.preventDefault();
    act();
  });
  place.append(box);
  return {
    element: box,
    get text() {
      return box.value;
    },
    set text(other) {
      if (other === box.value) return;
      box.value = other;
      grow();
      onChange();
    },
    focus: () => box.focus(),
    remove: () => box.remove(),
  };
}

function shortcuts({ run, runAndGoOn }) {
  const act = (what) => () => {
    what();
    return true;
  };
  return [
    { key: "Mod-Enter", run: act(run) },
    { key: "Shift-Enter", run: act(runAndGoOn) },
  ];
}
