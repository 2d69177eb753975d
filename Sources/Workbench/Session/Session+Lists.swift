/// Work on a list of prompts: the session as it was is set aside, and comes back.
extension Session {
    /// Sets the session aside. Until it is resumed the store keeps what is in it: runs of a list are stored only where there is room.
    package func setAside() -> SessionSetAside {
        store.isSparing = true
        return SessionSetAside(state: state)
    }

    /// Goes on from what was set aside, with its interventions, on another prompt.
    package func begin(_ prompt: String, from aside: SessionSetAside) throws {
        var next = aside.state
        // It reads the whole unembedding; once is enough.
        next.unembedding = state.unembedding
        state = next
        _ = try setPrompt(prompt)
    }

    package func resume(_ aside: SessionSetAside) {
        store.isSparing = false
        state = aside.state
    }
}

/// A session that waits while a list of prompts is worked on.
package struct SessionSetAside: Sendable {
    let state: State
}
