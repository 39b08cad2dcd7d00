// @ts-check
// A player on another page than its topic's: it plays by itself, and numbers what it shows. Only such pages load this file.
"use strict";

window.timelineCover = {
	/** Plays once, as soon as most of it is in view, unless the reader has used it. @param {Cover} player */
	playWhenSeen(player) {
		const sight = new IntersectionObserver(([entry]) => {
			if (!entry.isIntersecting) return;
			sight.disconnect();
			if (player.now === 0) player.play();
		}, { threshold: 0.6 });
		// Watches its lanes, because the whole player is higher than a phone.
		sight.observe(player.querySelector(".tl-lanes") ?? player);
	},

	/** The remarks in the picture: where a lane waits, is cancelled or is held up. @param {Panel} panel @param {Map<number, number>} row @param {(at: number) => string} x where a moment stands @param {number} axis @param {El} el */
	callouts(panel, row, x, axis, el) {
		const { recording: { lanes }, held } = panel.recorded;
		const found = /** @type {[number, number, string][]} */ ([]);
		// Only in the first half, and for lanes without lanes inside: a newcomer looks there first.
		const simple = (/** @type {number} */ number) => lanes[number].outcome !== "cancelled" && lanes.every(({ parent }) => parent !== number);
		const gaps = lanes.flatMap((lane, number) => lane.polls.map(([, until], index) => ({ number, until, next: lane.polls[index + 1]?.[0] ?? lane.closed ?? until })));
		const early = gaps.filter(({ number, next }) => simple(number) && next <= axis / 2);
		const longest = early.reduce((most, gap) => (gap.next - gap.until > most.next - most.until ? gap : most), early[0]);
		if (longest && !held.length) found.push([longest.number, (longest.until + longest.next) / 2, `${lanes[longest.number].name} waits here, and uses no thread`]);
		const cancelled = lanes.findIndex((lane) => lane.outcome === "cancelled");
		if (cancelled >= 0) found.push([cancelled, lanes[cancelled].closed ?? 0, `${lanes[cancelled].name} is cancelled here`]);
		for (const [number, by, from] of held.slice(0, 1)) found.push([number, from, by === null ? `${lanes[number].name} is ready, and not polled` : `${lanes[by].name} keeps the thread, so ${lanes[number].name} cannot go on`]);
		return found.sort(([, one], [, other]) => one - other).map(([number, at, words], index) => ({
			at,
			badge: el("i", { class: "tl-badge", "aria-hidden": true, style: `left:calc(${x(at)} - ${at === lanes[number].closed ? 22 : 0}px);top:${(((row.get(number) ?? 0) + 0.5) / panel.count) * 100}%` }, `${index + 1}`),
			said: el("li", {}, words),
		}));
	},
};
