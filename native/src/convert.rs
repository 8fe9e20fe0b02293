//! Python objects to Rego values and back, without a detour through JSON text, within bounds on depth and number.
//!
//! | Python | Rego | back |
//! |---|---|---|
//! | dict, any Mapping | object | dict; a key that is no string becomes its compact JSON text, as in OPA |
//! | list, tuple | array | list |
//! | set, frozenset, `Set` | set | list in the engine's order; `Set` (a list) as an argument of a built-in |
//! | str, bool, None, int, float | the same | the same; a float without fraction comes back as int |
//!
//! An object with a true `__rego_absent__` attribute (the model's `Unknown`) is not there: its dict entry or set member
//! is dropped, in a list it leaves null so that positions stay right.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PyMapping, PySet, PyString, PyTuple, PyType};
use regorus::value::{Object, Set};
use regorus::{Rc, Value as Rego};

use crate::errors::Fault;
use crate::json;
use crate::limits::{MAX_INPUT_VALUES, MAX_RESULT_VALUES, MAX_VALUE_DEPTH};

/// Why an object was not converted; `path` grows from the inside out.
enum Stop {
    Absent,
    Bad { path: Vec<String>, reason: String },
}

impl Stop {
    fn bad(reason: impl Into<String>) -> Self {
        Stop::Bad { path: Vec::new(), reason: reason.into() }
    }

    fn under(mut self, step: impl FnOnce() -> String) -> Self {
        if let Stop::Bad { path, .. } = &mut self {
            path.push(step());
        }
        self
    }
}

impl From<PyErr> for Stop {
    fn from(error: PyErr) -> Self {
        Stop::bad(error.to_string())
    }
}

/// A converted value; an absent object at the top is null.
pub fn to_rego(object: &Bound<'_, PyAny>) -> Result<Rego, Fault> {
    if let Ok(value) = object.cast::<Value>() {
        return Ok(value.get().0.clone());
    }
    let mut reader = Reader { left: MAX_INPUT_VALUES };
    reader.convert(object, 0).or_else(|stop| match stop {
        Stop::Absent => Ok(Rego::Null),
        Stop::Bad { path, reason } => Err(Fault::new("input", format!("cannot convert {}: {reason}", place(path)))),
    })
}

/// The path to a value for a message, without the middle of a long one.
fn place(mut path: Vec<String>) -> String {
    path.reverse();
    if path.len() > 12 {
        path.splice(4..path.len() - 4, ["…".to_owned()]);
    }
    if path.is_empty() { "the value".to_owned() } else { path.join(".") }
}

/// Python objects to Rego values, with a budget.
struct Reader {
    left: usize,
}

impl Reader {
    fn convert(&mut self, object: &Bound<'_, PyAny>, depth: usize) -> Result<Rego, Stop> {
        if depth > MAX_VALUE_DEPTH {
            return Err(Stop::bad(format!("nested deeper than {MAX_VALUE_DEPTH}")));
        }
        let Some(left) = self.left.checked_sub(1) else {
            return Err(Stop::bad(format!("more than {MAX_INPUT_VALUES} values in all")));
        };
        self.left = left;
        // In the order of how often each occurs in a resource.
        if let Ok(text) = object.cast::<PyString>() {
            return string(text);
        }
        if let Ok(dict) = object.cast::<PyDict>() {
            let mut out = Object::new();
            for (key, value) in dict.iter() {
                self.entry(&mut out, &key, &value, depth)?;
            }
            return Ok(out.into_value());
        }
        if let Ok(list) = object.cast::<PyList>() {
            if is_set_class(list) {
                return self.members(list.iter(), depth);
            }
            return self.items(list.iter(), depth);
        }
        if let Ok(truth) = object.cast::<PyBool>() {
            return Ok(Rego::Bool(truth.is_true()));
        }
        if let Ok(number) = object.cast::<PyInt>() {
            return integer(number);
        }
        if object.is_none() {
            return Ok(Rego::Null);
        }
        if let Ok(tuple) = object.cast::<PyTuple>() {
            return self.items(tuple.iter(), depth);
        }
        self.uncommon(object, depth)
    }

