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

        static func left(_ key: String, _ label: String? = nil) -> Column { Column(key: key, label: label ?? key) }
        static func right(_ key: String, _ label: String? = nil) -> Column {
            Column(key: key, label: label ?? key, alignment: .right)
        }
        /// For features and nodes.
        static func name(_ key: String) -> Column { Column(key: key, label: key, isWhole: true) }
        static func volatile(_ key: String) -> Column { Column(key: key, label: key, isVolatile: true) }
        static func data(_ key: String) -> Column { Column(key: key, label: key, visibility: .dataOnly) }
        static func text(_ label: String, alignment: Alignment = .left) -> Column {
            Column(key: label, label: label, alignment: alignment, visibility: .textOnly)
        }
    }

    /// Its name in json.
    let key: String
    /// What stands above it, where a command shows several.
    var title: String?
    /// Whether it is for people or for machines only.
    var visibility = Column.Visibility.everywhere
    let columns: [Column]
    var rows: [[Value]]

    init(_ key: String, title: String? = nil, visibility: Column.Visibility = .everywhere, _ columns: [Column], rows: [[Value]]) {
        self.key = key
        self.title = title
        self.visibility = visibility
        self.columns = columns
        self.rows = rows
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
