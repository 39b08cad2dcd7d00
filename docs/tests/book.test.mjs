// The book in a real browser, opened from the disk as a reader opens it: `just book-test`.
// Nothing here waits for a fixed time, and no test needs the network.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";

import { chromium } from "playwright-core";

const BOOK = fileURLToPath(new URL("../../target/book/", import.meta.url));
const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const PAGES = readdirSync(BOOK).filter((file) => file.endsWith(".html") && !["404.html", "print.html", "toc.html", "index.html"].includes(file));
const TOPICS = PAGES.map((file) => file.replace(".html", "")).filter((name) => exists(join(BOOK, `files/crates/${name}/timelines.js`)));
const BROWSER = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => {
  browser = await chromium.launch({ executablePath: BROWSER, headless: true, args: FLAGS.split(" ") });
});
after(() => browser?.close());

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Opens a page of the book for a test. Any complaint of the page, and any request to the network, fails the test. */
async function open(file, use, { width = 1200, height = 900, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, ...options });
  try {
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => request.url().startsWith("http") && complaints.push(`asks for ${request.url()}`));
    const [path, hash = ""] = file.split("#");
    await page.goto(`${pathToFileURL(join(BOOK, path)).href}${hash && `#${hash}`}`);
    await use(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

const player = (page, index = 0) => page.locator("timeline-player").nth(index);
const now = (page) => player(page).evaluate((element) => element.now);
const button = (page, name) => player(page).getByRole("button", { name, exact: true });

/** Shows a player's whole story, as after its last moment. */
const atTheEnd = (page, index = 0) => player(page, index).evaluate((element) => { element.unguard(); element.seek(element.end); });
/** A choice of a question, by its words. */
const choice = (question, words) => question.locator(".pf-choice", { hasText: words });

/** Code has the same few colours on every page, so only this page is checked for them. */
const WHOLE = "gather.html";

/** The serious faults that axe finds; `only` limits its rules. */
async function violations(page, exclude, only, within = "main") {
  await page.evaluate(AXE);
  return page.evaluate(async (asked) => {
    const report = await globalThis.axe.run({ include: [[asked.within]], exclude: asked.exclude }, { resultTypes: ["violations"], preload: false, ...(asked.only && { runOnly: asked.only }) });
    return report.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
  }, { exclude, only, within });
}

describe("every page", { concurrency: 2 }, () => {
  for (const file of PAGES) {
    test(`${file} loads without a complaint, holds at 360 px, and axe finds nothing serious, light and dark`, () =>
      open(file, async (page) => {
        const fits = async (width) => {
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert.ok(wide <= width, `${file} is ${wide} px wide at ${width} px`);
        };
        const exclude = file === WHOLE ? [] : [["pre"]];
        await fits(1200);
        const cut = await page.locator("main pre:not(.tl-code) > code").evaluateAll((all) => all.filter((code) => code.scrollWidth > code.clientWidth).map((code) => code.textContent.slice(0, 60)));
        assert.deepEqual(cut, [], "code that is cut at its edge");
        assert.deepEqual(await violations(page, exclude), [], "light");
        await page.emulateMedia({ colorScheme: "dark" });
        await page.reload();
        // In dark mode only the colours differ.
        assert.deepEqual(await violations(page, exclude, ["color-contrast", "link-in-text-block"]), [], "dark");
        await page.setViewportSize({ width: 360, height: 900 });
        await fits(360);
      }));
  }

  test("a reader who prefers dark mode gets it", () =>
    open("introduction.html", async (page) => {
      assert.ok(await page.evaluate(() => document.documentElement.classList.contains("navy")));
    }, { colorScheme: "dark" }));
});

/** In these chapters the story shows something else than what the question asks, or the text before it answers the question. */
const OTHERWISE = ["capacity", "graceful-shutdown", "sync-bridge", "tasks", "testing"];

/** At which place the right answer to a question stood, and how often. @type {Map<number, number>} */
const RIGHTS = new Map();

describe("every chapter", { concurrency: 2 }, () => {
  for (const topic of TOPICS) {
    test(`${topic} has players that play, and pictures without JavaScript`, async () => {
      await open(`${topic}.html`, async (page) => {
        const players = page.locator("timeline-player");
        assert.ok((await players.count()) > 0);
        for (let index = 0; index < (await players.count()); index++) {
          assert.ok((await players.nth(index).locator(".tl-lanes").count()) > 0, "no lanes");
          assert.ok((await players.nth(index).locator(".tl-code .tl-line").count()) > 0, "no source beside them");
        }
        await button(page, "Play").click();
        await page.waitForFunction(() => document.querySelector("timeline-player").now > 1000);
        await button(page, "Pause").click();
        const at = await now(page);
        assert.ok(at > 0);
      });
      await open(`${topic}.html`, async (page) => {
        const picture = page.locator("timeline-player img").first();
        assert.ok(await picture.isHidden(), "the picture stands below a fold, or it would answer the question");
        await page.locator("timeline-player summary").first().click();
        await picture.waitFor({ state: "visible" });
        assert.ok(await picture.evaluate((img) => img.complete && img.naturalWidth > 0), "the picture does not load");
      }, { javaScriptEnabled: false });
    });

    test(`${topic} is right in every detail, wide and narrow`, async (t) => {
      await open(`${topic}.html`, async (page) => {
        const whole = async () => {
          for (let index = 0; index < (await page.locator("timeline-player").count()); index++) await atTheEnd(page, index);
        };

        await t.test("its questions have an answer for each choice, and one that is right and names its proof", async () => {
          const questions = await page.locator("predict-first").evaluateAll((all) => all.map((one) => ({
            choices: one.querySelectorAll(":scope > ol > li").length,
            answers: [...one.querySelectorAll("details ol > li")].map((answer) => ({
              right: answer.textContent.trim().startsWith("Right"),
              proven: answer.querySelector('a[href^="files/"], a[href^="#timeline-"]') !== null,
            })),
          })));
          for (const { choices, answers } of questions) {
            assert.ok(choices >= 2);
            assert.equal(answers.length, choices);
            assert.deepEqual(answers.filter(({ right }) => right).map(({ proven }) => proven), [true]);
          }
        });

        await t.test("they come before their answers: the player is at its beginning, and hides the future", async () => {
          assert.equal(await player(page).evaluate((element) => element.guarded), !OTHERWISE.includes(topic), "a story that shows what is asked is hidden");
          for (const link of await page.locator('predict-first details li a[href^="#timeline-"]').all()) {
            const id = (await link.getAttribute("href")).slice(1).split("&")[0];
            const seen = await page.locator(`#${id}`).evaluate((element) => ({
              now: element.now,
              text: element.querySelector(".tl-left").innerText + element.querySelector(".tl-title").innerText,
              veiled: getComputedStyle(element.querySelector(".tl-veil")).backgroundColor === getComputedStyle(element.querySelector(".tl")).backgroundColor,
            }));
            assert.equal(seen.now, 0, id);
            assert.ok(seen.veiled, `${id}: the lanes show what comes`);
            assert.match(await page.locator(`#${id}`).getByRole("link", { name: "Guess first" }).getAttribute("href"), /^#question-\d$/, id);
            assert.doesNotMatch(seen.text, /finished|failed|cancelled|in total/, id);
          }
        });

        await t.test("at rest it shows a function, and a line of the story from the first event on", async () => {
          const shown = await player(page).evaluate((element) => {
            const [panel] = element.panels;
            const look = () => ({ title: panel.title.textContent, first: panel.lines[0]?.querySelector("i")?.textContent, lines: panel.lines.length, lit: panel.source.querySelectorAll(".tl-lit").length });
            element.unguard();
            element.seek(0);
            const rest = look();
            element.step(1);
            const then = look();
            element.seek(0);
            return { rest, again: look(), then };
          });
          assert.match(shown.rest.title, new RegExp(`^the pattern: ${topic}/src/`));
          assert.ok(shown.rest.lines >= 3 && shown.rest.lines <= 46 && Number(shown.rest.first) > 1 && shown.rest.lit === 0, JSON.stringify(shown));
          assert.deepEqual(shown.again, shown.rest);
          assert.ok(shown.then.title.startsWith(`${topic}/src/`) && shown.then.lit > 0, JSON.stringify(shown));
        });

        await t.test("causes stand before their effects, in the order in which the story printed them", async () => {
          const printed = readFileSync(new URL(`../../crates/${topic}/recorded/story.txt`, import.meta.url), "utf8").split("\n");
          const said = await player(page).evaluate((element) => {
            const { entries, recorded } = element.panels[0];
            const { duration } = globalThis.recorded;
            return entries.filter((entry) => !entry.end).map(({ at, lane, text }) => ({ time: duration(at), text: `  ${(recorded.recording.lanes[lane]?.name ?? "").padEnd(12)} ${text}` }));
          });
          // Looks up each line, a repeated line as often as it is printed. Their places in the text must grow.
          const seen = new Map();
          const places = said.map(({ text }) => {
            const nth = seen.get(text) ?? 0;
            seen.set(text, nth + 1);
            return printed.flatMap((line, place) => (line.endsWith(text) ? [place] : []))[nth] ?? -1;
          }).filter((place) => place >= 0);
          assert.ok(places.length > 2, `${places.length} lines are found`);
          assert.deepEqual(places, [...places].sort((a, b) => a - b));
          // The player and the terminal round alike: from one second on, both show hundredths.
          for (const { time, text } of said.filter((each) => /\d s$/.test(each.time) && each.time !== "0 s")) {
            assert.ok(printed.every((line) => !line.endsWith(text)) || printed.some((line) => line.trim() === `${time}${text}`), `${time}${text}`);
          }
        });

        await t.test("the code stands still while it plays, and no name lies over it, at any moment", async () => {
          for (const width of [360, 1280]) {
            await page.setViewportSize({ width, height: 900 });
            const wrong = await player(page).evaluate((element) => {
              element.unguard();
              const found = [];
              const seen = new Set();
              const place = (line) => {
                const { left, width: wide } = line.querySelector(".tl-line").getBoundingClientRect();
                return `${Math.round(left)} ${Math.round(wide)} ${line.offsetTop} ${line.offsetHeight}`;
              };
              for (const moment of element.moments) {
                element.seek(moment);
                for (const tag of element.querySelectorAll(".tl-who")) {
                  const line = tag.parentElement;
                  const lines = `${line.offsetTop} ${line.textContent}`;
                  if (seen.has(lines)) continue;
                  seen.add(lines);
                  const walk = document.createTreeWalker(line.querySelector(".tl-line"), NodeFilter.SHOW_TEXT);
                  const code = new Range();
                  while (walk.nextNode()) {
                    const from = walk.currentNode.data.search(/\S/);
                    if (from < 0) continue;
                    code.setStart(walk.currentNode, from);
                    code.setEnd(walk.currentNode, from + 1);
                    break;
                  }
                  const [name, first] = [tag, code].map((part) => part.getBoundingClientRect());
                  // A first word that is too long for its place begins below the name.
                  if ((name.right > first.left + 1 && name.bottom > first.top + 1) || name.width < 16) found.push(`${tag.textContent} at ${moment}`);
                  const lit = place(line);
                  const { className } = line;
                  line.className = "";
                  tag.remove();
                  if (place(line) !== lit) found.push(`${tag.textContent} at ${moment}: ${lit} instead of ${place(line)}`);
                  line.className = className;
                }
              }
              return found;
            });
            assert.deepEqual(wrong, [], `at ${width} px`);
          }
        });

        await t.test("the newest lit line is in view, and the first line of the log is not cut", async () => {
          for (const width of [360, 1280]) {
            await page.setViewportSize({ width, height: 900 });
            const wrong = await player(page).evaluate((element) => {
              const within = (part, box) => part.offsetTop >= box.scrollTop - 1 && part.offsetTop + Math.min(part.offsetHeight, 20) <= box.scrollTop + box.clientHeight + 1;
              const found = [];
              for (const moment of element.moments) {
                element.seek(moment);
                const [{ source, log }] = element.panels;
                const fresh = [...source.querySelectorAll(".tl-fresh")];
                if (fresh.length && !fresh.some((line) => within(line, source))) found.push(`no lit line at ${moment}`);
                const cut = [...log.children].filter((line) => line.offsetTop < log.scrollTop - 1 && line.offsetTop + line.offsetHeight > log.scrollTop + 1);
                if (cut.length) found.push(`${cut[0].textContent} is cut at ${moment}`);
                if (log.lastElementChild && !within(log.lastElementChild, log)) found.push(`the newest event is out of sight at ${moment}`);
              }
              return found;
            });
            assert.deepEqual(wrong, [], `at ${width} px`);
          }
        });

        await t.test("what a lane says covers no bar, at any moment", async () => {
          const covered = await player(page).evaluate((element) => {
            element.unguard();
            const found = new Set();
            for (const moment of element.moments) {
              element.seek(moment);
              for (const say of element.querySelectorAll(".tl-say, .tl-dot span")) {
                const { left, right, top, bottom } = say.getBoundingClientRect();
                const bars = [...say.closest(".tl-lanes").querySelectorAll(".tl-run, .tl-part, .tl-held")].map((bar) => bar.getBoundingClientRect());
                if (left < right && say.checkVisibility({ visibilityProperty: true }) && bars.some((bar) => bar.left < right && bar.right > left && bar.top < bottom - 1 && bar.bottom > top + 1)) found.add(say.textContent);
              }
            }
            return [...found];
          });
          assert.deepEqual(covered, []);
        });

        await t.test("a lane that has ended no longer says that it waits", async () => {
          await whole();
          const stale = await player(page).evaluate((element) => element.panels.flatMap((panel) => panel.rows
            .filter(({ lane, say }) => say.textContent && lane.closed !== null && !lane.notes.some((note) => lane.closed - note.at <= element.end / 500))
            .map(({ lane, say }) => `${lane.name}: ${say.textContent}`)));
          assert.deepEqual(stale, []);
        });

        for (const width of [360, 768, 1280]) {
          await page.setViewportSize({ width, height: 900 });
          // Loaded again, with one recording, and on a narrow screen with the sidebar closed.
          await page.reload();
          await whole();
          await t.test(`what a lane says stands at its end, and covers none of its shapes, at ${width} px`, async () => {
            const [said, covered, away] = await page.locator(".tl-say, .tl-dot span").evaluateAll((says) => {
              const shown = says.filter((say) => say.checkVisibility({ visibilityProperty: true }) && say.offsetWidth > 0 && say.textContent);
              const covers = shown.filter((say) => {
                const { left, right, top, bottom } = say.getBoundingClientRect();
                const shapes = [...say.closest(".tl-track").querySelectorAll(":scope > :is(i, b), .tl-mark svg")].map((shape) => shape.getBoundingClientRect());
                return shapes.some((shape) => shape.left < right && shape.right > left && shape.top < bottom - 1 && shape.bottom > top + 1);
              });
              const last = shown.filter((say) => say.matches(".tl-say"));
              const far = last.filter((say) => {
                const [{ left, right }, end] = [say.getBoundingClientRect(), say.parentElement.querySelector(".tl-mark").getBoundingClientRect().left];
                return Math.min(Math.abs(left - end), Math.abs(right - end)) > 14;
              });
              return [last.length, ...[covers, far].map((all) => all.map((say) => say.textContent))];
            });
            // A cancelled lane says nothing at its end.
            const silent = await player(page).evaluate((element) => element.panels[0].rows.every(({ lane }) => lane.outcome === "cancelled"));
            assert.ok(said > 0 || silent);
            assert.deepEqual([covered, away], [[], []]);
          });
          await t.test(`its lanes have their whole names, at ${width} px`, async () => {
            const cut = await page.locator(".tl-name").evaluateAll((all) => all.filter((name) => name.scrollWidth > name.clientWidth || name.scrollHeight > name.clientHeight).map((name) => name.textContent));
            assert.deepEqual(cut, []);
            const high = await page.locator(".tl-knob label").evaluateAll((all) => all.filter((label) => label.offsetHeight > 45).map((label) => label.textContent));
            assert.deepEqual(high, [], "the words of a knob have at most two lines");
          });
          if (width === 360) {
            await t.test("on a phone its code wraps", async () => {
              const cut = await page.locator("main pre:not(.tl-code) > code:not(.language-text)").evaluateAll((all) => all.filter((code) => code.scrollWidth > code.clientWidth + 1).length);
              assert.equal(cut, 0);
            });
          }
          await t.test(`two recordings have their axes below each other, at ${width} px`, async () => {
            for (const words of ["Tokio and asyncio", "right and naive"]) {
              if (!(await button(page, words).count())) continue;
              // Other tests try the reader's own click. It waits for frames, which would be slow here.
              await button(page, words).evaluate((one) => one.click());
              await atTheEnd(page);
              const boxes = await player(page).locator(".tl-axis").evaluateAll((all) => all.map((axis) => axis.getBoundingClientRect()).map(({ x, width: wide }) => [Math.round(x), Math.round(wide)]));
              assert.deepEqual(boxes[0], boxes[1], words);
              const touching = await player(page).locator(".tl-axis").evaluateAll((all) => all.flatMap((axis) => {
                const labels = [...axis.children].map((label) => label.getBoundingClientRect()).filter((box) => box.width);
                return labels.slice(1).filter((box, index) => box.left < labels[index].right + 2).length;
              }));
              assert.deepEqual(touching.filter(Boolean), [], `labels of an axis touch, ${words}`);
            }
          });
        }

        const rights = await page.locator("predict-first").evaluateAll((all) => all.map((one) => [...one.querySelectorAll(".pf-choice")].findIndex((guess) => {
          guess.click();
          return guess.dataset.judged === "right";
        })));
        for (const right of rights) RIGHTS.set(right, (RIGHTS.get(right) ?? 0) + 1);
      }, { width: 1280 });
    });

    test(`${topic} shows each answer beside its question, and scrolls no further`, () =>
      open(`${topic}.html`, async (page) => {
        for (const [width, height] of [[360, 740], [1280, 900]]) {
          await page.setViewportSize({ width, height });
          const wrong = await page.locator("predict-first").evaluateAll((all) => all.flatMap((question) => [...question.querySelectorAll(".pf-choice")].flatMap((guess) => {
            guess.scrollIntoView({ block: "end", behavior: "instant" });
            const stood = guess.getBoundingClientRect().top;
            guess.click();
            const said = question.querySelector(".pf-said").getBoundingClientRect();
            const moved = stood - guess.getBoundingClientRect().top;
            const shows = document.getElementById(question.player);
            shows?.pause();
            shows?.seek(shows.end);
            const covered = [...shows?.querySelectorAll(".tl-flag span") ?? []].flatMap((flag) => {
              const [box, lanes] = [flag, flag.closest(".tl-lanes")].map((part) => part.getBoundingClientRect());
              const texts = [...flag.closest(".tl-lanes").querySelectorAll(".tl-name, .tl-end.tl-past, .tl-axis span, .tl-mark svg, .tl-say, .tl-said span")]
                .filter((text) => text.textContent.trim() || text.matches("svg"));
              return [
                ...texts.filter((text) => { const { left, right, top, bottom } = text.getBoundingClientRect(); return left < right && left < box.right && right > box.left && top < box.bottom && bottom > box.top; })
                  .map((text) => `${flag.textContent} covers ${text.textContent || "an end"}`),
                ...(box.left < lanes.left || box.right > lanes.right ? [`${flag.textContent} is cut`] : []),
              ];
            });
            return [
              ...covered,
              ...(said.top < 0 || said.bottom > innerHeight ? [`${guess.textContent}: the explanation is from ${said.top} to ${said.bottom}`] : []),
              ...(moved < 0 || (moved > 0 && said.bottom < innerHeight - 40) ? [`${guess.textContent}: it moves by ${moved}`] : []),
              ...(shows && !shows.playing && !question.querySelector(".pf-see") ? [`${guess.textContent}: nothing leads to the player`] : []),
            ];
          })));
          assert.deepEqual(wrong, [], `at ${width} px`);
        }
      }, { reducedMotion: "reduce" }));

    test(`${topic} breaks its code between words, in the pattern and in the story, wide and narrow`, () =>
      open(`${topic}.html`, async (page) => {
        for (const width of [360, 1280]) {
          await page.setViewportSize({ width, height: 900 });
          const broken = await player(page).evaluate((element) => ["pattern", "story"].flatMap((view) => {
            element.unguard();
            element.seek(element.end);
            [...element.querySelectorAll(".tl-views button")].find((each) => each.textContent === view).click();
            return [...element.querySelectorAll(".tl-line")].flatMap((line) => {
              const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
              const range = new Range();
              const found = [];
              while (line.offsetHeight > 25 && walk.nextNode()) {
                const { data } = walk.currentNode;
                for (const { index, 0: word } of data.matchAll(/\w{2,20}/g)) {
                  range.setStart(walk.currentNode, index);
                  range.setEnd(walk.currentNode, index + word.length);
                  const { top, bottom } = range.getBoundingClientRect();
                  if (bottom - top > 25) found.push(`${view}: ${word} of ${data}`);
                }
              }
              return found;
            });
          }));
          assert.deepEqual(broken, [], `at ${width} px`);
        }
      }));

    test(`${topic} stays within its weight`, () => {
      const recordings = statSync(join(BOOK, `files/crates/${topic}/timelines.js`)).size;
      const [drawing, asking] = ["player.js", "recorded.js"].map((file) => statSync(join(BOOK, "player", file)).size);
      assert.ok(drawing < 45_000, `the player has ${drawing} bytes`);
      const element = drawing + asking;
      assert.ok(element + recordings < 170_000, `player and recordings have ${element + recordings} bytes`);
    });
  }
});

test("on a phone all groups of a player are in view, no button is alone in its row, a command and its comment have separate lines, and short code is whole", async () => {
  for (const topic of ["timeouts", "streams", "graceful-shutdown", "wait", "sync-vs-async"]) {
    await open(`${topic}.html`, async (page) => {
      await player(page).waitFor();
      const faults = await page.evaluate(() => {
        const words = (element) => element.textContent.trim();
        const cut = [...document.querySelectorAll(".tl-choice button")].filter((group) => group.getBoundingClientRect().right > innerWidth);
        const beside = [...document.querySelectorAll("main .language-sh .hljs-comment")].filter((comment) => {
          const { left } = comment.closest("code").getBoundingClientRect();
          return comment.getClientRects()[0].left > left + 30;
        });
        const short = [...document.querySelectorAll("main :not(pre, .proof) > code")].filter((code) => !code.closest(".tl") && code.textContent.length < 24 && code.getClientRects().length > 1);
        const name = [...document.querySelectorAll(".tl-file")].filter((file) => file.getBoundingClientRect().height > 45);
        const alone = [...document.querySelectorAll(".tl-choice")].flatMap(({ children }) => [...Map.groupBy(children, (group) => Math.round(group.getBoundingClientRect().top)).values()]
          .filter((row) => row.length === 1 && children.length > 1).flat());
        return [cut, alone, beside, short, name].map((elements) => elements.map(words));
      });
      assert.deepEqual(faults, [[], [], [], [], []], topic);
    }, { width: 360 });
  }
});

describe("the player", { concurrency: 2 }, () => {
  test("steps from event to event, by mouse and by keyboard, and the page does not turn", async () => {
    await open("gather.html", async (page) => {
      await button(page, "Play").focus();
      await page.keyboard.press("Home");
      assert.equal(await now(page), 0);
      await button(page, "One event on").click();
      assert.equal(await now(page), 368_000);
      await page.keyboard.press("ArrowRight");
      assert.equal(await now(page), 688_000);
      const lit = player(page).locator(".tl-fresh", { hasText: 'info!("failed")' });
      assert.equal(await lit.count(), 1, "the line where stock failed is lit");
      assert.match(await player(page).locator(".tl-told").textContent(), /688 ms: stock failed/);
      await page.keyboard.press("ArrowLeft");
      assert.equal(await now(page), 368_000);
      await page.keyboard.press("End");
      assert.equal(await now(page), 2_633_000);
      assert.match(page.url(), /gather\.html/);
    });
  });

  test("follows the pointer, and a click on a lane tells its story", async () => {
    await open("gather.html", async (page) => {
      const box = await player(page).locator(".tl-over").boundingBox();
      await page.mouse.move(box.x + box.width * 0.8, box.y + 100);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.25, box.y + 100, { steps: 4 });
      await page.mouse.up();
      const axis = await player(page).evaluate((element) => element.axis);
      assert.ok(Math.abs((await now(page)) - axis / 4) < axis / 50);
      assert.equal(await player(page).locator(".tl-story").textContent(), "", "a drag is not a click");
      await page.mouse.click(box.x + box.width * 0.5, box.y + 5);
      assert.match(await player(page).locator(".tl-story").textContent(), /every_result.*Polled 5 times/);
      await player(page).locator(".tl-name", { hasText: "stock" }).first().click();
      assert.match(await player(page).locator(".tl-story").textContent(), /stock.*688 ms: failed, in main\.rs:\d+/);
      await page.keyboard.press("Escape");
      assert.equal(await player(page).locator(".tl-story").textContent(), "");
    });
  });

  test("says on hover what does not fit beside a bar", async () => {
    await open("cancellation.html", async (page) => {
      await atTheEnd(page);
      const box = await player(page).locator(".tl-over").boundingBox();
      await page.mouse.move(box.x + 50, box.y + 5);
      assert.equal(await player(page).locator(".tl-over").getAttribute("title"), "375 ms: stopping the first\n675 ms: stopping the second\n975 ms: stopping the third\n1.05 s: stopping the others\n1.50 s: 4 stopped, 1 aborted");
    });
  });

  test("keeps a lane's words in view where it said them, and shows all of them on hover", async () => {
    for (const width of [360, 1280]) {
      await open("circuit-breaker.html", async (page) => {
        /** The visible notes of the callers, each marked if it is not at its moment. */
        const seen = (at) => player(page).evaluate((element, share) => {
          element.unguard();
          element.seek(element.end * share);
          return element.panels[0].rows.filter(({ lane }) => ["ann", "bob", "cy", "dee"].includes(lane.name)).map(({ lane, dots, mark }) => {
            const track = mark.parentElement.getBoundingClientRect();
            return dots.flatMap(({ firstChild: words }, index) => {
              const from = track.left + (track.width * lane.notes[index].at) / element.axis;
              return words.checkVisibility({ visibilityProperty: true }) ? [`${words.textContent}${Math.abs(words.getBoundingClientRect().left - from) < 3 ? "" : " astray"}`] : [];
            });
          });
        }, at);
        // On a phone, there is no room for the note of bob.
        const callers = await seen(1);
        assert.ok(callers.filter((said) => said.includes("refused")).length >= (width < 500 ? 3 : 4), JSON.stringify(callers));
        assert.ok(callers.flat().every((words) => !words.endsWith(" astray")), JSON.stringify(callers));
        // The last words are at the current time, and later words are not shown.
        for (const said of await seen(0.4)) assert.ok(said.every((words) => words === "answered"), JSON.stringify(said));
        await atTheEnd(page);
        const titles = await player(page).evaluate((element) => element.panels[0].rows.map(({ lane, say }) => (say.title ? say.title.split("\n").length : 0) === lane.notes.length));
        assert.ok(titles.every(Boolean));
      }, { width });
    }
  });

  test("has a bar for the time that takes the keyboard", async () => {
    await open("gather.html", async (page) => {
      const bar = player(page).getByRole("slider", { name: "Time" });
      await bar.focus();
      await page.keyboard.press("Home");
      assert.equal(await now(page), 0);
      await page.keyboard.press("PageUp");
      assert.ok((await now(page)) > 0);
      assert.match(await bar.getAttribute("aria-valuetext"), / of 2\.63 s$/);
    });
  });

  test("keeps a second recording in step", async () => {
    await open("gather.html", async (page) => {
      await button(page, "Tokio and asyncio").click();
      assert.equal(await player(page).locator(".tl-panel").count(), 2);
      await button(page, "Play").focus();
      await page.keyboard.press("Home");
      for (let step = 0; step < 6; step++) {
        await page.keyboard.press("ArrowRight");
        const lefts = await player(page).locator(".tl-veil").evaluateAll((veils) => veils.map((veil) => veil.style.left));
        assert.equal(lefts.length, 2);
        assert.equal(lefts[0], lefts[1]);
      }
      assert.match(await player(page).locator(".tl-panel").nth(1).locator(".tl-file").textContent(), /twin\.py/);
      await page.keyboard.press("End");
      assert.match(await player(page).locator(".tl-panel").nth(1).textContent(), /2 cancelled/);
    });
  });

  test("switches among the recordings of a knob, so that their lengths can be compared", async () => {
    await open("gather.html", async (page) => {
      const knob = player(page).getByRole("slider", { name: /--requests/ });
      const lanes = () => player(page).locator(".tl-name").count();
      const four = await lanes();
      await knob.focus();
      await page.keyboard.press("End");
      assert.equal(await lanes(), four + 16, "twelve services asked twice, instead of four");
      await page.keyboard.press("Home");
      assert.equal(await lanes(), four - 4);
      assert.equal(await knob.getAttribute("aria-valuetext"), "2");
    });
    await open("semaphore.html", async (page) => {
      const [three, longer, shorter] = await player(page).evaluate((element) => [3, 1, 8].map((limit) => {
        element.turn(0, limit);
        return { axis: element.axis, end: element.end };
      }));
      assert.ok(longer.end > three.end && shorter.end < three.end);
      assert.equal(longer.axis, longer.end, "what takes longer has room");
      assert.equal(shorter.axis, three.axis, "what is quicker is shorter to the eye");
    });
  });

  test("goes from moment to moment if the reader prefers reduced motion", async () => {
    await open("gather.html", async (page) => {
      await player(page).evaluate((element) => {
        element.seen = new Set();
        const seek = element.seek.bind(element);
        element.seek = (at) => { element.seen.add(at); seek(at); };
      });
      await button(page, "Play").click();
      await page.waitForFunction(() => document.querySelector("timeline-player").seen.size >= 3);
      const { seen, moments } = await player(page).evaluate((element) => ({ seen: [...element.seen], moments: element.moments }));
      assert.deepEqual(seen.filter((at) => !moments.includes(at)), []);
    }, { reducedMotion: "reduce" });
  });

  test("shows where the focus is", async () => {
    await open("gather.html", async (page) => {
      await player(page).getByRole("slider", { name: "Time" }).focus();
      for (let stop = 0; stop < 12; stop++) {
        await page.keyboard.press("Tab");
        const style = await page.evaluate(() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
          return { outlineStyle, outlineWidth, what: document.activeElement.outerHTML.slice(0, 80) };
        });
        assert.ok(style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1, `no outline: ${style.what}`);
      }
    });
  });
});

describe("the player says plainly", { concurrency: 2 }, () => {
  test("what is switched on, also for the naive version as a ghost", () =>
    open("gather.html", async (page) => {
      const ghost = button(page, "show the naive version behind");
      const look = () => ghost.evaluate((element) => getComputedStyle(element).backgroundColor);
      const off = await look();
      await ghost.click();
      assert.equal(await ghost.getAttribute("aria-pressed"), "true");
      assert.notEqual(await look(), off);
      assert.equal(await look(), await button(page, "Tokio").evaluate((element) => getComputedStyle(element).backgroundColor));
    }));

  test("which stories a group has, shows only the numbers that play a part in it, and says which knob plays none", async () => {
    await open("semaphore.html", async (page) => {
      const knob = player(page).locator(".tl-knob");
      const levels = () => player(page).locator("span.tl-name").allTextContents();
      const said = () => knob.locator("label span").evaluate((words) => getComputedStyle(words, "::after").content);
      assert.equal(await said(), "none");
      await button(page, "per_host").click();
      assert.equal(await knob.isVisible(), true, "it keeps its place");
      assert.equal(await knob.getAttribute("inert"), "", "--limit is about the other story");
      assert.match(await said(), /changes nothing in this story/);
      assert.deepEqual((await levels()).filter((name) => name === "pages open"), []);
      await button(page, "limited").click();
      assert.equal(await knob.getAttribute("inert"), null);
      assert.deepEqual(await levels(), ["pages open"]);
    });
    await open("cancellation.html", async (page) => {
      const names = await player(page).getByRole("group", { name: "Stories" }).locator("button").allTextContents();
      assert.ok(names.includes("save, customer"), names.join(" | "));
    });
  });

  test("how many values a knob has: a tick for each", () =>
    open("semaphore.html", async (page) => {
      const ticks = await player(page).locator(".tl-knob input").evaluate((slider) => {
        const tile = parseFloat(getComputedStyle(slider).backgroundSize.match(/[\d.]+(?=px\) \/ \d)|[\d.]+/)?.[0] ?? "0");
        return { image: getComputedStyle(slider).backgroundImage, steps: getComputedStyle(slider).getPropertyValue("--steps"), max: slider.max, tile };
      });
      assert.match(ticks.image, /gradient/);
      assert.equal(ticks.steps, ticks.max);
    }));

  test("two knobs below each other, and what a knob does in one line", () =>
    open("wait.html", async (page) => {
      const knobs = await player(page).locator(".tl-knob").evaluateAll((all) => all.map((knob) => [knob.getBoundingClientRect().left, knob.querySelector("label").offsetHeight]));
      assert.equal(knobs.length, 2);
      assert.ok(knobs.every(([left, height]) => left === knobs[0][0] && height < 30), JSON.stringify(knobs));
    }, { width: 1280 }));

  test("a long number in full, on hover", () =>
    open("executor-offload.html", async (page) => {
      const row = await player(page).evaluate((element) => {
        element.unguard();
        const [panel] = element.panels;
        const at = panel.rows.findIndex(({ lane }) => lane.notes.some(({ text }) => /\d{9,}/.test(text)));
        const [note] = panel.rows[at].lane.notes.filter(({ text }) => /\d{9,}/.test(text));
        element.seek(element.end);
        element.querySelector(".tl-lanes").scrollIntoView({ behavior: "instant", block: "center" });
        return { at, of: panel.count, text: note.text, short: panel.rows[at].say.textContent };
      });
      assert.match(row.short, /…/);
      const box = await player(page).locator(".tl-over").first().boundingBox();
      await page.mouse.move(box.x + 40, box.y + (box.height * (row.at + 0.5)) / row.of);
      assert.ok((await player(page).locator(".tl-over").first().getAttribute("title")).endsWith(`: ${row.text}`));
    }));

  test("where a long line of its source goes on: below its beginning, and an empty pair of parentheses stays whole", () =>
    open("semaphore.html", async (page) => {
      const found = await player(page).evaluate((element) => {
        element.unguard();
        const [torn, left, long] = [[], [], []];
        for (const view of ["pattern", "story"]) {
          [...element.querySelectorAll(".tl-views button")].find((each) => each.textContent === view).click();
          for (const line of element.querySelectorAll(".tl-line")) {
            const range = new Range();
            const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            const first = [];
            while (walk.nextNode()) {
              for (let at = 0; at < walk.currentNode.data.length; at++) {
                if (!/\S/.test(walk.currentNode.data[at])) continue;
                range.setStart(walk.currentNode, at);
                range.setEnd(walk.currentNode, at + 1);
                const { left: x, top } = range.getBoundingClientRect();
                first.push({ x, top, letter: walk.currentNode.data[at] });
              }
            }
            const [begin] = first;
            const next = first.filter(({ top }, at) => at && top > first[at - 1].top + 5);
            if (next.length) long.push(line.textContent);
            if (next.some(({ x }) => x <= begin.x + 5)) left.push(line.textContent);
            if (next.some((part) => part.letter === ">" && first[first.indexOf(part) - 1].letter === "-")) torn.push(line.textContent);
            if (next.some((part) => part.letter === ")" && first[first.indexOf(part) - 1].letter === "(")) torn.push(line.textContent);
          }
        }
        return { torn, left, long: long.length };
      });
      assert.ok(found.long > 0);
      assert.deepEqual(found.left, []);
      assert.deepEqual(found.torn, []);
    }, { width: 1280 }));
});

