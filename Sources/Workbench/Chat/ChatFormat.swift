/// Whose words a part of a conversation is.
package enum ChatRole: String, Sendable, CaseIterable {
    case system, user, assistant
}

/// What one side says.
package struct ChatTurn: Sendable, Equatable {
    package let role: ChatRole
    package let text: String

    package init(_ role: ChatRole, _ text: String) {
        self.role = role
        self.text = text
    }
}

/// How a family's models are shown a conversation: what their chat templates write, as data.
struct ChatFormat: Sendable {
    /// What is made of a system turn.
    enum System: Sendable {
        case refused
        /// It is put before the first user's words, with this between them.
        case joined(separator: String)
        case turn(SystemTurn)
    }

    struct SystemTurn: Sendable {
        /// Who says it.
        var role = "system"
        /// Written before and after its text. `$DATE` stands for the date.
        var before = ""
        var after = ""
        /// Whether it is written where nobody says anything.
        var isAlways = false
        /// Whether it is left out where its text is empty.
        var skipsEmpty = false
        /// Its text where there is no system turn.
        var usual: String?
    }

    /// Thoughts before an answer.
    struct Thinking: Sendable {
        let start: String
        let end: String
    }

    /// How a date is written.
    enum DateStyle: Sendable {
        /// `26 Jul 2024`.
        case dayFirst
        /// `2024-07-26`.
        case yearFirst
    }

    let name: String
    /// Whether the beginning-of-text token comes first.
    var beginsText = false
    /// What comes before all turns. `$DATE` stands for the date.
    var preamble = ""
    var date: DateStyle?
    var system = System.turn(SystemTurn())
    /// Before a role's name, between that and the text, and after the text.
    let marks: (start: String, middle: String, end: String)
    /// What the assistant is called.
    var assistant = "assistant"
    /// What comes between the assistant's name and the text, where that is given; the model writes its own.
    var answerMiddle: String?
    /// What the prompt ends with after the assistant's name, for the model to go on from.
    var answerStart: String?
    /// Whether texts lose the white space at both ends.
    var trimsTexts = false
    /// Where earlier thoughts are left out, and the last answer gets empty ones.
    var thinking: Thinking?
    let recognition: Recognition

    /// By what a template is taken for one that writes this format.
    struct Recognition: Sendable {
        /// Of the templates that were compared: SHA-256 as `ChatTemplate.hash` makes it.
        let hashes: Set<String>
        /// What any other that writes the format has.
        let has: [String]
        /// What one that writes something else has.
        let lacks: [String]
    }
}
