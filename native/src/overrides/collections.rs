//! Built-ins over collections and ranges that panic, answer differently from OPA, or run without an end.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use regorus::Value;
use regorus::value::{Array, Object};

use super::{too_much, type_name};
use crate::limits::{MAX_ELEMENTS, MAX_VALUE_DEPTH};

/// Steps of one search for paths: enough for a thousand paths of a thousand vertices.
const MAX_PATH_STEPS: usize = MAX_ELEMENTS;

/// Elements of a collection, code points of a string (regorus counts UTF-16 units).
pub fn count(args: &[Value]) -> Result<Value> {
    Ok(Value::from(match &args[0] {
        Value::Array(array) => array.len(),
        Value::Set(set) => set.len(),
        Value::Object(object) => object.len(),
        Value::String(text) => text.chars().count(),
        other => bail!("operand 1 must be one of {{array, object, set, string}} but got {}", type_name(Some(other))),
    }))
}

/// OPA's `object.subset`: objects by key, sets, arrays as a contiguous run, an array over a set.
pub fn object_subset(args: &[Value]) -> Result<Value> {
    Ok(Value::Bool(match (&args[0], &args[1]) {
        (Value::Object(_), Value::Object(_)) | (Value::Set(_), Value::Set(_)) | (Value::Array(_), Value::Array(_)) => {
            contains(&args[0], &args[1])
        }
        (Value::Array(array), Value::Set(set)) => set.iter().all(|member| array.contains(member)),
        _ => bail!("both arguments must be of the same type, or an array and a set"),
    }))
}

fn contains(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(key, value)| whole.get(key).is_some_and(|own| contains(own, value)))
        }
        (Value::Set(whole), Value::Set(part)) => part.is_subset(whole),
        (Value::Array(whole), Value::Array(part)) => contains_run(whole, part),
        (whole, part) => whole == part,
    }
}

fn contains_run(whole: &Array, part: &Array) -> bool {
    part.is_empty() || whole.as_slice().windows(part.len()).any(|run| run == part.as_slice())
}

/// OPA's `graph.reachable_paths`, which is not quite the set of all paths: below each neighbour of a start, a vertex that
/// was left once ends every later path that reaches it. With a bound on steps and on the length of a path.
pub fn reachable_paths(args: &[Value]) -> Result<Value> {
    let Value::Object(graph) = &args[0] else {
        bail!("operand 1 must be object but got {}", type_name(args.first()));
    };
    let Some(starts) = vertices(&args[1]) else {
        bail!("operand 2 must be one of {{array, set}} but got {}", type_name(args.get(1)));
    };
    let mut search = Search { graph, left: BTreeSet::new(), found: BTreeSet::new(), steps: 0 };
    for start in starts {
        let Some(edges) = graph.get(start) else { continue };
        let neighbours = vertices(edges).unwrap_or_default();
        let mut path = vec![start.clone()];
        if neighbours.is_empty() {
            search.keep(&path);
        }
        for neighbour in neighbours {
            search.left = BTreeSet::from([start.clone()]);
            search.follow(neighbour, &mut path)?;
        }
    }
    Ok(Value::from(search.found))
}

/// The members of an array or a set; anything else has none.
fn vertices(value: &Value) -> Option<Vec<&Value>> {
    match value {
        Value::Array(array) => Some(array.iter().collect()),
        Value::Set(set) => Some(set.iter_sorted().collect()),
        _ => None,
    }
}

struct Search<'graph> {
    graph: &'graph Object,
    left: BTreeSet<Value>,
    found: BTreeSet<Value>,
    steps: usize,
}

impl Search<'_> {
    /// Adds the paths that continue `path` at `vertex`.
    fn follow(&mut self, vertex: &Value, path: &mut Vec<Value>) -> Result<()> {
        // Each step may copy the whole path.
        self.steps += 1 + path.len();
        if self.steps > MAX_PATH_STEPS || path.len() > MAX_VALUE_DEPTH {
            return Err(too_much("a search for paths this long", format_args!("{MAX_PATH_STEPS} steps")));
        }
        let Some(edges) = self.graph.get(vertex) else {
            self.keep(path);
            return Ok(());
        };
        path.push(vertex.clone());
        let neighbours = vertices(edges).unwrap_or_default();
        if neighbours.is_empty() {
            self.keep(path);
        }
        for neighbour in neighbours {
            if self.left.contains(neighbour) {
                self.keep(path);
            } else {
                self.left.insert(vertex.clone());
                self.follow(neighbour, path)?;
            }
        }
        path.pop();
        Ok(())
    }

    fn keep(&mut self, path: &[Value]) {
        self.found.insert(Value::from(path.to_vec()));
    }
}

/// `numbers.range_step`: from one number to another, both included, in steps of a positive integer of any size.
pub fn range_step(args: &[Value]) -> Result<Value> {
    let [from, to, step] = integers(args)?;
    if step <= 0 {
        bail!("step must be a positive integer");
    }
    let span = to.checked_sub(from).ok_or_else(|| too_much("a range between huge numbers", MAX_ELEMENTS))?;
    let count = span.unsigned_abs() / step.unsigned_abs() + 1;
    if count > MAX_ELEMENTS as u128 {
        return Err(too_much(format_args!("an array of {count} elements"), MAX_ELEMENTS));
    }
    let signed_step = if span < 0 { -step } else { step };
    // Within the range, so that no product overflows.
    let values = (0..count as i128).map(|position| Value::from(from + position * signed_step));
    Ok(Value::from(values.collect::<Vec<_>>()))
}

/// Three integer operands, cut off at the bounds of i128.
fn integers(args: &[Value]) -> Result<[i128; 3]> {
    let mut out = [0; 3];
    for (position, (slot, arg)) in out.iter_mut().zip(args).enumerate() {
        let Value::Number(number) = arg else {
            bail!("operand {} must be number but got {}", position + 1, type_name(Some(arg)));
        };
        if !number.is_integer() {
            bail!("operand {} must be integer number but got floating-point number", position + 1);
        }
        *slot = number.as_i128().unwrap_or(if number.is_positive() { i128::MAX } else { i128::MIN });
    }
    Ok(out)
}
