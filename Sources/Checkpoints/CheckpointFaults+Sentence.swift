package import JSON

// The parts of sentences that say what is wrong with a file's contents or a reference.

extension SafetensorsFault {
    /// The sentence after the file's name.
    var sentence: String {
        switch self {
        case .tooShort(let byteCount):
            "is not a safetensors file: it has only \(byteCount) bytes. Download it again."
        case .wrongContent(let wrongContent): wrongContent.sentence
        case .zipArchive:
            "is a zip archive (PyTorch or NumPy), not a safetensors file. Convert it to safetensors."
        case .headerTooLong(let length, let limit):
            "is not a safetensors file: its header would take \(length) bytes; at most \(limit) are allowed."
        case .headerPastEnd(let length, let byteCount):
            "is truncated: its header takes \(length) bytes, but the file has only \(byteCount). Download it again."
        case .header(let fault):
            "has a damaged safetensors header: \(fault.sentence). Download it again."
        case .headerNotAnObject:
            "has a damaged safetensors header: it is not a JSON object. Download it again."
        case .metadata:
            "has a damaged safetensors header: __metadata__ is not an object of strings."
        case .entry(let tensor):
            "has a damaged safetensors header: tensor \(tensor) must have exactly dtype, shape and data_offsets."
        case .unknownElementType(let tensor, let found):
            "holds tensor \(tensor) of type \(found), which is not supported."
        case .shapeOverflow(let tensor, let shape):
            "is not a valid safetensors file: tensor \(tensor) has shape \(shape), more than a file can hold."
        case .offsets(let tensor, let start, let end):
            "is not a valid safetensors file: the data of tensor \(tensor) cannot run from byte \(start) to byte \(end)."
        case .size(let tensor, let elementType, let shape, let expected, let found):
            "is not a valid safetensors file: tensor \(tensor), \(elementType.rawValue) of shape \(shape),"
                + " needs \(expected) bytes but has \(found)."
        case .overlap(let tensor, let other):
            "is not a valid safetensors file: tensors \(tensor) and \(other) overlap."
        case .gap(let from, let to):
            "is not a valid safetensors file: bytes \(from) to \(to) of its data belong to no tensor."
        case .truncated(let expected, let found):
            "is truncated: its tensors need \(expected) bytes, but only \(found) are there. Download it again."
        case .trailing(let expected, let found):
            "is not a valid safetensors file: its tensors need \(expected) bytes, but it has \(found)."
        }
    }
}

extension ReferenceFault {
    /// The clause after "is not a reference:".
    var sentence: String {
        switch self {
        case .noRepository: "it names no repository"
        case .badName(let name): "\(name.debugDescription) is not a valid name on the hub"
        case .badPath(let path): "\(path.debugDescription) is not a valid path in a repository"
        case .badRevision(let revision): "\(revision.debugDescription) is not a valid revision"
        case .badQuery(let query): "\(query.debugDescription) is not revision=..."
        }
    }
}

extension JSONFault {
    /// The clause after a colon.
    package var sentence: String {
        switch reason {
        case .notUTF8: "it is not UTF-8"
        case .tooLarge(let byteCount, let limit): "it has \(byteCount) bytes; at most \(limit) are allowed"
        case .unexpected: "it is not valid at byte \(start)"
        case .endsEarly: "it ends too early"
        case .tooDeep(let limit): "it is nested more than \(limit) deep"
        case .tooLong(let limit): "it holds more than \(limit) values"
        case .badNumber: "the number at byte \(start) is not valid"
        case .controlCharacter, .badEscape, .loneSurrogate: "the string is not valid at byte \(start)"
        case .duplicateKey(let key): "the key \(key.debugDescription) appears twice"
        case .trailing: "there is more text after its end, at byte \(start)"
        }
    }
}
