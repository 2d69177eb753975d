import Foundation
import GraphFiles
import Graphs
import Testing

@Suite struct SupernodeTests {
    private let a = FeatureSite(layer: 0, position: 9, index: 7)
    private let b = FeatureSite(layer: 3, position: 9, index: 5)
    private let c = FeatureSite(layer: 4, position: 10, index: 1)

    private func parameters(_ change: (inout QueryParameters) -> Void) -> QueryParameters {
        var parameters = QueryParameters()
        parameters.setSupernode("Texas", to: [a, b])
        change(&parameters)
        return parameters
    }

    @Test func `a supernode's features are pinned, and those that leave it are not`() {
        #expect(parameters { _ in }.pinnedIDs == ["0_7_9", "3_5_9"] && parameters { _ in }.supernodes == [["Texas", "0_7_9", "3_5_9"]])
        let added = parameters { $0.addToSupernode("Texas", [b, c]) }
        #expect(added.supernodes == [["Texas", "0_7_9", "3_5_9", "4_1_10"]] && added.pinnedIDs == ["0_7_9", "3_5_9", "4_1_10"])
        let removed = parameters { $0.removeFromSupernode("Texas", [a]) }
        #expect(removed.supernodes == [["Texas", "3_5_9"]] && removed.pinnedIDs == ["3_5_9"])
        let replaced = parameters { $0.setSupernode("Texas", to: [c]) }
        #expect(replaced.supernodes == [["Texas", "4_1_10"]] && replaced.pinnedIDs == ["4_1_10"])
        let deleted = parameters { $0.deleteSupernode("Texas") }
        #expect(deleted.supernodes.isEmpty && deleted.pinnedIDs.isEmpty)
    }

    @Test func `a feature of two supernodes stays pinned until both are gone`() {
        var both = parameters { $0.setSupernode("state", to: [a, c]) }
        both.deleteSupernode("Texas")
        #expect(both.pinnedIDs == ["0_7_9", "4_1_10"])
        both.deleteSupernode("state")
        #expect(both.pinnedIDs.isEmpty)
    }

    @Test func `links go with the names of their ends`() {
        var parameters = parameters {
            $0.setSupernode("Austin", to: [c])
            $0.linkSupernode("Texas", to: ["Austin"])
        }
        #expect(parameters.supernodeList.map(\.children) == [["Austin"], []])
        parameters.renameSupernode("Austin", to: "say Austin")
        #expect(parameters.supernodeList.map(\.name) == ["Texas", "say Austin"] && parameters.supernodeList[0].children == ["say Austin"])
        parameters.deleteSupernode("say Austin")
        #expect(parameters.supernodeList.map(\.children) == [[]])
    }

    @Test func `nodes that are no features, and ids that nobody knows, stay where they are`() {
        var parameters = QueryParameters()
        parameters.supernodes = [["mixed", "E_26865_9", "0_7_9", "nonsense"]]
        parameters.pinnedIDs = ["E_26865_9", "0_7_9"]
        parameters.addToSupernode("mixed", [b])
        parameters.removeFromSupernode("mixed", [a])
        #expect(parameters.supernodes == [["mixed", "E_26865_9", "nonsense", "3_5_9"]] && parameters.pinnedIDs == ["E_26865_9", "3_5_9"])
        #expect(parameters.supernodeList[0].nodes == [.token(id: 26865, position: 9), .feature(b)] && parameters.supernodeList[0].sites == [b])
    }

    @Test func `what is saved is read again, links included`() throws {
        let parameters = parameters {
            $0.setSupernode("Austin", to: [c])
            $0.linkSupernode("Texas", to: ["Austin"])
        }
        let json = Array("{\"qParams\":".utf8) + parameters.json() + Array("}".utf8)
        let read = try QueryParameters(saved: json, from: URL(filePath: "/saved"))
        #expect(read == parameters && read.supernodeList == parameters.supernodeList)
    }

    @Test func `of two with one name the added one counts`() {
        let ours = parameters { $0.setSupernode("state", to: [a]) }
        var theirs = QueryParameters()
        theirs.setSupernode("Texas", to: [c])
        let both = ours.adding(theirs)
        #expect(both.supernodes == [["state", "0_7_9"], ["Texas", "4_1_10"]] && both.pinnedIDs == ["0_7_9", "3_5_9", "4_1_10"])
    }
}
