//! What crosses a crate's border is tested here: the layers themselves, the real binary, whole scenarios.
