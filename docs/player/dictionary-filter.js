// @ts-check
/*
 * The filter of the dictionary: a box that leaves the rows in which every word of the question stands.
 *
 * It comes to life on a page with <div id="dictionary-filter"></div>, and filters the tables behind it.
 * Without JavaScript all rows are there. Nothing is loaded, so it works from the file system.
 */
(() => {
	const place = document.getElementById("dictionary-filter");
	if (!place?.parentElement) return;

	/** A heading and what follows it up to the next one, with the rows of its tables. */
	/** @type {{ parts: HTMLElement[], rows: { row: HTMLElement, text: string }[] }[]} */
	const sections = [];
	for (let part = place.nextElementSibling; part; part = part.nextElementSibling) {
		if (!(part instanceof HTMLElement)) continue;
		if (/^H[1-6]$/.test(part.tagName)) sections.push({ parts: [], rows: [] });
		const section = sections.at(-1);
		// What stands before the first heading always stays.
		if (!section) continue;
		section.parts.push(part);
		for (const row of part.querySelectorAll("tbody tr")) {
			if (row instanceof HTMLElement) section.rows.push({ row, text: plain(row.textContent ?? "") });
		}
	}
	const total = sections.reduce((sum, section) => sum + section.rows.length, 0);

	/** Names are found with and without `asyncio.`, in either case. @param {string} text */
	function plain(text) {
		return text.toLowerCase().replaceAll("asyncio.", "").replace(/\s+/g, " ");
	}

	const label = document.createElement("label");
	label.textContent = "Find a name";
	label.htmlFor = "dictionary-question";
	const box = document.createElement("input");
	Object.assign(box, { id: "dictionary-question", type: "search", autocomplete: "off", spellcheck: false });
	box.placeholder = "gather, Queue.put, timeout";
	const found = document.createElement("output");
	found.htmlFor.add(box.id);
	found.setAttribute("role", "status");
	place.className = "dictionary-filter";
	place.append(label, box, found);

	const style = document.createElement("style");
	style.textContent = `
		.dictionary-filter { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: baseline; padding: .75rem 0; }
		.dictionary-filter input { flex: 1 1 12rem; min-width: 0; padding: .4rem .6rem; font: inherit;
			color: var(--searchbar-fg, FieldText); background: var(--searchbar-bg, Field);
			border: 1px solid currentColor; border-radius: 4px; }
		.dictionary-filter input:focus-visible { outline: 2px solid var(--links, Highlight); outline-offset: 2px; }
		.dictionary-filter output { flex: 0 0 auto; font-variant-numeric: tabular-nums; }
		@media print { .dictionary-filter { display: none; } }`;
	document.head.append(style);

	function filter() {
		const words = plain(box.value).trim().split(" ").filter(Boolean);
		let count = 0;
		for (const section of sections) {
			let left = 0;
			for (const { row, text } of section.rows) {
				const matches = words.every((word) => text.includes(word));
				row.hidden = !matches;
				left += Number(matches);
			}
			count += left;
			for (const part of section.parts) part.hidden = words.length > 0 && left === 0;
		}
		if (words.length === 0) found.textContent = `${total} rows`;
		else if (count === 0) found.textContent = "Nothing found. Escape shows everything.";
		else found.textContent = `${count} of ${total} rows`;
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
	// The search leads to a section, and marks what was searched: the first such row is to be seen.
	const heading = document.getElementById(decodeURIComponent(location.hash.slice(1)));
	const row = sections.find(({ parts }) => heading && parts.includes(heading))?.rows.find((each) => each.row.querySelector("mark"))?.row;
	if (row) addEventListener("load", () => row.scrollIntoView({ block: "center" }));
})();
