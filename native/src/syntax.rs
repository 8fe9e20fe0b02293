//! Questions about expressions and queries of a syntax tree, answered without context.

use std::collections::HashSet;

use regorus::unstable::{AssignOp, Expr, Literal, Query, Span};

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
pub fn parts(expr: &Expr) -> Vec<Option<String>> {
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

/// The span of a function's name, with the position of its first part: a dotted name has that of its last dot.
pub fn start_of(fcn: &Expr) -> Span {
    let mut first = fcn;
    while let Expr::RefDot { refr, .. } | Expr::RefBrack { refr, .. } = first {
        first = refr;
    }
    Span { line: first.span().line, col: first.span().col, ..fcn.span().clone() }
}

/// The bytes an argument takes, with the quotes that regorus leaves out of a string's span.
pub fn token_range(expr: &Expr) -> (u32, u32) {
    let span = expr.span();
    match expr {
        Expr::String { .. } | Expr::RawString { .. } => (span.start.saturating_sub(1), span.end + 1),
        _ => (span.start, span.end),
    }
}

/// Direct sub-expressions, not the statements of a query.
pub fn children(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
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
pub fn variables(expr: &Expr, visit: &mut dyn FnMut(&Span)) {
    match expr {
        Expr::Var { span, .. } => visit(span),
        Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => {}
        other => children(other, &mut |child| variables(child, visit)),
    }
}

/// The variables that stand as an index in a reference of the expression.
pub fn index_variables(expr: &Expr, names: &mut HashSet<String>) {
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

pub fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::Number { .. } => true,
        Expr::ArithExpr { lhs, rhs, .. } => is_constant(lhs) && is_constant(rhs),
        Expr::UnaryExpr { expr, .. } => is_constant(expr),
        _ => false,
    }
}

/// Names bound by a pattern: `x`, `[a, {"k": b}]`.
pub fn pattern(expr: &Expr, names: &mut HashSet<String>) {
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
pub fn declare(query: &Query, names: &mut HashSet<String>) {
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
pub fn mention(query: &Query, names: &mut HashSet<String>) {
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

/// Loops of a query: regorus evaluates what follows a loop inside of it.
pub fn loops(query: &Query) -> u32 {
    let of_statement = |literal: &Literal| match literal {
        Literal::SomeVars { .. } => 0,
        Literal::SomeIn { key, value, collection, .. } => {
            1 + key.iter().chain([value, collection]).map(|part| index_loops(part)).sum::<u32>()
        }
        Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => index_loops(expr),
        Literal::Every { domain, .. } => index_loops(domain),
    };
    query.stmts.iter().map(|statement| of_statement(&statement.literal)).sum()
}

/// Indexes that are no constants; each may loop. `walk` loops too.
pub fn index_loops(expr: &Expr) -> u32 {
    let mut count = match expr {
        Expr::RefBrack { index, .. } if constant_index(index).is_none() => 1,
        Expr::Call { fcn, .. } if path(fcn).0 == "walk" => 1,
        Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => return 0,
        _ => 0,
    };
    children(expr, &mut |child| count += index_loops(child));
    count
}
