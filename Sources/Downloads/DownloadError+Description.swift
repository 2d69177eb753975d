internal import Checkpoints
internal import Foundation

/// The sentences for errors about downloads.
extension DownloadError: CustomStringConvertible, LocalizedError {
    package var errorDescription: String? { description }

    package var description: String {
        switch self {
        case .endpoint:
            "HF_ENDPOINT is not the address of a hub. Write it as https://huggingface.co, or unset it."
        case .token(let place):
            "The token in \(place) has characters that no token can have. Copy it again from https://huggingface.co/settings/tokens."
        case .offline(let reference):
            "\(reference) was not downloaded, because HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) is set. Unset it to use the network."
        case .noCurl:
            "Downloads need libcurl.so.4, which is not installed. On Debian and Ubuntu, `sudo apt-get install libcurl4 ca-certificates` installs it."
        case .unknownHost(let host):
            "The host \(host) cannot be found. Check the network and HF_ENDPOINT."
        case .unreachable(let host, let problem): unreachable(host, problem)
        case .untrusted(let host, let reason, let unread):
            "Cannot connect securely to \(host): \(reason)." + advice(unread: unread)
        case .unencryptedRedirect(let from, let to):
            "\(from) redirects to \(to) without encryption. Nothing was downloaded from there."
        case .redirect(let host):
            "\(host) redirects in circles, or to an invalid address. Try again later."
        case .status(let status, let host, let wait): failed(status, host, wait)
        case .answer(let host, let problem):
            "\(host) does not answer like a hub: \(problem.clause). Check HF_ENDPOINT."
        case .unauthorized(let reference, let hasToken, let page, let tokenFile, let near):
            unauthorized(reference, hasToken, page, tokenFile, near)
        case .gated(let reference, let hasToken, let page, let tokenFile):
            "The licence of \(reference.repository) must be accepted first."
                + " Accept it at \(page)" + (hasToken ? " with the account that the token belongs to." : ". \(tokenAdvice(tokenFile))")
        case .forbidden(let reference, let page):
            "The token does not have permission to read \(reference.repository). Let it read \(page) at \(Self.tokenPage)."
        case .repositoryNotFound(let reference, let near):
            "There is no repository \(reference.repository) on the hub." + (near.isEmpty ? " Check its name." : didYouMean(near))
        case .revisionNotFound(let reference, let known):
            "\(reference.repository) has no revision \(reference.revision ?? HubReference.defaultRevision)."
                + (known.isEmpty ? "" : " Its revisions: \(listed(known)).")
        case .pathNotFound(let reference, let near):
            "\(reference.whole) has no \(reference.path ?? "files")." + didYouMean(near)
        case .nothingToLoad(let reference, let folders):
            "\(reference) has neither config.yaml nor config.json, so it is neither a transcoder set nor a model. Name "
                + (folders.isEmpty ? "a folder or file in it." : "a folder in it: \(listed(folders)).")
        case .noTokenizer(let reference):
            "\(reference) has no tokenizer.json, which the model needs."
                + " Name a revision or a copy that has one; transformers' save_pretrained writes it."
        case .noWeights(let reference, let found):
            "\(reference)\(found.fact) Name a revision with model.safetensors, or convert the weights."
        case .badEntry(let config, let entry):
            "\(config) names \(entry.debugDescription), which is not a file on the hub. The set cannot be downloaded."
        case .noExamples(let reference, let layer):
            "\(reference) publishes no examples of " + (layer.map { "layer \($0)'s features." } ?? "features: it has no features/index.json.gz beside a set.")
        case .examples(let sentence): sentence
        case .modelOfSet(let set, let model, let reason):
            "\(model), the model of \(set), cannot be downloaded. \(reason) `--no-model` downloads only the set."
        case .size(let file, let expected, let found):
            "\(file) has \(expected) bytes, but \(found) arrived. What arrived was deleted. Try again."
        case .hash(let file, let expected, let found):
            "\(file) arrived damaged: its hash is \(found), not \(expected). What arrived was deleted. Try again."
        case .commit(let file, let expected, let found):
            "\(file) was requested at commit \(expected) but came from \(found). Try again."
        case .space(let needed, let free, let folder):
            "The download needs \(byteText(needed)), but \(folder.path) has room for only \(byteText(free))."
                + " Free some space, or set HF_HUB_CACHE to a folder on a larger disk."
        case .unwritable(let file, let reason): unwritable(file, reason)
        case .checkpoint(let error): error.description
        }
    }

