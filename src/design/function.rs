//! Functions of numbers in formulas: values, derivatives, and what they cannot take.

use super::Refusal;
use crate::diagnostic::codes;
use crate::plan::Function;

/// A function with what it took from the analysed rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Applied {
    pub function: Function,
    /// Mean and standard deviation (n − 1) of the rows, for `scale`.
    pub centre: f64,
    pub spread: f64,
}

impl Applied {
    /// # Errors
    /// E006 for a value that the function does not take, naming its row's line; E009 for `scale` without variation.
    pub(super) fn new(
        function: Function,
        values: &[f64],
        lines: &[u64],
        column: &str,
    ) -> Result<Applied, Refusal> {
        let n = values.len() as f64;
        let centre = values.iter().sum::<f64>() / n;
        let spread = (values.iter().map(|v| (v - centre).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let applied = Applied {
            function,
            centre,
            spread,
        };
        if function == Function::Scale && (spread.is_nan() || spread <= 0.0) {
            let message = format!("`{column}` is the same in every row: it cannot be scaled");
            return Err(Refusal::new(codes::NO_VARIATION, message));
        }
        if let Some(row) = values.iter().position(|v| !applied.value(*v).is_finite()) {
            let (line, value) = (lines.get(row).copied().unwrap_or(0), values[row]);
            let message = format!(
                "`{column}` is {value} on line {line}, of which the formula's function is not finite"
            );
            return Err(Refusal::new(codes::NOT_FINITE, message));
        }
        Ok(applied)
    }

    pub fn value(&self, x: f64) -> f64 {
        match self.function {
            Function::Log => x.ln(),
            Function::Sqrt => x.sqrt(),
            Function::Exp => x.exp(),
            Function::Scale => (x - self.centre) / self.spread,
            Function::Power(power) => x.powi(i32::from(power)),
        }
    }

    pub fn slope(&self, x: f64) -> f64 {
        match self.function {
            Function::Log => 1.0 / x,
            Function::Sqrt => 0.5 / x.sqrt(),
            Function::Exp => x.exp(),
            Function::Scale => 1.0 / self.spread,
            Function::Power(power) => f64::from(power) * x.powi(i32::from(power) - 1),
        }
    }
}
