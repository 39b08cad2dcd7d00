//! Which texts of a lane are drawn where there is no room for all of them, and on which side of their dots.

/// What a label is worth that is said once in the whole picture; one that is said n times is worth a part in n.
pub(crate) const WORTH: usize = 1_000_000;

/// A text that may stand at its dot, or be left out.
pub(crate) struct Label {
    /// Where there is room for it, the best place first: the anchor of its text, and where it begins.
    pub(crate) sides: Vec<(&'static str, usize)>,
    pub(crate) width: usize,
    /// How much the picture loses without it.
    pub(crate) worth: usize,
}

/// Some of the labels, so far: up to where they reach, what they are worth, and the last of them.
#[derive(Clone, Copy)]
struct Choice {
    reach: usize,
    worth: usize,
    last: Option<usize>,
}

/// One label of a choice: its number, its anchor, and the one before it.
struct Link {
    label: usize,
    anchor: &'static str,
    before: Option<usize>,
}

/// The anchors of the labels that are worth most together and do not overlap, of those in the order of time; `None` is left out.
pub(crate) fn placed(labels: &[Label]) -> Vec<Option<&'static str>> {
    let (mut links, mut choices) = (Vec::<Link>::new(), vec![Choice { reach: 0, worth: 0, last: None }]);
    for (number, label) in labels.iter().enumerate() {
        let mut next = choices.clone();
        // Of two that are worth the same, the later one is the news.
        let own = label.worth + 3 * number;
        for (rank, (anchor, start)) in label.sides.iter().enumerate() {
            // The best of the choices that leave room; of two equal ones, the better place wins.
            let fits = choices.iter().filter(|choice| choice.reach <= *start).max_by_key(|choice| choice.worth);
            if let Some(&Choice { worth, last: before, .. }) = fits {
                next.push(Choice { reach: start + label.width, worth: worth + own - rank, last: Some(links.len()) });
                links.push(Link { label: number, anchor, before });
            }
        }
        // One that reaches further and is not worth more is never of use.
        next.sort_by_key(|choice| (choice.reach, usize::MAX - choice.worth));
        choices.clear();
        for choice in next {
            if choices.last().is_none_or(|last| choice.worth > last.worth) {
                choices.push(choice);
            }
        }
    }
    let mut placed = vec![None; labels.len()];
    let mut next = choices.last().and_then(|best| best.last);
    while let Some(link) = next.map(|at| &links[at]) {
        placed[link.label] = Some(link.anchor);
        next = link.before;
    }
    placed
}
