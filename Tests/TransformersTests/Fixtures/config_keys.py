#!/usr/bin/env python3
"""The keys that transformers' config classes of our families have.

    config_keys.py FILE

Adds to FILE, {version: {model_type: [key]}}, those of the transformers that it runs under; run it once under each of
4.57.3 and 5.24.0 (pip install transformers==... into an environment each). Keys that only identify a file are left out.
"""
import json, pathlib, sys
import transformers
from transformers import (Gemma2Config, Gemma3Config, Gemma3TextConfig, GPT2Config, GptOssConfig, LlamaConfig,
                          PretrainedConfig, Qwen3Config)

IDENTITY = {"transformers_version", "architectures", "model_type", "_name_or_path", "text_config", "vision_config"}


def keys(config):
    names = {*PretrainedConfig().__dict__, *config.__dict__, *config.to_dict(), *config.attribute_map}
    # Names that start with an underscore are internal, unless they are written to files.
    return sorted(k for k in names - IDENTITY if not k.startswith("_") or k in config.to_dict())


file = pathlib.Path(sys.argv[1])
recorded = json.loads(file.read_text()) if file.exists() else {}
configs = [LlamaConfig, Qwen3Config, Gemma2Config, Gemma3TextConfig, Gemma3Config, GptOssConfig, GPT2Config]
recorded[transformers.__version__] = {c.model_type: keys(c()) for c in configs}
file.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n")