describe("with everything opened", { concurrency: 2 }, () => {
  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds nothing serious, ${colorScheme}`, () =>
      open("gather.html", async (page) => {
        await choice(page.locator("predict-first").first(), "3.5 seconds").click();
        await choice(page.locator("predict-first").nth(1), "They are cancelled").click();
        await player(page).evaluate((element) => element.pause());
        await button(page, "right and naive").click();
        await player(page).locator(".tl-name").nth(1).click();
        await atTheEnd(page);
        // Each hue has to hold on the ground of a chosen lane.
        await player(page).evaluate((element) => {
          for (const name of element.querySelectorAll("button.tl-name")) name.setAttribute("aria-pressed", "true");
        });
        await player(page, 1).evaluate((element) => { element.unguard(); element.seek(element.end / 2); });
        await page.evaluate(() => {
          for (const details of document.querySelectorAll("details:not([hidden])")) details.open = true;
        });
        // Inside the player, the player would take the key.
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press("s");
        await page.keyboard.type("cancel");
        await page.locator("#mdbook-searchresults a").first().waitFor();
        // The button that opens the sidebar belongs to mdBook.
        assert.deepEqual(await violations(page, [["#mdbook-sidebar-toggle"]], undefined, "body"), []);
      }, { colorScheme, width: 1280 }));
  }
});

describe("the player, in a reader's hands", { concurrency: 2 }, () => {
  test("takes the keys after a click or a drag in its lanes, so that the page does not turn", async () => {
    await open("gather.html", async (page) => {
      const box = await player(page).locator(".tl-over").boundingBox();
      await page.mouse.click(box.x + box.width / 2, box.y + 40);
      await page.keyboard.press("ArrowRight");
      await page.mouse.move(box.x + 20, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + 90, box.y + 40, { steps: 3 });
      await page.mouse.up();
      await page.keyboard.press("ArrowLeft");
      assert.match(page.url(), /gather\.html/);
    });
  });

  test("a moment has an address, which leads there when it is opened", async () => {
    await open("gather.html#timeline-story&t=1.4&requests=8", async (page) => {
      await page.waitForFunction(() => document.querySelector("timeline-player").now === 1_400_000);
      assert.deepEqual(await player(page).evaluate((element) => element.turned), [8]);
      const { top } = await player(page).evaluate((element) => element.getBoundingClientRect());
      assert.ok(top >= 0 && top < 450, `the player begins at ${top} px`);
      await button(page, "Copy a link to this moment").click();
      assert.match(page.url(), /#timeline-story&t=1\.4&show=story&requests=8$/);
    });
  });

  test("draws where the time is in one line, over what the lanes say", () =>
    open("gather.html", async (page) => {
      const covered = await player(page).evaluate((element) => {
        element.unguard();
        element.seek(1_813_000);
        const head = element.querySelector(".tl-head");
        const { left, width } = head.getBoundingClientRect();
        const crossed = [...element.querySelectorAll(".tl-say")].map((say) => ({ say, box: say.getBoundingClientRect() })).filter(({ box }) => box.left < left && box.right > left + width);
        for (const part of [head, ...crossed.map(({ say }) => say)]) part.style.pointerEvents = "auto";
        head.scrollIntoView({ block: "center" });
        return { crossed: crossed.length, below: crossed.filter(({ say }) => { const { top, height } = say.getBoundingClientRect(); return document.elementFromPoint(left + 1, top + height / 2) === say; }).length };
      });
      assert.ok(covered.crossed > 0);
      assert.equal(covered.below, 0);
    }));

  test("has its lanes at one stop of the Tab key, and goes from one to the next with the arrows", () =>
    open("gather.html", async (page) => {
      await atTheEnd(page);
      const names = player(page).locator("button.tl-name");
      assert.equal(await player(page).locator('button.tl-name[tabindex="0"]').count(), 1);
      await names.first().focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowUp");
      assert.equal(await names.nth(1).evaluate((name) => name === document.activeElement && name.tabIndex === 0), true);
      await page.keyboard.press("Enter");
      assert.match(await player(page).locator(".tl-story").textContent(), /^users/);
      assert.equal(await player(page).locator('button.tl-name[tabindex="0"]').count(), 1);
    }));

  test("shows the pattern or the story, and stays with what the reader chose", () =>
    open("retry.html", async (page) => {
      const [title, code] = [player(page).locator(".tl-file").first(), (view) => player(page).locator(".tl-panel").first().getByRole("button", { name: view, exact: true })];
      await player(page).evaluate((element) => { element.unguard(); element.seek(element.end); });
      assert.match(await title.textContent(), /^retry\/src\/main\.rs/);
      assert.equal(await code("story").getAttribute("aria-pressed"), "true");
      await code("pattern").press("Enter");
      assert.match(await title.textContent(), /^the pattern: retry\/src\/lib\.rs/);
      assert.equal(await code("pattern").getAttribute("aria-pressed"), "true");
      await player(page).evaluate((element) => element.step(-1));
      await button(page, "right and naive").click();
      assert.deepEqual(await player(page).locator(".tl-file").allTextContents(), ["the pattern: retry/src/lib.rs", "the pattern: retry/src/naive.rs"]);
      await code("story").click();
      await player(page).evaluate((element) => element.seek(0));
      assert.match(await title.textContent(), /^retry\/src\/main\.rs/);
      assert.ok(await player(page).locator(".tl-panel").first().locator(".tl-lit").count(), "where it begins");
    }));

  test("has buttons for its code that the pages about the player explain", async () => {
    const words = [];
    await open("gather.html", async (page) => void words.push(...await player(page).locator(".tl-views button").allTextContents()));
    assert.deepEqual(words, ["pattern", "story"]);
    for (const file of ["introduction.html", "how-to-use.html"]) {
      await open(file, async (page) => {
        const names = await page.locator("main p > code").allTextContents();
        assert.deepEqual(words.filter((word) => !names.includes(word)), [], file);
      });
    }
  });

  test("has one name for each lane, and keys that scroll the source", () =>
    open("gather.html", async (page) => {
      await atTheEnd(page);
      const names = await player(page).locator("button.tl-name").evaluateAll((all) => all.map((name) => name.getAttribute("aria-label")));
      assert.equal(new Set(names).size, names.length, names.join("; "));
      const at = await now(page);
      const source = player(page).locator(".tl-code");
      await source.evaluate((element) => element.scrollTo(0, 0));
      await source.focus();
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction(() => document.querySelector(".tl-code").scrollTop > 0);
      assert.equal(await now(page), at);
    }));

  test("draws a lane that blocks its thread as a broad bar", () =>
    open("sync-vs-async.html", async (page) => {
      await atTheEnd(page);
      const broad = await player(page).evaluate((element) => element.panels[0].rows.filter(({ lane }) => lane.kind === "blocking" || lane.polls.some(([from, until, count]) => count === 1 && until - from > element.axis / 50))
        .map(({ mark }) => mark.parentElement.querySelectorAll(".tl-run, .tl-part").length));
      assert.ok(broad.length >= 2);
      assert.deepEqual(broad.filter((bars) => bars === 0), []);
    }));

  test("draws an arrow from the waker to the woken lane, and says it in words", () =>
    open("producer-consumer.html", async (page) => {
      const arrows = () => player(page).locator(".tl-wakes i").evaluateAll((all) => all.map((arrow) => arrow.className));
      const told = () => player(page).locator(".tl-told").textContent();
      await player(page).evaluate((element) => { element.unguard(); element.seek(120_000); });
      assert.deepEqual(await arrows(), ["tl-down", "tl-down"]);
      assert.match(await told(), /producer 1 wakes consumer 1; consumer 1 wakes consumer 2/);
      const rows = await player(page).evaluate((element) => {
        const middle = (name) => { const { top, height } = [...element.querySelectorAll(".tl-name")].find((each) => each.textContent === name).getBoundingClientRect(); return top + height / 2; };
        const { top, bottom } = element.querySelector(".tl-wakes i").getBoundingClientRect();
        return [Math.abs(top - middle("producer 1")), Math.abs(bottom - middle("consumer 1"))];
      });
      for (const off of rows) assert.ok(off < 4, `an arrow ends ${off} px beside its row`);
      await player(page).evaluate((element) => element.guard());
      assert.equal(await player(page).locator(".tl-wakes").isHidden(), true, "an arrow would answer the question");
    }));

  test("plays by itself on the cover, and remarks on events when they happen", () =>
    open("introduction.html", async (page) => {
      const said = (index) => player(page, index).locator(".tl-callouts li:visible").allTextContents();
      await player(page).scrollIntoViewIfNeeded();
      await page.waitForFunction(() => document.querySelector("timeline-player").now > 0);
      await player(page).evaluate((element) => { element.pause(); element.seek(0); });
      assert.deepEqual(await said(0), []);
      await atTheEnd(page);
      assert.deepEqual(await said(0), ["users waits here, and uses no thread", "users is cancelled here"]);
      await player(page, 1).evaluate((element) => { element.pause(); element.seek(element.end); });
      assert.deepEqual(await said(1), ["users keeps the thread, so orders cannot go on"]);
      assert.equal(await player(page).locator(".tl-badge:visible").count(), 2);
    }));

  test("shows a number over time, under the line of its limit", () =>
    open("semaphore.html", async (page) => {
      const numbers = () => player(page).locator(".tl-number").allTextContents();
      await player(page).evaluate((element) => { element.unguard(); element.seek(700_000); });
      assert.deepEqual(await numbers(), ["3 of 3", "0", "0"]);
      assert.equal(await player(page).locator(".tl-level .tl-limit").count(), 3);
      await atTheEnd(page);
      assert.deepEqual(await numbers(), ["0 of 3", "0 of 2", "0 of 2"]);
    }));

  test("says which lanes are polled, in order, and which lane waits for which, but only after the guess", () =>
    open("producer-consumer.html", async (page) => {
      const strip = player(page).locator(".tl-strip");
      assert.equal(await strip.isVisible(), false, "it would answer the question");
      await player(page).evaluate((element) => { element.unguard(); element.seek(120_000); });
      assert.match(await strip.textContent(), /^polled producer 1 → consumer 1 → A1 → consumer 2.*waits .*producer 2 for consumer 1/);
    }));

  test("says first which lane was polled first, also if it was polled again at this moment", () =>
    open("tasks.html", async (page) => {
      await player(page).evaluate((element) => { element.unguard(); element.seek(0); });
      assert.match(await player(page).locator(".tl-strip").textContent(), /^polled greeting → world → report/);
    }));

  test("names the group of a lane if another group has a lane with its name", () =>
    open("gather.html", async (page) => {
      await player(page).evaluate((element) => { element.unguard(); element.seek(1_445_000); });
      assert.match(await player(page).locator(".tl-strip").textContent(), /polled every_result → every_result: users → all_or_nothing → all_or_nothing: users/);
    }));

  test("says which lane is ready and not polled", () =>
    open("sync-vs-async.html", async (page) => {
      const [held] = await player(page).evaluate((element) => {
        element.unguard();
        element.querySelector('[data-names="story,naive"]').click();
        const { held: [[who, , from]], recording } = element.panels[1].recorded;
        element.seek(from + 1000);
        return [recording.lanes[who].name];
      });
      assert.match(await player(page).locator(".tl-strip").nth(1).textContent(), new RegExp(`ready, not polled.*${held}`));
    }));

  test("puts the naive version behind the right one, and marks what differs", () =>
    open("semaphore.html", async (page) => {
      assert.equal(await player(page).locator(".tl-ghost").count(), 0);
      await button(page, "show the naive version behind").click();
      await atTheEnd(page);
      const row = (name) => player(page).locator(".tl-track", { has: page.locator(".tl-ghost") }).filter({ hasText: name });
      assert.equal(await row("naive: failed at 205 ms").count(), 1);
      const [same, differs] = await player(page).evaluate((element) => ["page 1", "page 4"].map((name) => {
        const { mark } = element.panels[0].rows.find(({ lane }) => lane.name === name);
        return mark.parentElement.querySelector(".tl-ghost").className;
      }));
      assert.deepEqual([same, differs], ["tl-ghost", "tl-ghost tl-differs"]);
      assert.equal(await player(page).locator(".tl-shadow").count(), 3, "also its levels");
      await button(page, "show the naive version behind").click();
      assert.equal(await player(page).locator(".tl-ghost").count(), 0);
    }));

  test("has the whole names of the lanes of one story, too", async () => {
    for (const topic of ["as-completed", "task-group", "wait"]) {
      await open(`${topic}.html`, async (page) => {
        const stories = page.locator("timeline-player").first().locator(".tl-choice").last().getByRole("button");
        for (let index = 1; index < (await stories.count()); index++) {
          await stories.nth(index).click();
          const cut = await player(page).locator(".tl-name").evaluateAll((all) => all.filter((name) => name.scrollWidth > name.clientWidth).map((name) => name.textContent));
          assert.deepEqual(cut, [], topic);
        }
      }, { width: 1280 });
    }
  });

  test("shows one of several stories by itself, from its own beginning", () =>
    open("as-completed.html", async (page) => {
      await player(page).evaluate((element) => element.unguard());
      await button(page, "quorum").click();
      assert.deepEqual(await player(page).locator(".tl-lanes .tl-name").allTextContents(), ["quorum", "alpha", "beta", "gamma"]);
      assert.equal(await player(page).evaluate((element) => element.panels[0].recorded.recording.lanes[0].opened), 0);
      await player(page).evaluate((element) => { element.guess = "0.3 s"; });
      await button(page, "quorum").click();
      assert.equal(await player(page).locator(".tl-guess").count(), 0, "a guess is about the whole picture");
      await button(page, "Copy a link to this moment").click();
      assert.match(page.url(), /&show=story&scene=2$/);
      await button(page, "Tokio and asyncio").click();
      assert.deepEqual(await player(page).locator(".tl-panel").nth(1).locator(".tl-name").first().textContent(), "quorum");
      await button(page, "all").click();
      assert.ok((await player(page).locator(".tl-panel").first().locator(".tl-name").count()) > 10);
      assert.equal(await player(page).getByRole("group", { name: "Stories" }).locator("button").count(), 4);
    }).then(() => open("capacity.html", async (page) => {
      assert.equal(await player(page).getByRole("group", { name: "Stories" }).locator("button").count(), 0, "six lanes are taken in at once");
    })));

  test("shortens a long number in the lanes, so that the words after it are not cut, and shows it in full in the list", async () => {
    for (const width of [360, 1280]) {
      await open("executor-offload.html", async (page) => {
        await atTheEnd(page);
        await player(page).evaluate((element) => element.seek(element.moments.find((moment) => moment >= element.panels[0].entries.find((entry) => entry.text.includes("heart stood still")).at)));
        const said = player(page).locator(".tl-say", { hasText: "stood still" }).first();
        assert.ok(await said.evaluate((say) => say.scrollWidth <= say.clientWidth && say.getBoundingClientRect().right <= innerWidth), `cut at ${width} px`);
        assert.match(await player(page).locator(".tl-log").first().textContent(), /\d{18,}, and the heart stood still/);
      }, { width });
    }
  });

  test("gives no lane the colour of an outcome, in light and in dark", () =>
    open("gather.html", async (page) => {
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.reload();
        const colours = (names) => page.evaluate((all) => all.map((name) => getComputedStyle(document.documentElement).getPropertyValue(`--tl-${name}`)), names);
        const ends = await colours(["finished", "failed", "panicked", "cancelled", "never-started", "still-open", "trouble"]);
        const lanes = await colours([0, 1, 2, 3, 4, 5].map((number) => `lane-${number}`));
        assert.ok([...ends, ...lanes].every((colour) => /^#\w{6}$/.test(colour)), [...ends, ...lanes].join());
        assert.deepEqual(lanes.filter((colour) => ends.includes(colour)), [], colorScheme);
      }
    }));

  test("lets no two lanes' words run together, cover a bar, or run into the axis, where two recordings are compared", async () => {
    for (const [file, names] of [["capacity", "story,naive"], ["as-completed", "story,twin"], ["batching", "story,naive"], ["cancellation", "story,naive"], ["circuit-breaker", "story,naive"], ["event-loop", "story,naive"], ["executor-offload", "story,naive"], ["task-locals", "story,naive"]]) {
      await open(`${file}.html`, async (page) => {
        const together = await player(page).evaluate((element, shown) => {
          element.unguard();
          element.querySelector(`[data-names="${shown}"]`).click();
          const found = new Set();
          for (const moment of element.moments) {
            element.seek(moment);
            for (const lanes of element.querySelectorAll(".tl-lanes")) {
              // Words of two lines may touch by a pixel, but not more.
              const words = [...lanes.querySelectorAll(".tl-say, .tl-dot span, .tl-axis span")].filter((one) => one.textContent && one.checkVisibility({ visibilityProperty: true }))
                .map((one) => [one, one.getBoundingClientRect()]);
              const bars = [...lanes.querySelectorAll(".tl-run, .tl-part, .tl-held")].map((bar) => bar.getBoundingClientRect());
              for (const [one, a] of words) {
                if (bars.some((bar) => bar.left < a.right && bar.right > a.left && bar.top < a.bottom - 1 && bar.bottom > a.top + 1)) found.add(`${one.textContent} covers a bar`);
                for (const [other, b] of words) {
                  if (one !== other && a.top <= b.top && a.left < b.right && b.left < a.right && a.bottom - 1 > b.top) found.add(`${one.textContent} / ${other.textContent}`);
                }
              }
            }
          }
          return [...found];
        }, names);
        assert.deepEqual(together, [], file);
      }, { width: 1280 });
    }
  });

  test("covers on a phone neither the next circle nor the end of a lane that goes on", () =>
    open("tasks.html", async (page) => {
      for (const names of ["story,naive", "story,twin"]) {
        const covered = await player(page).evaluate((element, shown) => {
          element.unguard();
          element.querySelector(`[data-names="${shown}"]`).click();
          element.seek(770_000);
          return [...element.querySelectorAll(".tl-say")].filter((say) => say.textContent).flatMap((say) => {
            const { left, right, top, bottom } = say.getBoundingClientRect();
            return [...say.parentElement.querySelectorAll(":scope > .tl-dot, .tl-mark svg")].map((shape) => shape.getBoundingClientRect())
              .filter((shape) => shape.left < right && shape.right > left && shape.top < bottom - 1 && shape.bottom > top + 1).map(() => say.textContent);
          });
        }, names);
        assert.deepEqual(covered, [], names);
      }
    }, { width: 360 }));

  test("writes what a lane says where the lane has come to, not where it will end", async () => {
    await open("wait.html#timeline-story&t=0.4", async (page) => {
      await page.waitForFunction(() => document.querySelector("timeline-player").now === 400_000);
      const ahead = await player(page).evaluate((element) => element.panels.flatMap((panel) => panel.rows
        .filter(({ say, end }) => say.textContent && end > element.now)
        .filter(({ say }) => Math.abs(say.getBoundingClientRect()[say.matches(".tl-above") ? "right" : "left"] - panel.veil.getBoundingClientRect().left) > 30)
        .map(({ lane }) => lane.name)));
      assert.deepEqual(ahead, []);
    });
  });

  test("says in each row how the lane ended, for screen readers", async () => {
    await open("gather.html", async (page) => {
      await atTheEnd(page);
      assert.ok(await player(page).getByRole("button", { name: "users, finished 1.45 s" }).count());
      await button(page, "Tokio and asyncio").click();
      assert.equal(await player(page).locator(".tl").getAttribute("aria-label"), "Player: Tokio and asyncio");
    });
  });
});

describe("on a desk", { concurrency: 2 }, () => {
  test("no name in a table breaks in the middle of a word, and no line of code is cut", async () => {
    for (const file of PAGES) {
      await open(file, async (page) => {
        const broken = await page.locator("main td code").evaluateAll((all) => all.flatMap((code) => {
          const [text, range] = [code.firstChild, new Range()];
          if (code.closest(".proof") || text?.nodeType !== Node.TEXT_NODE) return [];
          const tops = [...text.data].map((_, at) => {
            range.setStart(text, at);
            range.setEnd(text, at + 1);
            return range.getBoundingClientRect().top;
          });
          const at = tops.findIndex((top, index) => index > 0 && top > tops[index - 1] + 5 && /\w\w/.test(text.data.slice(index - 1, index + 1)));
          return at < 0 ? [] : [`${text.data.slice(0, at)}|${text.data.slice(at)}`];
        }));
        assert.deepEqual(broken, [], file);
        assert.deepEqual(await page.locator("main .table-wrapper").evaluateAll((all) => all.filter((table) => table.scrollWidth > table.clientWidth + 1).length), 0, `${file}: a table is cut`);
        const cut = await page.locator("main pre:not(.tl-code) > code:not(.language-text)").evaluateAll((all) => all.filter((code) => code.scrollWidth > code.clientWidth + 1).map((code) => code.textContent.slice(0, 60)));
        assert.deepEqual(cut, [], file);
      }, { width: 1280 });
    }
  });

  test("a command has one colour, and its comment another", () =>
    open("how-to-use.html", async (page) => {
      const colours = await page.locator("main .language-sh").evaluateAll((all) => all.flatMap((code) =>
        [...code.querySelectorAll('[class^="hljs-"]')].map((part) => [part.className, getComputedStyle(part).color === getComputedStyle(code).color])));
      assert.ok(colours.some(([name]) => name === "hljs-built_in"), "`test` and `help` are also words of the shell");
      assert.deepEqual(colours.filter(([name, same]) => same === (name === "hljs-comment")), []);
    }));

  test("dark mode is also dark without JavaScript", () =>
    open("gather.html", async (page) => {
      const light = await page.locator("predict-first").first().evaluate((element) => getComputedStyle(element).backgroundColor.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0));
      assert.ok(light < 150, `the question's ground is ${light} of 765 light`);
    }, { colorScheme: "dark", javaScriptEnabled: false }));

  test("no page needs a server", () => assert.equal(exists(join(BOOK, "404.html")), false));
});

