//! The syntax tree of the loaded modules as plain dicts: what the static checks and the source rewrite look at.
//!
//! ```text
//! module    {file, package, line, col, rules, imports}  package and every path start at the root: "data.a.b"
//! import    {path, alias, line, col}
//! rule      {name, arity, default, line, col, calls, refs, unbound, products, stack}
//!                                                        arity is None for a rule that is no function
//! call      {name, nargs, line, col, span, name_end, args, stack}
//!                                                        offsets in bytes of the module's text; args is [(start, end)]
//! ref       {path, pattern, line, col, stack}            path is the constant head; pattern is None where that is all,
//!                                                        else every part from the root, None for an index that varies
//! unbound   {name, line, col}                            variables that must be bound elsewhere (in `not ...`, a head, the
//!                                                        term of a comprehension) and do not occur there
//! products  number of multiplications of two values of which at least one is not a constant
//! stack     estimated bytes of stack where a call or reference is evaluated, or at most anywhere in the rule
//! ```
//!
//! Names that a local variable shadows never appear in `refs`.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use regorus::Engine;
use regorus::unstable::{Module, Rule, Span};

use crate::syntax::path;
use crate::walk::{Call, Walker};

/// Every module of the engine; see the module text for the shapes.
pub fn modules<'py>(py: Python<'py>, engine: &mut Engine) -> PyResult<Bound<'py, PyList>> {
    let out = PyList::empty(py);
    for module in engine.get_modules().iter() {
        out.append(describe(py, module)?)?;
    }
    Ok(out)
}

fn describe<'py>(py: Python<'py>, module: &Module) -> PyResult<Bound<'py, PyDict>> {
    let imports = PyList::empty(py);
    for import in &module.imports {
        let dict = at(py, &import.span)?;
        dict.set_item("path", path(&import.refr).0)?;
        dict.set_item("alias", import.r#as.as_ref().map(|span| span.text()))?;
        imports.append(dict)?;
    }
    let rules = PyList::empty(py);
    for rule in &module.policy {
        rules.append(describe_rule(py, rule)?)?;
    }
    let dict = at(py, &module.package.span)?;
    dict.set_item("file", module.package.span.source.get_path())?;
    dict.set_item("package", format!("data.{}", path(&module.package.refr).0))?;
    dict.set_item("imports", imports)?;
    dict.set_item("rules", rules)?;
    Ok(dict)
}

fn at<'py>(py: Python<'py>, span: &Span) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("line", span.line)?;
    dict.set_item("col", span.col)?;
    Ok(dict)
}

fn describe_rule<'py>(py: Python<'py>, rule: &Rule) -> PyResult<Bound<'py, PyDict>> {
    let mut walker = Walker::default();
    let (name, arity) = walker.rule(rule);
    let dict = at(py, rule.span())?;
    dict.set_item("name", name)?;
    dict.set_item("arity", arity)?;
    dict.set_item("default", matches!(rule, Rule::Default { .. }))?;
    dict.set_item("products", walker.products)?;
    dict.set_item("stack", walker.deepest)?;
    let calls = PyList::empty(py);
    for call in &walker.calls {
        calls.append(describe_call(py, call)?)?;
    }
    dict.set_item("calls", calls)?;
    let refs = PyList::empty(py);
    for reference in &walker.refs {
        let dict = at(py, &reference.span)?;
        dict.set_item("path", &reference.path)?;
        dict.set_item("pattern", reference.pattern.clone())?;
        dict.set_item("stack", reference.stack)?;
        refs.append(dict)?;
    }
    dict.set_item("refs", refs)?;
    let unbound = PyList::empty(py);
    for span in &walker.unbound {
        let variable = at(py, span)?;
        variable.set_item("name", span.text())?;
        unbound.append(variable)?;
    }
    dict.set_item("unbound", unbound)?;
    Ok(dict)
}

fn describe_call<'py>(py: Python<'py>, call: &Call) -> PyResult<Bound<'py, PyDict>> {
    let dict = at(py, &call.name_span)?;
    dict.set_item("name", &call.name)?;
    dict.set_item("nargs", call.args.len())?;
    dict.set_item("span", (call.span.start, call.span.end))?;
    dict.set_item("name_end", call.name_span.end)?;
    dict.set_item("args", call.args.clone())?;
    dict.set_item("stack", call.stack)?;
    Ok(dict)
}
