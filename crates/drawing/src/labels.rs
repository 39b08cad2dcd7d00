//! Chooses which texts of a lane are drawn if not all fit, and on which side of their dots.

/// The worth of a label whose text occurs once in the whole picture. If it occurs n times, each label is worth an nth of this.
pub(crate) const WORTH: usize = 1_000_000;

/// A text that may stand at its dot, or be left out.
pub(crate) struct Label {
    /// The places where it fits, the best one first: the anchor of its text, and where the text begins.
    pub(crate) sides: Vec<(&'static str, usize)>,
    pub(crate) width: usize,
    /// How much the picture loses without it.
    pub(crate) worth: usize,
}

/// A choice among the labels so far: where it ends, what it is worth, and its last label.
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

/// Chooses from labels in order of time those that do not overlap and are worth most together. Returns their anchors, and `None` for a label that is left out.
pub(crate) fn placed(labels: &[Label]) -> Vec<Option<&'static str>> {
    let (mut links, mut choices) = (Vec::<Link>::new(), vec![Choice { reach: 0, worth: 0, last: None }]);
    for (number, label) in labels.iter().enumerate() {
        let mut next = choices.clone();
        // Of two labels with the same worth, the later one wins, because it is news.
        let own = label.worth + 3 * number;
        for (rank, (anchor, start)) in label.sides.iter().enumerate() {
            // The best of the choices that leave room; of two equal ones, the better place wins.
            let fits = choices.iter().filter(|choice| choice.reach <= *start).max_by_key(|choice| choice.worth);
            if let Some(&Choice { worth, last: before, .. }) = fits {
                next.push(Choice { reach: start + label.width, worth: worth + own - rank, last: Some(links.len()) });
                links.push(Link { label: number, anchor, before });
            }
        }
        // A choice that ends later and is not worth more is never needed.
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
