//! What the checks of `capacity/enough` play.

use exam::ms;

use super::given::{Arrivals, Log, Plan, Report, Script};

pub(super) type Input = (Plan, Arrivals);
pub(super) type Day = (Plan, Vec<Script>);

/// A day that was played.
pub(super) type Played = (Plan, Vec<Script>, Report, Log);

pub(super) fn plan(per_second: u32, takes: u64, busy: u32, longest_wait: u64) -> Plan {
    Plan { per_second, takes: ms(takes), busy, longest_wait: ms(longest_wait) }
}

/// Requests that come at these times, and take this long. All clients are patient.
pub(super) fn day(plan: Plan, requests: &[(u64, u64)]) -> Day {
    (plan, requests.iter().map(|&(at, takes)| Script { at, takes, until: u64::MAX }).collect())
}

/// This many requests: three at the same instant, and the next three ten milliseconds later. None of them ends at the moment at which others come.
pub(super) fn rush(plan: Plan, count: u64) -> Day {
    let slowest = u64::try_from(plan.takes.as_millis()).unwrap_or(u64::MAX) / 10 * 10 + 400;
    day(plan, &(0..count).map(|n| (n / 3 * 10, slowest + n * 7 % 10 * 10 + 1 + n * 3 % 9)).collect::<Vec<_>>())
}

/// Two workers, and six clients: one gives up while a worker handles its request, and two give up while they wait.
pub(super) fn impatient() -> Day {
    let until = [900, 60, 50, 900, 70, 900];
    let (plan, mut day) = day(plan(50, 40, 100, 200), &[(0, 81), (0, 92), (10, 43), (20, 44), (30, 45), (40, 46)]);
    day.iter_mut().zip(until).for_each(|(script, until)| script.until = until);
    (plan, day)
}

/// Two workers, and room for two: one gives up while it waits, and keeps its place until its turn comes.
/// The last one has given up before it comes, and finds no room.
pub(super) fn full() -> Day {
    let requests = [(0, 81), (0, 92), (10, 43), (20, 44), (60, 45), (100, 46), (110, 47), (115, 48), (116, 49)];
    let (plan, mut day) = day(plan(50, 40, 100, 40), &requests);
    day[2].until = 50;
    day[8].until = 100;
    (plan, day)
}

pub(super) fn input((plan, day): Day) -> Input {
    (plan, Arrivals::new(day, 1))
}
