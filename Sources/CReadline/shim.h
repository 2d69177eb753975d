// GNU readline for Swift 6, whose concurrency rules keep a program from touching C's global variables: every global that
// the console needs has a function here. Nothing in this file has state of its own; call all of it from one thread.

#include <stdio.h>
#include <stdlib.h>
#include <readline/history.h>
#include <readline/readline.h>

/// Whether a character of the line stands within double quotes; without it readline takes the space that begins most
/// tokens for the end of a word.
static inline int ct_is_quoted(char *line, int index) {
    int quoted = 0;
    for (int i = 0; i < index && line[i]; i++) {
        if (quoted && line[i] == '\\' && line[i + 1]) {
            i++;
        } else if (line[i] == '"') {
            quoted = !quoted;
        }
    }
    return quoted;
}

/// Names the program for ~/.inputrc, and leaves signals and the screen's size to us and to readline respectively.
///
/// `prune` takes matches that are file names out of their list.
static inline void ct_readline_setup(const char *name, rl_completion_func_t *complete, rl_compignore_func_t *prune) {
    rl_readline_name = name;
    rl_attempted_completion_function = complete;
    rl_ignore_some_completions_function = prune;
    rl_catch_signals = 0;
    rl_catch_sigwinch = 1;
    rl_completer_word_break_characters = " \t=";
    rl_completer_quote_characters = "\"";
    rl_char_is_quoted_p = ct_is_quoted;
    rl_filename_quote_characters = " \t\"";
    rl_completion_query_items = 200;
}

/// Says that the matches given are all there are: no file names in their place.
static inline void ct_completion_is_over(void) { rl_attempted_completion_over = 1; }

/// Whether the matches are shown sorted by name; else they keep their order.
static inline void ct_completion_sorts(int sorts) { rl_sort_completion_matches = sorts; }

/// What to write after a match that is the only one; '\0' for nothing.
static inline void ct_completion_append(int character) { rl_completion_append_character = character; }

/// Leaves the quoting of a match as it stands.
static inline void ct_completion_suppress_quote(void) { rl_completion_suppress_quote = 1; }

static inline const char *ct_line_buffer(void) { return rl_line_buffer; }

/// Forgets the line being edited, as shells do at Ctrl-C.
static inline void ct_abandon_line(void) {
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_replace_line("", 0);
    rl_point = 0;
}

/// Takes the terminal over again after the process was stopped, and shows the line.
static inline void ct_resume(void) {
    // Readline believes that the terminal is still set up as it left it.
    rl_cleanup_after_signal();
    rl_reset_after_signal();
    rl_forced_update_display();
}

static inline void ct_remove_history(int index) {
    HIST_ENTRY *entry = remove_history(index);
    if (entry) {
        free_history_entry(entry);
    }
}