describe("in forced colours", { concurrency: 2 }, () => {
  const forced = { forcedColors: "active", width: 1280 };

  test("running, held-up and pressed elements are distinguishable", () =>
    open("sync-vs-async.html", async (page) => {
      await player(page).evaluate((element) => element.unguard());
      await button(page, "right and naive").click();
      await atTheEnd(page);
      const looks = await player(page).evaluate((element) => {
        const ground = getComputedStyle(element.querySelector(".tl")).backgroundColor;
        const look = (selector) => getComputedStyle(element.querySelector(selector));
        return {
          running: look(".tl-track .tl-run").backgroundColor !== ground,
          swatch: look(".tl-swatch .tl-run").backgroundColor !== ground,
          hatched: look(".tl-track .tl-held").backgroundImage.startsWith("repeating-linear-gradient"),
          pressed: look('.tl-choice [aria-pressed="true"]').backgroundColor !== look('.tl-choice [aria-pressed="false"]').backgroundColor,
          time: look(".tl-head").backgroundColor !== ground,
        };
      });
      assert.deepEqual(looks, { running: true, swatch: true, hatched: true, pressed: true, time: true });
    }, forced));

  test("only a lit line has its border, and the name beside it a frame", () =>
    open("gather.html", async (page) => {
      await player(page).evaluate((element) => { element.unguard(); element.seek(1_445_000); });
      const looks = await player(page).evaluate((element) => {
        const border = (selector) => getComputedStyle(element.querySelector(selector)).borderInlineStartColor;
        return { differs: border(".tl-code code > .tl-lit") !== border(".tl-code code > :not(.tl-lit)"), frame: getComputedStyle(element.querySelector(".tl-who > span")).outlineStyle };
      });
      assert.deepEqual(looks, { differs: true, frame: "solid" });
    }, forced));
});

