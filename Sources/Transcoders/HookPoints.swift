/// Where a layer's features read the model.
public enum InputHook: String, Sendable, CaseIterable {
    /// The residual stream after attention.
    case residualMid = "hook_resid_mid"
    /// That, divided by the denominator of the pre-MLP norm.
    case normalized = "ln2.hook_normalized"
    /// The output of the pre-MLP norm: divided and weighted.
    case mlpInput = "mlp.hook_in"
}

/// Where a layer's features write to the model.
public enum OutputHook: String, Sendable, CaseIterable {
    /// The MLP's raw output.
    case mlpOutput = "mlp.hook_out"
    /// The MLP's contribution to the residual stream.
    case addedOutput = "hook_mlp_out"
}