    fn uncommon(&mut self, object: &Bound<'_, PyAny>, depth: usize) -> Result<Rego, Stop> {
        if let Ok(number) = object.cast::<PyFloat>() {
            let number = number.value();
            if !number.is_finite() {
                return Err(Stop::bad("NaN and infinity are not Rego numbers"));
            }
            return Ok(Rego::from(number));
        }
        if let Ok(value) = object.cast::<Value>() {
            return Ok(value.get().0.clone());
        }
        if is_absent(object) {
            return Err(Stop::Absent);
        }
        if object.is_instance_of::<PySet>() || object.is_instance_of::<PyFrozenSet>() {
            let every: PyResult<Vec<_>> = object.try_iter()?.collect();
            return self.members(every?.into_iter(), depth);
        }
        if object.is_instance_of::<UndefinedType>() {
            return Ok(Rego::Undefined);
        }
        if let Ok(mapping) = object.cast::<PyMapping>() {
            let mut out = Object::new();
            for pair in mapping.items()?.iter() {
                let (key, value) = pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
                self.entry(&mut out, &key, &value, depth)?;
            }
            return Ok(out.into_value());
        }
        Err(Stop::bad(format!("a {} is not a Rego value", object.get_type().name()?)))
    }

    fn entry(
        &mut self,
        out: &mut Object,
        key: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
        depth: usize,
    ) -> Result<(), Stop> {
        let step = || key.str().map_or_else(|_| "?".to_owned(), |text| text.to_string_lossy().into_owned());
        let converted = match self.convert(value, depth + 1) {
            Err(Stop::Absent) => return Ok(()),
            other => other.map_err(|stop| stop.under(step))?,
        };
        match self.convert(key, depth + 1) {
            Err(Stop::Absent) => {}
            other => {
                out.insert(other.map_err(|stop| stop.under(step))?, converted);
            }
        }
        Ok(())
    }

    fn items<'py>(
        &mut self,
        iter: impl ExactSizeIterator<Item = Bound<'py, PyAny>>,
        depth: usize,
    ) -> Result<Rego, Stop> {
        let mut out = Vec::with_capacity(iter.len());
        for (index, item) in iter.enumerate() {
            out.push(match self.convert(&item, depth + 1) {
                Err(Stop::Absent) => Rego::Null,
                other => other.map_err(|stop| stop.under(|| index.to_string()))?,
            });
        }
        Ok(Rego::from(out))
    }

    fn members<'py>(&mut self, iter: impl Iterator<Item = Bound<'py, PyAny>>, depth: usize) -> Result<Rego, Stop> {
        let mut out = Set::new();
        for member in iter {
            match self.convert(&member, depth + 1) {
                Err(Stop::Absent) => {}
                other => {
                    out.insert(other?);
                }
            }
        }
        Ok(out.into_value())
    }
}

fn is_absent(object: &Bound<'_, PyAny>) -> bool {
    object.getattr_opt("__rego_absent__").ok().flatten().is_some_and(|mark| mark.is_truthy().unwrap_or(false))
}

fn string(text: &Bound<'_, PyString>) -> Result<Rego, Stop> {
    Ok(Rego::String(Rc::from(text.to_cow().map_err(|_| Stop::bad("text holds a lone surrogate"))?.as_ref())))
}

fn integer(number: &Bound<'_, PyInt>) -> Result<Rego, Stop> {
    if let Ok(small) = number.extract::<i64>() {
        return Ok(Rego::from(small));
    }
    // str() of more than 4,300 digits is refused by CPython: such a number never reaches a policy.
    Rego::from_numeric_string(number.str()?.to_str()?).map_err(|error| Stop::bad(error.to_string()))
}

/// Rego values to Python, with a budget: shared sub-values make a small value exponentially large when written out.
pub struct Writer {
    left: usize,
    sets_as_set: bool,
}

impl Writer {
    /// For results: sets become lists.
    pub fn for_result() -> Self {
        Writer { left: MAX_RESULT_VALUES, sets_as_set: false }
    }

    /// For the arguments of a Python built-in: sets become `Set`.
    pub fn for_argument() -> Self {
        Writer { left: MAX_RESULT_VALUES, sets_as_set: true }
    }

