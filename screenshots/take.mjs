// Takes the pictures of the real program that the README shows, from the built-in tenant with a fixed seed.
//
//   npm ci && npm run take     writes NAME.png for each `shot NAME` in *.txt, and NAME.gif for each `film NAME`
//   npm run check              the same into a scratch folder: fails if a screen does not show what a script promises, or
//                              if a picture is missing here, too large or asked for by no script. Pixels are not compared.
//
// The scripts are written in the language of cmd/scimdrift/e2e_language_test.go, which plays them too. Needs Go, Chromium
// and ffmpeg, and on Debian the packages fonts-jetbrains-mono and fonts-dejavu-core; CHROMIUM names another browser.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Script } from "./script.mjs";
import { Browser } from "./terminal.mjs";

const here = import.meta.dirname;
const checking = process.argv.includes("--check");
const mostBytes = { ".png": 250_000, ".gif": 1_500_000 };

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "scimdrift-pictures-"));
const browser = await Browser.open(scratch);
try {
  const program = path.join(scratch, "scimdrift");
  execFileSync("go", ["build", "-o", program, "./cmd/scimdrift"], { cwd: path.dirname(here), stdio: "inherit" });
  const out = checking ? path.join(scratch, "out") : here;
  fs.mkdirSync(out, { recursive: true });
  const taken = [];
  for (const file of fs.readdirSync(here).filter((f) => f.endsWith(".txt")).sort()) {
    taken.push(...await new Script(path.join(here, file), { program, scratch, out, browser }).play());
  }
  inspect(out, taken);
  if (checking) inspect(here, taken);
} finally {
  await browser.close();
  fs.rmSync(scratch, { recursive: true, force: true });
}

// inspect fails unless a folder holds exactly the pictures that were taken, none of them too large for a README.
function inspect(folder, taken) {
  const found = fs.readdirSync(folder).filter((f) => path.extname(f) in mostBytes);
  const wrong = [
    ...taken.filter((f) => !found.includes(f)).map((f) => `${f} is missing; run npm run take`),
    ...found.filter((f) => !taken.includes(f)).map((f) => `${f} is taken by no script; remove it`),
    ...found.filter((f) => fs.statSync(path.join(folder, f)).size > mostBytes[path.extname(f)])
      .map((f) => `${f} has ${fs.statSync(path.join(folder, f)).size} bytes, more than ${mostBytes[path.extname(f)]}`),
  ];
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
}
