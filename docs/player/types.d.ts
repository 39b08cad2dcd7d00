// The data from the preprocessor, and what the player keeps. Only the type checker reads this file.

type Place = { file: string; line: number };
type Note = { at: number; seq: number; text: string; place: string | null };
/** at, until, count, longest: as in crates/recording/src/json.rs; then how many polls of the same instant began before. */
type Poll = [number, number, number, number, number?];
/** at, and the lane that woke it. Other wakes are left out. */
type Wake = [number, number];
type Lane = {
  name: string;
  kind: "future" | "blocking";
  parent: number | null;
  place: string | null;
  opened: number;
  polls: Poll[];
  wakes: Wake[];
  notes: Note[];
  outcome: string | null;
  closed: number | null;
  closed_seq: number | null;
};
type Recording = { title: string; clock: "virtual" | "real"; ended: number; lanes: Lane[]; levels: Level[]; notes: Note[] };
/** Its values: at, seq, value, limit. */
type Level = { name: string; values: [number, number, number, number | null][] };
/** A recording, its held-up lanes (lane, by, from, until), and its story in words. */
type Recorded = { recording: Recording; held: [number, number | null, number, number][]; words: string };
type Recordings = Record<string, Recorded>;
type Knob = { name: string; help: string; default: number; values: Record<string, Recordings> };
type Source = { language: string; page: string; text: string };
type Topic = {
  recordings: Recordings;
  knobs: Knob[];
  sources: Record<string, Source>;
  /** What each recording is about: a function, and where it begins. */
  patterns: Record<string, Source & { line: number; file: string }>;
  /** A piece of SVG for each way to end. */
  marks: Record<string, string>;
};

/** One of several stories that a recording tells one after another. */
type Scene = { name: string; lanes: number[]; from: number; until: number };

/** Something that happened: a note, or a lane's end; lane -1 is the story itself. */
type Entry = { at: number; seq: number; lane: number; text: string; end?: boolean };
/** A line of source that a lane is at. */
type Lit = Place & { name: string; at: number };
type Row = {
  number: number;
  lane: Lane;
  end: number;
  name: HTMLElement;
  mark: HTMLElement;
  say: HTMLElement;
  words: HTMLElement;
  /** Its notes, each with its words. */
  dots: HTMLElement[];
};
/** One recording as it is shown. */
type Panel = {
  recorded: Recorded;
  hues: Map<string, number>;
  /** The code to show at rest. */
  pattern?: Source & { line: number; file: string };
  /** Each lane's name, with its group where that is needed. */
  called: string[];
  entries: Entry[];
  rows: Row[];
  levels: { level: Level; words: HTMLElement }[];
  /** Which row woke which, by their numbers. */
  wakes: { at: number; from: number; to: number; words: string }[];
  /** The remarks in a cover's picture, and when each appears. */
  callouts: { at: number; badge: HTMLElement; said: HTMLElement }[];
  arrows: HTMLElement;
  /** How many rows there are, levels included. */
  count: number;
  lines: HTMLElement[];
  /** The number of the first of them. */
  first: number;
  /** The file beside the lanes, "" for the pattern; null before the first one. */
  file: string | null;
  selected: number;
  root: HTMLElement;
  veil: HTMLElement;
  /** The mark of the current time. */
  head: HTMLElement;
  source: HTMLElement;
  title: HTMLAnchorElement;
  /** The buttons for the pattern and the story. */
  views: HTMLElement[];
  log: HTMLElement;
  story: HTMLElement;
  /** Which lanes are polled, ready or waiting. */
  strip: HTMLElement;
};

/** A player, as the page around it knows it. */
type Cover = HTMLElement & { now: number; playButton: HTMLButtonElement; play(): void; pause(): void; go(hash: string, behavior: ScrollBehavior): boolean };
type El = (tag: string, attributes?: Record<string, any>, ...children: (Node | string)[]) => HTMLElement;

/** The index of mdBook's search. */
type SearchIndex = {
  documentStore: { docs: Record<string, { title: string; body: string; breadcrumbs: string }> };
  search(words: string, options: unknown): { ref: string; doc: unknown; score: number }[];
};

interface Window {
  recorded: {
    CLOSE: number;
    duration(micros: number): string;
    placeOf(place: string | null): Place | null;
    inTreeOrder(lanes: Lane[]): [number, number][];
    completed(recordings: Recordings): void;
    entriesOf(recorded: Recorded): Entry[];
    momentsOf(recordeds: Recorded[], end: number): number[];
    scenesOf(recorded: Recorded): Scene[];
    cut(recorded: Recorded, scene: Scene): Recorded;
    alike(recorded: Recorded, other: Recorded): Map<number, Lane>;
    timeIn(guess: string): number | undefined;
    lastOf(recorded: Recorded): number;
    ticks(end: number): [number, string][];
    calledOf(lanes: Lane[]): string[];
    waitsOf(recorded: Recorded, number: number): [number, number][];
    /** `selected`: the only lane, or -1. */
    litOf(recording: Recording, selected: number, since: number, at: number): Lit[];
    newestOf(lit: Lit[]): Lit;
    turns(topic: Topic, knob: number, names: string[], scene: number): boolean;
    heightOf(values: Level["values"]): (value: number) => number;
  };
  timelineCover?: { playWhenSeen(player: Cover): void; callouts(panel: Panel, row: Map<number, number>, x: (at: number) => string, axis: number, el: any): Panel["callouts"] };
  timelines?: Record<string, Topic>;
  elasticlunr?: {
    Index: { load(data: unknown): SearchIndex };
    stemmer(word: string): string;
    stopWordFilter: { stopWords: Record<string, boolean> };
  };
  hljs?: { highlight(language: string, code: string): { value: string } };
}
