//! The `Engine` class: one interpreter, its input, its deadline, and what is left of it after a panic.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine as Interpreter, Value as Rego};

use crate::convert::{Writer, to_rego};
use crate::errors::{Fault, LIMIT_MARK, guard};
use crate::limits::{policy_length, precheck};
use crate::{outline, overrides};

/// Work units between two looks at the clock: cheap enough to cost under 3 %, often enough for milliseconds.
const CHECK_INTERVAL: NonZeroU32 = NonZeroU32::new(256).unwrap();
/// No rule can have this name: asking for it makes regorus analyse the modules and nothing else.
const NO_RULE: &str = "data.__nothing__.__here__";

#[derive(Clone)]
struct State {
    live: Interpreter,
    /// The analysed engine before its first evaluation: a panic leaves `live` unusable ("recursion detected" for ever).
    pristine: Option<Interpreter>,
    deadline: Option<Duration>,
    strict: bool,
    /// Names of the Python built-ins, which win over our overrides.
    added: HashSet<String>,
    has_overrides: bool,
}

impl State {
    /// Registers the overrides and analyses the modules, once after each change.
    fn prepare(&mut self) -> Result<(), Fault> {
        if self.pristine.is_some() {
            return Ok(());
        }
        if !self.has_overrides {
            let added = &self.added;
            overrides::register(&mut self.live, self.strict, |name| added.contains(name))
                .map_err(|error| Fault::new("engine", error.to_string()))?;
            self.has_overrides = true;
        }
        self.limit_time(Duration::MAX);
        let live = &mut self.live;
        match guard("engine", || live.eval_rule(NO_RULE.to_owned())) {
            Err(fault) if fault.kind != "entrypoint" => return Err(fault),
            _ => {}
        }
        self.pristine = Some(self.live.clone());
        Ok(())
    }

    fn limit_time(&mut self, limit: Duration) {
        self.live.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval: CHECK_INTERVAL });
    }

    /// The value of each path on one input. The deadline is for the whole call: regorus' timer starts anew at each rule.
    fn eval_rules(&mut self, input: Rego, paths: Vec<String>) -> Vec<Result<Rego, Fault>> {
        if let Err(fault) = self.prepare() {
            return paths.iter().map(|_| Err(fault.clone())).collect();
        }
        let started = Instant::now();
        self.live.set_input(input.clone());
        paths
            .into_iter()
            .map(|path| {
                let left = self.time_left(started)?;
                self.limit_time(left);
                let live = &mut self.live;
                let outcome = guard("builtin", || live.eval_rule(path));
                // Gathered, or regorus would write them to stderr; a policy's print() goes nowhere.
                let _ = self.live.take_prints();
                outcome.map_err(|fault| self.recover(fault, &input))
            })
            .collect()
    }

    fn time_left(&self, started: Instant) -> Result<Duration, Fault> {
        let Some(deadline) = self.deadline else { return Ok(Duration::MAX) };
        let left = deadline.saturating_sub(started.elapsed());
        if left.is_zero() { Err(self.late()) } else { Ok(left) }
    }

    fn late(&self) -> Fault {
        let seconds = self.deadline.unwrap_or_default().as_secs_f64();
        Fault::new("limit", format!("{LIMIT_MARK}evaluation took longer than the deadline of {seconds} s"))
    }

    fn recover(&mut self, fault: Fault, input: &Rego) -> Fault {
        if fault.kind == "panic" {
            if let Some(pristine) = &self.pristine {
                self.live = pristine.clone();
                self.live.set_input(input.clone());
            }
            return fault;
        }
        if fault.kind == "limit" && fault.reason.contains("exceeded time limit") {
            return Fault { reason: self.late().reason, ..fault };
        }
        fault
    }

    fn changed(&mut self) {
        self.pristine = None;
    }
}

/// A Rego interpreter with its modules and data. Not for use by two threads at once: give each its `clone()`.
///
/// Every method but `clone`, `modules` and `coverage` may raise `RegoError`.
#[pyclass(frozen, module = "scanner._rego")]
pub struct Engine {
    state: Mutex<State>,
}

