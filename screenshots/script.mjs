// Plays one script: the language of the end-to-end tests, with the words that take pictures.
//
//   theme light     the terminal's colours, before open; dark without it
//   shot NAME       the screen as it stands, to NAME.png
//   film NAME       from here on a frame after each key
//   cut             the film ends here, and goes to its NAME.gif
//   pause 1500      how long the film shows the last frame, in milliseconds; nothing waits
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { label } from "./label.mjs";
import { Terminal } from "./terminal.mjs";

const patience = 30_000;
const keyHold = 450, letterHold = 140; // milliseconds that a film shows the frame after a key, and after a letter
const keys = {
  Up: "\x1b[A", Down: "\x1b[B", Right: "\x1b[C", Left: "\x1b[D", Home: "\x1b[H", End: "\x1b[F", PgUp: "\x1b[5~", PgDn: "\x1b[6~",
  Enter: "\r", Tab: "\t", "S-Tab": "\x1b[Z", Esc: "\x1b", Space: " ", Backspace: "\x7f",
};

export class Script {
  constructor(file, stage) {
    this.file = file;
    this.stage = stage;
    this.home = fs.mkdtempSync(path.join(stage.scratch, "home-"));
    this.env = { PATH: process.env.PATH, HOME: this.home, XDG_CONFIG_HOME: this.home, XDG_STATE_HOME: this.home, LC_ALL: "C.UTF-8", TZ: "UTC" };
    this.theme = "dark";
    this.taken = new Map();
  }

