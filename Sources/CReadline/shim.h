// GNU readline for Swift 6, whose concurrency rules forbid access to C's global variables: there is a function here for every
// global that the console needs. Nothing in this file has state of its own. Call all functions from one thread.

#include <stdio.h>
#include <stdlib.h>
#include <readline/history.h>
#include <readline/readline.h>

/// Whether a character of the line is inside double quotes. Without this function, readline would take the space at the start of
/// most tokens for the end of a word.
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

/// Names the program for ~/.inputrc. The program handles signals itself, except changes of the terminal's size.
///
/// `prune` filters matches that are file names.
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

/// Says that the matches are complete, so that readline does not offer file names instead.
static inline void ct_completion_is_over(void) { rl_attempted_completion_over = 1; }

/// Whether matches are sorted by name; otherwise they keep their order.
static inline void ct_completion_sorts(int sorts) { rl_sort_completion_matches = sorts; }

/// The character to write after a match that is the only one; '\0' for none.
static inline void ct_completion_append(int character) { rl_completion_append_character = character; }

/// Leaves the quotes of a match unchanged.
static inline void ct_completion_suppress_quote(void) { rl_completion_suppress_quote = 1; }

static inline const char *ct_line_buffer(void) { return rl_line_buffer; }

/// Discards the line being edited, as shells do on Ctrl-C.
static inline void ct_abandon_line(void) {
    rl_free_line_state();
    rl_callback_sigcleanup();
    rl_replace_line("", 0);
    rl_point = 0;
}

/// Sets up the terminal again after the process was stopped, and shows the line.
static inline void ct_resume(void) {
    // Readline assumes that the terminal is still set up as before.
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
