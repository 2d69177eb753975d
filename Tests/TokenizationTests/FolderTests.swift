import Foundation
import Testing
import Tokenization

/// What transformers makes of a tokenizer's folder; `Fixtures/record_folders.py` recorded it.
struct RecordedFolder: Sendable, CustomTestStringConvertible {
    let id: String
    let files: TokenizerFiles
    let special: [Int]
    let beginning: Int?
    let end: Int?
    let padding: Int?
    /// Texts, their ids, and what is put before them as a prompt.
    let cases: [(text: String, ids: [Int], opening: [Int])]
    var testDescription: String { id }

    static let all: [RecordedFolder] = try! {
        let json = try JSONSerialization.jsonObject(with: Fixture.data("folders.json"))
        return try #require(json as? [[String: Any]]).map { try RecordedFolder($0) }
    }()

    private init(_ record: [String: Any]) throws {
        func value<Value>(_ key: String) throws -> Value { try #require(record[key] as? Value) }
        id = try value("id")
        let beside: [String: String] = try value("files")
        func file(_ name: String) -> Data? { beside[name].map { Data($0.utf8) } }
        files = TokenizerFiles(
            tokenizer: try Fixture.applying(value("changes"), toTokenizer: value("base")), config: file("tokenizer_config.json"),
            specialTokensMap: file("special_tokens_map.json"), addedTokens: file("added_tokens.json"),
            modelConfig: file("config.json"))
        special = try value("special")
        (beginning, end, padding) = (record["beginning"] as? Int, record["end"] as? Int, record["padding"] as? Int)
        let cases: [[Any]] = try value("cases")
        self.cases = try cases.map {
            (try #require($0[0] as? String), try #require($0[1] as? [Int]), try #require($0[2] as? [Int]))
        }
    }
}

@Suite struct FolderTests {
    @Test func `every record is read`() {
        #expect(RecordedFolder.all.count == 84)
        #expect(RecordedFolder.all.reduce(0) { $0 + $1.cases.count } >= 2000)
    }

    @Test(arguments: RecordedFolder.all)
    func `a folder's special tokens are transformers'`(_ folder: RecordedFolder) throws {
        let tokenizer = try Tokenizer(folder.files)
        #expect(tokenizer.specialTokens.all == folder.special)
        #expect(tokenizer.specialTokens.beginning == folder.beginning)
        #expect(tokenizer.specialTokens.end == folder.end)
        #expect(tokenizer.specialTokens.padding == folder.padding)
        for (text, ids, opening) in folder.cases {
            #expect(try tokenizer.encode(text) == ids, "\(text.spelled)")
            #expect(try tokenizer.encodePrompt(text) == opening + ids, "\(text.spelled)")
        }
    }
}
