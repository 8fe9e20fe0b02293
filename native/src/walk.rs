//! One walk over a rule: what it calls and refers to, which variables nothing binds, how deep it goes.

use std::collections::HashSet;

use regorus::unstable::{ArithOp, Expr, Literal, Query, Ref, Rule, RuleBody, RuleHead, Span};

use crate::syntax::{
    children, declare, index_variables, is_constant, loops, mention, parts, path, pattern, start_of, token_range,
    variables,
};

// Bytes of stack regorus takes, measured with chains of functions on x86-64 and rounded up by a third.
/// What is below an operator.
const OPERATOR: u32 = 900;
/// Below an index.
const INDEX: u32 = 1_000;
/// After a loop of the same body.
const LOOP: u32 = 1_300;
/// In an array, set or object.
const LITERAL: u32 = 2_000;
/// In an argument of a call.
const ARGUMENT: u32 = 2_400;
/// In an `every`.
const EVERY: u32 = 3_000;
/// In a comprehension.
const COMPREHENSION: u32 = 4_800;

/// A call and where it stands.
pub struct Call {
    pub name: String,
    pub span: Span,
    /// The span of a call itself starts at its parenthesis as far as line and column go.
    pub name_span: Span,
    pub args: Vec<(u32, u32)>,
    pub stack: u32,
}

/// A reference to something that is no local variable.
pub struct Reference {
    pub path: String,
    /// Every part from the root, where some vary.
    pub pattern: Option<Vec<Option<String>>>,
    pub span: Span,
    pub stack: u32,
}

/// What one rule holds, filled in by `rule`.
#[derive(Default)]
pub struct Walker {
    pub calls: Vec<Call>,
    pub refs: Vec<Reference>,
    pub unbound: Vec<Span>,
    pub products: u32,
    /// The largest `stack` there was.
    pub deepest: u32,
    /// Estimated bytes of stack at the point of the walk.
    stack: u32,
    /// Declared names, innermost query last.
    locals: Vec<HashSet<String>>,
    /// Names that occur outside of `not`, innermost query last.
    bound: Vec<HashSet<String>>,
}

impl Walker {
    /// Walks a rule; its name below the package, and its arity where it is a function.
    pub fn rule(&mut self, rule: &Rule) -> (String, Option<usize>) {
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
        let inside = LOOP * bodies.iter().map(|body| loops(&body.query)).max().unwrap_or(0);
        self.below(inside, |walker| {
            walker.head_indexes(refr);
            values.iter().for_each(|value| walker.produced(value));
        });
        for body in bodies {
            if let Some(assign) = &body.assign {
                self.below(inside, |walker| walker.produced(&assign.value));
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
        self.below(LOOP * loops(query), |walker| {
            for statement in &query.stmts {
                walker.literal(&statement.literal);
                for modifier in &statement.with_mods {
                    walker.expr(&modifier.r#as);
                }
            }
        });
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
                self.below(EVERY, |walker| walker.query(query));
                self.locals.pop();
                self.bound.pop();
            }
        }
    }

    /// Walks what regorus evaluates with `bytes` more on its stack.
    fn below(&mut self, bytes: u32, work: impl FnOnce(&mut Self)) {
        self.stack += bytes;
        self.deepest = self.deepest.max(self.stack);
        work(self);
        self.stack -= bytes;
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
            self.refs.push(Reference { path, pattern, span: expr.span().clone(), stack: self.stack });
        }
    }

    fn expr(&mut self, expr: &Expr) {
        if let Expr::Call { span, fcn, params, .. } = expr {
            let args = params.iter().map(|param| token_range(param)).collect();
            self.calls.push(Call {
                name: path(fcn).0,
                span: span.clone(),
                name_span: start_of(fcn),
                args,
                stack: self.stack,
            });
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
            self.below(weight(expr), |walker| children(expr, &mut |child| walker.expr(child)));
        }
    }

    /// The parts of a reference that are expressions of their own: indexes, and a head that is no name.
    fn indexes(&mut self, expr: &Expr) {
        match expr {
            Expr::RefDot { refr, .. } => self.indexes(refr),
            Expr::RefBrack { refr, index, .. } => {
                self.indexes(refr);
                self.below(INDEX, |walker| walker.expr(index));
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
        self.below(COMPREHENSION, |walker| {
            walker.below(LOOP * loops(query), |walker| terms.iter().for_each(|term| walker.produced(term)));
            walker.query(query);
        });
        self.locals.pop();
        self.bound.pop();
    }
}

/// Bytes of stack between an expression and its parts.
fn weight(expr: &Expr) -> u32 {
    match expr {
        Expr::Call { .. } => ARGUMENT,
        Expr::Array { .. } | Expr::Set { .. } | Expr::Object { .. } => LITERAL,
        _ => OPERATOR,
    }
}
