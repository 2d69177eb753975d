import Graphs
import Testing

@testable import Console
@testable import Workbench

/// docs/sets.md, a test for each production.
@Suite struct SetGrammarTests {
    /// The set that a line begins with, as it is printed again, and the words left.
    private func read(_ line: String) throws -> (set: SetExpression, rest: [String]) {
        var parser = SetParser(try Lexer.words(of: line), line: line)
        return (try parser.set(), parser.rest.map(\.text))
    }

    @Test(arguments: [
        "3/412@9", "3/412@-1", "3/412@5:8", "3/412@-3:-1", "3/412@1:-1", "3/412@9:", "3/412@*", "3/412", "3:6/*@9", "3/*", "*/412@2", "*@-1", "*",
        #"3/412@" Dallas""#, ##"3/412@" Dallas"#1"##, #"3/412@" Dallas":" is""#, #"*@" Dallas":"#, "dallas", "dallas-2_b", "top()", "top(10)", "top(5,direct)",
        "top(10,@9,0:3)", "active(@9)", #"active(@" Dallas",0:3)"#, "strongest(5,@9)", #"raises(" Texas",8)"#, "raises(#42)", "feeds(5/1098@10,6)",
        #"feeds(" Austin")"#,
        "fed-by(5/1098@10)", #"label("a state",@9,0:3)"#, #"compare("The capital, of (Texas) is")"#, "dallas + 3/412@9", "top(5) - dallas & active(@9)",
        #""say a capital" - dallas"#, #"dallas + "say Austin""#,
        #"3/412@" \"""#, #"raises(" \"",8)"#, #"raises("\\")"#, #"compare("a\nb")"#, "top(5) - (top(2) + 0/3@9)", "a & (b - (c + d))",
    ])
    func `a set is written again as it was typed`(_ text: String) throws {
        let (set, rest) = try read(text)
        #expect("\(set)" == text && rest.isEmpty)
    }

    @Test func `one word of a label needs no quotes`() throws {
        #expect(try read("label(capital)").set == read(#"label("capital")"#).set)
        #expect(throws: ConsoleError.self) { try read("raises(capital)") }
        #expect(throws: ConsoleError.self) { try read("label()") }
    }

    @Test func `a site has layers, an index and positions`() throws {
        #expect(try read("3/412@5:8").set == .sites(SitesTerm(FeatureID(layer: 3, index: 412), at: .range(.index(5), .index(8)))))
        #expect(try read("3:6/*@9").set == .sites(SitesTerm(layers: .range(3, 6), index: nil, positions: .at(.index(9)))))
        #expect(try read("*@-1").set == .sites(SitesTerm(layers: .all, index: nil, positions: .at(.index(-1)))))
        #expect(try read("3/412").set == .sites(SitesTerm(FeatureID(layer: 3, index: 412), at: nil)))
    }

    @Test func `a position may be a token, or one of several alike`() throws {
        let feature = FeatureID(layer: 3, index: 412)
        #expect(try read(#"3/412@" Dallas""#).set == .sites(SitesTerm(feature, at: .at(.token(" Dallas")))))
        #expect(try read(##"3/412@" Dallas"#2"##).set == .sites(SitesTerm(feature, at: .at(.token(" Dallas", occurrence: 2)))))
        #expect(try read(#"3/412@" a\"b":"#).set == .sites(SitesTerm(feature, at: .from(.token(" a\"b")))))
    }

    @Test func `the order of a call's arguments does not matter`() throws {
        let call = SetCallTerm(name: "top", arguments: [.positions(.at(.index(9))), .count(5), .order(.direct)])
        #expect(try read("top(@9,5,direct)").set == .call(call))
        #expect(call.count == 5 && call.order == .direct && call.positions == .at(.index(9)) && call.layers == .all)
    }

    @Test func `operators apply from left to right, and terms side by side are added up`() throws {
        let (a, b, c) = (SetExpression.named("a"), SetExpression.named("b"), SetExpression.named("c"))
        #expect(try read("a + b & c").set == .combined(.combined(a, .union, b), .intersection, c))
        #expect(try read("a - b c").set == .combined(.combined(a, .difference, b), .union, c))
    }

