//! Reactions, interactions, submodules and events: what may carry a name and a `:` in front.

use super::parser::{Parsed, Parser};
use super::report::shown;
use super::token::Kind;
use super::tree::{
    Argument, Event, Formula, Interaction, InteractionKind, Participant, Path, Place, Reaction,
    StatementKind, Stoichiometry, Submodule,
};
use crate::diag::{Diagnostic, did_you_mean};
use crate::syntax::expr::ExprKind;

impl Parser<'_> {
    // ---- reactions

    pub(super) fn reaction(&mut self, place: Option<Place>) -> Parsed<StatementKind> {
        let reactants = self.side()?;
        let reversible = match self.kind() {
            Kind::Arrow => true,
            Kind::FatArrow => false,
            _ => return self.wrong_arrow(),
        };
        self.advance();
        let products = self.side()?;
        let mut reaction = Reaction {
            place,
            reactants,
            reversible,
            products,
            rate: None,
            compartment: None,
        };
        if !self.take(Kind::Semicolon) {
            self.missing_semicolon()?;
            return Ok(StatementKind::Reaction(reaction));
        }
        if !self.at_statement_end() && self.word() != "in" && self.word() != "end" {
            reaction.rate = Some(self.formula()?);
        }
        reaction.compartment = self.compartment()?;
        if reaction.rate.is_some() {
            self.refuse_second_statement()?;
        }
        Ok(StatementKind::Reaction(reaction))
    }

    /// `A -> B; S1 = 10`: the rate law would be `S1`.
    fn refuse_second_statement(&mut self) -> Parsed<()> {
        let starts_other = matches!(
            self.kind(),
            Kind::Equals | Kind::Becomes | Kind::Prime | Kind::Colon | Kind::Arrow | Kind::FatArrow
        );
        if !starts_other {
            return Ok(());
        }
        let message = format!(
            "what follows the `;` of a reaction is its rate law, and {} cannot stand in it",
            self.found()
        );
        self.fail(
            Diagnostic::error("syntax/unexpected", message)
                .at(self.here())
                .hint("a reaction without a rate law ends its line, or is followed by `;;`"),
        )
    }

    fn wrong_arrow<T>(&mut self) -> Parsed<T> {
        if self.kind() != Kind::WrongArrow {
            return match self.kind() {
                Kind::Newline | Kind::Semicolon | Kind::End | Kind::Word => {
                    self.unexpected("an arrow")
                }
                _ => self.unexpected("`+` or an arrow"),
            };
        }
        let message = format!("{} is no arrow of the language", self.found());
        self.fail(
            Diagnostic::error("syntax/arrow", message)
                .at(self.here())
                .hint("write `->` (or `<==>`) for a reversible reaction, `=>` for an irreversible one"),
        )
    }

    /// Complains unless the line goes on in a way that is worse; the reaction is kept without a rate.
    fn missing_semicolon(&mut self) -> Parsed<()> {
        let end = self.behind();
        let fault = Diagnostic::error(
            "syntax/missing-semicolon",
            "a `;` is missing after the products of a reaction",
        )
        .at(end)
        .hint("write `A -> B; k*A`, or `A -> B;` when the rate follows later");
        self.report.push(fault);
        // What follows is most likely the rate law without its `;`.
        while !self.at_statement_end() && self.word() != "end" {
            self.advance();
        }
        Ok(())
    }

    /// `[n] [$]A + [m] B`; may be empty. A `-` makes the number negative, as exports of SBML have it.
    fn side(&mut self) -> Parsed<Vec<Participant>> {
        let mut participants = Vec::new();
        if matches!(self.kind(), Kind::Arrow | Kind::FatArrow | Kind::WrongArrow)
            || self.at_statement_end()
        {
            return Ok(participants);
        }
        let mut negative = self.take(Kind::Minus);
        loop {
            participants.push(self.participant(negative)?);
            negative = self.take(Kind::Minus);
            if !negative && !self.take(Kind::Plus) {
                return Ok(participants);
            }
            negative |= self.take(Kind::Minus);
        }
    }

    fn participant(&mut self, negative: bool) -> Parsed<Participant> {
        let sign = if negative { -1.0 } else { 1.0 };
        if self.kind() == Kind::Number {
            return self.counted_participant(sign);
        }
        let species = self.path()?;
        if self.at_name() || self.kind() == Kind::Dollar {
            if negative {
                return self.unexpected("a number behind `-`");
            }
            let stoichiometry = Stoichiometry::Symbol(species);
            let species = self.path()?;
            return Ok(Participant {
                stoichiometry,
                species,
            });
        }
        let stoichiometry = if negative {
            Stoichiometry::Number(sign)
        } else {
            Stoichiometry::One
        };
        Ok(Participant {
            stoichiometry,
            species,
        })
    }

    fn counted_participant(&mut self, sign: f64) -> Parsed<Participant> {
        let start = self.here();
        let number = self.number()?;
        if self.kind() == Kind::Slash {
            return self.fractional();
        }
        if !self.at_name() && self.kind() != Kind::Dollar {
            let message = format!(
                "expected a species behind the number, found {}",
                self.found()
            );
            return self.fail(
                Diagnostic::error("syntax/unexpected", message)
                    .at(start)
                    .hint("a reaction that starts from nothing has an empty side: `-> A; k`"),
            );
        }
        let species = self.path()?;
        let stoichiometry = Stoichiometry::Number(sign * number);
        Ok(Participant {
            stoichiometry,
            species,
        })
    }

    fn fractional<T>(&mut self) -> Parsed<T> {
        let message = "a number of molecules cannot be a quotient";
        self.fail(
            Diagnostic::error("syntax/unexpected", message)
                .at(self.here())
                .hint("write it as a decimal, `0.5 A`, or give it a name: `half A -> B; k` with `half = 1/2`"),
        )
    }

    // ---- interactions

    /// Whether the statement is `A, B -o J`: names up to one of the three signs.
    pub(super) fn at_interaction(&self) -> bool {
        for ahead in 0.. {
            match self.kind_at(ahead) {
                Kind::Word | Kind::Dot | Kind::Comma | Kind::Plus | Kind::Dollar => {}
                Kind::Minus => return ahead > 0 && self.interaction_sign(ahead).is_some(),
                _ => return false,
            }
        }
        false
    }

    fn interaction_sign(&self, ahead: usize) -> Option<InteractionKind> {
        if !self.touching(ahead) {
            return None;
        }
        match self.kind_at(ahead + 1) {
            Kind::Pipe => Some(InteractionKind::Inhibits),
            Kind::OpenParen => Some(InteractionKind::Influences),
            // `-o` counts only before a blank or `;`, so that `a -other` stays a difference.
            Kind::Word if self.word_at(ahead + 1) == "o" => Some(InteractionKind::Activates),
            _ => None,
        }
    }

    pub(super) fn interaction(&mut self, place: Option<Place>) -> Parsed<StatementKind> {
        let sources = self.listed()?;
        let Some(kind) = self.interaction_sign(0) else {
            return self.unexpected("`-o`, `-|` or `-(`");
        };
        self.advance();
        self.advance();
        let targets = self.listed()?;
        if !self.at_statement_end() {
            return self.not_the_end();
        }
        if self.kind() != Kind::Semicolon {
            let fault = Diagnostic::error(
                "syntax/missing-semicolon",
                "a `;` is missing after an interaction",
            );
            self.report.push(fault.at(self.behind()));
        }
        Ok(StatementKind::Interaction(Interaction {
            place,
            sources,
            kind,
            targets,
        }))
    }

    fn listed(&mut self) -> Parsed<Vec<Path>> {
        let mut paths = vec![self.path()?];
        while self.take(Kind::Comma) || self.take(Kind::Plus) {
            paths.push(self.path()?);
        }
        Ok(paths)
    }

    // ---- submodules

    pub(super) fn submodule(&mut self, place: Option<Place>) -> Parsed<StatementKind> {
        let module = self.name()?;
        self.expect(Kind::OpenParen, "`(`")?;
        let mut submodule = Submodule {
            place,
            module,
            arguments: self.module_arguments()?,
            time_conversion: None,
            extent_conversion: None,
        };
        while self.take(Kind::Comma) {
            self.conversion(&mut submodule)?;
        }
        let compartment = self.compartment()?;
        if let (Some(place), Some(_)) = (&mut submodule.place, &compartment) {
            place.compartment = compartment;
        }
        Ok(StatementKind::Submodule(submodule))
    }

    fn module_arguments(&mut self) -> Parsed<Vec<Argument>> {
        let mut arguments = Vec::new();
        if self.take(Kind::CloseParen) {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.argument()?);
            if self.take(Kind::CloseParen) {
                return Ok(arguments);
            }
            self.expect(Kind::Comma, "`,` or `)`")?;
        }
    }

    fn argument(&mut self) -> Parsed<Argument> {
        let start = self.here();
        let negative = self.take(Kind::Minus);
        if !negative && self.kind() != Kind::Number {
            return self.path().map(Argument::Symbol);
        }
        let number = self.number()?;
        let span = start.to(self.behind());
        Ok(Argument::Number(
            if negative { -number } else { number },
            span,
        ))
    }

    fn conversion(&mut self, submodule: &mut Submodule) -> Parsed<()> {
        let span = self.here();
        let word = self.name()?.text;
        self.expect(Kind::Equals, "`=`")?;
        let factor = Some(self.argument()?);
        match word.as_str() {
            "timeconv" => submodule.time_conversion = factor,
            "extentconv" => submodule.extent_conversion = factor,
            _ => {
                let message = format!("a submodule has no option `{}`", shown(&word));
                let fault = Diagnostic::error("syntax/option", message).at(span);
                return self.fail(fault.hint("known are `timeconv` and `extentconv`"));
            }
        }
        Ok(())
    }

    // ---- events

    pub(super) fn event(&mut self, place: Option<Place>) -> Parsed<StatementKind> {
        self.advance();
        let first = self.formula()?;
        let (delay, trigger) = if self.take_word("after") {
            (Some(first), self.formula()?)
        } else {
            (None, first)
        };
        let mut event = Event {
            place,
            delay,
            trigger,
            priority: None,
            persistent: None,
            initially: None,
            from_trigger: None,
            assignments: Vec::new(),
        };
        self.warn_swapped(&event);
        while self.take(Kind::Comma) {
            self.event_option(&mut event)?;
        }
        self.expect(Kind::Colon, "`:` before the assignments of the event")?;
        self.event_assignments(&mut event)?;
        Ok(StatementKind::Event(Box::new(event)))
    }

    /// `at x > 2 after 5` is accepted with delay `x > 2` and trigger `5`.
    fn warn_swapped(&mut self, event: &Event) {
        let plain = matches!(event.trigger.kind, ExprKind::Number(..));
        if !plain || event.delay.is_none() {
            return;
        }
        self.report.push(
            Diagnostic::warning(
                "syntax/event-order",
                "the trigger of this event is a plain number",
            )
            .at(event.trigger.span)
            .hint("the delay stands before `after`: `at 5 after x > 2`"),
        );
    }

    fn event_option(&mut self, event: &mut Event) -> Parsed<()> {
        const OPTIONS: [&str; 4] = ["priority", "persistent", "t0", "fromTrigger"];
        let span = self.here();
        let word = self.name()?.text;
        if !OPTIONS.contains(&word.as_str()) {
            let message = format!("an event has no option `{}`", shown(&word));
            let fault = Diagnostic::error("syntax/option", message).at(span);
            let near = if word.len() <= 32 {
                did_you_mean(&word, OPTIONS)
            } else {
                None
            };
            return self.fail(match near {
                Some(near) => fault.hint(format!("did you mean `{near}`?")),
                None => fault.hint("known are `priority`, `persistent`, `t0` and `fromTrigger`"),
            });
        }
        self.expect(Kind::Equals, "`=`")?;
        let value = Some(self.formula()?);
        match word.as_str() {
            "priority" => event.priority = value,
            "persistent" => event.persistent = value,
            "t0" => event.initially = value,
            _ => event.from_trigger = value,
        }
        Ok(())
    }

    fn event_assignments(&mut self, event: &mut Event) -> Parsed<()> {
        // An event may do nothing: other programs write such marks of time.
        if matches!(self.kind(), Kind::Semicolon | Kind::End) {
            return Ok(());
        }
        loop {
            self.skip_newlines();
            if let Some(assignment) = self.event_assignment()? {
                event.assignments.push(assignment);
            }
            if !self.take(Kind::Comma) && !self.take(Kind::Colon) {
                return Ok(());
            }
        }
    }

    /// `x = formula`; none for a blank, which changes nothing.
    fn event_assignment(&mut self) -> Parsed<Option<(Path, Formula)>> {
        let target = self.path()?;
        self.refuse_reserved(&target);
        if matches!(self.kind(), Kind::Becomes | Kind::Prime) {
            let message = format!(
                "an event sets values once and takes `=`, not {}",
                self.found()
            );
            return self.fail(Diagnostic::error("syntax/unexpected", message).at(self.here()));
        }
        self.expect(Kind::Equals, "`=`")?;
        if self.at_statement_end() || matches!(self.kind(), Kind::Comma | Kind::Colon) {
            return Ok(None);
        }
        Ok(Some((target, self.formula()?)))
    }
}