    /// The Python object of a value.
    ///
    /// # Errors
    /// `RegoError` of kind "limit" when there are too many values; `ValueError` for a number CPython refuses.
    pub fn write<'py>(&mut self, py: Python<'py>, value: &Rego) -> PyResult<Bound<'py, PyAny>> {
        self.left = self.left.checked_sub(1).ok_or_else(|| too_large(py))?;
        Ok(match value {
            Rego::Null => py.None().into_bound(py),
            Rego::Bool(truth) => PyBool::new(py, *truth).to_owned().into_any(),
            Rego::String(text) => PyString::new(py, text).into_any(),
            Rego::Number(_) => number(py, value)?,
            Rego::Array(array) => self.list(py, array.iter())?.into_any(),
            Rego::Set(set) => {
                let list = self.list(py, set.iter_sorted())?;
                if self.sets_as_set { set_class(py)?.call1((list,))? } else { list.into_any() }
            }
            Rego::Object(object) => {
                let dict = PyDict::new(py);
                for (key, member) in object.iter_sorted() {
                    dict.set_item(self.key(py, key)?, self.write(py, member)?)?;
                }
                dict.into_any()
            }
            Rego::Undefined => undefined(py)?,
        })
    }

    fn list<'py, 'v>(
        &mut self,
        py: Python<'py>,
        values: impl Iterator<Item = &'v Rego>,
    ) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for value in values {
            list.append(self.write(py, value)?)?;
        }
        Ok(list)
    }

    fn key<'py>(&mut self, py: Python<'py>, key: &Rego) -> PyResult<Bound<'py, PyString>> {
        if let Rego::String(text) = key {
            return Ok(PyString::new(py, text));
        }
        let mut text = String::new();
        let mut budget = self.left;
        json::write(key, &mut text, &mut budget).map_err(|()| too_large(py))?;
        self.left = budget;
        Ok(PyString::new(py, &text))
    }
}

fn too_large(py: Python<'_>) -> PyErr {
    Fault::new("limit", format!("the result holds more than {MAX_RESULT_VALUES} values")).into_pyerr(py)
}

fn number<'py>(py: Python<'py>, value: &Rego) -> PyResult<Bound<'py, PyAny>> {
    let Rego::Number(number) = value else { return Err(PyValueError::new_err("not a number")) };
    if let Some(small) = number.as_i64() {
        return Ok(small.into_pyobject(py)?.into_any());
    }
    if let Some(big) = number.as_big() {
        return py.get_type::<PyInt>().call1((big.to_string(),));
    }
    let float = number.as_f64().ok_or_else(|| PyValueError::new_err("number out of range"))?;
    Ok(PyFloat::new(py, float).into_any())
}

/// A Python object converted once; cheap to hand to any engine in any thread.
#[pyclass(frozen, module = "scanner._rego")]
pub struct Value(pub Rego);

#[pymethods]
impl Value {
    #[new]
    fn new(py: Python<'_>, object: &Bound<'_, PyAny>) -> PyResult<Self> {
        to_rego(object).map(Value).map_err(|fault| fault.into_pyerr(py))
    }

    /// The value as Python objects, sets as lists.
    fn to_python<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        Writer { left: MAX_INPUT_VALUES, sets_as_set: false }.write(py, &self.0)
    }
}

/// The type of `Undefined`, the result of a rule without a value; false in a condition.
#[pyclass(frozen, module = "scanner._rego")]
pub struct UndefinedType;

#[pymethods]
impl UndefinedType {
    fn __repr__(&self) -> &'static str {
        "Undefined"
    }

    fn __bool__(&self) -> bool {
        false
    }
}

/// The one `Undefined`.
pub fn undefined(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    static ONE: PyOnceLock<Py<UndefinedType>> = PyOnceLock::new();
    Ok(ONE.get_or_try_init(py, || Py::new(py, UndefinedType))?.bind(py).clone().into_any())
}

static SET_CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// `Set`: a list that stands for a Rego set, whose members need not be hashable. A plain Python class, because
/// abi3-py311 cannot subclass list from Rust.
pub fn set_class(py: Python<'_>) -> PyResult<Bound<'_, PyType>> {
    let class = SET_CLASS.get_or_try_init(py, || {
        let body = PyDict::new(py);
        body.set_item("__doc__", "A Rego set: a list of its members in the engine's order.")?;
        body.set_item("__module__", "scanner._rego")?;
        body.set_item("__slots__", PyTuple::empty(py))?;
        let class = py.get_type::<PyType>().call1(("Set", (py.get_type::<PyList>(),), body))?;
        Ok::<_, PyErr>(class.cast_into::<PyType>()?.unbind())
    })?;
    Ok(class.bind(py).clone())
}

fn is_set_class(list: &Bound<'_, PyList>) -> bool {
    !list.is_exact_instance_of::<PyList>()
        && SET_CLASS.get(list.py()).is_some_and(|class| list.is_instance(class.bind(list.py())).unwrap_or(false))
}
