// What the page says, in the visitor's language: from the server, by name. {n} stands for the value `n`.

let words = {};

export function setWords(all) {
  words = all;
}

export function say(name, values = {}, otherwise = name) {
  return (words[name] ?? otherwise).replace(/\{(\w+)\}/g, (whole, value) => String(values[value] ?? whole));
}
