"""Of VibeNet its network alone is used: it is run by onnxruntime, without what the package's own front end needs."""

from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("vibenet", includes=["artifacts/efficientnet_model.onnx"])
excludedimports = ["vibenet.backends"]
