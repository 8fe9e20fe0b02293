//! The syntax tree of the loaded modules as plain dicts: what the static checks and the source rewrite look at.
//!
//! ```text
//! module    {file, package, line, col, rules, imports}  package and every path start at the root: "data.a.b"
//! import    {path, alias, line, col}
//! rule      {name, arity, default, line, col, calls, refs, unbound, products}
//!                                                        arity is None for a rule that is no function
//! call      {name, nargs, line, col, span, name_end, args}   offsets in bytes of the module's text; args is [(start, end)]
//! ref       {path, pattern, line, col}                   path is the constant head; pattern is None where that is all,
//!                                                        else every part from the root, None for an index that varies
//! unbound   {name, line, col}                            variables that must be bound elsewhere (in `not ...`, a head, the
//!                                                        term of a comprehension) and do not occur there
//! products  number of multiplications of two values of which at least one is not a constant
//! ```
//!
//! Names that a local variable shadows are left out of calls' and refs' resolution: they never appear in `refs`.

use std::collections::HashSet;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use regorus::Engine;
use regorus::unstable::{ArithOp, AssignOp, Expr, Literal, Module, Query, Ref, Rule, RuleBody, RuleHead, Span};

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
    let calls = PyList::empty(py);
    for call in &walker.calls {
        calls.append(call.describe(py)?)?;
    }
    dict.set_item("calls", calls)?;
    let refs = PyList::empty(py);
    for reference in &walker.refs {
        let dict = at(py, &reference.span)?;
        dict.set_item("path", &reference.path)?;
        dict.set_item("pattern", reference.pattern.clone())?;
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

/// The constant head of a reference as a path, and whether that is all of it. `a["b"].c` is `a.b.c`;
/// a part that is no name stays quoted: `a["b c"]`.
pub fn path(expr: &Expr) -> (String, bool) {
    let parts = parts(expr);
    let constant = parts.iter().take_while(|part| part.is_some()).count();
    let mut path = String::new();
    for part in parts[..constant].iter().flatten() {
        if path.is_empty() {
            path.push_str(part);
        } else if is_name(part) {
            path.push('.');
            path.push_str(part);
        } else {
            path.push_str(&format!("[{part:?}]"));
        }
    }
    (path, constant == parts.len())
}

fn is_name(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && part.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
}

/// The parts of a reference from its root; empty where the root is no name.
fn parts(expr: &Expr) -> Vec<Option<String>> {
    let (head, part) = match expr {
        Expr::Var { span, .. } => return vec![Some(span.text().to_owned())],
        Expr::RefDot { refr, field, .. } => (refr, Some(field.0.text().to_owned())),
        Expr::RefBrack { refr, index, .. } => (refr, constant_index(index)),
        _ => return Vec::new(),
    };
    let mut parts = parts(head);
    if !parts.is_empty() {
        parts.push(part);
    }
    parts
}

fn constant_index(index: &Expr) -> Option<String> {
    match index {
        Expr::String { value: regorus::Value::String(text), .. }
        | Expr::RawString { value: regorus::Value::String(text), .. } => Some(text.to_string()),
        Expr::Number { span, .. } | Expr::Bool { span, .. } | Expr::Null { span, .. } => Some(span.text().to_owned()),
        _ => None,
    }
}

struct Call {
    name: String,
    span: Span,
    /// The span of a call itself starts at its parenthesis as far as line and column go.
    name_span: Span,
    args: Vec<(u32, u32)>,
}

impl Call {
    fn describe<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = at(py, &self.name_span)?;
        dict.set_item("name", &self.name)?;
        dict.set_item("nargs", self.args.len())?;
        dict.set_item("span", (self.span.start, self.span.end))?;
        dict.set_item("name_end", self.name_span.end)?;
        dict.set_item("args", self.args.clone())?;
        Ok(dict)
    }
}

struct Reference {
    path: String,
    /// Every part from the root, where some vary.
    pattern: Option<Vec<Option<String>>>,
    span: Span,
}

#[derive(Default)]
struct Walker {
    calls: Vec<Call>,
    refs: Vec<Reference>,
    unbound: Vec<Span>,
    products: u32,
    /// Declared names, innermost query last.
    locals: Vec<HashSet<String>>,
    /// Names that occur outside of `not`, innermost query last.
    bound: Vec<HashSet<String>>,
}

impl Walker {
    fn rule(&mut self, rule: &Rule) -> (String, Option<usize>) {
        match rule {
            Rule::Default { refr, args, value, .. } => {
                self.enter(args);
                self.produced(value);
                (path(refr).0, (!args.is_empty()).then_some(args.len()))
            }
            Rule::Spec { head, bodies, .. } => self.spec(head, bodies),
        }
    }

