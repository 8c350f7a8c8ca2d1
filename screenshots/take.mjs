// Takes the pictures of the real program that the README shows, from the built-in tenant with a fixed seed.
//
//   npm ci && npm run take     writes NAME.png for each `shot NAME` in *.txt, and NAME.gif for each `film NAME`
//   npm run check              plays the same without drawing: fails if a screen does not show what a script promises, if a
//                              picture shows something else than the program now, or if one is missing, too large or asked
//                              for by no script. What is compared is the text that each picture carries; pixels are not.
//
// The scripts are written in the language of cmd/scimdrift/e2e_language_test.go, which plays them too. Needs Go and
// Chromium, and to draw also ffmpeg and on Debian the packages fonts-jetbrains-mono and fonts-dejavu-core; CHROMIUM names another
// browser.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { labelled } from "./label.mjs";
import { Script } from "./script.mjs";
import { Browser } from "./terminal.mjs";

const here = import.meta.dirname;
const checking = process.argv.includes("--check");
const mostBytes = { ".png": 250_000, ".gif": 1_500_000 };
// fleeting is what a screen owes to the clock, to chance and to how fast this machine answers.
const fleeting = [
  /\b\d{8}T\d{6}Z-[0-9a-f]{4}/g, // the name of a run
  /\b\d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( \d{4})?\b/g, /\b\d{4}-\d\d-(\d\d|\d?…)/g,
  /\b\d{1,2}:\d\d(:\d\d)?\b/g, /\b[\d.]+ ?(ms|s|min|h|d|days?)\b/g, /\bCode [0-9A-F]{6}\b|\bcode of the plan is [0-9A-F]{6}\b/g,
  /127\.0\.0\.1:\d+/g, /\bread (just now|# ago)/g, /[\d,]+( of [\d,]+)? calls left/g,
];

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "scimdrift-pictures-"));
const browser = await Browser.open(scratch);
try {
  const program = path.join(scratch, "scimdrift");
  execFileSync("go", ["build", "-o", program, "./cmd/scimdrift"], { cwd: path.dirname(here), stdio: "inherit" });
  const taken = new Map();
  for (const file of fs.readdirSync(here).filter((f) => f.endsWith(".txt")).sort()) {
    const script = new Script(path.join(here, file), { program, scratch, out: checking ? undefined : here, browser });
    for (const [name, text] of await script.play()) taken.set(name, text);
  }
  inspect(taken);
} finally {
  await browser.close();
  fs.rmSync(scratch, { recursive: true, force: true });
}

// inspect fails unless this folder holds exactly the pictures that were taken, each with the text that the program
// shows now and none of them too large for a README.
function inspect(taken) {
  const found = fs.readdirSync(here).filter((f) => path.extname(f) in mostBytes);
  const wrong = [
    ...[...taken.keys()].filter((f) => !found.includes(f)).map((f) => `${f} is missing; run npm run take`),
    ...found.filter((f) => !taken.has(f)).map((f) => `${f} is taken by no script; remove it`),
    ...found.filter((f) => fs.statSync(path.join(here, f)).size > mostBytes[path.extname(f)])
      .map((f) => `${f} has ${fs.statSync(path.join(here, f)).size} bytes, more than ${mostBytes[path.extname(f)]}`),
    ...found.filter((f) => taken.has(f)).map((f) => difference(f, labelled(path.join(here, f)), taken.get(f))).filter(Boolean),
  ];
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}

// difference says where a picture shows something else than the program, but for what is different at any other
// moment.
function difference(name, shown, now) {
  if (shown === undefined) return `${name} does not say what it shows; run npm run take`;
  const old = lasting(shown), fresh = lasting(now);
  const at = fresh.findIndex((line, i) => line !== old[i]);
  if (at < 0 && old.length === fresh.length) return undefined;
  return `${name} is not what the program shows now; run npm run take\n  picture: ${old.at(at)}\n  program: ${fresh.at(at)}`;
}

// lasting gives the lines of a screen without what is fleeting, and without the blanks and rules that make up for its
// width.
function lasting(text) {
  const plain = fleeting.reduce((rest, some) => rest.replace(some, "#"), text).replace(/#( #)+/g, "#"); // a moment may say its day
  return plain.split(/[\n\f]/).map((line) => line.replace(/[\s─]+/g, " ").trim());
}
