// A real terminal on a page: the program in a pseudo-terminal, drawn by xterm.js in a headless Chromium.
import { createRequire } from "node:module";
import fs from "node:fs";
import path from "node:path";
import pty from "@lydell/node-pty";
import { chromium } from "playwright-core";

const font = { family: "JetBrains Mono", size: 15 };
const fileOf = createRequire(import.meta.url).resolve;

// The 16 colours of a dark and a light terminal: the program uses its user's colours and has none of its own.
const themes = {
  dark: {
    background: "#1a1b26", foreground: "#c0caf5", cursor: "#c0caf5", black: "#15161e", red: "#f7768e", green: "#9ece6a",
    yellow: "#e0af68", blue: "#7aa2f7", magenta: "#bb9af7", cyan: "#7dcfff", white: "#a9b1d6", brightBlack: "#414868",
    brightRed: "#f7768e", brightGreen: "#9ece6a", brightYellow: "#e0af68", brightBlue: "#7aa2f7", brightMagenta: "#bb9af7",
    brightCyan: "#7dcfff", brightWhite: "#c0caf5",
  },
  light: {
    background: "#ffffff", foreground: "#24292e", cursor: "#24292e", black: "#24292e", red: "#d73a49", green: "#22863a",
    yellow: "#b08800", blue: "#0366d6", magenta: "#6f42c1", cyan: "#1b7c83", white: "#6a737d", brightBlack: "#959da5",
    brightRed: "#cb2431", brightGreen: "#28a745", brightYellow: "#dbab09", brightBlue: "#2188ff", brightMagenta: "#8a63d2",
    brightCyan: "#3192aa", brightWhite: "#d1d5da",
  },
};

// Browser is one Chromium for all terminals; starting it takes longer than a picture.
export class Browser {
  static async open(scratch) {
    const b = new Browser();
    b.context = await chromium.launchPersistentContext(path.join(scratch, "browser"), {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, viewport: { width: 2000, height: 1400 },
      deviceScaleFactor: 1.5, // letters stay sharp on dense screens, files stay small
      args: ["--no-sandbox", "--hide-scrollbars", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    return b;
  }

  close() { return this.context.close(); }
}

export class Terminal {
  static async open(browser, program, args, { cols, rows, cwd, env, theme }) {
    const t = new Terminal(), colours = themes[theme];
    if (!colours) throw new Error(`there is no theme ${theme}; there are ${Object.keys(themes).join(" and ")}`);
    t.page = await browser.context.newPage();
    await t.page.setContent(`<style>${fs.readFileSync(fileOf("@xterm/xterm/css/xterm.css"), "utf8")}
      body { margin: 0 } #screen { display: inline-block; padding: 12px; background: ${colours.background} }</style><div id=screen></div>`);
    for (const m of ["@xterm/xterm", "@xterm/addon-unicode11"]) await t.page.addScriptTag({ path: fileOf(m) });
    await t.page.evaluate(async ({ cols, rows, font, theme }) => {
      await Promise.all([400, 700].map((weight) => document.fonts.load(`${weight} ${font.size}px "${font.family}"`)));
      window.term = new window.Terminal({
        cols, rows, theme, fontFamily: `"${font.family}", "DejaVu Sans Mono", monospace`, fontSize: font.size,
        allowProposedApi: true, scrollback: 0,
      });
      window.term.loadAddon(new window.Unicode11Addon.Unicode11Addon());
      window.term.unicode.activeVersion = "11";
      window.term.open(document.getElementById("screen"));
      window.answers = []; // to what a program asks its terminal: colours, modes, the cursor's place
      window.term.onData((d) => window.answers.push(d));
    }, { cols, rows, font, theme: colours });
    t.start(program, args, { cols, rows, cwd, env: { ...env, TERM: "xterm-256color", COLORTERM: "truecolor" } });
    return t;
  }

  start(program, args, options) {
    this.queue = "";
    this.drawn = Promise.resolve();
    this.heard = Date.now();
    this.process = pty.spawn(program, args, { name: "xterm-256color", ...options });
    this.exit = new Promise((resolve) => this.process.onExit(({ exitCode }) => { this.gone = true; resolve(exitCode); }));
    this.process.onData((data) => {
      this.queue += data;
      this.heard = Date.now();
      this.drawn = this.drawn.then(() => this.draw());
    });
  }

  async draw() {
    const data = this.queue;
    this.queue = "";
    if (!data) return;
    const answers = await this.page.evaluate((d) => new Promise((resolve) => {
      window.term.write(d, () => resolve(window.answers.splice(0)));
    }), data);
    for (const a of answers) this.write(a);
  }

  write(data) { if (!this.gone) this.process.write(data); }

  // text is the screen, line by line.
  async text() {
    await this.drawn;
    return this.page.evaluate(() => {
      const b = window.term.buffer.active;
      return Array.from({ length: window.term.rows }, (_, i) => b.getLine(b.viewportY + i)?.translateToString(true) ?? "").join("\n");
    });
  }

  // still waits until the program has said nothing for a while and the browser has painted.
  async still() {
    while (Date.now() - this.heard < 150) await new Promise((r) => setTimeout(r, 20));
    await this.drawn;
    await this.page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))));
  }

  picture(file) { return this.page.locator("#screen").screenshot({ path: file }); }

  ended() { return this.exit; }

  async close() {
    if (!this.gone) this.process.kill("SIGTERM");
    await this.exit;
    await this.drawn;
    await this.page.close();
  }
}