    fn spec(&mut self, head: &RuleHead, bodies: &[RuleBody]) -> (String, Option<usize>) {
        let (refr, values, arity): (_, Vec<&Ref<Expr>>, _) = match head {
            RuleHead::Compr { refr, assign, .. } => (refr, assign.iter().map(|assign| &assign.value).collect(), None),
            RuleHead::Set { refr, key, .. } => (refr, key.iter().collect(), None),
            RuleHead::Func { refr, args, assign, .. } => {
                self.enter(args);
                for arg in args {
                    self.expr(arg);
                }
                (refr, assign.iter().map(|assign| &assign.value).collect(), Some(args.len()))
            }
        };
        // The head sees what the bodies declare.
        let mut declared = HashSet::new();
        let mut mentioned = HashSet::new();
        for body in bodies {
            declare(&body.query, &mut declared);
            mention(&body.query, &mut mentioned);
        }
        self.locals.push(declared);
        self.bound.push(mentioned);
        self.head_indexes(refr);
        for value in values {
            self.produced(value);
        }
        for body in bodies {
            if let Some(assign) = &body.assign {
                self.produced(&assign.value);
            }
            self.query(&body.query);
        }
        (path(refr).0, arity)
    }

    /// Arguments of a function are its outermost locals.
    fn enter(&mut self, args: &[Ref<Expr>]) {
        let mut names = HashSet::new();
        for arg in args {
            pattern(arg, &mut names);
        }
        self.bound.push(names.clone());
        self.locals.push(names);
    }

    fn head_indexes(&mut self, refr: &Expr) {
        match refr {
            Expr::RefDot { refr, .. } => self.head_indexes(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.head_indexes(refr);
                self.expr(index);
            }
            _ => {}
        }
    }

    fn query(&mut self, query: &Query) {
        let mut declared = HashSet::new();
        let mut mentioned = HashSet::new();
        declare(query, &mut declared);
        mention(query, &mut mentioned);
        self.locals.push(declared);
        self.bound.push(mentioned);
        for statement in &query.stmts {
            self.literal(&statement.literal);
            for modifier in &statement.with_mods {
                self.expr(&modifier.r#as);
            }
        }
        self.locals.pop();
        self.bound.pop();
    }

    fn literal(&mut self, literal: &Literal) {
        match literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                for expr in key.iter().chain([value, collection]) {
                    self.expr(expr);
                }
            }
            Literal::Expr { expr, .. } => self.expr(expr),
            Literal::NotExpr { expr, .. } => {
                self.needs_bound(expr, &HashSet::from(["_".to_owned()]), false);
                self.expr(expr);
            }
            Literal::Every { key, value, domain, query, .. } => {
                self.expr(domain);
                let names: HashSet<String> = key.iter().chain([value]).map(|span| span.text().to_owned()).collect();
                self.bound.push(names.clone());
                self.locals.push(names);
                self.query(query);
                self.locals.pop();
                self.bound.pop();
            }
        }
    }

    /// Keeps the variables of an expression (not of the queries inside it) that nothing outside of `not` mentions.
    fn needs_bound(&mut self, expr: &Expr, own: &HashSet<String>, own_is_bound: bool) {
        let mut spans = Vec::new();
        variables(expr, &mut |span| spans.push(span.clone()));
        let is_bound = |name: &str| self.bound.iter().chain(&self.locals).any(|names| names.contains(name));
        self.unbound.extend(spans.into_iter().filter(|span| match own.contains(span.text()) {
            true => !own_is_bound,
            false => !is_bound(span.text()),
        }));
    }

    /// A value that a body produces: a head's or a comprehension's. Indexes of its references may be new variables.
    fn produced(&mut self, expr: &Expr) {
        let mut own = HashSet::from(["_".to_owned()]);
        index_variables(expr, &mut own);
        self.needs_bound(expr, &own, true);
        self.expr(expr);
    }

    fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|names| names.contains(name))
    }

    fn reference(&mut self, expr: &Expr) {
        let (path, exact) = path(expr);
        let root = path.split(['.', '[']).next().unwrap_or_default();
        if !path.is_empty() && !self.is_local(root) {
            let pattern = (!exact).then(|| parts(expr));
            self.refs.push(Reference { path, pattern, span: expr.span().clone() });
        }
    }

    fn expr(&mut self, expr: &Expr) {
        if let Expr::Call { span, fcn, params, .. } = expr {
            let args = params.iter().map(|param| token_range(param)).collect();
            self.calls.push(Call { name: path(fcn).0, span: span.clone(), name_span: start_of(fcn), args });
        }
        match expr {
            Expr::Var { .. } => self.reference(expr),
            Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                self.reference(expr);
                self.indexes(expr);
            }
            Expr::ArithExpr { op: ArithOp::Mul, lhs, rhs, .. } if !(is_constant(lhs) && is_constant(rhs)) => {
                self.products += 1;
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                return self.comprehension(&[term], query);
            }
            Expr::ObjectCompr { key, value, query, .. } => return self.comprehension(&[key, value], query),
            _ => {}
        }
        if !matches!(expr, Expr::RefDot { .. } | Expr::RefBrack { .. }) {
            children(expr, &mut |child| self.expr(child));
        }
    }

    /// The parts of a reference that are expressions of their own: indexes, and a head that is no name.
    fn indexes(&mut self, expr: &Expr) {
        match expr {
            Expr::RefDot { refr, .. } => self.indexes(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.indexes(refr);
                self.expr(index);
            }
            Expr::Var { .. } => {}
            other => self.expr(other),
        }
    }

    fn comprehension(&mut self, terms: &[&Ref<Expr>], query: &Query) {
        let mut declared = HashSet::new();
        let mut mentioned = HashSet::new();
        declare(query, &mut declared);
        mention(query, &mut mentioned);
        self.locals.push(declared);
        self.bound.push(mentioned);
        for term in terms {
            self.produced(term);
        }
        self.query(query);
        self.locals.pop();
        self.bound.pop();
    }
}