describe("on paper", { concurrency: 2 }, () => {
  test("answers stand below their questions, and pictures in place of the players", () =>
    open("gather.html", async (page) => {
      await page.emulateMedia({ media: "print" });
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      assert.match(await page.locator("predict-first details").first().innerText(), /Right/);
      assert.ok(await player(page).locator("img").isVisible());
      assert.equal(await player(page).locator(".tl").isVisible(), false);
      assert.equal(await page.locator("main a.proof code").first().isVisible(), false);
    }));

  test("a part has a page with all its chapters, without players", async () => {
    await open("files/print/many-at-once.html", async (page) => {
      assert.ok((await page.locator("h1").count()) > 6);
      assert.equal(await page.locator("timeline-player .tl").count(), 0);
      assert.ok((await page.locator("img").count()) > 6);
      assert.deepEqual(await page.locator("img").evaluateAll((all) => all.filter((img) => !img.complete || !img.naturalWidth).map((img) => img.src)), []);
      assert.match(await page.locator("details").first().innerText(), /Right/);
    });
  });
});

describe("on a phone", { concurrency: 2 }, () => {
  test("what a lane says goes on in a second line, and is in full in the lane's story", () =>
    open("graceful-shutdown.html", async (page) => {
      const cut = await player(page).evaluate((element) => {
        element.unguard();
        element.seek(640_000);
        const say = element.panels[0].rows.find(({ lane }) => lane.name === "balancer").say;
        return { words: say.textContent, hidden: say.scrollWidth - say.clientWidth, high: say.offsetHeight, row: say.parentElement.offsetHeight };
      });
      assert.equal(cut.words, "eve goes to another server");
      assert.ok(cut.hidden <= 1 && cut.high <= cut.row, JSON.stringify(cut));
      const row = await player(page).evaluate((element) => element.panels[0].rows.findIndex(({ lane }) => lane.name === "balancer"));
      const { width, height } = await player(page).locator(".tl-over").boundingBox();
      const rows = await player(page).evaluate((element) => element.panels[0].count);
      await player(page).locator(".tl-over").tap({ position: { x: width * 0.9, y: (height / rows) * (row + 0.5) } });
      assert.match(await player(page).locator(".tl-story").textContent(), /640 ms: eve goes to another server,/);
    }, { width: 360, hasTouch: true }));

  test("what a lane says while it goes on is whole if the row has room for it", async () => {
    for (const topic of ["graceful-shutdown", "connection-pool", "cancellation"]) {
      await open(`${topic}.html`, async (page) => {
        const cut = await player(page).evaluate((element) => {
          element.unguard();
          return element.moments.flatMap((moment) => {
            element.seek(moment);
            return element.panels[0].rows.filter(({ say, mark }) => say.textContent && !mark.matches(".tl-past") && (say.scrollWidth > say.clientWidth + 1 || say.getBoundingClientRect().right > innerWidth))
              .map(({ lane, say }) => `${lane.name}: ${say.textContent}`);
          });
        });
        assert.deepEqual(cut, [], topic);
      }, { width: 360 });
    }
  });

  test("every cell of every table is in sight, and no word of the code breaks, nor a comment after its sign", async () => {
    for (const file of PAGES) {
      await open(file, async (page) => {
        const broken = await page.locator("main pre > code > .hanging").evaluateAll((all) => {
          for (const details of document.querySelectorAll("main details")) details.open = true;
          const range = new Range();
          return all.filter((line) => line.offsetHeight > 25).flatMap((line) => {
            const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            const found = [];
            while (walk.nextNode()) {
              for (const { index, 0: part } of walk.currentNode.data.matchAll(/[A-Za-z0-9]{2,24}|(?:\/\/|#) +\w+/g)) {
                range.setStart(walk.currentNode, index);
                range.setEnd(walk.currentNode, index + part.length);
                const { top, bottom } = range.getBoundingClientRect();
                if (bottom - top > 25) found.push(part);
              }
            }
            return found;
          });
        });
        assert.deepEqual(broken, [], file);
        const hidden = await page.locator("main td").evaluateAll((cells) => cells.filter((cell) => cell.getBoundingClientRect().right > innerWidth + 1).map((cell) => cell.textContent.slice(0, 40)));
        assert.deepEqual(hidden, [], file);
      }, { width: 360 });
    }
  });
});

describe("the questions", { concurrency: 2 }, () => {
  test("have right answers at every place", () => {
    const all = [...RIGHTS.values()].reduce((sum, count) => sum + count, 0);
    assert.ok(RIGHTS.size >= 3 && [...RIGHTS.values()].every((count) => count <= all / 2), JSON.stringify([...RIGHTS]));
  });

  test("are judged, each choice by its own sentence", async () => {
    await open("gather.html", async (page) => {
      const question = page.locator("predict-first").first();
      assert.ok(await question.locator("details").isHidden());
      const below = await question.evaluate((element) => element.getBoundingClientRect().bottom - element.querySelector("ol").getBoundingClientRect().bottom);
      assert.ok(below < 24, `${below} px are empty below the choices`);
      await choice(question, "3.5 seconds").click();
      assert.match(await question.getByRole("status").textContent(), /That is the sum/);
      assert.equal(await choice(question, "3.5 seconds").getAttribute("data-judged"), "wrong");
      await choice(question, "1.4 seconds").click();
      assert.match(await question.getByRole("status").textContent(), /^\s*Right/);
      await question.getByRole("status").getByRole("link").first().click();
      assert.equal(await now(page), 1_445_000, "the link leads to the moment that proves it");
    });
  });

  test("draw the guess on the axis, and play up to the moment that decides", async () => {
    await open("gather.html", async (page) => {
      const question = page.locator("predict-first").first();
      await choice(question, "3.5 seconds").click();
      assert.equal(await player(page).evaluate((element) => element.playing), 0, "it does not play out of sight");
      await question.getByRole("button", { name: "See it in the timeline" }).press("Enter");
      assert.match(await player(page).locator(".tl-flag").textContent(), /you said 3\.50 s/);
      // All at one moment: the page may still scroll.
      const [guess, own, next] = await player(page).evaluate((element) => {
        const names = element.querySelectorAll("button.tl-name");
        return [element.querySelector(".tl-guess:not(.tl-lead)"), names[4], names[5]].map((part) => part.getBoundingClientRect().toJSON());
      });
      assert.ok(guess.y + guess.height > own.y && guess.y + guess.height <= next.y + 1, "it stands in the rows of the story that decides it");
      await player(page).evaluate((element) => { element.speed = 20; });
      await page.waitForFunction(() => document.querySelector("timeline-player").now === 1_445_000 && !document.querySelector("timeline-player").playing);
      const words = player(page).locator(".tl-linked");
      assert.equal(await words.textContent(), "Paused at your question: press Play to go on.");
      const colour = () => player(page).evaluate((element) => {
        const flag = element.querySelector(".tl-flag span");
        const { backgroundColor: found } = getComputedStyle(flag);
        return ["finished", "trouble"].find((name) => {
          flag.style.background = `var(--tl-${name})`;
          const same = getComputedStyle(flag).backgroundColor === found;
          flag.style.background = "";
          return same;
        });
      });
      assert.equal(await colour(), "trouble");
      await button(page, "Play").click();
      await page.waitForFunction(() => document.querySelector("timeline-player").now > 1_445_000);
      assert.equal(await words.textContent(), "");
      await choice(question, "1.4 seconds").click();
      await question.getByRole("button", { name: "See it in the timeline" }).click();
      assert.equal(await colour(), "finished");
      // The guess is about the story with the values of the question.
      await player(page).evaluate((element) => element.turn(0, 8));
      assert.equal(await player(page).locator(".tl-guess").count(), 0);
    });
  });

  test("draw a guess on the axis only if it names a moment, and not if it says how long something lasts", async () => {
    for (const [file, words, expected] of [["observability", "About 200 ms", []], ["observability", "0 ms", []], ["streams", "Every 250 ms", []], ["semaphore", "After 909 ms", ["you said 909 ms"]]]) {
      await open(`${file}.html`, async (page) => {
        await choice(page.locator("predict-first"), words).first().click();
        assert.deepEqual(await page.locator(".tl-flag").allTextContents(), expected, `${file}: ${words}`);
      });
    }
  });

  test("lead to the timeline and back, by keyboard", async () => {
    await open("retry.html", async (page) => {
      const question = page.locator("predict-first").first();
      // Its player is far below.
      const naive = page.locator("#timeline-naive");
      const inSight = (element) => element.evaluate((part) => { const { top } = part.getBoundingClientRect(); return top >= 0 && top < innerHeight; });
      await choice(question, "920").press("Enter");
      await question.getByRole("status").getByRole("button", { name: "See it in the timeline" }).press("Enter");
      assert.equal(await inSight(naive), true);
      assert.equal(await naive.getByRole("button", { name: /^(Play|Pause)$/ }).evaluate((play) => play === document.activeElement), true);
      assert.notEqual(await naive.evaluate((element) => element.playing), 0);
      await naive.getByRole("button", { name: "Back to the question" }).press("Enter");
      assert.equal(await inSight(question.getByRole("status")), true);
      assert.equal(await page.evaluate(() => document.activeElement.textContent), "See it in the timeline");
      assert.equal(await naive.getByRole("button", { name: "Back to the question" }).count(), 0);
    }, { reducedMotion: "reduce" });
  });

  test("lead to the moment that the explanation of a wrong answer names", async () => {
    for (const [file, words] of [["streams", "A little later, in the background"], ["resources", "All three: the end of the function"]]) {
      await open(`${file}.html`, async (page) => {
        const question = page.locator("predict-first").first();
        await choice(question, words).click();
        const href = await question.getByRole("status").locator('a[href^="#timeline-"]').first().getAttribute("href");
        await question.getByRole("button", { name: "See it in the timeline" }).click();
        const at = new URLSearchParams(href.slice(1));
        const looks = await page.locator(href.split("&")[0]).evaluate((element) => ({ at: element.now, shown: element.shown.join(), playing: element.playing }));
        assert.deepEqual([looks.at, looks.playing], [Number(at.get("t")) * 1e6, 0], file);
        assert.equal(looks.shown, at.get("show") ?? looks.shown, file);
      });
    }
  });

  test("are answered in place if the player is in view with the explanation", () =>
    open("gather.html", async (page) => {
      const question = page.locator("predict-first").first();
      const [top] = await question.evaluate((element) => { element.scrollIntoView(); element.querySelector(".pf-choice").click(); return [scrollY]; });
      await page.waitForFunction(() => document.querySelector("timeline-player").now > 0);
      assert.equal(await question.locator(".pf-see").count(), 0);
      assert.equal(await page.evaluate(() => scrollY), top);
    }, { height: 2400 }));

  test("are remembered, and forgotten when asked to", async () => {
    await open("gather.html", async (page) => {
      const question = page.locator("predict-first").first();
      await choice(question, "0.7 seconds").click();
      await page.reload();
      assert.equal(await choice(question, "0.7 seconds").getAttribute("data-judged"), "wrong");
      assert.equal(await player(page).evaluate((element) => element.guarded), false);
      assert.match(await question.getByRole("status").textContent(), /^Not this one\. /);
      await question.getByRole("button", { name: "Try again" }).click();
      assert.equal(await player(page).evaluate((element) => element.guarded), true);
      await choice(question, "1.4 seconds").click();
      assert.match(await question.getByRole("status").textContent(), /^\s*Right/);
      await question.getByRole("button", { name: "Forget my answer" }).click();
      await page.reload();
      assert.equal(await question.locator("[data-judged]").count(), 0);
    });
  });

  test("also hide the chapter's story if the naive one decides, and show it after the guess", () =>
    open("circuit-breaker.html", async (page) => {
      const question = page.locator("predict-first").first();
      const looks = () => Promise.all([0, 1].map((index) => player(page, index).evaluate(({ guarded, guess, until }) => ({ guarded, guess, until }))));
      assert.deepEqual((await looks()).map(({ guarded }) => guarded), [true, true]);
      await player(page).getByRole("link", { name: "Guess first" }).click();
      assert.ok(await question.evaluate((element) => { const { top } = element.getBoundingClientRect(); return top >= 0 && top < innerHeight; }));
      await choice(question, "All 50").click();
      assert.deepEqual(await looks(), [{ guarded: false, guess: "", until: Infinity }, { guarded: false, guess: "All 50", until: 1_080_000 }]);
      await question.getByRole("button", { name: "Forget my answer" }).click();
      assert.deepEqual((await looks()).map(({ guarded }) => guarded), [true, true]);
    }));

  test("keep the arrow keys to themselves", async () => {
    await open("gather.html", async (page) => {
      await choice(page.locator("predict-first").first(), "3.5 seconds").click();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowLeft");
      assert.match(page.url(), /gather\.html/);
    });
  });

  test("are shown in full without JavaScript", async () => {
    await open("gather.html", async (page) => {
      await page.locator("predict-first summary").first().waitFor({ state: "visible" });
    }, { javaScriptEnabled: false });
  });
});

describe("the book", { concurrency: 2 }, () => {
  test("has a sidebar that shows the current part, and opens the other parts at a click", () =>
    open("semaphore.html", async (page) => {
      const links = page.locator("mdbook-sidebar-scrollbox .chapter > li > span > a[href]:visible");
      const names = async () => (await links.evaluateAll((all) => all.map((link) => link.getAttribute("href")))).filter((name) => name !== null && !name.includes("#"));
      const shown = async (name) => (await names()).some((each) => each.split("/").at(-1) === name);
      for (const name of ["introduction.html", "producer-consumer.html", "semaphore.html"]) assert.ok(await shown(name), name);
      for (const name of ["how-to-use.html", "gather.html", "timeouts.html"]) assert.equal(await shown(name), false, name);
      await page.getByRole("button", { name: "Stop" }).press("Enter");
      assert.ok(await shown("timeouts.html"));
    }));

  test("finds words", async () => {
    await open("index.html", async (page) => {
      await page.keyboard.press("s");
      await page.keyboard.type("fail-fast");
      const result = page.locator("#mdbook-searchresults a").first();
      await result.waitFor();
      assert.match(await result.getAttribute("href"), /\.html/);
    });
  });

  test("finds a test by its whole name", async () => {
    await open("index.html", async (page) => {
      await page.keyboard.press("s");
      await page.keyboard.type("asyncio_gather_leaves_the_others_running");
      const result = page.locator("#mdbook-searchresults a").first();
      await result.waitFor();
      assert.match(await result.getAttribute("href"), /gather\.html/);
    });
  });

  test("does not find the answers to the questions, but finds what stands beside them", async () => {
    await open("index.html", async (page) => {
      await page.keyboard.press("s");
      await page.keyboard.type("Predict first");
      await page.locator("#mdbook-searchresults a").first().waitFor();
      const found = await page.locator("#mdbook-searchresults li").allTextContents();
      assert.ok(found.length > 3);
      assert.deepEqual(found.filter((text) => /\bRight\b/.test(text)), []);
      await page.keyboard.press("Control+a");
      await page.keyboard.type("That is the sum");
      await page.waitForFunction(() => !document.querySelector("#mdbook-searchresults-header").textContent.includes("Predict"));
      const answers = await page.locator("#mdbook-searchresults li").allTextContents();
      assert.deepEqual(answers.filter((text) => text.includes("That is the sum")), []);
    });
  });

  test("shows of a result what begins with a sentence, not with the last word that was searched", () =>
    open("index.html", async (page) => {
      const said = "Task was destroyed but it is pending";
      await page.keyboard.press("s");
      await page.locator("#mdbook-searchbar").pressSequentially(said);
      await page.waitForFunction((asked) => document.querySelector("#mdbook-searchresults-header").textContent.includes(`'${asked}'`), said);
      const texts = await page.locator("#mdbook-searchresults .teaser").allTextContents();
      assert.ok(texts[0].startsWith(`${said}! Nothing referred to the task`), texts[0]);
      assert.ok(texts.every((text) => text.split(" ").length <= 30));
    }));

  test("finds a name after a dot in the dictionary first, and leads to its row", () =>
    open("index.html", async (page) => {
      await page.keyboard.press("s");
      await page.keyboard.type("put_nowait");
      await page.waitForFunction(() => document.querySelector("#mdbook-searchresults-header").textContent.includes("put_nowait"));
      const first = page.locator("#mdbook-searchresults li").first();
      assert.match(await first.textContent(), /^The dictionary/);
      assert.ok((await first.locator("em").allTextContents()).some((word) => word.includes("put_nowait")));
      await first.locator("a").click();
      await page.waitForURL(/dictionary\.html/);
      await page.waitForFunction(() => {
        const { top, bottom } = document.querySelector("main tbody mark")?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
        return top >= 0 && bottom <= innerHeight;
      });
    }));

  test("marks the words that were searched, and no short or common ones", () =>
    open("index.html", async (page) => {
      await page.keyboard.press("s");
      await page.keyboard.type("how do I cancel a task");
      await page.waitForFunction(() => document.querySelector("#mdbook-searchresults-header").textContent.includes("a task"));
      const results = page.locator("#mdbook-searchresults");
      const marked = await results.locator("em").allTextContents();
      assert.ok(marked.length > 5);
      assert.deepEqual(marked.filter((word) => !/cancel|task/i.test(word)), []);
      await results.locator("a").first().click();
      await page.waitForURL(/highlight=/);
      const onPage = await page.locator("main mark").allTextContents();
      assert.ok(onPage.length > 0);
      assert.deepEqual(onPage.filter((word) => !/cancel|task/i.test(word)), []);
    }));

  test("answers a question in words with the heading that has them, and an error's code with its entry", () =>
    open("index.html", async (page) => {
      await page.keyboard.press("s");
      const first = async (words, count) => {
        await page.locator("#mdbook-searchbar").fill("");
        await page.locator("#mdbook-searchbar").pressSequentially(words);
        await page.waitForFunction((asked) => document.querySelector("#mdbook-searchresults-header").textContent.includes(`'${asked}'`), words);
        return (await page.locator("#mdbook-searchresults a").allTextContents()).slice(0, count);
      };
      for (const words of ["how do I stop a task", "How do I cancel a task?"]) {
        const [best, next] = await first(words, 2);
        assert.ok([best, next].every((title) => /How do I cancel a task|\(cancellation\)/.test(title)), `${words}: ${best} | ${next}`);
      }
      assert.match((await first("E0373", 1))[0], /1\. A local variable/);
      for (const [words, title] of [["deadline has elapsed", /deadline has elapsed$/], ["channel closed", /channel closed$/], ["Task was destroyed but it is pending", /Python says$/], ["cannot be unpinned", /8\. A future that is not pinned$/], ["wait_for", /Coroutines and tasks$/]]) assert.match((await first(words, 1))[0].trim(), title, words);
      await first("shield", 1);
      const texts = await page.locator("#mdbook-searchresults .teaser").allTextContents();
      assert.deepEqual(texts.filter((text) => /\w+(_\w+){3,}/.test(text)), [], "names of proofs are not shown as text");
    }, { width: 360 }));

  test("shows a proof as a tick that says its name", () =>
    open("gather.html", async (page) => {
      const proof = page.locator("main table a.proof").first();
      const name = proof.locator("code");
      assert.match(await name.textContent(), /^[a-z_]+$/);
      assert.equal(await name.evaluate((code) => getComputedStyle(code).clipPath), "inset(50%)");
      await proof.focus();
      assert.equal(await name.evaluate((code) => getComputedStyle(code).clipPath), "none");
      const { width, height } = await proof.boundingBox();
      assert.ok(width >= 24 && height >= 24, `${width} x ${height}`);
    }));

  test("has asyncio and Tokio side by side if there is room, and otherwise below each other", () =>
    open("gather.html", async (page) => {
      const tops = () => page.locator(".side-by-side > div").evaluateAll((all) => all.map((half) => half.getBoundingClientRect().top));
      const [left, right] = await tops();
      assert.equal(left, right);
      await page.setViewportSize({ width: 1280, height: 900 });
      const [above, below] = await tops();
      assert.ok(above < below);
    }, { width: 1800 }));

  test("has a page for each exercise: the task, the code to begin with, what is given, the command, and the hints folded", async () => {
    const decoded = (html) => html.replace(/<[^>]*>/g, "").replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => ({ lt: "<", gt: ">", quot: '"', "#39": "'", amp: "&" })[name]);
    for (const topic of TOPICS) {
      const exercises = readdirSync(new URL(`../../crates/${topic}/exercises/`, import.meta.url), { withFileTypes: true }).filter((entry) => entry.isDirectory());
      for (const { name } of exercises) {
        const text = readFileSync(join(BOOK, `${topic}-${name}.html`), "utf8");
        const inside = decoded(text);
        const file = (kind) => new URL(`../../crates/${topic}/exercises/${name}/${kind}.rs`, import.meta.url);
        const code = (kind) => readFileSync(file(kind), "utf8").replace(/^\/\/!.*\n+/gm, "").trim();
        const order = [`cargo workbook try ${topic}/${name}`, "Hint 1"].map((words) => inside.indexOf(words));
        assert.ok(order[0] > 0 && order[0] < order[1], `${topic}-${name}.html: the command before the hints`);
        assert.ok(inside.includes(code("start")), `${topic}-${name}.html: the code to begin with`);
        if (exists(fileURLToPath(file("given")))) assert.ok(inside.includes(code("given")), `${topic}-${name}.html: what is given`);
        assert.ok(text.includes(`<a href="${topic}.html">`), `${topic}-${name}.html: the way back`);
        assert.ok((text.match(/<summary>Hint \d/g) ?? []).length >= 2 && !text.includes("<details open"), `${name}.html`);
      }
    }
  });

  test("leads from its sidebar to each exercise, also if two topics have one with the same name", async () => {
    const toc = readFileSync(join(BOOK, "toc.html"), "utf8");
    for (const topic of TOPICS) {
      const folder = new URL(`../../crates/${topic}/exercises/`, import.meta.url);
      for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
        const file = `${topic}-${name}.html`;
        assert.equal(toc.split(`href="${file}"`).length, 2, `one link to ${file}`);
        const page = readFileSync(join(BOOK, file), "utf8");
        assert.deepEqual([...new Set(page.match(/(?<=cargo workbook try )[\w/-]+/g))], [`${topic}/${name}`], file);
      }
    }
    await open("gather.html", async (page) => {
      const link = page.locator("mdbook-sidebar-scrollbox a[href^='gather-']").first();
      const file = await link.getAttribute("href");
      await link.click();
      await page.waitForURL((url) => url.pathname.endsWith(file));
      assert.ok((await page.locator("main").textContent()).includes(`cargo workbook try ${file.replace("-", "/").replace(".html", "")}`));
    });
  });

  test("breaks a long line of code at a dot, a path or a parenthesis, and goes on below the line's beginning", async () => {
    await open("before-you-start.html", async (page) => {
      const lost = await page.locator("main pre > code:not(.language-text)").evaluateAll((all) => all.flatMap((code) => {
        const range = document.createRange();
        const walk = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walk.nextNode()) {
          for (const { index, 0: word } of walk.currentNode.data.matchAll(/\w{2,30}/g)) {
            range.setStart(walk.currentNode, index);
            range.setEnd(walk.currentNode, index + word.length);
            const { top, bottom } = range.getBoundingClientRect();
            if (bottom - top > 25) found.push(word);
          }
        }
        return found;
      }));
      assert.deepEqual(lost, []);
    }, { width: 360 });
    await open("circuit-breaker.html", async (page) => {
      const [wraps, wrong] = await page.locator("main pre:not(.tl-code) > code:not(.language-text, .language-sh)").evaluateAll((all) => {
        const range = document.createRange();
        let below = 0;
        const beside = [];
        for (const line of all.flatMap((code) => [...code.querySelectorAll(".hanging")])) {
          const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
          const letters = [];
          while (walk.nextNode()) {
            for (const { index } of walk.currentNode.data.matchAll(/\S/g)) {
              range.setStart(walk.currentNode, index);
              range.setEnd(walk.currentNode, index + 1);
              letters.push(range.getBoundingClientRect());
            }
          }
          const rest = letters.filter(({ top }) => top > letters[0].bottom);
          if (rest.length) below += 1;
          if (rest.some(({ left }) => left <= letters[0].left)) beside.push(line.textContent);
        }
        return [below, beside];
      });
      assert.ok(wraps > 10, `${wraps} lines wrap`);
      assert.deepEqual(wrong, []);
    }, { width: 360 });
    await open("gather.html", async (page) => {
      const copied = await page.locator("main pre > code.language-rust").first().evaluate((code) => code.innerText);
      const chapter = readFileSync(new URL("../../crates/gather/README.md", import.meta.url), "utf8");
      assert.ok(chapter.includes(copied.trimEnd()), `what is copied is what stands in the chapter, and not:\n${copied}`);
    });
  });

  test("goes on with a command's comment below its beginning, keeps short code whole, and gives folded code the whole width", async () => {
    for (const width of [800, 1280]) {
      for (const file of ["how-to-use.html", "graceful-shutdown.html", "async-files.html", "lazy-futures.html", "as-completed-progress_report.html"]) {
        await open(file, async (page) => {
          const faults = await page.evaluate(() => {
            for (const details of document.querySelectorAll("main details")) details.open = true;
            const rows = (element) => {
              const range = new Range();
              range.selectNodeContents(element);
              return [...range.getClientRects()];
            };
            const words = (element) => element.textContent;
            const back = [...document.querySelectorAll("main .language-sh .hljs-comment")].filter((comment) => {
              const [first, ...rest] = rows(comment);
              return rest.some(({ left }) => left < first.left - 1) || first.left + 20 < comment.getBoundingClientRect().left;
            });
            const edge = [...document.querySelectorAll("main .language-sh")].filter((code) => {
              const walk = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
              const range = new Range();
              let [last, found] = ["\n", false];
              while (walk.nextNode()) {
                for (const [index, letter] of [...walk.currentNode.data].entries()) {
                  range.setStart(walk.currentNode, index);
                  range.setEnd(walk.currentNode, index + 1);
                  const [rect] = range.getClientRects();
                  if (letter.trim() && last !== "\n" && rect.left < code.getBoundingClientRect().left + 12) found = true;
                  last = letter;
                }
              }
              return found;
            });
            const parted = [...document.querySelectorAll("main :is(p, li) > code")].filter((code) => code.textContent.length < 24 && !code.closest(".tl, .proof") && code.getClientRects().length > 1);
            const pres = [...document.querySelectorAll("main > details pre")].filter((pre) => pre.clientWidth < document.querySelector("main > pre").clientWidth - 1);
            return [back, edge, parted, pres].map((elements) => elements.map(words));
          });
          assert.deepEqual(faults, [[], [], [], []], `${file} at ${width} px`);
        }, { width });
      }
    }
  });

  test("begins code at the height of its language's name, however long its first line is", async () => {
    // Each width has a page of its own: a page that gets narrow keeps its sidebar open beside the text for a moment.
    for (const width of [1280, 360]) {
      await open("event-loop-block_on.html", async (page) => {
        const [gap, covered] = await page.locator("main pre > code.language-rust").first().evaluate((code) => {
          const line = code.querySelector(".hanging");
          const range = new Range();
          range.selectNodeContents(line);
          const right = Math.max(...[...range.getClientRects()].map((rect) => rect.right));
          return [line.getBoundingClientRect().top - code.getBoundingClientRect().top, right > code.getBoundingClientRect().right - 40];
        });
        assert.ok(gap < 16 && !covered, `${gap} px, and ${covered}, at ${width} px`);
      }, { width });
    }
  });

  test("goes on with a compiler's words below their beginning, and a story's line below its words", async () => {
    for (const [file, least] of [["compile-errors.html", 5], ["spawn-errors.html", 1], ["capacity.html", 0]]) {
      await open(file, async (page) => {
        const [wraps, wrong] = await page.locator("main .language-text .hanging").evaluateAll((lines) => {
          const all = lines.filter((line) => line.offsetHeight > 25).map((line) => {
            const range = new Range();
            const letters = [...line.textContent.matchAll(/\S/g)].map(({ index }) => {
              range.setStart(line.firstChild, index);
              range.setEnd(line.firstChild, index + 1);
              return range.getBoundingClientRect();
            });
            return { line, rest: letters.filter(({ top }) => top > letters[0].bottom), first: letters[0].left };
          });
          return [all.length, all.filter(({ rest, first }) => rest.some(({ left }) => left < first + 8)).map(({ line }) => line.textContent)];
        });
        assert.ok(wraps >= least, `${wraps} lines wrap`);
        assert.deepEqual(wrong, []);
        // The marks stand below what they mark: each line begins in its own column.
        const moved = await page.locator("main .language-text .hanging").evaluateAll((lines) => lines.flatMap((line) => {
          const [range, code] = [new Range(), line.closest("code")];
          const { fontSize, paddingLeft } = getComputedStyle(code);
          return [...line.textContent.slice(0, 80).matchAll(/\S/g)].filter(({ index }) => {
            range.setStart(line.firstChild, index);
            range.setEnd(line.firstChild, index + 1);
            const { left, top, width } = range.getBoundingClientRect();
            const at = code.getBoundingClientRect().left + parseFloat(paddingLeft) + index * width;
            return top < line.getBoundingClientRect().top + parseFloat(fontSize) && Math.abs(left - at) > 3;
          }).slice(0, 1).map(() => line.textContent);
        }));
        assert.deepEqual(moved, [], file);
      }, { width: 1280 });
    }
  });

  test("has a source, in the player and on its page, that a screen reader reads line by line", async () => {
    await open("gather.html", async (page) => {
      const lines = player(page).locator(".tl-code").first().getByRole("list").getByRole("listitem");
      assert.equal(await lines.count(), await player(page).locator(".tl-code").first().locator(".tl-line").count());
      assert.ok((await lines.count()) > 5);
    });
    await open("files/crates/gather/src/lib.rs.html", async (page) => {
      const text = readFileSync(new URL("../../crates/gather/src/lib.rs", import.meta.url), "utf8").trimEnd().split("\n");
      const lines = page.getByRole("list").getByRole("listitem");
      assert.deepEqual((await lines.allTextContents()).map((line) => line.trimEnd()), text.map((line) => line.trimEnd()));
      const tops = await page.evaluate(() => [...document.querySelectorAll("code > span")].map((line, at) => Math.abs(line.getBoundingClientRect().top - document.getElementById(`L${at + 1}`).getBoundingClientRect().top)));
      assert.ok(Math.max(...tops) < 5, `${Math.max(...tops)} px from their numbers`);
    });
  });

  test("has a picture for each topic", async () => {
    await open("topics.html", async (page) => {
      const pictures = page.locator(".topic-map a img");
      assert.equal(await pictures.count(), TOPICS.length);
      assert.deepEqual(await pictures.evaluateAll((all) => all.filter((img) => !img.complete || !img.naturalWidth).map((img) => img.src)), []);
    });
  });

  test("has no link that leads nowhere", () => {
    const ids = new Map();
    const idsOf = (path) => {
      if (!ids.has(path)) ids.set(path, new Set([...readFileSync(path, "utf8").matchAll(/\s(?:id|name)=(?:"([^"]*)"|([^\s">]+))/g)].map((match) => match[1] ?? match[2])));
      return ids.get(path);
    };
    const broken = [];
    const html = readdirSync(BOOK, { recursive: true }).map(String).filter((file) => file.endsWith(".html") && file !== "404.html");
    for (const file of html) {
      const text = readFileSync(join(BOOK, file), "utf8").replace(/<pre[ >][\s\S]*?<\/pre>|<script[\s\S]*?<\/script>/g, "");
      for (const [, link] of text.matchAll(/\s(?:href|src)="([^"]*)"/g)) {
        if (/^(https?:|mailto:|data:|javascript:)/.test(link)) continue;
        const [path, fragment] = link.replaceAll("&amp;", "&").split("#");
        const target = path ? resolve(join(BOOK, dirname(file)), decodeURIComponent(path)) : join(BOOK, file);
        const id = decodeURIComponent((fragment ?? "").split("&")[0]);
        if (!exists(target)) broken.push(`${file}: ${link}`);
        else if (id && target.endsWith(".html") && target.startsWith(resolve(BOOK)) && !idsOf(target).has(id)) broken.push(`${file}: ${link} (no such place)`);
      }
    }
    assert.deepEqual([...new Set(broken)], [], `from ${relative(process.cwd(), BOOK)}`);
  });

  test("has no code in an unknown language", () => {
    const known = new Set(["rust", "python", "sh", "toml", "text", "plaintext", "console", "markdown"]);
    for (const file of PAGES) {
      for (const [, language] of readFileSync(join(BOOK, file), "utf8").matchAll(/<code class="language-([\w-]+)/g)) assert.ok(known.has(language), `${file}: ${language}`);
    }
  });
});

