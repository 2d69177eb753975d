internal import Checkpoints
internal import Foundation

/// The one place where facts about downloads become sentences.
extension DownloadError: CustomStringConvertible, LocalizedError {
    package var errorDescription: String? { description }

    package var description: String {
        switch self {
        case .endpoint:
            "HF_ENDPOINT is not the address of a hub. Write it as https://huggingface.co, or unset it."
        case .token(let place):
            "the token in \(place) has characters that no token has. Copy it anew from https://huggingface.co/settings/tokens."
        case .offline(let reference):
            "\(reference) is not fetched, because HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) is set. Unset it to use the network."
        case .unknownHost(let host):
            "the host \(host) is not known to this machine's name servers. Is there a network? HF_ENDPOINT can name another hub."
        case .unreachable(let host, let problem): unreachable(host, problem)
        case .untrusted(let host, let reason, let unread):
            "no secure connection to \(host): \(reason)." + advice(unread: unread)
        case .unencryptedRedirect(let from, let to):
            "\(from) sends the request on to \(to) without encryption. Nothing was fetched from there."
        case .redirect(let host):
            "\(host) sends the request on in circles, or to no address. Try again later."
        case .status(let status, let host, let wait): failed(status, host, wait)
        case .answer(let host, let problem):
            "\(host) did not answer as a hub does: \(problem.clause). Check HF_ENDPOINT."
        case .unauthorized(let reference, let hasToken, let page, let tokenFile, let near):
            unauthorized(reference, hasToken, page, tokenFile, near)
        case .gated(let reference, let hasToken, let page, let tokenFile):
            "\(reference.repository) is only for those who have accepted its licence."
                + " Accept it at \(page)" + (hasToken ? " with the account whose token this is." : ". \(tokenAdvice(tokenFile))")
        case .forbidden(let reference, let page):
            "the token may not read \(reference.repository). Give it the right to read \(page) at \(Self.tokenPage)."
        case .repositoryNotFound(let reference, let near):
            "there is no repository \(reference.repository) on the hub." + (near.isEmpty ? " Check its name." : didYouMean(near))
        case .revisionNotFound(let reference, let known):
            "\(reference.repository) has no revision \(reference.revision ?? HubReference.defaultRevision)."
                + (known.isEmpty ? "" : " There is \(listed(known)).")
        case .pathNotFound(let reference, let near):
            "\(reference.whole) has no \(reference.path ?? "files")." + didYouMean(near)
        case .nothingToLoad(let reference, let folders):
            "\(reference) has neither config.yaml nor config.json, so it is neither a transcoder set nor a model. Name "
                + (folders.isEmpty ? "a folder or file in it." : "a folder in it: \(listed(folders)).")
        case .noTokenizer(let reference):
            "\(reference) has no tokenizer.json, without which its texts cannot be read."
                + " A revision or a copy that has one is needed; transformers' save_pretrained writes it."
        case .noWeights(let reference, let found):
            "\(reference)\(found.fact) Name a revision with model.safetensors, or convert the weights."
        case .badEntry(let config, let entry):
            "\(config) names \(entry.debugDescription), which is no file on the hub. The set cannot be fetched."
        case .modelOfSet(let set, let model, let reason):
            "the model of \(set), \(model): \(reason) (--no-model fetches the set alone.)"
        case .size(let file, let expected, let found):
            "\(file) has \(expected) bytes, but \(found) arrived. What arrived was deleted. Try again."
        case .hash(let file, let expected, let found):
            "\(file) arrived damaged: its hash is \(found), not \(expected). What arrived was deleted. Try again."
        case .commit(let file, let expected, let found):
            "\(file) was asked for at commit \(expected) and came from \(found). Try again."
        case .space(let needed, let free, let folder):
            "\(byteText(needed)) are to be fetched and \(folder.path) has room for \(byteText(free))."
                + " Make room, or set HF_HUB_CACHE to a folder on a larger disk."
        case .unwritable(let file, let reason): unwritable(file, reason)
        case .checkpoint(let error): error.description
        }
    }

    private static let tokenPage = "https://huggingface.co/settings/tokens"

    private func tokenAdvice(_ file: URL) -> String {
        "Then make a token at \(Self.tokenPage) and put it in the variable HF_TOKEN or the file \(file.path)."
    }

    /// What makes a connection trusted; `unread` are variables that do so for other tools.
    private func advice(unread: [String]) -> String {
        guard !unread.isEmpty else { return " Check the clock, the machine's certificates and any proxy in between." }
        return " \(unread.joined(separator: " and ")) \(unread.count == 1 ? "is" : "are") not read here: what counts are the"
            + " certificates that the system trusts. Add yours to them (on Debian and Ubuntu with update-ca-certificates),"
            + " or fetch with `hf download`, which fills the same cache."
    }

    private func unreachable(_ host: String, _ problem: ConnectionProblem) -> String {
        switch problem {
        case .refused: "\(host) cannot be reached. Check the network, the proxy and HF_ENDPOINT."
        case .lost: "the connection to \(host) broke off again and again. What arrived is kept; try again to go on from there."
        case .silent: "\(host) sent nothing for a while. What arrived is kept; try again to go on from there."
        }
    }

    private func failed(_ status: Int, _ host: String, _ wait: Int?) -> String {
        let reason =
            switch status {
            case 429: "\(host) has had too many requests (status 429)."
            case 500...: "\(host) has trouble of its own (status \(status))."
            default: "\(host) answered with status \(status), which was not expected."
            }
        return reason + (wait.map { " Try again in \($0) s." } ?? " Try again later.")
    }

    private func unauthorized(
        _ reference: HubReference, _ hasToken: Bool, _ page: String, _ tokenFile: URL, _ near: [String]
    ) -> String {
        if hasToken {
            return "the hub does not accept the token for \(reference.repository)."
                + " It may have expired: see \(Self.tokenPage), HF_TOKEN and \(tokenFile.path). Or there is no \(page)."
        }
        return "\(reference.repository) is private, or it is not on the hub."
            + (near.isEmpty ? " If \(page) opens for you, log in there. \(tokenAdvice(tokenFile))" : didYouMean(near))
    }

    private func unwritable(_ file: URL, _ reason: SystemError) -> String {
        let advice =
            switch reason.code {
            case ENOSPC, EDQUOT: "What arrived is kept; make room and try again."
            case EACCES, EPERM, EROFS: "Check the permissions, or set HF_HUB_CACHE to a folder of yours."
            default: "Try again, or set HF_HUB_CACHE to another folder."
            }
        return "cannot write \(file.path): \(reason). \(advice)"
    }
}

extension AnswerProblem {
    /// The clause after a colon.
    fileprivate var clause: String {
        switch self {
        case .notJSON: "it sent no list of files"
        case .tooLong(let limit): "it sent more than \(limit) bytes for a list of files"
        case .commit(let commit): "\(commit.debugDescription) is no commit"
        case .path(let path): "\(path.debugDescription) is no path in a repository"
        case .blob(let path, ""): "it gives no hash of \(path), so what arrives could not be checked"
        case .blob(let path, let name): "\(name.debugDescription), its name for \(path), is not a hash, so what arrives could not be checked"
        case .noSize(let path): "it does not say how long \(path) is"
        case .size(let path): "the size it gives for \(path) is not one that a file can have"
        case .sum(let path): "with \(path), the sizes it gives are more than any disk holds"
        case .settings(let path, let size, let limit):
            "it gives \(path) a size of \(byteText(size)), and a file of settings has at most \(byteText(limit))"
        }
    }
}
