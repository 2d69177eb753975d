extension ChatFormat {
    /// A template is taken for the first one that fits.
    static let all = [gemma3, gemma2, llama31, llama3, qwen25, qwen3, qwen3Instruct, gptOSS, smolLM2, chatML]

    private static let gemma = (start: "<start_of_turn>", middle: "\n", end: "<end_of_turn>\n")
    private static let llama = (start: "<|start_header_id|>", middle: "<|end_header_id|>\n\n", end: "<|eot_id|>")
    private static let marksOfChatML = (start: "<|im_start|>", middle: "\n", end: "<|im_end|>\n")

    /// Gemma's first two generations.
    static let gemma2 = ChatFormat(
        name: "Gemma 2", beginsText: true, system: .refused, marks: gemma, assistant: "model", trimsTexts: true,
        recognition: Recognition(
            hashes: ["ecd6ae513fe103f0eb62e8ab5bfa8d0fe45c1074fa398b089c93a7e70c15cfd6"], has: [gemma.start, "System role not supported"],
            lacks: ["You are ", "tool"]))

    static let gemma3 = ChatFormat(
        name: "Gemma 3", beginsText: true, system: .joined(separator: "\n\n"), marks: gemma, assistant: "model", trimsTexts: true,
        recognition: Recognition(
            hashes: ["8d9e3a3c114fb2053ec500184677af4f7e5f8ec2582443cd535834e68b3ade29"], has: [gemma.start, "first_user_prefix"], lacks: ["You are ", "tool"]))

    static let llama3 = ChatFormat(
        name: "Llama 3", beginsText: true, marks: llama, trimsTexts: true,
        recognition: Recognition(
            hashes: ["ba03a121d097859c7b5b9cd03af99aafe95275210d2876f642ad9929a150f122"], has: [llama.start, llama.end],
            lacks: ["You are ", "tool", "Cutting Knowledge Date", "Today Date"]))

    /// From 3.1 on.
    static let llama31 = ChatFormat(
        name: "Llama 3.1", beginsText: true, date: .dayFirst,
        system: .turn(SystemTurn(before: "Cutting Knowledge Date: December 2023\nToday Date: $DATE\n\n", isAlways: true)), marks: llama, trimsTexts: true,
        recognition: Recognition(
            hashes: ["99799a835a31e1d33c4a9c7ee8a0de3923b291a95155ed6dc8efcbd0fe1d0238", "0cac23ffd2b33ff7b039e17ee143a080053318146fdc788f1d49ed4745aa8683"],
            has: [llama.start, llama.end, "Cutting Knowledge Date: December 2023\n", "Today Date: "], lacks: ["You are ", "<|image|>"]))

    static let qwen25 = ChatFormat(
        name: "Qwen 2.5", system: .turn(SystemTurn(usual: "You are Qwen, created by Alibaba Cloud. You are a helpful assistant.")), marks: marksOfChatML,
        recognition: Recognition(
            hashes: ["a18cc698dd45623eb707279d08e66f7bb8d76afc89ead84016b88487b395b5cc"],
            has: [marksOfChatML.start, "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."], lacks: ["think", "<|vision_start|>"]))

    static let qwen3 = ChatFormat(
        name: "Qwen 3", marks: marksOfChatML, thinking: Thinking(start: "<think>\n", end: "\n</think>\n\n"),
        recognition: Recognition(
            hashes: ["edcd73b0e30a780c1d6f3e060c07396def3c3fa55a2c55197b10f99d1dde83e1"],
            // The thoughts of earlier answers are left out only in this way; templates for training keep them.
            has: [marksOfChatML.start, "enable_thinking is false", "ns.last_query_index", "loop.last or (not loop.last and reasoning_content)"],
            lacks: ["<|vision_start|>", "<function=", "preserve_thinking", "You are Qwen"]))

    /// The models of July 2025 that follow instructions and do not think.
    static let qwen3Instruct = ChatFormat(
        name: "Qwen 3 2507", marks: marksOfChatML,
        recognition: Recognition(
            hashes: ["aa39eed4cbfdd57aeaab518e83d06945f00df6afefba6eb985b6b85060cade95"], has: [marksOfChatML.start, "<tool_call>"],
            lacks: ["think", "<|vision_start|>", "<function=", "You are Qwen", "You are a"]))

    static let gptOSS = ChatFormat(
        name: "GPT-OSS",
        preamble:
            "<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\nCurrent date: $DATE\n\n"
            + "Reasoning: medium\n\n# Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>",
        date: .yearFirst,
        system: .turn(SystemTurn(role: "developer", before: "# Instructions\n\n", after: "\n\n", skipsEmpty: true)),
        marks: (start: "<|start|>", middle: "<|message|>", end: "<|end|>"), answerMiddle: "<|channel|>final<|message|>", answerStart: "",
        recognition: Recognition(
            hashes: ["e242682329cf1cef6e68e64972667cb5fff2ea422516a4a1df02b4a90ccd4665"],
            has: ["<|start|>assistant", "<|channel|>final<|message|>", "Knowledge cutoff: 2024-06"], lacks: []))

    static let smolLM2 = ChatFormat(
        name: "SmolLM2", system: .turn(SystemTurn(usual: "You are a helpful AI assistant named SmolLM, trained by Hugging Face")), marks: marksOfChatML,
        recognition: Recognition(
            hashes: ["872be49dbb638044ad01b60388f48d469ff2980e5f0dccdc22ec907db54d0788"],
            has: [marksOfChatML.start, "You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>"],
            lacks: ["Knowledge Cutoff", "tool", "think"]))

    /// The format that others are made from, without a system turn of its own.
    static let chatML = ChatFormat(
        name: "ChatML", marks: marksOfChatML,
        recognition: Recognition(
            hashes: ["153280e3ff55d19da1398bdb3914ee2a51b80429bfaedde11d7d216c39db80f3"],
            has: ["'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'"],
            lacks: ["system", "tool", "think", "You are "]))
}
