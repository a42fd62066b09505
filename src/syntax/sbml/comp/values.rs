//! What ids mean in the flat model: names, and factors between the units of a submodel and those of the whole.

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Diagnostics, Span};

use super::super::tree::Word;
use super::instances::{Gone, InstanceId, PartId, Tree};
use super::resolve::push_once;
use super::{attribute, read, with_near};

/// A parameter that converts, by its id in an instance.
#[derive(Clone, Debug)]
pub(super) struct Factor {
    /// The instance that knows the id.
    pub instance: InstanceId,
    /// The id.
    pub word: Word,
}

impl PartialEq for Factor {
    fn eq(&self, other: &Self) -> bool {
        self.instance == other.instance && self.word.text == other.word.text
    }
}

/// A product of parameters, divided by another.
#[derive(Clone, Debug, Default)]
pub(super) struct Scale {
    /// Parameters that multiply.
    pub times: Vec<Factor>,
    /// Parameters that divide.
    pub over: Vec<Factor>,
}

impl Scale {
    /// Multiplies by another.
    pub(super) fn times(&mut self, other: Scale) {
        self.times.extend(other.times);
        self.over.extend(other.over);
        self.cancel();
    }

    /// One divided by it.
    pub(super) fn inverse(self) -> Self {
        Self {
            times: self.over,
            over: self.times,
        }
    }

    /// What stands above and below goes, so that converting there and back rounds nothing.
    fn cancel(&mut self) {
        self.times.retain(|factor| {
            let below = self.over.iter().position(|other| other == factor);
            below.map(|at| self.over.remove(at)).is_none()
        });
    }

    /// Whether it is 1.
    pub(super) fn is_one(&self) -> bool {
        self.times.is_empty() && self.over.is_empty()
    }
}

/// What an id of an instance is in the flat model.
pub(super) struct Value {
    /// The id there.
    pub name: String,
    /// What to multiply that by to get the value in units of the instance.
    pub scale: Scale,
}

/// Names that stand for several elements, by the element that stays.
pub(super) type ClassNames = IndexMap<PartId, String>;

impl Tree {
    /// Names of replaced elements: each the one of the outermost element that has one.
    pub(super) fn class_names(&self) -> ClassNames {
        let mut best: IndexMap<PartId, PartId> = IndexMap::new();
        let rank = |part: PartId| (self.instances[self.parts[part].instance].depth, part);
        for &replaced in self.next.keys() {
            let stays = self.survivor(replaced);
            for part in [stays, replaced] {
                if self.own_name(part).is_none() {
                    continue;
                }
                let known = best.entry(stays).or_insert(part);
                if rank(part) < rank(*known) {
                    *known = part;
                }
            }
        }
        let named = |(stays, part): (PartId, PartId)| Some((stays, self.own_name(part)?));
        best.into_iter().filter_map(named).collect()
    }

    /// The name that an element would have if nothing was replaced.
    pub(super) fn own_name(&self, part: PartId) -> Option<String> {
        let element = &self.parts[part].element;
        let id = attribute(element, "id")?.trim();
        if element.name == "localParameter" {
            return Some(id.to_string());
        }
        let instance = &self.instances[self.parts[part].instance];
        Some(format!("{}{id}", instance.prefix))
    }

    /// The value that an element stands for, in the units of its instance.
    ///
    /// # Errors
    /// What took it out of the flat model.
    pub(super) fn value(&self, part: PartId, names: &ClassNames) -> Result<Value, Gone> {
        let stays = self.survivor(part);
        if let Some(gone) = self.parts[stays].gone {
            return Err(gone);
        }
        let is_rate = self.parts[stays].element.name == "reaction";
        let law = |part: PartId| match is_rate {
            true => self.law_scale(self.parts[part].instance),
            false => Scale::default(),
        };
        let mut scale = Scale::default();
        let mut at = part;
        while let Some(link) = self.next.get(&at) {
            if link.is_inner {
                scale.times(law(link.to));
                scale.times(law(at).inverse());
            }
            scale.over.extend(link.factor.clone());
            at = link.to;
        }
        // A law was converted to the units of the whole.
        scale.times(law(stays).inverse());
        let name = names.get(&stays).cloned().or_else(|| self.own_name(stays));
        Ok(Value {
            name: name.unwrap_or_default(),
            scale,
        })
    }

