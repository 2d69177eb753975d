#pragma once

// The commit that the program was built from and its date, as in "b9e143b, 2026-11-28"; empty where the build did not know them.
const char *commit_built_from(void);