    @Test func `brackets come first, and stand at words or are words of their own`() throws {
        let (a, b, c) = (SetExpression.named("a"), SetExpression.named("b"), SetExpression.named("c"))
        let nested = SetExpression.combined(a, .difference, .combined(b, .union, c))
        #expect(try read("a - (b + c)").set == nested && read("a - ( b + c )").set == nested && read("((a)) - ((b c))").set == nested)
        #expect(try read("(a) 2.5").rest == ["2.5"])
        #expect(try read("a) 5").rest == [")", "5"])
        #expect(
            try read(#"(raises(" )") top(3)) & a"#).set
                == .combined(
                    .combined(.call(SetCallTerm(name: "raises", arguments: [.text(" )")])), .union, .call(SetCallTerm(name: "top", arguments: [.count(3)]))),
                    .intersection, a))
    }

    @Test func `a number before or after a set is a count, a feature is not`() throws {
        func count(_ line: String) throws -> (Int?, [String]) {
            var parser = SetParser(try Lexer.words(of: line), line: line)
            return (try parser.count("how many"), parser.rest.map(\.text))
        }
        #expect(try count("5 3/412@9") == (5, ["3/412@9"]))
        #expect(try count("3/412@9 5") == (nil, ["3/412@9", "5"]))
    }

    @Test func `a factor after another prompt's values ends in x`() throws {
        func factor(_ line: String) throws -> Float {
            var parser = SetParser(try Lexer.words(of: line), line: line)
            return try parser.factor()
        }
        #expect(try factor("") == 1 && factor("2x") == 2 && factor("3/412@9 2") == 1)
        let error = #expect(throws: ConsoleError.self) { try factor("2") }
        #expect(error.map { Diagnostic(error: $0, line: SourceLine("2")).sentence } == "How many times the value is written with an x. Did you mean 2x?")
    }

    @Test func `a prompt without quotes is suggested with them, whole`() throws {
        func sentence(_ line: String) throws -> String? {
            let words = try Lexer.words(of: line)
            do { _ = try words[0].quotedPrompt(before: words.dropFirst()) } catch { return Diagnostic(error: error, line: SourceLine(line)).sentence }
            return nil
        }
        #expect(try sentence(#""Fact: the capital""#) == nil)
        #expect(try sentence("Fact: the capital @9") == #"A prompt is written in double quotes here. Did you mean "Fact: the capital"?"#)
        #expect(try sentence("'Fact: the capital' \" x\"") == #"A prompt is written in double quotes here. Did you mean "Fact: the capital"?"#)
    }

    @Test func `thousands of features may stand side by side, and what lies too deep is refused`() throws {
        let many = (0..<20_000).map { "0/\($0)@1" }.joined(separator: " + ")
        let set = try read(many).set
        #expect("\(set)" == many && set.depth < 20)
        let sentence = "A set takes at most 100 differences, intersections and brackets."
        for line in [String(repeating: "(", count: 5000) + "a", Array(repeating: "a", count: 5000).joined(separator: " - ")] {
            let error = #expect(throws: ConsoleError.self) { _ = try read(line) }
            #expect(error.map { Diagnostic(error: $0, line: SourceLine(line)).sentence } == sentence)
        }
    }

    @Test func `a set ends at a number, a keyword or a quoted word`() throws {
        #expect(try read("a b 2.5 c").rest == ["2.5", "c"])
        #expect(try read("a nan").rest == ["nan"])
        #expect(try read("a -2x").rest == ["-2x"])
        #expect(try read("a - b -2").rest == ["-2"])
        #expect(try read(#"a from "P""#).rest == ["from", "P"])
        #expect(try read(#"3/4@9 " Austin""#).rest == [" Austin"])
    }