    /// Units of time of the whole per unit of time of an instance.
    pub(super) fn time_scale(&self, instance: InstanceId) -> Scale {
        self.scale_of("timeConversionFactor", instance)
    }

    /// What turns rates of an instance into rates of the whole: extent conversion by time conversion.
    pub(super) fn law_scale(&self, instance: InstanceId) -> Scale {
        let mut scale = self.scale_of("extentConversionFactor", instance);
        scale.times(self.time_scale(instance).inverse());
        scale
    }

    /// The product of a factor of an instance and of those around it.
    fn scale_of(&self, factor: &str, instance: InstanceId) -> Scale {
        let mut scale = Scale::default();
        let mut at = instance;
        while let Some((outer, submodel)) = self.instances[at].within {
            let word = read::word(&self.parts[submodel].element, factor);
            scale.times.extend(word.map(|word| Factor {
                instance: outer,
                word,
            }));
            at = outer;
        }
        scale
    }

    /// Factors are constant parameters.
    pub(super) fn check_factors(&self, found: &mut Diagnostics) {
        for instance in self.instances.iter() {
            let Some((outer, submodel)) = instance.within else {
                continue;
            };
            for name in ["timeConversionFactor", "extentConversionFactor"] {
                if let Some(word) = read::word(&self.parts[submodel].element, name) {
                    self.check_factor(outer, &word, found);
                }
            }
        }
        for link in self.next.values() {
            if let Some(factor) = &link.factor {
                self.check_factor(factor.instance, &factor.word, found);
            }
        }
    }

    fn check_factor(&self, instance: InstanceId, word: &Word, found: &mut Diagnostics) {
        let ids = &self.instances[instance].ids;
        let Some(&part) = ids.get(&word.text) else {
            let message = format!("there is no parameter `{}` to convert with", word.text);
            let told = Diagnostic::error("syntax/sbml-comp-not-found", message).at(word.span);
            let is_parameter = |part: PartId| self.parts[part].element.name == "parameter";
            let known = ids.iter().filter(|(_, part)| is_parameter(**part));
            let known = known.map(|(id, _)| id.as_str());
            push_once(with_near(told, &word.text, known), found);
            return;
        };
        let element = &self.parts[part].element;
        let is_constant = element.attribute("constant").map(str::trim);
        if element.name == "parameter" && matches!(is_constant, Some("true" | "1")) {
            return;
        }
        let message = format!(
            "{} cannot convert, as it is no constant parameter",
            self.about(part)
        );
        let told = Diagnostic::error("syntax/sbml-comp-factor", message).at(word.span);
        let place: Span = element.span;
        let told = told.label(place, "declared here");
        push_once(told.hint("use a parameter with `constant=\"true\"`"), found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factor(text: &str) -> Factor {
        let word = Word {
            text: text.to_string(),
            span: Span::default(),
        };
        Factor { instance: 0, word }
    }

    #[test]
    fn there_and_back_is_one() {
        let there = Scale {
            times: vec![factor("a"), factor("b"), factor("a")],
            over: vec![factor("c")],
        };
        let mut both = there.clone();
        both.times(there.inverse());
        assert!(both.is_one());
    }

    #[test]
    fn each_factor_cancels_as_often_as_it_stands_below() {
        let mut scale = Scale {
            times: vec![factor("a"), factor("a")],
            over: Vec::new(),
        };
        scale.times(Scale {
            times: Vec::new(),
            over: vec![factor("a"), factor("b")],
        });
        assert_eq!(
            (scale.times, scale.over),
            (vec![factor("a")], vec![factor("b")])
        );
    }
}
