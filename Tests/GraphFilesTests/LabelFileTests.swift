import Foundation
import Graphs
import TestSupport
import Testing

@testable import GraphFiles

/// Labels to and from other programs.
@Suite struct LabelFileTests {
    private func read(_ text: String, scan: String = "org/set") throws -> [FeatureID: FeatureLabel] {
        try LabelFile(Array(text.utf8), from: URL(filePath: "/l.tsv"), scan: scan).labels
    }

    private let two = [FeatureID(layer: 0, index: 12): FeatureLabel("a b"), FeatureID(layer: 3, index: 7): FeatureLabel("c", isSuggested: true)]

    @Test func `both forms are read back as written`() throws {
        #expect(LabelFile(two).tabSeparated == "0/12\ta b\n3/7\tc\tsuggested\n")
        #expect(
            LabelFile(two).jsonLines
                == "{\"feature\":\"0/12\",\"label\":\"a b\",\"suggested\":false}\n{\"feature\":\"3/7\",\"label\":\"c\",\"suggested\":true}\n")
        #expect(try read(LabelFile(two).tabSeparated) == two && read(LabelFile(two).jsonLines) == two)
        #expect(try read("{\"feature\":\"0/12\",\"label\":\"a b\"}") == [FeatureID(layer: 0, index: 12): FeatureLabel("a b")])
    }

    @Test(arguments: [
        "\u{FEFF}# labels\r\n0/12\ta b\r\n\r\n3/7\tc\tsuggested", "feature\tlabel\n0/12\t a b \n3/7\tc\tsuggested\n",
        "layer\tindex\tlabel\n0\t12\ta b\n3\t7\tc\tsuggested",
        "{\"layer\": 0, \"index\": 12, \"label\": \"a\\nb\"}\n{\"layer\": \"3-set-16k\", \"index\": \"7\", \"description\": \"c\", \"suggested\": true}\n",
    ]) func `what other programs write is read`(_ text: String) throws { #expect(try read(text) == two) }

    @Test func `labels of several sets are those of the one that is wanted`() throws {
        let text = "{\"version\": 1, \"labels\": {\"org/set\": {\"3/7\": \"seven\"}, \"b\": {\"3/8\": \"x\"}}}"
        #expect(try read(text) == [FeatureID(layer: 3, index: 7): FeatureLabel("seven")])
        #expect(try read(text, scan: "c").isEmpty)
    }

    @Test(arguments: [
        ("0/12", ":1: A line is a feature, a tab and its label; `suggested` may follow after another tab."),
        ("0/12\ta\nx\ty", ":2: \"x\" is not a feature such as 12/345; a line is a feature, a tab and its label."),
        ("0/12\ta\tmaybe", ":1: Only `suggested` can follow the label, not \"maybe\"."),
        ("{\"feature\": \"0/12\"\n", ":1: The line begins as a JSON object, but is not one."),
        ("{\"feature\": \"0/12\"}\n{}", ":1: The object needs a text, `label` or `description`."),
        ("{\"label\": \"x\", \"layer\": 0}\n", ":1: The object needs `feature`, such as \"12/345\", or the numbers `layer` and `index`."),
        ("0/12\ta\u{1B}[31m", ":1: A label is one line, without tabs and other control characters."),
    ]) func `what is wrong is said with its line`(_ text: String, _ problem: String) {
        #expect(throws: LabelFileError.self) { try read(text) }
        #expect(sentence { try read(text) } == "/l.tsv" + problem)
    }
}
