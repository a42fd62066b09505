//! Checks a document against a JSON Schema: the words of draft 7 that ours uses, and a refusal of every other word, so that
//! nothing is passed over.

use serde_json::{Map, Value};

/// What is wrong with `instance`, with its place; empty when it satisfies the schema.
pub fn faults(root: &Value, instance: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(root, root, instance, "", &mut faults);
    faults
}

fn check(root: &Value, schema: &Value, instance: &Value, place: &str, faults: &mut Vec<String>) {
    let words = match schema {
        Value::Bool(true) => return,
        Value::Bool(false) => return faults.push(format!("{place}: nothing may stand here")),
        Value::Object(words) => words,
        _ => panic!("no schema: {schema}"),
    };
    for (word, value) in words {
        if !holds(root, words, (word, value), instance, place, faults) {
            faults.push(format!("{place}: not {word} {value}"));
        }
    }
}

/// Whether one word of a schema holds; faults deeper inside are told there.
fn holds(
    root: &Value,
    words: &Map<String, Value>,
    (word, value): (&str, &Value),
    instance: &Value,
    place: &str,
    faults: &mut Vec<String>,
) -> bool {
    let good = |schema: &Value| {
        let mut inner = Vec::new();
        check(root, schema, instance, place, &mut inner);
        inner.is_empty()
    };
    let list = || value.as_array().expect("a list").iter();
    match word {
        // `else` is looked at with its `if`.
        "$schema" | "title" | "description" | "definitions" | "else" => true,
        "if" => {
            if !good(value) {
                check(root, &words["else"], instance, place, faults);
            }
            true
        }
        "$ref" => {
            let name = value
                .as_str()
                .and_then(|text| text.strip_prefix("#/definitions/"));
            let target = &root["definitions"][name.expect("a reference to a definition")];
            check(root, target, instance, place, faults);
            true
        }
        "type" => is_of_type(value.as_str().expect("one type"), instance),
        "enum" => list().any(|choice| choice == instance),
        "const" => value == instance,
        "anyOf" => list().any(good),
        "oneOf" => list().filter(|schema| good(schema)).count() == 1,
        "allOf" => list().all(good),
        "minimum" => instance.as_f64() >= value.as_f64(),
        "maximum" => instance.as_f64() <= value.as_f64(),
        "minItems" => instance
            .as_array()
            .is_none_or(|items| items.len() >= size(value)),
        "maxItems" => instance
            .as_array()
            .is_none_or(|items| items.len() <= size(value)),
        "pattern" => instance
            .as_str()
            .is_none_or(|text| is_file_stem(text, value)),
        "items" => {
            for (at, item) in instance.as_array().into_iter().flatten().enumerate() {
                check(root, value, item, &format!("{place}[{at}]"), faults);
            }
            true
        }
        "required" => {
            let has = |key: &Value| instance.get(key.as_str().expect("a key")).is_some();
            !instance.is_object() || list().all(has)
        }
        "properties" => {
            for (key, schema) in value.as_object().expect("schemas by key") {
                if let Some(inner) = instance.get(key) {
                    check(root, schema, inner, &format!("{place}.{key}"), faults);
                }
            }
            true
        }
        "additionalProperties" => {
            additional(root, words, value, instance, place, faults);
            true
        }
        other => panic!("`{other}` is a word that this checker does not know"),
    }
}

fn additional(
    root: &Value,
    words: &Map<String, Value>,
    schema: &Value,
    instance: &Value,
    place: &str,
    faults: &mut Vec<String>,
) {
    let known = words.get("properties").and_then(Value::as_object);
    for (key, inner) in instance.as_object().into_iter().flatten() {
        if known.is_some_and(|known| known.contains_key(key)) {
            continue;
        }
        if schema == &Value::Bool(false) {
            faults.push(format!("{place}: no key `{key}`"));
        } else {
            check(root, schema, inner, &format!("{place}.{key}"), faults);
        }
    }
}

fn is_of_type(name: &str, instance: &Value) -> bool {
    match name {
        "object" => instance.is_object(),
        "array" => instance.is_array(),
        "string" => instance.is_string(),
        "number" => instance.is_number(),
        "integer" => instance
            .as_f64()
            .is_some_and(|number| number.fract() == 0.0),
        other => panic!("`{other}` is a type that this checker does not know"),
    }
}

fn size(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a size")).expect("a small one")
}

/// The only pattern that our schema has.
fn is_file_stem(text: &str, pattern: &Value) -> bool {
    assert_eq!(pattern, "^[a-z0-9][a-z0-9-]{0,99}$");
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(letter) && text.len() <= 100 && text.chars().all(|c| letter(c) || c == '-')
}