describe("the dictionary, asked for a name", { concurrency: 2 }, () => {
  test("shows its own row first, in view on a phone, and afterwards all rows in their order again", () =>
    open("dictionary.html", async (page) => {
      const rows = () => page.locator("main tbody tr:visible td:first-child").allTextContents();
      const all = await rows();
      const headings = await page.locator("main h2").allTextContents();
      for (const [asked, name] of [
        ["Semaphore", "Semaphore"], ["async with", "async with"], ["except asyncio.CancelledError:", "CancelledError"], ["import asyncpg", "asyncpg"],
        ["from aiolimiter import AsyncLimiter", "aiolimiter"], ["@asynccontextmanager", "contextlib.asynccontextmanager"], ["aiohttp.ClientSession()", "aiohttp (client), httpx, requests"],
      ]) {
        await page.locator("#page-question").pressSequentially(asked);
        assert.equal((await rows())[0], name);
        const { top } = await page.locator("main tbody tr:visible").first().evaluate((row) => row.getBoundingClientRect());
        assert.ok(top > 0 && top < 500, `${asked} is at ${top} px`);
        await page.keyboard.press("Escape");
      }
      assert.deepEqual(await rows(), all);
      assert.deepEqual(await page.locator("main h2").allTextContents(), headings);
    }, { width: 360, height: 800 }));
});

