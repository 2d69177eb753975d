#include "CViewerPage.h"

// A C23 directive that clang has in every dialect. The compiler counts these files among its dependencies, so that a change
// of one is built; a new one needs its lines here, which a test checks.
#pragma clang diagnostic ignored "-Wc23-extensions"

typedef const unsigned char text[];

static const struct viewer_file files[] = {
    {"index.html", (text){
#embed "../Viewer/Web/index.html" suffix(, 0)
    }},
    {"style.css", (text){
#embed "../Viewer/Web/style.css" suffix(, 0)
    }},
    {"actions.js", (text){
#embed "../Viewer/Web/actions.js" suffix(, 0)
    }},
    {"annotations.js", (text){
#embed "../Viewer/Web/annotations.js" suffix(, 0)
    }},
    {"api.js", (text){
#embed "../Viewer/Web/api.js" suffix(, 0)
    }},
    {"app.js", (text){
#embed "../Viewer/Web/app.js" suffix(, 0)
    }},
    {"circuit.js", (text){
#embed "../Viewer/Web/circuit.js" suffix(, 0)
    }},
    {"connections.js", (text){
#embed "../Viewer/Web/connections.js" suffix(, 0)
    }},
    {"dom.js", (text){
#embed "../Viewer/Web/dom.js" suffix(, 0)
    }},
    {"feature-detail.js", (text){
#embed "../Viewer/Web/feature-detail.js" suffix(, 0)
    }},
    {"feature-evidence.js", (text){
#embed "../Viewer/Web/feature-evidence.js" suffix(, 0)
    }},
    {"graph-list.js", (text){
#embed "../Viewer/Web/graph-list.js" suffix(, 0)
    }},
    {"graph.js", (text){
#embed "../Viewer/Web/graph.js" suffix(, 0)
    }},
    {"header.js", (text){
#embed "../Viewer/Web/header.js" suffix(, 0)
    }},
    {"interventions.js", (text){
#embed "../Viewer/Web/interventions.js" suffix(, 0)
    }},
    {"keyboard.js", (text){
#embed "../Viewer/Web/keyboard.js" suffix(, 0)
    }},
    {"link-graph-drawing.js", (text){
#embed "../Viewer/Web/link-graph-drawing.js" suffix(, 0)
    }},
    {"link-graph-layout.js", (text){
#embed "../Viewer/Web/link-graph-layout.js" suffix(, 0)
    }},
    {"link-graph.js", (text){
#embed "../Viewer/Web/link-graph.js" suffix(, 0)
    }},
    {"loading.js", (text){
#embed "../Viewer/Web/loading.js" suffix(, 0)
    }},
    {"messages.js", (text){
#embed "../Viewer/Web/messages.js" suffix(, 0)
    }},
    {"pruning.js", (text){
#embed "../Viewer/Web/pruning.js" suffix(, 0)
    }},
    {"question.js", (text){
#embed "../Viewer/Web/question.js" suffix(, 0)
    }},
    {"saving.js", (text){
#embed "../Viewer/Web/saving.js" suffix(, 0)
    }},
    {"search.js", (text){
#embed "../Viewer/Web/search.js" suffix(, 0)
    }},
    {"session.js", (text){
#embed "../Viewer/Web/session.js" suffix(, 0)
    }},
    {"settling.js", (text){
#embed "../Viewer/Web/settling.js" suffix(, 0)
    }},
    {"state.js", (text){
#embed "../Viewer/Web/state.js" suffix(, 0)
    }},
    {"subgraph-layout.js", (text){
#embed "../Viewer/Web/subgraph-layout.js" suffix(, 0)
    }},
    {"subgraph.js", (text){
#embed "../Viewer/Web/subgraph.js" suffix(, 0)
    }},
    {"theme.js", (text){
#embed "../Viewer/Web/theme.js" suffix(, 0)
    }},
    {"url-state.js", (text){
#embed "../Viewer/Web/url-state.js" suffix(, 0)
    }},
};

const struct viewer_file *viewer_file(size_t number) {
    return number < sizeof files / sizeof *files ? &files[number] : NULL;
}
