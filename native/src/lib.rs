//! `scanner._rego`: the regorus interpreter for Bulkhead's Rego rules, hardened and brought closer to OPA.
//!
//! Nothing of the scanner is known here: modules, data and inputs come in as Python objects, values and faults go out.

mod convert;
mod engine;
mod errors;
mod json;
mod limits;
mod outline;
mod overrides;
mod syntax;
mod walk;

use pyo3::prelude::*;

/// Raised by one with every change of this interface; `scanner.packs.rego.native` refuses any other.
const BINDING_VERSION: u32 = 1;

/// Checks the size, nesting and operator counts of a module, without parsing it.
#[pyfunction]
#[pyo3(signature = (text, name = "<module>"))]
fn precheck(py: Python<'_>, text: &str, name: &str) -> PyResult<()> {
    limits::precheck(name, text).map_err(|fault| fault.into_pyerr(py))
}

/// The name and number of arguments of every built-in the engine brings, sorted; `print` takes any number.
#[pyfunction]
fn builtins() -> Vec<(String, u8)> {
    let mut all: Vec<_> =
        regorus::unstable::BUILTINS.iter().map(|(name, builtin)| ((*name).to_owned(), builtin.1)).collect();
    all.sort();
    all
}

#[pymodule]
mod _rego {
    #[pymodule_export]
    use super::{builtins, precheck};
    #[pymodule_export]
    use crate::convert::Value;
    #[pymodule_export]
    use crate::engine::Engine;
    #[pymodule_export]
    use crate::errors::RegoError;
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // Panics of the engine become faults; the default hook would write to stderr. This library has its own copy of
        // the hook, so no other extension is affected.
        std::panic::set_hook(Box::new(|_| {}));
        module.add("Undefined", crate::convert::undefined(module.py())?)?;
        module.add("Set", crate::convert::set_class(module.py())?)?;
        module.add("BINDING_VERSION", crate::BINDING_VERSION)?;
        module.add("REGORUS_VERSION", "0.14.1")
    }
}
