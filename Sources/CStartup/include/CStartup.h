#pragma once

// OpenBLAS makes its threads when it is loaded, and ends the process where it cannot. A program that links this has them made at the first
// product instead, when it knows how many threads there may be.

/// One heap for all threads, where each would reserve 64 MB of address space for its own; large pieces mapped, so that they are given
/// back when they are freed; and stacks of 2 MB in place of the shell's 8.
void startup_save_address_space(void);
