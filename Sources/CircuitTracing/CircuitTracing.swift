// Everything that a program needs to trace circuits: importing this module imports the modules below.

@_exported public import Attribution
@_exported public import Graphs
@_exported public import Replacement
@_exported public import Tensors
@_exported public import Tokenization
@_exported public import Transcoders
@_exported public import Transformers
@_exported public import Workbench
