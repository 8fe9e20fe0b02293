//! Built-ins of regorus that we replace or bound, because they differ from OPA or can take the process down.
//!
//! An override sees only argument values; regorus adds the position of the call to an error. A cap raises an error whose
//! text starts with `LIMIT_MARK`: never a panic, never an allocation that the operating system refuses.

mod bounds;
mod collections;
mod float;
mod format;
mod integer;
mod quote;
mod re2;
mod regex;
mod strings;

use anyhow::{Result, bail};
use regorus::unstable::{BUILTINS, BuiltinFcn, Expr, Ref, Source, Span};
use regorus::{Engine, Value};

use crate::errors::LIMIT_MARK;

/// A built-in over its arguments, none of them undefined.
type Override = fn(&[Value]) -> Result<Value>;
/// Refuses arguments whose result would be too large; otherwise regorus' own built-in runs.
type Bound = fn(&[Value]) -> Result<()>;

const OVERRIDES: &[(&str, u8, Override)] = &[
    ("count", 1, collections::count),
    ("graph.reachable_paths", 2, collections::reachable_paths),
    ("json.is_valid", 1, strings::is_json),
    ("json.marshal", 1, strings::to_json),
    ("numbers.range_step", 3, collections::range_step),
    ("object.subset", 2, collections::object_subset),
    ("regex.find_all_string_submatch_n", 3, regex::find_all_submatches),
    ("regex.find_n", 3, regex::find),
    ("regex.is_valid", 1, regex::is_valid),
    ("regex.match", 2, regex::is_match),
    ("regex.replace", 3, regex::replace),
    ("regex.split", 2, regex::split),
    ("regex.template_match", 4, regex::template_match),
    ("sprintf", 2, format::sprintf),
    ("strings.count", 2, strings::count),
    ("strings.replace_n", 2, strings::replace_n),
    ("yaml.is_valid", 1, strings::is_yaml),
];

const BOUNDS: &[(&str, Bound)] = &[
    ("array.concat", bounds::array_concat),
    ("base64.encode", bounds::encoded),
    ("base64url.encode", bounds::encoded),
    ("base64url.encode_no_pad", bounds::encoded),
    ("bits.lsh", bounds::bits_lsh),
    ("concat", bounds::concat),
    ("hex.encode", bounds::encoded),
    ("json.marshal_with_options", bounds::written_out),
    ("net.cidr_expand", bounds::cidr_expand),
    ("numbers.range", bounds::range),
    ("product", bounds::product),
    ("replace", bounds::replace),
    ("urlquery.encode", bounds::encoded),
    ("urlquery.encode_object", bounds::written_out),
    ("yaml.marshal", bounds::written_out),
];

/// Registers every override whose name `taken` does not claim.
///
/// In a lax engine a failing override is undefined, as OPA's built-ins are; a cap still raises.
///
/// # Errors
/// When regorus refuses a name, which means that it was registered before.
pub fn register(engine: &mut Engine, strict: bool, taken: impl Fn(&str) -> bool) -> Result<()> {
    for &(name, nargs, function) in OVERRIDES.iter().filter(|(name, ..)| !taken(name)) {
        let extension = move |args: Vec<Value>| settle(function(&args), name, strict);
        engine.add_extension(name.to_owned(), nargs, Box::new(extension))?;
    }
    for &(name, bound) in BOUNDS.iter().filter(|(name, _)| !taken(name)) {
        let Some(&(function, nargs)) = BUILTINS.get(name) else { bail!("regorus has no built-in {name}") };
        let call_site = CallSite::new(nargs)?;
        let extension = move |args: Vec<Value>| {
            let result = bound(&args).and_then(|()| call_site.call((function, nargs), &args, strict));
            settle(result, name, strict)
        };
        engine.add_extension(name.to_owned(), nargs, Box::new(extension))?;
    }
    Ok(())
}

fn settle(result: Result<Value>, name: &str, strict: bool) -> Result<Value> {
    match result {
        Err(error) => {
            let text = error.to_string();
            if let Some(excess) = text.strip_prefix(LIMIT_MARK) {
                bail!("{LIMIT_MARK}{name}: {excess}");
            }
            if strict { bail!("{name}: {text}") } else { Ok(Value::Undefined) }
        }
        fine => fine,
    }
}

/// The source position regorus' built-ins want for their messages; extensions are not given the real one.
#[derive(Clone)]
struct CallSite {
    span: Span,
    params: Vec<Ref<Expr>>,
}

impl CallSite {
    fn new(nargs: u8) -> Result<Self> {
        let source = Source::from_contents("built-in".to_owned(), " ".to_owned())?;
        let span = Span { source, line: 1, col: 1, start: 0, end: 0 };
        let param = || Ref::new(Expr::Null { span: span.clone(), value: Value::Null, eidx: 0 });
        let params = (0..nargs).map(|_| param()).collect();
        Ok(CallSite { span, params })
    }

    fn call(&self, builtin: BuiltinFcn, args: &[Value], strict: bool) -> Result<Value> {
        builtin.0(&self.span, &self.params, args, strict).map_err(|error| {
            // Only the sentence: the position in front of it is that of this stand-in.
            let text = error.to_string();
            anyhow::anyhow!(text.rsplit_once("\nerror: ").map_or(text.clone(), |(_, sentence)| sentence.to_owned()))
        })
    }
}

/// An operand that must be a string; `position` counts from 1 as in OPA's messages.
fn string(args: &[Value], position: usize) -> Result<&str> {
    match args.get(position - 1) {
        Some(Value::String(text)) => Ok(text),
        other => bail!("operand {position} must be string but got {}", type_name(other)),
    }
}

fn type_name(value: Option<&Value>) -> &'static str {
    match value {
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Set(_)) => "set",
        Some(Value::Object(_)) => "object",
        Some(Value::Undefined) | None => "undefined",
    }
}

/// The error of a cap: "what" is a noun phrase such as "a string of 5 bytes".
fn too_much(what: impl std::fmt::Display, most: impl std::fmt::Display) -> anyhow::Error {
    anyhow::anyhow!("{LIMIT_MARK}{what}; at most {most}")
}