/// The span of a function's name, with the position of its first part: a dotted name has that of its last dot.
fn start_of(fcn: &Expr) -> Span {
    let mut first = fcn;
    while let Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } = first {
        first = refr;
    }
    Span { line: first.span().line, col: first.span().col, ..fcn.span().clone() }
}

/// The bytes an argument takes, with the quotes that regorus leaves out of a string's span.
fn token_range(expr: &Expr) -> (u32, u32) {
    let span = expr.span();
    match expr {
        Expr::String { .. } | Expr::RawString { .. } => (span.start.saturating_sub(1), span.end + 1),
        _ => (span.start, span.end),
    }
}

/// Direct sub-expressions, not the statements of a query.
fn children(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
    match expr {
        Expr::Array { items, .. } | Expr::Set { items, .. } | Expr::Call { params: items, .. } => {
            items.iter().for_each(|item| visit(item));
        }
        Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
            visit(key);
            visit(value);
        }),
        Expr::UnaryExpr { expr, .. } => visit(expr),
        Expr::RefDot { refr, .. } => visit(refr),
        Expr::RefBrack { refr, index, .. } => {
            visit(refr);
            visit(index);
        }
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => {
            visit(lhs);
            visit(rhs);
        }
        Expr::Membership { key, value, collection, .. } => {
            key.iter().chain([value, collection]).for_each(|part| visit(part));
        }
        _ => {}
    }
}

/// Every variable of an expression, those inside its comprehensions excepted.
fn variables(expr: &Expr, visit: &mut dyn FnMut(&Span)) {
    match expr {
        Expr::Var { span, .. } => visit(span),
        Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => {}
        other => children(other, &mut |child| variables(child, visit)),
    }
}

/// The variables that stand as an index in a reference of the expression.
fn index_variables(expr: &Expr, names: &mut HashSet<String>) {
    match expr {
        Expr::RefBrack { index, .. } => {
            if let Expr::Var { span, .. } = index.as_ref() {
                names.insert(span.text().to_owned());
            }
        }
        Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => return,
        _ => {}
    }
    children(expr, &mut |child| index_variables(child, names));
}

fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Number { .. } => true,
        Expr::ArithExpr { lhs, rhs, .. } => is_constant(lhs) && is_constant(rhs),
        Expr::UnaryExpr { expr, .. } => is_constant(expr),
        _ => false,
    }
}

/// Names bound by a pattern: `x`, `[a, {"k": b}]`.
fn pattern(expr: &Expr, names: &mut HashSet<String>) {
    match expr {
        Expr::Var { span, .. } => {
            names.insert(span.text().to_owned());
        }
        Expr::Array { items, .. } => items.iter().for_each(|item| pattern(item, names)),
        Expr::Object { fields, .. } => fields.iter().for_each(|(_, _, value)| pattern(value, names)),
        _ => {}
    }
}

/// Names a query declares: `some x`, `some k, v in c`, `x := ...`.
fn declare(query: &Query, names: &mut HashSet<String>) {
    for statement in &query.stmts {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => names.extend(vars.iter().map(|span| span.text().to_owned())),
            Literal::SomeIn { key, value, .. } => {
                key.iter().chain([value]).for_each(|part| pattern(part, names));
            }
            Literal::Expr { expr, .. } => {
                if let Expr::AssignExpr { op: AssignOp::ColEq, lhs, .. } = expr.as_ref() {
                    pattern(lhs, names);
                }
            }
            Literal::NotExpr { .. } | Literal::Every { .. } => {}
        }
    }
}

/// Names that occur in a query outside of `not`, sub-queries included: generous, so that the check for unbound
/// variables under `not` accuses nobody wrongly.
fn mention(query: &Query, names: &mut HashSet<String>) {
    for statement in &query.stmts {
        match &statement.literal {
            Literal::SomeVars { .. } | Literal::NotExpr { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().chain([value, collection]).for_each(|part| mention_expr(part, names));
            }
            Literal::Expr { expr, .. } => mention_expr(expr, names),
            Literal::Every { domain, .. } => mention_expr(domain, names),
        }
    }
}

fn mention_expr(expr: &Expr, names: &mut HashSet<String>) {
    match expr {
        Expr::Var { span, .. } => {
            names.insert(span.text().to_owned());
        }
        Expr::ArrayCompr { query, .. } | Expr::SetCompr { query, .. } | Expr::ObjectCompr { query, .. } => {
            mention(query, names);
        }
        other => children(other, &mut |child| mention_expr(child, names)),
    }
}
