// @ts-check
// What the pages need besides the player: questions that the reader can answer, tables that read well on a phone, and code that scrolls by keyboard.
"use strict";

(() => {
	const store = {
		/** @param {string} key */
		get(key) {
			try { return localStorage.getItem(key); } catch { return null; }
		},
		/** Keeps a value, or forgets it. @param {string} key @param {string | null} value */
		set(key, value) {
			try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* a browser that keeps nothing */ }
		},
	};

	/** A number that depends on every letter of a text (FNV-1a). @param {string} text */
	function hash(text) {
		let sum = 2166136261;
		for (const letter of text) sum = Math.imul(sum ^ letter.charCodeAt(0), 16777619) >>> 0;
		return sum;
	}

	/** The numbers from 0 to `count`, in an order that looks random and is the same in every visit. @param {number} count @param {number} seed */
	function shuffled(count, seed) {
		const order = Array.from({ length: count }, (_, index) => index);
		let state = seed;
		for (let last = count - 1; last > 0; last--) {
			// The neighbours of a number are far apart after these steps (MurmurHash3's last ones).
			state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
			state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
			state = (state ^ (state >>> 16)) >>> 0;
			const other = state % (last + 1);
			[order[last], order[other]] = [order[other], order[last]];
		}
		return order;
	}

	/** How a page scrolls: at once, if the reader prefers reduced motion. @returns {ScrollBehavior} */
	const motion = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

	/** @param {string} name @param {string} words @param {() => void} onclick */
	function pressed(name, words, onclick) {
		const button = document.createElement("button");
		Object.assign(button, { type: "button", className: name, textContent: words, onclick });
		return button;
	}

	/**
	 * A question that comes before its answer. In the README it is a numbered list of choices and, folded below it, a list with an answer to each.
	 * Here the choices become buttons in another order. Each shows its own answer.
	 * Each player that an answer points into hides its future until the reader has guessed.
	 * Then it plays up to the moment that decides: at once if player and explanation are in view together, otherwise when the reader asks for it.
	 */
	class PredictFirst extends HTMLElement {
		/** @type {HTMLElement | undefined} */ said;
		/** @type {HTMLButtonElement[]} */ buttons = [];
		/** The answers, in the order of the README. @type {string[]} */ answers = [];
		/** The name under which the browser keeps the guess. */ key = "";
		/** The player that shows it, and when it is decided, in seconds. */ player = "";
		at = "";
		/** All players that its answers point into. @type {Set<string>} */ shows = new Set();
		right = -1;

		connectedCallback() {
			const choices = this.querySelector(":scope > ol");
			const details = /** @type {HTMLElement | null} */ (this.querySelector(":scope > details"));
			const answers = details?.querySelectorAll("ol > li") ?? [];
			const question = this.querySelector("p");
			if (!choices || !details || !question || answers.length !== choices.children.length || this.said) return;
			this.said = document.createElement("div");
			this.said.className = "pf-said";
			this.said.setAttribute("role", "status");
			const text = question.textContent ?? "";
			question.id = `question-${[...document.querySelectorAll("predict-first")].indexOf(this) + 1}`;
			this.setAttribute("role", "group");
			this.setAttribute("aria-labelledby", question.id);
			this.key = `guess:${location.pathname.split("/").pop()}:${hash(text)}`;
			this.right = [...answers].findIndex((answer) => answer.querySelector("strong")?.textContent?.startsWith("Right"));
			const moment = answers[this.right]?.querySelector('a[href^="#timeline-"]')?.getAttribute("href") ?? "";
			[this.player, this.at = ""] = moment.slice(1).split("&t=");
			for (const link of details.querySelectorAll('a[href^="#timeline-"]')) this.shows.add(link.getAttribute("href")?.slice(1).split("&")[0] ?? "");
			this.buttons = [...choices.children].map((choice, index) => {
				const button = document.createElement("button");
				button.type = "button";
				button.className = "pf-choice";
				// A link in a button would give the reader two things to press.
				button.innerHTML = choice.innerHTML.replace(/<\/?(a|p)\b[^>]*>/g, "");
				button.addEventListener("click", () => this.guess(index, true));
				choice.replaceChildren(button);
				return button;
			});
			this.answers = [...answers].map((answer) => answer.innerHTML);
			// The invisible separators for the search would become an empty line.
			for (const node of [...this.childNodes]) if (node.nodeType === Node.TEXT_NODE) node.remove();
			const rows = [...choices.children];
			choices.replaceChildren(...shuffled(rows.length, hash(text)).map((index) => rows[index]));
			// Otherwise the arrow keys would turn the page of the book.
			this.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && event.stopPropagation());
			details.before(this.said);
			details.hidden = true;
			this.classList.add("pf-on");
			const kept = store.get(this.key);
			if (kept !== null && this.buttons[Number(kept)]) this.guess(Number(kept), false);
			else this.tell("guard");
		}

		/** Tells the players of this question what they may show. Only the one that decides gets the guess. @param {"guard" | "reveal"} what @param {object} [detail] */
		tell(what, detail = {}) {
			const question = this.getAttribute("aria-labelledby");
			// A player may be further down the page, and not be ready yet.
			const send = () => this.shows.forEach((id) => document.getElementById(id)?.dispatchEvent(new CustomEvent(what, { detail: id === this.player ? { question, at: Number(this.at) * 1e6, ...detail } : { question, at: 0, guess: "" } })));
			if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", send, { once: true });
			else send();
		}

		/** Judges a choice. @param {number} index @param {boolean} now whether the reader has just made it */
		guess(index, now) {
			const button = this.buttons[index];
			if (!button || !this.said) return;
			for (const other of this.buttons) other.setAttribute("aria-pressed", String(other === button));
			button.dataset.judged = index === this.right ? "right" : "wrong";
			this.said.className = `pf-said pf-${button.dataset.judged}`;
			const right = index === this.right;
			this.said.innerHTML = `${right ? "" : "<strong>Not this one.</strong> "}${this.answers[index]}`;
			// The explanation of a wrong answer may lead to another picture than the right answer.
			const own = right ? null : this.said.querySelector('a[href^="#timeline-"]')?.getAttribute("href") ?? null;
			this.said.append(pressed("pf-again", right ? "Forget my answer" : "Try again", () => this.forget()));
			store.set(this.key, String(index));
			const player = /** @type {Cover | null} */ (document.getElementById(own?.slice(1).split("&")[0] ?? this.player));
			if (!now) {
				if (player) this.offer(player, button, own);
				return;
			}
			this.tell("reveal", { guess: button.textContent, right });
			const seen = [this.said, player].every((part) => {
				const { top, bottom } = part?.getBoundingClientRect() ?? { top: -1, bottom: 0 };
				return top >= 0 && bottom <= innerHeight;
			});
			if (seen && !own) player?.play();
			else if (player) this.offer(player, button, own);
			// Scrolls only as far as its last line needs.
			this.said.scrollIntoView({ block: "nearest", behavior: motion() });
		}

		/** A button that leads to the player, and in the player one that leads back. It plays, or goes to the moment that the explanation names. @param {Cover} player @param {HTMLElement} choice @param {string | null} moment */
		offer(player, choice, moment) {
			const see = pressed("pf-see", "See it in the timeline", () => {
				this.tell("reveal", { guess: choice.textContent, right: choice.dataset.judged === "right" });
				player.querySelector(".pf-back")?.remove();
				player.querySelector(".tl-bar")?.append(pressed("pf-back", "Back to the question", () => {
					player.querySelector(".pf-back")?.remove();
					player.pause();
					see.focus({ preventScroll: true });
					this.said?.scrollIntoView({ block: "center", behavior: motion() });
				}));
				if (moment) player.go(moment, motion());
				else player.scrollIntoView({ block: "start", behavior: motion() });
				player.playButton.focus({ preventScroll: true });
				if (!moment) player.play();
			});
			this.said?.querySelector(".pf-again")?.before(see);
		}

		forget() {
			store.set(this.key, null);
			for (const button of this.buttons) {
				button.removeAttribute("aria-pressed");
				delete button.dataset.judged;
			}
			if (this.said) {
				this.said.className = "pf-said";
				this.said.replaceChildren();
			}
			document.getElementById(this.player)?.querySelector(".pf-back")?.remove();
			this.tell("guard");
			this.buttons[0]?.focus();
		}
	}

	customElements.define("predict-first", PredictFirst);

	/** mdBook's numbers: of results that it shows, and of the words of an excerpt. */
	const [RESULTS, EXCERPT] = [30, 30];

	/** The searched words, if they are a single name. */
	let name = "";

	// The search leaves out the answers to the questions. The preprocessor writes two invisible separators around them.
	const { Index, stopWordFilter: { stopWords } = { stopWords: {} } } = window.elasticlunr ?? {};
	if (Index) {
		const load = Index.load;
		Index.load = (data) => {
			const index = load.call(Index, data);
			const { docs } = index.documentStore;
			const asking = new Map(Object.entries(docs).filter(([, doc]) => doc.body.includes("\u2063")));
			for (const doc of asking.values()) doc.body = doc.body.replace(/\u2063[^\u2063]*(\u2063|$)/g, " ");
			const search = index.search;
			const dictionary = Object.entries(docs).filter(([, doc]) => doc.breadcrumbs.startsWith("The dictionary"));
			// A message counts by its words, whatever stands between them. The entry of a compile error has more about it than its row in the messages.
			const flat = (/** @type {string} */ text) => ` ${text.toLowerCase().replace(/[^\p{L}\d_]+/gu, " ").trim()} `;
			const messages = ["Compile errors", "Messages and symptoms"].flatMap((page) => Object.entries(docs).filter(([, doc]) => doc.breadcrumbs.startsWith(page)))
				.map(([ref, doc]) => ({ ref, doc, score: 0, title: flat(doc.title), text: flat(doc.body) }));
			index.search = (words, options) => {
				const found = search.call(index, words, options).filter(({ ref }) => {
					const doc = asking.get(ref);
					const text = doc && `${doc.title} ${doc.body} ${doc.breadcrumbs}`.toLowerCase();
					// The index knows words by their stems, which are about as long.
					return !text || words.toLowerCase().split(/[\s-]+/).some((word) => word && text.includes(word.slice(0, 6)));
				});
				// The index knows `asyncio.Queue.put` as one word. A search for `put` must also lead to the dictionary.
				name = /^\w{3,}$/.test(words.trim()) ? words.trim().toLowerCase() : "";
				const inner = new RegExp(`[.:]${name}\\b`, "i");
				// For an error code of the compiler, the entry that shows its message comes first. For a question, the heading with the most of its words comes first, and synonyms count.
				const code = words.trim().match(/^E\d{4}$/i)?.[0];
				const shows = Object.entries(docs).filter(([, doc]) => code && doc.body.toUpperCase().includes(`ERROR[${code.toUpperCase()}]`));
				const meant = [...new Set(words.toLowerCase().split(/\W+/).filter((word) => word.length > 2 && !Object.hasOwn(stopWords, word)))]
					.map((word) => new RegExp(`\\b(?:${/^(stop|end|abort|kill|cancel)/.test(word) ? "cancel|stop" : word.slice(0, 6)})`, "i"));
				const rank = (/** @type {typeof docs[string]} */ { title, breadcrumbs }) => meant.reduce((sum, word) => sum + (word.test(title) ? 2 : word.test(breadcrumbs) ? 1 : 0), 0);
				const asks = /^(how|why|what|when|where|which|can|do|does|is|should)\s/i.test(words.trim());
				if (asks) found.sort((a, b) => rank(docs[b.ref]) - rank(docs[a.ref]));
				const rows = [...shows, ...dictionary.filter(([, doc]) => name && !code && inner.test(doc.body))];
				// The heading that is the message comes first, then the row of the name itself, and the entries that quote three words or more.
				const phrase = flat(words);
				const own = new RegExp(`(?<![.:\\w])${name} \\S*(?:::|[!(])`, "i");
				const quoted = messages.filter(({ text }) => phrase.trim().includes(" ", phrase.trim().indexOf(" ") + 1) && text.includes(phrase.trimEnd()));
				const lead = code ? [] : [...messages.filter(({ title }) => title === phrase), ...dictionary.filter(([, doc]) => name && own.test(doc.body)).map(([ref, doc]) => ({ ref, doc, score: 0 })), ...quoted];
				const first = rows.map(([ref]) => ref);
				// The names of proofs can be found, but are not shown in the text.
				const plain = (/** @type {string} */ body) => (words.includes("_") ? body : body.replace(/(?:Proofs?:\s)?\b\w+(?:_\w+){3,}(?:[,.]? |\b)/g, ""));
				// mdBook's excerpt begins at the first word that it marks, which may end a sentence. This text begins with a sentence that has the most of these words.
				const { stemmer = String } = window.elasticlunr ?? {};
				const stems = words.split(/\s+/).filter(Boolean).map((word) => stemmer(word.toLowerCase()));
				const known = /** @type {Map<string, string | undefined>} */ (new Map());
				/** Which of the searched words this word is. @param {string} word */
				const stemOf = (word) => {
					if (!known.has(word)) {
						const whole = stemmer(word.toLowerCase());
						known.set(word, stems.find((stem) => whole.startsWith(stem)));
					}
					return known.get(word);
				};
				const excerpt = (/** @type {string} */ body) => {
					const all = body.split(/\s+/);
					const marked = all.map(stemOf);
					const starts = all.flatMap((_, at) => {
						const near = marked.slice(at, at + EXCERPT);
						const from = near.findIndex(Boolean);
						return from >= 0 && (at === 0 || /[.!?]$/.test(all[at - 1])) ? [{ at, score: EXCERPT * new Set(near.filter(Boolean)).size - from }] : [];
					});
					const best = starts.reduce((most, each) => (each.score > most.score ? each : most), { at: -1, score: 0 });
					return best.at < 0 ? body : all.slice(best.at, best.at + EXCERPT).join(" ");
				};
				const others = [...rows.map(([ref, doc]) => ({ ref, doc, score: 0 })).filter(({ ref }) => code || found.every((each) => each.ref !== ref)), ...found.filter(({ ref }) => !code || !first.includes(ref))];
				return [...lead, ...others].filter(({ ref }, at, all) => all.findIndex((each) => each.ref === ref) === at).slice(0, RESULTS)
					.map((each) => ({ ...each, doc: { ...docs[each.ref], body: excerpt(plain(docs[each.ref].body)) } }));
			};
			return index;
		};
	}

	// The search uses only the words that carry meaning. Only these are marked, in the results and on the page of a result.
	const search = window.elasticlunr;
	const results = document.getElementById("mdbook-searchresults");
	document.getElementById("mdbook-searchbar")?.setAttribute("aria-label", "Search this book");
	if (search && results) {
		const { stemmer, stopWordFilter } = search;
		const bare = (/** @type {string} */ word) => word.toLowerCase().replace(/^\W+|\W+$/g, "");
		const means = (/** @type {string} */ word) => word.length > 2 && !Object.hasOwn(stopWordFilter.stopWords, word);
		let others = 0;
		// A word is marked if it begins with a stem. So a common word gets a stem that begins no word.
		search.stemmer = (word) => {
			const inside = name && bare(word).split(/[.:]+/).includes(name) ? name : bare(word);
			return means(inside) ? stemmer(inside) : `\u2063${++others}\u2063`;
		};
		new MutationObserver(() => {
			for (const link of results.querySelectorAll("a")) {
				const url = new URL(link.href);
				const words = (url.searchParams.get("highlight") ?? "").split(" ").map(bare).filter(means);
				url.searchParams.delete("highlight");
				link.href = url.href.replace(/(#|$)/, words.length ? `?highlight=${words.map(encodeURIComponent).join("%20")}$1` : "$1");
			}
		}).observe(results, { childList: true });
	}

	// On paper, the answers are below the questions, and pictures replace the players.
	addEventListener("beforeprint", () => {
		for (const details of document.querySelectorAll("predict-first > details, timeline-player > details")) {
			details.setAttribute("open", "");
			details.removeAttribute("hidden");
		}
	});

	// The sidebar shows the chapters of the current part. Of the other parts it shows the titles, and a click opens them.
	const parts = /** @type {{ title: Element, chapters: HTMLElement[] }[]} */ ([]);
	for (const item of document.querySelectorAll("mdbook-sidebar-scrollbox > .chapter > li")) {
		if (item.matches(".part-title")) parts.push({ title: item, chapters: [] });
		else if (item instanceof HTMLElement) parts.at(-1)?.chapters.push(item);
	}
	const here = parts.findIndex(({ chapters }) => chapters.some((chapter) => chapter.querySelector("a.active")));
	parts.forEach(({ title, chapters }, index) => {
		const button = document.createElement("button");
		button.type = "button";
		button.className = "part-fold";
		button.textContent = title.textContent;
		const show = (/** @type {boolean} */ open) => {
			button.setAttribute("aria-expanded", String(open));
			for (const chapter of chapters) chapter.hidden = !open;
		};
		button.onclick = () => show(button.getAttribute("aria-expanded") !== "true");
		show(index === Math.max(here, 0));
		title.replaceChildren(button);
	});

	// On a phone, a row of a table becomes a card. Each of its cells names its column.
	for (const table of document.querySelectorAll("main table")) {
		const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent?.trim() ?? "");
		for (const row of table.querySelectorAll("tbody tr")) {
			[...row.children].forEach((cell, index) => {
				// In the first column, a name explains itself, but a number does not.
				if (heads[index] && (index > 0 || /^\W*[\d,.]+\W*$/.test(cell.textContent ?? ""))) cell.setAttribute("data-head", heads[index]);
			});
		}
	}

	// Where a long line of code may break: before a method, after `::`, `(`, and the `/` of a path, and between the words of a long name.
	const BREAKS = /(?=\.[A-Za-z])|(?<=::|\w\/|\((?!\))|\w{16}_)/g;
	for (const code of document.querySelectorAll("main code:not(.language-text, .proof > code)")) {
		// Short code in a sentence must not break.
		if (!code.closest("pre") && (code.textContent ?? "").length < 24) {
			code.classList.add("whole");
			continue;
		}
		// An arrow must not break, nor the beginning of an attribute.
		code.innerHTML = code.innerHTML.replace(/-&gt;|#\[/g, "<nobr>$&</nobr>");
		const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
		const nodes = /** @type {Text[]} */ ([]);
		while (texts.nextNode()) nodes.push(/** @type {Text} */ (texts.currentNode));
		// Such a place may be between two colours.
		const breaks = [...nodes.map((node) => node.data).join("").matchAll(BREAKS)].map(({ index }) => index);
		let from = 0;
		for (const node of nodes) {
			const { data } = node;
			const inside = breaks.map((at) => at - from).filter((at) => at >= 0 && at < data.length);
			from += data.length;
			if (inside.length) node.replaceWith(data.slice(0, inside[0]), ...inside.flatMap((at, index) => [document.createElement("wbr"), data.slice(at, inside[index + 1])]));
		}
	}

	// What stands before the words of a line that is printed: the marks of a compiler, or the time of a story.
	const MARKS = /^ *(\||=|error\S*|note:|help:)[ |/_]*([-^]+ +|(help|note): )*|^ *[\d.]+ m?s +/;
	// A line of code that wraps goes on below its own beginning, and not at the edge.
	for (const code of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main pre:not(.tl-code) > code"))) {
		const printed = code.matches(".language-text");
		const open = /** @type {string[]} */ ([]);
		code.innerHTML = code.innerHTML.split("\n").map((line) => {
			const before = open.join("");
			for (const tag of line.match(/<\/?span[^>]*>/g) ?? []) {
				if (tag.startsWith("</")) open.pop();
				else open.push(tag);
			}
			const indent = printed && line ? (line.match(MARKS)?.[0].length ?? 2) : line.replace(/<[^>]*>/g, "").search(/\S/);
			if (indent < 0) return line && `${before}${line}${"</span>".repeat(open.length)}`;
			// A comment behind code goes as a whole to the next line if it does not fit; behind a command it goes on below itself.
			const [first, ...comment] = line.split('<span class="hljs-comment">');
			const parted = !code.matches(".language-sh") && comment.length && /\S/.test(first.replace(/<[^>]*>/g, "")) ? `${first}<span class="hljs-comment trailing">${comment.join("")}` : line;
			return `<span class="hanging" style="--indent:${indent}">${before}${parted}${"</span>".repeat(open.length)}</span>`;
		}).join("\n");
	}

	// The comment of a command goes on below its own beginning.
	for (const comment of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main .language-sh .hljs-comment"))) {
		const before = new Range();
		before.setStart(/** @type {Element} */ (comment.parentElement), 0);
		before.setEndBefore(comment);
		comment.style.setProperty("--column", String(before.toString().length));
	}

	// The keyboard can scroll an element that is wider than its place only if the element can have the focus.
	const wide = new ResizeObserver((entries) => {
		for (const { target } of entries) {
			if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0");
			else target.removeAttribute("tabindex");
		}
	});
	for (const element of document.querySelectorAll("main pre:not(.tl-code) > code, main .table-wrapper")) wide.observe(element);
})();
