internal import Tensors

extension ForwardRecord {
    /// How many tokens this run and a prompt begin with alike.
    package func sharedTokens(with prompt: [Int]) -> Int { zip(tokens, prompt).prefix { $0 == $1 }.count }

    /// The run of the first tokens alone: attention looks back only, so what comes later changes nothing at them.
    package func beginning(_ count: Int) -> ForwardRecord {
        count == positions
            ? self
            : ForwardRecord(
                tokens: Array(tokens[..<count]), layers: layers.map { $0.beginning(count) }, finalResidual: finalResidual.rows(0..<count),
                finalDenominators: Array(finalDenominators[..<count]))
    }
}

extension LayerRecord {
    fileprivate func beginning(_ count: Int) -> LayerRecord {
        LayerRecord(
            attentionDenominators: Array(attentionDenominators[..<count]), keys: keys.rows(0..<count), values: values.rows(0..<count),
            pattern: pattern.beginning(count), attentionPostDenominators: Array(attentionPostDenominators.prefix(count)),
            residualMid: residualMid.rows(0..<count), mlpDenominators: Array(mlpDenominators[..<count]), mlpOutput: mlpOutput.rows(0..<count),
            mlpPostDenominators: Array(mlpPostDenominators.prefix(count)), addedOutput: addedOutput.rows(0..<count))
    }

    /// The record of these positions and those that follow them.
    ///
    /// - Parameter later: of the positions that follow, except that its keys and values are those of all.
    func continued(by later: LayerRecord) -> LayerRecord {
        LayerRecord(
            attentionDenominators: attentionDenominators + later.attentionDenominators, keys: later.keys, values: later.values,
            pattern: pattern.continued(by: later.pattern), attentionPostDenominators: attentionPostDenominators + later.attentionPostDenominators,
            residualMid: residualMid.appending(later.residualMid), mlpDenominators: mlpDenominators + later.mlpDenominators,
            mlpOutput: mlpOutput.appending(later.mlpOutput), mlpPostDenominators: mlpPostDenominators + later.mlpPostDenominators,
            addedOutput: addedOutput.appending(later.addedOutput))
    }
}
