// @ts-check
/*
 * The filter of the dictionary and of the messages: a box that leaves only the entries with the words that you type.
 *
 * It runs on a page with <div id="page-filter"></div>, and filters the rows of the tables after it.
 * With data-loose, list items and sections of the third level are also entries, and you can paste a whole message.
 * Names and numbers of your own program are ignored, and the nearest entries are left.
 * If no entry has all your words, a paragraph between the box and the first heading says where else to look.
 * Without JavaScript, all entries are shown. Nothing is loaded, so it works from the file system.
 */
(() => {
	const place = document.getElementById("page-filter");
	if (!place?.parentElement) return;
	const { label: words = "", hint = "", entries: kind = "rows", loose } = place.dataset;

	/** @typedef {{ parts: HTMLElement[], text: string, quoted: string[] }} Entry The texts that it quotes in code, or its title. */
	/** A heading and everything up to the next one, with its entries and the text above them. */
	/** @type {{ parts: HTMLElement[], entries: Entry[], lead: string }[]} */
	const sections = [];
	/** The text before the first heading is hidden while entries are filtered. @type {HTMLElement[]} */
	const before = [];
	/** @type {Entry | undefined} */
	let entry;
	for (let part = place.nextElementSibling; part; part = part.nextElementSibling) {
		if (!(part instanceof HTMLElement)) continue;
		if (/^H[1-6]$/.test(part.tagName)) entry = undefined;
		if (part.tagName === "H3" && loose !== undefined) sections.at(-1)?.entries.push((entry = { parts: [], text: "", quoted: quoted([part]) }));
		else if (/^H[1-6]$/.test(part.tagName)) sections.push({ parts: [], entries: [], lead: "" });
		const section = sections.at(-1);
		if (!section) {
			before.push(part);
			continue;
		}
		section.parts.push(part);
		const text = plain(part.textContent ?? "");
		const inside = [...part.querySelectorAll("tbody tr")];
		if (loose !== undefined && part.tagName === "UL") inside.push(...part.children);
		if (entry) {
			entry.parts.push(part);
			entry.text += text;
		} else if (!inside.length) section.lead += text;
		else for (const one of inside) if (one instanceof HTMLElement) section.entries.push({ parts: [one], text: plain(one.textContent ?? ""), quoted: quoted(one.querySelectorAll("td:first-child code")) });
	}
	if (loose !== undefined) for (const { entries, lead } of sections) if (!entries.length) entries.push({ parts: [], text: lead, quoted: [] });
	const total = sections.reduce((sum, section) => sum + section.entries.length, 0);

	/** Names are found with and without `asyncio.`, in upper or lower case. In a message, only the words count. @param {string} text */
	function plain(text) {
		const lower = text.toLowerCase().replaceAll("asyncio.", "");
		return loose === undefined ? lower.replace(/\s+/g, " ") : ` ${lower.replace(/[^\p{L}\d_]+/gu, " ")}`;
	}

	/** The texts of these elements that have at least three words. @param {Iterable<Element>} elements */
	function quoted(elements) {
		return [...elements].map((element) => plain(element.textContent ?? "").trim()).filter((text) => text.split(" ").length > 2);
	}

	/** The names in code that is copied, without the words and signs around them: `await gather(*all)` asks for `gather`, and `except CancelledError:` for `CancelledError`. @param {string} code */
	function named(code) {
		let names = code.replace(/^.*\bawait\s+(?=asyncio\.|.*\()/i, "");
		names = names.replace(/^\s*(?:@|(?:except|import)\s+|from\s+(?=\S+\s+import\b))|(?<=\S)\s*:\s*$/g, "");
		// Of an import, the module has a row; a name in it need not have one.
		names = names.replace(/\s+import\b.*/, "");
		// From the innermost parentheses outwards; the last one may be open.
		while (names.includes("(")) names = names.replace(/\([^()]*(?:\)|$)/g, " ");
		return names.replace(/(?<=\s)\./g, "");
	}

	/** The question without the words around every panic message, and without the place and the source below an error of rustc. @param {string} question */
	function core(question) {
		return plain(loose === undefined ? named(question) : question.replace(/thread '.*?panicked at \S*|note: run with .*|\s--> .*|^\s*(?:error|warning)(?=\[|: )|traceback \(most.*?\)/gi, " "));
	}

	/** @param {string} question */
	function wordsOf(question) {
		const all = [...new Set(core(question).split(" ").filter(Boolean))];
		return loose === undefined ? all : all.map((word) => ` ${word}`);
	}

	const label = document.createElement("label");
	label.textContent = words;
	label.htmlFor = "page-question";
	const box = document.createElement("input");
	Object.assign(box, { id: "page-question", type: "search", autocomplete: "off", spellcheck: false });
	box.placeholder = hint;
	const found = document.createElement("output");
	found.htmlFor.add(box.id);
	found.setAttribute("role", "status");
	place.className = "page-filter";
	place.append(label, box, found);

	const style = document.createElement("style");
	style.textContent = `
		.page-filter { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: baseline; padding: .75rem 0; scroll-margin-top: 60px; }
		.page-filter input { flex: 1 1 12rem; min-width: 0; padding: .4rem .6rem; font: inherit;
			color: var(--searchbar-fg, FieldText); background: var(--searchbar-bg, Field);
			border: 1px solid currentColor; border-radius: 4px; }
		.page-filter input:focus-visible { outline: 2px solid var(--links, Highlight); outline-offset: 2px; }
		.page-filter output { flex: 0 1 auto; font-variant-numeric: tabular-nums; }
		@media print { .page-filter { display: none; } }`;
	document.head.append(style);

	/** How near a row is to the question: its name is the question, begins with it or contains it, or only the row's text does. @param {HTMLElement | undefined} row @param {string} question */
	function distance(row, question) {
		const name = plain(row?.querySelector("td")?.textContent ?? "").trim();
		if (name === question) return 0;
		const at = ` ${name.replace(/\W+/g, " ")} `.indexOf(` ${question.replace(/\W+/g, " ")} `);
		return at === 0 ? 1 : at > 0 ? 2 : 3;
	}

	/** Puts the rows with the nearest names first, and their sections. Without a question, restores the order of the page. @param {string} question */
	function order(question) {
		const near = new Map(sections.map((section) => {
			const rows = section.entries.map(({ parts }) => /** @type {[HTMLElement, number]} */ ([parts[0], question ? distance(parts[0], question) : 0]));
			const visible = rows.filter(([row]) => !row.hidden).map(([, far]) => far);
			for (const [row] of rows.toSorted((a, b) => a[1] - b[1])) row.parentElement?.append(row);
			return [section, Math.min(4, ...visible)];
		}));
		for (const { parts } of sections.toSorted((a, b) => (near.get(a) ?? 0) - (near.get(b) ?? 0))) for (const part of parts) place?.parentElement?.append(part);
	}

	/** Which texts are left: those with every word, or else, for a message, those that quote a part of it, or else those with the most of its rare words. @param {string[]} asked @returns {{ left: (text: string, row?: HTMLElement) => boolean, near: boolean }} */
	function matching(asked) {
		const all = (/** @type {string} */ text) => asked.every((word) => text.includes(word));
		const texts = sections.flatMap(({ entries, lead }) => [lead, ...entries.map(({ text }) => text)]);
		if (texts.some(all)) return { left: all, near: false };
		if (loose === undefined) {
			// Of a chain of calls, no row may have all names. Then each row that is named like one of them is left.
			const isNamed = (/** @type {HTMLElement | undefined} */ row) => row !== undefined && asked.some((word) => distance(row, word) < 3 || distance(row, word.split(".")[0]) < 3);
			return { left: box.value.includes("(") ? (_, row) => isNamed(row) : all, near: false };
		}
		const message = `${core(box.value)} `;
		const quoting = new Set(sections.flatMap(({ entries }) => entries.filter((each) => each.quoted.some((text) => message.includes(` ${text} `))).map(({ text }) => text)));
		if (quoting.size) return { left: (text) => quoting.has(text), near: false };
		const weights = asked.map((word) => {
			const holders = texts.filter((text) => text.includes(word)).length;
			return /** @type {[string, number, number]} */ ([word, holders && Math.log(1 + texts.length / holders), holders]);
		}).filter(([, weight]) => weight > 0);
		const score = (/** @type {string} */ text) => weights.reduce((sum, [word, weight]) => sum + (text.includes(word) ? weight : 0), 0);
		const best = Math.max(...texts.map(score));
		// The page does not know the reader's own names. A match needs two known words, a third of all words, and half the weight of the known ones.
		const enough = weights.length > 1 && weights.length * 3 >= asked.length && best * 2 >= score(weights.map(([word]) => word).join(""));
		// And an entry shares at least two words of its own with the message: not numbers, not words that half the language needs.
		const { stopWords } = window.elasticlunr?.stopWordFilter ?? { stopWords: {} };
		const own = weights.filter(([word, , holders]) => !Object.hasOwn(stopWords, word.trim()) && !/^ \d+$/.test(word) && holders * 8 <= texts.length);
		const shares = (/** @type {string} */ text) => own.filter(([word]) => text.includes(word)).length > 1;
		return { left: (text) => enough && score(text) >= best * 0.85 && shares(text), near: enough };
	}

	function filter() {
		if (box.value && innerHeight - box.getBoundingClientRect().bottom < 400) place?.scrollIntoView({ block: "start" });
		const asked = wordsOf(box.value);
		const { left, near } = matching(asked);
		let count = 0;
		for (const { parts, entries, lead } of sections) {
			// The text above the entries is about all of them.
			const whole = !asked.length || (loose !== undefined && left(lead));
			const shown = entries.filter((each) => whole || left(each.text, each.parts[0]));
			count += shown.length;
			for (const part of parts) part.hidden = !shown.length;
			if (shown.length) for (const each of entries) for (const part of each.parts) part.hidden = !shown.includes(each);
		}
		for (const part of before) part.hidden = asked.length > 0 && !(part.tagName === "P" && (near || !count));
		if (loose === undefined) order(asked.join(" "));
		if (!asked.length) found.textContent = `${total} ${kind}`;
		else if (count) found.textContent = near ? `No entry has all these words. Nearest: ${count} of ${total}` : `${count} of ${total} ${kind}`;
		else found.textContent = `Nothing found. ${loose === undefined ? "" : "Try two or three words of the message, without your own names. "}Escape shows everything.`;
	}

	function showEverything() {
		box.value = "";
		filter();
	}

	box.addEventListener("input", filter);
	box.addEventListener("keydown", (event) => {
		if (event.key === "Escape") showEverything();
		// The shortcuts of the book (arrows, `s`, `/`) are letters here.
		event.stopPropagation();
	});
	// A link to a section that is hidden shows it again.
	window.addEventListener("hashchange", () => {
		const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
		if (!target?.closest("[hidden]")) return;
		showEverything();
		target.scrollIntoView();
	});
	filter();
	// The search leads to a section, and marks the searched words. Scroll to the first row with one.
	const heading = document.getElementById(decodeURIComponent(location.hash.slice(1)));
	const row = sections.find(({ parts }) => heading && parts.includes(heading))?.entries.flatMap(({ parts }) => parts).find((part) => part.matches("tr, li") && part.querySelector("mark"));
	if (row) addEventListener("load", () => row.scrollIntoView({ block: "center" }));
})();
