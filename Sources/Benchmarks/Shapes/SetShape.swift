internal import JSON

/// The sizes of a transcoder set that is made for timing. It reads the normalised input of each MLP, in which every encoder row of variance
/// 1/d_model finds a number that is about normal; so the cut says how many features are active.
package struct SetShape: Sendable, Equatable {
    /// Of its folder.
    package let name: String
    /// In each layer.
    package let features: Int
    /// Whether features write to all later layers too.
    package let isCrossLayer: Bool
    package let hasSkip: Bool
    /// JumpReLU with this threshold, or ReLU with the negative of it as bias.
    package let isJumpReLU: Bool
    /// About how many deviations above the mean a feature is active: at 2.5 about 100 of 16,384.
    package let cut: Float

    /// Its `config.yaml`.
    ///
    /// - Parameter place: of the model, from the folder that the set is in.
    func config(_ model: ModelShape, at place: String) -> String {
        """
        model_name: "\(place)"
        model_kind: "\(isCrossLayer ? "cross_layer_transcoder" : "transcoder_set")"
        feature_input_hook: "\(model.family == .gemma2 ? "ln2.hook_normalized" : "mlp.hook_in")"
        feature_output_hook: "\(model.family == .gemma2 ? "hook_mlp_out" : "mlp.hook_out")"
        scan: "shapes/\(name)"

        """
    }

    /// Its files with weights.
    func files(_ model: ModelShape) -> [(name: String, tensors: [MadeTensor])] {
        let width = model.width
        let scale = 1 / Float(width).squareRoot()
        let bias = MadeTensor.Contents.constant(isJumpReLU ? 0 : -cut)
        return (0..<model.layers).flatMap { layer -> [(name: String, tensors: [MadeTensor])] in
            if isCrossLayer {
                var reading = [
                    MadeTensor("W_enc_\(layer)", [features, width], .random(deviation: scale)), MadeTensor("b_enc_\(layer)", [features], bias),
                    MadeTensor("b_dec_\(layer)", [width], .constant(0)),
                ]
                if isJumpReLU { reading.append(MadeTensor("threshold_\(layer)", [features], .constant(cut))) }
                let writing = MadeTensor("W_dec_\(layer)", [features, model.layers - layer, width], .random(deviation: 0.1 * scale))
                return [("W_enc_\(layer).safetensors", reading), ("W_dec_\(layer).safetensors", [writing])]
            }
            var tensors = [
                MadeTensor("W_enc", [features, width], .random(deviation: scale)), MadeTensor("b_enc", [features], bias),
                MadeTensor("W_dec", [features, width], .random(deviation: 0.3 * scale)), MadeTensor("b_dec", [width], .constant(0)),
            ]
            if isJumpReLU { tensors.append(MadeTensor("activation_function.threshold", [features], .constant(cut))) }
            if hasSkip { tensors.append(MadeTensor("W_skip", [width, width], .random(deviation: 0.2 * scale))) }
            return [("layer_\(layer).safetensors", tensors)]
        }
    }
}
