//! Notes, terms and histories of everything that has an id.

use crate::model::qualifiers::{Vocabulary, keyword_of};
use crate::model::{Annotation, Identity};
use crate::syntax::sbml::tree::Head;

use super::Lowering;

impl Lowering<'_> {
    /// What is said about the model itself and about all that has an id.
    pub(super) fn annotations(&mut self) {
        let tree = self.tree;
        let mut of_model = annotations(&tree.head);
        if let Some(sbo) = tree.head.sbo {
            of_model.push(Annotation {
                keyword: "sboTerm".to_string(),
                values: vec![format!("SBO:{sbo:07}")],
            });
        }
        if !of_model.is_empty() {
            let id = tree.head.id.clone();
            self.model.annotations.insert(id, of_model);
        }
        let quantities = tree.compartments.iter().map(|c| &c.head);
        let heads = quantities
            .chain(tree.species.iter().map(|s| &s.head))
            .chain(tree.parameters.iter().map(|p| &p.head))
            .chain(tree.constraints.iter().map(|(head, _)| head));
        for head in heads {
            self.describe(&head.id, annotations(head));
        }
        for reaction in &tree.reactions {
            self.describe(&reaction.head.id, annotations(&reaction.head));
            for reference in reaction.reactants.iter().chain(&reaction.products) {
                self.describe(&reference.head.id, annotations(&reference.head));
            }
        }
        let events: Vec<String> = self.model.events.iter().map(|e| id(&e.identity)).collect();
        let written = tree.events.iter().filter(|event| event.trigger.is_some());
        for (event, id) in written.zip(events) {
            self.describe(&id, annotations(&event.head));
        }
    }

    fn describe(&mut self, id: &str, annotations: Vec<Annotation>) {
        if !annotations.is_empty() && !id.is_empty() {
            self.model.annotations.insert(id.to_string(), annotations);
        }
    }
}

fn id(identity: &Identity) -> String {
    identity.id.clone()
}

fn annotations(head: &Head) -> Vec<Annotation> {
    let about = head.about.iter();
    about
        .filter_map(|(word, values)| {
            let keyword = match word.strip_prefix("model:") {
                Some(name) => keyword_of(Vocabulary::Model, name)?,
                None => keyword_of(Vocabulary::Biology, word).unwrap_or(word),
            };
            Some(Annotation {
                keyword: keyword.to_string(),
                values: values.clone(),
            })
        })
        .collect()
}