    private static let tokenPage = "https://huggingface.co/settings/tokens"

    private func tokenAdvice(_ file: URL) -> String {
        "Then create a token at \(Self.tokenPage) and put it in the variable HF_TOKEN or the file \(file.path)."
    }

    /// How to make a connection trusted; `unread` are variables that do so for other tools.
    private func advice(unread: [String]) -> String {
        guard !unread.isEmpty else { return " Check the clock, the machine's certificates and any proxy in between." }
        return " \(unread.joined(separator: " and ")) \(unread.count == 1 ? "is" : "are") ignored: only the certificates that the"
            + " system trusts count. Add yours to them (on Debian and Ubuntu with update-ca-certificates),"
            + " or use `hf download`, which fills the same cache."
    }

    private func unreachable(_ host: String, _ problem: ConnectionProblem) -> String {
        switch problem {
        case .refused: "\(host) cannot be reached. Check the network, the proxy and HF_ENDPOINT."
        case .lost: "The connection to \(host) was lost repeatedly. What arrived is kept; try again to continue from there."
        case .silent: "\(host) stopped sending. What arrived is kept; try again to continue from there."
        }
    }

    private func failed(_ status: Int, _ host: String, _ wait: Int?) -> String {
        let reason =
            switch status {
            case 429: "\(host) received too many requests (status 429)."
            case 500...: "\(host) failed with status \(status)."
            default: "\(host) answered with unexpected status \(status)."
            }
        return reason + (wait.map { " Try again in \($0) s." } ?? " Try again later.")
    }

    private func unauthorized(
        _ reference: HubReference, _ hasToken: Bool, _ page: String, _ tokenFile: URL, _ near: [String]
    ) -> String {
        if hasToken {
            return "The hub does not accept the token for \(reference.repository)."
                + " It may have expired: check \(Self.tokenPage), HF_TOKEN and \(tokenFile.path). Or \(page) does not exist."
        }
        return "\(reference.repository) is private, or it is not on the hub."
            + (near.isEmpty ? " Log in and check that you can open \(page). \(tokenAdvice(tokenFile))" : didYouMean(near))
    }

    private func unwritable(_ file: URL, _ reason: SystemError) -> String {
        let advice =
            switch reason.code {
            case ENOSPC, EDQUOT: "What arrived is kept; free some space and try again."
            case EACCES, EPERM, EROFS: "Check the permissions, or set HF_HUB_CACHE to a folder that you own."
            default: "Try again, or set HF_HUB_CACHE to another folder."
            }
        return "Cannot write \(file.path): \(reason). \(advice)"
    }
}

extension AnswerProblem {
    /// The clause after a colon.
    fileprivate var clause: String {
        switch self {
        case .notJSON: "it did not send a list of files"
        case .tooLong(let limit): "it sent more than \(limit) bytes for a list of files"
        case .commit(let commit): "\(commit.debugDescription) is not a commit"
        case .path(let path): "\(path.debugDescription) is not a path in a repository"
        case .blob(let path, ""): "it gives no hash of \(path), so the download could not be checked"
        case .blob(let path, let name): "\(name.debugDescription), its name for \(path), is not a hash, so the download could not be checked"
        case .noSize(let path): "it does not give the size of \(path)"
        case .size(let path): "the size it gives for \(path) is impossible"
        case .sum(let path): "with \(path), the sizes it gives exceed any disk"
        case .settings(let path, let size, let limit):
            "it gives \(path) a size of \(byteText(size)); a settings file may have at most \(byteText(limit))"
        }
    }
}