  // play gives the pictures taken, each name with the text that it shows.
  async play() {
    const lines = fs.readFileSync(this.file, "utf8").split("\n");
    try {
      for (const [i, line] of lines.entries()) {
        const [, word, rest] = line.match(/^\s*([^\s#]\S*)\s*(.*?)\s*$/) ?? [];
        if (!word) continue;
        const step = steps[word];
        if (!step) throw new Error(`${this.file}:${i + 1}: pictures have no word ${word}; see script.mjs`);
        try {
          await step(this, rest);
        } catch (e) {
          throw new Error(`${this.file}:${i + 1}: ${line}\n${e.message}\nThe screen:\n${await this.terminal?.text()}`, { cause: e });
        }
      }
    } finally {
      this.simulation?.kill();
      await this.terminal?.close();
    }
    return this.taken;
  }

  // until waits for what a script looks for. A film's text is the screens on which it was found: what comes between depends on how
  // fast this machine answers.
  async until(holds, otherwise) {
    for (const end = Date.now() + patience; !await holds(); await new Promise((r) => setTimeout(r, 30))) {
      if (Date.now() > end) throw new Error(otherwise);
    }
    if (!this.film) return;
    await this.terminal.still();
    this.film.seen.push(await this.terminal.text());
  }

  // frame adds to the film what the screen shows once it is still.
  async frame(hold) {
    if (!this.film) return;
    await this.terminal.still();
    const file = path.join(this.film.folder, `${String(this.film.frames.length).padStart(4, "0")}.png`);
    if (this.stage.out) await this.terminal.picture(file);
    this.film.frames.push({ file, hold });
  }

  // keep notes the text of a picture, and writes it into the picture where there is one.
  keep(name, text) {
    this.taken.set(name, text);
    if (this.stage.out) label(path.join(this.stage.out, name), text);
  }

  develop() {
    const { name, folder, frames, seen } = this.film;
    this.film = undefined;
    if (this.stage.out) this.animate(name, folder, frames);
    this.keep(`${name}.gif`, seen.join("\f"));
  }

  // animate makes a GIF of the frames; the last one is named twice because the concat demuxer ignores its duration otherwise.
  animate(name, folder, frames) {
    const list = frames.map((f) => `file '${f.file}'\nduration ${f.hold / 1000}\n`).join("") + `file '${frames.at(-1).file}'\n`;
    fs.writeFileSync(path.join(folder, "list.txt"), list);
    execFileSync("ffmpeg", ["-y", "-loglevel", "error", "-f", "concat", "-safe", "0", "-i", path.join(folder, "list.txt"),
      "-vf", "split[a][b];[a]palettegen=max_colors=256:stats_mode=diff[p];[b][p]paletteuse=dither=none:diff_mode=rectangle",
      "-fps_mode", "vfr", path.join(this.stage.out, `${name}.gif`)]);
  }
}

const steps = {
  async env(s, rest) {
    const [, name, value] = rest.match(/^([^=]+)=(.*)$/);
    s.env[name] = value;
  },
  async theme(s, rest) { s.theme = rest; },
  async simulate(s, rest) {
    s.simulation = spawn(s.stage.program, ["simulate", ...words(rest)], { env: s.env, stdio: ["ignore", "pipe", "inherit"] });
    const config = await new Promise((resolve, reject) => {
      s.simulation.stdout.once("data", resolve); // written at once, when both services answer
      s.simulation.once("exit", () => reject(new Error("the simulation ended")));
    });
    fs.writeFileSync(path.join(s.home, "sim.toml"), config, { mode: 0o600 });
  },
  async spoil(s, key) {
    const file = path.join(s.home, "sim.toml"), text = fs.readFileSync(file, "utf8");
    const spoiled = text.replace(new RegExp(`^${key} = .*$`, "m"), `${key} = "spoiled"`);
    if (spoiled === text) throw new Error(`sim.toml has no ${key}`);
    fs.writeFileSync(file, spoiled);
  },
  async open(s, rest) {
    const [size, ...args] = words(rest), [cols, rows] = size.split("x").map(Number);
    s.terminal = await Terminal.open(s.stage.browser, s.stage.program, args, { cols, rows, cwd: s.home, env: s.env, theme: s.theme });
  },
  async press(s, rest) {
    for (const key of words(rest)) {
      const code = keys[key] ?? (/^C-.$/.test(key) ? String.fromCharCode(key.charCodeAt(2) & 31) : key);
      if (code.length > 1 && !keys[key]) throw new Error(`there is no key ${key}; see script.mjs`);
      s.terminal.write(code);
      await s.frame(keyHold);
    }
  },
  async type(s, rest) {
    for (const letter of rest) {
      s.terminal.write(letter);
      await s.frame(letterHold);
    }
  },
  async see(s, text) { await s.until(async () => (await s.terminal.text()).includes(text), "it is not to be seen"); },
  async not(s, rest) { await s.until(async () => !(await s.terminal.text()).includes(rest.replace(/^see /, "")), "it is to be seen"); },
  async line(s, rest) {
    const [, at, text] = rest.match(/^(-?\d+) (.*)$/), n = Number(at);
    await s.until(async () => (await s.terminal.text()).split("\n").at(n > 0 ? n - 1 : n)?.includes(text), "that line shows something else");
  },
  async shot(s, name) {
    await s.terminal.still();
    if (s.stage.out) {
      const raw = path.join(s.home, "shot.png");
      await s.terminal.picture(raw);
      // A terminal has few colours: with a palette of its own a picture looks the same at a third of the size.
      execFileSync("ffmpeg", ["-y", "-loglevel", "error", "-i", raw, "-vf",
        "split[a][b];[a]palettegen=max_colors=256:reserve_transparent=0[p];[b][p]paletteuse=dither=none", "-pred", "none",
        "-compression_level", "100", path.join(s.stage.out, `${name}.png`)]);
    }
    s.keep(`${name}.png`, await s.terminal.text());
  },
  async film(s, name) {
    s.film = { name, folder: fs.mkdtempSync(path.join(s.stage.scratch, "film-")), frames: [], seen: [] };
    await s.frame(keyHold);
  },
  async pause(s, rest) { if (s.film) s.film.frames.at(-1).hold = Number(rest); },
  async cut(s) { s.develop(); },
  async exit(s, code) {
    const got = await s.terminal.ended();
    if (got !== Number(code)) throw new Error(`the program ended with ${got}`);
  },
};

const words = (text) => text.split(/\s+/).filter(Boolean);
