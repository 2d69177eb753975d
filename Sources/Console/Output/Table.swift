/// Rows under named columns.
struct Table: Sendable, Equatable {
    struct Column: Sendable, Equatable {
        enum Visibility: Sendable, Equatable {
            case everywhere
            /// In table and md only.
            case textOnly
            /// In json and csv only.
            case dataOnly
        }

        let key: String
        let label: String
        var alignment = Alignment.left
        var visibility = Visibility.everywhere
        /// Is never cut to fit a terminal: names that are made of numbers.
        var isWhole = false
        /// Differs from machine to machine; a transcript leaves it out.
        var isVolatile = false
        /// Drawn beside its numbers where a terminal has room.
        var bar: Bar?
        /// Sentences: on a narrow terminal they continue on the next line, where other text is cut. For a table's last column.
        var wraps = false

        static func left(_ key: String, _ label: String? = nil) -> Column { Column(key: key, label: label ?? key) }
        static func right(_ key: String, _ label: String? = nil) -> Column {
            Column(key: key, label: label ?? key, alignment: .right)
        }
        /// For features, nodes and commands.
        static func name(_ key: String, _ label: String? = nil) -> Column { Column(key: key, label: label ?? key, isWhole: true) }
        static func volatile(_ key: String) -> Column { Column(key: key, label: key, isVolatile: true) }
        static func sentence(_ key: String, _ label: String) -> Column { Column(key: key, label: label, wraps: true) }
        static func probability(_ key: String, _ label: String? = nil, visibility: Visibility = .everywhere) -> Column {
            Column(key: key, label: label ?? key, alignment: .right, visibility: visibility, bar: .share)
        }
        /// For changes: to both sides of zero.
        static func change(_ key: String, _ label: String? = nil, visibility: Visibility = .everywhere) -> Column {
            Column(key: key, label: label ?? key, alignment: .right, visibility: visibility, bar: .change)
        }
        static func data(_ key: String) -> Column { Column(key: key, label: key, visibility: .dataOnly) }
        static func text(_ label: String, alignment: Alignment = .left) -> Column {
            Column(key: label, label: label, alignment: alignment, visibility: .textOnly)
        }
    }

    /// Its name in json.
    let key: String
    /// Its heading, if a command shows several tables.
    var title: String?
    /// What people see in place of no rows.
    var placeholder = "(none)"
    /// Whether it is for people or for machines only.
    var visibility = Column.Visibility.everywhere
    let columns: [Column]
    var rows: [[Value]]
    /// Headings of rows that belong together, by the index of the first.
    let headings: [Int: String]

    init(
        _ key: String, title: String? = nil, visibility: Column.Visibility = .everywhere, _ columns: [Column], rows: [[Value]],
        headings: [Int: String] = [:]
    ) {
        self.key = key
        self.title = title
        self.visibility = visibility
        self.columns = columns
        self.rows = rows
        self.headings = headings
        precondition(rows.allSatisfy { $0.count == columns.count }, "a row of another width than its table")
    }

    /// With nothing in the columns that differ from machine to machine.
    var withoutVolatile: Table {
        var table = self
        table.rows = rows.map { row in zip(columns, row).map { $0.isVolatile ? .none : $1 } }
        return table
    }

    /// The columns that people see, or that machines do, with each row's values in them.
    func shown(to visibility: Column.Visibility) -> (columns: [Column], rows: [[Value]]) {
        let chosen = columns.indices.filter { columns[$0].visibility == .everywhere || columns[$0].visibility == visibility }
        return (chosen.map { columns[$0] }, rows.map { row in chosen.map { row[$0] } })
    }
}
