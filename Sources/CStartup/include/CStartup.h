#pragma once

// OpenBLAS starts its threads when it is loaded, and ends the process if it cannot. In a program that links this target, they are
// started at the first product instead, when the program knows how many threads are allowed.

/// Saves address space. All threads share one heap, instead of reserving 64 MB each; large blocks are mapped, so that they are
/// returned when they are freed; and stacks have 2 MB instead of the shell's 8.
void startup_save_address_space(void);
