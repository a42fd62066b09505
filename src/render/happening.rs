//! What happens during a run, as figures show it.

/// What kind of thing happens; decides its colour, its pattern and its sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum HappeningKind {
    /// Something is eaten.
    Meal,
    /// A bout of exercise.
    Bout,
    /// Time in bed.
    Sleep,
    /// A stressor.
    Stress,
    /// Practice against stress.
    Practice,
    /// A hormone or drug, given at once.
    Dose,
    /// Something flows into a vein.
    Infusion,
    /// A part of a programme.
    Phase,
    /// Anything else.
    #[default]
    Other,
}

impl HappeningKind {
    /// Every kind, in the order of lanes and legends.
    pub const ALL: [Self; 9] = [
        Self::Phase,
        Self::Meal,
        Self::Bout,
        Self::Sleep,
        Self::Stress,
        Self::Practice,
        Self::Dose,
        Self::Infusion,
        Self::Other,
    ];

    /// Word for lanes and legends; empty for what has no kind.
    pub fn word(self) -> &'static str {
        match self {
            Self::Meal => "meals",
            Self::Bout => "exercise",
            Self::Sleep => "sleep",
            Self::Stress => "stress",
            Self::Practice => "practice",
            Self::Dose => "doses",
            Self::Infusion => "infusion",
            Self::Phase => "phase",
            Self::Other => "",
        }
    }
}

/// A span of x: a bout of exercise, a night.
#[derive(Debug, Clone, PartialEq)]
pub struct Band {
    /// Start, in the unit of the x axis.
    pub from: f64,
    /// End, in the unit of the x axis.
    pub to: f64,
    /// Words beside it; may be empty.
    pub label: String,
    /// What kind of thing it is.
    pub kind: HappeningKind,
}

/// A moment: a meal, a dose.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Position, in the unit of the x axis.
    pub at: f64,
    /// Words beside it; may be empty.
    pub label: String,
    /// What kind of thing it is.
    pub kind: HappeningKind,
}

/// Where the happenings of a panel are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// In lanes above the plot, one for each kind, each with its words.
    #[default]
    Lanes,
    /// By kind in the legend.
    Legend,
    /// Nowhere: another panel says it.
    Nowhere,
}