impl Engine {
    /// Locks only while detached from Python: a Python built-in attaches again inside the lock. A second user is an
    /// error rather than a wait, because a built-in that calls its own engine would wait for itself.
    fn with<T: Send>(&self, py: Python<'_>, work: impl FnOnce(&mut State) -> Result<T, Fault> + Send) -> PyResult<T> {
        py.detach(|| work(&mut *self.lock()?)).map_err(|fault| fault.into_pyerr(py))
    }

    fn lock(&self) -> Result<MutexGuard<'_, State>, Fault> {
        match self.state.try_lock() {
            Ok(guard) => Ok(guard),
            Err(std::sync::TryLockError::Poisoned(poisoned)) => Ok(poisoned.into_inner()),
            Err(std::sync::TryLockError::WouldBlock) => {
                Err(Fault::new("engine", "the engine is in use; each thread needs its own clone"))
            }
        }
    }
}

#[pymethods]
impl Engine {
    /// `strict`: an error of a built-in raises. Lax mode, where it is undefined, exists for OPA's conformance cases.
    #[new]
    #[pyo3(signature = (*, strict = true))]
    fn new(strict: bool) -> Self {
        let mut live = Interpreter::new();
        live.set_strict_builtin_errors(strict);
        live.set_gather_prints(true);
        live.set_policy_length_config(policy_length());
        let state = State { live, pristine: None, deadline: None, strict, added: HashSet::new(), has_overrides: false };
        Engine { state: Mutex::new(state) }
    }

    /// Adds a module after `precheck`; returns its package as "data.a.b". `v0`: the syntax before OPA 1.0.
    #[pyo3(signature = (name, text, *, v0 = false))]
    fn add_policy(&self, py: Python<'_>, name: String, text: String, v0: bool) -> PyResult<String> {
        self.with(py, |state| {
            precheck(&name, &text)?;
            state.changed();
            state.live.set_rego_v0(v0);
            let live = &mut state.live;
            guard("syntax", || live.add_policy(name, text))
        })
    }

    /// Merges a mapping into `data`; a key that is there already with another value is an error.
    fn add_data(&self, py: Python<'_>, data: &Bound<'_, PyAny>) -> PyResult<()> {
        let data = to_rego(data).map_err(|fault| fault.into_pyerr(py))?;
        self.with(py, |state| {
            state.changed();
            let live = &mut state.live;
            guard("input", || live.add_data(data))
        })
    }

    /// Seconds for each call of `eval_rules` and `eval_query`; None for no deadline.
    #[pyo3(signature = (seconds))]
    fn set_deadline(&self, py: Python<'_>, seconds: Option<f64>) -> PyResult<()> {
        let deadline = seconds
            .map(Duration::try_from_secs_f64)
            .transpose()
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        self.with(py, |state| {
            state.deadline = deadline;
            Ok(())
        })
    }

    /// Registers a Python function as a built-in, before the first evaluation. It gets the arguments as Python objects
    /// (sets as `Set`) and returns one; `Undefined` makes the call undefined, an exception is a fault of kind "builtin".
    fn add_builtin(&self, py: Python<'_>, name: String, nargs: u8, function: Py<PyAny>) -> PyResult<()> {
        let function = Arc::new(function);
        let label = name.clone();
        self.with(py, move |state| {
            let strict = state.strict;
            let extension = move |args: Vec<Rego>| {
                let outcome =
                    Python::attach(|py| call_python(py, &function, &args).map_err(|error| describe(py, &error)));
                match outcome {
                    Ok(value) => Ok(value),
                    Err(text) if strict || text.starts_with(LIMIT_MARK) => Err(anyhow!("{label}: {text}")),
                    Err(_) => Ok(Rego::Undefined),
                }
            };
            state.changed();
            let live = &mut state.live;
            guard("engine", || live.add_extension(name.clone(), nargs, Box::new(extension)))?;
            state.added.insert(name);
            Ok(())
        })
    }

