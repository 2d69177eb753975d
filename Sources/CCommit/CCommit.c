#include "CCommit.h"

// `git archive` fills it in (.gitattributes), and with it the tarballs that hubs offer. Elsewhere it stays as it is.
static const char archived[] = "$Format:%h, %cs$";

const char *commit_built_from(void) {
#ifdef CIRCUIT_TRACER_COMMIT
    return CIRCUIT_TRACER_COMMIT;
#else
    return archived[0] == '$' ? "" : archived;
#endif
}
