//! Contrasts: linear combinations of a factor's levels.