    /// Analyses the modules: unsafe variables and conflicting heads show here, before any input.
    fn prepare(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, State::prepare)
    }

    /// One value or `RegoError` per path ("data.pkg.rule"), on one input, in one release of the GIL; `Undefined` for a
    /// rule without a value. After the deadline the remaining paths get an error of kind "limit".
    fn eval_rules<'py>(
        &self,
        py: Python<'py>,
        input: &Bound<'py, PyAny>,
        paths: Vec<String>,
    ) -> PyResult<Bound<'py, PyList>> {
        let input = to_rego(input).map_err(|fault| fault.into_pyerr(py))?;
        let outcomes = self.with(py, |state| Ok(state.eval_rules(input, paths)))?;
        let list = PyList::empty(py);
        for outcome in outcomes {
            let result = match outcome {
                Ok(value) => Writer::for_result().write(py, &value),
                Err(fault) => Err(fault.into_pyerr(py)),
            };
            match result {
                Ok(value) => list.append(value)?,
                Err(error) => list.append(error.value(py))?,
            }
        }
        Ok(list)
    }

    /// The results of a query, each as {"bindings": {...}, "expressions": [...]}.
    #[pyo3(signature = (query, input = None))]
    fn eval_query<'py>(
        &self,
        py: Python<'py>,
        query: String,
        input: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyList>> {
        let input = input.map(to_rego).transpose().map_err(|fault| fault.into_pyerr(py))?;
        let results = self.with(py, |state| {
            precheck("<query>", &query)?;
            state.prepare()?;
            state.live.set_input(input.clone().unwrap_or(Rego::Undefined));
            state.live.set_rego_v0(false);
            state.limit_time(state.deadline.unwrap_or(Duration::MAX));
            let live = &mut state.live;
            let outcome = guard("builtin", || live.eval_query(query, false));
            let _ = state.live.take_prints();
            outcome.map_err(|fault| state.recover(fault, &input.unwrap_or(Rego::Undefined)))
        })?;
        let list = PyList::empty(py);
        for result in &results.result {
            let dict = PyDict::new(py);
            dict.set_item("bindings", Writer::for_result().write(py, &result.bindings)?)?;
            let expressions = PyList::empty(py);
            for expression in &result.expressions {
                expressions.append(Writer::for_result().write(py, &expression.value)?)?;
            }
            dict.set_item("expressions", expressions)?;
            list.append(dict)?;
        }
        Ok(list)
    }

    /// An engine of its own with the same modules, data and built-ins, never evaluated.
    #[pyo3(name = "clone")]
    fn clone_(&self, py: Python<'_>) -> PyResult<Engine> {
        let state = self.with(py, |state| {
            let mut copy = state.clone();
            if let Some(pristine) = &copy.pristine {
                copy.live = pristine.clone();
            }
            Ok(copy)
        })?;
        Ok(Engine { state: Mutex::new(state) })
    }

    /// The syntax tree of every module; see `outline.rs` for the shapes.
    fn modules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let mut state = self.lock().map_err(|fault| fault.into_pyerr(py))?;
        outline::modules(py, &mut state.live)
    }

    /// Starts (and resets) or stops the recording of executed lines.
    fn set_coverage(&self, py: Python<'_>, on: bool) -> PyResult<()> {
        self.with(py, |state| {
            state.prepare()?;
            state.live.clear_coverage_data();
            state.live.set_enable_coverage(on);
            Ok(())
        })
    }

    /// {file: (executed lines, other lines)} since `set_coverage(True)`.
    fn coverage<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let report = self.with(py, |state| {
            let live = &mut state.live;
            guard("engine", || live.get_coverage_report())
        })?;
        let dict = PyDict::new(py);
        for file in report.files {
            let executed: Vec<u32> = file.covered.into_iter().collect();
            let other: Vec<u32> = file.not_covered.into_iter().collect();
            dict.set_item(file.path, (executed, other))?;
        }
        Ok(dict)
    }
}

fn call_python(py: Python<'_>, function: &Py<PyAny>, args: &[Rego]) -> PyResult<Rego> {
    let args = args.iter().map(|arg| Writer::for_argument().write(py, arg)).collect::<PyResult<Vec<_>>>()?;
    let result = function.bind(py).call1(PyTuple::new(py, args)?)?;
    to_rego(&result).map_err(|fault| fault.into_pyerr(py))
}

/// An exception's text, with its type where the text alone would not say what happened.
fn describe(py: Python<'_>, error: &PyErr) -> String {
    let text = error.value(py).str().map(|text| text.to_string_lossy().into_owned()).unwrap_or_default();
    let name = error.get_type(py).name().map(|name| name.to_string()).unwrap_or_default();
    if matches!(name.as_str(), "ValueError" | "RegoError") && !text.is_empty() {
        text
    } else {
        format!("{name}: {text}")
    }
}