describe("the messages", { concurrency: 2 }, () => {
  const titles = (page) => page.locator("main h3:visible").allTextContents();
  const box = (page) => page.getByRole("searchbox", { name: "Find a message" });

  test("are found by what the reader's program said, although its names and numbers differ", () =>
    open("messages.html", async (page) => {
      const all = await page.getByRole("status").textContent();
      assert.match(all, /^\d+ entries$/);
      for (const [said, title] of [
        ["channel lagged by 17", "channel lagged by 3"],
        ["thread 'tokio-rt-worker' (4711) panicked at src/net/client.rs:12:9: there is no reactor running, must be called from the context of a Tokio 1.x runtime note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace", "there is no reactor running"],
        ['task 4711 panicked with message "disk gone"', "task 7 panicked with message"],
        ['Error: Os { code: 61, kind: ConnectionRefused, message: "Connection refused" }', "Connection refused"],
        ["running reactor no", "there is no reactor running"],
        ['called `Result::unwrap()` on an `Err` value: JoinError::Panic(Id(912), "no connection to db4", ...)', "task 7 panicked with message"],
      ]) {
        await box(page).fill(said);
        const found = await titles(page);
        assert.ok(found.some((each) => each.startsWith(title)) && found.length < 6, `${said}: ${found.join(" | ")}`);
      }
      await box(page).fill("Task was destroyed but it is pending! task: <Task pending name='Task-9' coro=<fetch() running at app.py:3>>");
      assert.deepEqual((await page.locator("main tbody tr:visible td:first-child").allTextContents()).map((text) => text.slice(0, 18)), ["Task was destroyed"]);
      await box(page).fill("second read RwLock");
      assert.equal(await page.locator("main li:visible").count(), 1);
      assert.deepEqual(await page.locator("main h2:visible").allTextContents(), ["The program hangs"]);
      await page.keyboard.press("Escape");
      assert.equal(await page.getByRole("status").textContent(), all);
    }));

  test("lead an error of rustc to its entry, when it is pasted with the place and the source below it", () =>
    open("messages.html", async (page) => {
      for (const [name, file] of [["compile-errors", "compile-errors.html"], ["spawn-errors", "spawn-errors.html"]]) {
        const sections = readFileSync(new URL(`../src/${name}.md`, import.meta.url), "utf8").split("\n## ").filter((section) => /^\d+\. /.test(section));
        assert.ok(sections.length >= 8);
        for (const [index, section] of sections.entries()) {
          for (const [, first, rest] of section.matchAll(/```text\n(error.*)\n([^`]*)/g)) {
            await box(page).fill(`${first.replace(/`(name|names|pages|total|work)`/, "`invoices`")} --> src/main.rs:4:21 ${rest}`);
            const links = page.locator(`main tbody tr:visible a[href^="${file}#${index + 1}-"]`);
            assert.equal(await links.count(), 1, `${name}, ${index + 1}: ${first}`);
            assert.ok(await page.locator("main tbody tr:visible").count() <= 7, first);
          }
        }
      }
      for (const [said, file] of [["cannot be unpinned", "compile-errors.html#8-"], ["future is not Send", "spawn-errors.html#4-"], ["borrowed data escapes outside of function", "spawn-errors.html#2-"], ["E0733", "compile-errors.html#9-"]]) {
        await box(page).fill(said);
        assert.equal(await page.locator(`main tbody tr:visible a[href^="${file}"]`).count(), 1, said);
      }
    }));

  test("find the row of an error of rustc or cargo that has no entry of its own", () =>
    open("messages.html", async (page) => {
      const first = page.locator("main tbody tr:visible td:first-child");
      for (const [said, words] of [
        ["error[E0308]: `?` operator has incompatible types  --> src/main.rs:7:23", "operator has incompatible types"],
        ["error[E0308]: mismatched types  --> src/main.rs:5:8   |     Ok(price)", "JoinError"],
        ["expected `usize`, found `Result<usize, String>`", "found `Result<"],
        ["found `Result<Result<u32, String>, JoinError>`", "JoinError"],
        ["error[E0277]: `?` couldn't convert the error to `std::io::Error`  --> src/main.rs:3:21", "convert the error to"],
        ["error[E0277]: the `?` operator can only be applied to values that implement `Try`", "values that implement `Try`"],
        ["error[E0599]: no method named `lane` found for opaque type `impl Future<Output = Result<u32, String>>` in the current scope", "no method named `lane`"],
        ["no method named `next` found for struct `futures::stream::Iter<I>` in the current scope", "no method named `lane`"],
        ["error: `cargo run` could not determine which binary to run. Use the `--bin` option to specify a binary, or the `default-run` manifest key. available binaries: fetcher, server", "could not determine which binary"],
        ["error[E0277]: `Invoice` doesn't implement `Debug`  --> src/main.rs:5:29", "implement `Debug`"],
        ["error[E0277]: `Result<(), u32>` is not a future", "is not a future"],
        ["error[E0596]: cannot borrow `rx` as mutable, as it is not declared as mutable  --> src/main.rs:4:25", "not declared as mutable"],
        ["cannot borrow as mutable", "not declared as mutable"],
        ["error[E0594]: cannot assign to `n`, as it is not declared as mutable", "not declared as mutable"],
        ["error[E0596]: cannot borrow `*set` as mutable, as it is behind a `&` reference", "behind a `&` reference"],
      ]) {
        await box(page).fill(said);
        const found = await first.allTextContents();
        assert.ok(found.some((cell) => cell.includes(words)) && found.length <= 7, `${said}: ${found.join(" | ")}`);
      }
      await box(page).fill('thread \'main\' (4711) panicked at src/main.rs:5:29: called `Result::unwrap()` on an `Err` value: Invoice(4711)');
      assert.ok((await titles(page)).includes("channel closed"), `${await titles(page)}`);
    }));

  test("name the pages about compile errors at the top and where nothing is found, and not beside what is found", () =>
    open("messages.html", async (page) => {
      const link = page.locator('main p a[href="compile-errors.html"]').first();
      for (const [said, visible] of [["", true], ["channel lagged", false], ["zzz", true]]) {
        await box(page).fill(said);
        assert.equal(await link.isVisible(), visible, said);
      }
    }));

  test("say when nothing was found, and what to do then", () =>
    open("messages.html", async (page) => {
      const strange = ["zzz", "zzz 4711 of qqq", "error: failed to select a version for `hyper`", "error: linking with `cc` failed: exit status: 1"];
      for (const said of [...strange, "the and was it"]) {
        await box(page).fill(said);
        if (strange.includes(said)) {
          assert.deepEqual(await page.locator("main :is(h3, tbody tr, li):visible").allTextContents(), [], said);
          assert.match(await page.getByRole("status").textContent(), /^Nothing found\. Try two or three words/);
        }
      }
      await page.evaluate(() => void (location.hash = "#channel-closed"));
      await page.locator("#channel-closed").waitFor({ state: "visible" });
    }));

  test("the box has the whole width of a phone", () =>
    open("messages.html", async (page) => {
      const { width } = await box(page).boundingBox();
      assert.ok(width > 200, `${width}`);
    }, { width: 360 }));
});

