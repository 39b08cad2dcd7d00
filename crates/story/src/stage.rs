//! The stage: tells a story as the command line asks.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use timeline::{Clock, Recorder, Recording, unless_stuck};
use tokio::runtime::Builder;
use tracing_subscriber::layer::SubscriberExt;

use crate::curtain::{Curtain, Ending};
use crate::flags::{self, Flags, Players};
use crate::lines::{self, Lines, complain, print};
use crate::scene::Scene;
use crate::script::{Look, Story, Told, Version, boxed};
use crate::twin::Twin;

impl Story {
    /// Tells the story as the command line asks, draws its timeline, and returns the program's exit code.
    ///
    /// `look` gets the recording and says where to look in the timeline.
    /// Exit codes: 0, 1 for a story that failed, 2 for a wrong flag or if it could not begin, 101 for a panic, 130 for Ctrl-C.
    pub fn tell(self, look: Look, version: impl AsyncFnOnce(Scene) -> Told + 'static) -> ExitCode {
        let flags = match Flags::read(&self, std::env::args_os().skip(1)) {
            Ok(flags) => flags,
            Err(sentence) => {
                let sentence = lines::tame(&sentence);
                // The command has a line of its own, so that it can be copied whole.
                complain(format_args!("{}: {sentence}\nSee: cargo run -p {} -- --help", self.name, self.name));
                return ExitCode::from(2);
            }
        };
        if flags.help {
            print(flags::help(&self, lines::width()).trim_end());
            return ExitCode::SUCCESS;
        }
        if let Some(act) = flags.instead {
            return act();
        }
        match self.play(&flags, look, boxed(version)) {
            Ok(code) => code,
            Err(sentence) => {
                complain(lines::tame(&sentence));
                ExitCode::from(2)
            }
        }
    }

    fn play(mut self, flags: &Flags, look: Look, version: Version) -> Result<ExitCode, String> {
        let (look, version) = self.naive.take().filter(|_| flags.naive).unwrap_or((look, version));
        let twin = if flags.players == Players::Tokio { None } else { Some(Twin::find(&self)?) };
        let seed = flags.seed.unwrap_or_else(|| if flags.fast { 1 } else { rand::random_range(1..=9_999) });
        let curtain = Curtain::hang(flags)?;
        let mut recordings = Vec::new();
        let mut looks = Vec::new();
        let mut ending = Ending::Well;
        if flags.players != Players::Asyncio {
            looks.push(look);
            let (recording, end) = self.perform(flags, seed, version, &curtain)?;
            recordings.push(recording);
            ending = end;
        }
        if let Some(twin) = twin {
            looks.extend(if flags.naive { self.asyncio_naive } else { self.asyncio });
            if !recordings.is_empty() {
                print("");
            }
            curtain.step_aside();
            let (recording, end) = twin.play(&self.knobs, flags, seed)?;
            recordings.extend(recording);
            ending = ending.and(end);
        }
        Ok(curtain.fall(&recordings, &looks, ending))
    }

    /// Runs the Rust version and prints its lines as they happen.
    fn perform(
        &self,
        flags: &Flags,
        seed: u64,
        version: Version,
        curtain: &Curtain,
    ) -> Result<(Recording, Ending), String> {
        let clock = if flags.fast { Clock::Virtual } else { Clock::Real };
        let knobs = self.knobs.iter().zip(&flags.knobs).filter(|(knob, _)| flags.naive && knob.naive_only);
        let turned = knobs.map(|(knob, value)| format!(", {} {value}", knob.name)).collect::<Vec<_>>().concat();
        let title = format!("{}{}{turned}", self.name, if flags.naive { ", naive" } else { "" });
        print(format_args!("{title}: {}, seed {seed}", lines::clock_words(clock)));
        let recorder = Recorder::new(title, clock);
        let lines = Lines { recorder: recorder.clone(), color: lines::color(), width: lines::terminal_width() };
        let subscriber = tracing_subscriber::registry().with(recorder.clone()).with(lines);
        let runtime = Builder::new_current_thread().enable_all().start_paused(flags.fast).build();
        let runtime = runtime.map_err(|error| format!("the operating system refuses a runtime: {error}."))?;
        let knobs = self.knobs.iter().zip(&flags.knobs).map(|(knob, value)| (knob.name, *value)).collect();
        let scene = Scene { knobs, seed };
        tracing::subscriber::set_global_default(subscriber).map_err(|error| error.to_string())?;
        curtain.raise(&recorder);
        lines::print_panics_without_a_backtrace();
        let told = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                let told = unless_stuck(&recorder, version(scene)).await;
                // Taken before the runtime drops what the story left running.
                told.map(|told| (recorder.recording(), told))
            })
        }));
        // Does not wait for a closure that still runs on the blocking pool.
        runtime.shutdown_background();
        Ok(match told {
            Ok(Ok((recording, Ok(())))) => (recording, Ending::Well),
            Ok(Ok((recording, Err(error)))) => (recording, Ending::Badly(format!("{error}."))),
            Ok(Err(stuck)) => {
                let sentence = lines::shortened(&stuck.to_string());
                (stuck.recording, Ending::Badly(sentence))
            }
            Err(_) => (recorder.recording(), Ending::Panic),
        })
    }
}
