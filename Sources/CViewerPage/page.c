#include "CViewerPage.h"

// #embed is a C23 directive that clang supports in every dialect. The embedded files are dependencies, so a change in one of them
// causes a rebuild. A new file needs its lines here, which a test checks.
#pragma clang diagnostic ignored "-Wc23-extensions"

typedef const unsigned char text[];

#define TEXT_(name) #name
#define TEXT(name) TEXT_(name)

static const struct viewer_file files[] = {
#define NAME index.html
#include "file.inc"
#define NAME style.css
#include "file.inc"
#define NAME actions.js
#include "file.inc"
#define NAME annotations.js
#include "file.inc"
#define NAME api.js
#include "file.inc"
#define NAME app.js
#include "file.inc"
#define NAME circuit.js
#include "file.inc"
#define NAME connections.js
#include "file.inc"
#define NAME dom.js
#include "file.inc"
#define NAME feature-detail.js
#include "file.inc"
#define NAME feature-evidence.js
#include "file.inc"
#define NAME figure.js
#include "file.inc"
#define NAME graph-list.js
#include "file.inc"
#define NAME graph.js
#include "file.inc"
#define NAME header.js
#include "file.inc"
#define NAME interventions.js
#include "file.inc"
#define NAME keyboard.js
#include "file.inc"
#define NAME link-graph-drawing.js
#include "file.inc"
#define NAME link-graph-layout.js
#include "file.inc"
#define NAME link-graph.js
#include "file.inc"
#define NAME loading.js
#include "file.inc"
#define NAME messages.js
#include "file.inc"
#define NAME names.js
#include "file.inc"
#define NAME pruning.js
#include "file.inc"
#define NAME question.js
#include "file.inc"
#define NAME saving.js
#include "file.inc"
#define NAME search.js
#include "file.inc"
#define NAME session.js
#include "file.inc"
#define NAME settling.js
#include "file.inc"
#define NAME state.js
#include "file.inc"
#define NAME steering.js
#include "file.inc"
#define NAME subgraph-layout.js
#include "file.inc"
#define NAME subgraph.js
#include "file.inc"
#define NAME theme.js
#include "file.inc"
#define NAME url-state.js
#include "file.inc"
#define NAME waiting.js
#include "file.inc"
};

const struct viewer_file *viewer_file(size_t number) {
    return number < sizeof files / sizeof *files ? &files[number] : NULL;
}
