//! Controlled vocabulary: how terms relate to what they stand at.

/// Which list of qualifiers one is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vocabulary {
    /// `http://biomodels.net/biology-qualifiers/`
    Biology,
    /// `http://biomodels.net/model-qualifiers/`
    Model,
}

/// Keyword, vocabulary, name in the vocabulary; the other spellings that Antimony takes for the keyword.
type Qualifier = (
    &'static str,
    Vocabulary,
    &'static str,
    &'static [&'static str],
);

use Vocabulary::{Biology, Model};

/// All qualifiers. Spellings as libantimony 3.3 reads them, which was asked for each.
const QUALIFIERS: [Qualifier; 18] = [
    ("identity", Biology, "is", &["biological_entity_is"]),
    ("hasPart", Biology, "hasPart", &["part"]),
    ("isPartOf", Biology, "isPartOf", &["parthood"]),
    (
        "isVersionOf",
        Biology,
        "isVersionOf",
        &["hypernym", "biological_system"],
    ),
    ("hasVersion", Biology, "hasVersion", &["version"]),
    ("isHomologTo", Biology, "isHomologTo", &["homolog"]),
    ("isDescribedBy", Biology, "isDescribedBy", &["description"]),
    ("isEncodedBy", Biology, "isEncodedBy", &["encoder"]),
    ("encodes", Biology, "encodes", &["encodement"]),
    ("occursIn", Biology, "occursIn", &["container"]),
    ("hasProperty", Biology, "hasProperty", &["property"]),
    ("isPropertyOf", Biology, "isPropertyOf", &["propertyBearer"]),
    ("hasTaxon", Biology, "hasTaxon", &["taxon"]),
    ("model_entity_is", Model, "is", &["model_source"]),
    ("isDerivedFrom", Model, "isDerivedFrom", &["origin"]),
    ("isInstanceOf", Model, "isInstanceOf", &["class"]),
    ("hasInstance", Model, "hasInstance", &["instance"]),
    ("publication", Model, "isDescribedBy", &[]),
];

/// The one spelling of a qualifier that models keep; other words stay as they are.
pub fn usual_keyword(word: &str) -> &str {
    let is_meant = |qualifier: &&Qualifier| qualifier.3.contains(&word);
    QUALIFIERS
        .iter()
        .find(is_meant)
        .map_or(word, |qualifier| qualifier.0)
}

/// Vocabulary and name behind a keyword; none when it is no qualifier.
pub fn term_of(keyword: &str) -> Option<(Vocabulary, &'static str)> {
    let keyword = usual_keyword(keyword);
    let mut known = QUALIFIERS.iter();
    known
        .find(|qualifier| qualifier.0 == keyword)
        .map(|(_, vocabulary, name, _)| (*vocabulary, *name))
}

/// The keyword of a name in a vocabulary, if it is one.
pub fn keyword_of(vocabulary: Vocabulary, name: &str) -> Option<&'static str> {
    let mut known = QUALIFIERS.iter();
    known
        .find(|qualifier| qualifier.1 == vocabulary && qualifier.2 == name)
        .map(|qualifier| qualifier.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_is_found_by_its_name_and_by_its_other_spellings() {
        for (keyword, vocabulary, name, others) in QUALIFIERS {
            assert_eq!(term_of(keyword), Some((vocabulary, name)));
            assert_eq!(keyword_of(vocabulary, name), Some(keyword));
            for other in others {
                assert_eq!(usual_keyword(other), keyword);
            }
        }
        assert_eq!(term_of("notes"), None);
    }
}
