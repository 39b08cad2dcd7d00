// @ts-check
// What the player asks a recording: its order, its moments, its several stories. Nothing here draws.
"use strict";

window.recorded = (() => {
	/** Events that are closer than this fraction of the whole are one moment. */
	const CLOSE = 1 / 500;

	/** `85 µs`, `2.5 ms`, `250 ms`, `1.20 s`: as the terminal and the pictures write it. @param {number} micros */
	function duration(micros) {
		if (micros === 0) return "0 s";
		if (micros < 1e3) return `${Math.round(micros)} µs`;
		if (micros < 9950) return `${(micros / 1e3).toFixed(1)} ms`;
		if (micros < 999500) return `${Math.round(micros / 1e3)} ms`;
		return micros < 99995e3 ? `${(Math.round(micros / 1e4) / 100).toFixed(2)} s` : `${Math.round(micros / 1e6)} s`;
	}

	/** @param {string | null} place @returns {Place | null} */
	function placeOf(place) {
		const colon = place?.lastIndexOf(":") ?? -1;
		return place && colon > 0 ? { file: place.slice(0, colon), line: Number(place.slice(colon + 1)) } : null;
	}

	/** The lanes' numbers, each parent before its children, with their depths. @param {Lane[]} lanes @returns {[number, number][]} */
	function inTreeOrder(lanes) {
		const order = /** @type {[number, number][]} */ ([]);
		/** @param {number | null} parent @param {number} depth */
		const visit = (parent, depth) => lanes.forEach((lane, number) => {
			if (lane.parent !== parent) return;
			order.push([number, depth]);
			visit(number, depth + 1);
		});
		visit(null, 0);
		return order;
	}

	/** Restores the null and empty values that the page leaves out. @param {Recordings} recordings */
	function completed(recordings) {
		for (const { recording } of Object.values(recordings)) {
			for (const lane of (recording.lanes ??= [])) {
				Object.assign(lane, { kind: "future", parent: null, place: null, polls: [], wakes: [], notes: [], outcome: null, closed: null, closed_seq: null }, { ...lane });
				for (const note of lane.notes) note.place ??= null;
				lane.polls = lane.polls.map(([at, ...rest]) => (rest.length > 2 ? /** @type {Poll} */ ([at, ...rest]) : [at, at, 1, 0, rest[0] ?? 0]));
			}
			recording.levels ??= [];
			for (const note of (recording.notes ??= [])) note.place ??= null;
		}
	}

	/** What happened in a recording, in order: causes stand before their effects, also within one instant. @param {Recorded} recorded @returns {Entry[]} */
	function entriesOf({ recording }) {
		const entries = /** @type {Entry[]} */ ([]);
		recording.lanes.forEach((lane, number) => {
			for (const { at, seq, text } of lane.notes) entries.push({ at, seq, lane: number, text });
			const said = lane.notes.some(({ at }) => (lane.closed ?? 0) - at <= recording.ended * CLOSE);
			if (lane.closed !== null && !(said && (lane.outcome === "finished" || lane.outcome === "failed"))) {
				entries.push({ at: lane.closed, seq: lane.closed_seq ?? 0, lane: number, text: lane.outcome ?? "", end: true });
			}
		});
		for (const { at, seq, text } of recording.notes) entries.push({ at, seq, lane: -1, text });
		return entries.sort((a, b) => a.at - b.at || a.seq - b.seq);
	}

	/** The moments at which something happens, from 0. @param {Recorded[]} recordeds @param {number} end */
	function momentsOf(recordeds, end) {
		const times = new Set([0]);
		for (const { recording } of recordeds) {
			for (const lane of recording.lanes) {
				times.add(lane.opened).add(lane.closed ?? recording.ended);
				for (const note of lane.notes) times.add(note.at);
				if (lane.polls.length < 16) for (const [at] of lane.polls) times.add(at);
			}
			for (const note of recording.notes) times.add(note.at);
		}
		const moments = /** @type {number[]} */ ([]);
		for (const time of [...times].sort((a, b) => b - a)) {
			// Keeps the last of several close moments, so that all their events have happened.
			if (moments.length === 0 || moments[0] - time > end * CLOSE) moments.unshift(time);
		}
		return moments[0] === 0 ? moments : [0, ...moments];
	}

	/** The stories that a recording tells one after another: the lanes of each, and from when until when. @param {Recorded} recorded @returns {Scene[]} */
	function scenesOf({ recording: { lanes, ended } }) {
		const scenes = /** @type {Scene[]} */ ([]);
		const scene = new Map();
		const roots = lanes.map((lane, number) => ({ lane, number })).filter(({ lane }) => lane.parent === null).sort((a, b) => a.lane.opened - b.lane.opened);
		for (const { lane, number } of roots) {
			const until = lane.closed ?? ended;
			let last = scenes.at(-1);
			if (!last || lane.opened >= last.until) scenes.push((last = { name: lane.name, lanes: [], from: lane.opened, until }));
			// Two names say which story it is.
			else if (!last.name.includes(", ")) last.name += `, ${lane.name}`;
			last.until = Math.max(last.until, until);
			scene.set(number, last);
		}
		lanes.forEach((lane, number) => {
			if (lane.parent !== null) scene.set(number, scene.get(lane.parent));
			scene.get(number)?.lanes.push(number);
		});
		return scenes;
	}

	/** One of the stories by itself, from 0. @param {Recorded} recorded @param {Scene} scene @returns {Recorded} */
	function cut({ recording, held }, { lanes, from, until }) {
		const number = new Map(lanes.map((old, index) => [old, index]));
		const within = (/** @type {{ at: number }} */ { at }) => at >= from && (at < until || until >= recording.ended);
		const shifted = (/** @type {Note[]} */ notes) => notes.map((note) => ({ ...note, at: note.at - from }));
		return {
			words: "",
			held: held.flatMap(([who, by, since, to]) => (number.has(who) ? [/** @type {Recorded["held"][0]} */ ([number.get(who), by === null ? null : number.get(by) ?? null, since - from, to - from])] : [])),
			recording: {
				...recording, ended: Math.min(recording.ended, until) - from, notes: shifted(recording.notes.filter(within)),
				lanes: lanes.map((old) => recording.lanes[old]).map((lane) => ({
					...lane, parent: number.get(lane.parent ?? -1) ?? null, opened: lane.opened - from, closed: lane.closed === null ? null : lane.closed - from, notes: shifted(lane.notes),
					polls: lane.polls.map(([at, to, ...rest]) => /** @type {Poll} */ ([at - from, to - from, ...rest])),
					wakes: lane.wakes.flatMap(([at, by]) => (number.has(by) ? [/** @type {Wake} */ ([at - from, number.get(by)])] : [])),
				})),
				levels: recording.levels.map(({ name, values }) => ({ name, values: values.filter(([at]) => at >= from && at <= until).map(([at, ...rest]) => /** @type {Level["values"][0]} */ ([at - from, ...rest])) })).filter(({ values }) => values.some(([at, , value]) => value && at < until - from)),
			},
		};
	}

	/** The line that was lit last. @param {Lit[]} lit */
	function newestOf(lit) {
		return lit.reduce((best, next) => (best.at > next.at ? best : next), lit[0]);
	}

	/** Whether turning a knob changes a scene of these recordings. @param {Topic} topic @param {number} knob @param {string[]} names @param {number} scene */
	function turns({ recordings, knobs }, knob, names, scene) {
		const told = (/** @type {Recorded} */ recorded) => JSON.stringify(cut(recorded, scenesOf(recorded)[scene]).recording.lanes
			.map(({ name, opened, closed, outcome, polls, notes }) => [name, opened, closed, outcome, polls, notes.map(({ at, text }) => [at, text])]));
		return Object.values(knobs[knob].values).some((set) => names.some((name) => set[name] && told(set[name]) !== told(recordings[name])));
	}

	/** For the lanes of a recording those of another one with the same names, by their numbers. @param {Recorded} recorded @param {Recorded} other @returns {Map<number, Lane>} */
	function alike({ recording: { lanes } }, other) {
		const left = Map.groupBy(other.recording.lanes, ({ name }) => name);
		return new Map(lanes.flatMap(({ name }, number) => {
			const lane = left.get(name)?.shift();
			return lane ? [[number, lane]] : [];
		}));
	}

	/** The moment that a guess names, in microseconds; undefined if it names none, or only how long something lasts (`about 200 ms`, `every 150 ms`). @param {string} guess */
	function timeIn(guess) {
		const found = guess.match(/(?:^\s*|\b(?:after|at)\s+)(\d+(?:\.\d+)?)\s*(µs|ms|s|seconds?|milliseconds?)(?![\w])/i);
		if (!found) return undefined;
		const unit = found[2] === "µs" ? 1 : found[2].startsWith("m") ? 1e3 : 1e6;
		return Number(found[1]) * unit;
	}

	/** When the last thing happened. @param {Recorded} recorded */
	function lastOf({ recording }) {
		return Math.max(recording.ended, ...recording.lanes.map((lane) => lane.closed ?? 0));
	}

	/** Round moments along the axis, with their words. @param {number} end @returns {[number, string][]} */
	function ticks(end) {
		const power = 10 ** Math.floor(Math.log10(end / 4));
		const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => end / size <= 5) ?? end;
		const [unit, name] = end >= 1e6 ? [1e6, "s"] : end >= 1e3 ? [1e3, "ms"] : [1, "µs"];
		return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => [index * step, `${Number(((index * step) / unit).toFixed(3))} ${name}`]);
	}

	/** The names to show for the lanes. A name that occurs in several groups includes its group. @param {Lane[]} lanes */
	function calledOf(lanes) {
		return lanes.map(({ name, parent }) => (parent !== null && lanes.some((other) => other.name === name && other.parent !== parent) ? `${lanes[parent].name}: ${name}` : name));
	}

	/** When a lane was held up, by any lane. Parts that touch are merged. @param {Recorded} recorded @param {number} number @returns {[number, number][]} */
	function waitsOf({ held }, number) {
		const waits = /** @type {[number, number][]} */ ([]);
		for (const [who, , from, until] of held) {
			if (who !== number) continue;
			const last = waits.at(-1);
			if (last && last[1] === from) last[1] = until;
			else waits.push([from, until]);
		}
		return waits;
	}

	/** The heights of numbers in their row, from 0 to 1. However far they are above the limit, it gets two thirds of the row. @param {Level["values"]} values */
	function heightOf(values) {
		const top = Math.max(1, ...values.map(([, , value, limit]) => Math.max(value, limit ?? 0)));
		const most = Math.max(0, ...values.map(([, , , limit]) => limit ?? 0)) || top;
		const line = Math.max(most / top, 2 / 3);
		return (/** @type {number} */ value) => (value <= most ? (value / most) * line : line + ((value - most) / (top - most)) * (1 - line));
	}

	/** The current source line of each lane: the line of its last note, or of its opening. @type {Window["recorded"]["litOf"]} */
	function litOf({ lanes, notes }, selected, since, at) {
		const lit = /** @type {Lit[]} */ ([]);
		const light = (/** @type {string | null} */ place, /** @type {string} */ name, /** @type {number} */ from) => {
			const found = placeOf(place);
			if (found) lit.push({ ...found, name, at: from });
		};
		const last = Math.max(...lanes.map((lane) => lane.closed ?? 0));
		lanes.forEach(({ opened, closed, notes: said, place, name }, number) => {
			if (opened > at || (selected < 0 ? (closed ?? last) <= Math.min(since, last - 1) : selected !== number)) return;
			const note = said.findLast((each) => each.at <= at);
			light(note?.place ?? place, name, note?.at ?? opened);
		});
		if (selected >= 0) return lit;
		for (const note of notes) if (note.at <= at && note.at > since) light(note.place, "the story", note.at);
		// Before anything has happened, the line where it will begin.
		if (!lit.length && lanes.length) light(lanes[0].place, lanes[0].name, 0);
		return lit;
	}

	return { CLOSE, duration, placeOf, inTreeOrder, completed, entriesOf, momentsOf, scenesOf, cut, alike, timeIn, lastOf, ticks, calledOf, waitsOf, heightOf, litOf, newestOf, turns };
})();
