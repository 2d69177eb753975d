import Graphs
import Testing

@Suite struct FeatureIDTests {
    @Test(arguments: [FeatureID(layer: 0, index: 0), FeatureID(layer: 20, index: 15589)])
    func `a feature is read as it is written`(_ feature: FeatureID) { #expect(FeatureID("\(feature)") == feature) }

    @Test func `leading zeros are ignored`() { #expect(FeatureID("03/0412") == FeatureID(layer: 3, index: 412)) }

    @Test(arguments: ["", "/", "3", "3/", "/4", "3/4/5", "-3/4", "+3/4", "3/-4", "3/4@5", " 3/4", "3/99999999999999999999", "a/b", "٣/4"])
    func `text that is not a feature is rejected`(text: String) { #expect(FeatureID(text) == nil) }

    @Test func `a site is read as it is written, and other spellings are rejected`() {
        let site = FeatureSite(layer: 20, position: 9, index: 15589)
        #expect(FeatureSite("20/15589@9") == site && "\(site)" == "20/15589@9")
        for text in ["20/15589", "20/15589@-1", "20/15589@09", "020/15589@9", "20/15589@9@9", "20@15589/9", "20/15589@"] {
            #expect(FeatureSite(text) == nil)
        }
    }
}