    @Test(arguments: [
        ("", "A set of features should follow."), ("5", "A set of features is needed here, and 5 is not one."),
        ("a +", "A set of features should follow +."), ("a + 5", "A set of features is needed here, and 5 is not one."),
        (#"" Austin""#, #"A set of features is needed here, and " Austin" is not one. Did you mean *@" Austin"?"#),
        ("@9", "@9 is not a set of features. Did you mean *@9?"),
        ("3/", "3/ is not a feature; one is written LAYER/INDEX, for example 3/412."),
        ("/4", "/4 is not a feature; one is written LAYER/INDEX, for example 3/412."),
        ("3/4/5@1", "3/4/5@1 is not a feature; one is written LAYER/INDEX, for example 3/412."),
        ("3/b@1", "3/b@1 is not a feature; one is written LAYER/INDEX, for example 3/412."),
        ("3/99999999999999999999@1", "3/99999999999999999999@1 is not a feature; one is written LAYER/INDEX, for example 3/412."),
        ("6:3/*@1", "6:3 is an empty range of layers."), ("3/4@", "@ does not name positions."), ("3/4@x", "@x does not name positions."),
        ("3/4@1:x", "@1:x does not name positions."), ("3/4@1:2:3", "@1:2:3 does not name positions."), ("3/4@+1", "@+1 does not name positions."),
        ("3/4@@1", "@@1 does not name positions."), ("3/4@5:5", "@5:5 is an empty range of positions."),
        (##"3/4@" a"#0"##, ##"@" a"#0 does not name positions."##),
        (#"3/4@" a"#, "The quote is not closed."), ("tpo(3)", "There is no call tpo(...) of a set. Did you mean top?"),
        ("top(5", "top(5 is not closed with a parenthesis."), ("top(5,", "top(5, is not closed with a parenthesis."),
        ("top(5)x", "x cannot follow the parenthesis of top(...)."),
        ("top(5)-top(2)", "-top(2) cannot follow the parenthesis of top(...)."), ("feeds(top(1),2)", "top(1) is not an argument of feeds."),
        ("(a + b", "The bracket is not closed."), ("(", "A set of features should follow."), ("()", "A set of features is needed here, and ) is not one."),
        ("a - from", "A set of features is needed here, and from is not one."), ("top(5,,3)", "An argument of top is empty."),
        ("top(0)", "0 is not an argument of top."),
        ("top(5,6)", "top does not take 6 here; it is written top([N][,ORDER][,@P][,A:B])."), ("top(dallas)", "dallas is not an argument of top."),
        ("raises(8)", "raises needs TOKEN; it is written raises(TOKEN[,N][,@P][,A:B])."), ("feeds()", "feeds needs NODE; it is written feeds(NODE[,N])."),
        ("-a", "-a is not a set of features."), ("a.b", "a.b is not a set of features."),
    ])
    func `what is not a set is refused in words`(_ line: String, _ sentence: String) throws {
        let error = #expect(throws: ConsoleError.self) { _ = try read(line) }
        #expect(error.map { Diagnostic(error: $0, line: SourceLine(line)).sentence } == sentence)
    }

    @Test func `a call with spaces says how it is written`() throws {
        let line = "show top(5, direct)"
        #expect(
            diagnosis(of: line) {
                var parser = SetParser(try Lexer.words(of: line).dropFirst(), line: line)
                _ = try parser.set()
            } == """
                error: top(5, is not closed with a parenthesis.
                  show top(5, direct)
                       ^~~~~~
                  (a call is one word, without spaces outside quotes: top([N][,ORDER][,@P][,A:B]))

                """)
    }

    @Test func `layers and positions are options' values too`() throws {
        #expect(try word("3").layersTerm() == .one(3) && word("3:6").layersTerm() == .range(3, 6))
        #expect(try word("-1").positionsTerm() == .at(.index(-1)) && word("@5:8").positionsTerm() == .range(.index(5), .index(8)))
        #expect(try word(#"" Dallas""#).positionsTerm() == .at(.token(" Dallas")))
        #expect(try word(##"" Dallas"#1"##).positionsTerm() == .at(.token(" Dallas", occurrence: 1)))
        #expect(throws: ConsoleError.self) { try word("x").layersTerm() }
    }

    @Test(arguments: [("2x", 2), ("-0.5x", -0.5), ("3×", 3)] as [(String, Float)])
    func `multiples end in x`(_ text: String, _ factor: Float) throws {
        #expect(try word(text).multiple() == factor)
    }

    @Test func `other words are not multiples`() throws {
        for text in ["x", "2", "box", "2y"] { #expect(try word(text).multiple() == nil) }
        #expect(throws: ConsoleError.self) { try word("1.2.3x").multiple() }
    }

    @Test func `names are spelled with letters, digits, hyphens and underscores`() {
        #expect(["a", "dallas2", "say-a_capital"].allSatisfy(SetName.isOne))
        #expect(!["", "nan", "inf", "2a", "a b", "a.b", "a/b", "-a"].contains(where: SetName.isOne))
    }
}
