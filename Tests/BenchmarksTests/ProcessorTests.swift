@testable import Benchmarks
import Testing

@Suite struct ProcessorTests {
    @Test func `a processor is called what it calls itself`() {
        #expect(Processor.name(cpuinfo: "processor\t: 0\nmodel name\t: AMD EPYC 7R13: fast\n".split(separator: "\n")) == "AMD EPYC 7R13: fast")
        let arm = "processor : 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd40\n"
        #expect(Processor.name(cpuinfo: arm.split(separator: "\n")) == "ARM implementer 0x41, part 0xd40")
        #expect(Processor.name(cpuinfo: ["processor : 0"]) == nil)
    }
}
