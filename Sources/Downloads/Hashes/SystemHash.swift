#if canImport(CommonCrypto)
    internal import CommonCrypto

    /// CommonCrypto's hashes.
    enum SystemHash {
        case sha1(CC_SHA1_CTX)
        case sha256(CC_SHA256_CTX)

        init(_ function: ContentHash.Function) {
            switch function {
            case .sha1:
                var context = CC_SHA1_CTX()
                CC_SHA1_Init(&context)
                self = .sha1(context)
            case .sha256:
                var context = CC_SHA256_CTX()
                CC_SHA256_Init(&context)
                self = .sha256(context)
            }
        }

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            switch self {
            case .sha1(var context):
                CC_SHA1_Update(&context, bytes.baseAddress, CC_LONG(bytes.count))
                self = .sha1(context)
            case .sha256(var context):
                CC_SHA256_Update(&context, bytes.baseAddress, CC_LONG(bytes.count))
                self = .sha256(context)
            }
        }

        func finished() -> [UInt8] {
            switch self {
            case .sha1(var context):
                var bytes = [UInt8](repeating: 0, count: Int(CC_SHA1_DIGEST_LENGTH))
                CC_SHA1_Final(&bytes, &context)
                return bytes
            case .sha256(var context):
                var bytes = [UInt8](repeating: 0, count: Int(CC_SHA256_DIGEST_LENGTH))
                CC_SHA256_Final(&bytes, &context)
                return bytes
            }
        }
    }
#else
    internal import CCrypto

    /// OpenSSL's hashes.
    struct SystemHash: ~Copyable {
        private let context: OpaquePointer

        init(_ function: ContentHash.Function) {
            let method =
                switch function {
                case .sha1: EVP_sha1()
                case .sha256: EVP_sha256()
                }
            guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, method, nil) == 1 else {
                preconditionFailure("OpenSSL has no \(function) here.")
            }
            self.context = context
        }

        deinit { EVP_MD_CTX_free(context) }

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            precondition(EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1)
        }

        consuming func finished() -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
            var count: UInt32 = 0
            precondition(EVP_DigestFinal_ex(context, &bytes, &count) == 1)
            return Array(bytes.prefix(Int(count)))
        }
    }
#endif