describe("the dictionary", { concurrency: 2 }, () => {
  const rows = (page) => page.locator("main tbody tr:visible").count();

  test("is filtered by keyboard, and Escape shows everything", () =>
    open("dictionary.html", async (page) => {
      const all = await rows(page);
      await page.getByRole("searchbox", { name: "Find a name" }).focus();
      await page.keyboard.type("asyncio.Queue.put");
      const left = await rows(page);
      assert.ok(left > 0 && left < 5, `${left} rows are left`);
      assert.equal(await page.getByRole("status").textContent(), `${left} of ${all} rows`);
      assert.deepEqual(await page.locator("main h2:visible").allTextContents(), ["Queues"]);
      await page.keyboard.press("Escape");
      assert.equal(await rows(page), all);
    }));

  test("finds the row of a name that is copied from code", () =>
    open("dictionary.html", async (page) => {
      const names = page.locator("main tbody tr:visible td:first-child");
      for (const [asked, expected] of [
        ["wait_for(", ["wait_for"]],
        ["await asyncio.gather(*tasks)", ["gather"]],
        ["answers = await asyncio.wait_for(fetch(1), timeout=2)", ["wait_for"]],
        ["signal.SIGTERM", ["signal.SIGTERM, signal.SIGINT, signal.SIGHUP"]],
        ["loop.add_signal_handler(signal.SIGTERM, stop.set)", ["loop.add_signal_handler, signal.signal"]],
        ["signal.signal(signal.SIGTERM, on_term)", ["loop.add_signal_handler, signal.signal"]],
        ["asyncio.current_task().cancel()", ["Task.cancel", "current_task"]],
      ]) {
        await page.getByRole("searchbox", { name: "Find a name" }).fill(asked);
        const found = await names.allTextContents();
        assert.equal(expected.length > 1 || found[0] === expected[0], true, `${asked}: ${found.join(" | ")}`);
        assert.deepEqual(expected.filter((name) => !found.includes(name)), [], `${asked}: ${found.join(" | ")}`);
        assert.ok(found.length < 12, `${asked}: ${found.length}`);
      }
    }));

  test("shows a hidden section to a reader who follows a link to it", () =>
    open("dictionary.html", async (page) => {
      await page.getByRole("searchbox", { name: "Find a name" }).fill("no such name");
      assert.equal(await rows(page), 0);
      await page.evaluate(() => void (location.hash = "#streams"));
      await page.locator("#streams").waitFor({ state: "visible" });
      assert.ok(await rows(page));
    }));

  test("is complete without JavaScript", () =>
    open("dictionary.html", async (page) => assert.ok((await rows(page)) > 150), { javaScriptEnabled: false }));
});
