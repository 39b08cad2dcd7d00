// @ts-check
// The player: replays what a recording says that tasks did.
// The page has the data in window.timelines, which the preprocessor in crates/book writes.
"use strict";

(() => {
	const { CLOSE, duration, placeOf, inTreeOrder, completed, entriesOf, momentsOf, scenesOf, cut, alike, timeIn, lastOf, ticks, calledOf, waitsOf, heightOf, litOf, newestOf, turns } = window.recorded;
	const LANE_HUES = 6;
	const NAMES = /** @type {Record<string, string>} */ ({ story: "Tokio", twin: "asyncio", "twin-naive": "asyncio, naive" });
	/** What can be shown together: the recordings, and the button's words. */
	const CHOICES = /** @type {[string[], string][]} */ ([
		[["story"], "Tokio"],
		[["story", "twin"], "Tokio and asyncio"],
		[["story", "naive"], "right and naive"],
		[["naive", "twin-naive"], "naive, in both"],
	]);
	const STATES = /** @type {[string, string][]} */ ([
		["new", "not started yet"], ["wait", "waiting"], ["poll", "polled"], ["run", "running"], ["part", "running at times"], ["held", "held up"],
	]);
	const SPEEDS = [0.1, 0.25, 0.5, 1, 2];
	const SPEED_WORDS = ["⅒ speed", "¼ speed", "½ speed", "real time", "2 × speed"];
	const calm = matchMedia("(prefers-reduced-motion: reduce)");
	let players = 0;

	/**
	 * An element with attributes, event listeners (`onclick`) and children.
	 * @template {keyof HTMLElementTagNameMap} K
	 * @param {K} tag
	 * @param {Record<string, any>} [attributes]
	 * @param {...(Node | string)} children
	 * @returns {HTMLElementTagNameMap[K]}
	 */
	function el(tag, attributes = {}, ...children) {
		const element = document.createElement(tag);
		for (const [name, value] of Object.entries(attributes)) {
			if (typeof value === "function") element.addEventListener(name.slice(2), value);
			else if (name === "style") element.style.cssText = value;
			else if (value === true && !name.startsWith("aria-")) element.setAttribute(name, "");
			else element.setAttribute(name, String(value));
		}
		element.append(...children);
		return element;
	}

	/** @param {string} box @param {string} shapes */
	const svg = (box, shapes) => `<svg viewBox="${box}" aria-hidden="true">${shapes}</svg>`;
	/** @param {string} path */
	const icon = (path) => svg("0 0 16 16", `<path d="${path}"/>`);
	/** @param {string} text */
	const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

	/** The lines of a source file as HTML, coloured by the book's own highlighter. @param {string} text @param {string} language */
	function highlighted(text, language) {
		const html = window.hljs ? window.hljs.highlight(language, text).value : escaped(text);
		let open = /** @type {string[]} */ ([]);
		return html.split("\n").map((line) => {
			// A colour that spans lines is closed at the end of each, and opened again in the next.
			const before = open.join("");
			open = [...open];
			for (const tag of line.match(/<span[^>]*>|<\/span>/g) ?? []) tag === "</span>" ? open.pop() : open.push(tag);
			// Where a line may break.
			return before + line.replace(/(?=\.[a-z])|(?<=::|\((?!\)))/g, "<wbr>").replace(/-&gt;/g, "<nobr>$&</nobr>") + "</span>".repeat(open.length);
		});
	}

	class TimelinePlayer extends HTMLElement {
		/** @type {Topic} */ topic = { recordings: {}, knobs: [], sources: {}, patterns: {}, marks: {} };
		/** @type {string[]} */ shown = [];
		/** @type {Panel[]} */ panels = [];
		/** The value of each knob. @type {number[]} */ turned = [];
		/** Where the axis ends, and where the recordings do. */ axis = 1; end = 1;
		/** @type {number[]} */ moments = [0];
		now = 0;
		playing = 0;
		speed = 0;
		moment = -1;
		/** Where playing stops. */ until = Infinity;
		/** What comes after `now` is hidden, until the reader has guessed. */ guarded = false;
		/** What the reader guessed, and whether that is right. */ guess = "";
		right = false;
		/** When that is decided. */ decides = 0;
		/** Which of several stories is shown; -1 for all. */ scene = -1;
		/** The naive version is drawn behind the right one. */ ghostly = false;
		/** The code that the reader chose to see: "pattern" or "story". */ view = "";
		scenes = el("div", { class: "tl-choice", role: "group", "aria-label": "Stories" });
		ghost = el("button", { type: "button", "aria-pressed": false, onclick: () => { this.ghostly = !this.ghostly; this.unguard(); this.reload(); } }, "show the naive version behind");
		root = el("div");
		playButton = el("button");
		scrub = el("input");
		clock = el("span", { class: "tl-clock" });
		speedSelect = el("select");
		body = el("div");
		ask = el("a", {}, "Guess first");
		told = el("p", { class: "tl-told", "aria-live": "polite" });
		linked = el("span", { class: "tl-linked" });

		connectedCallback() {
			const topic = window.timelines?.[this.getAttribute("topic") ?? ""];
			if (!topic || this.querySelector(".tl")) return;
			this.topic = topic;
			for (const recordings of [topic.recordings, ...topic.knobs.flatMap((knob) => Object.values(knob.values))]) completed(recordings);
			this.turned = topic.knobs.map((knob) => knob.default);
			const show = this.getAttribute("show") ?? "story";
			const choices = this.choices();
			this.shown = (choices.find(([names]) => names.at(-1) === show && !(this.hasAttribute("cover") && names.length > 1)) ?? [[show]])[0];
			this.build(choices);
			this.load();
			this.seek(0);
			if (this.hasAttribute("cover") && !calm.matches) window.timelineCover?.playWhenSeen(this);
			this.addEventListener("guard", (event) => {
				if (!this.guarded) this.ask.href = `#${/** @type {CustomEvent} */ (event).detail.question}`;
				this.guard();
			});
			this.addEventListener("reveal", (event) => this.reveal(/** @type {CustomEvent} */ (event).detail));
		}

		/** Hides the future, and what would reveal it. */
		guard() {
			this.pause();
			this.guarded = true;
			this.guess = "";
			this.scene = -1;
			this.ghostly = false;
			this.classList.add("tl-guarded");
			this.load();
			this.seek(0);
		}

		/** Shows the future. */
		unguard() {
			this.guarded = false;
			this.classList.remove("tl-guarded");
		}

		/** The reader has guessed: it will play up to the moment that decides, with the guess on the axis. @param {{ at: number, guess: string, right: boolean }} detail */
		reveal({ at, guess, right }) {
			this.pause();
			this.right = right;
			this.unguard();
			this.scene = -1;
			this.guess = guess;
			this.decides = at;
			this.load();
			this.seek(0);
			this.until = at || Infinity;
		}

		/** Goes where the address says: `#timeline-story&t=1.4&show=story,twin&requests=8`. @param {string} hash @param {ScrollBehavior} behavior @returns {boolean} whether it is an address of this player */
		go(hash, behavior) {
			const [id, ...pairs] = hash.replace(/^#/, "").split("&");
			if (id !== this.id) return false;
			const words = new Map(pairs.map((pair) => /** @type {[string, string]} */ (pair.split("=", 2))));
			const names = words.get("show");
			const button = names && this.querySelector(`.tl-choice button[data-names="${CSS.escape(names)}"]`);
			if (button instanceof HTMLElement) button.click();
			this.topic.knobs.forEach((knob, at) => {
				const value = Number(words.get(knob.name));
				if (value && (value === knob.default || knob.values[value])) this.turn(at, value);
			});
			this.pause();
			this.unguard();
			this.scene = Number(words.get("scene") ?? 0) - 1;
			this.load();
			if (words.has("t")) this.seek(Number(words.get("t")) * 1e6);
			this.scrollIntoView({ block: "start", behavior });
			return true;
		}

		/** Puts the address of this moment into the address bar, and copies it. */
		async link() {
			const knobs = this.topic.knobs.flatMap((knob, at) => (this.turned[at] === knob.default ? [] : [`&${knob.name}=${this.turned[at]}`]));
			const hash = `#${this.id}&t=${Number((this.now / 1e6).toFixed(6))}&show=${this.shown.join(",")}${this.scene < 0 ? "" : `&scene=${this.scene + 1}`}${knobs.join("")}`;
			history.replaceState(null, "", hash);
			const copied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
			this.linked.textContent = this.told.textContent = `The link to this moment is ${copied ? "copied" : "in the address bar"}.`;
		}

		choices() {
			return CHOICES.filter(([names]) => names.every((name) => this.topic.recordings[name]));
		}

		/** The recordings for the values of the knobs; at most one is turned. @param {number[]} turned */
		recordings(turned) {
			const { knobs, recordings } = this.topic;
			const index = knobs.findIndex((knob, at) => turned[at] !== knob.default);
			return index < 0 ? recordings : knobs[index].values[turned[index]];
		}

		/** Everything that stays: the bar, the knobs, and a place for the panels. @param {[string[], string][]} choices */
		build(choices) {
			const id = `timeline-${++players}`;
			const button = (/** @type {string} */ words, /** @type {string} */ face, /** @type {() => void} */ onclick, keys = "") =>
				el("button", { type: "button", title: words + (keys && ` (${keys})`), "aria-label": words, onclick, class: "tl-button" }, face);
			this.playButton = button("Play", "", () => this.toggle(), "k");
			const back = button("One event back", "", () => this.step(-1), "←");
			const forth = button("One event on", "", () => this.step(1), "→");
			back.innerHTML = icon("M3 2h2v12H3zM14 2v12L6 8z");
			forth.innerHTML = icon("M11 2h2v12h-2zM2 2v12l8-6z");
			this.scrub = el("input", { type: "range", class: "tl-scrub", "aria-label": "Time", min: 0, step: "any", oninput: () => { this.pause(); this.unguard(); this.seek(Number(this.scrub.value)); } });
			this.speedSelect = el("select", { "aria-label": "Speed", title: "Speed", onchange: () => { this.speed = Number(this.speedSelect.value); } },
				...SPEEDS.map((value, at) => el("option", { value }, SPEED_WORDS[at])));
			const choice = el("div", { class: "tl-choice", role: "group", "aria-label": "Recordings" }, ...choices.map(([names, words]) =>
				el("button", { type: "button", "data-names": names.join(), "aria-pressed": names.join() === this.shown.join(), onclick: (/** @type {Event} */ event) => {
					for (const other of choice.children) other.setAttribute("aria-pressed", String(other === event.currentTarget));
					this.shown = names;
					this.unguard();
					this.reload();
				} }, words)));
			const knobs = this.topic.knobs.map((knob, at) => {
				const values = [...Object.keys(knob.values).map(Number), knob.default].sort((a, b) => a - b);
				const output = el("output", { for: `${id}-knob-${at}` });
				const slider = el("input", { type: "range", id: `${id}-knob-${at}`, min: 0, max: values.length - 1, style: `--steps:${values.length - 1}`, oninput: () => this.turn(at, values[Number(slider.value)]) });
				const show = () => {
					slider.value = String(values.indexOf(this.turned[at]));
					slider.setAttribute("aria-valuetext", String(this.turned[at]));
					output.textContent = String(this.turned[at]);
				};
				show();
				this.addEventListener("turned", show);
				return el("div", { class: "tl-knob" }, el("label", { for: slider.id }, el("code", {}, `--${knob.name}`), " ", el("span", {}, knob.help)), slider, output);
			});
			const link = button("Copy a link to this moment", "", () => this.link());
			link.innerHTML = icon("M6.5 9.5l3-3M7 4.5l1.5-1.5a2.8 2.8 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.5 1.5a2.8 2.8 0 0 1-4.5-4.5L4.5 7");
			link.classList.add("tl-link");
			const guard = el("p", { class: "tl-guard" }, "What happens is hidden. ", this.ask, ", then watch. ",
				el("button", { type: "button", onclick: () => this.play() }, "Play without a guess"));
			this.root = el("div", { class: "tl", role: "group", tabindex: -1, onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) },
				el("div", { class: "tl-bar" }, el("div", { class: "tl-buttons" }, back, this.playButton, forth), this.scrub, this.clock, this.speedSelect, link, this.linked),
				guard,
				el("div", { class: "tl-options" }, ...(choices.length > 1 ? [choice] : []), this.ghost, this.scenes, ...knobs),
				this.body, this.told);
			this.append(this.root);
			this.classList.add("tl-on");
		}

		/** @param {number} at @param {number} value */
		turn(at, value) {
			this.turned = this.topic.knobs.map((knob, index) => (index === at ? value : knob.default));
			this.guess = "";
			this.unguard();
			this.reload();
			this.dispatchEvent(new Event("turned"));
		}

		/** Shows other recordings at the same moment; an ended one stays ended. */
		reload() {
			const ended = this.now >= this.end;
			this.load();
			this.seek(ended ? this.end : Math.min(this.now, this.end));
		}

		/** Shows one of several stories, or (-1) all. @param {number} scene */
		tell(scene) {
			this.pause();
			this.scene = scene;
			this.load();
			this.seek(this.end);
			this.scenes.querySelectorAll("button")[scene + 1]?.focus();
		}

		load() {
			const recordings = this.recordings(this.turned);
			const shown = this.shown.filter((name) => recordings[name]);
			const scenes = shown.map((name) => scenesOf(recordings[name]));
			// Only for a picture that is hard to take in at once.
			const several = scenes.length > 0 && scenes[0].length > 1 && recordings[shown[0]].recording.lanes.length > Math.max(8, 2 * scenes[0].length) && scenes.every((each) => each.length === scenes[0].length);
			if (!several || this.scene >= scenes[0].length) this.scene = -1;
			const alone = (/** @type {Recorded} */ recorded, /** @type {Scene[]} */ of) => (this.scene < 0 ? recorded : cut(recorded, of[this.scene]));
			const recordeds = shown.map((name, index) => alone(recordings[name], scenes[index]));
			const others = shown.join() === "story" && recordings.naive ? scenesOf(recordings.naive) : undefined;
			const naive = others && (this.scene < 0 || others.length === scenes[0].length) ? alone(recordings.naive, others) : undefined;
			const ghost = this.ghostly ? naive : undefined;
			this.ghost.hidden = !naive;
			this.ghost.setAttribute("aria-pressed", String(Boolean(ghost)));
			this.scenes.replaceChildren(...(several ? [{ name: "all" }, ...scenes[0]] : []).map(({ name }, index) =>
				el("button", { type: "button", "aria-pressed": index - 1 === this.scene, onclick: () => { this.unguard(); this.tell(index - 1); } }, name)));
			this.root.querySelectorAll(".tl-knob").forEach((knob, at) => knob.toggleAttribute("inert", this.scene >= 0 && !turns(this.topic, at, shown, this.scene)));
			this.end = Math.max(1, ...[...recordeds, ...(ghost ? [ghost] : [])].map(lastOf));
			// Never shorter than by itself, so that you see what a knob does.
			this.axis = Math.max(this.end, ...(this.scene < 0 ? shown.map((name) => lastOf(this.topic.recordings[name])) : []));
			this.moments = momentsOf(recordeds, this.end);
			const hues = new Map();
			for (const set of [recordings.story, ...recordeds]) {
				const { lanes, levels } = set?.recording ?? { lanes: [], levels: [] };
				for (const { name } of [...inTreeOrder(lanes).map(([number]) => lanes[number]), ...levels]) if (!hues.has(name)) hues.set(name, hues.size % LANE_HUES);
			}
			const lanes = recordeds.flatMap(({ recording }) => inTreeOrder(recording.lanes).map(([number, depth]) => ({ lane: recording.lanes[number], depth })));
			// One width for all panels, so that their axes line up.
			const levels = recordeds.flatMap(({ recording }) => recording.levels.map(({ name }) => name.length));
			const names = Math.min(Math.max(...lanes.map(({ lane, depth }) => lane.name.length + depth * 1.5), ...levels, 4), 18) * 0.62 + 2.1;
			const outcome = Math.max(...lanes.map(({ lane }) => (lane.outcome ?? "still open").length), 4);
			// What a level says is at most as long as its largest number and limit.
			const numbers = Math.max(0, ...recordeds.flatMap(({ recording }) => recording.levels.flatMap(({ values }) => values.map(([, , value, limit]) => (limit === null ? `${value}` : `${value} of ${limit}`).length))));
			this.body.style.cssText = `--names:${names}em;--words:${outcome * 0.56}em;--numbers:${numbers * 0.62}em`;
			this.root.setAttribute("aria-label", `Player: ${this.shown.map((name) => NAMES[name] ?? name).join(" and ")}`);
			this.panels = shown.map((name, index) => this.panel(name, recordeds[index], hues, ghost));
			this.body.replaceChildren(...this.panels.map((panel) => panel.root));
			this.body.append(this.legend(), el("details", { class: "tl-words" }, el("summary", {}, "The story in words"), ...shown.map((name) => el("p", {}, recordings[name].words))));
			this.body.classList.toggle("tl-two", this.panels.length > 1);
			this.body.classList.toggle("tl-ghostly", Boolean(ghost));
			const slow = SPEEDS.findLast((speed) => this.end / 1e6 / speed >= 5) ?? SPEEDS[0];
			if (!this.speed) this.speedSelect.value = String((this.speed = slow));
			this.scrub.max = String(this.end);
			this.moment = -1;
		}

		/** @param {number} at */
		x(at) { return `${(at / this.axis) * 100}%`; }

		/** One recording: its lanes, the source beside them, what was said. @param {string} show @param {Recorded} recorded @param {Map<string, number>} hues @param {Recorded} [ghost] @returns {Panel} */
		panel(show, recorded, hues, ghost) {
			const { recording } = recorded;
			const panel = /** @type {Panel} */ (/** @type {unknown} */ ({ recorded, hues, entries: entriesOf(recorded), rows: [], levels: [], wakes: [], lines: [], file: null, selected: -1, pattern: this.topic.patterns[show] }));
			const order = inTreeOrder(recording.lanes);
			panel.called = calledOf(recording.lanes);
			const lanes = el("div", { class: `tl-lanes${order.length > 18 ? " tl-many" : ""}` });
			const axis = el("div", { class: "tl-axis", "aria-hidden": true });
			const rows = order.length + recording.levels.length || 1;
			const over = el("div", { class: "tl-over", style: `grid-row:2/span ${rows}` });
			for (const [tick, words] of ticks(this.axis)) {
				axis.append(el("span", { class: tick > this.axis * 0.93 ? "tl-left-of" : "", style: `left:${this.x(tick)}` }, words));
				over.append(el("i", { class: "tl-grid", style: `left:${this.x(tick)}` }));
			}
			panel.veil = el("div", { class: "tl-veil" });
			panel.head = el("i", { class: "tl-head" });
			over.append(panel.veil, panel.head);
			const guessed = this.scene < 0 ? timeIn(this.guess) : undefined;
			lanes.append(axis);
			if (guessed !== undefined) {
				// It is counted from the beginning of the story that decides it, and stands in that story's rows. Its words are above all rows.
				const scene = scenesOf(recorded).find(({ from, until }) => from <= this.decides && this.decides <= until);
				const inside = order.flatMap(([number], row) => (scene?.lanes.includes(number) ? [row] : []));
				const said = guessed + (scene?.from ?? 0);
				const place = this.x(Math.min(said, this.axis));
				const above = (inside[0] ?? 0) / rows;
				const line = (/** @type {string} */ kind, /** @type {number} */ top, /** @type {number} */ height) => over.append(el("i", { class: `tl-guess ${kind}`, style: `left:${place};top:${top * 100}%;height:${height * 100}%` }));
				line("tl-lead", 0, above);
				line("", above, (inside.length || rows) / rows);
				lanes.append(el("div", { class: "tl-flag" }, el("i", { style: `flex-basis:${place}` }), el("span", {}, `you said ${duration(guessed)}${said > this.axis ? " →" : ""}`)));
				lanes.classList.toggle("tl-so", this.right);
			}
			const ghosts = ghost ? alike(recorded, ghost) : new Map();
			order.forEach(([number, depth], row) => {
				const lane = recording.lanes[number];
				const hue = `--hue:var(--tl-lane-${hues.get(lane.name)});grid-row:${row + 2}`;
				const name = el("button", { type: "button", class: "tl-name", tabindex: row && -1, "aria-pressed": false, style: `${hue};padding-inline-start:${0.4 + Math.min(depth, 4) * 0.9}em`,
					title: `The story of ${lane.name}`, onclick: () => this.select(panel, panel.selected === number ? -1 : number) }, lane.name);
				const track = el("div", { class: "tl-track", style: hue });
				const stretch = (/** @type {string} */ kind, /** @type {number} */ from, /** @type {number} */ until) => {
					if (until - from > this.axis / 500) track.append(el("i", { class: `tl-${kind}`, style: `left:${this.x(from)};width:${this.x(until - from)}` }));
				};
				const outcome = lane.outcome ?? "still open";
				const end = lane.closed ?? recording.ended;
				if (ghosts.has(number)) track.append(this.shade(ghosts.get(number), lane, lastOf(ghost ?? recorded)));
				const started = lane.polls[0]?.[0] ?? end;
				const waits = waitsOf(recorded, number);
				stretch("new", lane.opened, Math.min(started, waits[0]?.[0] ?? started));
				stretch("wait", started, end);
				for (const [at, until, count, longest] of lane.polls) {
					const length = until - at;
					const seen = length > this.axis / 500;
					if (seen && count === 1 && longest * 2 >= length) stretch("run", at, until);
					else if (seen && (count === 1 || longest * count * 4 >= length)) stretch("part", at, until);
					else if (at < end) track.append(el("i", { class: "tl-poll", style: `left:${this.x(at)}` }));
				}
				for (const [from, until] of waits) stretch("held", from, until);
				const dots = lane.notes.map(({ at, text }) => el("b", { class: "tl-dot", style: `left:${this.x(at)}` }, el("span", {}, text)));
				const mark = el("span", { class: "tl-mark", style: `left:${this.x(end)};--hue:var(--tl-${outcome.replace(" ", "-")})` });
				mark.innerHTML = svg("-10 -10 20 20", this.topic.marks[outcome]);
				const say = el("span", { class: "tl-say" });
				track.append(...dots, mark, say);
				const words = el("span", { class: "tl-end", style: `${mark.style.cssText};grid-row:${row + 2}` }, el("span", {}, outcome), " ", el("b", {}, lane.polls.length ? duration(end - started) : ""));
				lanes.append(name, track, words);
				panel.rows.push({ number, lane, end, name, mark, say, words, dots });
			});
			recording.levels.forEach((level, index) => this.level(panel, lanes, level, order.length + index + 2, ghost?.recording.levels.find(({ name }) => name === level.name)));
			const row = new Map(order.map(([number], at) => [number, at]));
			panel.wakes = recording.lanes.flatMap((lane, number) => lane.wakes.flatMap(([at, by]) =>
				(by !== number ? [{ at, from: row.get(by) ?? 0, to: row.get(number) ?? 0, words: `${recording.lanes[by].name} wakes ${lane.name}` }] : [])));
			panel.arrows = el("div", { class: "tl-wakes", "aria-hidden": true });
			over.append(panel.arrows);
			panel.count = rows;
			panel.callouts = (this.hasAttribute("cover") && window.timelineCover?.callouts(panel, row, (at) => this.x(at), this.axis, el)) || [];
			over.append(...panel.callouts.map(({ badge }) => badge));
			lanes.append(over);
			this.dragging(over, panel);
			panel.views = (panel.pattern ? ["pattern", "story"] : []).map((view) => el("button", { type: "button", onclick: () => { this.view = view; this.select(panel, panel.selected); } }, view));
			panel.source = el("pre", { class: "tl-code", tabindex: 0, "aria-label": "Source" });
			panel.title = el("a", { class: "tl-file" });
			panel.log = el("ol", { class: "tl-log", tabindex: 0, "aria-label": "What happened" });
			panel.story = el("div", { class: "tl-story", role: "status" });
			panel.strip = el("p", { class: "tl-strip" });
			const total = recorded.words.match(/\)\. (.*?\.) /)?.[1] ?? "";
			panel.root = el("section", { class: "tl-panel", "aria-label": NAMES[show] ?? show },
				el("p", { class: "tl-title" }, el("strong", {}, NAMES[show] ?? show), ` ${recording.clock === "virtual" ? "virtual clock" : "on the real clock"}`, el("span", { class: "tl-future" }, total && `: ${total}`)),
				el("div", { class: "tl-both" },
					el("div", { class: "tl-left" }, lanes, panel.strip, ...(panel.callouts.length ? [el("ol", { class: "tl-callouts" }, ...panel.callouts.map((callout) => callout.said))] : []), panel.story, panel.log),
					el("div", { class: "tl-right" }, el("div", { class: "tl-views", role: "group", "aria-label": "Code" }, panel.title, ...panel.views), panel.source)));
			return panel;
		}

		/** What the same lane did in the naive version; what differs is marked. @param {Lane} naive @param {Lane} lane @param {number} last */
		shade(naive, lane, last) {
			const until = naive.closed ?? last;
			const outcome = naive.outcome ?? "still open";
			const differs = outcome !== (lane.outcome ?? "still open") || Math.abs(until - (lane.closed ?? until)) > this.axis * CLOSE;
			const words = `naive: ${outcome}${naive.closed === null ? "" : ` at ${duration(until)}`}`;
			return el("i", { class: `tl-ghost${differs ? " tl-differs" : ""}`, title: words, style: `left:${this.x(naive.opened)};width:${this.x(until - naive.opened)}` },
				...(differs ? [el("u", { style: naive.opened < this.axis / 2 ? "left:0" : "right:0" }, words)] : []));
		}

		/** A number over time, as steps under the line of its limit. @param {Panel} panel @param {HTMLElement} lanes @param {Level} level @param {number} row @param {Level} [naive] */
		level(panel, lanes, level, row, naive) {
			const { name, values } = level;
			const height = heightOf([...values, ...(naive?.values ?? [])]);
			const x = (/** @type {number} */ at) => ((at / this.axis) * 1e3).toFixed(1);
			const y = (/** @type {number} */ value) => (100 - height(value) * 100).toFixed(1);
			const steps = (/** @type {Level["values"]} */ all) => `M${x(all[0]?.[0] ?? 0)} 100${all.map(([at, , value], index) => `L${x(at)} ${y(all[index - 1]?.[2] ?? 0)}V${y(value)}`).join("")}`;
			const limit = values.at(-1)?.[3] ?? null;
			const hue = `--hue:var(--tl-lane-${panel.hues.get(name)});grid-row:${row}`;
			const track = el("div", { class: "tl-track tl-level", style: hue });
			track.innerHTML = svg("0 0 1000 100", `<path d="${steps(values)}H${x(panel.recorded.recording.ended)}V100Z"/>${limit === null ? "" : `<path class="tl-limit" d="M0 ${y(limit)}H1000"/>`}${naive ? `<path class="tl-shadow" d="${steps(naive.values)}"/>` : ""}`).replace("<svg ", '<svg preserveAspectRatio="none" ');
			const words = el("span", { class: "tl-end tl-past tl-number", style: hue });
			lanes.append(el("span", { class: "tl-name", style: hue }, name), track, words);
			panel.levels.push({ level, words });
		}

		/** An arrow from the waker to the woken lane, for each wake of this moment. @param {Panel} panel @param {number} since @param {number} at @returns {string[]} the same in words */
		wakes(panel, since, at) {
			const now = panel.wakes.filter((wake) => wake.at > since && wake.at <= at);
			panel.arrows.replaceChildren(...now.map(({ at: when, from, to }) => {
				const [top, bottom] = [Math.min(from, to), Math.max(from, to)].map((row) => ((row + 0.5) / panel.count) * 100);
				return el("i", { class: from < to ? "tl-down" : "tl-up", style: `left:${this.x(when)};top:${top}%;height:${bottom - top}%` });
			}));
			return now.map(({ words }) => words);
		}

		/** Which lanes are polled, by first polls; are ready, and not polled; wait, and for which. @param {Panel} panel @param {number} since @param {number} at */
		strip(panel, since, at) {
			const { recording: { lanes }, held } = panel.recorded;
			const polled = /** @type {[number, number, string, number][]} */ ([]);
			const [ready, waiting] = [/** @type {[string, number][]} */ ([]), /** @type {[string, number][]} */ ([])];
			lanes.forEach((lane, number) => {
				const hue = panel.hues.get(lane.name) ?? 0;
				const poll = lane.polls.findLast(([from]) => from <= at);
				const first = lane.polls.find(([from, until]) => from <= at && (from > since || until > at));
				if (first) polled.push([first[0], first[4] ?? 0, panel.called[number], hue]);
				else if (held.some(([who, , from, until]) => who === number && from <= at && at < until)) ready.push([panel.called[number], hue]);
				else if (poll && (lane.closed ?? at + 1) > at && lanes.every((inner) => inner.parent !== number || inner.opened > at || (inner.closed ?? at + 1) <= at)) {
					const by = lane.wakes.find(([when]) => when > at)?.[1];
					waiting.push([panel.called[number] + (by !== undefined && by !== number ? ` for ${panel.called[by]}` : ""), hue]);
				}
			});
			polled.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
			const part = (/** @type {string} */ words, /** @type {[string, number][]} */ all, joint = ", ") => {
				const names = [...Map.groupBy(all, ([name]) => name)];
				return names.length ? [el("span", {}, el("b", {}, words), ...names.slice(0, 5).flatMap(([name, same], index) => [index ? joint : " ",
					el("span", { style: `color:var(--tl-lane-${same[0][1]})` }, name + (same.length > 1 ? ` ×${same.length}` : ""))]), names.length > 5 ? ` +${names.length - 5}` : "")] : [];
			};
			panel.strip.replaceChildren(...part("polled", polled.map(([, , name, hue]) => [name, hue]), " → "), ...part("ready, not polled", ready), ...part("waits", waiting));
		}

		/** What the visible shapes mean. */
		legend() {
			const lanes = this.panels.flatMap((panel) => panel.recorded.recording.lanes);
			const ends = new Set(lanes.map((lane) => lane.outcome ?? "still open"));
			const root = el("p", { class: "tl-legend" });
			for (const [state, words] of STATES) {
				if (this.panels.some((panel) => panel.root.querySelector(`.tl-track .tl-${state}`))) {
					root.append(el("span", {}, el("i", { class: "tl-swatch" }, el("i", { class: `tl-${state}` })), words));
				}
			}
			if (this.panels.some((panel) => panel.levels.length)) root.append(el("span", {}, el("i", { class: "tl-swatch tl-step" }), "a number, and its limit"));
			if (this.panels.some((panel) => panel.root.querySelector(".tl-ghost"))) root.append(el("span", {}, el("i", { class: "tl-swatch" }, el("i", { class: "tl-ghost" })), "naive version"));
			if (this.panels.some((panel) => panel.wakes.length)) root.append(el("span", {}, el("i", { class: "tl-swatch tl-arrow" }, "⤷"), "wakes"));
			for (const [words, mark] of Object.entries(this.topic.marks)) {
				if (!ends.has(words)) continue;
				const shape = el("i", { class: "tl-swatch tl-mark", style: `--hue:var(--tl-${words.replace(" ", "-")})` });
				shape.innerHTML = svg("-10 -10 20 20", mark);
				root.append(el("span", {}, shape, words));
			}
			root.append(el("span", { class: "tl-times" }, "time: from first poll to end"));
			return root;
		}

		/** The time follows the pointer; a click without a drag asks for a lane's story. @param {HTMLElement} over @param {Panel} panel */
		dragging(over, panel) {
			let from = 0;
			let dragged = false;
			/** The lane under the pointer; the time goes there if it is to follow. @param {MouseEvent} event @param {boolean} follow */
			const under = (event, follow) => {
				const box = over.getBoundingClientRect();
				if (follow) this.seek(((event.clientX - box.left) / box.width) * this.axis);
				return panel.rows[Math.floor(((event.clientY - box.top) / box.height) * panel.count)];
			};
			over.onpointerdown = (event) => {
				if (event.button !== 0) return;
				over.setPointerCapture(event.pointerId);
				from = event.clientX;
				dragged = false;
				// The keys are the player's from here on, and do not turn the page.
				this.root.focus({ preventScroll: true });
				this.unguard();
				this.pause();
			};
			over.onpointermove = (event) => {
				const held = over.hasPointerCapture(event.pointerId);
				dragged ||= held && Math.abs(event.clientX - from) > 3;
				over.title = under(event, held && dragged)?.say.title ?? "";
			};
			over.onclick = (event) => {
				if (!dragged) this.select(panel, under(event, true)?.number ?? -1);
			};
		}

		/** @param {KeyboardEvent} event */
		key(event) {
			if (event.altKey || event.ctrlKey || event.metaKey) return;
			const target = /** @type {HTMLElement} */ (event.target);
			// The source and the list scroll with the arrow keys.
			const own = target.matches("input, select, .tl-code, .tl-log");
			/** @type {Record<string, () => void>} */
			const actions = {
				k: () => this.toggle(),
				" ": () => this.toggle(),
				ArrowLeft: () => this.step(-1),
				ArrowRight: () => this.step(1),
				Home: () => { this.pause(); this.seek(0); },
				End: () => { this.pause(); this.seek(this.end); },
				Escape: () => this.panels.forEach((panel) => this.select(panel, -1)),
			};
			// Otherwise the arrow keys would turn the page.
			event.stopPropagation();
			// The lanes are one stop of the Tab key.
			const names = target.matches("button.tl-name") ? [...this.root.querySelectorAll("button.tl-name")] : [];
			const next = names[names.indexOf(target) + ({ ArrowUp: -1, ArrowDown: 1 }[event.key] ?? NaN)];
			if (next instanceof HTMLElement) {
				event.preventDefault();
				next.tabIndex = 0;
				target.tabIndex = -1;
				next.focus();
			}
			const action = actions[event.key];
			if (!action || (own && event.key !== "k" && event.key !== "Escape") || (event.key === " " && target.matches("button, summary, a"))) return;
			event.preventDefault();
			this.unguard();
			action();
		}

		toggle() {
			if (this.playing) this.pause();
			else this.play();
		}

		play() {
			this.unguard();
			if (this.now >= this.end) this.seek(0);
			if (this.now >= this.until) this.until = Infinity;
			let last = performance.now();
			const frame = (/** @type {number} */ time) => {
				// With reduced motion, from moment to moment, with time to look.
				if (!calm.matches) this.seek(Math.min(this.now + (time - last) * 1e3 * this.speed, this.until));
				else if (time - last < 1200) { this.playing = requestAnimationFrame(frame); return; }
				else this.seek(Math.min(this.moments.find((moment) => moment > this.now) ?? this.end, this.until));
				last = time;
				if (this.now >= Math.min(this.end, this.until)) {
					this.pause();
					if (this.now < this.end) this.linked.textContent = "Paused at your question: press Play to go on.";
				}
				else this.playing = requestAnimationFrame(frame);
			};
			this.playing = requestAnimationFrame(frame);
			this.button();
		}

		pause() {
			cancelAnimationFrame(this.playing);
			this.playing = 0;
			this.button();
		}

		button() {
			const button = this.playButton;
			const words = this.playing ? "Pause" : "Play";
			button.setAttribute("aria-label", words);
			button.title = `${words} (k)`;
			button.innerHTML = icon(this.playing ? "M3 2h4v12H3zM9 2h4v12H9z" : "M3 1v14l11-7z");
		}

		/** To the next event, or back to the one before. @param {1 | -1} by */
		step(by) {
			this.pause();
			this.unguard();
			const to = by > 0 ? this.moments.find((moment) => moment > this.now) : this.moments.findLast((moment) => moment < this.now);
			this.seek(to ?? by * this.end);
		}

		/** Shows this moment. @param {number} at */
		seek(at) {
			this.now = Math.min(Math.max(at, 0), this.end);
			this.linked.textContent = "";
			const moment = this.moments.findLastIndex((time) => time <= this.now);
			const words = `${duration(this.now)} of ${duration(this.end)}`;
			this.scrub.value = String(this.now);
			this.scrub.style.setProperty("--done", `${(this.now / this.end) * 100}%`);
			this.scrub.setAttribute("aria-valuetext", words);
			this.clock.textContent = words;
			for (const panel of this.panels) panel.veil.style.left = panel.head.style.left = this.x(this.now);
			if (!this.playing) this.button();
			if (moment === this.moment) return;
			this.moment = moment;
			const since = this.moments[moment - 1] ?? -1;
			const told = this.panels.flatMap((panel) => this.show(panel, since, this.moments[moment]));
			this.told.textContent = `${duration(this.moments[moment])}: ${told.join("; ") || "polls"}`;
		}

		/** Shows what a recording says of the moment `at`; what happened after `since` is new. @param {Panel} panel @param {number} since @param {number} at */
		show(panel, since, at) {
			const close = this.end * CLOSE;
			const earlier = panel.rows.map(({ number, lane, end, name, mark, say, words }) => {
				const past = end <= at;
				mark.classList.toggle("tl-past", past);
				words.classList.toggle("tl-past", past);
				name.setAttribute("aria-label", `${panel.called[number]}, ${past ? words.textContent : lane.opened > at ? "not there yet" : "under way"}`);
				const said = lane.notes.filter((note) => note.at <= at);
				const last = said.at(-1);
				// What a lane said last, as long as it is open; at its end, what it said there.
				const now = last && (!past || lane.closed === null || lane.closed - last.at <= close) ? last.text : "";
				say.textContent = now.replace(/\d{9,}/, "…");
				say.title = said.map((note) => `${duration(note.at)}: ${note.text}`).join("\n");
				// Where the lane has come to: above it if little room is left beside it.
				const where = Math.min(at, end);
				say.classList.toggle("tl-above", where > this.axis * (innerWidth < 620 && !past ? 0.4 : 0.6));
				say.style.cssText = `--at:${this.x(where)}`;
				return said.length - (now ? 1 : 0);
			});
			// Its earlier words are above it if they fit. Measured last, in one layout.
			panel.rows.forEach(({ mark, say, dots }, row) => {
				dots.forEach((dot, index) => dot.classList.toggle("tl-said", index < earlier[row] && dot.offsetLeft + dot.children[0].scrollWidth + 11 <= Math.min(say.offsetLeft, dots[index + 1]?.offsetLeft ?? mark.offsetLeft - 5)));
			});
			for (const callout of panel.callouts) callout.badge.hidden = callout.said.hidden = callout.at > at;
			for (const { level, words } of panel.levels) {
				const [, , value, limit] = level.values.findLast(([from]) => from <= at) ?? [0, 0, 0, null];
				words.textContent = (limit === 1 && ["off", "on"][value]) || (limit === null ? `${value}` : `${value} of ${limit}`);
			}
			const { lanes } = panel.recorded.recording;
			const past = panel.entries.filter((entry) => entry.at <= at);
			const who = (/** @type {Entry} */ entry) => lanes[entry.lane]?.name ?? "";
			panel.log.replaceChildren(...past.map((entry) => {
				const name = who(entry);
				return el("li", { class: entry.at > since ? "tl-now" : "" }, el("span", {}, duration(entry.at)),
					el("b", { style: name ? `color:var(--tl-lane-${panel.hues.get(name)})` : "" }, name),
					el("span", { class: entry.end ? "tl-ended" : "" }, entry.text));
			}));
			// The newest line is in sight, and the first one whole.
			const lines = /** @type {HTMLElement[]} */ ([...panel.log.children]);
			const bottom = lines.reduce((_, line) => line.offsetTop + line.offsetHeight, 0);
			panel.log.scrollTo(0, (lines.find((line) => line.offsetTop >= bottom - panel.log.clientHeight) ?? lines.at(-1))?.offsetTop ?? 0);
			this.light(panel, since, at);
			this.strip(panel, since, at);
			return [...past.filter((entry) => entry.at > since).map((entry) => `${who(entry)} ${entry.text}`.trim()), ...this.wakes(panel, since, at)];
		}

		/** Lights the line of each lane's last note, or of its opening. @param {Panel} panel @param {number} since @param {number} at */
		light(panel, since, at) {
			const lit = litOf(panel.recorded.recording, panel.selected, since, at);
			// Before the first event it shows the pattern, unless the reader chose.
			const rests = panel.pattern && (this.view ? this.view === "pattern" : !this.moment && panel.selected < 0);
			this.open(panel, rests ? "" : newestOf(lit)?.file ?? "");
			const here = panel.file || panel.pattern?.file;
			const seen = lit.filter(({ file, line }) => file === here && panel.lines[line - panel.first] && (!rests || this.moment));
			const newest = newestOf(seen);
			panel.views.forEach((view, index) => view.setAttribute("aria-pressed", String(!panel.file === !index)));
			for (const line of panel.lines) {
				line.className = "";
				line.querySelector(".tl-who")?.remove();
			}
			for (const [number, all] of Map.groupBy(seen, ({ line }) => line)) {
				const line = panel.lines[number - panel.first];
				const latest = newestOf(all);
				const hue = (/** @type {string} */ name) => `var(--tl-lane-${panel.hues.get(name)}, var(--tl-quiet))`;
				line.className = latest.at > since ? "tl-lit tl-fresh" : "tl-lit";
				line.style.setProperty("--hue", hue(latest.name));
				const [name, ...others] = new Set(all.map((one) => one.name));
				line.querySelector("i")?.after(el("span", { class: "tl-who", title: [name, ...others].join(", ") }, el("span", { style: `--hue:${hue(name)}` }, name), ...(others.length ? [el("span", { class: "tl-more" }, `+${others.length}`)] : [])));
			}
			const line = newest && panel.lines[newest.line - panel.first];
			if (line && (line.offsetTop < panel.source.scrollTop + 20 || line.offsetTop + 40 > panel.source.scrollTop + panel.source.clientHeight)) {
				// A long scroll would not end before the next line is lit.
				const near = Math.abs(line.offsetTop - panel.source.scrollTop) < 2 * panel.source.clientHeight;
				panel.source.scrollTo({ top: line.offsetTop - panel.source.clientHeight / 2, behavior: this.playing && near && !calm.matches ? "smooth" : "auto" });
			}
		}

		/** Puts a file beside the lanes. @param {Panel} panel @param {string} file */
		open(panel, file) {
			const pattern = file ? undefined : panel.pattern;
			const source = pattern ?? this.topic.sources[file];
			if (file === panel.file || !source) return;
			panel.first = pattern?.line ?? 1;
			panel.file = file;
			panel.title.textContent = `${pattern ? "the pattern: " : ""}${(pattern?.file ?? file).replace(/^crates\//, "")}`;
			panel.title.href = source.page + (pattern ? `#L${panel.first}` : "");
			const code = el("code", { class: "hljs", role: "list" });
			const texts = source.text.split("\n");
			panel.lines = highlighted(source.text.trimEnd(), source.language).map((html, at) => {
				const line = el("span", { role: "listitem", style: `--indent:${texts[at].search(/\S|$/)}` }, el("i", {}, String(at + panel.first)));
				line.insertAdjacentHTML("beforeend", `<span class="tl-line">${html}\n</span>`);
				return line;
			});
			code.append(...panel.lines);
			panel.source.replaceChildren(code);
		}

		/** Tells a lane's story, or (-1) none. @param {Panel} panel @param {number} number */
		select(panel, number) {
			panel.selected = number;
			for (const row of panel.rows) row.name.setAttribute("aria-pressed", String(row.number === number));
			const lane = panel.recorded.recording.lanes[number];
			panel.story.replaceChildren(...(lane ? this.storyOf(panel, lane) : []));
			this.moment = -1;
			this.seek(this.now);
		}

		/** @param {Panel} panel @param {Lane} lane */
		storyOf(panel, lane) {
			const { recording, held } = panel.recorded;
			const at = (/** @type {string | null} */ place) => {
				const found = placeOf(place);
				const source = found && this.topic.sources[found.file];
				return source ? [" in ", el("a", { href: `${source.page}#L${found.line}` }, `${found.file.split("/").slice(-1)[0]}:${found.line}`)] : [];
			};
			const polls = lane.polls.reduce((sum, poll) => sum + poll[2], 0);
			const parent = lane.parent === null ? "" : `, inside ${recording.lanes[lane.parent].name}`;
			const items = [
				el("li", {}, `Opened at ${duration(lane.opened)}${parent}`, ...at(lane.place), "."),
				el("li", {}, polls ? `Polled ${polls === 1 ? "once" : `${polls} times`}, first at ${duration(lane.polls[0][0])}.` : "Never polled."),
				...lane.notes.map((note) => el("li", {}, `${duration(note.at)}: ${note.text},`, ...at(note.place), ".")),
			];
			const waited = Map.groupBy(held.filter(([who]) => recording.lanes[who] === lane), ([, by]) => by);
			for (const [by, times] of [...waited].slice(0, 3)) {
				const time = duration(times.reduce((sum, [, , from, until]) => sum + until - from, 0));
				items.push(el("li", {}, by === null ? `Ready for ${time}, and nothing polled it.` : `Held up by ${recording.lanes[by].name} for ${time}.`));
			}
			const started = lane.polls[0]?.[0] ?? lane.closed ?? 0;
			items.push(el("li", {}, lane.closed === null ? "Still open when the recording was taken." : `${(lane.outcome ?? "").replace(/^./, (c) => c.toUpperCase())} at ${duration(lane.closed)}, ${duration(lane.closed - started)} after its first poll.`));
			const close = el("button", { type: "button", class: "tl-close", "aria-label": "Close", onclick: () => { this.select(panel, -1); panel.rows.find((row) => row.lane === lane)?.name.focus(); } }, "×");
			return [el("p", {}, el("strong", {}, lane.name), lane.kind === "blocking" ? ", a closure on another thread" : ", a future"), close, el("ul", {}, ...items)];
		}
	}

	customElements.define("timeline-player", TimelinePlayer);

	// A link to a moment: #timeline-story&t=1.4, in seconds.
	document.addEventListener("click", (event) => {
		const link = event.target instanceof Element ? event.target.closest('a[href^="#timeline-"]') : null;
		const hash = link?.getAttribute("href") ?? "";
		const player = hash && document.getElementById(hash.slice(1).split("&")[0]);
		if (!(player instanceof TimelinePlayer) || !player.go(hash, calm.matches ? "auto" : "smooth")) return;
		event.preventDefault();
		player.playButton.focus({ preventScroll: true });
	});
	const follow = () => void [...document.querySelectorAll("timeline-player")].some((player) => player instanceof TimelinePlayer && player.go(location.hash, "auto"));
	addEventListener("hashchange", follow);
	addEventListener("DOMContentLoaded", () => setTimeout(follow));
})();
